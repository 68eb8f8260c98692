#include <fmt/format.h>

#include <atomic>
#include <mutex>

#include "vitrispin/app/experiments.hpp"
#include "vitrispin/app/interruption.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/core/parallel.hpp"
#include "vitrispin/dynamics/grid/evolution.hpp"
#include "vitrispin/io/stacking.hpp"

namespace vitrispin::app {
namespace {

io::Record run_point(const io::Input& input, const io::Experiment& experiment, const Progress& progress = {},
                     const CheckpointStore* checkpoint = nullptr, FilmColumns::Headings* sweep = nullptr,
                     int threads = 1) {
  struct Run {
    const io::Input& input;
    const Progress& progress;
    const CheckpointStore* checkpoint;
    FilmColumns::Headings* sweep;
    int threads;
    io::Record operator()(const io::ModesExperiment& body) const { return run_modes(input, body); }
    io::Record operator()(const io::ResponseExperiment& body) const { return run_response(input, body); }
    io::Record operator()(const io::PerturbationExperiment& body) const { return run_perturbation(input, body); }
    io::Record operator()(const io::SteadyExperiment& body) const { return run_steady(input, body, sweep); }
    io::Record operator()(const io::HarmonicExperiment& body) const { return run_harmonic(input, body, sweep); }
    io::Record operator()(const io::TimeExperiment& body) const { return run_time(input, body, progress, checkpoint); }
    io::Record operator()(const io::AtomsExperiment& body) const { return run_atoms(body, threads, progress); }
  };
  return std::visit(Run{input, progress, checkpoint, sweep, threads}, experiment.body);
}

/// The values of the sweep's keys at one point, row-major: the last key varies fastest.
std::vector<double> values_at(const std::vector<io::SweepAxis>& sweep, std::size_t index) {
  std::vector<double> values(sweep.size());
  for (std::size_t a = sweep.size(); a-- > 0;) {
    values[a] = sweep[a].values[index % sweep[a].values.size()];
    index /= sweep[a].values.size();
  }
  return values;
}

std::string place(const std::vector<io::SweepAxis>& sweep, const std::vector<double>& values) {
  std::string text;
  for (std::size_t a = 0; a < sweep.size(); ++a) {
    const std::string unit = sweep[a].unit == "1" ? "" : " " + sweep[a].unit;
    text += fmt::format("{}{} = {}{}", a == 0 ? "" : ", ", sweep[a].path, values[a], unit);
  }
  return text;
}

/// One point of the sweep; whatever fails says at which values.
io::Record run_sweep_point(const io::Input& input, const io::Experiment& experiment, std::size_t index,
                           FilmColumns::Headings& headings) {
  const std::vector<double> values = values_at(experiment.sweep, index);
  const auto where = [&] {
    return fmt::format("experiment {}, at {}: ", experiment.name, place(experiment.sweep, values));
  };
  try {
    std::vector<std::string> paths;
    for (const io::SweepAxis& axis : experiment.sweep) paths.push_back(axis.path);
    const io::Input point = io::with_values(input, paths, values);
    return run_point(point, experiment, {}, nullptr, &headings);
  } catch (const InputError& error) {
    std::vector<Fault> faults = error.faults();
    for (Fault& fault : faults) fault.message = where() + fault.message;
    throw InputError(std::move(faults));
  } catch (const DomainError& error) {
    throw DomainError(where() + error.what());
  } catch (const ConvergenceError& error) {
    const std::string what = error.what();
    throw ConvergenceError(where() + what.substr(0, what.find(" did not converge")), error.iterations(),
                           error.residual(), error.tolerance(), error.last_good_state());
  }
}

std::vector<io::Dimension> dimensions_of(const std::vector<io::SweepAxis>& sweep) {
  std::vector<io::Dimension> axes;
  for (const io::SweepAxis& axis : sweep) {
    io::Dimension dimension;
    dimension.name = axis.path;
    dimension.size = axis.values.size();
    dimension.values = axis.values;
    dimension.unit = axis.unit;
    dimension.long_name = axis.path;
    dimension.logarithmic = axis.scale == "log";
    dimension.sweep = true;
    axes.push_back(std::move(dimension));
  }
  return axes;
}

}  // namespace

bool is_shared(const io::Input& input, const io::Experiment& experiment) {
  const auto* time = std::get_if<io::TimeExperiment>(&experiment.body);
  if (time == nullptr || input.geometry.dimensions() < 2) return false;
  return dynamics::grid::all_ranks().size() > 1 || !time->petsc.empty();
}

io::Record run_experiment(const io::Input& input, const io::Experiment& experiment, int threads,
                          const Progress& progress, const CheckpointStore* checkpoint) {
  stop_if_interrupted();
  if (experiment.sweep.empty()) {
    io::Record record = run_point(input, experiment, progress, checkpoint, nullptr, threads);
    if (progress) progress(1, 1, {});
    return record;
  }
  std::size_t points = 1;
  for (const io::SweepAxis& axis : experiment.sweep) points *= axis.values.size();

  // with_value copies its input at every point: only what a point needs is copied.
  io::Input base = input;
  base.experiments.clear();
  base.warnings.clear();

  Ranks& ranks = dynamics::grid::all_ranks();
  if (is_shared(input, experiment)) threads = 1;  // the ranks go from point to point together

  // The first point gives the shapes; the others write into arrays of the full size, each at its own place, so that the
  // result does not depend on which thread took which point.
  FilmColumns::Headings headings;
  io::Record first = run_sweep_point(base, experiment, 0, headings);
  if (!ranks.first()) {
    for (std::size_t i = 1; i < points; ++i) {
      stop_if_interrupted();
      run_sweep_point(base, experiment, i, headings);
    }
    return {};
  }
  io::Stacking stacking(dimensions_of(experiment.sweep), first);
  stacking.put(0, std::move(first));
  std::atomic<std::size_t> done{1};
  std::mutex one_at_a_time;
  parallel_blocks(points - 1, 1, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      stop_if_interrupted();
      stacking.put(i + 1, run_sweep_point(base, experiment, i + 1, headings));
      const std::size_t now = ++done;
      if (!progress) continue;
      // Reporting must not hold up the work: whoever finds it busy goes on, and the last point always reports.
      std::unique_lock<std::mutex> guard(one_at_a_time, std::defer_lock);
      if (now == points) {
        guard.lock();
      } else if (!guard.try_lock()) {
        continue;
      }
      progress(now, points, {});
    }
  });
  return stacking.finish();
}

}  // namespace vitrispin::app
