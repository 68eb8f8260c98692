#pragma once

#include <complex>
#include <vector>

#include "vitrispin/physics/material.hpp"

namespace vitrispin::modes {

/// omega = constant + linear k + quadratic k^2 of one branch, [rad/s], [m/s], [m^2/s].
struct Asymptote {
  std::complex<double> constant, linear, quadratic;
  std::complex<double> at(double k) const { return constant + k * (linear + k * quadratic); }
};

/// Small k: omega(0) + (d omega/dq) k^2 of every mode in the order of modes_at_wavenumber(k = 0). At K = 0 one of them is
/// twist diffusion, omega = -i gamma rho_s [alpha + g (b + d)/(a b + a d + b c)] k^2. NaN where two modes coincide at k = 0
/// and no such expansion exists (a wave without a gap or damping).
/// Source  docs/theory.md, closed forms of the modes
std::vector<Asymptote> small_wavenumber_asymptotes(const physics::Material<double>& material, double rotation);

/// Large k, through the constant term, in the order of ascending Im omega there.
/// Equation  D > 0, rho_s > 0, alpha = 0: omega = -i (D k^2 + b + xi a' + (1-xi)^2 d - xi v^2/D) and
///             +- v sqrt(1-xi) k - (i/2) [(1-xi)(a' + c) + xi v^2/D]
///           alpha > 0: -i (D k^2 + b + xi a' + (1-xi)^2 d - xi v^2/(D - alpha gamma rho_s)),
///             -i (alpha gamma K' + xi v^2/(D - alpha gamma rho_s) - (1-xi) g/alpha), and one that saturates at
///             -i (1-xi) [a' + c + g/alpha];  a' = 1/tau_ML - i sigma Omega, v^2 = gamma^2 mu0 rho_s/chi_M
///           D = 0 or rho_s = 0: the modes that stay finite solve what is left of Eq. (52)
/// Valid     NaN at D = alpha gamma rho_s, where the two fast modes stay coupled
std::vector<Asymptote> large_wavenumber_asymptotes(const physics::Material<double>& material, double rotation);

}  // namespace vitrispin::modes
