#pragma once

#include <vector>

#include "vitrispin/dynamics/grid/grid.hpp"

namespace vitrispin::dynamics::grid {

/// One slab for each rank, in their order: about equally many planes, with their ends where multigrid's merged planes end too as far down
/// its levels as that costs no more than a twentieth of the work.
/// Errors  InputError if there are fewer planes than ranks
std::vector<Slab> slabs_of(const Problem& problem, std::size_t ranks);

}  // namespace vitrispin::dynamics::grid
