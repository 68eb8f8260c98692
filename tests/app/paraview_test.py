#!/usr/bin/python3
"""`vtk = true`: .vtr files and a .pvd that hold what the .nc file holds, read by this file's own parser; they come and go with the
results of their run."""
import os
import re
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

import netCDF4
import numpy as np

PROGRAM = os.environ["VITRISPIN"]

INPUT = """
[materials.glass]
preset = "ayig"
[materials.pt]
preset = "pt"
[[layers]]
name = "film"
material = "glass"
thickness = "20 nm"
cells = 4
[grid.y]
length = "60 nm"
cells = 6
{z}
[[regions]]
name = "strip"
material = "pt"
x = ["-5 nm", 0]
y = ["20 nm", "40 nm"]
[field]
B = [0, 0, "20 mT"]
[[experiments]]
name = "kick & run"
kind = "time"
duration = "20 ps"
rtol = 1e-3
output = {{ from = 0, to = "20 ps", points = 3 }}
initial = {{ field = "theta", component = "x", shape = "gaussian", amplitude = 0.01, center = ["10 nm", "30 nm"], width = "5 nm" }}
{vtk}
"""
Z = '[grid.z]\nlength = "30 nm"\ncells = 3'
TYPES = {"Float64": "f8", "Int32": "i4", "UInt8": "u1"}
COLLECTION = "kick & run.pvd"


def read_vtr(path):
    """Extent, coordinates and cell data, by the rules of VTK's XML format: after the underscore, each array behind its length."""
    with open(path, "rb") as file:
        content = file.read()
    head, raw = content.split(b'<AppendedData encoding="raw">\n_', 1)
    root = ElementTree.fromstring(head + b"</VTKFile>")
    assert root.attrib["type"] == "RectilinearGrid" and root.attrib["header_type"] == "UInt64"
    order = {"LittleEndian": "<", "BigEndian": ">"}[root.attrib["byte_order"]]

    def array(tag):
        at = int(tag.attrib["offset"])
        length = int(np.frombuffer(raw, order + "u8", 1, at)[0])
        kind = np.dtype(order + TYPES[tag.attrib["type"]])
        values = np.frombuffer(raw, kind, length // kind.itemsize, at + 8)
        components = int(tag.attrib["NumberOfComponents"])
        return values.reshape(-1, components) if components > 1 else values

    piece = root.find("RectilinearGrid/Piece")
    assert piece.attrib["Extent"] == root.find("RectilinearGrid").attrib["WholeExtent"]
    extent = [int(number) for number in piece.attrib["Extent"].split()]
    coordinates = [array(tag) for tag in piece.find("Coordinates")]
    cells = {tag.attrib["Name"]: array(tag) for tag in piece.find("CellData")}
    return extent, coordinates, cells


class ParaviewTest(unittest.TestCase):
    def run_in(self, folder, dimensions, vtk, *options):
        path = os.path.join(folder, "input.toml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(INPUT.format(z=Z if dimensions == 3 else "", vtk="vtk = true" if vtk else ""))
        results = os.path.join(folder, "results")
        subprocess.run([PROGRAM, "run", path, "-o", results, "--quiet", *options], check=True, capture_output=True,
                       timeout=300)
        return results

    def check(self, dimensions):
        with tempfile.TemporaryDirectory() as folder:
            results = self.run_in(folder, dimensions, True)
            data = netCDF4.Dataset(os.path.join(results, "kick & run.nc"))
            data.set_auto_mask(False)
            collection = ElementTree.parse(os.path.join(results, COLLECTION)).getroot().findall("Collection/DataSet")
            times = [float(entry.attrib["timestep"]) for entry in collection]
            np.testing.assert_allclose(times, 1e9 * data["snapshot"][:], rtol=1e-15)
            self.assertEqual(len(times), 3)
            for snapshot, entry in enumerate(collection):
                extent, coordinates, cells = read_vtr(os.path.join(results, entry.attrib["file"]))
                for axis, name in enumerate("xyz"[:dimensions]):
                    np.testing.assert_allclose(coordinates[axis], 1e9 * data[name + "_face"][:], rtol=1e-15)
                    self.assertEqual(extent[2 * axis:2 * axis + 2], [0, len(coordinates[axis]) - 1])
                if dimensions == 2:
                    self.assertEqual((extent[4:], list(coordinates[2])), ([0, 0], [0.0]))
                for field, title in [("M", "M [A/m]"), ("m", "m [A/m]"), ("theta", "theta [rad]")]:
                    for component, letter in enumerate("xyz"):
                        np.testing.assert_array_equal(cells[title][:, component],
                                                      data[f"{field}_{letter}"][snapshot].ravel())
                np.testing.assert_array_equal(cells["entropy_production [W/m3]"],
                                              data["entropy_production"][snapshot].ravel())
                domain = data["domain"][:].ravel()
                np.testing.assert_array_equal(cells["domain"], domain)
                np.testing.assert_array_equal(cells["vtkGhostType"], np.where(domain < 0, 32, 0))
                self.assertEqual(set(domain), {-1, 0, 1})
                self.assertTrue(np.isnan(cells["M [A/m]"][domain == 1]).all())
                self.assertTrue(np.isfinite(cells["m [A/m]"][domain == 1]).all())

    def test_two_dimensions(self):
        self.check(2)

    def test_three_dimensions(self):
        self.check(3)

    def test_files_go_with_their_run_and_files_of_the_user_stay(self):
        with tempfile.TemporaryDirectory() as folder:
            results = self.run_in(folder, 2, True)
            self.assertEqual(sorted(name for name in os.listdir(results) if re.search(r"\.(vtr|pvd)$", name)),
                             ["kick & run.00000.vtr", "kick & run.00001.vtr", "kick & run.00002.vtr", COLLECTION])
            for name in ["mine.vtr", "other.00001.vtr", "view.pvd"]:
                with open(os.path.join(results, name), "w", encoding="utf-8") as file:
                    file.write("mine")
            self.run_in(folder, 2, False)
            left = sorted(name for name in os.listdir(results) if re.search(r"\.(vtr|pvd)$", name))
            self.assertEqual(left, ["mine.vtr", "other.00001.vtr", "view.pvd"])
            self.assertFalse(os.path.exists(results + ".partial"))

    def test_a_restart_takes_what_was_left_and_writes_the_same(self):
        with tempfile.TemporaryDirectory() as folder:
            results = self.run_in(folder, 2, True)

            def contents():
                found = {}
                for name in sorted(os.listdir(results)):
                    if re.search(r"\.(vtr|pvd)$", name):
                        with open(os.path.join(results, name), "rb") as file:
                            found[name] = file.read()
                return found

            whole = contents()
            # As a run leaves it that is killed between the .vtr files and the .nc file.
            os.rename(results, results + ".partial")
            for name in ["summary.json", "report.html", "kick & run.nc", COLLECTION]:
                os.remove(os.path.join(results + ".partial", name))
            self.run_in(folder, 2, True, "--restart")
            self.assertEqual(contents(), whole)
            self.assertFalse(os.path.exists(results + ".partial"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
