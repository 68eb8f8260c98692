#include "vitrispin/dynamics/grid/serial_evolution.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/grid/adaptive.hpp"
#include "vitrispin/dynamics/grid/build_problem.hpp"
#include "vitrispin/dynamics/grid/conduction.hpp"
#include "vitrispin/dynamics/grid/explicit_grid.hpp"
#include "vitrispin/dynamics/grid/gauss4.hpp"
#include "vitrispin/dynamics/grid/ledger.hpp"
#include "vitrispin/dynamics/grid/midpoint.hpp"
#include "vitrispin/dynamics/grid/snapshot.hpp"
#include "vitrispin/dynamics/grid/step_parts.hpp"
#include "vitrispin/dynamics/grid/temperature_cells.hpp"

namespace vitrispin::dynamics::grid {
namespace {

/// A slab with the materials of one moment, and the integrator on it.
struct Core {
  Core(const Problem& problem, const EvolutionSettings& settings, Slab slab, const Halo& halo,
       const SolverMaker& solver)
      : grid(problem, slab), equations(grid, halo), forcing(grid) {
    const SimulationSettings& time = settings.time;
    switch (time.method) {
      case Method::midpoint: midpoint = std::make_unique<Midpoint>(equations, forcing, solver); break;
      case Method::gauss4: gauss4 = std::make_unique<Gauss4>(equations, forcing, solver); break;
      case Method::explicit_adaptive:
        by_rates = std::make_unique<ExplicitAdaptive>(rates_of_grid(equations, forcing), grid.cells(), time.bounds);
        break;
      default: adaptive = std::make_unique<Adaptive>(equations, forcing, solver, time.bounds);
    }
  }
  void exchange(Archive& archive) {
    const Halo& halo = equations.sweep().halo();
    if (midpoint) midpoint->exchange(archive);
    if (gauss4) gauss4->exchange(archive);
    if (adaptive) adaptive->exchange(archive);
    if (by_rates) by_rates->exchange([&](double& value) { exchange_number(archive, halo, value); });
  }

  Grid grid;
  Equations equations;
  DrivenForcing forcing;
  std::unique_ptr<Midpoint> midpoint;
  std::unique_ptr<Gauss4> gauss4;
  std::unique_ptr<Adaptive> adaptive;
  std::unique_ptr<ExplicitAdaptive> by_rates;
};

class SlabEvolution final : public Evolution {
public:
  SlabEvolution(const Problem& problem, const EvolutionSettings& settings, Slab slab, std::unique_ptr<Halo> halo,
                const SolverMaker& solver)
      : settings_(settings), slab_(slab), make_solver_(solver), halo_(std::move(halo)) {
    const bool follows = settings.temperature && depends_on_temperature(problem);
    if (follows) {
      cells_ = in_cells(problem);
      const std::vector<double> T(cells_.domain.size(), *settings.temperature);
      set_temperature(cells_, T, T);
    }
    const Problem& at_start = follows ? cells_ : problem;
    core_ = std::make_unique<Core>(at_start, settings, slab, *halo_, solver);
    state_ = Fields<double>(core_->grid.cells());
    if (!settings.temperature) return;
    conduction_ = std::make_unique<Conduction>(at_start, *settings.temperature, slab, *halo_, solver);
    heat_.assign(core_->grid.cells(), 0.0);
    ledger_.balance.heat = heat_.data();
  }

  void start(const std::vector<double>& deviations) override {
    scatter_fields(deviations, core_->grid, *halo_, state_);
    energy_at_start_ = energy(0);
  }

  std::vector<double> deviations() override {
    const Fields<double> now = state_;  // the way there and back would leave rounding
    if (!cells_.domains.empty()) change_equilibrium_to_start();
    std::vector<double> all;
    if (halo_->first()) all.reserve(9 * core_->grid.problem().cells());
    for (std::size_t f = 0; f < 9; ++f) {
      const std::vector<double> field =
          halo_->gathered(state_.values().data() + f * core_->grid.cells(), core_->grid.cells());
      all.insert(all.end(), field.begin(), field.end());
    }
    state_ = now;
    return all;
  }

  void advance_to(double time, const std::function<void(const StepReport&)>& watch) override {
    for (const double corner : core_->forcing.corners(time)) {
      if (corner > time_) advance_smoothly(corner, watch);
    }
    if (time > time_) advance_smoothly(time, watch);
    ledger_.free_energy_change = energy(time) - energy_at_start_;
    if (!conduction_) return;
    ledger_.heat_held = conduction_->held();
    ledger_.heat_to_baths = conduction_->to_baths();
  }

