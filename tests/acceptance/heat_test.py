#!/usr/bin/python3
"""Heat through the command line against an independent twin: M, m, theta and T of every cell of a metal and a glass whose parameters
depend on temperature, written from docs/theory.md with the full M (not its deviation) and integrated by scipy's Radau at 1e-10.

The program's midpoint steps are extrapolated from two step lengths, which takes out their error of second order. What remains is of
third order, and Radau's: measured up to 1e-8 of the largest value of each field (most in theta), ten times that is allowed. The total energy must close to 1e-11 of the heat that passed.
"""
import os
import random
import sys
import unittest

import netCDF4
import numpy as np
from scipy.integrate import solve_ivp

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "support")]
from independent_support import log_uniform  # noqa: E402
from oracles_test import run  # noqa: E402
from test_seed import test_seed  # noqa: E402

LONG = os.environ.get("VITRISPIN_TEST_LEVEL") == "long"
MU0 = 1.25663706212e-6
BOUND = 1e-7
KEYS = ("chi_M", "chi_m", "tau_ML", "tau_mL", "tau_Mm", "D", "rho_s", "K", "alpha", "C", "kappa")
TEMPERATURES = (5.0, 12.0, 20.0)


def series(*links):
    return 0.0 if min(links) == 0 else 1 / sum(1 / link for link in links)


class Twin:
    """A metal of cells [0, n_metal) and a glass; what a table gives is linear in T."""

    def __init__(self, case):
        self.case = case
        self.n = case["metal_cells"] + case["glass_cells"]
        self.glass = np.arange(self.n) >= case["metal_cells"]
        self.width = np.where(self.glass, case["glass_thickness"] / case["glass_cells"],
                              case["metal_thickness"] / case["metal_cells"])
        self.H = np.array(case["H"])
        self.M0 = np.array(case["glass"]["M0"])

    def parameters(self, T):
        glass, metal = self.case["glass"], self.case["metal"]
        found = {}
        for key in KEYS:
            column = self.case["table"].get(key)
            of_glass = np.interp(T, TEMPERATURES, column) if column else np.full(self.n, glass[key])
            found[key] = np.where(self.glass, of_glass, metal.get(key, np.inf if key.startswith(("chi_M", "tau")) else 0.0))
        return found

    def start(self, T):
        p = self.parameters(np.full(self.n, T))
        M = np.where(self.glass[:, None], self.M0 + np.where(self.glass, p["chi_M"], 0)[:, None] * self.H, 0)
        m = np.where(self.glass[:, None], 0, p["chi_m"][:, None] * self.H)
        return np.concatenate([M.ravel(), m.ravel(), np.zeros(3 * self.n), np.full(self.n, T)])

    def split(self, z):
        n = 3 * self.n
        return (*(z[i * n:(i + 1) * n].reshape(self.n, 3) for i in range(3)), z[3 * n:])

    def links(self, strength, interface):
        """Conductances between the cells' centres, from D chi_m, rho_s or kappa."""
        half = 2 * strength / self.width
        result = [series(a, b) for a, b in zip(half, half[1:])]
        i = self.case["metal_cells"] - 1
        result[i] = series(half[i], interface, half[i + 1]) if np.isfinite(interface) else result[i]
        return np.array(result)[:, None], half

    def rates(self, _, z):
        M, m, theta, T = self.split(z)
        case, on, gamma = self.case, self.glass[:, None], 1.76085963023e11
        p = {key: values[:, None] for key, values in self.parameters(T).items()}
        chi_M = np.where(on, p["chi_M"], 1)
        H_star = np.where(on, self.H - (M - self.M0) / chi_M - m / chi_M, 0)
        h_star = self.H - np.where(on, (M - self.M0) / chi_M, 0) - m / p["chi_m"]
        dM, dm = -np.where(on, chi_M, 0) * H_star, -p["chi_m"] * h_star
        a, b, c = 1 / p["tau_ML"], 1 / p["tau_mL"], 1 / p["tau_Mm"]
        d = np.where(on, c * chi_M / p["chi_m"], 0)
        Y, half = self.links((p["D"] * p["chi_m"])[:, 0], case["conductance"])
        j = Y * (h_star[1:] - h_star[:-1])
        heat = np.zeros(self.n)  # of the faces, per area
        at_links = MU0 * np.sum(j**2 / Y, axis=1)
        heat[:-1] += at_links / 2
        heat[1:] += at_links / 2
        current = np.array(case["current"])
        heat[0] += MU0 * np.sum(current**2) / half[0]
        Y_out = series(half[-1], case["sink"])
        out = -Y_out * h_star[-1]
        heat[-1] += MU0 * np.sum(out**2) / Y_out
        faces = np.vstack([current, j, out])
        kappa, _ = self.links(p["rho_s"][:, 0], np.inf)
        stress = np.vstack([np.zeros(3), kappa * (theta[1:] - theta[:-1]), np.zeros(3)])
        width = self.width[:, None]
        Gamma = np.where(on, -p["K"] * theta + np.diff(stress, axis=0) / width, 0)
        rate_M = np.where(on, -gamma * MU0 * np.cross(M, H_star) - gamma * Gamma - (a + c) * dM + d * dm, 0)
        rate_m = -gamma * MU0 * np.cross(m, h_star) - np.diff(faces, axis=0) / width - (b + d) * dm + c * dM
        rate_theta = np.where(on, gamma * MU0 * H_star + p["alpha"] * gamma * Gamma, 0)
        weight = np.where(on, chi_M, 0)
        production = MU0 * (weight * a * H_star**2 + p["chi_m"] * b * h_star**2 + weight * c * np.where(
            on, H_star - h_star, 0)**2) + np.where(on, p["alpha"] * gamma * Gamma**2, 0)
        G, half_T = self.links(p["kappa"][:, 0], case["kapitza"])
        flow = (G[:, 0] * (T[:-1] - T[1:]))
        into = np.zeros(self.n)
        into[:-1] -= flow
        into[1:] += flow
        into[0] += series(half_T[0], case["bath"][1]) * (case["bath"][0] - T[0])
        rate_T = ((into + heat) / self.width + production.sum(axis=1)) / p["C"][:, 0]
        return np.concatenate([rate_M.ravel(), rate_m.ravel(), rate_theta.ravel(), rate_T])

    def solve(self, duration, T):
        scale = np.concatenate([np.full(6 * self.n, 10.0), np.full(3 * self.n, 1e-2), np.full(self.n, 1.0)])
        found = solve_ivp(self.rates, (0, duration), self.start(T), method="Radau", rtol=1e-10, atol=1e-11 * scale)
        assert found.success, found.message
        return self.split(found.y[:, -1])


