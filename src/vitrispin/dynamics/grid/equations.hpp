#pragma once

#include "vitrispin/dynamics/grid/rows.hpp"

namespace vitrispin::dynamics::grid {

/// Eqs. (22)-(24) on a grid, as dynamics::linear_rates and add_precession on a line: all nine fields in one pass.
class Equations {
public:
  Equations(const Grid& grid, const Halo& halo);

  /// dz/dt, [A/(m s)], [rad/s]; without `precession` what is linear in z and the forcing. 0 where a domain lacks a
  /// field.
  void rates(const StateView& state, const Forcing& forcing, bool precession, Fields<double>& rates);

  const Grid& grid() const { return sweep_.grid(); }
  RowSweep& sweep() { return sweep_; }

private:
  RowSweep sweep_;
  Values<double> rows_;  ///< nine rows of rates, on their way
};

}  // namespace vitrispin::dynamics::grid
