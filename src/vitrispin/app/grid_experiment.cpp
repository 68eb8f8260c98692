#include "vitrispin/app/grid_experiment.hpp"

#include <algorithm>

#include "vitrispin/app/grid_recorder.hpp"
#include "vitrispin/app/initial_file.hpp"
#include "vitrispin/app/initial_mode.hpp"
#include "vitrispin/app/time_loop.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/grid/build_problem.hpp"
#include "vitrispin/dynamics/heat_of_line.hpp"

namespace vitrispin::app {
namespace {

using dynamics::grid::Problem;

constexpr double snapshot_bytes = 100e6;     ///< of all snapshots that were not asked for
constexpr double bytes_per_cell = 8 * 10.0;  ///< M, m, theta and the entropy production

void add_random(const Problem& problem, const io::InitialChange& change, std::vector<double>& deviations) {
  const std::size_t cells = problem.cells();
  for (std::size_t i = 0; i < cells; ++i) {
    if (problem.domain[i] == dynamics::grid::vacuum) continue;
    const bool pair = problem.domains[problem.domain[i]].material.has_equilibrium_magnetization();
    for (std::size_t c = 0; c < 3; ++c) {
      if (pair) deviations[c * cells + i] += change.amplitude * normal(change.seed, 6 * i + c);
      deviations[(3 + c) * cells + i] += change.amplitude * normal(change.seed, 6 * i + 3 + c);
    }
  }
}

/// Calls `work` with the number, the domain and the centre of each cell that is not vacuum.
template <class Work>
void for_each_cell(const Problem& problem, const Work& work) {
  std::size_t cell = 0;
  for (std::size_t k = 0; k < problem.axes[2].cells(); ++k) {
    for (std::size_t j = 0; j < problem.axes[1].cells(); ++j) {
      for (std::size_t i = 0; i < problem.axes[0].cells(); ++i, ++cell) {
        if (problem.domain[cell] == dynamics::grid::vacuum) continue;
        work(cell, problem.domains[problem.domain[cell]],
             Vector3<double>(problem.axes[0].center(i), problem.axes[1].center(j), problem.axes[2].center(k)));
      }
    }
  }
}

void add_mode(const Problem& problem, const io::InitialChange& change, std::vector<double>& deviations) {
  const ModeWave wave(problem.domains.front().material, problem.H, change);
  for_each_cell(problem, [&](std::size_t cell, const dynamics::grid::Domain& domain, const Vector3<double>& place) {
    for (std::size_t field = 0; field < 3; ++field) {
      if (field == 0 && !domain.material.has_equilibrium_magnetization()) continue;
      if (field == 2 && !domain.material.has_texture()) continue;
      const Vector3<double> value = wave.value(field, place[0]);
      for (std::size_t c = 0; c < 3; ++c) deviations[(3 * field + c) * problem.cells() + cell] += value[c];
    }
  });
}

void add_change(const Problem& problem, const io::InitialChange& change, std::vector<double>& deviations) {
  using Field = io::InitialChange::Field;
  if (change.shape == io::InitialChange::Shape::random) return add_random(problem, change, deviations);
  if (change.shape == io::InitialChange::Shape::mode) return add_mode(problem, change, deviations);
  const std::size_t field = change.field == Field::M ? 0 : change.field == Field::m ? 1 : 2;
  double* values = deviations.data() + (3 * field + change.component) * problem.cells();
  for_each_cell(problem, [&](std::size_t cell, const dynamics::grid::Domain& domain, const Vector3<double>& place) {
    if (change.field == Field::M && !domain.material.has_equilibrium_magnetization()) return;
    if (change.field == Field::theta && !domain.material.has_texture()) return;
    values[cell] += change.amplitude * shape_at(change, place);
  });
}

}  // namespace

std::vector<double> snapshot_times(const io::TimeExperiment& experiment, std::size_t cells) {
  if (!experiment.snapshots.empty()) return experiment.snapshots;
  const std::size_t n = experiment.output.size();
  const auto room = static_cast<std::size_t>(snapshot_bytes / (bytes_per_cell * static_cast<double>(cells)));
  const std::size_t count = std::min(n, std::max<std::size_t>(room, 2));
  std::vector<double> times;
  for (std::size_t i = 0; i < count; ++i) {
    times.push_back(experiment.output[count == n ? i : i * (n - 1) / (count - 1)]);
  }
  return times;
}

std::vector<double> initial_deviations(const Problem& problem, const std::vector<io::InitialChange>& changes,
                                       const std::string& input_file) {
  std::vector<double> deviations(9 * problem.cells(), 0.0);
  for (const io::InitialChange& change : changes) {
    if (change.shape != io::InitialChange::Shape::file) continue;
    deviations = start_from_file(change, input_file, cells_of(problem), 0).deviations;
  }
  for (const io::InitialChange& change : changes) {
    if (change.shape != io::InitialChange::Shape::file) add_change(problem, change, deviations);
  }
  return deviations;
}

io::Record run_on_grid(const io::Input& input, const io::TimeExperiment& experiment,
                       const dynamics::grid::Engine& engine, const Progress& progress,
                       const CheckpointStore* checkpoint) {
  const auto& T = experiment.temperature;
  const Problem problem = dynamics::grid::build_problem(
      T ? dynamics::at_temperature(input.stack, *T) : input.stack,
      T ? dynamics::at_temperature(input.geometry, *T) : input.geometry, experiment.drives);
  auto run = engine.evolution(problem, {settings_of(experiment), experiment.petsc, experiment.temperature});
  Ranks& ranks = engine.ranks();
  run->start(ranks.first() ? initial_deviations(problem, experiment.initial, input.file) : std::vector<double>());
  GridRecorder recorder(problem, experiment, snapshot_times(experiment, problem.cells()));
  TimeLoop loop(experiment, progress, checkpoint, ranks, [&](dynamics::Archive& archive) {
    run->exchange(archive);
    if (ranks.first()) recorder.exchange(archive);
  });
  loop.run([&] { return recorder.kept(); },
           [&](double time) {
             run->advance_to(time, [&](const dynamics::grid::StepReport& step) {
               loop.step_done(step.time, {step.step, step.steps, step.iterations, problem.cells(), step.held});
             });
           },
           [&] {
             recorder.keep(run->time(), run->snapshot(), run->ledger());
             // By the time, which all ranks know: after a restart the first alone knows what was kept.
             if (run->time() >= experiment.output.back()) recorder.keep_last(run->deviations());
           },
           [&] { return run->time(); });
  io::Record record;
  if (!ranks.first()) return record;
  record.add(count_quantity("steps", run->steps(), "Steps taken"));
  record.add(count_quantity("iterations", run->iterations(), "Iterations of the solvers"));
  write_held_steps(record, experiment, run->steps(), run->held());
  write_left_out(record, experiment, run->left_out());
  run.reset();  // the solvers' memory, before the record asks for its own
  recorder.write(record);
  if (progress) progress(TimeLoop::parts, TimeLoop::parts, {});
  return record;
}

}  // namespace vitrispin::app
