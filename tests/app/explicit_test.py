#!/usr/bin/python3
"""method = "explicit" through the command line: that of `auto` where nothing is stiff, a warning where something is, what it refuses."""
import json
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from program import run  # noqa: E402

FILM = """
[materials.glass]
preset = "ayig"
M0 = [0, 0, "30 A/m"]
D = "D_GIVEN m2/s"
[[layers]]
name = "film"
material = "glass"
thickness = "200 nm"
cells = 20
ACROSS
[boundary.right]
conductance = 1000
[field]
B = ["4 mT", 0, "20 mT"]
"""
RUN = """
[[experiments]]
name = "METHOD"
kind = "time"
method = "METHOD"
rtol = 1e-9
duration = "20 ps"
output = { from = 0, to = "20 ps", points = 5 }
initial = [ { field = "m", component = "x", shape = "gaussian", center = "80 nm", width = "40 nm", amplitude = 10 },
            { field = "theta", component = "y", shape = "cosine", k = "2e7 m-1", amplitude = 1e-3 } ]
drives = [ { target = "field.H", component = "z", shape = "sine", amplitude = "5 mT", frequency = "30 GHz" },
           { target = "materials.glass.K", shape = "ramp", from = 0, to = 100, start = "3 ps", end = "10 ps" } ]
probes = [ { PLACE } ]
"""
GRID = "[grid.y]\nlength = '60 nm'\ncells = 3\n"


class ExplicitTest(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="vitrispin_"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)

    def write(self, D, across="", more=""):
        path = self.root / "film.toml"
        place = "x = '55 nm'" + (", y = '30 nm'" if across else "")
        text = FILM.replace("D_GIVEN", str(D)).replace("ACROSS", across)
        text += (RUN.replace("METHOD", "auto") + RUN.replace("METHOD", "explicit") + more).replace("PLACE", place)
        path.write_text(text)
        return path

    def results(self, path):
        done = run("run", path, "-o", self.root / "out", "--quiet", "--json", timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)["experiments"], done.stderr

    def assert_agree(self, auto, explicit):
        """To a few hundred times rtol = 1e-9, the errors of some hundred steps of each."""
        for field in ("M", "m", "theta"):
            one, other = (done["probes"][0][field] for done in (auto, explicit))
            size = max(abs(a - b) for row in one for a, b in zip(row, one[0]))
            for row, twin in zip(one, other):
                for a, b in zip(row, twin):
                    self.assertAlmostEqual(a, b, delta=3e-7 * size)
        for name, value in auto["ledger"].items():
            if name not in ("series", "imbalance"):
                self.assertAlmostEqual(explicit["ledger"][name] / auto["ledger"]["dissipated"],
                                       value / auto["ledger"]["dissipated"], delta=3e-7, msg=name)
        for done in (auto, explicit):  # at the corners of K too
            self.assertLessEqual(abs(done["ledger"]["imbalance"]), 3e-7 * done["ledger"]["dissipated"])

    def test_where_nothing_is_stiff_it_is_auto_and_no_step_is_held(self):
        for across in ("", GRID):
            with self.subTest(across=across):
                experiments, told = self.results(self.write(1e-6, across))
                self.assert_agree(experiments["auto"], experiments["explicit"])
                self.assertEqual(experiments["explicit"]["held_steps"], 0)
                self.assertNotIn("held_steps", experiments["auto"])
                self.assertNotIn("stiff", told)

    def test_what_is_stiff_is_told_and_still_right(self):
        for across in ("", GRID):
            with self.subTest(across=across):
                experiments, told = self.results(self.write(1e-1, across))
                explicit = experiments["explicit"]
                self.assert_agree(experiments["auto"], explicit)
                self.assertGreater(2 * explicit["held_steps"], explicit["steps"])
                self.assertIn('explicit: the problem is stiff', told)
                self.assertIn('method = "auto"', told)

    def test_options_of_petsc_are_refused_at_their_place(self):
        path = self.write(1e-6, GRID, "petsc = '-ksp_view'\n")
        line = path.read_text().split("\n").index("petsc = '-ksp_view'") + 1
        done = run("check", path)
        self.assertEqual(done.returncode, 2)
        self.assertIn(f"film.toml:{line}:9: petsc has no meaning for method = \"explicit\"", done.stderr)


if __name__ == "__main__":
    unittest.main()
