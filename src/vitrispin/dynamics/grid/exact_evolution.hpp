#pragma once

#include "vitrispin/dynamics/grid/evolution.hpp"

namespace vitrispin::dynamics::grid {

/// A run by ExactWaves, on one rank: from output to output without steps.
/// Errors  InputError for anything but one glass or metal in a closed or periodic box of equal cells without drives
std::unique_ptr<Evolution> exact_evolution(const Problem& problem);

/// Whether `method = "exact"` can solve this; what stands in the way, or empty.
std::string obstacle_to_exact(const Problem& problem);

}  // namespace vitrispin::dynamics::grid
