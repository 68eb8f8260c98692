#!/usr/bin/python3
"""Every correction to the printed paper (docs/theory.md, "Corrections"): the printed form fails, the corrected one holds.

Numbers have 50 digits and are drawn at random (seed printed): what holds, holds to 1e-40; what fails, fails by far more
than any rounding (1e-6 relative). Dimensions are vectors of exponents of (kg, m, s, A), added exactly.
"""
import os
import random
import unittest
import sys

from mpmath import mp, mpf, mpc, matrix, det, exp, sqrt, diff, lu_solve

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from test_seed import test_seed  # noqa: E402

mp.dps = 50
HOLDS = mpf("1e-40")
FAILS = mpf("1e-6")
I = mpc(0, 1)


class Dimension:
    """A product of powers of the base units (kg, m, s, A)."""

    def __init__(self, kg=0, m=0, s=0, A=0):
        self.powers = (kg, m, s, A)

    def __mul__(self, other):
        return Dimension(*[a + b for a, b in zip(self.powers, other.powers)])

    def __truediv__(self, other):
        return Dimension(*[a - b for a, b in zip(self.powers, other.powers)])

    def __eq__(self, other):
        return self.powers == other.powers


ONE = Dimension()
MAGNETIZATION = Dimension(m=-1, A=1)                     # A/m
MU0 = Dimension(kg=1, m=1, s=-2, A=-2)                   # N/A^2
TESLA = Dimension(kg=1, s=-2, A=-1)
GAMMA = Dimension(s=-1) / TESLA                          # rad/(s T)
ENERGY_DENSITY = Dimension(kg=1, m=-1, s=-2)             # J/m^3
STIFFNESS = Dimension(kg=1, m=1, s=-2)                   # J/m
PER_SECOND, PER_METRE = Dimension(s=-1), Dimension(m=-1)


class CorrectionsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.seed = test_seed()

    def setUp(self):
        rng = random.Random(f"{self.seed} {self.id()}")
        self.draw = lambda low=0.2, high=2.0: mpf(rng.uniform(low, high))
        d = self.draw
        self.gamma, self.mu0, self.chi_M, self.xi = d(), d(), d(), d(0.1, 0.9)
        self.chi_m = self.xi * self.chi_M
        self.tau_ML, self.tau_mL, self.tau_Mm = d(), d(3, 5), d()
        self.tau_mM = self.xi * self.tau_Mm
        self.D, self.rho_s, self.K, self.alpha = d(), d(), d(), d()
        self.M0, self.H, self.omega = d(), d(), d()
        self.a, self.b = 1 / self.tau_ML, 1 / self.tau_mL
        self.r = 1 / self.tau_mM - 1 / self.tau_Mm
        self.g = self.gamma * self.mu0 / self.chi_M

    def holds(self, left, right):
        self.assertLessEqual(abs(left - right), HOLDS * (abs(left) + abs(right) + 1), f"seed {self.seed}")

    def fails(self, left, right):
        self.assertGreaterEqual(abs(left - right), FAILS * (abs(left) + abs(right)), f"seed {self.seed}")

    def stiffened(self, k2):
        return self.K + self.rho_s * k2  # Eq. (48)

    def matrix52(self, k2, K_prime=None):
        """Eq. (52), derived: rows of Eqs. (41)-(43) with delta M = M + m, delta m = xi M + m, Eq. (40)."""
        K_prime = self.stiffened(k2) if K_prime is None else K_prime
        tau_M, tau_m = 1 / (self.a + 1 / self.tau_Mm), 1 / (self.b + 1 / self.tau_mM)
        rows = []
        for column in range(3):
            M, m, theta = [mpf(i == column) for i in range(3)]
            dM, dm, torque = M + m, self.xi * M + m, -K_prime * theta
            rows.append([-self.gamma * torque - dM / tau_M + dm / self.tau_mM,
                         -self.D * k2 * dm - dm / tau_m + dM / self.tau_Mm,
                         -self.g * dM + self.alpha * self.gamma * torque])
        return matrix(rows).T

    def test_eq_3_mu0_multiplies_the_magnetic_terms_alone(self):
        # Gamma = -K theta below Eq. (5) and Eqs. (37), (38) need K in J/m^3 and rho_s in J/m.
        frequency_squared = GAMMA * GAMMA * MU0 * ENERGY_DENSITY  # gamma^2 mu0 K/chi_M, Eq. (38)
        self.assertEqual(frequency_squared, PER_SECOND * PER_SECOND)
        velocity_squared = GAMMA * GAMMA * MU0 * STIFFNESS        # Eq. (37)
        self.assertEqual(velocity_squared, Dimension(m=2, s=-2))
        # As printed, K/mu0 would stand in the energy: mu0 K theta^2 is an energy density only if K is in (A/m)^2.
        self.assertEqual(MU0 * MAGNETIZATION * MAGNETIZATION, ENERGY_DENSITY)
        K_printed = MAGNETIZATION * MAGNETIZATION
        self.assertFalse(GAMMA * GAMMA * MU0 * K_printed == PER_SECOND * PER_SECOND)
        # The text's Gamma = -K theta is the derivative of the corrected energy, not of the printed one.
        theta = self.draw()
        self.holds(-diff(lambda t: self.K * t**2 / 2, theta), -self.K * theta)
        self.fails(-diff(lambda t: self.mu0 * self.K * t**2 / 2, theta), -self.K * theta)

    def test_eq_14_has_a_plus_sign(self):
        M, m = self.draw(), self.draw()
        h_star = self.H - m / self.chi_m - (M - self.M0) / self.chi_M  # Eq. (13)
        change = M - self.M0 - self.chi_M * self.H
        self.holds(-self.chi_m * h_star, m + self.xi * change)
        self.fails(-self.chi_m * h_star, m - self.xi * change)

    def test_after_eq_19_the_accumulation_vanishes_in_equilibrium_for_any_field(self):
        # H* = h* = 0 are two linear equations for (M, m) with one solution.
        A = matrix([[1 / self.chi_M, 1 / self.chi_M], [1 / self.chi_M, 1 / self.chi_m]])
        M, m = lu_solve(A, matrix([self.H + self.M0 / self.chi_M, self.H + self.M0 / self.chi_M]))
        self.holds(m, 0)
        self.holds(M, self.M0 + self.chi_M * self.H)

    def test_items_c_and_d_before_eq_20_lack_mu0(self):
        rate = MAGNETIZATION * PER_SECOND
        self.assertEqual(GAMMA * MU0 * MAGNETIZATION * MAGNETIZATION, rate)
        self.assertFalse(GAMMA * MAGNETIZATION * MAGNETIZATION == rate)

    def test_eq_26_lacks_the_elastic_energy_flux(self):
        # epsilon = rho_s (d_x theta)^2/2 + K theta^2/2 with theta(x, t): d_t epsilon + d_x j = -Gamma'.d_t theta holds
        # with j = Gamma_x d_t theta, Gamma_x = -rho_s d_x theta, and not without it.
        p, q, x0, t0 = self.draw(), self.draw(), self.draw(), self.draw()

        def theta(x, t):
            return mp.sin(p * x) * exp(-q * t) + x**2 * t

        def slope(x, t):
            return diff(theta, (x, t), (1, 0))

        def energy(t):
            return self.rho_s * slope(x0, t)**2 / 2 + self.K * theta(x0, t)**2 / 2

        mp.dps = 60  # numerical derivatives of derivatives: half of the digits remain
        try:
            rate = diff(energy, t0)
            turning = diff(theta, (x0, t0), (0, 1))
            torque = -self.K * theta(x0, t0) + self.rho_s * diff(theta, (x0, t0), (2, 0))
            flux = diff(lambda x: -self.rho_s * slope(x, t0) * diff(theta, (x, t0), (0, 1)), x0)
        finally:
            mp.dps = 50
        self.assertLessEqual(abs(rate + flux + torque * turning), mpf("1e-15") * (abs(rate) + abs(flux)))
        self.fails(rate, -torque * turning)

    def test_eqs_28_to_33_positive_times_do_not_suffice(self):
        def lowest(tau_M, tau_m):
            """Lowest eigenvalue of the form mu0 (H*.R_M + h*.R_m) in (H*, h*), symmetric by Eq. (33)."""
            p, q, s = self.chi_M / tau_M, self.chi_m / tau_m, -self.chi_m / self.tau_mM
            return (p + q - sqrt((p - q)**2 + 4 * s**2)) / 2

        # Positive times with 1/(tau_M tau_m) < 1/(tau_mM tau_Mm): entropy would be destroyed.
        self.assertLess(lowest(2 * self.tau_Mm, self.tau_mM), 0)
        # The times of Eq. (49) always satisfy the inequality.
        tau_M, tau_m = 1 / (self.a + 1 / self.tau_Mm), 1 / (self.b + 1 / self.tau_mM)
        self.assertGreaterEqual(1 / (tau_M * tau_m), 1 / (self.tau_mM * self.tau_Mm))
        self.assertGreater(lowest(tau_M, tau_m), 0)

    def test_eq_30_has_D_times_chi_m(self):
        gradient = self.draw()  # of h*; then the gradient of delta m is -chi_m times it
        self.holds(self.D * self.chi_m * gradient, -self.D * (-self.chi_m * gradient))
        self.fails(self.D / self.chi_m * gradient, -self.D * (-self.chi_m * gradient))

    def test_eqs_33_and_50_r_is_positive_since_the_free_energy_has_a_minimum(self):
        for xi in (mpf("0.3"), mpf("0.99"), mpf("1.01"), mpf(3)):
            hessian_determinant = 1 / (xi * self.chi_M**2) - 1 / self.chi_M**2
            r = 1 / (xi * self.tau_Mm) - 1 / self.tau_Mm
            self.assertEqual(hessian_determinant > 0, xi < 1)
            self.assertEqual(r > 0, xi < 1)

    def test_after_eq_37_rho_s_k_squared_is_replaced_by_K_prime(self):
        # M-theta without damping: omega^2 = gamma^2 mu0 (K + rho_s k^2)/chi_M, Eq. (38); replacing K alone by K' in
        # omega_0^2 + v^2 k^2 would count rho_s k^2 twice.
        k2 = self.draw()
        exact = self.gamma * self.g * self.stiffened(k2)
        v2 = self.gamma**2 * self.mu0 * self.rho_s / self.chi_M
        omega_0_squared = self.gamma**2 * self.mu0 * self.K / self.chi_M
        self.holds(omega_0_squared + v2 * k2, exact)
        self.fails(self.gamma**2 * self.mu0 * self.stiffened(k2) / self.chi_M + v2 * k2, exact)

    def test_after_eq_39_the_solution_is_exp_of_minus_q_x(self):
        tau_m = 1 / (self.b + 1 / self.tau_mM)
        q, x = 1 / sqrt(self.D * tau_m), self.draw()
        residual = lambda f: self.D * diff(f, x, 2) - f(x) / tau_m  # noqa: E731
        self.assertLessEqual(abs(residual(lambda y: exp(-q * y))), mpf("1e-25"))
        self.assertGreater(abs(residual(lambda y: exp(-q**y))), FAILS)

    def dc_k2(self, alpha):
        """k^2 of the decaying mode at dc with a pinned texture: eliminate K' theta from rows 1 and 3 of Eq. (52)."""
        g0, g1 = self.matrix52(mpf(0)), self.matrix52(mpf(1))

        def determinant(k2):
            G = [[g0[i, j] + k2 * (g1[i, j] - g0[i, j]) for j in range(2)] for i in range(3)]
            return det(matrix([[G[0][0], G[0][1], 1], [G[1][0], G[1][1], 0], [G[2][0], G[2][1], -alpha]]))

        return -determinant(mpf(0)) / (determinant(mpf(1)) - determinant(mpf(0)))  # linear in k^2

    def test_eqs_39_and_63_neglect_different_things(self):
        # Eq. (39) sets delta M = 0 and is exact at dc for alpha = 0; Eqs. (63)-(65) set M = 0 and are not.
        tau_m = 1 / (self.b + 1 / self.tau_mM)
        self.holds(self.dc_k2(mpf(0)), -1 / (self.D * tau_m))
        self.fails(self.dc_k2(mpf(0)), -(self.b + self.r) / self.D)

    def test_dc_length_with_damping(self):
        c, d = 1 / self.tau_Mm, 1 / self.tau_mM
        expected = -(self.b + d - c * d / (self.a + c + self.g / self.alpha)) / self.D
        self.holds(self.dc_k2(self.alpha), expected)

    def test_after_eq_47_the_deviation_is_from_M0_plus_chi_M_H(self):
        # Delta M = M - M0 - chi_M H of Eq. (19) vanishes at M = M0 + chi_M H.
        deviation = lambda M: M - self.M0 - self.chi_M * self.H  # noqa: E731
        self.holds(deviation(self.M0 + self.chi_M * self.H), 0)
        self.fails(deviation(self.M0 - self.chi_M * self.H), 0)

    def test_eqs_41_to_52_in_a_field_have_a_precession_term(self):
        # Derivative of -gamma mu0 M x H* at equilibrium along a change (u, w) of (M, m), against
        # (gamma mu0/chi_M) M_eq x (u + w); M_eq along z.
        M_eq = [mpf(0), mpf(0), self.M0 + self.chi_M * self.H]
        u, w = [[self.draw() for _ in range(3)] for _ in range(2)]

        def cross(a, b):
            return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]

        def turning(step, component):
            M = [M_eq[c] + step * u[c] for c in range(3)]
            H_star = [-step * (u[c] + w[c]) / self.chi_M for c in range(3)]
            return -self.gamma * self.mu0 * cross(M, H_star)[component]

        expected = cross(M_eq, [u[c] + w[c] for c in range(3)])
        for c in range(3):
            slope = diff(lambda step, c=c: turning(step, c), 0)
            self.assertLessEqual(abs(slope - self.g * expected[c]), mpf("1e-25"))
        self.assertGreater(abs(expected[0]), FAILS)
        # m x h* has no linear term: m = h* = 0 at equilibrium.

    def test_before_eq_55_the_wave_is_exp_of_i_k_x_minus_omega_t(self):
        x, t, k = self.draw(), self.draw(), self.draw()
        intended = lambda time: exp(I * (k * x - self.omega * time))  # noqa: E731
        printed = lambda time: exp(I * k * x - self.omega * time)  # noqa: E731
        self.assertLessEqual(abs(diff(intended, t) / intended(t) + I * self.omega), mpf("1e-25"))  # Eq. (51)
        self.fails(diff(printed, t) / printed(t), -I * self.omega)

    def spin_wave_K_prime(self):
        """Eq. (58)."""
        s = -self.a + I * self.omega
        return I * self.omega * s / (self.gamma * (self.alpha * s - self.g))

    def test_eq_60_is_divided_by_i_omega(self):
        K_prime = self.spin_wave_K_prime()
        bracket = self.alpha * (-self.a + I * self.omega) - self.g
        for theta, check in [(-bracket / (I * self.omega), self.holds), (-bracket, self.fails)]:
            # Both rows of Eq. (55), with M = 1.
            check(-self.a + self.gamma * K_prime * theta, -I * self.omega)
            check(-self.g - self.alpha * self.gamma * K_prime * theta, -I * self.omega * theta)

    def test_eqs_61_and_62_have_tau_mL(self):
        K_prime = self.spin_wave_K_prime()
        k2 = (K_prime - self.K) / self.rho_s
        G = self.matrix52(k2)

        def ratio(rate):  # Eq. (62)
            A = self.D * (K_prime - self.K) / self.rho_s + rate
            return self.xi * A / (-(A + self.r) + I * self.omega)

        residual = lambda m: G[1, 0] + G[1, 1] * m + I * self.omega * m  # row 2 of Eq. (52) with M = 1  # noqa: E731
        self.holds(residual(ratio(self.b)), 0)
        self.assertGreater(abs(residual(ratio(self.a))), FAILS)

    def test_eqs_63_to_66_have_tau_mL_and_K(self):
        k2 = (-self.b - self.r + I * self.omega) / self.D  # Eq. (65) [corrected]
        printed = (-self.a - self.r + I * self.omega) / self.D
        tau_m = 1 / (self.b + 1 / self.tau_mM)
        # Eq. (63): -i omega m + D k^2 m = -m/tau_m + m/tau_Mm.
        self.holds(-I * self.omega + self.D * k2, -1 / tau_m + 1 / self.tau_Mm)
        self.fails(-I * self.omega + self.D * printed, -1 / tau_m + 1 / self.tau_Mm)
        self.holds(self.matrix52(k2)[1, 1], -I * self.omega)  # Eq. (64)
        # Eq. (66): K' = K + rho_s k^2, Eq. (48), so its first term is K: "rho_0" is a slip.
        K_prime = self.K + self.rho_s / self.D * (-self.b - self.r + I * self.omega)
        self.holds(K_prime, self.stiffened(k2))

    def test_eqs_53_to_60_and_67_to_71_have_tau_ML_rightly(self):
        G = self.matrix52(self.draw())
        self.holds(G[0, 0], -self.a)
        self.holds(G[0, 1], -self.a + self.r)

    def diffusion_ratios(self, omega, K_prime):
        """Eqs. (69), (70)."""
        s, p = -self.a + I * omega, -self.alpha * self.gamma * K_prime + I * omega
        below = s * p + self.gamma * self.g * K_prime
        return -((-self.a + self.r) * p + self.gamma * self.g * K_prime) / below, (-self.r + I * omega) * self.g / below

    def test_eqs_67_to_70_are_right_as_printed(self):
        K_prime = self.stiffened((-self.b - self.r + I * self.omega) / self.D)
        M, theta = self.diffusion_ratios(self.omega, K_prime)
        self.holds((-self.a + I * self.omega) * M + self.gamma * K_prime * theta, -(-self.a + self.r))  # Eq. (67)
        self.holds(-self.g * M + (-self.alpha * self.gamma * K_prime + I * self.omega) * theta, self.g)  # Eq. (68)

    def test_eqs_60_and_70_compare_quantities_of_one_unit(self):
        # theta/M has the unit of 1/magnetization; theta sqrt(chi_M K'/mu0) is a magnetization.
        self.assertEqual(ENERGY_DENSITY / MU0, MAGNETIZATION * MAGNETIZATION)
        self.assertFalse(ONE / MAGNETIZATION == ONE)
        # In a spin wave without damping the two are equal: equal energies in M and theta.
        self.alpha = self.a = mpf(0)
        K_prime = self.spin_wave_K_prime()
        theta = self.g / (I * self.omega)
        self.holds(abs(theta * sqrt(self.chi_M * K_prime / self.mu0)), 1)

    def test_section_IX_B_at_dc_M_is_not_small_beside_m(self):
        K_prime = self.draw()
        M, _ = self.diffusion_ratios(mpf(0), K_prime)
        self.holds(M, -1 + self.alpha * self.r / (self.alpha * self.a + self.g))

    def test_eq_71_simplifies(self):
        K_prime = mpc(self.draw(), self.draw())
        M, _ = self.diffusion_ratios(self.omega, K_prime)
        w = I * self.omega
        below = (-self.a + w) * (-self.alpha * self.gamma * K_prime + w) + self.gamma * self.g * K_prime
        self.holds(1 + M, (w - self.r) * (w - self.alpha * self.gamma * K_prime) / below)

    def test_only_a_single_diffusion_mode_at_dc_needs_a_pinned_texture(self):
        # det G at omega = 0 is proportional to K': with K = 0 it has the root k^2 = 0 (theta = A + B x) beside -1/l^2.
        k2 = self.dc_k2(self.alpha)
        self.K = mpf(0)
        self.holds(det(self.matrix52(mpf(0))), 0)
        self.holds(det(self.matrix52(k2)), 0)
        self.K = mpf(1)
        self.fails(det(self.matrix52(mpf(0))), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
