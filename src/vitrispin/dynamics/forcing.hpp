#pragma once

#include <array>
#include <vector>

#include "vitrispin/core/vector3.hpp"
#include "vitrispin/dynamics/line.hpp"

namespace vitrispin::dynamics {

/// What acts on the line from outside, at one instant or as a mean over a step.
struct Forcing {
  std::array<std::vector<double>, 3> field;  ///< H - H(start) per node [A/m]; a component that does not change is empty
  Vector3<double> left_current, right_current;      ///< of m into the film [A/s]
  Vector3<double> left_potential, right_potential;  ///< h_c [A/m]
  std::vector<double> anisotropy;                   ///< K per segment [J/m^3]

  bool changes_field() const { return !field[0].empty() || !field[1].empty() || !field[2].empty(); }
};

/// The forcing of the line's own boundaries and materials, constant in time.
inline Forcing constant_forcing(const Line& line) {
  Forcing forcing;
  forcing.left_current = line.left().current;
  forcing.right_current = line.right().current;
  forcing.left_potential = line.left().potential;
  forcing.right_potential = line.right().potential;
  for (const Segment& segment : line.segments()) forcing.anisotropy.push_back(segment.material.anisotropy);
  return forcing;
}

}  // namespace vitrispin::dynamics
