#pragma once

#include <functional>

#include "vitrispin/io/input.hpp"
#include "vitrispin/io/record.hpp"

/// One function per kind of experiment: resolved input in, record out (docs of the keys: docs/input.md and docs/results.md).
/// Each runs one point of a sweep; `run_experiment` runs them all and stacks the records.
namespace vitrispin::app {

/// Called after each finished point with the number done; may be called from any thread, one at a time.
using Progress = std::function<void(std::size_t done, std::size_t total)>;

io::Record run_modes(const io::Input& input, const io::ModesExperiment& experiment);
io::Record run_response(const io::Input& input, const io::ResponseExperiment& experiment);
io::Record run_perturbation(const io::Input& input, const io::PerturbationExperiment& experiment);
io::Record run_steady(const io::Input& input, const io::SteadyExperiment& experiment);
io::Record run_harmonic(const io::Input& input, const io::HarmonicExperiment& experiment);
/// `progress` in thousandths of the duration; may be empty.
io::Record run_time(const io::Input& input, const io::TimeExperiment& experiment, const Progress& progress);

/// All points of the experiment's sweep, in parallel over `threads`, stacked; the result does not depend on `threads`.
io::Record run_experiment(const io::Input& input, const io::Experiment& experiment, int threads,
                          const Progress& progress);

}  // namespace vitrispin::app
