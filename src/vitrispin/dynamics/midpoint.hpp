#pragma once

#include <array>
#include <functional>
#include <vector>

#include "vitrispin/dynamics/archive.hpp"
#include "vitrispin/dynamics/coupled_solver.hpp"
#include "vitrispin/dynamics/implicit_solver.hpp"
#include "vitrispin/dynamics/ledger.hpp"

namespace vitrispin::dynamics {

/// Fills in the forcing at a time.
using ForcingAt = std::function<void(double time, Forcing& forcing)>;

/// What a step, or a run, did to the energy. [J/m^2]
struct Balance {
  DissipatedPower dissipated;  ///< times the time: energies
  Work work;
  double* heat = nullptr;  ///< if heat is followed: where the T R_s of each node or cell is summed [J/m^3]
};

/// The implicit midpoint rule: z1 = z0 + h f((z0 + z1)/2), with the forcing's mean over the step's two ends. F
/// being quadratic, its change is exactly -h (dissipated power at the midpoint) + work, for any h: the ledger
/// closes to rounding.
/// Equation  docs/theory.md, section 6
/// Valid     any step; of order 2; A-stable, not L-stable: modes faster than h ring without growing
/// Errors    ConvergenceError if neither iteration brings the residual down
class Midpoint {
public:
  Midpoint(const Line& line, ForcingAt forcing_at, bool constant);
  /// Advances `state` from t by h and adds to `balance`.
  void step(double t, double h, Fields<double>& state, Balance& balance);
  /// What the next step depends on besides the state: the guess that starts its iteration.
  void exchange(Archive& archive) {
    archive.value(guess_h_);
    archive.value(remembered_);
    for (auto& fields : precession_) archive.values(fields.values());
  }
  long solves() const { return solves_; }
  long newton_steps() const { return newton_steps_; }

private:
  void prepare(double t, double h);
  void set_base(double w, const Fields<double>& state);
  void complete(const Fields<double>& state, Fields<double>& z) const;
  void solve_stage(double w, const Fields<double>& state);
  void guess(double w, const Fields<double>& state);
  void remember();
  double substitute(double w);
  void iterate_coupled(double w, const Fields<double>& state);

  const Line& line_;
  ForcingAt forcing_at_;
  bool constant_;
  ImplicitSolver<double> solver_;
  CoupledSolver coupled_;
  Forcing start_, end_, middle_;
  double prepared_h_ = 0;
  static constexpr std::size_t past = 4;  ///< midpoints whose precession is extrapolated
  double guess_h_ = 0;                    ///< the step that these belong to; 0: none
  long remembered_ = 0;
  std::array<Fields<double>, past> precession_;  ///< the latest first
  std::vector<double> change_, zero_;
  bool prepared_ = false;
  Fields<double> sources_, base_, right_, mid_, next_, rates_;
  Fields<double> twist_;  ///< theta alone
  bool turn_alone_ = false;
  Potentials<double> potentials_;
  long solves_ = 0, newton_steps_ = 0;
};

}  // namespace vitrispin::dynamics
