#pragma once

#include <memory>

#include "vitrispin/dynamics/grid/evolution.hpp"
#include "vitrispin/dynamics/grid/helmholtz.hpp"

namespace vitrispin::dynamics::grid {

/// A run in this process, one slab of the problem, with the given halo and linear solver: the whole problem in the serial
/// case, or what one rank does.
/// Errors  InputError for a method that grids do not have (gauss4)
std::unique_ptr<Evolution> slab_evolution(const Problem& problem, const EvolutionSettings& settings, Slab slab,
                                          std::unique_ptr<Halo> halo, const SolverMaker& solver);
std::unique_ptr<Evolution> serial_evolution(const Problem& problem, const EvolutionSettings& settings,
                                            const SolverMaker& solver);

}  // namespace vitrispin::dynamics::grid
