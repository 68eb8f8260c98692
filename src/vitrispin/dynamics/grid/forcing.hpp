#pragma once

#include <array>
#include <vector>

#include "vitrispin/core/vector3.hpp"

namespace vitrispin::dynamics::grid {

/// What acts on a grid from outside, at one instant or as a mean over a step.
struct Forcing {
  std::array<std::vector<double>, 3> field;  ///< H - H(start) along x [A/m]; a component that does not change is empty
  std::vector<Vector3<double>> current, potential;  ///< of each boundary: of m into the film [A/s], h_c [A/m]
  std::vector<double> anisotropy;                   ///< K of each domain [J/m^3]

  bool changes_field() const { return !field[0].empty() || !field[1].empty() || !field[2].empty(); }
};

}  // namespace vitrispin::dynamics::grid