  double time() const override { return time_; }
  long steps() const override { return static_cast<long>(steps_); }
  long iterations() const override {
    return core_->midpoint   ? core_->midpoint->solves()
           : core_->gauss4   ? core_->gauss4->solves()
           : core_->adaptive ? core_->adaptive->solves()
                             : 0;
  }
  long held() const override { return core_->by_rates ? core_->by_rates->held() : 0; }
  const LedgerEntry& ledger() const override { return ledger_; }
  Snapshot snapshot() override;
  void exchange(Archive& archive) override;

private:
  double energy(double time) {
    Forcing now;
    core_->forcing.at(time, now);
    return free_energy(core_->equations.sweep(), now, StateView(state_));
  }
  void step_done(double time, double step, const std::function<void(const StepReport&)>& watch) {
    time_ = time;
    ++steps_;
    if (conduction_) {
      conduction_->step(step, heat_.data());
      std::fill(heat_.begin(), heat_.end(), 0.0);
      if (!cells_.domains.empty()) follow_materials();
    }
    if (watch) watch({time_, step, steps(), iterations(), core_->by_rates && core_->by_rates->last_was_held()});
  }
  void advance_smoothly(double end, const std::function<void(const StepReport&)>& watch);

  void rebuild();
  void follow_materials();
  double energy_left_out();
  void change_equilibrium(double sign);
  void change_equilibrium_to_start();

