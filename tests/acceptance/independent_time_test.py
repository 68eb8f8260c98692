#!/usr/bin/python3
"""Time experiments through the command line against an independent twin (time_reference.py): random materials, layers, interfaces
with and without spin mixing, all kinds of outer faces, fields, remanence, precession and drives, and the ledger.

Both have the same finite volumes, so that what differs is the integration in time: Radau at 1e-11 against `auto` at rtol 1e-10 and
Gauss-4 with steps far below the precession and drive periods. Bounds, relative to the largest value of each field in space
and time: for `auto` 1e-7, a thousand times its tolerance (which bounds the error of one step, of which there are hundreds); for Gauss-4
1e-8, a thousand times Radau's, whose error it mostly is. Measured are up to 6e-9 and 3e-9.
"""
import math
import os
import random
import subprocess
import sys
import tempfile
import unittest

import netCDF4
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "support")]
from independent_support import PROGRAM, log_uniform, table, written  # noqa: E402
from test_seed import test_seed  # noqa: E402
from time_reference import Line  # noqa: E402

LONG = os.environ.get("VITRISPIN_TEST_LEVEL") == "long"
SEED = test_seed()
BOUND = {"auto": 1e-7, "explicit": 1e-7, "gauss4": 1e-8}


def glass(rng):
    p = {"gamma": 1.76e11 * rng.uniform(0.5, 1.5), "chi_M": log_uniform(rng, 1e-3, 1e-1), "tau_ML": log_uniform(rng, 1e-11, 1e-9),
         "tau_mL": log_uniform(rng, 1e-12, 1e-10), "tau_Mm": log_uniform(rng, 1e-12, 1e-10), "D": log_uniform(rng, 1e-7, 1e-5),
         "rho_s": log_uniform(rng, 1e-13, 1e-11), "K": rng.choice([0.0, log_uniform(rng, 10, 1e4)]),
         "alpha": rng.choice([0.0, log_uniform(rng, 1e-8, 1e-5)]), "M0": [rng.uniform(-3e3, 3e3) for _ in range(3)]}
    p["chi_m"] = p["chi_M"] * rng.uniform(0.05, 0.9)
    return p


def metal(rng):
    return {"gamma": 1.76e11, "chi_m": log_uniform(rng, 1e-5, 1e-3), "tau_mL": log_uniform(rng, 1e-13, 1e-11),
            "D": log_uniform(rng, 1e-5, 1e-3)}


def vector(rng, size):
    return [size * rng.uniform(-1, 1) for _ in range(3)]


def outer_face(rng, textured):
    kind = rng.choice(["closed", "current", "contact", "contact"])
    face = {}
    if kind == "current":
        face["current"] = vector(rng, 1.0)
    if kind == "contact":
        face.update(conductance=rng.choice([math.inf, log_uniform(rng, 1, 1e4)]), potential=vector(rng, 10.0))
        if textured and rng.random() < 0.6:
            face["mixing"] = log_uniform(rng, 1e17, 1e19)
            return face
    if textured:
        face["twist"] = rng.choice(["free", "clamped", vector(rng, 1e-7)])
    return face


