#pragma once

#include <algorithm>
#include <array>
#include <limits>

namespace vitrispin::dynamics {

/// An additive Runge-Kutta pair: an L-stable, stiffly accurate implicit method with one diagonal coefficient for
/// what is linear, and an explicit one for precession. One factorisation serves all stages of a step.
struct AdditiveTableau {
  static constexpr int stages = 6;
  double diagonal;
  std::array<double, stages> times;
  std::array<std::array<double, stages>, stages> implicit_part, explicit_part;
  std::array<double, stages> weights, embedded;
};

/// Where to ask for the slope of a drive at a stage of the step from t: roundings before its time, as a step that ends at a corner has the
/// slope before it.
inline double slope_time(double t, double stage_time) {
  return std::max(t, stage_time * (1 - 8 * std::numeric_limits<double>::epsilon()));
}

/// ARK4(3)6L[2]SA: order 4, embedded order 3, stage order 2.
/// Source  Kennedy & Carpenter, Appl. Numer. Math. 44, 139 (2003); tests/dynamics checks the order conditions
const AdditiveTableau& ark436();

}  // namespace vitrispin::dynamics
