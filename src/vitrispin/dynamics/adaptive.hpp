#pragma once

#include <vector>

#include "vitrispin/dynamics/archive.hpp"
#include "vitrispin/dynamics/drives.hpp"
#include "vitrispin/dynamics/implicit_solver.hpp"
#include "vitrispin/dynamics/ledger.hpp"
#include "vitrispin/dynamics/midpoint.hpp"
#include "vitrispin/dynamics/runge_kutta.hpp"

namespace vitrispin::dynamics {

/// What error a step may make: |error| <= absolute + relative (largest value of the field on the line), field by
/// field.
struct ErrorBounds {
  double relative = 1e-6;
  double M = 0, m = 0, theta = 0;  ///< absolute [A/m], [A/m], [rad]
};

/// Of M, m and theta each.
using OfFields = std::array<double, 3>;

/// Largest error of any field over what is allowed of it; `now` is the largest value of each in this step, `ever` the largest since the
/// start, which takes in `now`. M and m share their scale: they exchange spin, and M is had from both, to the rounding of the larger.
double weighed_error(const ErrorBounds& bounds, OfFields now, const OfFields& error, OfFields& ever);
/// A first step, in which no field changes by more than a hundredth; of a span of time a thousandth at most.
double first_step_of(double span, const OfFields& size, const OfFields& rate);

/// The adaptive, error-controlled integrator: ARK4(3)6L[2]SA, what is linear implicit and L-stable, precession
/// explicit. Order 4. The ledger is integrated with the method's own weights: its imbalance, of the method's order,
/// measures the error.
/// Valid   any stiffness of relaxation, exchange and diffusion; precession is resolved in time (steps of about
///         a tenth of its period, which its accuracy asks for as well)
/// Errors  ConvergenceError if the step falls below rounding of the time
class Adaptive {
public:
  Adaptive(const Line& line, const DrivenForcing& forcing, const ErrorBounds& bounds);

  /// One step, at most to `end`: the time that it reaches.
  double step(double t, double end, Fields<double>& state, Balance& balance);
  /// Advances from `t` to exactly `end`; adds to `balance`. Reports each step to `watch` (may be empty), which may
  /// throw to stop.
  void advance(double t, double end, Fields<double>& state, Balance& balance,
               const std::function<void(double t, double h)>& watch);
  /// What the next step depends on besides the state.
  void exchange(Archive& archive) {
    archive.value(h_);
    for (double& value : largest_) archive.value(value);
    archive.value(steps_);
    archive.value(rejected_);
  }
  long steps() const { return steps_; }
  long rejected() const { return rejected_; }
  double next_step() const { return h_; }
  void set_next_step(double h) { h_ = h; }

private:
  double first_step(double t, double end, const Fields<double>& state);
  bool try_step(double t, double h, const Fields<double>& state);
  double error_of_step(const Fields<double>& state);
  void book(double t, double h, Balance& balance) const;

  const Line& line_;
  const DrivenForcing& forcing_;
  ErrorBounds bounds_;
  const AdditiveTableau& tableau_;
  ImplicitSolver<double> solver_;
  std::array<Forcing, AdditiveTableau::stages> forcings_;
  std::array<Fields<double>, AdditiveTableau::stages> states_, linear_, precession_;
  std::array<Potentials<double>, AdditiveTableau::stages> potentials_;
  void set_sources(std::size_t stage, bool first, const Fields<double>& state);
  Fields<double> sources_, right_, result_, error_, zero_;
  Fields<double> twist_;     ///< theta at the step's start, alone
  bool turn_alone_ = false;  ///< stages are solved for the turn since the start, see turn.hpp
  std::vector<double> factorised_anisotropy_;
  double h_ = 0, factorised_w_ = 0;
  bool sources_ready_ = false, has_sources_ = false;
  std::array<double, 3> largest_{};  ///< of each field since the start
  long steps_ = 0, rejected_ = 0;
};

}  // namespace vitrispin::dynamics
