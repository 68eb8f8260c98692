#pragma once

#include <complex>
#include <vector>

#include "vitrispin/physics/material.hpp"

namespace vitrispin::modes {

/// A k at which two (or three) frequencies coincide.
struct ExceptionalPoint {
  std::complex<double> k;      ///< [rad/m]; complex where the coincidence is only near the real axis
  std::complex<double> omega;  ///< the common frequency [rad/s]
  int order = 2;               ///< number of frequencies that merge
  bool at_real_k = true;
  bool defective = true;  ///< the vectors merge too; false: the modes cross without interacting
  double splitting = 0;   ///< C of omega = omega_EP +- C sqrt(k - k_EP) [rad/s (rad/m)^(-1/2)]; infinite for order 3
  double condition = 0;   ///< largest eigenvalue condition number at k (1 +- 1e-6)
};

/// All exceptional points of a spin glass with Re k in [k_from, k_to], ascending in Re k.
/// Equation  discriminant of s^3 + c2 s^2 + c1 s + c0 (Eq. (52)) as a polynomial of degree <= 6 in q = k^2; all its roots by
///           simultaneous iteration in __float128, so that k is right to the rounding of double
/// Shapes    at real k if |Im q| < 1e-12 |q|; otherwise listed if |Im k| < 0.05 Re k, where the real axis feels it. At
///           sigma Omega = 0 the discriminant is real and sign changes give points at real k; in a field the
///           coincidence at real k needs two conditions at once, and only the second kind is left in general
/// Units     [rad/m], [rad/s]; `rotation` = sigma Omega
/// Valid     any built spin glass; other kinds have none
std::vector<ExceptionalPoint> exceptional_points(const physics::Material<double>& material, double rotation,
                                                 double k_from, double k_to);

}  // namespace vitrispin::modes
