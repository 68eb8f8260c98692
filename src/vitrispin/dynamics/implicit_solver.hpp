#pragma once

#include <complex>
#include <vector>

#include "vitrispin/dynamics/fields.hpp"
#include "vitrispin/dynamics/line.hpp"

namespace vitrispin::dynamics {

/// Solves (1 - w L) z = r on a line, L the linear part without precession and sources (linear_rates): the work of
/// every implicit step.
///
/// M is local and goes first. With P = -H*, p = -h*, u = 1/(1-xi), a = 1/tau_ML, b = 1/tau_mL, c = 1/tau_Mm and
///
///     A = chi_M (u + w a + w c)   B = chi_m u + chi_M w c   N' = alpha gamma + gamma^2 mu0 w/A   E = w gamma mu0 B/A
///     P = (r_M + B p - gamma w Gamma')/A           w Gamma' = (theta + E p - R)/N',   R = r_theta - w gamma mu0 r_M/A
///
/// p and theta obey, cell by cell and with the fluxes to the neighbours,
///
///     [B (chi_M (1 + w a)/A + gamma E/(A N')) + w chi_m b] p + (B gamma/(A N')) theta - w D chi_m p''
///                                                                            = r_m + B (r_M/A + gamma R/(A N'))
///     (B gamma/(A N')) p + (K + 1/(w N')) theta/mu0 - (rho_s/mu0) theta''   = R/(N' w mu0)
///
/// a symmetric, positive definite, 2 x 2-block tridiagonal matrix, the same for the three components. No entry is a
/// difference, and the elimination adds conductances in series and in parallel (Grassmann, Taksar & Heyman), so
/// that steps a million times the shortest time keep their digits. alpha = 0, K = 0, D = 0 and rho_s = 0 need
/// nothing special.
///
/// `Scalar`: double, or complex (w of a collocation method's eigenvalue).
template <class Scalar>
class ImplicitSolver {
public:
  explicit ImplicitSolver(const Line& line) : line_(line) {}

  /// Factorises for the step weight w [s], Re w > 0, and K per segment.
  void factorise(const Scalar& w, const std::vector<double>& anisotropy);
  Scalar weight() const { return w_; }
  /// z from r; the two may not be the same object.
  void solve(const Fields<Scalar>& r, Fields<Scalar>& z);

private:
  struct Cell {  ///< what a segment's cells share
    double chi_M = 0, chi_m = 0, u = 1, xi = 0, gamma = 0, width = 0;
    bool texture = false;
    Scalar p_p{}, p_theta{}, theta_theta{}, determinant{};  ///< of one cell, without its links
    Scalar m_from_M{}, m_from_R{}, R_from_M{}, theta_from_R{};
    Scalar inverse_A{}, B{}, E{}, inverse_N{};
  };
  Cell cell_of(const Segment& segment, double K) const;
  void eliminate(std::size_t component, const Fields<Scalar>& r);
  void recover(const Fields<Scalar>& r, Fields<Scalar>& z) const;

  const Line& line_;
  Scalar w_{};
  std::vector<Cell> cells_;
  std::vector<Scalar> m_link_, twist_link_;                   ///< w Y, rho_s/(mu0 d): between i and i + 1
  std::vector<Scalar> inverse_pp_, inverse_pt_, inverse_tt_;  ///< of the eliminated block of each node
  std::vector<Scalar> p_, theta_;                             ///< three components each, one after the other
};

extern template class ImplicitSolver<double>;
extern template class ImplicitSolver<std::complex<double>>;

}  // namespace vitrispin::dynamics
