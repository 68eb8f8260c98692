#pragma once

#include <complex>

#include "vitrispin/dynamics/drives.hpp"
#include "vitrispin/dynamics/implicit_solver.hpp"
#include "vitrispin/dynamics/midpoint.hpp"

namespace vitrispin::dynamics {

/// Gauss collocation of order 4 (two stages). With dissipation and work summed with the Gauss weights the ledger
/// closes to rounding for any step: within a step a field is the quadratic through its values at start, middle and
/// end, with its derivative in the work; K is that of mid-step, each change of it booked as a jump.
/// Equation  W = h lambda (1 - h lambda L)^-1 (g1 + y2 g2), the stages' increments being Re W and Im W/Im y2;
///           lambda = 1/4 + i sqrt(3)/12 an eigenvalue of the method, (1, y2) its left eigenvector: one complex solve in place of two
///           real ones
/// Valid     as Midpoint; where precession is fast against the step, the step is cut: order and ledger stay
/// Errors    ConvergenceError after 20 halvings
class Gauss4 {
public:
  Gauss4(const Line& line, ForcingAt forcing_at, bool constant);
  void step(double t, double h, Fields<double>& state, Balance& balance);
  long solves() const { return solves_; }

private:
  void advance(double t, double h, int halvings, Fields<double>& state, Balance& balance);
  bool solve_stages(double h, const Fields<double>& state);
  void prepare(double t, double h, Fields<double>& state, Balance& balance);
  void jump_to(const std::vector<double>& anisotropy, const Fields<double>& state, Balance& balance);

  const Line& line_;
  ForcingAt forcing_at_;
  bool constant_;
  ImplicitSolver<std::complex<double>> solver_;
  Forcing start_, middle_, end_;
  Forcing stage_forcing_[2], stage_change_[2];  ///< `change`: h times the derivative of the field
  std::vector<double> factorised_anisotropy_, booked_anisotropy_;
  double factorised_h_ = 0;
  Fields<double> increment_[2], stage_[2], constant_part_[2], precession_[2], scratch_;
  Potentials<double> potentials_[2];
  Fields<std::complex<double>> right_, solution_;
  long solves_ = 0;
};

}  // namespace vitrispin::dynamics
