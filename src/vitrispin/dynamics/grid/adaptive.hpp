#pragma once

#include <functional>
#include <memory>

#include "vitrispin/dynamics/adaptive.hpp"
#include "vitrispin/dynamics/grid/drives.hpp"
#include "vitrispin/dynamics/grid/elimination.hpp"

namespace vitrispin::dynamics::grid {

/// The adaptive integrator of dynamics::Adaptive on a grid: ARK4(3)6L[2]SA, what is linear implicit and L-stable, precession
/// explicit; order 4. Of each stage only its state is kept: the linear rates of a stage follow from the states up to
/// it, and precession, a product within the cell, is had again when it is needed.
/// Errors  ConvergenceError if the step falls below rounding of the time
class Adaptive {
public:
  Adaptive(Equations& equations, const DrivenForcing& forcing, const SolverMaker& solver, const ErrorBounds& bounds);

  /// One step, at most to `end`: the time that it reaches.
  double step(double t, double end, Fields<double>& state, Balance& balance);
  /// Advances from `t` to exactly `end`; adds to `balance`. Reports each step to `watch`, which may throw to stop.
  void advance(double t, double end, Fields<double>& state, Balance& balance,
               const std::function<void(double t, double h)>& watch);
  void exchange(Archive& archive);
  void set_next_step(double h) { h_ = h; }
  long solves() const { return static_cast<long>(solves_); }
  long rejected() const { return static_cast<long>(rejected_); }

private:
  static constexpr std::size_t stages = AdditiveTableau::stages;
  /// A sum of states, rates and precessions: of (z_i - z_0), of h F_0, of h N_i.
  struct Combination {
    std::array<double, stages> states{}, precession{};
    double first_rate = 0;
  };
  void add(Combination& to, double weight, const Combination& from) const;
  void combine(const Combination& of, double h, const Fields<double>& state, bool with_state);
  StateView stage(std::size_t s, const Fields<double>& state) const;
  bool try_step(double t, double h, const Fields<double>& state);
  void solve_stage(std::size_t s, double h, const Fields<double>& state);
  double error_of_step(const Fields<double>& state);
  void book(double t, double h, const Fields<double>& state, Balance& balance);
  double first_step(double t, double end, const Fields<double>& state);
  double largest(std::size_t n, const double* values) const;

  Equations& equations_;
  const DrivenForcing& forcing_;
  const AdditiveTableau& tableau_;
  ErrorBounds bounds_;
  Elimination elimination_;
  std::unique_ptr<HelmholtzSolver> solver_;
  std::array<Combination, stages> right_, rate_;  ///< r_s - z_0, and h times the linear rates of stage s
  Combination error_, last_;
  std::array<Forcing, stages> forcings_;
  /// M and m of stages 1.., and theta less that at the start, which keeps the digits of its turn.
  std::array<Fields<double>, stages> stages_;
  Fields<double> first_rate_, work_;
  Values<double> p_, zero_;
  bool turn_alone_ = false;
  double factorised_w_ = 0, h_ = 0, steps_ = 0;
  std::vector<double> factorised_anisotropy_;
  std::array<double, 3> largest_{};  ///< of each field since the start
  double solves_ = 0, rejected_ = 0;
};

}  // namespace vitrispin::dynamics::grid
