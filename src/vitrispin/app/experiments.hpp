#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "vitrispin/app/film_record.hpp"
#include "vitrispin/io/input.hpp"
#include "vitrispin/io/record.hpp"

/// One function per kind of experiment: resolved input in, record out (docs of the keys: docs/input.md and docs/results.md).
/// Each runs one point of a sweep; `run_experiment` runs them all and stacks the records.
namespace vitrispin::app {

/// Called after each finished point with the number done; may be called from any thread, one at a time. `note`: how a long run stands.
using Progress = std::function<void(std::size_t done, std::size_t total, const std::string& note)>;

/// Where a long experiment keeps its state while it runs, so that an interrupted run can go on.
struct CheckpointStore {
  std::function<void(std::string_view bytes)> save;
  std::string earlier;  ///< what an interrupted run has saved; empty: nothing
};

io::Record run_modes(const io::Input& input, const io::ModesExperiment& experiment);
io::Record run_response(const io::Input& input, const io::ResponseExperiment& experiment);
io::Record run_perturbation(const io::Input& input, const io::PerturbationExperiment& experiment);
/// `sweep`: what the points of a sweep share; null without one.
io::Record run_steady(const io::Input& input, const io::SteadyExperiment& experiment, FilmColumns::Headings* sweep);
io::Record run_harmonic(const io::Input& input, const io::HarmonicExperiment& experiment, FilmColumns::Headings* sweep);
/// `progress` in thousandths of the duration; may be empty. `checkpoint` may be null.
io::Record run_time(const io::Input& input, const io::TimeExperiment& experiment, const Progress& progress,
                    const CheckpointStore* checkpoint);

/// On `threads` threads, with the same bits for any number of them.
io::Record run_atoms(const io::AtomsExperiment& experiment, int threads, const Progress& progress);

/// Whether all ranks run it together. The first runs the others alone.
bool is_shared(const io::Input& input, const io::Experiment& experiment);

/// All points of the experiment's sweep, in parallel over `threads`, stacked; the result does not depend on `threads`.
/// `checkpoint` is for one long experiment without a sweep; may be null.
io::Record run_experiment(const io::Input& input, const io::Experiment& experiment, int threads,
                          const Progress& progress, const CheckpointStore* checkpoint);

}  // namespace vitrispin::app
