#pragma once

#include <memory>

#include "vitrispin/dynamics/archive.hpp"
#include "vitrispin/dynamics/grid/drives.hpp"
#include "vitrispin/dynamics/grid/elimination.hpp"
#include "vitrispin/dynamics/midpoint.hpp"

namespace vitrispin::dynamics::grid {

/// Gauss collocation of order 4 (two stages) on a grid, the ledger exact as dynamics::Gauss4 has it. The stages are found by
/// correction, with the real solver of the other methods instead of a complex one:
///
/// Equation  W = z1 + i y2 z2 of the stages' increments;  r = h lambda (f(z1) + i y2 f(z2)) - W;
///           W += (1 - i tan 15 deg) (1 - |lambda| h L)^-1 r, L being f without precession
/// Valid     the linear part shrinks r by tan 15 deg = 0.27 or better in the norm of the energy, for any step and any grid:
///           (1 - h lambda L)/(1 - h |lambda| L) has its values in the disc over the chord from 1 to exp(i 30 deg), as L dissipates.
///           Where precession is fast against the step, the step is cut: order and ledger stay
/// Errors    ConvergenceError after 20 halvings
class Gauss4 {
public:
  Gauss4(Equations& equations, const DrivenForcing& forcing, const SolverMaker& solver);
  /// Advances `state` from t by h and adds to `balance`.
  void step(double t, double h, Fields<double>& state, Balance& balance);
  void exchange(Archive& archive);
  long solves() const { return static_cast<long>(solves_); }

private:
  void advance(double t, double h, int halvings, Fields<double>& state, Balance& balance);
  void prepare(double t, double h);
  bool solve_stages(double h, const Fields<double>& state);
  void to_stage(const Fields<double>& state, std::size_t j);
  void residual(double h);
  void correct(std::size_t part, double weight, double tolerance, Fields<double>& increment);
  void book(double h, const Fields<double>& state, Balance& balance);
  void work_of_anisotropy(const std::vector<double>& from, const std::vector<double>& to, const Fields<double>& state,
                          Balance& balance);
  double largest(std::size_t n, const double* values) const;

  Equations& equations_;
  const DrivenForcing& forcing_;
  Elimination elimination_;
  std::unique_ptr<HelmholtzSolver> solver_;
  Forcing start_, middle_, end_;
  std::array<Forcing, 2> stage_forcing_, stage_change_;  ///< `change`: h times the derivative of the field
  double factorised_h_ = 0;
  std::vector<double> factorised_anisotropy_;
  std::array<Fields<double>, 2> increment_;
  std::array<Fields<double>, 2> rate_;  ///< of the stages, then the real and the imaginary part of the residual
  Fields<double> stage_;
  Values<double> right_, unknowns_;
  /// Of the last correction: the largest of M and m, and of theta.
  struct Size {
    double magnetic = 0, twist = 0;
  } correction_;
  double solves_ = 0;
};

}  // namespace vitrispin::dynamics::grid
