#pragma once

#include "vitrispin/dynamics/grid/forcing.hpp"
#include "vitrispin/dynamics/grid/grid.hpp"

namespace vitrispin::dynamics::grid {

/// The forcing of a grid by its boundaries and all drives of its problem.
class DrivenForcing {
public:
  explicit DrivenForcing(const Grid& grid);

  bool constant() const { return grid_.problem().drives.empty(); }
  void at(double t, Forcing& forcing) const;
  /// d/dt of the field and of K (in `forcing.field`, `forcing.anisotropy`); the rest is not filled in.
  void rate(double t, Forcing& forcing) const;
  /// Corners of all waveforms inside (0, duration), ascending.
  std::vector<double> corners(double duration) const;

private:
  std::vector<std::uint16_t> boundaries_of(const physics::Drive& drive) const;
  void add(const physics::Drive& drive, std::size_t index, double value, Forcing& forcing) const;

  const Grid& grid_;
  Forcing base_;
  std::vector<std::vector<double>> profiles_;           ///< cos(k x) along x, of field drives
  std::vector<std::vector<std::uint16_t>> domains_;     ///< of anisotropy drives
  std::vector<std::vector<std::uint16_t>> boundaries_;  ///< of drives of currents and potentials
};

}  // namespace vitrispin::dynamics::grid
