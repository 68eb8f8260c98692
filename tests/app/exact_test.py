#!/usr/bin/python3
"""method = "exact" through the command line: that of `auto` for small deviations in one to three dimensions, from every kind of start;
what it leaves out, what stands in its way, restarts, ranks."""
import json
import pathlib
import shutil
import sys
import tempfile
import time
import unittest

import netCDF4
import numpy

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from program import LONG, SANITIZED, run, start  # noqa: E402
from ranks_test import on_ranks  # noqa: E402

BOX = """
[materials.glass]
preset = "ayig"
M0 = [0, "3 A/m", "30 A/m"]
[[layers]]
name = "film"
material = "glass"
thickness = "200 nm"
cells = CELLS
ACROSS
[field]
B = ["4 mT", 0, "20 mT"]
"""
RUN = """
[[experiments]]
name = "NAME"
kind = "time"
METHOD
duration = "20 ps"
output = { from = 0, to = "20 ps", points = 5 }
initial = INITIAL
probes = [ { x = "55 nm" } ]
"""
AUTO, EXACT = 'method = "auto"\nrtol = 1e-9', 'method = "exact"'
BUMPS = """[ { field = "m", component = "x", shape = "gaussian", center = "80 nm", width = "40 nm", amplitude = SIZE },
  { field = "theta", component = "y", shape = "cosine", k = "2e7 m-1", amplitude = 1e-8 } ]"""
ACROSS = ["", "[grid.y]\nlength = '60 nm'\ncells = 3\nperiodic = true\n",
          "[grid.y]\nlength = '60 nm'\ncells = 3\n[grid.z]\nlength = '50 nm'\ncells = 2\n"]
PLACES = ["x = '55 nm'", "x = '55 nm', y = '21 nm'", "x = '55 nm', y = '21 nm', z = '7 nm'"]


