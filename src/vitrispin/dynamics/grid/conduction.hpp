#pragma once

#include <memory>
#include <vector>

#include "vitrispin/dynamics/archive.hpp"
#include "vitrispin/dynamics/fields.hpp"
#include "vitrispin/dynamics/grid/helmholtz.hpp"

namespace vitrispin::dynamics::grid {

/// Solves (C - w div kappa grad) u = r on a grid, faces with baths at u = 0: one step of heat. Every rank calls.
/// Units   r [J/m^3], u [K], w [s]
/// Errors  ConvergenceError
class ConductionSolver {
public:
  virtual ~ConductionSolver() = default;
  virtual void factorise(double w) = 0;
  /// `u` holds a guess and then the solution, of owned cells; 0 in vacuum.
  virtual void solve(const double* right, double* u) = 0;
};

/// Elimination along a single row of cells; by `solver` in more directions. `grid`: of the problem that of_heat() makes.
std::unique_ptr<ConductionSolver> conduction_solver(const Grid& grid, const Halo& halo, const SolverMaker& solver);

/// The problem whose m is T less `start`: heat capacity for chi_m, conductivity for D chi_m, the thermal conductance of interfaces, a
/// contact where a boundary has a bath. A domain without heat capacity is an InputError that names it.
Problem of_heat(const Problem& problem, double start);

/// Heat in a grid: what T R_s puts into the cells spreads, and leaves through faces that have a bath.
///
/// Equation  C dT/dt = div(kappa grad T) + T R_s; across an interface kappa d_n T = G (jump of T); at a bath G (T_bath - T)
/// Method    the stiffly accurate SDIRK of order 2 (L-stable), the heat of a step spread evenly over it: what the cells hold more and
///           what the baths got add up to what was put in, to the solver's rounding, for any step
/// Units     T [K], C [J/(m^3 K)], kappa [W/(m K)], G [W/(m^2 K)]
/// Valid     C > 0, kappa >= 0
class Conduction {
public:
  /// One slab. The halo outlives this.
  Conduction(const Problem& problem, double start, Slab slab, const Halo& halo, const SolverMaker& solver);

  /// `heat`: put into each owned cell during the step of length h [J/m^3].
  void step(double h, const double* heat);
  /// Other materials in the same cells from now on; heat that is held stays.
  void adopt(const Problem& problem);
  /// T half a step ahead, if the next step goes on as the last did; of an owned cell [K].
  double ahead(std::size_t cell) const { return start_ + warming_[cell] + 0.5 * (warming_[cell] - before_[cell]); }
  /// T less that at the start, of each owned cell [K].
  const Values<double>& warming() const { return warming_; }
  double start() const { return start_; }
  /// Heat that the cells hold more than at the start, and what the baths have got; of all ranks. [J], [J/m], [J/m^2]
  double held() const { return held_; }
  double to_baths() const { return to_baths_; }
  void exchange(Archive& archive);

private:
  void solve_stage(double w, double h, const double* heat, const Values<double>& base);

  void set_baths();

  double start_;
  SolverMaker make_solver_;
  Slab slab_;
  Grid grid_;
  const Halo& halo_;
  std::unique_ptr<ConductionSolver> solver_;
  std::vector<double> volume_, bath_;  ///< of each cell; `bath_`: sum over its faces of G area (T_bath - start) [W]
  std::vector<double> bath_link_;      ///< sum over its faces of G area [W/K]
  double factorised_w_ = 0;
  Values<double> warming_, before_, stage_, base_, right_;  ///< `before_`: warming before the last step
  double held_ = 0, to_baths_ = 0;
};

}  // namespace vitrispin::dynamics::grid
