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
/// nothing special. A ferromagnet lacks the second row: its p has the ground without theta, and its theta is 0.
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

  /// The same with precession by repeated substitution, z = (1 - w L)^-1 (base + w precession(z)), one pass over the cells
  /// for each: `start` puts in right = base + w precession of a guess; `substitute` takes the iterate that belongs to
  /// `right`, puts base + w precession(iterate) in the M and m of `right` and returns the largest change of it; `finish`
  /// gives the z of `right`. Without a change of the field. `change` is scratch.
  void start(const Fields<Scalar>& right) { eliminate(right); }
  double substitute(const Fields<Scalar>& base, Fields<Scalar>& right, std::vector<double>& change);
  void finish(const Fields<Scalar>& right, Fields<Scalar>& z) {
    sweep();
    recover(right, z);
  }

private:
  struct Cell {  ///< what a segment's cells share
    double chi_M = 0, chi_m = 0, u = 1, xi = 0, gamma = 0, width = 0;
    bool pair = false;                                      ///< carries M
    Scalar p_p{}, p_theta{}, theta_theta{}, determinant{};  ///< of one cell, without its links
    Scalar m_from_M{}, m_from_R{}, R_from_M{}, theta_from_R{};
    Scalar inverse_A{}, B{}, E{}, inverse_N{};
  };
  Cell cell_of(const Segment& segment, double K) const;
  void assemble(std::vector<Scalar>& determinant);
  void eliminate(const Fields<Scalar>& r);
  void eliminate_contacts(const Fields<Scalar>& r);
  void sweep();
  void recover(const Fields<Scalar>& r, Fields<Scalar>& z) const;

  static constexpr std::size_t stride = 8;  ///< numbers a node has in links_ and unknowns_: one cache line of doubles

  const Line& line_;
  Scalar w_{};
  std::vector<Cell> cells_;
  std::size_t middle_ =
      0;  ///< the elimination comes from both ends and meets here: two chains hide each other's latency
  /// Of each node: link times inverse of the eliminated block (pp, pt, tp, tt), and the inverse (pp, pt, tt).
  Values<Scalar> links_;
  Values<Scalar> unknowns_;  ///< of each node: p of three components, 0, theta of three components, 0
};

extern template class ImplicitSolver<double>;
extern template class ImplicitSolver<std::complex<double>>;

}  // namespace vitrispin::dynamics
