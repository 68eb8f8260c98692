#pragma once

#include <array>
#include <complex>
#include <cstddef>

/// The constants of Gauss collocation of order 4 (two stages), which Gauss4 on lines and on grids share.
namespace vitrispin::dynamics::gauss4_rule {

inline constexpr double root3 = 1.7320508075688772935;
inline constexpr std::array<double, 2> stage_time{0.5 - root3 / 6, 0.5 + root3 / 6};
/// An eigenvalue of the method's matrix; (1, i y2) is its left eigenvector.
inline constexpr std::complex<double> lambda(0.25, root3 / 12);
inline constexpr double y2 = (root3 / 12) / (0.25 + root3 / 6);

/// h dz/dt at stage j from the stages' increments: the inverse of the method's matrix.
inline double slope(std::size_t j, double first, double second) {
  return j == 0 ? 3 * first + (2 * root3 - 3) * second : -(2 * root3 + 3) * first + 3 * second;
}

/// Of the quadratic through a step's start, middle and end, at the fraction x of the step, and of h d/dt of it.
struct Quadratic {
  std::array<double, 3> value, change;
};
constexpr Quadratic quadratic(double x) {
  return {{(1 - x) * (1 - 2 * x), 4 * x * (1 - x), x * (2 * x - 1)}, {4 * x - 3, 4 - 8 * x, 4 * x - 1}};
}

}  // namespace vitrispin::dynamics::gauss4_rule
