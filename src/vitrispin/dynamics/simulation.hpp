#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "vitrispin/dynamics/adaptive.hpp"
#include "vitrispin/dynamics/archive.hpp"
#include "vitrispin/dynamics/drives.hpp"
#include "vitrispin/dynamics/explicit_adaptive.hpp"
#include "vitrispin/dynamics/heat_of_line.hpp"
#include "vitrispin/dynamics/line.hpp"

namespace vitrispin::dynamics {

enum class Method {
  adaptive,           ///< error-controlled, L-stable, order 4
  explicit_adaptive,  ///< error-controlled, explicit, order 4
  midpoint,           ///< fixed step, order 2, exact ledger
  gauss4,             ///< fixed step, order 4, exact ledger
  exact,              ///< no steps: waves of a uniform box, linear about equilibrium
};

struct SimulationSettings {
  Method method = Method::adaptive;
  double dt = 0;  ///< of the fixed-step methods [s]
  ErrorBounds bounds;
};

/// What has happened since the start.
struct LedgerEntry {
  double free_energy_change = 0;
  Balance balance;
  double heat_held = 0;       ///< more than at the start, where heat is followed
  double heat_to_baths = 0;   ///< that baths have got
  double of_temperature = 0;  ///< what F gained because its parameters followed T, (dF/dT) dT/dt
  /// Zero but for rounding (exact methods) or the error of the integration.
  void exchange(Archive& archive);
  double total_imbalance() const {
    return free_energy_change + heat_held + heat_to_baths - balance.work.total() - of_temperature;
  }
  double imbalance() const {
    return free_energy_change + balance.dissipated.total() - balance.work.total() - of_temperature;
  }
};

/// Runs a line in time, from output to output, and keeps the ledger.
/// Errors  ConvergenceError of the integrators, with the time reached
class Simulation {
public:
  Simulation(const Line& line, const DrivenForcing& forcing, const SimulationSettings& settings, Fields<double> start);
  /// From now on heat is followed too. Where materials depend on temperature, the line is that of the temperature at the start.
  void follow(std::unique_ptr<HeatOfLine> heat);

  /// Advances to exactly `time`; `watch` is called after every step and may throw to stop.
  void advance_to(double time, const std::function<void(double time, double step)>& watch);

  double time() const { return time_; }
  /// As it is now: its materials may follow temperature, its nodes stay where they are.
  const Line& line() const { return *line_; }
  const Fields<double>& state() const { return state_; }
  const LedgerEntry& ledger() const { return ledger_; }
  /// T R_s of each node now [W/m^3]; 0 at contact nodes.
  std::vector<double> entropy_production() const;
  /// Of each cell [K]; empty where heat is not followed.
  std::vector<double> temperature() const { return heat_ ? heat_->temperature() : std::vector<double>(); }
  /// All that the run's future depends on: a simulation of the same line, forcing and settings that reads it back goes on to the same bits.
  void exchange(Archive& archive);
  long steps() const { return steps_; }
  long rejected() const { return adaptive_ ? adaptive_->rejected() : explicit_ ? explicit_->rejected() : 0; }
  /// Of an explicit method; see ExplicitAdaptive.
  long held() const { return explicit_ ? explicit_->held() : 0; }
  bool last_was_held() const { return explicit_ && explicit_->last_was_held(); }
  /// Of Method::exact: ExactRun::left_out().
  double left_out() const;

private:
  void advance_smoothly(double end, const std::function<void(double time, double step)>& watch);
  template <class Integrator>
  void fixed_steps(std::unique_ptr<Integrator>& integrator, double end,
                   const std::function<void(double time, double step)>& watch);
  template <class Integrator>
  void chosen_steps(std::unique_ptr<Integrator>& integrator, double end,
                    const std::function<void(double time, double step)>& watch);
  void step_done(double time, double step, const std::function<void(double time, double step)>& watch);

  void make_integrator();
  void exchange_integrator(Archive& archive);
  void follow_materials(bool booked);

  const Line* line_;
  const DrivenForcing* forcing_;
  SimulationSettings settings_;
  Fields<double> state_;
  double time_ = 0, h_ = 0, energy_at_start_ = 0;
  /// The equal steps that a fixed-step method is among: where they began, where they end, how many there are and are done.
  struct Interval {
    double start = 0, end = 0, count = 0, done = 0;
  } interval_;
  LedgerEntry ledger_;
  long steps_ = 0;
  std::unique_ptr<Adaptive> adaptive_;
  std::unique_ptr<ExplicitAdaptive> explicit_;
  std::unique_ptr<Midpoint> midpoint_;
  std::unique_ptr<class Gauss4> gauss4_;
  std::unique_ptr<class ExactRun> exact_;
  std::unique_ptr<HeatOfLine> heat_;
  HeatOfLine::Line now_;  ///< with the materials of this step, where they follow temperature

public:
  ~Simulation();
};

/// M, m or theta of a cell-centred field at a place, by the cubic (or what the layer's cells allow) through the nearest cells of the layer
/// that holds it.
double value_at(const Line& line, const double* field, double x);

}  // namespace vitrispin::dynamics
