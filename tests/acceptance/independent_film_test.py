#!/usr/bin/python3
"""Random stacks through the command line against transfer matrices with 150 and more digits (film_reference.py).

Covers docs/theory.md, sections 2, 3 and 5, Eqs. (22)-(32) linearised: currents and their parts at faces and interfaces,
transmissions, rotation of K = 0 groups, k of the modes, balance and the profiles, steady and harmonic, with contacts, spin
mixing, torques, clamped faces, complex drives, and H and M0 along any axis. The reference was written from the theory and
the input's documentation, without the program's formulas.

Tolerances: 1e-12 for currents and 1e-11 for fields; a phase kappa d of a weakly damped wave is known to
kappa d roundings only and a resonance magnifies them, hence 1e-15 (1 + max |kappa d|)^2 is added.
"""
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import unittest

import netCDF4
import numpy
from mpmath import mp, mpc, mpf

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "support")]
from film_reference import Stack  # noqa: E402
from test_seed import test_seed  # noqa: E402

PROGRAM = os.environ["VITRISPIN"]
LONG = os.environ.get("VITRISPIN_TEST_LEVEL") == "long"
SEED = test_seed()
DIGITS = 150
POINTS = 4


def written(v):
    if isinstance(v, str):
        return f'"{v}"'
    if isinstance(v, (list, tuple)):
        return "[" + ", ".join(written(c) for c in v) + "]"
    return str(v) if isinstance(v, int) else repr(v)


def input_file(data, frequency):
    table = lambda t: [f"{k} = {written(v)}" for k, v in t.items()]
    lines = []
    for name, p in data["materials"].items():
        lines += [f"[materials.{name}]"] + table(p)
    for i, layer in enumerate(data["layers"]):
        lines += ["[[layers]]", f'name = "l{i}"'] + table(layer)
    lines.append("[interfaces]")
    lines += [f'"l{i}|l{i + 1}" = {{ {", ".join(table(t))} }}' for i, t in data["interfaces"].items()]
    for side in ("left", "right"):
        lines += [f"[boundary.{side}]"] + table(data[side])
    lines += ["[field]", f"H = {written(data['H'])}", "[[experiments]]", 'name = "e"', f"profile_points = {POINTS}"]
    lines += ['kind = "steady"'] if frequency is None else ['kind = "harmonic"', f"frequency = {frequency!r}"]
    return "\n".join(lines) + "\n"


def random_material(rng, kind):
    log = lambda a, b: 10 ** rng.uniform(a, b)
    if kind in ("metal", "paramagnet"):
        return dict(kind=kind, gamma=log(10.8, 11.5), chi_m=log(-6, -4), tau_mL=log(-13, -11), D=log(-5, -2))
    chi_M = log(-4, -1)
    xi = rng.choice([log(-4, -0.1), 1 - log(-3, -1)])
    p = dict(kind=kind, chi_M=chi_M, chi_m=chi_M * xi, tau_ML=log(-12, -9), tau_mL=log(-13, -10), tau_Mm=log(-12, -9),
             D=log(-6, -2))
    if kind == "spin-glass":
        p.update(gamma=log(10.8, 11.5), rho_s=log(-14, -10), K=rng.choice([0.0, log(0, 5)]),
                 alpha=rng.choice([0.0, log(-8, -4)]))
    return p


def random_boundary(rng, kind, vector):
    b = {}
    choice = rng.choice(["closed", "current", "contact", "contact"])
    if choice == "current" and kind != "ferromagnet":
        b["current"] = vector(1)
    if choice == "contact":
        b["conductance"] = rng.choice([math.inf, 10 ** rng.uniform(-1, 4), 0.0])
        if kind != "ferromagnet":  # no transverse spin enters it
            b["potential"] = vector(10)
        if kind == "spin-glass" and rng.random() < 0.6:
            b["mixing"] = 10 ** rng.uniform(16, 20)
    if kind == "spin-glass" and "mixing" not in b:
        b["twist"] = rng.choice(["free", "clamped", vector(1e-3)])
    return b


