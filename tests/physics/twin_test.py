#!/usr/bin/python3
"""Every formula of src/vitrispin/physics against an independent one, written here from docs/theory.md with 40 digits.

The formulas here follow the theory in its own order and form (delta M and delta m, the matrix from its definition), not
the program's. Numbers are mpmath's, so that a difference is the program's rounding: the tolerance, 1e-13 of the largest
term of each sum, is some hundred roundings.
"""
import json
import os
import random
import subprocess
import unittest
import sys

from mpmath import mp, mpf, mpc

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from test_seed import test_seed  # noqa: E402

mp.dps = 40
MU0 = mpf("1.25663706212e-6")
TOLERANCE = 1e-13
DRIVER = os.path.join(os.environ["VITRISPIN_BUILD_DIR"], "bin", "physics_driver")
POINTS = 200


def log_uniform(rng, low, high):
    return low * (high / low) ** rng.random()


def random_point(rng):
    chi_M = log_uniform(rng, 1e-4, 1)
    vector = lambda size: [rng.uniform(-size, size) for _ in range(3)]  # noqa: E731
    material = {"gamma": log_uniform(rng, 1e10, 1e12), "chi_M": chi_M, "chi_m": chi_M * rng.uniform(0.01, 0.99),
                "tau_ML": log_uniform(rng, 1e-12, 1e-7), "tau_mL": log_uniform(rng, 1e-12, 1e-7),
                "tau_Mm": log_uniform(rng, 1e-12, 1e-7), "D": log_uniform(rng, 1e-7, 1e-2),
                "rho_s": log_uniform(rng, 1e-15, 1e-10), "K": log_uniform(rng, 10, 1e5),
                "alpha": log_uniform(rng, 1e-9, 1e-4), "M0": vector(1e3)}
    return {"material": material, "M": vector(1e4), "m": vector(1e3), "theta": vector(0.3), "H": vector(1e5),
            "laplacian": vector(1e12), "gradient": vector(1e6), "divergence": vector(1e14),
            "h_star_gradient_squared": log_uniform(rng, 1e12, 1e24), "k": log_uniform(rng, 1e5, 1e9),
            "sigma": rng.choice([-1, 0, 1])}


class Sum:
    """A sum that remembers the largest of its terms, the yardstick of its rounding."""

    def __init__(self, *terms):
        self.value = sum(terms)
        self.scale = max([abs(term) for term in terms] + [mpf(0)])

    def check(self, test, actual, name):
        actual = mpc(*actual) if isinstance(actual, list) else mpf(actual)
        test.assertLessEqual(abs(actual - self.value), TOLERANCE * self.scale, name)


def cross(a, b):
    """The two terms of each component."""
    return [(a[1] * b[2], -a[2] * b[1]), (a[2] * b[0], -a[0] * b[2]), (a[0] * b[1], -a[1] * b[0])]


class TwinTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.seed = test_seed()
        rng = random.Random(cls.seed)
        cls.points = [random_point(rng) for _ in range(POINTS)]
        lines = "\n".join(json.dumps(point) for point in cls.points)
        answer = subprocess.run([DRIVER], input=lines, capture_output=True, text=True, check=True)
        cls.answers = [json.loads(line) for line in answer.stdout.splitlines()]

    def each(self):
        for point, answer in zip(self.points, self.answers):
            p = {key: mpf(value) if key != "M0" else [mpf(x) for x in value] for key, value in point["material"].items()}
            p["xi"] = p["chi_m"] / p["chi_M"]
            p["tau_mM"] = p["xi"] * p["tau_Mm"]                      # Eq. (33)
            p["tau_M"] = 1 / (1 / p["tau_ML"] + 1 / p["tau_Mm"])     # Eq. (49)
            p["tau_m"] = 1 / (1 / p["tau_mL"] + 1 / p["tau_mM"])     # Eq. (49)
            q = {key: [mpf(x) for x in value] if isinstance(value, list) else mpf(value)
                 for key, value in point.items() if key != "material"}
            # Deviations, Eqs. (18), (19), with the sizes of their terms.
            q["DM"] = [q["M"][c] - p["M0"][c] - p["chi_M"] * q["H"][c] for c in range(3)]
            q["size"] = [abs(q["M"][c]) + abs(p["M0"][c]) + abs(p["chi_M"] * q["H"][c]) + abs(q["m"][c]) for c in range(3)]
            q["dM"] = [q["DM"][c] + q["m"][c] for c in range(3)]
            q["dm"] = [q["m"][c] + p["xi"] * q["DM"][c] for c in range(3)]
            q["torque"] = [-p["K"] * q["theta"][c] + p["rho_s"] * q["laplacian"][c] for c in range(3)]  # Eq. (7)
            q["torque_size"] = [p["K"] * abs(q["theta"][c]) + p["rho_s"] * abs(q["laplacian"][c]) for c in range(3)]
            yield p, q, answer

    def near(self, actual, expected, scale, name):
        self.assertLessEqual(abs(mpf(actual) - expected), TOLERANCE * scale, f"{name}, seed {self.seed}")

    def test_the_free_energy_is_that_of_eqs_3_4_and_12(self):
        for p, q, answer in self.each():
            terms = []
            for c in range(3):
                change = q["M"][c] - p["M0"][c]
                terms += [MU0 * change**2 / (2 * p["chi_M"]), -MU0 * q["M"][c] * q["H"][c],
                          MU0 * q["m"][c]**2 / (2 * p["chi_m"]), -MU0 * q["m"][c] * q["H"][c],
                          MU0 * q["m"][c] * change / p["chi_M"], p["K"] * q["theta"][c]**2 / 2]
            Sum(*terms).check(self, answer["free_energy"], "free energy")
            Sum(*[p["rho_s"] * g**2 / 2 for g in q["gradient"]]).check(self, answer["twist_energy"], "twist energy")

    def test_fields_and_deviations_are_those_of_eqs_13_15_18_and_19(self):
        for p, q, answer in self.each():
            for c in range(3):
                size = q["size"][c]
                self.near(answer["delta_M"][c], q["dM"][c], size, "delta M")
                self.near(answer["delta_m"][c], q["dm"][c], size, "delta m")
                self.near(answer["H_star"][c], -q["dM"][c] / p["chi_M"], size / p["chi_M"], "H*")
                self.near(answer["h_star"][c], -q["dm"][c] / p["chi_m"], size / p["chi_m"], "h*")
                self.near(answer["torque"][c], q["torque"][c], q["torque_size"][c], "Gamma'")

    def test_sources_are_those_of_eqs_28_and_29(self):
        for p, q, answer in self.each():
            for c in range(3):
                scale = q["size"][c] * (1 / p["tau_M"] + 1 / p["tau_m"])
                self.near(answer["R_M"][c], -q["dM"][c] / p["tau_M"] + q["dm"][c] / p["tau_mM"], scale, "R_M")
                self.near(answer["R_m"][c], -q["dm"][c] / p["tau_m"] + q["dM"][c] / p["tau_Mm"], scale, "R_m")

    def test_rates_are_those_of_eqs_22_to_24(self):
        for p, q, answer in self.each():
            H_star = [-x / p["chi_M"] for x in q["dM"]]
            h_star = [-x / p["chi_m"] for x in q["dm"]]
            turn_M, turn_m = cross(q["M"], H_star), cross(q["m"], h_star)
            largest = max(q["size"])
            for c in range(3):
                R_M = -q["dM"][c] / p["tau_M"] + q["dm"][c] / p["tau_mM"]
                R_m = -q["dm"][c] / p["tau_m"] + q["dM"][c] / p["tau_Mm"]
                dM = -p["gamma"] * MU0 * sum(turn_M[c]) - p["gamma"] * q["torque"][c] + R_M
                dm = -p["gamma"] * MU0 * sum(turn_m[c]) - q["divergence"][c] + R_m
                dtheta = p["gamma"] * MU0 * H_star[c] + p["alpha"] * p["gamma"] * q["torque"][c]
                relaxation = largest * (1 / p["tau_M"] + 1 / p["tau_m"])
                self.near(answer["dM"][c], dM, p["gamma"] * MU0 * largest**2 / p["chi_M"]
                          + p["gamma"] * q["torque_size"][c] + relaxation, "dM/dt")
                self.near(answer["dm"][c], dm, p["gamma"] * MU0 * largest**2 / p["chi_m"] + abs(q["divergence"][c])
                          + relaxation, "dm/dt")
                self.near(answer["dtheta"][c], dtheta, p["gamma"] * MU0 * q["size"][c] / p["chi_M"]
                          + p["alpha"] * p["gamma"] * q["torque_size"][c], "dtheta/dt")

    def test_currents_are_those_of_eq_30_and_of_the_texture(self):
        for p, q, answer in self.each():
            for c in range(3):
                Sum(p["D"] * p["chi_m"] * q["gradient"][c]).check(self, answer["current"][c], "j")
                Sum(p["gamma"] * p["rho_s"] * q["gradient"][c]).check(self, answer["texture_current"][c], "texture")

    def test_dissipation_is_that_of_eq_26(self):
        square = lambda v: sum(x**2 for x in v)  # noqa: E731
        for p, q, answer in self.each():
            H_star = [-x / p["chi_M"] for x in q["dM"]]
            h_star = [-x / p["chi_m"] for x in q["dm"]]
            jump = [a - b for a, b in zip(H_star, h_star)]
            parts = [MU0 * p["chi_M"] / p["tau_ML"] * square(H_star), MU0 * p["chi_m"] / p["tau_mL"] * square(h_star),
                     MU0 * p["chi_M"] / p["tau_Mm"] * square(jump),
                     MU0 * p["D"] * p["chi_m"] * q["h_star_gradient_squared"],
                     p["alpha"] * p["gamma"] * square(q["torque"])]
            largest = square(q["size"])
            scales = [MU0 / (p["chi_M"] * p["tau_ML"]) * largest, MU0 / (p["chi_m"] * p["tau_mL"]) * largest,
                      MU0 * p["chi_M"] / (p["tau_Mm"] * p["chi_m"]**2) * largest, parts[3],
                      p["alpha"] * p["gamma"] * square(q["torque_size"])]
            for actual, expected, scale in zip(answer["dissipation"], parts, scales):
                self.near(actual, expected, scale, "T R_s")

    def test_the_linear_matrix_is_that_of_eq_52(self):
        for p, q, answer in self.each():
            Omega_terms = (p["gamma"] * MU0 * p["M0"][2] / p["chi_M"], p["gamma"] * MU0 * q["H"][2])
            Sum(*Omega_terms).check(self, answer["Omega"], "Omega")
            turn = mpc(0, q["sigma"] * sum(Omega_terms))
            turn_size = sum(abs(x) for x in Omega_terms)
            K_prime = p["K"] + p["rho_s"] * q["k"]**2                # Eq. (48)
            r = 1 / p["tau_mM"] - 1 / p["tau_Mm"]                    # Eq. (50)
            A = p["D"] * q["k"]**2 + 1 / p["tau_mL"]
            g = p["gamma"] * MU0 / p["chi_M"]
            expected = [[-1 / p["tau_ML"] + turn, -1 / p["tau_ML"] + r + turn, p["gamma"] * K_prime],
                        [-p["xi"] * A, -A - r, 0], [-g, -g, -p["alpha"] * p["gamma"] * K_prime]]
            extra = 1 / p["tau_ML"] + 1 / p["tau_mM"] + turn_size
            for i in range(3):
                for j in range(3):
                    scale = abs(expected[i][j]) + (extra if i == 0 and j < 2 else 0)
                    self.assertLessEqual(abs(mpc(*answer["matrix"][i][j]) - expected[i][j]), TOLERANCE * scale)

    def test_lengths_and_frequencies_are_those_of_eqs_37_to_39(self):
        for p, q, answer in self.each():
            turn = mpc(0, q["sigma"] * (p["gamma"] * MU0 * (p["M0"][2] / p["chi_M"] + q["H"][2])))
            held = 1 / p["tau_M"] - turn + p["gamma"] * MU0 / (p["alpha"] * p["chi_M"])
            inverse = (1 / p["tau_m"] - 1 / (p["tau_mM"] * p["tau_Mm"] * held)) / p["D"]
            ratio = 1 / (p["tau_mM"] * held)
            for name, value in [("inverse_square_decay_length", inverse), ("pinned_ratio", ratio)]:
                # The program's form has no cancellation, but M0/chi_M + H may cancel: compare with the larger part.
                self.assertLessEqual(abs(mpc(*answer[name]) - value), 1e-12 * abs(value), name)
            Sum(mp.sqrt(p["gamma"]**2 * MU0 * p["rho_s"] / p["chi_M"])).check(self, answer["v"], "Eq. (37)")
            Sum(p["gamma"] * mp.sqrt(MU0 * p["K"] / p["chi_M"])).check(self, answer["omega_0"], "Eq. (38)")
            a, b, c, d = 1 / p["tau_ML"], 1 / p["tau_mL"], 1 / p["tau_Mm"], 1 / p["tau_mM"]
            g = p["gamma"] * MU0 / p["chi_M"]
            D_theta = p["gamma"] * p["rho_s"] * (p["alpha"] + g * (b + d) / (a * b + a * d + b * c))
            Sum(D_theta).check(self, answer["twist_diffusivity"], "D_theta")


if __name__ == "__main__":
    unittest.main(verbosity=2)
