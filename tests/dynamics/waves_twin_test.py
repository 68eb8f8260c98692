#!/usr/bin/python3
"""Waves after a time against an independent program: the matrix of Eq. (52) from its definition and its exponential by mpmath; what
is dissipated from the integral of y y^dagger, as the exponential of the matrix that this obeys. Nothing here knows of modes.

Tolerances, all of the free energy at the start, or its root: a wave is that of frequencies off by some roundings of the fastest,
a phase of eps |s| t while the wave lives; integrals lose, near coinciding modes, eps over the square of the hundredth of |s| within
which modes count as one. Where theta costs no energy it is compared with the angle by which M + m could have turned it.
"""
import json
import math
import os
import random
import subprocess
import sys
import unittest

import numpy
from mpmath import conj, det, expm, matrix, mp, mpc, mpf, sqrt

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from test_seed import test_seed  # noqa: E402

mp.dps = 60
MU0 = mpf("1.25663706212e-6")
EPS = 2.2e-16
DRIVER = os.path.join(os.environ["VITRISPIN_BUILD_DIR"], "bin", "waves_driver")
POINTS = 400 if os.environ.get("VITRISPIN_TEST_LEVEL") == "long" else 60
CHANNELS = ("M_to_lattice", "m_to_lattice", "exchange", "diffusion", "damping")


def log_uniform(rng, low, high):
    return low * (high / low) ** rng.random()


def random_material(rng):
    chi_M = log_uniform(rng, 1e-4, 1)
    material = {"kind": "glass", "gamma": log_uniform(rng, 1e10, 1e12), "chi_M": chi_M,
                "chi_m": chi_M * rng.uniform(0.01, 0.99), "tau_ML": log_uniform(rng, 1e-12, 1e-7),
                "tau_mL": log_uniform(rng, 1e-12, 1e-7), "tau_Mm": log_uniform(rng, 1e-12, 1e-7),
                "D": log_uniform(rng, 1e-7, 1e-2), "rho_s": log_uniform(rng, 1e-15, 1e-10),
                "K": log_uniform(rng, 10, 1e5), "alpha": log_uniform(rng, 1e-9, 1e-4)}
    # limits that have to work: no anisotropy, no damping, strong damping, strong exchange, no relaxation, nothing but precession
    special = rng.randrange(8)
    if special == 0:
        material["K"] = 0.0
    elif special == 1:
        material["alpha"] = 0.0
    elif special == 2:
        material["alpha"] = log_uniform(rng, 1e-3, 1e2)
    elif special == 3:
        material["tau_Mm"] = log_uniform(rng, 1e-16, 1e-13)
    elif special == 4:
        material["tau_ML"] = material["tau_mL"] = None
    elif special == 5:
        material.update(tau_ML=None, tau_mL=None, tau_Mm=None, D=0.0, alpha=0.0)
    return material


def random_metal(rng):
    return {"kind": "metal", "gamma": log_uniform(rng, 1e10, 1e12), "chi_m": log_uniform(rng, 1e-6, 1e-2),
            "tau_mL": rng.choice([None, log_uniform(rng, 1e-13, 1e-8)]), "D": log_uniform(rng, 1e-7, 1e-2)}


def random_start(rng, material):
    """Of the order at which each field costs as much energy as the others."""
    fields = [rng.choice([0, 1, 1]) for _ in range(3)]
    if not any(fields):
        fields[1] = 1
    if material["kind"] == "metal":
        fields = [0, 1, 0]
    sizes = [math.sqrt(material.get("chi_M", 0)), math.sqrt(material["chi_m"]),
             math.sqrt(1.26e-6 / max(material.get("K", 1), 1))]
    return [[on * size * rng.gauss(0, 1) for _ in range(2)] for on, size in zip(fields, sizes)]


def random_point(rng, material=None):
    material = material or (random_metal(rng) if rng.random() < 0.15 else random_material(rng))
    k = 0.0 if rng.random() < 0.15 else log_uniform(rng, 1e5, 1e9)
    Omega = 0.0 if rng.random() < 0.3 else rng.uniform(-1e12, 1e12)
    point = {"material": material, "k": k, "Omega": Omega, "sigma": rng.choice([-1, 0, 1]),
             "start": random_start(rng, material)}
    point["t"] = log_uniform(rng, 1e-6, 1e6) / fastest(point)
    return point


