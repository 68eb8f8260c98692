#include "vitrispin/app/initial_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/grid/build_problem.hpp"
#include "vitrispin/io/state_file.hpp"
#include "vitrispin/modes/field_axis.hpp"

namespace vitrispin::app {
namespace {

using Centers = std::array<std::vector<double>, 3>;

/// `14 x 6 cells along x, y`.
std::string shape_of(const Centers& centers) {
  std::string counts, names;
  for (std::size_t a = 0; a < 3; ++a) {
    if (centers[a].empty()) continue;
    counts += fmt::format("{}{}", counts.empty() ? "" : " x ", centers[a].size());
    names += fmt::format("{}{}", names.empty() ? "" : ", ", "xyz"[a]);
  }
  return counts + " cells along " + names;
}

/// How the grids differ; empty if they do not. Centres that were computed in another way differ by rounding.
std::string difference(const Centers& stored, const Centers& own) {
  for (std::size_t a = 0; a < 3; ++a) {
    if (stored[a].size() != own[a].size())
      return fmt::format("its grid has {}; this run's has {}", shape_of(stored), shape_of(own));
  }
  for (std::size_t a = 0; a < 3; ++a) {
    for (std::size_t i = 0; i < own[a].size(); ++i) {
      if (std::abs(stored[a][i] - own[a][i]) <= 1e-9 * (std::abs(own[a].back()) + std::abs(own[a].front()))) continue;
      return fmt::format("its grid of {} is another one: cell {} along {} is at {} m, in this run at {} m",
                         shape_of(stored), i + 1, "xyz"[a], stored[a][i], own[a][i]);
    }
  }
  return {};
}

/// The state as deviations; what is wrong with a cell is thrown as text.
std::vector<double> deviations_of(const io::StoredState& stored, const CellsOfRun& run) {
  std::vector<double> deviations(9 * stored.cells, 0.0);
  for (std::size_t i = 0; i < stored.cells; ++i) {
    const CellsOfRun::Cell cell = run.cell(i);
    for (std::size_t f = 0; f < 9; ++f) {
      const bool is_m = f / 3 == 1;
      const bool is_here = !cell.is_vacuum && (is_m || (f < 3 ? cell.has_M : cell.has_texture));
      if (is_here != std::isfinite(stored.fields[f][i])) {
        throw InputError(fmt::format("it has {} {} in cell {}, which is {} here: the materials differ",
                                     is_here ? "no" : "a", std::array{"M", "m", "theta"}[f / 3], i + 1,
                                     cell.is_vacuum     ? "vacuum"
                                     : cell.has_texture ? "a spin glass"
                                     : cell.has_M       ? "a ferromagnet"
                                                        : "a metal"));
      }
      if (!is_here) continue;
      const double at_rest = f < 3 ? cell.M_eq[f] : is_m ? cell.m_eq[f - 3] : 0;
      const double before = stored.is_last() && f < 6 ? stored.equilibrium[f][i] : 0;
      deviations[f * stored.cells + i] = stored.fields[f][i] + (before - at_rest);
    }
  }
  return deviations;
}

/// Beside a ferromagnet all is along one axis, to rounding: 1e-9, as of directions in the file.
void check_axis(const std::vector<double>& deviations, const Vector3<double>& axis) {
  const std::size_t cells = deviations.size() / 9;
  for (std::size_t f = 0; f < 3; ++f) {
    double along = 0, across = 0;
    for (std::size_t i = 0; i < cells; ++i) {
      const double* x = deviations.data() + 3 * f * cells + i;
      const Vector3<double> v{x[0], x[cells], x[2 * cells]}, turned = cross(axis, v);
      along = std::max(along, std::abs(dot(axis, v)));
      across = std::max(across, std::sqrt(dot(turned, turned)));
    }
    if (across <= 1e-9 * along) continue;
    throw InputError(
        fmt::format("its {} has a part of up to {} across the axis of H and M0, but there is a ferromagnet, "
                    "which carries longitudinal spin only",
                    std::array{"M", "m", "theta"}[f], across));
  }
}

std::optional<Vector3<double>> axis_of(const Vector3<double>& H, const auto& materials) {
  std::vector<Vector3<double>> remanences;
  bool ferromagnet = false;
  for (const auto& part : materials) {
    remanences.push_back(part.material.remanence);
    ferromagnet = ferromagnet || part.material.kind == physics::MaterialKind::ferromagnet;
  }
  if (!ferromagnet) return std::nullopt;
  return modes::field_axis(H, remanences);
}

}  // namespace

CellsOfRun cells_of(const dynamics::Line& line) {
  CellsOfRun run;
  std::vector<CellsOfRun::Cell> cells;
  for (const dynamics::Segment& segment : line.segments()) {
    for (std::size_t i = segment.begin; i < segment.end; ++i) {
      run.centers[0].push_back(line.positions()[i]);
      cells.push_back({false, segment.material.has_equilibrium_magnetization(), segment.material.has_texture(),
                       segment.M_eq, segment.m_eq});
    }
  }
  run.axis = axis_of(line.H(), line.segments());
  run.cell = [cells = std::move(cells)](std::size_t i) { return cells[i]; };
  return run;
}

CellsOfRun cells_of(const dynamics::grid::Problem& problem) {
  CellsOfRun run;
  for (std::size_t a = 0; a < (problem.axes[2].cells() > 1 ? 3 : 2); ++a) {
    for (std::size_t i = 0; i < problem.axes[a].cells(); ++i) run.centers[a].push_back(problem.axes[a].center(i));
  }
  run.axis = axis_of(problem.H, problem.domains);
  run.cell = [&problem](std::size_t i) {
    if (problem.domain[i] == dynamics::grid::vacuum) return CellsOfRun::Cell{true, false, false, {}, {}};
    const dynamics::grid::Domain& domain = problem.domains[problem.domain[i]];
    return CellsOfRun::Cell{false, domain.material.has_equilibrium_magnetization(), domain.material.has_texture(),
                            domain.M_eq, domain.m_eq};
  };
  return run;
}

StartFromFile start_from_file(const io::InitialChange& change, const std::string& input_file, const CellsOfRun& cells,
                              std::size_t contacts) {
  try {
    const io::StoredState stored = io::read_state(change.file, change.time);
    const std::string differs = difference(stored.centers, cells.centers);
    if (!differs.empty()) throw InputError(fmt::format("{} does not fit: {}", change.file, differs));
    if (contacts > 0 && !stored.is_last()) {
      throw InputError(
          fmt::format("time = {} s: the angles at faces with spin mixing are kept for the last output time "
                      "alone: leave out time",
                      stored.time));
    }
    if (stored.is_last() && stored.contact_theta.size() != 3 * contacts) {
      throw InputError(fmt::format("{} does not fit: it has {} faces with spin mixing, this run has {}", change.file,
                                   stored.contact_theta.size() / 3, contacts));
    }
    std::vector<double> deviations = deviations_of(stored, cells);
    if (cells.axis) check_axis(deviations, *cells.axis);
    return {std::move(deviations), stored.contact_theta};
  } catch (const InputError& error) {
    Fault fault = error.faults().front();
    fault.file = input_file;
    fault.line = change.line;
    fault.column = change.column;
    fault.key = "initial";
    fault.message = "file: " + fault.message;
    throw InputError(std::vector<Fault>{fault});
  }
}

void check_starting_states(const io::Input& input) {
  std::vector<Fault> faults;
  for (const io::Experiment& experiment : input.experiments) {
    const auto* time = std::get_if<io::TimeExperiment>(&experiment.body);
    if (time == nullptr || !experiment.sweep.empty()) continue;  // a sweep's points are checked one by one
    for (const io::InitialChange& change : time->initial) {
      if (change.shape != io::InitialChange::Shape::file) continue;
      try {
        if (input.geometry.dimensions() > 1) {
          const auto problem = dynamics::grid::build_problem(input.stack, input.geometry, {});
          start_from_file(change, input.file, cells_of(problem), 0);
        } else {
          const dynamics::Line line(input.stack);
          start_from_file(change, input.file, cells_of(line), line.contacts().size());
        }
      } catch (const InputError& error) {
        faults.insert(faults.end(), error.faults().begin(), error.faults().end());
      }
    }
  }
  if (!faults.empty()) throw InputError(std::move(faults));
}

}  // namespace vitrispin::app
