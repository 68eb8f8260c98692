#pragma once

#include <vector>

#include "vitrispin/dynamics/grid/equations.hpp"
#include "vitrispin/dynamics/grid/helmholtz.hpp"

namespace vitrispin::dynamics::grid {

/// Nine arrays of right-hand sides or of a state that is written.
struct FieldArrays {
  std::array<double*, 3> M{}, m{}, theta{};
  FieldArrays() = default;
  explicit FieldArrays(Fields<double>& z)
      : M{z.M(0), z.M(1), z.M(2)}, m{z.m(0), z.m(1), z.m(2)}, theta{z.theta(0), z.theta(1), z.theta(2)} {}
};

/// (1 - w L) z = r cell by cell: M goes first, and what is left in p and theta is a HelmholtzSystem. Derivation in
/// implicit_solver.hpp. p is here N/chi_M + m/chi_m, without a change of the field, which stands among the sources.
class Elimination {
public:
  /// Constants of a domain's cells.
  struct Cell {
    double m_from_M = 0, m_from_R = 0, R_from_M = 0, theta_from_R = 0;
    double inverse_A = 0, B = 0, E = 0, torque_scale = 0, xi = 0, to_M = 0, to_m = 0;
    double turn = 0;  ///< w gamma mu0
    double inverse_chi_M = 0;
  };

  explicit Elimination(RowSweep& sweep) : sweep_(sweep) {}
  /// For the step weight w [s] and K of each domain.
  HelmholtzSystem prepare(double w, const std::vector<double>& anisotropy);

  /// Right-hand sides of p and theta from r.
  void eliminate(const StateView& r, const Components& right_p, const Components& right_theta) const;
  /// M and m of the solution; its theta is the solver's. `r`'s m is not asked for.
  void recover(const StateView& r, const ConstComponents& p, const ConstComponents& theta, const Components& M,
               const Components& m) const;
  /// recover, then precession of the solution put beside `base`: r's M and m become base + w precession(z), their change at most
  /// what is returned (NaN if any is), and `size` the largest M or m. Then eliminate, in one pass.
  double substitute(const StateView& base, const Forcing& forcing, const ConstComponents& p,
                    const ConstComponents& theta, const FieldArrays& r, const Components& right_p,
                    const Components& right_theta, double& size) const;
  /// r's M and m = base + weight precession(z); base may be r itself.
  void add_precession(double weight, const StateView& base, const Forcing& forcing, const StateView& z,
                      const FieldArrays& r) const;

private:
  RowSweep& sweep_;
  std::vector<Cell> cells_;
};

}  // namespace vitrispin::dynamics::grid
