#pragma once

#include "vitrispin/dynamics/grid/evolution.hpp"
#include "vitrispin/dynamics/grid/rows.hpp"

/// The whole grid on the first rank, and back.
namespace vitrispin::dynamics::grid {

Snapshot snapshot_of(RowSweep& sweep, const Forcing& now, const Fields<double>& state);

/// What Evolution::start is given, to the slabs.
void scatter_fields(const std::vector<double>& whole, const Grid& grid, const Halo& halo, Fields<double>& state);

}  // namespace vitrispin::dynamics::grid
