#pragma once

#include <complex>
#include <vector>

#include "vitrispin/physics/material.hpp"

namespace vitrispin::modes {

/// One solution k of det(G - s) = 0 at given omega.
struct Wavenumber {
  std::complex<double> k_squared;             ///< q [1/m^2]; infinite where the mode does not propagate at all
  std::complex<double> k;                     ///< sqrt(q) with Im k >= 0 [rad/m]
  std::complex<double> stiffened_anisotropy;  ///< K' = K + rho_s q [J/m^3], also where K and rho_s q nearly cancel
  std::complex<double> decay_rate;            ///< A = D q + 1/tau_mL [1/s]
  double condition = 0;                       ///< relative change of q per relative change of the polynomial's terms
  bool exists() const { return std::isfinite(k_squared.real()) && std::isfinite(k_squared.imag()); }
};

/// All k^2 at a given frequency: two for a spin glass, one for a ferromagnet's longitudinal channel, one for a metal or
/// a paramagnet. If D = 0 or rho_s = 0 a spin glass has one and the other is infinite.
/// Equation  c2 q^2 + c1 q + c0 = 0: c2 = gamma rho_s D C1, c1 = s D B1 + gamma rho_s (C0 + C1 b) + gamma K D C1,
///           c0 = s (B0 + B1 b) + gamma K (C0 + C1 b), with the B, C of Secular;
///           metal: k^2 = (i sigma gamma mu0 H - 1/tau_mL + i omega)/D
/// Order     ascending Im k, then Re k; infinite last
/// Units     `omega`, `rotation` = sigma Omega (metal: sigma gamma mu0 H) [rad/s]
/// Valid     any built material and any finite omega, complex allowed; parameters from 1e-30 to 1e30. Coefficients and
///           roots in long double: backward error at the rounding of double
/// Source    Sun & Saslow 2023, Eqs. (51), (52); docs/theory.md, linear modes
std::vector<Wavenumber> wavenumbers(const physics::Material<double>& material, std::complex<double> omega,
                                    double rotation);

}  // namespace vitrispin::modes
