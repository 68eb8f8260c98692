#pragma once

#include <memory>

#include "vitrispin/dynamics/archive.hpp"
#include "vitrispin/dynamics/grid/drives.hpp"
#include "vitrispin/dynamics/grid/elimination.hpp"
#include "vitrispin/dynamics/midpoint.hpp"

namespace vitrispin::dynamics::grid {

/// The implicit midpoint rule of dynamics::Midpoint on a grid: z1 = z0 + h f((z0 + z1)/2), the ledger exact. Precession is
/// iterated with the linear solve, from an extrapolated guess; a step too long for that is cut into halves,
/// quarters and so on, each a midpoint step of its own.
/// Errors  ConvergenceError where a thousandth of the step would not do
class Midpoint {
public:
  Midpoint(Equations& equations, const DrivenForcing& forcing, const SolverMaker& solver);
  /// Advances `state` from t by h and adds to `balance`.
  void step(double t, double h, Fields<double>& state, Balance& balance);
  void exchange(Archive& archive);
  long solves() const { return static_cast<long>(solves_); }

private:
  void factorise(double w, const std::vector<double>& anisotropy);
  void set_base(double w, const Fields<double>& state);
  void guess(double w, const Fields<double>& state);
  void remember();
  bool try_step(double t, double h, Fields<double>& state, Balance& balance);
  bool solve_stage(double w, const Fields<double>& state);
  void work_of_anisotropy(const StateView& state, Balance& balance);

  Equations& equations_;
  const DrivenForcing& forcing_;
  Elimination elimination_;
  std::unique_ptr<HelmholtzSolver> solver_;
  Forcing start_, end_, middle_;
  double factorised_w_ = 0;
  std::vector<double> factorised_anisotropy_;
  bool turn_alone_ = false;
  static constexpr std::size_t past = 2;  ///< midpoints whose precession is extrapolated
  double guess_w_ = 0, remembered_ = 0, cut_ = 1;
  /// Of the last step: what precession was wrong by after the first solution, over the largest value, and then from one to the next.
  struct {
    double first = 0, contraction = 0;
  } expected_;
  Fields<double> base_;
  Values<double> right_, solver_right_, unknowns_, zero_;
  std::array<Values<float>, past> precession_;  ///< of M and m, times w; the latest first
  double solves_ = 0;
};

}  // namespace vitrispin::dynamics::grid
