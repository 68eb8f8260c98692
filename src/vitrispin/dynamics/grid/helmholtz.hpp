#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "vitrispin/dynamics/grid/grid.hpp"
#include "vitrispin/dynamics/grid/halo.hpp"

/// The linear system of an implicit step: what is left of (1 - w L) z = r after M, which is local, has been eliminated
/// (implicit_step.hpp, and implicit_solver.hpp for the derivation). Two unknowns a cell, p = -h* [A/m] and theta [rad], the
/// same matrix for the three Cartesian components:
///
///     (p_ground + joint ratio^2) p + joint ratio theta - (1/V) sum over faces of A w g (p' - p)           = r_p
///     joint ratio p + (theta_ground + joint) theta - (1/V) sum over faces of (A/mu0) s (theta' - theta)   = r_theta
///
/// g and s being Grid::link's m and twist; outer faces (Grid::outer_faces) add A w conductance to the ground of p and
/// A outer_twist to that of theta. Times V it is symmetric and positive definite: the energy is a sum of
/// p_ground p^2 + theta_ground theta^2 + joint (ratio p + theta)^2 and of squared differences across faces. No coefficient is a
/// difference of others and none is negative, so that steps of a million times the shortest time keep their digits
/// if a solver forms its own from sums, products and quotients.
namespace vitrispin::dynamics::grid {

/// Per volume, of a domain. Metals and ferromagnets have p_ground alone: their theta has no equation, comes out 0 and has no link.
struct LocalBlock {
  double p_ground = 0;      ///< > 0
  double theta_ground = 0;  ///< K/mu0
  double joint = 0;         ///< > 0 with a texture, else 0
  double ratio = 0;
};

struct HelmholtzSystem {
  double w = 0;                     ///< > 0, times conductances of m [s]
  std::vector<LocalBlock> domains;  ///< in the order of the grid's
  /// Added to the ground of theta at each of Grid::outer_faces(), per area: clamps, and mixing contacts [J/m^2]/mu0.
  std::vector<double> outer_twist;
};

/// One array for each Cartesian component, `Grid::cells()` values without any beyond them.
using Components = std::array<double*, 3>;
using ConstComponents = std::array<const double*, 3>;

/// Solves one HelmholtzSystem after another on the grid that it was made for. Every rank calls, each with its slab.
/// Valid   vacuum cells (Grid::domain) have no equation: their right-hand side is ignored, their solution is 0
/// Errors  ConvergenceError
class HelmholtzSolver {
public:
  virtual ~HelmholtzSolver() = default;
  virtual void factorise(const HelmholtzSystem& system) = 0;
  /// p and theta hold a guess (zero at first) and then the solution, with a residual r of at most `tolerance` times that of
  /// zero, in the norm sum of V r . (local block and its links)^-1 r over all cells and components; 0: to rounding. Direct
  /// solvers ignore both. The right-hand sides are left as they are; none of the arrays overlap.
  /// Returns the iterations, 1 for a direct solver.
  virtual long solve(const ConstComponents& right_p, const ConstComponents& right_theta, const Components& p,
                     const Components& theta, double tolerance) = 0;
};

/// The grid and the halo outlive the solver.
using SolverMaker = std::function<std::unique_ptr<HelmholtzSolver>(const Grid&, const Halo&)>;

/// Conjugate gradients with the blocks of the cells inverted: for small grids and for comparison.
std::unique_ptr<HelmholtzSolver> reference_solver(const Grid& grid, const Halo& halo);

}  // namespace vitrispin::dynamics::grid
