#!/usr/bin/python3
"""Time experiments of two and three dimensions, through the command line, against the program's other solvers."""
import cmath
import itertools
import math
import pathlib
import sys
import unittest

from oracles_test import run

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from grids import GLASSES, INJECTOR_AND_ROD  # noqa: E402

STACK = """
[[layers]]
name = "cap"
material = "pt"
thickness = "4 nm"
cells = 4
[[layers]]
name = "film"
material = "glass"
thickness = "20 nm"
cells = 10
[[layers]]
name = "ground"
material = "hard"
thickness = "20 nm"
cells = 10
[interfaces]
"cap|film" = { conductance = "200 m/s" }
"film|ground" = { conductance = "50 m/s" }
[boundary.left]
current = [0, 0, 0]
[boundary.right]
conductance = "10 m/s"
potential = [0, 0.1, 0.2]
twist = "clamped"
[field]
B = ["2 mT", 0, "15 mT"]
"""

ACROSS = ["", "[grid.y]\nlength = '30 nm'\ncells = 3\n",
          "[grid.y]\nlength = '30 nm'\ncells = 3\nperiodic = true\n[grid.z]\nlength = '40 nm'\ncells = 2\n"]

DRIVEN = """
[[experiments]]
name = "t"
kind = "time"
duration = "40 ps"
output = { from = 0, to = "40 ps", points = 9 }
initial = { field = "m", component = "x", shape = "gaussian", center = CENTER, width = "WIDTH", amplitude = 2.0 }
drives = [ { target = "boundary.left.current", component = "x", shape = "sine", amplitude = 2000, frequency = "40 GHz" },
           { target = "field.H", component = "y", shape = "pulse", amplitude = "3 mT", center = "15 ps", width = "3 ps" },
           { target = "materials.hard.K", shape = "ramp", from = 0, to = 150, start = "5 ps", end = "25 ps" } ]
"""

NONLOCAL = """
[materials.free]
preset = "ayig"
K = 0
[[layers]]
name = "film"
material = "glass"
thickness = "12 nm"
cells = 6
[[layers]]
name = "under"
material = "free"
thickness = "6 nm"
cells = 4
[grid.y]
length = "60 nm"
cells = 15
""" + INJECTOR_AND_ROD + """[[experiments]]
name = "t"
kind = "time"
duration = "60 ps"
output = { from = 0, to = "60 ps", points = 4 }
initial = [ { random = 3.0, seed = 5 },
            { field = "theta", component = "y", shape = "gaussian", center = ["9 nm", "30 nm"], width = "9 nm", amplitude = 0.2 } ]
drives = [ { target = "field.H", component = "z", shape = "sine", amplitude = "5 mT", frequency = "30 GHz" } ]
"""


