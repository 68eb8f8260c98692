#!/usr/bin/python3
"""Layers whose cells grow along x (`ratio`): against grids of two dimensions, whose axes are graded by code of their own; orders; ledger."""
import math
import os
import pathlib
import sys
import tempfile
import unittest

import netCDF4
import numpy as np
from grid_time_test import DRIVEN, STACK
from initial_states_test import FIELD, GLASS, LENGTH, REMANENCE, modes_of
from oracles_test import run

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
import program  # noqa: E402
from grids import GLASSES  # noqa: E402

# Thin cells where the two glasses meet; the cap's are thin at its outer face.
GRADED = STACK.replace("cells = 4", "cells = 4\nratio = 2.5").replace("cells = 10", "cells = 10\nratio = 0.25", 1)
GRADED = GRADED.replace("cells = 10\n[interfaces]", "cells = 10\nratio = 6\n[interfaces]")
CASE = DRIVEN.replace("CENTER", "'14 nm'").replace("WIDTH", "5 nm")


class GradedLayersTest(unittest.TestCase):
    def test_cells_are_as_wide_as_asked(self):
        folder = run(GLASSES + GRADED + CASE + "method = 'midpoint'\ndt = '20 ps'\n")[1]
        with netCDF4.Dataset(os.path.join(folder, "t.nc")) as file:
            x = np.array(file["x"])
        for begin, thickness, cells, ratio in ((0, 4e-9, 4, 2.5), (4e-9, 20e-9, 10, 0.25), (24e-9, 20e-9, 10, 6)):
            widths = ratio ** (np.arange(cells) / (cells - 1))
            widths *= thickness / widths.sum()
            centers = begin + np.cumsum(widths) - widths / 2
            first = {0: 0, 4e-9: 4, 24e-9: 14}[begin]
            self.assertLess(np.abs(x[first:first + cells] - centers).max(), 1e-22)  # rounding of 44 nm
        resolved = program.run("check", folder + "/input.toml").stdout
        self.assertEqual([resolved.count(f"\nratio = {ratio}") for ratio in ("2.5", "0.25", "6")], [1, 1, 1])

    def test_a_stack_uniform_across_is_that_of_one_dimension(self):
        for method, tolerance in (("method = 'midpoint'\ndt = '0.5 ps'\n", 1e-11),  # rounding
                                  # each chooses its own steps; their errors are 1e-9 of the largest value
                                  ("rtol = 1e-9\natol = { M = 1e-9, m = 1e-9, theta = 1e-13 }\n", 1e-7)):
            line = run(GLASSES + GRADED + CASE + method)
            grid = run(GLASSES + GRADED + "[grid.y]\nlength = '30 nm'\ncells = 3\nratio = 1.5\n" + CASE + method)
            for name in ("free_energy_change", "dissipated", "work", "dissipated_diffusion"):
                size = line[0]["t"]["ledger"]["dissipated"]
                self.assertAlmostEqual(grid[0]["t"]["ledger"][name] / 30e-9 / size, line[0]["t"]["ledger"][name] / size,
                                       delta=tolerance, msg=name)
            with netCDF4.Dataset(line[1] + "/t.nc") as one, netCDF4.Dataset(grid[1] + "/t.nc") as two:
                for field in ("last_M", "last_m", "last_theta"):
                    expected = np.array(one[field])
                    for c in range(3):
                        got = np.array(two[f"{field}_{'xyz'[c]}"])
                        for row in got:
                            self.assertLess(np.nanmax(np.abs(row - expected[:, c])), tolerance * np.nanmax(np.abs(expected)),
                                            f"{field} {method}")

    def test_the_ledger_closes(self):
        for method in ("midpoint", "gauss4"):
            for step in ("0.1 ps", "2 ps"):
                ledger = run(GLASSES + GRADED + CASE + f"method = '{method}'\ndt = '{step}'\n")[0]["t"]["ledger"]
                self.assertGreater(ledger["dissipated"], 0)
                self.assertLessEqual(abs(ledger["imbalance"]), 1e-12 * ledger["dissipated"], f"{method} {step}")

    def test_errors_fall_with_the_square_of_the_cells(self):
        """A mode decays and turns in a film with thin cells at both faces, or at one of them."""
        k = 3 * math.pi / LENGTH
        omega, vector = modes_of(GLASS, k, 1, FIELD)[1]
        vector = vector / max(vector[:2], key=abs) * 1e-4
        table = "".join(f"{key} = {value!r}\n" for key, value in GLASS.items()) + f"M0 = [0, 0, {REMANENCE}]\n"
        for halves in (((1.0, 8),), ((0.4, 8), (0.6, 0.125))):
            errors = []
            for cells in (20, 40, 80, 160):
                layers = "".join(f"[[layers]]\nname = '{i}'\nmaterial = 'a'\nthickness = {share * LENGTH!r}\n"
                                 f"cells = {round(share * cells)}\nratio = {ratio}\n" for i, (share, ratio) in enumerate(halves))
                folder = run(f"[materials.a]\n{table}{layers}[field]\nH = [0, 0, {FIELD}]\n"
                             "[[experiments]]\nname = 't'\nkind = 'time'\nrtol = 1e-9\nduration = '10 ps'\noutput = ['10 ps']\n"
                             f"initial = {{ mode = 1, k = {k!r}, sigma = 1, amplitude = 1e-4 }}\n")[1]
                with netCDF4.Dataset(folder + "/t.nc") as file:
                    worst = 0.0
                    for f, name in enumerate(("last_M", "last_m", "last_theta")):
                        v = vector[f] * np.cos(k * np.array(file["x"])) * np.exp(-1j * omega * 10e-12)
                        got = np.array(file[name])
                        worst = max(worst, np.abs(got[:, 0] + 1j * got[:, 1] - v).max() / abs(vector[f]))
                errors.append(worst)
            slope = np.polyfit(np.log([20, 40, 80, 160]), np.log(errors), 1)[0]
            self.assertAlmostEqual(slope, -2, delta=0.1, msg=f"{halves}: {errors}")

    def test_what_is_no_ratio_is_refused_at_its_place(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "film.toml")
            for value, said in (("-1", "positive"), ("0", "positive"), ("1e7", "between 1e-6 and 1e6"), ("'2 nm'", "nm"),
                                ("inf", "finite"), ("true", "number")):
                text = GLASSES + GRADED.replace("ratio = 6", f"ratio = {value}") + CASE
                path.write_text(text)
                done = program.run("check", path)
                self.assertEqual(done.returncode, 2, done.stderr)
                line = text[:text.index(f"ratio = {value}\n[interfaces]")].count("\n") + 1
                self.assertIn(f"film.toml:{line}:9: ", done.stderr)
                self.assertIn(said, done.stderr)
            path.write_text(GLASSES + GRADED.replace("cells = 10\nratio = 6", "ratio = 6") + CASE)
            self.assertIn("ratio has no meaning without cells", program.run("check", path).stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
