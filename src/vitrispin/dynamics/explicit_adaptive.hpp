#pragma once

#include <array>
#include <functional>
#include <memory>

#include "vitrispin/dynamics/adaptive.hpp"

namespace vitrispin::dynamics {

/// What an explicit method asks of a line or of a rank's part of a grid.
class RatesOfState {
public:
  RatesOfState() = default;
  RatesOfState(const RatesOfState&) = delete;
  RatesOfState& operator=(const RatesOfState&) = delete;
  virtual ~RatesOfState() = default;

  /// The forcing of the calls that follow is that of time t.
  virtual void set_time(double t) = 0;
  /// dz/dt with precession. [A/(m s)], [rad/s]
  virtual void rates(const Fields<double>& state, Fields<double>& result) = 0;
  /// Dissipated power and power of the work; drives have their slopes at `slope_time`.
  virtual Balance power(double slope_time, const Fields<double>& state, const Fields<double>& rates) = 0;
  /// Adds `weight` times T R_s of each node or cell of the state that power() was last asked about. [W/m^3]
  virtual void add_heat(double weight, const Fields<double>& state, double* heat) = 0;
  /// The largest over all ranks; NaN if any is.
  virtual double over_ranks(double value) const = 0;
};

/// The explicit, error-controlled integrator: the explicit half of ARK4(3)6L[2]SA for all terms. Order 4; stable for
/// |h lambda| up to 3.7 to 4.3 anywhere in the left half-plane, 4.0 on the imaginary axis. The ledger as Adaptive's.
/// Valid   where nothing is much faster than what is to be followed. Elsewhere stability holds the steps, which `held` counts.
/// Errors  ConvergenceError if the step falls below rounding of the time
class ExplicitAdaptive {
public:
  ExplicitAdaptive(std::unique_ptr<RatesOfState> equations, std::size_t nodes, const ErrorBounds& bounds);

  /// Advances from `t` to exactly `end`; adds to `balance`. `state` is what the last call left. Reports each step to `watch`
  /// (may be empty), which may throw to stop.
  void advance(double t, double end, Fields<double>& state, Balance& balance,
               const std::function<void(double t, double h)>& watch);
  /// One step, at most to `end`: the time that it reaches.
  double step(double t, double end, Fields<double>& state, Balance& balance);
  /// What the next step depends on besides the state, and what was counted: numbers that every rank has.
  void exchange(const std::function<void(double&)>& number);
  void set_next_step(double h) { h_ = h; }
  long steps() const { return static_cast<long>(steps_); }
  long rejected() const { return static_cast<long>(rejected_); }
  /// Steps as long as stability allows, shorter than their accuracy would.
  long held() const { return static_cast<long>(held_); }
  bool last_was_held() const { return last_was_held_; }

private:
  static constexpr std::size_t stages = AdditiveTableau::stages;
  bool try_step(double t, double h, const Fields<double>& state, bool with_heat);
  double error_of_step(const Fields<double>& state);
  double first_step(double t, double end, const Fields<double>& state);
  double fastest_rate(const Fields<double>& rates_at_end, const Fields<double>& end) const;
  double largest(std::size_t field, const Fields<double>& of) const;

  std::unique_ptr<RatesOfState> equations_;
  std::size_t nodes_;
  ErrorBounds bounds_;
  const AdditiveTableau& tableau_;
  std::array<Fields<double>, stages> rates_;
  Fields<double> stage_, result_;
  std::array<Balance, stages> power_;
  std::vector<double> heat_;  ///< of the step, as Balance::heat
  bool has_first_rate_ = false, last_was_held_ = false;
  double h_ = 0, error_before_ = 1, steps_ = 0, rejected_ = 0, held_ = 0;
  std::array<double, 3> largest_{};  ///< of each field since the start
};

/// The equations of a line.
std::unique_ptr<RatesOfState> rates_of_line(const Line& line, const DrivenForcing& forcing);

}  // namespace vitrispin::dynamics