class Wave:
    """The symbols of docs/theory.md as 60-digit numbers."""

    def __init__(self, point):
        p = {key: None if value is None else value if isinstance(value, str) else mpf(value)
             for key, value in point["material"].items()}
        rate = lambda time: mpf(0) if time is None else 1 / time  # noqa: E731
        self.glass = p["kind"] == "glass"
        self.gamma, self.chi_m, self.D, self.b = p["gamma"], p["chi_m"], p["D"], rate(p["tau_mL"])
        self.q, turn = mpf(point["k"]) ** 2, mpc(0, point["sigma"] * mpf(point["Omega"]))
        A = self.D * self.q + self.b
        self.y = [mpc(*start) for start in point["start"]]
        if not self.glass:
            self.G = matrix([[0, 0, 0], [0, turn - A, 0], [0, 0, 0]])
            return
        self.chi_M, self.a, self.c, self.alpha = p["chi_M"], rate(p["tau_ML"]), rate(p["tau_Mm"]), p["alpha"]
        self.K = p["K"] + p["rho_s"] * self.q
        xi = self.chi_m / self.chi_M
        r = self.c / xi - self.c
        g, lift = self.gamma * MU0 / self.chi_M, self.gamma * self.K
        self.G = matrix([[-self.a + turn, -self.a + r + turn, lift], [-xi * A, -(A + r), 0], [-g, -g, -self.alpha * lift]])

    def scales(self):
        """Of each field, what makes entries of G rates."""
        if not self.glass:
            return [mpf(1)] * 3
        return [1 / sqrt(self.chi_M), 1 / sqrt(self.chi_m), sqrt(max(self.K, mpf(1)) / MU0)]

    def energy(self, y):
        if not self.glass:
            return MU0 * abs(y[1]) ** 2 / (2 * self.chi_m)
        return (MU0 * (abs(y[0] + y[1]) ** 2 / self.chi_M + abs(y[1]) ** 2 * (1 / self.chi_m - 1 / self.chi_M))
                + self.K * abs(y[2]) ** 2) / 2

    def after(self, t):
        E = expm(self.G * t)
        return [sum(E[i, j] * self.y[j] for j in range(3)) for i in range(3)]

    def dissipated(self, t):
        """dP/dt = G P + P G^dagger + y0 y0^dagger, P(0) = 0, is the integral of y y^dagger."""
        s = self.scales()
        G = matrix(3, 3)
        y = [s[i] * self.y[i] for i in range(3)]
        for i in range(3):
            for j in range(3):
                G[i, j] = self.G[i, j] * s[i] / s[j]
        A = matrix(10, 10)
        for i in range(3):
            for j in range(3):
                for l in range(3):
                    A[3 * i + j, 3 * l + j] += G[i, l]
                    A[3 * i + j, 3 * i + l] += conj(G[j, l])
                A[3 * i + j, 9] = y[i] * conj(y[j])
        E = expm(A * t)
        P = [[E[3 * i + j, 9] / (s[i] * s[j]) for j in range(3)] for i in range(3)]
        mm = P[1][1].real
        if not self.glass:
            h = mm / self.chi_m ** 2
            return {"M_to_lattice": 0, "m_to_lattice": MU0 * self.chi_m * self.b * h, "exchange": 0,
                    "diffusion": MU0 * self.D * self.chi_m * self.q * h, "damping": 0}
        NN, Nm = P[0][0].real, P[0][1].real
        H = (NN + 2 * Nm + mm) / self.chi_M ** 2
        h = NN / self.chi_M ** 2 + 2 * Nm / (self.chi_M * self.chi_m) + mm / self.chi_m ** 2
        gap = mm * (1 / self.chi_m - 1 / self.chi_M) ** 2
        return {"M_to_lattice": MU0 * self.chi_M * self.a * H, "m_to_lattice": MU0 * self.chi_m * self.b * h,
                "exchange": MU0 * self.chi_M * self.c * gap, "diffusion": MU0 * self.D * self.chi_m * self.q * h,
                "damping": self.alpha * self.gamma * self.K ** 2 * P[2][2].real}


def fastest(point):
    """Largest entry of the matrix in units of energy [1/s]."""
    wave = Wave(point)
    s = wave.scales()
    return float(max(abs(wave.G[i, j]) * s[i] / s[j] for i in range(3) for j in range(3))) or 1.0


def cubic(wave):
    """Coefficients of det(s - G) = s^3 + c2 s^2 + c1 s + c0."""
    G = wave.G
    minors = sum(G[i, i] * G[j, j] - G[i, j] * G[j, i] for i, j in ((0, 1), (0, 2), (1, 2)))
    return -(G[0, 0] + G[1, 1] + G[2, 2]), minors, -det(G)


def discriminant(point):
    wave, unit = Wave(point), fastest(point)
    b, c, d = (value / mpf(unit) ** (i + 1) for i, value in enumerate(cubic(wave)))
    return 18 * b * c * d - 4 * b ** 3 * d + b ** 2 * c ** 2 - 4 * c ** 3 - 27 * d ** 2


def depressed(point):
    """Both vanish where all three modes coincide."""
    wave, unit = Wave(point), fastest(point)
    b, c, d = (value / mpf(unit) ** (i + 1) for i, value in enumerate(cubic(wave)))
    return c - b * b / 3, 2 * b ** 3 / 27 - b * c / 3 + d


