#pragma once

#include <functional>

#include "vitrispin/dynamics/grid/rows.hpp"
#include "vitrispin/dynamics/ledger.hpp"

/// The free energy of a grid, and where it goes, as dynamics/ledger.hpp has them for a line; sums over all ranks. [J], [W] in
/// three dimensions, [J/m], [J/m^2] in two and one. Rows are summed in eight lanes and added up compensated: the
/// bits depend on the number of ranks alone.
namespace vitrispin::dynamics::grid {

double free_energy(RowSweep& sweep, const Forcing& forcing, const StateView& state);

struct Power {
  DissipatedPower dissipated;
  double boundary = 0;
};
/// `theta_rate(component, cell)`: d theta/dt [rad/s], asked for where a torque is applied.
Power power(RowSweep& sweep, const Forcing& forcing, const StateView& state,
            const std::function<double(std::size_t component, std::size_t cell)>& theta_rate);

/// -mu0 (N + m).dH summed over cells: the work of a field that changes by `change`, along x.
double field_work(RowSweep& sweep, const StateView& state, const std::array<std::vector<double>, 3>& change);

/// Sum over the cells of each domain of |theta|^2 times the volume [m^3].
std::vector<double> squared_twist(RowSweep& sweep, const StateView& state);

/// T R_s of each owned cell [W/m^3], Eq. (26): its own and half of what its inner faces dissipate.
void entropy_production(RowSweep& sweep, const Forcing& forcing, const StateView& state, double* result);
/// Adds `weight` times entropy_production, which summed over cells is power().dissipated.
void add_heat(double weight, RowSweep& sweep, const Forcing& forcing, const StateView& state, double* heat);

}  // namespace vitrispin::dynamics::grid
