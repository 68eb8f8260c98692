#!/usr/bin/python3
"""examples/cumn_esr.toml obeys the law it was made to show: omega (omega + sigma Omega) = omega_0^2, Eq. (38) in a field.

omega_0 and Omega are computed here from the parameters that the summary states, not taken from the program."""
import json
import math
import os
import subprocess
import tempfile
import unittest

import numpy

ROOT = os.environ["VITRISPIN_SOURCE_DIR"]
MU_0 = 1.25663706212e-6


class CopperManganeseResonance(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([os.environ["VITRISPIN"], "run", os.path.join(ROOT, "examples", "cumn_esr.toml"), "-o",
                                   os.path.join(folder, "results"), "--quiet", "--json"], capture_output=True, text=True,
                                  check=True)
        cls.summary = json.loads(done.stdout)
        material = cls.summary["materials"]["cumn"]["parameters"]
        value = {key: entry["value"] for key, entry in material.items()}
        cls.gamma, cls.chi_M = value["gamma"], value["chi_M"]
        cls.omega_0 = cls.gamma * math.sqrt(MU_0 * value["K"] / cls.chi_M)
        # With coordinates that are orthonormal in the energy, ((M + m)/sqrt(chi_M), m sqrt(1/chi_m - 1/chi_M)), G = A - R with
        # A antisymmetric, which holds the law and leaves m alone, and R symmetric: relaxation and damping, Eq. (52) at k = 0.
        chi_m, tau_mL, tau_Mm = value["chi_m"], value["tau_mL"], value["tau_Mm"]
        xi, a = chi_m / cls.chi_M, 1 / value["tau_ML"]
        r = 1 / (xi * tau_Mm) - 1 / tau_Mm
        S = numpy.array([[1, 1], [0, math.sqrt(1 / xi - 1)]])
        R = S @ numpy.array([[a, a - r], [xi / tau_mL, 1 / tau_mL + r]]) @ numpy.linalg.inv(S)
        numpy.testing.assert_allclose(R[0, 1], R[1, 0], rtol=1e-9)  # Onsager; the difference above loses some digits
        cls.own, cls.to_m, cls.of_m = R[0, 0] + value["alpha"] * cls.gamma * value["K"], R[0, 1], R[1, 1]

    def allowed(self, omega):
        """A symmetric R damps in first order and shifts lines in second only: by own^2/omega between the two modes of the
        law, by to_m^2/|i omega - of_m| through m. Doubled for what is of higher order."""
        return 2 * ((self.own / omega) ** 2 + self.to_m**2 / math.hypot(omega, self.of_m) / omega)

    def lines(self):
        """(B, {sigma: positive Re omega}) at each field, from the complex frequencies themselves."""
        experiment = self.summary["experiments"]["splitting"]
        for B, of_sigma in zip(experiment["sweep"]["field.B.z"], experiment["omega"]):
            yield B, {sigma: max(mode[0] for mode in of_k[0]) for sigma, of_k in zip(experiment["sigma"], of_sigma)}

    def lowest(self):
        return min(min(line.values()) for _, line in self.lines())

    def test_the_frequencies_follow_the_known_law_at_every_field(self):
        worst = 0
        for B, line in self.lines():
            for sigma, omega in line.items():
                Omega = sigma * self.gamma * B  # sigma gamma mu0 M_eq/chi_M with M_eq = chi_M H and no remanence
                law = -Omega / 2 + math.hypot(Omega / 2, self.omega_0)
                worst = max(worst, abs(omega / law - 1))
                self.assertLess(abs(omega / law - 1), self.allowed(law), (B, sigma))
                if sigma:
                    # A shift x of omega changes the product by (2 omega + Omega)/(omega + Omega) = 1 + (omega/omega_0)^2 times x.
                    product = omega * (omega + Omega) / self.omega_0**2
                    self.assertLess(abs(product - 1), (1 + (law / self.omega_0) ** 2) * self.allowed(law), (B, sigma))
        print("largest departure from the law: %.2e, allowed %.2e" % (worst, self.allowed(self.lowest())))
        self.assertLess(worst, 0.01, "the example is meant to show the law, not corrections to it")

    def test_the_geometric_mean_of_the_two_lines_stays_at_the_zero_field_resonance(self):
        for _, line in self.lines():
            self.assertLess(abs(math.sqrt(line[1] * line[-1]) / self.omega_0 - 1), self.allowed(min(line.values())))

    def test_the_difference_of_the_two_lines_is_the_precession_frequency(self):
        for B, line in self.lines():
            self.assertLess(abs(line[-1] - line[1] - self.gamma * B), sum(line[s] * self.allowed(line[s]) for s in (1, -1)))

    def test_the_undamped_frequencies_in_the_summary_are_the_law(self):
        experiment = self.summary["experiments"]["splitting"]
        for B, of_sigma in zip(experiment["sweep"]["field.B.z"], experiment["undamped_frequency"]):
            for sigma, of_k in zip(experiment["sigma"], of_sigma):
                Omega = sigma * self.gamma * B
                law = -Omega / 2 + math.hypot(Omega / 2, self.omega_0)
                # mu0 H is B to rounding, and the difference here loses (Omega/omega)^2 < 200 roundings.
                self.assertLess(abs(of_k[0] / law - 1), 1e-12)


if __name__ == "__main__":
    unittest.main(verbosity=2)
