#!/usr/bin/python3
"""Ferromagnets in time, through the command line: every method, lines and grids, ranks, files to start from, and what is refused."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import netCDF4
import numpy

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from program import PROGRAM, SANITIZED, run  # noqa: E402

RANKS = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1",
         "OMPI_MCA_hwloc_base_binding_policy": "none", "OMPI_MCA_mpi_yield_when_idle": "1", "OMPI_MCA_btl": "self,vader",
         "OMPI_MCA_btl_vader_single_copy_mechanism": "none"}
if SANITIZED:
    RANKS["ASAN_OPTIONS"] = "detect_leaks=0"  # MPI's own

STACK = """\
[materials.magnet]
kind = "ferromagnet"
chi_M = 0.03
xi = 0.4
tau_ML = "20 ps"
tau_mL = "2 ps"
tau_Mm = "4 ps"
D = "2e-5 m2/s"
M0 = [0, 0, 8e5]
[materials.glass]
preset = "ayig"
K = 5e4
D = "1e-5 m2/s"
tau_ML = "20 ps"
tau_mL = "2 ps"
tau_Mm = "4 ps"
alpha = 1e-6
[[layers]]
name = "magnet"
material = "magnet"
thickness = "10 nm"
cells = 20
[[layers]]
name = "film"
material = "glass"
thickness = "20 nm"
cells = 40
[boundary.left]
current = [0, 0, 2.0]
[boundary.right]
conductance = 300
[field]
H = [0, 0, 2e4]
"""
TIME = """\
[[experiments]]
name = "METHOD"
kind = "time"
method = "METHOD"
STEP
duration = "DURATION"
output = { from = 0, to = "DURATION", points = 3 }
INITIAL
"""


def time_run(method, step="", duration="1 ns", initial=""):
    return (TIME.replace("METHOD", method).replace("STEP", step).replace("DURATION", duration).replace("INITIAL", initial))


class FerromagnetTest(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="vitrispin_"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)

    def run_file(self, text, out="out", ranks=0):
        path = self.root / f"{out}.toml"
        path.write_text(text)
        arguments = ["run", str(path), "-o", str(self.root / out), "--quiet"]
        if ranks:
            done = subprocess.run(["mpirun", "-n", str(ranks), PROGRAM, *arguments], env=dict(os.environ, **RANKS), text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300, check=False)
        else:
            done = run(*arguments, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.root / out

    def fields(self, folder, name):
        """M, m, theta at the last output time: [x, component]."""
        with netCDF4.Dataset(folder / f"{name}.nc") as data:
            return {f: numpy.ma.filled(data[f][-1], numpy.nan) for f in ("M", "m", "theta")}

    def faults(self, text):
        path = self.root / "bad.toml"
        path.write_text(text)
        done = run("check", path)
        self.assertEqual(done.returncode, 2, done.stdout)
        return done.stderr

    def test_every_method_settles_to_the_same_and_the_ferromagnet_has_M_but_no_theta(self):
        # midpoint and gauss4 leave (1 - 4/(h rate))^steps of the stiffest mode, of rate 3e14 1/s
        out = self.run_file(STACK + time_run("auto", "rtol = 1e-10") + time_run("explicit", "rtol = 1e-10") +
                            time_run("midpoint", 'dt = "0.2 ps"') + time_run("gauss4", 'dt = "0.2 ps"'))
        reference = self.fields(out, "auto")
        self.assertTrue(numpy.isnan(reference["theta"][:20]).all())
        self.assertFalse(numpy.isnan(reference["M"]).any())
        self.assertGreater(abs(reference["m"][:, 2]).max(), 1e-6)
        for field in ("M", "m"):  # the transverse parts are exactly none
            self.assertEqual(abs(reference[field][:, :2]).max(), 0)
        size = abs(reference["m"][:, 2]).max()
        for name in ("explicit", "midpoint", "gauss4"):
            other = self.fields(out, name)
            for field in ("M", "m"):
                # settled, so that errors of earlier steps have died out; M is rounded at M_eq = 8e5 A/m, of which 1e-15 is 8e-10
                self.assertLess(numpy.nanmax(abs(other[field] - reference[field])), 1e-8 * size + (1e-9 if field == "M" else 0),
                                (name, field))

    def test_a_settled_stack_is_that_of_steady_to_second_order(self):
        errors = []
        for factor in (1, 2, 4):
            text = STACK.replace("cells = 20", f"cells = {20 * factor}").replace("cells = 40", f"cells = {40 * factor}")
            # 320 intervals a layer: the centres of all cells are among the profile's points
            out = self.run_file(text + time_run("auto", "rtol = 1e-10") + '[[experiments]]\nkind = "steady"\nprofile_points = 321\n',
                                f"out{factor}")
            with netCDF4.Dataset(out / "auto.nc") as data, netCDF4.Dataset(out / "steady.nc") as film:
                exact = numpy.concatenate([numpy.interp(data["x"][cells], film["x"][points], film["m"][points, 2])
                                           for cells, points in ((slice(0, 20 * factor), slice(0, 321)),
                                                                 (slice(20 * factor, None), slice(321, None)))])
                got = data["m"][-1][:, 2]
            errors.append(abs(got - exact).max() / abs(exact).max())
        self.assertLess(abs(numpy.log2(errors[0] / errors[2]) / 2 - 2), 0.1, errors)

    def test_ranks_and_regions_give_the_same(self):
        text = STACK + '[grid.y]\nlength = "40 nm"\ncells = 8\n' + """