def with_values(point, values):
    changed = json.loads(json.dumps(point))
    for key, value in values.items():
        if key == "Omega":
            changed[key] = float(value)
        else:
            changed["material"][key] = math.exp(value)
    return changed


def solved(rng, keys, sigma, conditions):
    """A point that meets as many real conditions as there are keys to choose, by Newton's method from random points."""
    while True:
        point = random_point(rng, random_material(rng))
        point.update(sigma=sigma, k=log_uniform(rng, 1e6, 1e8))
        point["material"].update(alpha=log_uniform(rng, 1e-7, 1e-3), K=log_uniform(rng, 100, 1e5),
                                 tau_ML=log_uniform(rng, 1e-12, 1e-9), tau_mL=log_uniform(rng, 1e-12, 1e-9),
                                 tau_Mm=log_uniform(rng, 1e-12, 1e-9))
        if sigma == 0:
            point["Omega"] = 0.0
        begin = [point["Omega"] if key == "Omega" else math.log(point["material"][key]) for key in keys]
        scale = [1e11 if key == "Omega" else 1.0 for key in keys]
        f = lambda *x: conditions(with_values(point, dict(zip(keys, (v * u for v, u in zip(x, scale))))))  # noqa: E731
        try:
            x = begin_scaled = numpy.array([b / u for b, u in zip(begin, scale)])
            for _ in range(60):
                value = numpy.array(f(*x), dtype=float)
                J = numpy.array([(numpy.array(f(*(x + 1e-6 * e)), dtype=float) - value) / 1e-6 for e in numpy.eye(len(x))]).T
                step = numpy.linalg.solve(J, -value)
                x = x + step * min(1.0, 1.0 / max(abs(step)))
                if max(abs(step)) < 1e-13:
                    break
        except (ValueError, OverflowError, ZeroDivisionError, numpy.linalg.LinAlgError):
            continue
        if max(abs(step)) > 1e-9 or max(abs(x - begin_scaled)) > 12:
            continue
        return with_values(point, dict(zip(keys, (v * u for v, u in zip(x, scale)))))


class WavesTest(unittest.TestCase):
    def run_driver(self, points):
        text = "\n".join(json.dumps(point) for point in points) + "\n"
        done = subprocess.run([DRIVER], input=text, capture_output=True, text=True, check=True, timeout=120)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def compare(self, points):
        for point, got in zip(points, self.run_driver(points)):
            self.compare_point(point, got, json.dumps(point))

    def compare_point(self, point, got, message):
        wave, t = Wave(point), mpf(point["t"])
        expected, start = wave.after(t), wave.energy(wave.y)
        phases = 1 + fastest(point) * point["t"]
        tolerance = 20 * EPS * phases
        self.assertTrue(got["alone"])
        self.assertEqual(got["faces"], 0)
        error = wave.energy([mpc(*value) - e for value, e in zip(got["amplitude"], expected)])
        self.assertLessEqual(sqrt(error), tolerance * sqrt(start), message)
        if wave.glass:
            lift = wave.gamma * MU0 / wave.chi_M * t
            reach = abs(wave.y[2]) + lift * (abs(wave.y[0]) + abs(wave.y[1]))
            self.assertLessEqual(abs(mpc(*got["amplitude"][2]) - expected[2]), tolerance * reach, message)
        for channel, lost in wave.dissipated(t).items():
            self.assertGreaterEqual(got[channel], 0, message)
            self.assertLessEqual(abs(got[channel] - lost), 5e4 * EPS * start, f"{channel}: {message}")

    def test_random_waves_at_any_time(self):
        rng = random.Random(test_seed())
        self.compare([random_point(rng) for _ in range(POINTS)])

    def test_where_modes_coincide_and_beside(self):
        rng = random.Random(test_seed())
        double_real = (["alpha"], 0, lambda p: [discriminant(p).real])
        double = (["alpha", "Omega"], 1, lambda p: [discriminant(p).real, discriminant(p).imag])
        triple = (["alpha", "tau_Mm"], 0, lambda p: [v.real for v in depressed(p)])
        points = []
        for keys, sigma, conditions in (double_real, double, triple):
            for _ in range(max(1, POINTS // 30)):
                point = solved(rng, keys, sigma, conditions)
                if sigma == 1 and rng.random() < 0.5:
                    point.update(sigma=-1, Omega=-point["Omega"])
                for off in (0, 1e-14, 1e-9, 1e-6, 1e-4, 1e-3, 1e-2):
                    beside = with_values(point, {keys[0]: math.log(point["material"][keys[0]]) + off})
                    beside["start"] = random_start(rng, beside["material"])
                    beside["t"] = log_uniform(rng, 1e-4, 1e4) / fastest(beside)
                    points.append(beside)
        self.compare(points)


if __name__ == "__main__":
    unittest.main()