def random_case(rng):
    glass = {"chi_M": log_uniform(rng, 5e-3, 5e-2), "tau_ML": log_uniform(rng, 1e-10, 1e-9), "tau_mL": log_uniform(rng, 5e-11, 5e-10),
             "tau_Mm": log_uniform(rng, 1e-10, 1e-9), "D": log_uniform(rng, 1e-7, 1e-6), "rho_s": log_uniform(rng, 1e-15, 1e-14),
             "K": rng.uniform(0.2, 2), "alpha": log_uniform(rng, 1e-8, 1e-6), "C": log_uniform(rng, 1e3, 1e4),
             "kappa": rng.uniform(0.05, 0.2), "M0": [rng.uniform(-50, 50) for _ in range(3)]}
    glass["chi_m"] = glass["chi_M"] * rng.uniform(0.1, 0.5)
    metal = {"chi_m": 0.01, "tau_mL": 5e-11, "D": 2e-6, "C": log_uniform(rng, 1e3, 1e4), "kappa": rng.uniform(0.1, 0.5)}
    common = rng.uniform(0.7, 1.3)  # of both susceptibilities, so that xi stays below 1
    table = {}
    for key in KEYS:
        if rng.random() < 0.7 or key == "chi_m":
            last = common if key in ("chi_M", "chi_m") else rng.uniform(0.6, 1.6)
            table[key] = [glass[key] * factor for factor in (1, (1 + last) / 2, last)]
    if "chi_M" not in table:
        del table["chi_m"]
    return {"glass": glass, "metal": metal, "table": table, "metal_cells": 3, "glass_cells": 5, "metal_thickness": 3e-8,
            "glass_thickness": 6e-8, "H": [rng.uniform(-3e3, 3e3) for _ in range(3)], "conductance": rng.uniform(10, 50),
            "kapitza": log_uniform(rng, 1e6, 1e8), "current": [rng.uniform(-5, 5) for _ in range(3)], "sink": rng.uniform(5, 50),
            "bath": (rng.uniform(14, 19), log_uniform(rng, 1e6, 1e8))}


def text_of(case, duration, steps):
    lines = ["[materials.glass]"] + [f"{key} = {value!r}" for key, value in case["glass"].items()]
    if case["table"]:
        lines += ["[materials.glass.table]", f"T = {list(TEMPERATURES)}"]
        lines += [f"{key} = {values}" for key, values in case["table"].items()]
    lines += ["[materials.metal]", "kind = 'metal'"] + [f"{key} = {value!r}" for key, value in case["metal"].items()]
    lines += ["[[layers]]", "name = 'a'", "material = 'metal'", f"thickness = {case['metal_thickness']!r}", f"cells = {case['metal_cells']}",
              "[[layers]]", "name = 'b'", "material = 'glass'", f"thickness = {case['glass_thickness']!r}", f"cells = {case['glass_cells']}",
              "[interfaces]", f"'a|b' = {{ conductance = {case['conductance']!r}, thermal_conductance = {case['kapitza']!r} }}",
              "[boundary.left]", f"current = {case['current']}", f"temperature = {case['bath'][0]!r}",
              f"thermal_conductance = {case['bath'][1]!r}", "[boundary.right]", f"conductance = {case['sink']!r}",
              "[field]", f"H = {case['H']}", "[[experiments]]", "name = 't'", "kind = 'time'", f"duration = {duration!r}",
              f"output = [0, {duration!r}]", "method = 'midpoint'", f"dt = {duration / steps!r}", "heat = { temperature = 10 }"]
    return "\n".join(lines) + "\n"


class HeatTest(unittest.TestCase):
    def test_random_cases_against_the_twin(self):
        rng = random.Random(test_seed())
        for number in range(10 if LONG else 3):
            with self.subTest(case=number):
                self.one(random_case(rng))

    def one(self, case):
        duration = 2e-10
        expected = Twin(case).solve(duration, 10.0)
        found = []
        for steps in (1000, 2000):
            experiments, folder = run(text_of(case, duration, steps))
            ledger = experiments["t"]["ledger"]
            passed = abs(ledger["heat_held"]) + abs(ledger["heat_to_baths"]) + ledger["dissipated"]
            self.assertLess(abs(ledger["total_imbalance"]), 1e-11 * passed)
            with netCDF4.Dataset(os.path.join(folder, "t.nc")) as data:
                found.append([np.nan_to_num(np.ma.filled(data[name][-1], 0.0)) for name in ("M", "m", "theta", "temperature")])
        for name, exact, coarse, fine in zip(("M", "m", "theta", "T"), expected, *found):
            got = (4 * fine - coarse) / 3
            size = np.max(np.abs(exact - (10.0 if name == "T" else 0.0)))
            self.assertLess(np.max(np.abs(got - exact)), BOUND * size, name)


if __name__ == "__main__":
    unittest.main()
