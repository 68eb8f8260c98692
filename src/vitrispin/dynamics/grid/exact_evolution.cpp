#include "vitrispin/dynamics/grid/exact_evolution.hpp"

#include <cmath>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/exact_run.hpp"
#include "vitrispin/dynamics/grid/drives.hpp"
#include "vitrispin/dynamics/grid/equations.hpp"
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
        run_(material_of(problem), problem.H, box_of(problem)),
        state_(grid_.cells()) {
    DrivenForcing(grid_).at(0, forcing_);
  }

  void start(const std::vector<double>& deviations) override {
    scatter_fields(deviations, grid_, halo_, state_);
    energy_at_start_ = free_energy(sweep_, forcing_, StateView(state_));
    run_.start(state_, energy_at_start_);
  }

  std::vector<double> deviations() override { return {state_.values().begin(), state_.values().end()}; }

  void advance_to(double time, const std::function<void(const StepReport&)>& watch) override {
    if (time <= time_) return;
    const double step = time - time_;
    ledger_.balance.dissipated = run_.advance(time_, time, state_);
    time_ = time;
    ++steps_;
    ledger_.free_energy_change = free_energy(sweep_, forcing_, StateView(state_)) - energy_at_start_;
    if (watch) watch({time_, step, steps_, 0});
  }

  double time() const override { return time_; }
  long steps() const override { return steps_; }
  long iterations() const override { return 0; }
  double left_out() const override { return run_.left_out(); }
  const LedgerEntry& ledger() const override { return ledger_; }
  Snapshot snapshot() override { return snapshot_of(sweep_, forcing_, state_); }

  void exchange(Archive& archive) override {
    archive.value(time_);
    archive.value(steps_);
    archive.value(energy_at_start_);
    ledger_.exchange(archive);
    archive.values(state_.values());
    run_.exchange(archive);
  }

private:
  Grid grid_;
  Halo halo_;
  RowSweep sweep_;
  Forcing forcing_;
  ExactRun run_;
  Fields<double> state_;
  double time_ = 0, energy_at_start_ = 0;
  long steps_ = 0;
  LedgerEntry ledger_;
};

std::string obstacle(const Problem& problem) {
  for (const std::uint16_t domain : problem.domain) {
    if (domain != problem.domain.front() || domain == vacuum) return "it takes one material that fills the box";
  }
  if (material_of(problem).kind == physics::MaterialKind::ferromagnet) return "it takes a glass or a metal";
  if (!problem.drives.empty()) return "it takes no drives";
  for (const Axis& axis : problem.axes)
    if (!equal_cells(axis)) return "it takes equal cells";
  if (!Grid(problem).outer_faces().empty()) return "it takes closed faces that leave theta free, or periodic ones";
  return {};
}

}  // namespace

std::unique_ptr<Evolution> exact_evolution(const Problem& problem) {
  const std::string what = obstacle(problem);
  if (!what.empty()) throw InputError("method = \"exact\" is for waves in a uniform box: " + what);
  return std::make_unique<ExactEvolution>(problem);
}

}  // namespace vitrispin::dynamics::grid
