#pragma once

#include <memory>
#include <vector>

#include "vitrispin/dynamics/fields.hpp"
#include "vitrispin/dynamics/forcing.hpp"
#include "vitrispin/dynamics/line.hpp"

namespace vitrispin::dynamics {

/// One step of Newton's method for  z = r + w (L z + precession(z)): what ImplicitSolver does with the three components
/// apart, done with precession inside, by 6 x 6 blocks. For steps that are long against a precession period; some ten
/// times the work.
///
/// Precession is a product, so that Newton's step needs no residual: with N = M - M_eq and dH = H - H(start), it
/// solves
///
///     (1 - w L - w C) z = r - w gamma mu0 (M_eq x dH + N_k x m_k/chi_M, m_eq x dH + m_k x N_k/chi_M, 0)
///     C (N, m) = gamma mu0 ( [(M_eq - m_k)/chi_M + dH] x N + (M_eq + N_k)/chi_M x m,
///                            m_k/chi_M x N + [m_eq/chi_m - N_k/chi_M + dH] x m )
///
/// where k is the iterate. `r` holds the state at the start of the step and w times the sources at z = 0
/// (linear_rates of zero).
class CoupledSolver {
public:
  explicit CoupledSolver(const Line& line);
  ~CoupledSolver();
  void step(double w, const Forcing& forcing, const Fields<double>& r, const Fields<double>& iterate,
            Fields<double>& z);

private:
  struct Node;
  const Line& line_;
  std::vector<Node> nodes_;
};

}  // namespace vitrispin::dynamics