class ExactTest(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="vitrispin_"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)

    def write(self, text, name="film.toml"):
        path = self.root / name
        path.write_text(text)
        return path

    def box(self, dimensions=1, cells=20):
        return BOX.replace("CELLS", str(cells)).replace("ACROSS", ACROSS[dimensions - 1])

    def experiment(self, method, initial, dimensions=1, name="t"):
        text = RUN.replace("METHOD", method).replace("INITIAL", initial).replace("NAME", name)
        return text.replace("x = \"55 nm\"", PLACES[dimensions - 1])

    def results(self, text, folder="out"):
        done = run("run", self.write(text, folder + ".toml"), "-o", self.root / folder, "--quiet", "--json", timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)["experiments"], done.stderr

    def assert_agree(self, one, other, tolerance):
        """Deviations at the end, and the energies, to `tolerance` of the largest."""
        for field in ("M", "m", "theta"):
            a, b = (numpy.array(done["probes"][0][field]) for done in (one, other))
            self.assertLessEqual(abs(a - b).max(), tolerance * abs(b - b[0]).max() + 1e-15 * abs(b).max(), field)
        lost = other["ledger"]["dissipated"]
        for name, value in one["ledger"].items():
            if name not in ("series", "imbalance"):
                self.assertLessEqual(abs(value - other["ledger"][name]), tolerance * lost, name)

    def test_it_is_auto_for_small_deviations_from_every_kind_of_start(self):
        """A size of 1e-5 of M_eq leaves out as much; `auto` makes errors of some hundred steps of 1e-9."""
        starts = [BUMPS.replace("SIZE", "1e-4"), "{ random = 1e-4, seed = 3 }"]
        for dimensions in (1, 2, 3):
            for initial in starts:
                with self.subTest(dimensions=dimensions, initial=initial):
                    text = self.box(dimensions) + self.experiment(AUTO, initial, dimensions, "auto")
                    done, told = self.results(text + self.experiment(EXACT, initial, dimensions, "exact"))
                    self.assert_agree(done["exact"], done["auto"], 1e-5)
                    self.assertEqual(done["exact"]["steps"], 4)
                    self.assertLess(done["exact"]["left_out"], 1e-4)
                    self.assertGreater(done["exact"]["left_out"], 0)
                    self.assertNotIn("left_out", done["auto"])
                    self.assertNotIn("warning", told)
                    ledger = done["exact"]["ledger"]
                    self.assertLessEqual(abs(ledger["imbalance"]), 1e-12 * ledger["dissipated"])

    def test_it_is_auto_from_a_mode_and_in_a_metal_of_any_deviation(self):
        """A mode takes one axis; a metal leaves out nothing."""
        mode = "{ mode = 1, k = '3.14159265 rad/um', sigma = 1, amplitude = 1e-4 }"
        glass = self.box().replace('"3 A/m"', "0").replace('"4 mT"', "0")
        metal = self.box().replace('preset = "ayig"\nM0 = [0, "3 A/m", "30 A/m"]', 'preset = "pt"')
        bump = '{ field = "m", component = "y", shape = "gaussian", center = "80 nm", width = "40 nm", amplitude = 1e3 }'
        for text, initial in ((glass, mode), (metal, bump)):
            done, told = self.results(text + self.experiment(AUTO, initial, 1, "auto") +
                                      self.experiment(EXACT, initial, 1, "exact"))
            self.assertNotIn("warning", told)
            a, b = (numpy.array(done[name]["probes"][0]["m"], float) for name in ("auto", "exact"))
            self.assertLessEqual(abs(a - b).max(), 1e-6 * abs(a - a[-1]).max())
        self.assertEqual(done["exact"]["left_out"], 0)

    def test_two_halves_are_the_whole(self):
        for dimensions in (1, 2, 3):
            with self.subTest(dimensions=dimensions):
                box, initial = self.box(dimensions), BUMPS.replace("SIZE", "1e-4")
                whole, _ = self.results(box + self.experiment(EXACT, initial, dimensions), "whole")
                half = lambda text: text.replace('"20 ps"', '"10 ps"')  # noqa: E731
                self.results(box + half(self.experiment(EXACT, initial, dimensions)), "half")
                rest = "{ file = 'half/t.nc' }"
                last, _ = self.results(box + half(self.experiment(EXACT, rest, dimensions)), "last")
                for field in ("M", "m", "theta"):
                    a, b = (numpy.array(done["t"]["probes"][0][field])[-1] for done in (whole, last))
                    start_of = numpy.array(whole["t"]["probes"][0][field])[0]
                    # rounding of the full M stands in probes
                    self.assertLessEqual(abs(a - b).max(), 1e-12 * abs(a - start_of).max() + 1e-15 * abs(a).max())

    def test_deviations_that_are_not_small_are_told_with_their_number(self):
        done, told = self.results(self.box() + self.experiment(EXACT, BUMPS.replace("SIZE", "1e3")))
        self.assertGreater(done["t"]["left_out"], 1e-3)
        self.assertIn(f"the deviations are not small: products of them, which method = \"exact\" leaves out, may change the result by "
                      f"{done['t']['left_out']:.2g}", told)
        done, told = self.results(self.box() + self.experiment(
            EXACT, "{ field = 'theta', component = 'z', shape = 'uniform', amplitude = 0.5 }"))
        self.assertIn("the texture turns by up to 0.5 rad", told)

    def test_all_that_stands_in_its_way_is_told_at_its_place(self):
        text = self.box(2).replace("cells = 3\n", "cells = 3\nratio = 2\n").replace("periodic = true", "periodic = false")
        text = text.replace("cells = 20", "cells = 20\nratio = 3")
        text += """[materials.pt]
preset = "pt"
[[layers]]
name = "more"
material = "pt"
thickness = "20 nm"
cells = 10
[[regions]]
name = "strip"
material = "vacuum"
x = ["10 nm", "20 nm"]
[boundary.left]
current = [0, 0, 1.0]
[boundary.right]
conductance = 10
twist = "clamped"
[boundary.front]
twist = [0, 0, 1e-9]
[[boundary.patches]]
face = "back"
x = [0, "30 nm"]
conductance = inf
"""
        text += self.experiment(EXACT + '\ndt = "1 ps"\npetsc = "-ksp_view"', BUMPS.replace("SIZE", "1e-4"), 2)
        text += 'drives = [ { target = "field.H", shape = "sine", amplitude = "5 mT", frequency = "30 GHz" } ]\n'
        path = self.write(text)
        done = run("check", path)
        self.assertEqual(done.returncode, 2)
        lines = text.split("\n")
        expected = {"ratio = 3": "the cells of layer film are graded", "ratio = 2": "the cells along y are graded",
                    "current = [0": "boundary left has a current", "conductance = 10": "boundary right is a contact",
                    'twist = "clamped"': "boundary right clamps theta", "twist = [0": "boundary front has a torque",
                    "conductance = inf": "boundary patch 1 is a contact", "drives = ": "drives change in time",
                    "dt = ": "dt has no meaning", "petsc = ": "petsc has no meaning"}
        for key, said in expected.items():
            number = next(i for i, line in enumerate(lines) if line.startswith(key))
            column = lines[number].index("=") + 3
            self.assertIn(f"{path}:{number + 1}:{column}: {said}", done.stderr)
        for name, said in (("more", "layer more is not the only one"), ("strip", "there is a region strip")):
            number = lines.index(f'name = "{name}"')
            self.assertIn(f"{path}:{number}:1: {said}", done.stderr)
        self.assertEqual(done.stderr.count("experiment t has method = \"exact\""), len(expected) - 2 + 2)
        self.assertEqual(len(done.stderr.strip().split("\n")), len(expected) + 2)

    def test_a_sweep_cannot_leave_what_it_solves(self):
        text = self.box() + self.experiment(EXACT, BUMPS.replace("SIZE", "1e-4"))
        done = run("check", self.write(text + "sweep = { 'layers.film.ratio' = [1, 2] }\n"))
        self.assertEqual(done.returncode, 2)
        done, _ = self.results(text + "sweep = { 'layers.film.thickness' = ['200 nm', '300 nm'] }\n")
        self.assertEqual(len(done["t"]["left_out"]), 2)

    def test_a_killed_run_goes_on_to_the_same_bits(self):
        cells = 60 if SANITIZED else 300
        text = self.box(2).replace("cells = 3", "cells = 40").replace("cells = 20", f"cells = {cells}")
        text += self.experiment(EXACT, "{ random = 1e-4 }", 2).replace("points = 5", "points = 81")
        film = self.write(text + "checkpoint = { every = '20 ms' }\nsnapshots = ['10 ps', '20 ps']\n")
        begun = time.monotonic()
        alone = run("run", film, "-o", self.root / "alone", "--quiet", timeout=600)
        self.assertEqual(alone.returncode, 0, alone.stderr)
        duration = time.monotonic() - begun
        for part in [0.5, 0.7] + ([0.3, 0.6] * 3 if LONG else []):
            process = start("run", film, "-o", self.root / "killed", "--quiet", "--restart")
            time.sleep(part * duration)
            process.kill()
            process.communicate()
        last = run("run", film, "-o", self.root / "killed", "--quiet", "--restart", timeout=600)
        self.assertEqual(last.returncode, 0, last.stderr)
        self.assertEqual((self.root / "alone/t.nc").read_bytes(), (self.root / "killed/t.nc").read_bytes())
        with netCDF4.Dataset(self.root / "alone/t.nc") as data:
            self.assertEqual(data["m_x"].shape, (2, 40, cells))

    @unittest.skipIf(shutil.which("mpirun") is None, "there is no mpirun")
    def test_several_ranks_are_refused_at_the_place_of_the_method_but_on_a_line(self):
        for dimensions in (1, 2):
            text = self.box(dimensions) + self.experiment(EXACT, BUMPS.replace("SIZE", "1e-4"), dimensions)
            film = self.write(text)
            done = on_ranks(2, "run", film, "-o", self.root / "many", "--quiet")
            if dimensions == 1:
                self.assertEqual(done.returncode, 0, done.stderr)
                continue
            self.assertEqual(done.returncode, 2, done.stderr)
            line = text.split("\n").index(EXACT) + 1
            self.assertEqual(done.stderr.count(f"{film}:{line}:10: method = \"exact\" runs on one rank"), 1, done.stderr)


if __name__ == "__main__":
    unittest.main()
