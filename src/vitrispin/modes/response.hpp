#pragma once

#include <complex>
#include <vector>

#include "vitrispin/physics/material.hpp"

namespace vitrispin::modes {

/// Response of one helicity to a field dH exp(i(kx - omega t)): M = chi_M(k, omega) dH, m = chi_m(k, omega) dH, and M + m,
/// which is what a magnetometer sees; theta = chi_theta dH [rad m/A].
struct Response {
  std::complex<double> M, m, total, theta;
};

/// Equation  (s - G) y = -G e_1 chi_M dH, s = -i omega, solved in closed form:
///             chi_M(k, omega)   = chi_M {1 - s (s + r + A)(s + alpha gamma K')/P(s)}
///             chi_m(k, omega)   = chi_M s xi A (s + alpha gamma K')/P(s)
///             chi(k, omega)     = chi_M {1 - s [s + r + (1-xi) A](s + alpha gamma K')/P(s)}
///             chi_theta         = chi_M g s [s + r + (1-xi) A]/P(s)
///           ferromagnet: without (s + alpha gamma K'), P = (s + a)(s + r) + A (s + (1-xi)(a + c));
///           metal: chi_m (A - i sigma gamma mu0 H)/(s + A - i sigma gamma mu0 H)
/// Units     k [rad/m], omega [rad/s], `rotation` = sigma Omega (metal: sigma gamma mu0 H)
/// Valid     real k and omega. 1 - ... is evaluated as a quotient of sums where it nearly cancels (high frequency), and as
///           printed where it is near 1 (low frequency), so that real and imaginary part keep their relative accuracy.
///           On a pole (an undamped mode at its frequency) infinite. omega = 0 is the static limit (chi_M, 0, chi_M, 0)
/// Source    docs/theory.md, linear modes
Response response(const physics::Material<double>& material, double k, double omega, double rotation);

/// A pole of chi(k, omega) in omega, read as a resonance.
struct Resonance {
  std::complex<double> pole;     ///< omega_j [rad/s]
  std::complex<double> residue;  ///< of chi_total at the pole [rad/s]: chi = sum_j residue_j/(omega - omega_j)
  double position = 0;           ///< Re omega_j [rad/s]
  double width = 0;              ///< full width at half maximum of Im chi, 2 |Im omega_j| [rad/s]
  double quality = 0;            ///< |Re omega_j|/(2 |Im omega_j|); infinite if undamped
};

/// The poles in the order of the modes. Their static values add up to the static susceptibility, sum_j -residue_j/omega_j =
/// chi_M, and the residues themselves give the high-frequency tail chi -> sum_j residue_j/omega.
std::vector<Resonance> resonances(const physics::Material<double>& material, double k, double rotation);

}  // namespace vitrispin::modes
