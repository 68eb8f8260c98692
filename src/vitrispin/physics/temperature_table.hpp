#pragma once

#include <vector>

#include "vitrispin/physics/material.hpp"

namespace vitrispin::physics {

/// A material at several temperatures, ascending; linear between them, parameter by parameter. Signs and chi_m < chi_M survive that; what
/// is given as infinite at one end is infinite up to the other.
struct TemperatureTable {
  std::vector<double> T;                    ///< [K], two or more
  std::vector<Material<double>> materials;  ///< one per T, each valid

  /// Valid  T.front() <= temperature <= T.back()
  Material<double> at(double temperature) const;
  bool holds(double temperature) const { return temperature >= T.front() && temperature <= T.back(); }
};

}  // namespace vitrispin::physics
