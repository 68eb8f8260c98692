#pragma once

#include "vitrispin/dynamics/grid/evolution.hpp"

namespace vitrispin::dynamics::grid {

/// A run by ExactRun, on one rank: from output to output without steps.
/// Errors  InputError for anything but one glass, metal or paramagnet in a closed or periodic box of equal cells without drives; the
///         reader of input files tells all that stands in the way, with its place
std::unique_ptr<Evolution> exact_evolution(const Problem& problem);

}  // namespace vitrispin::dynamics::grid
