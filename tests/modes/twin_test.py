#!/usr/bin/python3
"""Modes, wavenumbers, perturbation theory, response and exceptional points against an independent program: the matrix of
Eq. (52) written down from its definition, eigenvalues and linear systems by mpmath with 60 digits. Nothing here uses the
polynomial coefficients that the program is built on.

Tolerances: the program's numbers are those of a problem perturbed by a few roundings (2.2e-16); each is allowed that times its
own condition number, computed here, with a factor of 50.
"""
import json
import os
import random
import subprocess
import unittest
import sys

from mpmath import det, eig, lu_solve, matrix, mp, mpc, mpf, polyroots

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from test_seed import test_seed  # noqa: E402

mp.dps = 60
MU0 = mpf("1.25663706212e-6")
EPS = 2.2e-16
FACTOR = 50
DRIVER = os.path.join(os.environ["VITRISPIN_BUILD_DIR"], "bin", "modes_driver")
POINTS = 400 if os.environ.get("VITRISPIN_TEST_LEVEL") == "long" else 60


def log_uniform(rng, low, high):
    return low * (high / low) ** rng.random()


def random_material(rng):
    chi_M = log_uniform(rng, 1e-4, 1)
    material = {"gamma": log_uniform(rng, 1e10, 1e12), "chi_M": chi_M, "chi_m": chi_M * rng.uniform(0.01, 0.99),
                "tau_ML": log_uniform(rng, 1e-12, 1e-7), "tau_mL": log_uniform(rng, 1e-12, 1e-7),
                "tau_Mm": log_uniform(rng, 1e-12, 1e-7), "D": log_uniform(rng, 1e-7, 1e-2),
                "rho_s": log_uniform(rng, 1e-15, 1e-10), "K": log_uniform(rng, 10, 1e5),
                "alpha": log_uniform(rng, 1e-9, 1e-4)}
    # limits that have to work: no anisotropy, no damping, strong damping, strong exchange, no relaxation
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
    return material


def random_point(rng):
    return {"material": random_material(rng), "k": log_uniform(rng, 1e5, 1e9), "omega": log_uniform(rng, 1e8, 1e13),
            "rotation": 0.0 if rng.random() < 0.5 else rng.uniform(-1e12, 1e12)}


class Theory:
    """The symbols of docs/theory.md as 60-digit numbers."""

    def __init__(self, point):
        p = {key: None if value is None else mpf(value) for key, value in point["material"].items()}
        rate = lambda time: mpf(0) if time is None else 1 / time  # noqa: E731
        self.gamma, self.chi_M, self.chi_m = p["gamma"], p["chi_M"], p["chi_m"]
        self.a, self.b, self.c = rate(p["tau_ML"]), rate(p["tau_mL"]), rate(p["tau_Mm"])
        self.xi = self.chi_m / self.chi_M
        self.d = self.c / self.xi
        self.r = self.d - self.c
        self.D, self.rho, self.K, self.alpha = p["D"], p["rho_s"], p["K"], p["alpha"]
        self.g = self.gamma * MU0 / self.chi_M
        self.rotation = mpf(point["rotation"])

    def G(self, q):
        """Eq. (52) with precession, for k^2 = q."""
        A = self.D * q + self.b
        kappa = self.gamma * (self.K + self.rho * q)
        turn = mpc(0, self.rotation)
        return matrix([[-self.a + turn, -self.a + self.r + turn, kappa],
                       [-self.xi * A, -(A + self.r), 0],
                       [-self.g, -self.g, -self.alpha * kappa]])

    def energy(self, q):
        """Hessian of F/mu0 for real q: M, m, theta."""
        return matrix([[1 / self.chi_M, 1 / self.chi_M, 0], [1 / self.chi_M, 1 / self.chi_m, 0],
                       [0, 0, (self.K + self.rho * q) / MU0]])

    def rates(self, q):
        return eig(self.G(q), left=False, right=True)


def value(pair):
    return mpc(*pair)


class TwinTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        rng = random.Random(test_seed())
        cls.points = [random_point(rng) for _ in range(POINTS)]
        text = "".join(json.dumps(point) + "\n" for point in cls.points)
        output = subprocess.run([DRIVER], input=text, capture_output=True, text=True, check=True).stdout
        cls.results = [json.loads(line) for line in output.splitlines()]
        assert len(cls.results) == len(cls.points)

    def each(self):
        for point, result in zip(self.points, self.results):
            self.point = point
            yield point, result, Theory(point)

    def near(self, got, expected, tolerance, name):
        self.assertLessEqual(abs(value(got) - expected), tolerance, f"{name}: {value(got)} against {expected} at {self.point}")

    def test_frequencies_and_group_velocities_are_those_of_eq_52(self):
        for point, result, theory in self.each():
            k = mpf(point["k"])
            rates, _ = theory.rates(k * k)
            rates = list(rates)
            largest = max(abs(s) for s in rates)
            for mode in result["modes"]:
                got = value(mode["omega"])
                s = min(rates, key=lambda x: abs(mpc(0, 1) * x - got))
                rates.remove(s)
                # slow modes keep their relative accuracy at sigma Omega = 0; the condition number covers mergers
                self.near(mode["omega"], mpc(0, 1) * s, FACTOR * EPS * mode["condition"] * largest, "omega")
                h = k * mpf("1e-20")
                ahead, _ = theory.rates((k + h)**2)
                behind, _ = theory.rates((k - h)**2)
                nearest = lambda all_of_them: min(all_of_them, key=lambda x: abs(x - s))  # noqa: E731
                slope = mpc(0, 1) * (nearest(ahead) - nearest(behind)) / (2 * h)
                others = [abs(x - s) for x in theory.rates(k * k)[0] if abs(x - s) > mpf("1e-40") * largest]
                sensitivity = mode["condition"]**2 * largest / min(others)
                self.near(mode["group_velocity"], slope,
                          FACTOR * EPS * sensitivity * (abs(slope) + 2 * largest / k), "group velocity")

    def test_slow_modes_keep_their_relative_accuracy_without_a_field(self):
        for point, result, theory in self.each():
            if point["rotation"] != 0.0:
                continue
            k = mpf(point["k"])
            rates = list(theory.rates(k * k)[0])
            for mode in result["modes"]:
                s = min(rates, key=lambda x: abs(mpc(0, 1) * x - value(mode["omega"])))
                separation = min(abs(x - s) / max(abs(x), abs(s)) for x in rates if x != s)
                self.near(mode["omega"], mpc(0, 1) * s, FACTOR * EPS * abs(s) / min(1, separation), "omega")

    def test_weights_are_energies_of_the_vector(self):
        for point, result, theory in self.each():
            k = mpf(point["k"])
            rates, vectors = theory.rates(k * k)
            largest = max(abs(s) for s in rates)
            scale = [theory.chi_M, theory.chi_m, MU0 / (theory.K + theory.rho * k * k)]
            for mode in result["modes"]:
                index = min(range(3), key=lambda i: abs(mpc(0, 1) * rates[i] - value(mode["omega"])))
                energies = [abs(vectors[i, index])**2 / scale[i] for i in range(3)]
                separation = min(abs(rates[i] - rates[index]) for i in range(3) if i != index) / largest
                # xi near 1: M and m cancel in M + m
                tolerance = FACTOR * EPS * mode["condition"]**2 / separation / (1 - theory.xi)
                for got, energy in zip(mode["weights"], energies):
                    self.assertLessEqual(abs(got - energy / sum(energies)), tolerance, str(self.point))

    def test_squared_wavenumbers_make_the_determinant_vanish(self):
        for point, result, theory in self.each():
            s = mpc(0, -mpf(point["omega"]))
            eye = matrix([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
            # det(G - s) is a quadratic in q: exact interpolation at three points
            unit = 1 / (theory.D / abs(s) + theory.rho / (theory.K + MU0))
            f = [det(theory.G(x * unit) - s * eye) for x in (-1, 0, 1)]
            exact = [x * unit for x in polyroots([(f[2] + f[0]) / 2 - f[1], (f[2] - f[0]) / 2, f[1]], maxsteps=500,
                                                 extraprec=500)]
            for got, condition in zip(result["k2"], result["k2_condition"]):
                nearest = min(exact, key=lambda q: abs(q - value(got)))
                exact.remove(nearest)
                self.near(got, nearest, FACTOR * EPS * condition * abs(nearest), "k^2")

    def test_perturbation_theory_is_eqs_58_to_71(self):
        for point, result, theory in self.each():
            io = mpc(0, mpf(point["omega"]))
            t = theory
            K58 = io * (-t.a + io) / (t.gamma * (t.alpha * (-t.a + io) - t.g))
            A58 = t.D * (K58 - t.K) / t.rho + t.b
            q65 = (-t.b - t.r + io) / t.D
            K66 = t.K + t.rho * q65
            # Eqs. (67), (68) solved as they stand
            system = matrix([[-t.a + io, t.gamma * K66], [-t.g, -t.alpha * t.gamma * K66 + io]])
            M, theta = lu_solve(system, matrix([t.a - t.r, t.g]))
            expected = {"eq58": K58, "eq60": -(t.alpha * (-t.a + io) - t.g) / io,
                        "eq62": t.xi * A58 / (-(A58 + t.r) + io), "eq65": q65, "eq66": K66, "eq69": M, "eq70": theta,
                        "eq71": 1 + M}
            cancelling = {"eq62": (abs(t.D * (K58 - t.K) / t.rho) + t.b + t.r + abs(io)) / min(abs(A58), abs(A58 + t.r - io))
                          * (abs(K58) + t.K) / abs(K58 - t.K),
                          "eq66": (t.K + abs(t.rho * q65)) / abs(K66)}
            terms = abs((-t.a + io) * (-t.alpha * t.gamma * K66 + io)) + abs(t.gamma * t.g * K66)
            cancelling["eq69"] = cancelling["eq70"] = cancelling["eq71"] = terms / abs(det(system)) * cancelling["eq66"]
            cancelling["eq69"] *= 1 + (terms + abs(t.r * (io - t.alpha * t.gamma * K66))) / abs(M * det(system))
            for name, exact in expected.items():
                self.near(result["perturbation"][name], exact, FACTOR * EPS * cancelling.get(name, 1) * abs(exact), name)

    def test_response_solves_the_driven_equations(self):
        for point, result, theory in self.each():
            s = mpc(0, -mpf(point["omega"]))
            q = mpf(point["k"])**2
            G = theory.G(q)
            eye = matrix([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
            y = lu_solve(s * eye - G, -G[:, 0] * theory.chi_M)
            rates, _ = theory.rates(q)
            # relative to the distance from the nearest pole
            resonance = max(1, max((abs(s) + abs(x)) / abs(s - x) for x in rates))
            for name, exact in (("chi_M", y[0]), ("chi_m", y[1]), ("chi_total", y[0] + y[1])):
                self.near(result[name], exact, FACTOR * EPS * resonance * abs(exact), name)

    def test_exceptional_points_are_double_rates(self):
        for point, result, theory in self.each():
            for found in result.get("exceptional_points", []):
                if found["order"] != 2:
                    continue
                k, s = value(found["k"]), mpc(0, -1) * value(found["omega"])
                rates = sorted(theory.rates(k * k)[0], key=lambda x: abs(x - s))
                # k is right to its rounding: two rates are within the square root of it, and their mean is omega
                self.assertLessEqual(abs(rates[0] - rates[1]), 1e-5 * max(abs(rates[0]), abs(rates[2])))
                self.assertLessEqual(abs((rates[0] + rates[1]) / 2 - s), 1e-9 * max(abs(rates[0]), abs(rates[2])))


if __name__ == "__main__":
    unittest.main(verbosity=1)
