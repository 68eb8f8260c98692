#!/usr/bin/python3
"""Lines of cells recorded at every output time: the fields of the snapshots there, the chosen line, and faults of `cuts`."""
import json
import os
import pathlib
import sys
import tempfile
import unittest

import netCDF4
import numpy

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

from program import run  # noqa: E402

FILM = """[materials.glass]
preset = "ayig"
[materials.lead]
preset = "pt"
[[layers]]
name = "film"
material = "glass"
thickness = "12 nm"
cells = 4
[grid.y]
length = "30 nm"
cells = 6
{third}[[regions]]
name = "rod"
material = "lead"
shape = "box"
x = ["3 nm", "9 nm"]
y = ["5 nm", "15 nm"]
[field]
B = ["3 mT", 0, "20 mT"]
[[experiments]]
name = "t"
kind = "time"
method = "midpoint"
dt = "1 ps"
duration = "4 ps"
output = {{ from = 0, to = "4 ps", points = 5 }}
snapshots = [0, "2 ps", "4 ps"]
initial = {{ random = 2.0, seed = 3 }}
{keys}
"""
THIRD = "[grid.z]\nlength = \"20 nm\"\ncells = 5\n"


class LineCutsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def results(self, third, keys):
        path = self.root / "film.toml"
        path.write_text(FILM.format(third=third, keys=keys))
        done = run("run", path, "-o", self.root / "results", "--quiet")
        self.assertEqual(done.returncode, 0, done.stderr)
        return netCDF4.Dataset(self.root / "results" / "t.nc")

    def assert_cut(self, data, name, where):
        """`where`: the cells of the line in the order z, y, x of the snapshots."""
        shared = [list(data["time"][:]).index(t) for t in data["snapshot"][:]]
        for field in ("M", "m", "theta"):
            line = data[f"{name}_{field}"][...].filled(numpy.nan)
            for c, component in enumerate("xyz"):
                whole = data[f"{field}_{component}"][...].filled(numpy.nan)
                numpy.testing.assert_array_equal(line[shared, :, c], whole[(slice(None), *where)])

    def test_a_line_holds_the_cells_of_the_snapshots(self):
        keys = "cuts = [{ axis = 'y', x = '4 nm', z = '9 nm' }, { axis = 'z', x = '11 nm', y = '29 nm' }, { axis = 'x', y = 0, z = '20 nm' }]"
        with self.results(THIRD, keys) as data:
            self.assertEqual(data["cut_1_M"].dimensions, ("time", "cut_1", "component"))
            self.assert_cut(data, "cut_1", (2, slice(None), 1))
            self.assert_cut(data, "cut_2", (slice(None), 5, 3))
            self.assert_cut(data, "cut_3", (4, 0, slice(None)))
            numpy.testing.assert_allclose(data["cut_1"][:], data["y"][:])
            self.assertTrue(numpy.isnan(data["cut_1_theta"][0, 1, 0].filled(numpy.nan)), "the rod is a metal")
        with open(self.root / "results" / "summary.json", encoding="utf-8") as file:
            cuts = json.load(file)["experiments"]["t"]["cuts"]
        self.assertEqual([cut["axis"] for cut in cuts], ["y", "z", "x"])
        self.assertAlmostEqual(cuts[0]["z"], 10e-9)  # the middle of its cell
        report = (self.root / "results" / "report.html").read_text(encoding="utf-8")
        for axis in "xyz":
            self.assertIn(f"Rotation of the texture along {axis}", report)

    def test_without_cuts_the_longest_direction_is_recorded_through_the_first_probe(self):
        with self.results("", "probes = [{ x = '11 nm', y = '2 nm' }]") as data:
            self.assert_cut(data, "cut_1", (slice(None), 3))
        with self.results("", "") as data:
            self.assert_cut(data, "cut_1", (slice(None), 2))

    def test_faults_are_named_all_at_once(self):
        path = self.root / "film.toml"
        path.write_text(FILM.format(third="", keys="cuts = [{ axis = 'y', x = '40 nm' }, { axis = 'y' }, { axis = 'z', x = 0, y = 0 },"
                                    " { axis = 'x', x = 0, y = 0 }, { axis = 'x', y = 0, z = 0 }, { axis = 'w' }, { y = 0 }, 3]"))
        done = run("check", path)
        self.assertEqual(done.returncode, 2)
        for said in ("a line along y needs its place", "the file has no [grid.z]", "x has no meaning for a line along x",
                     "z has no meaning: the file has no [grid.z]", "axis = \"w\"", "axis is missing", "cuts must be a list of tables"):
            self.assertIn(said, done.stderr)
        path.write_text(FILM.format(third="", keys="cuts = { axis = 'y', x = '40 nm' }"))
        self.assertIn("a line at x = 4e-08 m is outside the box, which reaches from 0 to 1.2e-08 m", run("check", path).stderr)
        line = FILM.replace("[grid.y]\nlength = \"30 nm\"\ncells = 6\n", "").split("[[regions]]", maxsplit=1)[0]
        time = "[[experiments]]" + FILM.split("[[experiments]]")[1].replace("snapshots = [0, \"2 ps\", \"4 ps\"]\n", "")
        path.write_text((line + time).format(third="", keys="cuts = { axis = 'x' }"))
        self.assertIn("cuts has no meaning in one dimension", run("check", path).stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
