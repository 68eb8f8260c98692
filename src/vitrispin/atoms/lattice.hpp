#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "vitrispin/core/vector3.hpp"
#include "vitrispin/physics/spin_model.hpp"

/// Sites of a lattice, some of them occupied by spins.
namespace vitrispin::atoms {

/// The spins of one sample, in an order (Morton's) that keeps neighbours near each other in memory.
struct Sites {
  std::vector<Vector3<double>> positions;         ///< [m]
  std::vector<std::array<std::int64_t, 3>> half;  ///< the same in half constants: exact
  std::vector<std::uint64_t> numbers;             ///< of the site, whatever the occupation: names it for random numbers
  std::array<std::int64_t, 3> half_box{};         ///< edges in half constants
  Vector3<double> box;                            ///< edges [m]
  double half_constant = 0;                       ///< [m]
  bool open = false;
  bool line = false;   ///< a chain: its box is one constant wide, but there are no images across it
  double nearest = 0;  ///< distance of nearest lattice sites [m]
  double volume = 0;   ///< [m^3]; a chain counts constant^2 across
  std::uint64_t site_count = 0;
  std::size_t size() const { return positions.size(); }
};

/// round(concentration times sites) spins on sites drawn without replacement.
/// Errors  DomainError if there are fewer than two
Sites occupy(const physics::SpinModel& model, std::uint32_t sample);

}  // namespace vitrispin::atoms