class TimeTest(unittest.TestCase):
    def test_random_stacks_fields_and_ledgers(self):
        rng = random.Random(SEED)
        for case in range(20 if LONG else 4):
            self.one(rng, case)

    def one(self, rng, case):
        kinds = rng.choice([["glass"], ["glass", "glass"], ["metal", "glass"], ["glass", "metal"], ["glass", "metal", "glass"]])
        materials = [glass(rng) if kind == "glass" else metal(rng) for kind in kinds]
        layers = [(p, rng.uniform(5e-9, 3e-8), rng.randint(3, 5)) for p in materials]
        interfaces = []
        for a, b in zip(kinds, kinds[1:]):
            mixing = log_uniform(rng, 1e17, 1e19) if a != b and rng.random() < 0.7 else 0.0
            interfaces.append((rng.choice([math.inf, log_uniform(rng, 1, 1e4)]), mixing))
        left, right = outer_face(rng, kinds[0] == "glass"), outer_face(rng, kinds[-1] == "glass")
        H = vector(rng, 3e4)
        duration = 2e-11
        times = [i * duration / 4 for i in range(5)]
        drives, dH, dH_rate, current = self.drives(rng, left, duration)
        bump = {"field": "m", "component": rng.choice("xyz"), "shape": "gaussian", "center": 1e-8, "width": 5e-9, "amplitude": 50.0}
        turn = {"field": "theta", "component": rng.choice("xyz"), "shape": "uniform", "amplitude": 0.01}
        line = Line(layers, interfaces, left, right, H)
        start = np.zeros(9 * line.N + 3 * line.faces)
        start[3 * line.N:6 * line.N].reshape(-1, 3)[:, "xyz".index(bump["component"])] = (
            50.0 * np.exp(-(line.x - 1e-8)**2 / (2 * 5e-9**2)))
        component = "xyz".index(turn["component"])
        start[6 * line.N:9 * line.N].reshape(-1, 3)[line.glass, component] = 0.01
        start[9 * line.N:].reshape(-1, 3)[:, component] = 0.01
        expected = line.solve(start, times, dH, dH_rate, current, 50.0)
        text = table("[field]", {"H": H})
        for i, p in enumerate(materials):
            text += table(f"[materials.m{i}]", {**({} if "chi_M" in p else {"kind": "metal"}), **p})
        for i, (_, thickness, cells) in enumerate(layers):
            text += table("[[layers]]", {"name": f"l{i}", "material": f"m{i}", "thickness": thickness, "cells": cells})
        text += "[interfaces]\n"
        for i, (conductance, mixing) in enumerate(interfaces):
            text += f'"l{i}|l{i + 1}" = {{ conductance = {written(conductance)}, mixing = {mixing!r} }}\n'
        for side, face in (("left", left), ("right", right)):
            text += table(f"[boundary.{side}]", face or {"closed": True})
        for method, more in (("auto", {"rtol": 1e-10}), ("explicit", {"rtol": 1e-10}), ("gauss4", {"dt": duration / 4000})):
            text += table("[[experiments]]", {"name": method, "kind": "time", "duration": duration, "output": times, "method": method,
                                              **more})
            inline = lambda values: "{ " + ", ".join(f"{k} = {written(v)}" for k, v in values.items()) + " }"
            text += f"initial = [{inline(bump)}, {inline(turn)}]\n"
            text += "drives = [" + ", ".join(map(inline, drives)) + "]\n"
        self.compare(case, text, line, expected, times, dH)

    def drives(self, rng, left, duration):
        """A field that oscillates in time and space, and a pulse of the current where there is one."""
        component, amplitude, frequency, k = rng.randrange(3), rng.uniform(100, 1000), rng.uniform(2e10, 1e11), 5e7
        drives = [{"target": "field.H", "component": "xyz"[component], "shape": "sine", "amplitude": amplitude,
                   "frequency": frequency, "phase": 0.3, "k": k}]
        unit = np.eye(3)[component]
        w = 2 * math.pi * frequency
        wave = lambda t, x: amplitude * (math.sin(w * t + 0.3)) * np.cos(k * x) * unit
        # the field at the start is part of the equilibrium: H - H(start) counts from there
        dH = wave
        rate = lambda t, x: amplitude * w * math.cos(w * t + 0.3) * np.cos(k * x) * unit
        if "current" not in left:
            return drives, dH, rate, lambda side, t: 0.0
        drives.append({"target": "boundary.left.current", "component": "y", "shape": "pulse", "amplitude": 2.0,
                       "center": duration / 2, "width": duration / 8})
        pulse = lambda side, t: np.array([0, 2.0 * math.exp(-0.5 * ((t - duration / 2) / (duration / 8))**2), 0]) * (side == 0)
        return drives, dH, rate, pulse

    def compare(self, case, text, line, expected, times, dH):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "case.toml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            done = subprocess.run([PROGRAM, "run", path, "-o", os.path.join(folder, "out"), "--quiet"], capture_output=True,
                                  text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr + text)
            for method in BOUND:
                with netCDF4.Dataset(os.path.join(folder, "out", f"{method}.nc")) as data:
                    self.fields(f"case {case}, {method}", BOUND[method], data, line, expected, text)
                    self.ledger(f"case {case}, {method}", BOUND[method], data, line, expected, times, dH, text)

    def fields(self, where, bound, data, line, expected, text):
        states = [line.split(z) for z in expected]
        for i, (name, base) in enumerate((("M", line.M_eq), ("m", line.m_eq), ("theta", 0))):
            got = np.ma.filled(data[name][:], np.nan)
            there = np.ones(line.N, bool) if name == "m" else line.glass
            exact = np.array([base + state[i] for state in states])[:, there]
            change = np.array([state[i] for state in states])[:, there]
            error = np.max(np.abs(got[:, there] - exact)) / np.max(np.abs(change))
            print(f"{where}: {name} {error:.1e}", flush=True)
            self.assertLess(error, bound, f"{where}: {name}\n{text}")

    def ledger(self, where, bound, data, line, expected, times, dH, text):
        energy = [line.free_energy(t, z, dH) for t, z in zip(times, expected)]
        lost, work = expected[-1, -2:]
        scale = lost + abs(work)
        self.assertLess(abs(energy[-1] - energy[0] + lost - work) / scale, 1e-8, "the twin's own ledger")
        for name, value in (("free_energy_change", energy[-1] - energy[0]), ("dissipated", lost), ("work", work)):
            error = abs(float(data[f"ledger_{name}"][...]) - value) / scale
            print(f"{where}: {name} {error:.1e}", flush=True)
            self.assertLess(error, bound, f"{where}: {name}\n{text}")


if __name__ == "__main__":
    unittest.main()
