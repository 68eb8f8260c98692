#!/usr/bin/python3
"""Runs under mpirun and with options of PETSc: the same answers, restarts, signals, failures, and nothing loaded without need."""
import contextlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import netCDF4
import numpy

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from grids import GLASSES, INJECTOR_AND_ROD  # noqa: E402
from program import LONG, PROGRAM, SANITIZED, SOURCE, run  # noqa: E402

# Open MPI as root, with more ranks than cores, and on shared memory alone.
ENVIRONMENT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1",
               "OMPI_MCA_hwloc_base_binding_policy": "none", "OMPI_MCA_mpi_yield_when_idle": "1", "OMPI_MCA_btl": "self,vader",
               "OMPI_MCA_btl_vader_single_copy_mechanism": "none"}
if SANITIZED:
    ENVIRONMENT["ASAN_OPTIONS"] = "detect_leaks=0"  # MPI's own

TWO = GLASSES + """[[layers]]
name = "film"
material = "glass"
thickness = "12 nm"
cells = 6
[[layers]]
name = "under"
material = "hard"
thickness = "6 nm"
cells = 4
[grid.y]
length = "60 nm"
cells = 15
Z
""" + INJECTOR_AND_ROD + """[[experiments]]
name = "run"
kind = "time"
duration = "DURATION"
output = { from = 0, to = "DURATION", points = 4 }
initial = [ { random = 3.0, seed = 5 },
            { field = "theta", component = "y", shape = "gaussian", center = ["9 nm", "30 nm"], width = "9 nm", amplitude = 0.2 } ]
drives = [ { target = "field.H", component = "z", shape = "sine", amplitude = "5 mT", frequency = "30 GHz" },
           { target = "materials.hard.K", shape = "ramp", from = 0, to = 100, start = 0, end = "10 ps" } ]
probes = [ { x = "3 nm", y = "30 nm" } ]
"""
THREE = TWO.replace("Z\n", "[grid.z]\nlength = '9 nm'\ncells = 6\nperiodic = true\n").replace("y = \"30 nm\" }", "y = \"30 nm\", z = 0 }")
TWO = TWO.replace("Z\n", "")
LAYERS = """
[materials.glass]
preset = "ayig"
M0 = [0, 0, "30 A/m"]
[materials.pt]
preset = "pt"
[[layers]]
name = "film"
material = "glass"
thickness = "12 nm"
cells = 6
[[layers]]
name = "metal"
material = "pt"
thickness = "6 nm"
cells = 4
[grid.y]
length = "40 nm"
cells = 12
[boundary.right]
conductance = "30 m/s"
[field]
B = ["4 mT", 0, "20 mT"]
[[experiments]]
name = "run"
kind = "time"
duration = "DURATION"
output = { from = 0, to = "DURATION", points = 3 }
initial = { random = 3.0, seed = 5 }
"""
HEATED = re.sub(r'(preset = ".*"\n)', r"\1C = 1e3\nkappa = 1\n", TWO)
HEATED = HEATED.replace("[materials.hard]", "[materials.glass.table]\nT = [10, 20]\nK = [400, 100]\nchi_M = [0.02, 0.03]\n[materials.hard]", 1)
HEATED = HEATED.replace("[field]", "[boundary.right]\nclosed = true\ntemperature = 15\nthermal_conductance = 1e7\n[field]", 1)
HEATED += "heat = { temperature = 15 }\n"
MIDPOINT, GAUSS4 = "method = 'midpoint'\ndt = '0.5 ps'\n", "method = 'gauss4'\ndt = '2 ps'\n"
AUTO, EXPLICIT = "method = 'auto'\n", "method = 'explicit'\n"
FILM = SOURCE / "examples" / "ayig_film.toml"


def command(ranks, *arguments):
    return ["mpirun", "-n", str(ranks), PROGRAM, *map(str, arguments)]