def random_stack(rng, harmonic):
    kinds = [rng.choice(["spin-glass"] * 4 + ["metal"] * 2 + ["paramagnet", "ferromagnet"]) for _ in range(rng.randint(1, 4))]
    materials = {f"a{i}": random_material(rng, kind) for i, kind in enumerate(kinds)}
    layers = []
    for name, p in materials.items():
        length = math.sqrt(p["D"] * p["tau_mL"])
        layers.append(dict(material=name, thickness=length * 10 ** rng.uniform(-1.5, 1)))
    interfaces = {}
    for i in range(len(kinds) - 1):
        t = {"conductance": 10 ** rng.uniform(-1, 4)} if rng.random() < 0.5 else {}
        if {kinds[i], kinds[i + 1]} == {"spin-glass", "metal"} and rng.random() < 0.6:
            t["mixing"] = 10 ** rng.uniform(16, 20)
        interfaces[i] = t
    number = lambda size: size * rng.uniform(-1, 1)
    component = (lambda size: [number(size), number(size)]) if harmonic else number
    vector = lambda size: [component(size) for _ in range(3)]
    direction = rng.choice([(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (0.48, -0.6, 0.64)])
    sign = rng.choice([1, -1])
    H = [5e4 * sign * c for c in direction]
    for p in materials.values():  # factors are powers of two: M0 is exactly parallel to H
        if p["kind"] == "spin-glass" and rng.random() < 0.6:
            factor = rng.choice([1 / 64, -1 / 32, 0.25])
            p["M0"] = [factor * c for c in H]
    return dict(materials=materials, layers=layers, interfaces=interfaces, H=H,
                left=random_boundary(rng, kinds[0], vector), right=random_boundary(rng, kinds[-1], vector))


class IndependentFilm(unittest.TestCase):
    def program(self, data, frequency):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "film.toml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(input_file(data, frequency))
            done = subprocess.run([PROGRAM, "run", path, "-o", os.path.join(folder, "out"), "--quiet"],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            with open(os.path.join(folder, "out/summary.json"), encoding="utf-8") as file:
                summary = json.load(file)["experiments"]["e"]
            with netCDF4.Dataset(os.path.join(folder, "out/e.nc")) as results:
                results.set_auto_mask(False)
                return summary, {k: numpy.array(v[...]) for k, v in results.variables.items()}

    def near(self, what, got, expected, scale, tolerance):
        """Vectors, relative to the larger of the vector and 1e-3 of its scale (a node of a profile has no digits)."""
        difference = max(abs(a - complex(b)) for a, b in zip(got, expected))
        # Below 1e-120 (A/m, A/s, rad) the reference is its own rounding of an exact zero, such as an m that nothing drives.
        size = max(max(abs(complex(b)) for b in expected), 1e-3 * scale, 1e-120 / tolerance)
        self.assertLessEqual(difference, tolerance * size, what)

    def compare(self, data, frequency):
        harmonic = frequency is not None
        summary, profiles = self.program(data, frequency)
        mp.dps = 60 + DIGITS
        omega = 2 * mp.pi * mpf(frequency) if harmonic else 0
        stack = Stack(data)
        solutions = stack.solve(omega, DIGITS)
        vector = lambda f: stack.vector(*[f(s) for s in solutions])
        number = (lambda v: numpy.array(v)[..., 0] + 1j * numpy.array(v)[..., 1]) if harmonic else numpy.array
        pick = (lambda v: number(v[0])) if harmonic else number
        widths = [layer.L for layer in solutions[1].layers]
        phase = max([0.0] + [float(abs(mp.sqrt(q)) * l.L) for s in solutions for l in s.layers for q in l.roots()])
        slack = 1e-15 * (1 + phase) ** 2
        last = len(widths) - 1
        J = {}
        for name, i, x in (("current_in", 0, 0), ("current_out", last, widths[last])):
            for part, index in (("_m", 0), ("_theta", 1)):
                J[name + part] = vector(lambda s, i=i, x=x, index=index: s.current(i, x)[index])
            J[name] = [a + b for a, b in zip(J[name + "_m"], J[name + "_theta"])]
        scale = max(abs(complex(c)) for v in J.values() for c in v)
        for name, v in J.items():
            self.near(name, pick(summary[name]), v, scale, 1e-12 + slack)
        into = J["current_in"]
        norm = sum(abs(c) ** 2 for c in into)

        def transmitted(v):
            return sum(mp.conj(a) * b for a, b in zip(into, v)) / norm

        if norm > mpf(10) ** -100 * mpf(scale) ** 2:
            out = transmitted(J["current_out"])
            # below 1e-80 it is the reference's rounding of the nothing that leaves a closed face
            self.near("transmission", [pick(summary["transmission"])], [out], 1e-80, 1e-11 + slack)
        for i in range(last):
            name = f"l{i}|l{i + 1}"
            parts = [vector(lambda s, i=i, n=n: s.current(i, widths[i])[n]) for n in (0, 1)]
            total = [a + b for a, b in zip(*parts)]
            largest = max(abs(complex(c)) for v in parts + list(J.values()) for c in v)
            for key, v in (("_m", parts[0]), ("_theta", parts[1]), ("", total)):
                self.near("interface_current" + key, pick(summary["interface_current" + key][name]), v, largest, 1e-11 + slack)
        groups, pinned = stack.groups()
        self.assertEqual(summary["layers_of_group"], groups)
        self.assertEqual(summary["regime"], ["pinned" if p else "rotating" for p in pinned])
        if harmonic:
            self.wavenumbers(summary, solutions)
        else:
            for g, group in enumerate(groups):
                turn = vector(lambda s, i=group[0]: s.value(s.turn_of(i)))
                size = max(abs(complex(c)) for c in turn)
                self.near("rotation", summary["rotation"][g], turn, size, 1e-11)
        self.fields(stack, solutions, profiles, widths, harmonic, 1e-11 + slack)

    def wavenumbers(self, summary, solutions):
        for n, solution in enumerate(solutions):
            for i, layer in enumerate(solution.layers):
                expected = [mpc(0, 1) * mp.sqrt(q) for q in layer.roots()] if not getattr(layer, "absent", False) else []
                expected = sorted((k if k.imag >= 0 else -k for k in expected), key=lambda k: k.imag)
                got = [complex(*k) for k in summary["k"][0][i][n] if k is not None]
                self.assertEqual(len(got), len(expected))
                for a, b in zip(got, expected):
                    self.near("k", [a], [b], 0, 1e-12)

    def fields(self, stack, solutions, profiles, widths, harmonic, tolerance):
        names = ("delta_m", "theta", "h_star", "j", "texture_current")
        expected = []
        for i, width in enumerate(widths):
            for n in range(POINTS):
                at = [s.profile(i, width * n / (POINTS - 1)) for s in solutions]
                expected.append({name: stack.vector(*[a[name] if a else mpf(0) for a in at]) for name in names})
        for name in names:
            # m and texture exchange spin, so inside the film j is known to rounding of the larger of the two currents.
            both = ("j", "texture_current") if name == "j" else (name,)
            scale = max(abs(complex(c)) for e in expected for each in both for c in e[each])
            for n, e in enumerate(expected):
                glass = solutions[1].layers[n // POINTS].glass
                if name in ("theta", "texture_current") and not glass:
                    continue
                got = profiles[name][0][n] if harmonic else profiles[name][n]
                got = got[..., 0] + 1j * got[..., 1] if harmonic else got
                self.near(f"{name} at point {n}", got, e[name], scale, tolerance)

    def test_random_stacks_of_layers_agree_with_transfer_matrices_of_many_digits(self):
        for case in range(400 if LONG else 40):
            rng = random.Random(f"{SEED}-{case}")
            frequency = rng.choice([None, None, 10 ** rng.uniform(-3, 13)])
            with self.subTest(seed=SEED, case=case):
                self.compare(random_stack(rng, frequency is not None), frequency)


if __name__ == "__main__":
    unittest.main()
