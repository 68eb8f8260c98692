#include "vitrispin/dynamics/grid/serial_evolution.hpp"

#include <cmath>
#include <limits>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/grid/adaptive.hpp"
#include "vitrispin/dynamics/grid/explicit_grid.hpp"
#include "vitrispin/dynamics/grid/gauss4.hpp"
#include "vitrispin/dynamics/grid/ledger.hpp"
#include "vitrispin/dynamics/grid/midpoint.hpp"
#include "vitrispin/dynamics/grid/snapshot.hpp"
#include "vitrispin/dynamics/grid/step_parts.hpp"

namespace vitrispin::dynamics::grid {
namespace {

class SlabEvolution final : public Evolution {
public:
  SlabEvolution(const Problem& problem, const EvolutionSettings& settings, Slab slab, std::unique_ptr<Halo> halo,
                const SolverMaker& solver)
      : settings_(settings),
        grid_(problem, slab),
        halo_(std::move(halo)),
        equations_(grid_, *halo_),
        forcing_(grid_),
        state_(grid_.cells()) {
    if (settings.time.method == Method::midpoint)
      midpoint_ = std::make_unique<Midpoint>(equations_, forcing_, solver);
    else if (settings.time.method == Method::gauss4)
      gauss4_ = std::make_unique<Gauss4>(equations_, forcing_, solver);
    else if (settings.time.method == Method::explicit_adaptive)
      explicit_ =
          std::make_unique<ExplicitAdaptive>(rates_of_grid(equations_, forcing_), grid_.cells(), settings.time.bounds);
    else
      adaptive_ = std::make_unique<Adaptive>(equations_, forcing_, solver, settings.time.bounds);
  }

  void start(const std::vector<double>& deviations) override {
    scatter_fields(deviations, grid_, *halo_, state_);
    energy_at_start_ = energy(0);
  }

  std::vector<double> deviations() override {
    std::vector<double> all;
    if (halo_->first()) all.reserve(9 * grid_.problem().cells());
    for (std::size_t f = 0; f < 9; ++f) {
      const std::vector<double> field = halo_->gathered(state_.values().data() + f * grid_.cells(), grid_.cells());
      all.insert(all.end(), field.begin(), field.end());
    }
    return all;
  }

  void advance_to(double time, const std::function<void(const StepReport&)>& watch) override {
    for (const double corner : forcing_.corners(time)) {
      if (corner > time_) advance_smoothly(corner, watch);
    }
    if (time > time_) advance_smoothly(time, watch);
    ledger_.free_energy_change = energy(time) - energy_at_start_;
  }

  double time() const override { return time_; }
  long steps() const override { return static_cast<long>(steps_); }
  long iterations() const override {
    return midpoint_ ? midpoint_->solves() : gauss4_ ? gauss4_->solves() : adaptive_ ? adaptive_->solves() : 0;
  }
  long held() const override { return explicit_ ? explicit_->held() : 0; }
  const LedgerEntry& ledger() const override { return ledger_; }
  Snapshot snapshot() override;
  void exchange(Archive& archive) override;

private:
  double energy(double time) {
    Forcing now;
    forcing_.at(time, now);
    return free_energy(equations_.sweep(), now, StateView(state_));
  }
  void report(double step, const std::function<void(const StepReport&)>& watch) {
    ++steps_;
    if (watch) watch({time_, step, steps(), iterations(), explicit_ && explicit_->last_was_held()});
  }
  void advance_smoothly(double end, const std::function<void(const StepReport&)>& watch);

  EvolutionSettings settings_;
  Grid grid_;
  std::unique_ptr<Halo> halo_;
  Equations equations_;
  DrivenForcing forcing_;
  Fields<double> state_;
  std::unique_ptr<Midpoint> midpoint_;
  std::unique_ptr<Gauss4> gauss4_;
  std::unique_ptr<Adaptive> adaptive_;
  std::unique_ptr<ExplicitAdaptive> explicit_;
  double time_ = 0, h_ = 0, energy_at_start_ = 0, steps_ = 0;
  /// The equal steps that a fixed-step method is among: where they began, where they end, how many there are and are done.
  struct Interval {
    double start = 0, end = 0, count = 0, done = 0;
  } interval_;
  LedgerEntry ledger_;
};

void SlabEvolution::advance_smoothly(double end, const std::function<void(const StepReport&)>& watch) {
  const auto keep_time = [&](double time, double step) {
    time_ = time;
    report(step, watch);
  };
  if (adaptive_) return adaptive_->advance(time_, end, state_, ledger_.balance, keep_time);
  if (explicit_) return explicit_->advance(time_, end, state_, ledger_.balance, keep_time);
  if (interval_.end != end || interval_.done == interval_.count) {
    const double span = end - time_;
    const double count = std::max(1.0, std::ceil(span / settings_.time.dt * (1 - 1e-12)));
    interval_ = {time_, end, count, 0};
    // Equal intervals differ by rounding of their ends: one step serves them all, and one factorisation.
    if (std::abs(span / count - h_) > 1e-12 * span / count) h_ = span / count;
  }
  while (interval_.done < interval_.count) {
    if (midpoint_)
      midpoint_->step(time_, h_, state_, ledger_.balance);
    else
      gauss4_->step(time_, h_, state_, ledger_.balance);
    ++interval_.done;
    time_ = interval_.done == interval_.count ? end : interval_.start + interval_.done * h_;
    report(h_, watch);
  }
}

Snapshot SlabEvolution::snapshot() {
  Forcing now;
  forcing_.at(time_, now);
  return snapshot_of(equations_.sweep(), now, state_);
}

void SlabEvolution::exchange(Archive& archive) {
  for (double* value :
       {&time_, &h_, &energy_at_start_, &steps_, &interval_.start, &interval_.end, &interval_.count, &interval_.done})
    exchange_number(archive, *halo_, *value);
  DissipatedPower& lost = ledger_.balance.dissipated;
  for (double* value : {&ledger_.free_energy_change, &ledger_.balance.work.boundary, &ledger_.balance.work.drive,
                        &lost.M_to_lattice, &lost.m_to_lattice, &lost.exchange, &lost.diffusion, &lost.damping,
                        &lost.interfaces, &lost.contacts, &lost.mixing})
    exchange_number(archive, *halo_, *value);
  for (std::size_t f = 0; f < 9; ++f)
    exchange_whole(archive, grid_, *halo_, state_.values().data() + f * grid_.cells());
  if (midpoint_) midpoint_->exchange(archive);
  if (gauss4_) gauss4_->exchange(archive);
  if (adaptive_) adaptive_->exchange(archive);
  if (explicit_) explicit_->exchange([&](double& value) { exchange_number(archive, *halo_, value); });
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