def start(ranks, *arguments):
    return subprocess.Popen(command(ranks, *arguments), env=dict(os.environ, **ENVIRONMENT), text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def on_ranks(ranks, *arguments, timeout=1800 if LONG else 300):  # four ranks take turns on two cores
    if ranks == 1:
        return run(*arguments, env=ENVIRONMENT, timeout=timeout)
    return subprocess.run(command(ranks, *arguments), env=dict(os.environ, **ENVIRONMENT), text=True, timeout=timeout,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)


def children_of(process):
    with open(f"/proc/{process.pid}/task/{process.pid}/children", encoding="ascii") as file:
        children = [int(pid) for pid in file.read().split()]
    return [pid for pid in children if os.path.realpath(f"/proc/{pid}/exe") == os.path.realpath(PROGRAM)]


def wait_until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)
    return condition()


@unittest.skipIf(shutil.which("mpirun") is None, "there is no mpirun")
class RanksTest(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="vitrispin_"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)

    def write(self, text, duration="5 ps"):
        path = self.root / "film.toml"
        path.write_text(text.replace("DURATION", duration))
        return path

    def finish(self, ranks, film, folder, *options):
        done = on_ranks(ranks, "run", film, "-o", self.root / folder, "--quiet", *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def assert_agree(self, one, other, tolerance, message):
        """Fields to `tolerance` of the largest value of their vector, the ledger to that of what is dissipated."""
        with netCDF4.Dataset(self.root / one / "run.nc") as a, netCDF4.Dataset(self.root / other / "run.nc") as b:
            if "temperature" in a.variables:
                x, y = (numpy.ma.masked_invalid(data["temperature"][:]) for data in (a, b))
                self.assertLessEqual(abs(x - y).max(), tolerance * abs(x).max(), f"temperature: {message}")
                self.assertGreater(x.max(), 15)
            for field in ("M", "m", "theta"):
                x, y = (numpy.ma.masked_invalid([data[f"{field}_{c}"][:] for c in "xyz"]) for data in (a, b))
                self.assertTrue((x.mask == y.mask).all())
                self.assertLessEqual(abs(x - y).max(), tolerance * abs(x).max(), f"{field}: {message}")
            dissipated = float(a["ledger_dissipated"][...])
            for name in a.variables:
                if name.startswith("ledger_") and "series" not in name and name != "ledger_imbalance":
                    self.assertLessEqual(abs(float(a[name][...]) - float(b[name][...])), tolerance * dissipated, message)

    def test_one_two_and_four_ranks_agree_to_1e_12(self):
        cases = [(TWO, MIDPOINT), (TWO, AUTO), (THREE, MIDPOINT), (THREE, AUTO), (LAYERS, AUTO), (LAYERS, MIDPOINT),
                 (TWO, GAUSS4), (THREE, GAUSS4), (TWO, EXPLICIT), (THREE, EXPLICIT), (HEATED, MIDPOINT),
                 (HEATED, AUTO)]  # small: mpirun takes most of the time
        for number, (grid, method) in enumerate(cases):
            film = self.write(grid + method, "60 ps" if LONG else "2 ps")
            several = (2, 4) if LONG or method == MIDPOINT else (2,)  # four ranks on two cores take long over many steps
            for ranks in (1, *several):
                self.finish(ranks, film, f"{number}_{ranks}")
            for ranks in several:
                self.assert_agree(f"{number}_1", f"{number}_{ranks}", 1e-12, f"case {number}, {ranks} ranks")

    def test_the_same_number_of_ranks_gives_the_same_bits(self):
        film = self.write(THREE + MIDPOINT)
        for folder in ("first", "second"):
            self.finish(2, film, folder)
        self.assertEqual((self.root / "first/run.nc").read_bytes(), (self.root / "second/run.nc").read_bytes())

    def test_a_killed_run_goes_on_bitwise_on_as_many_ranks_and_to_rounding_on_others(self):
        film = self.write(TWO + MIDPOINT + "checkpoint = { every = '10 ms' }\n", "150 ps")
        self.finish(2, film, "alone")
        saved = self.root / "killed.partial" / "run.nc.checkpoint"
        for ranks in (2, 1, 3) if LONG else (2, 1):
            process = start(2, "run", film, "-o", self.root / "killed", "--quiet")
            self.assertTrue(wait_until(saved.exists))
            orphans = children_of(process)
            process.kill()
            for pid in orphans:  # some outlive their mpirun long enough to end the run, or with the folder locked
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.communicate()
            for pid in orphans:
                wait_until(lambda pid=pid: not os.path.exists(f"/proc/{pid}"), 20)
            self.assertTrue(saved.exists())
            self.finish(ranks, film, "killed", "--restart")
            if ranks == 2:
                self.assertEqual((self.root / "alone/run.nc").read_bytes(), (self.root / "killed/run.nc").read_bytes())
            else:
                self.assert_agree("alone", "killed", 1e-12, f"{ranks} ranks")
            shutil.rmtree(self.root / "killed")

    def test_a_signal_to_any_rank_stops_all_with_the_state_saved(self):
        film = self.write(TWO + MIDPOINT, "60 ns")
        for sign, status in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            process = start(2, "run", film, "-o", self.root / "stopped")
            self.assertTrue(wait_until((self.root / "stopped.partial/run.log").exists))
            time.sleep(0.5)
            os.kill(children_of(process)[-1], sign)
            _, told = process.communicate(timeout=60)
            self.assertEqual(process.returncode, status, told)
            self.assertEqual(told.count("interrupted"), 1, told)
            self.assertTrue((self.root / "stopped.partial/run.nc.checkpoint").exists(), told)
            shutil.rmtree(self.root / "stopped.partial")
        process = start(2, "run", film, "-o", self.root / "stopped")
        self.assertTrue(wait_until((self.root / "stopped.partial/run.log").exists))
        time.sleep(0.5)
        process.terminate()  # mpirun passes it on, and ends with a status of its own
        _, told = process.communicate(timeout=60)
        self.assertNotEqual(process.returncode, 0)
        self.assertTrue((self.root / "stopped.partial/run.nc.checkpoint").exists(), told)

    def test_a_rank_that_fails_alone_ends_the_others(self):
        film = self.write(TWO + MIDPOINT + "checkpoint = { every = '10 ms' }\n", "60 ns")
        process = start(2, "run", film, "-o", self.root / "out", "--quiet")
        self.assertTrue(wait_until((self.root / "out.partial/run.nc.checkpoint").exists))
        shutil.rmtree(self.root / "out.partial", ignore_errors=True)  # the first rank cannot write its next checkpoint
        _, told = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 2, told)
        self.assertIn("run.nc.checkpoint", told)

    def test_of_all_ranks_the_first_alone_speaks_and_runs_what_is_not_on_a_grid(self):
        film = self.write("x = 1\n")
        for name in ("run", "check"):
            done = on_ranks(3, name, film)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertEqual(done.stderr.count("unknown key x"), 1, done.stderr)
        done = on_ranks(3, "run", FILM, "-o", self.root / "film", "--quiet")
        self.assertEqual(done.returncode, 0, done.stderr)
        run("run", FILM, "-o", self.root / "alone", "--quiet")
        names = sorted(path.name for path in (self.root / "alone").iterdir())
        self.assertEqual(sorted(path.name for path in (self.root / "film").iterdir()), names)
        for name in names:
            if name.endswith(".nc"):
                self.assertEqual((self.root / "film" / name).read_bytes(), (self.root / "alone" / name).read_bytes())
        done = on_ranks(3, "--version")
        self.assertEqual(done.stdout.count("vitrispin"), 1)
        done = on_ranks(3, "run", self.write(LAYERS.replace("cells = 12", "cells = 2") + AUTO), "-o", self.root / "many")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(done.stderr.count("3 ranks cannot share 2 cells along y"), 1, done.stderr)

    def test_sweeps_of_grids_go_from_point_to_point_on_all_ranks(self):
        film = self.write(LAYERS + MIDPOINT + "sweep = { 'layers.film.thickness' = ['12 nm', '13 nm', '14 nm'] }\n", "2 ps")
        for ranks in (1, 2):
            self.finish(ranks, film, f"sweep_{ranks}")
        with netCDF4.Dataset(self.root / "sweep_1/run.nc") as a, netCDF4.Dataset(self.root / "sweep_2/run.nc") as b:
            self.assertTrue(numpy.allclose(a["ledger_dissipated"][:], b["ledger_dissipated"][:], rtol=1e-11, atol=0))

    def test_options_reach_petsc_and_change_the_solver_but_not_the_answer(self):
        self.finish(1, self.write(TWO + MIDPOINT), "plain")
        solvers = [(1, "-ksp_view", "V-cycle of vitrispin"), (2, "-ksp_monitor", "KSP Residual norm"),
                   (2, "-pc_type gamg -ksp_view", "type: gamg"), (1, "-ksp_type gmres -pc_type ilu -ksp_view", "type: ilu")]
        if LONG:
            solvers += [(2, "-pc_type hypre -ksp_view", "HYPRE"), (2, "-ksp_type preonly -pc_type lu -ksp_view", "type: lu"),
                        (1, "-pc_type jacobi -ksp_rtol 1e-3 -ksp_view", "relative=0.001"), (2, "-log_view", "Performance Summary")]
        for number, (ranks, options, told) in enumerate(solvers):
            done = self.finish(ranks, self.write(TWO + MIDPOINT + f"petsc = '{options}'\n"), f"petsc_{number}")
            self.assertIn(told, done.stderr, options)
            self.assertEqual(done.stdout, "")
            self.assert_agree("plain", f"petsc_{number}", 1e-12, options)

    def test_options_that_are_none_or_do_not_converge_are_told(self):
        cases = [(1, "-ksp_typ gmres", 2, "-ksp_typ"), (2, "-ksp_type gmrez", 2, "gmrez"), (1, "ksp_view", 2, "begins with a minus"),
                 (2, "-ksp_max_it 2", 3, "DIVERGED_ITS")]
        for ranks, options, status, told in cases:
            film = self.write(TWO + MIDPOINT + f"petsc = '{options}'\n")
            done = on_ranks(ranks, "run", film, "-o", self.root / "out", "--quiet")
            self.assertEqual(done.returncode, status, done.stderr)
            self.assertEqual(done.stderr.count(f"{told}"), 1, done.stderr)

    def test_mpi_and_petsc_are_loaded_only_where_they_are_needed(self):
        def loads(*arguments):
            done = run(*arguments, env={**ENVIRONMENT, "LD_DEBUG": "files"})
            self.assertEqual(done.returncode, 0, done.stderr[-2000:])
            return "libpetsc" in done.stderr or "libmpi" in done.stderr

        grid = self.write(TWO + MIDPOINT, "1 ps")
        self.assertFalse(loads("--version"))
        self.assertFalse(loads("check", grid))
        self.assertFalse(loads("run", grid, "-o", self.root / "grid", "--quiet"))
        self.assertFalse(loads("run", FILM, "-o", self.root / "film", "--quiet"))
        with_options = self.write(TWO + MIDPOINT + "petsc = '-ksp_type cg'\n", "1 ps")
        self.assertTrue(loads("run", with_options, "-o", self.root / "with", "--quiet"))

    def test_without_the_module_the_program_says_what_to_install(self):
        alone = self.root / "bin" / "vitrispin"
        alone.parent.mkdir()
        shutil.copy(PROGRAM, alone)
        film = self.write(TWO + MIDPOINT + "petsc = '-ksp_view'\n")
        done = subprocess.run([alone, "run", film], cwd=self.root, text=True, capture_output=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("libpetsc-real-dev", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