[[regions]]
name = "island"
material = "magnet"
x = ["22 nm", "30 nm"]
y = ["10 nm", "25 nm"]
""" + time_run("midpoint", 'dt = "1 ps"', "20 ps",
               'initial = [ { field = "M", component = "z", shape = "cosine", k = "1e8 m-1", amplitude = 10 } ]')
        one = self.run_file(text, "one")
        for ranks in (2, 4):
            other = self.run_file(text, f"ranks{ranks}", ranks)
            with netCDF4.Dataset(one / "midpoint.nc") as a, netCDF4.Dataset(other / "midpoint.nc") as b:
                for c in ("last_M_z", "last_m_z", "last_theta_z"):
                    x, y = (numpy.ma.filled(d[c][...], numpy.nan) for d in (a, b))
                    self.assertTrue((numpy.isnan(x) == numpy.isnan(y)).all())
                    self.assertLessEqual(numpy.nanmax(abs(x - y)), 1e-12 * numpy.nanmax(abs(x)), c)

    def test_a_run_goes_on_from_the_file_of_an_earlier_one(self):
        whole = self.run_file(STACK + time_run("gauss4", 'dt = "1 ps"', "20 ps"), "whole")
        half = self.run_file(STACK + time_run("gauss4", 'dt = "1 ps"', "10 ps"), "half")
        rest = self.run_file(STACK + time_run("gauss4", 'dt = "1 ps"', "10 ps", f'initial = {{ file = "{half}/gauss4.nc" }}'), "rest")
        for field in ("M", "m"):
            a, b = (self.fields(folder, "gauss4")[field] for folder in (whole, rest))
            self.assertLessEqual(abs(a - b).max(), 1e-11 * abs(a).max())

    def test_what_is_across_the_axis_is_refused_at_its_place(self):
        cases = [
            (STACK.replace("[0, 0, 2e4]", "[2e4, 0, 0]") + time_run("auto"), "M0"),
            (STACK.replace("[0, 0, 2.0]", "[1, 0, 2.0]") + time_run("auto"), "the current"),
            (STACK.replace("conductance = 300", "conductance = 300\npotential = [0, 5, 0]") + time_run("auto"), "the potential"),
            (STACK + time_run("auto", initial='initial = { random = 3.0, seed = 5 }'), "a random vector"),
            (STACK + time_run("auto", initial='initial = [ { field = "m", component = "x", shape = "uniform", amplitude = 1 } ]'),
             "a deviation along x"),
            (STACK + time_run("auto", initial='drives = [ { target = "field.H", component = "y", shape = "sine", amplitude = "1 mT", '
                              'frequency = "1 GHz" } ]'), "a drive along y"),
            (STACK + time_run("exact"), "layer magnet is a ferromagnet"),
        ]
        for text, told in cases:
            stderr = self.faults(text)
            self.assertIn(told, stderr)
            self.assertRegex(stderr, r"bad.toml:\d+:\d+: ")


if __name__ == "__main__":
    unittest.main()
