#!/usr/bin/python3
"""States at the start of time experiments that come from elsewhere: modes of the layers' material, and earlier results."""
import math
import os
import pathlib
import sys
import unittest

import netCDF4
import numpy as np
from oracles_test import run

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
import program  # noqa: E402

MU0, GAMMA = 1.25663706212e-6, 1.76085963023e11
LENGTH, WAVE = 100e-9, 3  # half waves in the film
GLASS = {"chi_M": 0.02, "chi_m": 4e-3, "tau_ML": 80e-12, "tau_mL": 30e-12, "tau_Mm": 50e-12, "D": 2e-5, "rho_s": 6e-12,
         "K": 2e3, "alpha": 2e-6}
METAL = {"chi_m": 3e-5, "tau_mL": 5e-12, "D": 1e-4}
ACROSS = ["", "[grid.y]\nlength = '30 nm'\ncells = 2\nperiodic = true\n",
          "[grid.y]\nlength = '30 nm'\ncells = 2\n[grid.z]\nlength = '40 nm'\ncells = 2\n"]
FRAMES = {(0, 0, 1): ((1, 0, 0), (0, 1, 0)), (1, 0, 0): ((0, 1, 0), (0, 0, 1))}  # e1, e2 of the axis
REMANENCE, FIELD = 30.0, 80e3


def modes_of(material, k, sigma, H):
    """omega and (M, m, theta) of each mode, Eq. (52), by numpy."""
    if material is METAL:
        s = 1j * sigma * GAMMA * MU0 * H - METAL["D"] * k * k - 1 / METAL["tau_mL"]
        return [(1j * s, np.array([0, 1.0, 0]))]
    g = GLASS
    xi = g["chi_m"] / g["chi_M"]
    r = 1 / (xi * g["tau_Mm"]) - 1 / g["tau_Mm"]
    turning = 1j * sigma * GAMMA * MU0 * (REMANENCE + g["chi_M"] * H) / g["chi_M"]
    A, K = g["D"] * k * k + 1 / g["tau_mL"], g["K"] + g["rho_s"] * k * k
    a, lift = 1 / g["tau_ML"], GAMMA * MU0 / g["chi_M"]
    # theta in units of 1e-6, so that the entries are of one size
    unit = 1e-6
    G = np.array([[-a + turning, -a + r + turning, GAMMA * K * unit], [-xi * A, -(A + r), 0],
                  [-lift / unit, -lift / unit, -g["alpha"] * GAMMA * K]])
    s, vectors = np.linalg.eig(G)
    found = [(1j * s[i], vectors[:, i] * np.array([1, 1, unit])) for i in range(3)]
    return sorted(found, key=lambda mode: (mode[0].imag, mode[0].real))


