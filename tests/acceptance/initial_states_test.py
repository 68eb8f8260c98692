#!/usr/bin/python3
"""States at the start of time experiments that come from elsewhere: modes of the layers' material."""
import math
import unittest

import numpy as np
from oracles_test import run

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


if __name__ == "__main__":
    unittest.main(verbosity=2)
