#pragma once

#include "vitrispin/app/experiments.hpp"
#include "vitrispin/dynamics/grid/evolution.hpp"

namespace vitrispin::app {

/// A time experiment of two or three dimensions, by the solvers behind `engine`. Every rank calls it; the record is the first rank's, and
/// empty on the others.
io::Record run_on_grid(const io::Input& input, const io::TimeExperiment& experiment,
                       const dynamics::grid::Engine& engine, const Progress& progress,
                       const CheckpointStore* checkpoint);

/// Times at which whole fields are kept: those asked for, else output times evenly spread, as many as 100 MB hold, two at least.
std::vector<double> snapshot_times(const io::TimeExperiment& experiment, std::size_t cells);

/// Deviations from equilibrium at the start, as Evolution::start takes them; `input_file` is where faults of a state from a file stand.
std::vector<double> initial_deviations(const dynamics::grid::Problem& problem,
                                       const std::vector<io::InitialChange>& changes,
                                       const std::string& input_file = {});

}  // namespace vitrispin::app