  EvolutionSettings settings_;
  Slab slab_;
  SolverMaker make_solver_;
  std::unique_ptr<Halo> halo_;
  Problem cells_;  ///< a domain for each cell, where materials follow temperature; else empty
  std::unique_ptr<Core> core_;
  Fields<double> state_;
  double time_ = 0, h_ = 0, energy_at_start_ = 0, steps_ = 0;
  /// The equal steps that a fixed-step method is among: where they began, where they end, how many there are and are done.
  struct Interval {
    double start = 0, end = 0, count = 0, done = 0;
  } interval_;
  LedgerEntry ledger_;
  std::unique_ptr<Conduction> conduction_;
  std::vector<double> heat_;  ///< of each cell during a step [J/m^3]
};

void SlabEvolution::advance_smoothly(double end, const std::function<void(const StepReport&)>& watch) {
  if (core_->adaptive || core_->by_rates) {
    while (time_ < end) {
      const double reached = core_->adaptive ? core_->adaptive->step(time_, end, state_, ledger_.balance)
                                             : core_->by_rates->step(time_, end, state_, ledger_.balance);
      step_done(reached, reached - time_, watch);
    }
    return;
  }
  if (interval_.end != end || interval_.done == interval_.count) {
    const double span = end - time_;
    const double count = std::max(1.0, std::ceil(span / settings_.time.dt * (1 - 1e-12)));
    interval_ = {time_, end, count, 0};
    // Equal intervals differ by rounding of their ends: one step serves them all, and one factorisation.
    if (std::abs(span / count - h_) > 1e-12 * span / count) h_ = span / count;
  }
  while (interval_.done < interval_.count) {
    if (core_->midpoint)
      core_->midpoint->step(time_, h_, state_, ledger_.balance);
    else
      core_->gauss4->step(time_, h_, state_, ledger_.balance);
    ++interval_.done;
    step_done(interval_.done == interval_.count ? end : interval_.start + interval_.done * h_, h_, watch);
  }
}

Snapshot SlabEvolution::snapshot() {
  Forcing now;
  core_->forcing.at(time_, now);
  Snapshot result = snapshot_of(core_->equations.sweep(), now, state_);
  if (!conduction_) return result;
  Values<double> T(core_->grid.cells());
  for (std::size_t i = 0; i < T.size(); ++i) {
    const bool present = core_->grid.domain()[i] != vacuum;
    T[i] = present ? conduction_->start() + conduction_->warming()[i] : std::numeric_limits<double>::quiet_NaN();
  }
  result.temperature = halo_->gathered(T.data(), T.size());
  return result;
}

void SlabEvolution::exchange(Archive& archive) {
  for (double* value :
       {&time_, &h_, &energy_at_start_, &steps_, &interval_.start, &interval_.end, &interval_.count, &interval_.done})
    exchange_number(archive, *halo_, *value);
  DissipatedPower& lost = ledger_.balance.dissipated;
  for (double* value :
       {&ledger_.free_energy_change, &ledger_.heat_held, &ledger_.heat_to_baths, &ledger_.of_temperature,
        &ledger_.balance.work.boundary, &ledger_.balance.work.drive, &lost.M_to_lattice, &lost.m_to_lattice,
        &lost.exchange, &lost.diffusion, &lost.damping, &lost.interfaces, &lost.contacts, &lost.mixing})
    exchange_number(archive, *halo_, *value);
  for (std::size_t f = 0; f < 9; ++f)
    exchange_whole(archive, core_->grid, *halo_, state_.values().data() + f * core_->grid.cells());
  if (conduction_) conduction_->exchange(archive);
  if (!cells_.domains.empty() && archive.reads()) rebuild();
  core_->exchange(archive);
}

/// A core with the materials of the next step.
void SlabEvolution::rebuild() {
  const std::size_t owned = core_->grid.cells();
  const std::size_t first = slab_.begin * core_->grid.plane();
  std::vector<double> both(2 * cells_.domain.size(), 0.0);  // T now and ahead, of the whole grid
  for (std::size_t i = 0; i < owned; ++i) {
    both[first + i] = conduction_->start() + conduction_->warming()[i];
    both[cells_.domain.size() + first + i] = conduction_->ahead(i);
  }
  halo_->sum(both);
  const auto middle = both.begin() + static_cast<std::ptrdiff_t>(cells_.domain.size());
  set_temperature(cells_, {both.begin(), middle}, {middle, both.end()});
  conduction_->adopt(cells_);
  core_ = std::make_unique<Core>(cells_, settings_, slab_, *halo_, make_solver_);
}

/// What free_energy() leaves out because it does not depend on the state.
double SlabEvolution::energy_left_out() {
  const Grid& grid = core_->grid;
  Forcing now;
  core_->forcing.at(time_, now);
  std::vector<double> sum(1, 0.0);
  std::size_t cell = 0;
  for (std::size_t k = 0; k < grid.count(2); ++k) {
    for (std::size_t j = 0; j < grid.count(1); ++j) {
      for (std::size_t i = 0; i < grid.count(0); ++i, ++cell) {
        if (grid.domain()[cell] == vacuum) continue;
        Vector3<double> change{};
        for (std::size_t c = 0; c < 3; ++c) change[c] = now.field[c].empty() ? 0.0 : now.field[c][i];
        sum[0] += grid.volume(i, j, k) *
                  grid::energy_left_out(grid.domains()[grid.domain()[cell]].material, grid.problem().H, change);
      }
    }
  }
  halo_->sum(sum);
  return sum[0];
}

void SlabEvolution::change_equilibrium(double sign) {
  const Grid& grid = core_->grid;
  for (std::size_t i = 0; i < grid.cells(); ++i) {
    if (grid.domain()[i] == vacuum) continue;
    const Domain& domain = grid.domains()[grid.domain()[i]];
    for (std::size_t c = 0; c < 3; ++c) {
      state_.M(c)[i] += sign * domain.M_eq[c];
      state_.m(c)[i] += sign * domain.m_eq[c];
    }
  }
}

/// From deviations from what is in equilibrium now to those from what was at the start.
void SlabEvolution::change_equilibrium_to_start() {
  const Grid& grid = core_->grid;
  for (std::size_t i = 0; i < grid.cells(); ++i) {
    if (grid.domain()[i] == vacuum) continue;
    const Domain& domain = grid.domains()[grid.domain()[i]];
    if (!domain.table) continue;
    Domain at_start = domain;
    set_material(at_start, domain.table->at(conduction_->start()), grid.problem().H);
    for (std::size_t c = 0; c < 3; ++c) {
      state_.M(c)[i] += domain.M_eq[c] - at_start.M_eq[c];
      state_.m(c)[i] += domain.m_eq[c] - at_start.m_eq[c];
    }
  }
}

/// Takes the materials of the next step; M and m stay what they are, and what F gains is booked.
void SlabEvolution::follow_materials() {
  const double before = energy(time_), left_out_before = energy_left_out();
  change_equilibrium(1);
  Archive memory;
  core_->exchange(memory);
  rebuild();
  Archive remembered(memory.bytes());
  core_->exchange(remembered);
  change_equilibrium(-1);
  const double left_out = energy_left_out() - left_out_before;
  ledger_.of_temperature += energy(time_) - before + left_out;
  energy_at_start_ -= left_out;
}

}  // namespace

std::unique_ptr<Evolution> slab_evolution(const Problem& problem, const EvolutionSettings& settings, Slab slab,
                                          std::unique_ptr<Halo> halo, const SolverMaker& solver) {
  return std::make_unique<SlabEvolution>(problem, settings, slab, std::move(halo), solver);
}

std::unique_ptr<Evolution> serial_evolution(const Problem& problem, const EvolutionSettings& settings,
                                            const SolverMaker& solver) {
  const Grid whole(problem);
  const std::size_t axis = whole.slowest();
  return slab_evolution(problem, settings, {0, problem.axes[axis].cells()},
                        std::make_unique<Halo>(problem.axes[axis].periodic), solver);
}

}  // namespace vitrispin::dynamics::grid
