#pragma once

#include "vitrispin/dynamics/grid/problem.hpp"

/// Materials that depend on temperature: every cell becomes a domain of its own, whose material follows its T.
namespace vitrispin::dynamics::grid {

bool depends_on_temperature(const Problem& problem);

/// The same problem with a domain for each cell that is not vacuum, in the order of the cells.
/// Errors  InputError beyond 65534 cells, which is as many domains as there are numbers for
Problem in_cells(const Problem& problem);

/// Gives each domain of what in_cells() made the material at its cell's temperature `ahead`, T being that of now; of all cells [K].
/// Errors  InputError naming place and temperature where T has left the table
void set_temperature(Problem& cells, const std::vector<double>& T, const std::vector<double>& ahead);

/// What free_energy() leaves out of F per volume, for it does not depend on the state: -mu0 [chi_M H^2/2 + M0.H + M_eq.dH], in a metal
/// with chi_m. It changes with the material. `change`: dH, the field less that at the start. [J/m^3]
double energy_left_out(const physics::Material<double>& material, const Vector3<double>& H,
                       const Vector3<double>& change);

}  // namespace vitrispin::dynamics::grid