class GridTimeTest(unittest.TestCase):
    def test_a_stack_uniform_across_is_that_of_one_dimension(self):
        for method, tolerance in (("method = 'midpoint'\ndt = '0.5 ps'\n", 1e-11),
                                  # each chooses its own steps; their errors are 1e-9 of the largest value
                                  ("rtol = 1e-9\natol = { M = 1e-9, m = 1e-9, theta = 1e-13 }\n", 1e-7)):
            results = []
            for dimension, across in enumerate(ACROSS):
                text = GLASSES + STACK + across + DRIVEN + method
                # at centres of cells: a line interpolates by cubics, a grid linearly
                places = [f"x = '{x} nm'" + "".join(f", {a} = '11 nm'" for a in "yz"[:dimension]) for x in (2.5, 9, 35)]
                text += "probes = [" + ", ".join(f"{{ {place} }}" for place in places) + "]\n"
                # uniform across
                text = text.replace("CENTER", "'14 nm'").replace("WIDTH", "5 nm")
                results.append(run(text)[0]["t"])
            line = results[0]
            for dimension, grid in enumerate(results[1:], start=2):
                area = 30e-9 * (40e-9 if dimension == 3 else 1)
                for name in ("free_energy_change", "dissipated", "work", "dissipated_diffusion", "dissipated_interfaces"):
                    self.assertAlmostEqual(grid["ledger"][name] / area / line["ledger"]["dissipated"],
                                           line["ledger"][name] / line["ledger"]["dissipated"],
                                           delta=tolerance, msg=f"{name} in {dimension} dimensions, {method}")
                for field in ("M", "m", "theta"):
                    for p, (one, other) in enumerate(zip(line["probes"], grid["probes"])):
                        if one[field] is None or one[field][0][0] is None:
                            self.assertIn(other[field] and other[field][0][0], (None,))
                            continue
                        start = one[field][0]
                        size = max(abs(v - s) for row in one[field] for v, s in zip(row, start))
                        for row, twin in zip(one[field], other[field]):
                            for a, b in zip(row, twin):
                                # theta and M stand on what was there before the drive: digits of that count
                                self.assertAlmostEqual(a, b, delta=tolerance * size + 1e-13 * max(map(abs, start)),
                                                       msg=f"{field} of probe {p} in {dimension} dimensions, {method}")

    def test_waves_ring_at_the_frequencies_of_modes(self):
        """M_x + i M_y of a standing wave is a sum of three exponentials exp(-i omega t), exactly those of `modes` at the wave number that
        finite volumes give a cosine: it obeys the recurrence whose characteristic polynomial has these roots."""
        length, cells, periods = 100e-9, 40, 2
        k = 2 * math.pi * periods / length
        dx = length / cells
        effective = 2 / dx * math.sin(k * dx / 2)
        for across, method in itertools.product(ACROSS, ("auto", "explicit")):
            text = GLASSES.replace("M0 = [0, 0, \"30 A/m\"]", "")
            text += f"[[layers]]\nname = 'film'\nmaterial = 'glass'\nthickness = {length}\ncells = {cells}\n" + across
            text += "[field]\nB = [0, 0, '100 mT']\n"
            text += f"[[experiments]]\nkind = 'modes'\nmaterial = 'glass'\nk = [{effective!r}]\nsigma = [-1, 1]\n"
            text += f"[[experiments]]\nname = 't'\nkind = 'time'\nmethod = '{method}'\nrtol = 1e-10\nduration = '200 ps'\n"
            text += "output = { from = 0, to = '200 ps', points = 41 }\n"
            # so small that what is quadratic in it stays below the tolerance
            text += f"initial = {{ field = 'M', component = 'x', shape = 'cosine', k = {k!r}, amplitude = 1e-6 }}\n"
            where = "".join(f", {a} = '11 nm'" for a in ("y", "z") if f"grid.{a}" in across)
            text += f"probes = [{{ x = {dx / 2!r}{where} }}]\n"
            results = run(text)[0]
            rows = results["t"]["probes"][0]["M"]
            signal = [complex(row[0], row[1]) for row in rows]
            step = 200e-12 / 40
            found = False
            for omegas in results["modes"]["omega"]:
                roots = [cmath.exp(-1j * complex(*omega) * step) for omega in omegas[0]]
                a, b, c = roots
                polynomial = (1, -(a + b + c), a * b + b * c + c * a, -a * b * c)
                size = max(map(abs, signal))
                residual = max(abs(sum(p * s for p, s in zip(polynomial, signal[n + 3::-1][:4])))
                               for n in range(len(signal) - 3))
                found = found or residual <= 1e-6 * size
            self.assertTrue(found, f"{across}, {method}: {residual / size}")

    def test_the_ledger_of_midpoint_closes_with_regions_patches_and_drives(self):
        for z in ("", "[grid.z]\nlength = '9 nm'\ncells = 3\nperiodic = true\n"):
            for step in ("0.05 ps", "2 ps"):
                ledger = run(GLASSES + NONLOCAL.replace("[[regions]]", z + "[[regions]]", 1)
                             + f"method = 'midpoint'\ndt = '{step}'\n")[0]["t"]["ledger"]
                self.assertGreater(ledger["dissipated"], 0)
                self.assertLessEqual(abs(ledger["imbalance"]), 1e-12 * ledger["dissipated"], f"{z} dt {step}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