class ModeTest(unittest.TestCase):
    """M, m and theta of a mode at the start, against its own vector and exp(-i omega t), at centres of cells."""

    def error(self, cells, mode, sigma, axis=(0, 0, 1), across="", material=GLASS, wave="standing", k=None, times=None):
        k = math.pi * WAVE / LENGTH if k is None else k
        times = [1e-12 * n for n in range(11)] if times is None else times
        dx = LENGTH / cells
        places = [(n + 0.5) * dx for n in (0, cells // 5, cells - 1)]
        where = "".join(f", {a} = '11 nm'" for a in "yz" if f"grid.{a}" in across)
        table = "".join(f"{key} = {value!r}\n" for key, value in material.items())
        table += "kind = 'metal'\n" if material is METAL else f"M0 = {[REMANENCE * a for a in axis]}\n"
        size = 1e-4  # what is quadratic in it, size/M_eq, stays far below the errors of the grid
        results = run(f"[materials.a]\n{table}[[layers]]\nname = 'film'\nmaterial = 'a'\nthickness = {LENGTH}\n"
                      f"cells = {cells}\n{across}[field]\nH = {[FIELD * a for a in axis]}\n"
                      "[[experiments]]\nname = 't'\nkind = 'time'\nrtol = 1e-9\nduration = '10 ps'\n"
                      f"output = {times}\n"
                      f"initial = {{ mode = {mode}, k = {k!r}, sigma = {sigma}, amplitude = {size}, wave = '{wave}' }}\n"
                      "probes = [" + ", ".join(f"{{ x = {x!r}{where} }}" for x in places) + "]\n")[0]["t"]
        omega, vector = modes_of(material, k, sigma, FIELD)[mode]
        vector = vector / max(vector[:2], key=abs) * size
        e1, e2 = (np.array(e) for e in FRAMES[axis])
        along = np.array(axis)
        worst = 0.0
        for f, field in enumerate(("M", "m", "theta")):
            if material is METAL and field != "m":
                continue
            at_rest = {"M": REMANENCE + material.get("chi_M", 0) * FIELD, "m": material["chi_m"] * FIELD, "theta": 0}[field]
            if field == "m" and material is GLASS:
                at_rest = 0
            for x, probe in zip(places, results["probes"]):
                for t, row in zip(results["time"], probe[field]):
                    shape = np.exp(1j * k * x) if wave == "travelling" else math.cos(k * x)
                    v = vector[f] * shape * np.exp(-1j * omega * t)
                    expected = v.real * along if sigma == 0 else v.real * e1 + sigma * v.imag * e2
                    got = np.array(row) - at_rest * along
                    worst = max(worst, np.abs(got - expected).max() / abs(vector[f]))
        return worst

    def test_it_decays_and_turns_as_the_mode_to_second_order(self):
        for sigma in (0, 1, -1):
            for mode in range(3):
                with self.subTest(sigma=sigma, mode=mode):
                    errors = [self.error(cells, mode, sigma) for cells in (20, 40, 80)]
                    orders = [math.log2(a / b) for a, b in zip(errors, errors[1:])]
                    self.assertAlmostEqual(orders[-1], 2, delta=0.1, msg=f"errors {errors}")

    def test_so_it_does_in_two_and_three_dimensions_and_about_another_axis(self):
        # errors of 40 cells: k dx = 0.24, (k dx)^2/24 = 2e-3 of a rate over a few of its times
        for across in ACROSS:
            self.assertLess(self.error(40, 2, 0, across=across), 0.02, across)
            self.assertLess(self.error(40, 1, 1, axis=(1, 0, 0), across=across), 0.02, across)

    def test_so_it_does_in_a_metal(self):
        for sigma in (0, 1, -1):
            for across in ACROSS:
                self.assertLess(self.error(40, 0, sigma, material=METAL, across=across), 0.02, across)

    def test_the_state_at_the_start_is_exact(self):
        """To the rounding of 1e-4 A/m on M_eq of 1630 A/m, and numpy's."""
        for wave in ("standing", "travelling"):
            for mode in range(3):
                for sigma in (0, 1, -1):
                    self.assertLess(self.error(10, mode, sigma, wave=wave, k=2.2e7, times=[0]), 1e-8)


STACK = """
[materials.glass]
preset = "ayig"
M0 = [0, 0, "30 A/m"]
[materials.pt]
preset = "pt"
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
[interfaces]
"cap|film" = { conductance = "200 m/s"MIXING }
[boundary.right]
conductance = "10 m/s"
potential = [0, 0.1, 0.2]
[field]
B = ["2 mT", 0, "15 mT"]
"""
TWO = """
[grid.y]
length = "30 nm"
cells = 6
ratio = 2
[[regions]]
name = "hole"
material = "vacuum"
x = ["10 nm", "14 nm"]
y = ["10 nm", "20 nm"]
"""
THREE = TWO + "[grid.z]\nlength = '8 nm'\ncells = 3\nperiodic = true\n"
BUMP = "{ random = 0.01, seed = 3 }"
FIELDS = ("last_M", "last_m", "last_theta")


class FileTest(unittest.TestCase):
    """A run of 20 ps is one of 10 ps and another from its file."""

    def run_for(self, stack, times, initial, method, more=""):
        """The results' folder."""
        text = stack + "[[experiments]]\nname = 't'\nkind = 'time'\n"
        text += f"duration = {times[-1]!r}\noutput = {times}\ninitial = {initial}\n{method}\n{more}"
        return run(text)[1]

    def last_state(self, folder):
        with netCDF4.Dataset(os.path.join(folder, "t.nc")) as file:
            names = [n for n in file.variables if n.startswith(FIELDS) or n == "last_contact_theta"]
            return {name: np.nan_to_num(np.ma.filled(file[name][:], 0)) for name in names}

    def compare(self, one, other, tolerance):
        one, other = self.last_state(one), self.last_state(other)
        self.assertEqual(one.keys(), other.keys())
        for name in one:
            # the components of a field share their scale
            size = max(np.abs(one[n]).max() for n in one if n.split("_")[1] == name.split("_")[1])
            self.assertLessEqual(np.abs(one[name] - other[name]).max(), tolerance * size, name)

    def test_two_halves_are_the_whole(self):
        for method, tolerance in (("method = 'midpoint'\ndt = '0.5 ps'", 1e-11),  # rounding, of 40 steps and of iterations' ends
                                  ("method = 'gauss4'\ndt = '0.5 ps'", 1e-11),
                                  # errors of steps chosen otherwise
                                  ("rtol = 1e-9\natol = { M = 1e-12, m = 1e-12, theta = 1e-15 }", 1e-6)):
            for across in ("", ", mixing = 1e18", TWO, THREE):
                if "grid" in across and "gauss4" in method:
                    continue
                mixing = across if "mixing" in across else ""
                stack = STACK.replace("MIXING", mixing) + (across if "grid" in across else "")
                with self.subTest(method=method, across=across):
                    whole = self.run_for(stack, [0.0, 10e-12, 20e-12], BUMP, method)
                    first = self.run_for(stack, [0.0, 10e-12], BUMP, method)
                    second = self.run_for(stack, [0.0, 10e-12], f"{{ file = '{first}/t.nc' }}", method)
                    self.compare(whole, second, tolerance)
                    self.assertEqual(program.run("check", second + "/input.toml").returncode, 0)

    def test_a_time_of_the_file_and_another_field_keep_the_full_values(self):
        method = "method = 'midpoint'\ndt = '0.5 ps'"
        for across in ("", TWO, THREE):
            stack = STACK.replace("MIXING", "") + across
            first = self.run_for(stack, [0.0, 5e-12, 10e-12], BUMP, method)
            for time, index in (("", -1), (", time = '5 ps'", 1), (", time = '10 ps'", -1)):
                turned = stack.replace('["2 mT", 0, "15 mT"]', '[0, "7 mT", "12 mT"]')
                second = self.run_for(turned, [0.0, 1e-12], f"[{{ file = '{first}/t.nc'{time} }}]", method)
                with netCDF4.Dataset(first + "/t.nc") as old, netCDF4.Dataset(second + "/t.nc") as new:
                    for name in ("M", "m", "theta") if not across else ("M_x", "M_z", "m_y", "theta_x"):
                        before, after = (np.nan_to_num(np.ma.filled(file[name][i], 0)) for file, i in ((old, index), (new, 0)))
                        # the equilibria are taken off and put back, of some 100 A/m
                        self.assertLessEqual(np.abs(before - after).max(), 1e-13 * max(np.abs(before).max(), 1e-300), name)

    def test_bumps_come_on_top(self):
        method = "method = 'midpoint'\ndt = '0.5 ps'"
        stack = STACK.replace("MIXING", "")
        first = self.run_for(stack, [0.0, 5e-12], BUMP, method)
        bump = "{ field = 'm', component = 'y', shape = 'uniform', amplitude = 0.5 }"
        second = self.run_for(stack, [0.0, 1e-12], f"[{bump}, {{ file = '{first}/t.nc' }}]", method)
        with netCDF4.Dataset(first + "/t.nc") as old, netCDF4.Dataset(second + "/t.nc") as new:
            change = np.array(new["m"][0]) - np.array(old["m"][-1])
        self.assertLessEqual(np.abs(change - [0, 0.5, 0]).max(), 1e-15)

    def test_what_does_not_fit_is_refused_at_its_place(self):
        method = "method = 'midpoint'\ndt = '0.5 ps'"
        plain = STACK.replace("MIXING", "")
        line = self.run_for(plain, [0.0, 5e-12], BUMP, method)
        grid = self.run_for(plain + TWO, [0.0, 5e-12], BUMP, method)
        mixed = self.run_for(STACK.replace("MIXING", ", mixing = 1e18"), [0.0, 5e-12], BUMP, method)
        folder = os.path.dirname(line)
        pathlib.Path(folder, "text.nc").write_text("no netCDF")
        whole = pathlib.Path(line, "t.nc").read_bytes()
        for part in (10, len(whole) // 3, 2 * len(whole) // 3):
            pathlib.Path(folder, f"cut{part}.nc").write_bytes(whole[:part])
        steady = run(plain.replace('B = ["2 mT", 0, "15 mT"]', 'B = [0, 0, "15 mT"]') + "[[experiments]]\nkind = 'steady'\n")[1]
        sweep = run(plain + "[[experiments]]\nname = 't'\nkind = 'time'\nduration = 1e-12\n"
                    "sweep = { 'layers.film.thickness' = [2e-8, 3e-8] }\n")[1]

        def refused(stack, initial, said):
            path = pathlib.Path(folder, "refused.toml")
            text = stack + f"[[experiments]]\nname = 't'\nkind = 'time'\nduration = '1 ps'\ninitial = {initial}\n"
            path.write_text(text)
            place = text[:text.index("'", text.index("file = "))]
            where = f"{path}:{place.count(chr(10)) + 1}:{len(place) - place.rfind(chr(10))}: "
            for command in ("check", "run"):
                done = program.run(command, path)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(said, done.stderr)
                self.assertIn(where, done.stderr)

        def named(file, more=""):
            return f"{{ file = '{file}'{more} }}"
        last = named(line + "/t.nc")
        refused(plain.replace("cells = 10", "cells = 12"), last, "its grid has 14 cells along x; this run's has 16 cells along x")
        refused(plain.replace('"20 nm"', '"21 nm"'), last, "is another one: cell 5 along x is at")
        refused(plain + TWO, last, "its grid has 14 cells along x; this run's has 14 x 6 cells along x, y")
        refused(plain + THREE, named(grid + "/t.nc"), "14 x 6 cells along x, y; this run's has 14 x 6 x 3 cells along x, y, z")
        refused(plain + TWO.replace('"10 nm", "20 nm"', '"5 nm", "20 nm"'), named(grid + "/t.nc"), "which is vacuum here")
        refused(plain.replace('material = "pt"', 'material = "glass"'), last, "it has no M in cell 1, which is a spin glass here")
        refused(plain.replace('material = "glass"', 'material = "pt"'), last, "it has a M in cell 5, which is a metal here")
        refused(plain, named("nothing.nc"), "there is no such file")
        refused(plain, named("text.nc"), "cannot be read as netCDF-4")
        refused(plain, named("."), "is not a file")
        for part in (10, len(whole) // 3, 2 * len(whole) // 3):
            refused(plain, named(f"cut{part}.nc"), "read")
        refused(plain, named(steady + "/steady.nc"), "not the result of a time experiment")
        refused(plain, named(sweep + "/t.nc"), "holds a sweep")
        refused(plain, named(line + "/t.nc", ", time = '4 ps'"), "none of the 2 times")
        refused(plain, named(mixed + "/t.nc"), "it has 1 faces with spin mixing, this run has 0")
        refused(STACK.replace("MIXING", ", mixing = 1e18"), named(mixed + "/t.nc", ", time = 0"), "leave out time")


if __name__ == "__main__":
    unittest.main(verbosity=2)
