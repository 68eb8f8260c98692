#include "vitrispin/dynamics/grid/exact_evolution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/grid/drives.hpp"
#include "vitrispin/dynamics/grid/equations.hpp"
#include "vitrispin/dynamics/grid/exact_waves.hpp"
#include "vitrispin/dynamics/grid/ledger.hpp"
#include "vitrispin/dynamics/grid/snapshot.hpp"

namespace vitrispin::dynamics::grid {
namespace {

bool equal_cells(const Axis& axis) {
  const double mean = (axis.faces.back() - axis.faces.front()) / static_cast<double>(axis.cells());
  for (std::size_t i = 0; i < axis.cells(); ++i)
    if (std::abs(axis.width(i) - mean) > 1e-12 * static_cast<double>(axis.cells()) * mean) return false;
  return true;
}

WaveBox box_of(const Problem& problem) {
  WaveBox box;
  for (std::size_t a = 0; a < 3; ++a) {
    const Axis& axis = problem.axes[a];
    box.cells[a] = axis.cells();
    box.width[a] = (axis.faces.back() - axis.faces.front()) / static_cast<double>(axis.cells());
    box.periodic[a] = axis.periodic;
  }
  return box;
}

const physics::Material<double>& material_of(const Problem& problem) {
  return problem.domains[problem.domain.front()].material;
}

class ExactEvolution final : public Evolution {
public:
  explicit ExactEvolution(const Problem& problem)
      : grid_(problem),
        halo_(problem.axes[grid_.slowest()].periodic),
        sweep_(grid_, halo_),
        forcing_(grid_),
        waves_(material_of(problem), problem.H, box_of(problem)),
        start_(grid_.cells()),
        state_(grid_.cells()) {
    forcing_.at(0, forced_);
  }

  void start(const std::vector<double>& deviations) override {
    scatter_fields(deviations, grid_, halo_, start_);
    begin();
    state_ = start_;
  }

  std::vector<double> deviations() override {
    std::vector<double> all;
    for (std::size_t f = 0; f < 9; ++f) {
      const std::vector<double> field = halo_.gathered(state_.values().data() + f * grid_.cells(), grid_.cells());
      all.insert(all.end(), field.begin(), field.end());
    }
    return all;
  }

  void advance_to(double time, const std::function<void(const StepReport&)>& watch) override {
    if (time <= time_) return;
    const double step = time - time_;
    ledger_.balance.dissipated = waves_.state_at(time, state_);
    time_ = time;
    ++steps_;
    ledger_.free_energy_change = free_energy(sweep_, forced_, StateView(state_)) - energy_at_start_;
    if (watch) watch({time_, step, steps(), iterations()});
  }

  double time() const override { return time_; }
  long steps() const override { return static_cast<long>(steps_); }
  long iterations() const override { return 0; }
  const LedgerEntry& ledger() const override { return ledger_; }
  Snapshot snapshot() override { return snapshot_of(sweep_, forced_, state_); }

  void exchange(Archive& archive) override {
    archive.value(time_);
    archive.value(steps_);
    archive.values(start_.values());
    archive.values(state_.values());
    ledger_.exchange(archive);
    if (archive.reads()) begin();
  }

private:
  void begin() {
    energy_at_start_ = free_energy(sweep_, forced_, StateView(start_));
    waves_.start(start_);
  }

  Grid grid_;
  Halo halo_;
  RowSweep sweep_;
  DrivenForcing forcing_;
  Forcing forced_;
  ExactWaves waves_;
  Fields<double> start_, state_;
  double time_ = 0, steps_ = 0, energy_at_start_ = 0;
  LedgerEntry ledger_;
};

}  // namespace

std::string obstacle_to_exact(const Problem& problem) {
  for (const std::uint16_t domain : problem.domain) {
    if (domain != problem.domain.front() || domain == vacuum) return "it takes one layer or region that fills the box";
  }
  if (material_of(problem).kind == physics::MaterialKind::ferromagnet) return "it takes a glass or a metal";
  if (!problem.drives.empty()) return "it takes no drives";
  for (const Axis& axis : problem.axes)
    if (!equal_cells(axis)) return "it takes equal cells";
  const Grid grid(problem);
  if (!grid.outer_faces().empty()) return "it takes closed faces that leave theta free, or periodic ones";
  return {};
}

std::unique_ptr<Evolution> exact_evolution(const Problem& problem) {
  const std::string obstacle = obstacle_to_exact(problem);
  if (!obstacle.empty())
    throw InputError(
        fmt::format("method = \"exact\" is for waves in a uniform box: {}; \"auto\" solves this", obstacle));
  return std::make_unique<ExactEvolution>(problem);
}

}  // namespace vitrispin::dynamics::grid
