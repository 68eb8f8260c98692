#pragma once

#include <complex>
#include <functional>
#include <vector>

namespace vitrispin::modes {

/// The solutions at one value of the sweep's variable, in their own order, and d(value)/d(variable) of each.
struct TrackedPoint {
  std::vector<std::complex<double>> values;
  std::vector<std::complex<double>> slopes;
};

/// Follows solutions continuously along a sweep and numbers them, without reordering any.
/// Method    From x to x' every value is predicted by its slope, from both ends, and matched so that no exchange of two
///           solutions brings values and predictions closer. If an exchange comes within a factor of three, or the match is
///           not that of the two half intervals, the interval is
///           halved: a crossing is passed along the tangents, an avoided one is resolved. At an exceptional point no
///           matching is distinguished by its distance; below 1e-9 of the interval (or after 300 halvings) the lower
///           mode number keeps the lower branch.
/// Shapes    `sweep[i]` -> branch[i][mode]; at sweep[0] the branch is the mode's number
/// Errors    points with different numbers of solutions, or values that are not finite, keep their own numbers
std::vector<std::vector<int>> track_branches(const std::vector<double>& sweep,
                                             const std::function<TrackedPoint(double)>& solve);

}  // namespace vitrispin::modes
