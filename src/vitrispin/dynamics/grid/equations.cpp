#include "vitrispin/dynamics/grid/equations.hpp"

#include <algorithm>

#include "vitrispin/core/vectorised.hpp"
#include "vitrispin/dynamics/grid/streaming.hpp"

#if defined(__GNUC__) && !defined(__clang__)
#define VITRISPIN_INDEPENDENT _Pragma("GCC ivdep")  // more arrays than the compiler compares
#define VITRISPIN_INLINE inline __attribute__((always_inline))
#else
#define VITRISPIN_INDEPENDENT
#define VITRISPIN_INLINE inline
#endif

namespace vitrispin::dynamics::grid {
namespace {

struct Pointers {
  const double *M[3], *m[3], *theta[3], *p[3], *inflow[3], *pull[3], *field[3];
  double *to_M[3], *to_m[3], *to_theta[3];
};

/// Rates of n cells of one domain.
template <bool with_field>
VITRISPIN_INLINE void cell_rates(std::size_t n, const Coefficients& c, double K, double turn,
                                 const Vector3<double>& M_eq, const Vector3<double>& m_eq, const Pointers& of) {
  const double inverse_chi_M = c.inverse_chi_M, to_lattice = c.M_to_lattice, m_to_lattice = c.m_to_lattice,
               exchange = c.exchange, gamma = c.gamma, alpha_gamma = c.alpha_gamma;
  const double gamma_mu0 = c.pair ? c.gamma_mu0 : 0, pair = c.pair ? 1 : 0;
  const double turn_M = c.pair ? turn : 0;
  const double A0 = M_eq[0], A1 = M_eq[1], A2 = M_eq[2], a0 = m_eq[0], a1 = m_eq[1], a2 = m_eq[2];
  const double* __restrict M0 = of.M[0], * __restrict M1 = of.M[1], * __restrict M2 = of.M[2];
  const double* __restrict m0 = of.m[0], * __restrict m1 = of.m[1], * __restrict m2 = of.m[2];
  const double* __restrict t0 = of.theta[0], * __restrict t1 = of.theta[1], * __restrict t2 = of.theta[2];
  const double* __restrict q0 = of.p[0], * __restrict q1 = of.p[1], * __restrict q2 = of.p[2];
  const double* __restrict j0 = of.inflow[0], * __restrict j1 = of.inflow[1], * __restrict j2 = of.inflow[2];
  const double* __restrict g0 = of.pull[0], * __restrict g1 = of.pull[1], * __restrict g2 = of.pull[2];
  const double* __restrict h0 = of.field[0], * __restrict h1 = of.field[1], * __restrict h2 = of.field[2];
  double* __restrict to_M0 = of.to_M[0], * __restrict to_M1 = of.to_M[1], * __restrict to_M2 = of.to_M[2];
  double* __restrict to_m0 = of.to_m[0], * __restrict to_m1 = of.to_m[1], * __restrict to_m2 = of.to_m[2];
  double* __restrict to_t0 = of.to_theta[0], * __restrict to_t1 = of.to_theta[1], * __restrict to_t2 = of.to_theta[2];
  VITRISPIN_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) {
    double P0 = (M0[i] + m0[i]) * inverse_chi_M, P1 = (M1[i] + m1[i]) * inverse_chi_M,
           P2 = (M2[i] + m2[i]) * inverse_chi_M;
    if constexpr (with_field) {
      P0 -= pair * h0[i];
      P1 -= pair * h1[i];
      P2 -= pair * h2[i];
    }
    const double p0 = q0[i], p1 = q1[i], p2 = q2[i];
    const double G0 = pair * g0[i] - K * t0[i], G1 = pair * g1[i] - K * t1[i], G2 = pair * g2[i] - K * t2[i];
    const double x0 = exchange * (P0 - p0), x1 = exchange * (P1 - p1), x2 = exchange * (P2 - p2);
    const double X = A0 + M0[i], Y = A1 + M1[i], Z = A2 + M2[i];
    to_M0[i] = turn_M * (Y * P2 - Z * P1) - gamma * G0 - to_lattice * P0 - x0;
    to_M1[i] = turn_M * (Z * P0 - X * P2) - gamma * G1 - to_lattice * P1 - x1;
    to_M2[i] = turn_M * (X * P1 - Y * P0) - gamma * G2 - to_lattice * P2 - x2;
    const double x = a0 + m0[i], y = a1 + m1[i], z = a2 + m2[i];
    to_m0[i] = turn * (y * p2 - z * p1) + j0[i] - m_to_lattice * p0 + x0;
    to_m1[i] = turn * (z * p0 - x * p2) + j1[i] - m_to_lattice * p1 + x1;
    to_m2[i] = turn * (x * p1 - y * p0) + j2[i] - m_to_lattice * p2 + x2;
    to_t0[i] = alpha_gamma * G0 - gamma_mu0 * P0;
    to_t1[i] = alpha_gamma * G1 - gamma_mu0 * P1;
    to_t2[i] = alpha_gamma * G2 - gamma_mu0 * P2;
  }
}

VITRISPIN_VECTORISED void rates_loop(std::size_t n, const Coefficients& c, double K, double turn,
                                     const Vector3<double>& M_eq, const Vector3<double>& m_eq, const Pointers& of) {
  cell_rates<false>(n, c, K, turn, M_eq, m_eq, of);
}

VITRISPIN_VECTORISED void rates_in_field_loop(std::size_t n, const Coefficients& c, double K, double turn,
                                              const Vector3<double>& M_eq, const Vector3<double>& m_eq,
                                              const Pointers& of) {
  cell_rates<true>(n, c, K, turn, M_eq, m_eq, of);
}

}  // namespace

Equations::Equations(const Grid& grid, const Halo& halo) : sweep_(grid, halo) {
  rows_.resize(10 * ((grid.count(0) + 7) / 8 * 8));
}

void Equations::rates(const StateView& state, const Forcing& forcing, bool precession, Fields<double>& rates) {
  const std::size_t nx = grid().count(0), stride = rows_.size() / 10;
  const double* none = rows_.data() + 9 * stride;  // a row of zeros
  const bool streams = worth_streaming(18 * grid().cells());
  const auto visit = [&](const Row& row) {
    std::array<double*, 9> to{};
    for (std::size_t f = 0; f < 9; ++f)
      to[f] = streams ? rows_.data() + f * stride : rates.values().data() + f * grid().cells() + row.cell;
    std::size_t filled = 0;
    for (const Span* span = row.begin; span != row.end; ++span) {
      const std::size_t b = span->begin;
      for (double* values : to) std::fill(values + filled, values + b, 0.0);
      filled = span->end;
      Pointers of{};
      for (std::size_t c = 0; c < 3; ++c) {
        of.M[c] = row.M[c] + b;
        of.m[c] = row.m[c] + b;
        of.theta[c] = row.theta[c] + b;
        of.p[c] = row.p[c] + b;
        of.inflow[c] = row.inflow[c] + b;
        of.pull[c] = row.pull[c] + b;
        of.field[c] = (row.field[c] != nullptr ? row.field[c] : none) + b;
        of.to_M[c] = to[c] + b;
        of.to_m[c] = to[3 + c] + b;
        of.to_theta[c] = to[6 + c] + b;
      }
      const Coefficients& c = sweep_.coefficients(span->domain);
      const Domain& domain = grid().domains()[span->domain];
      const double K = c.pair ? forcing.anisotropy[span->domain] : 0;
      const double turn = precession ? c.gamma_mu0 : 0;
      if (forcing.changes_field())
        rates_in_field_loop(span->end - b, c, K, turn, domain.M_eq, domain.m_eq, of);
      else
        rates_loop(span->end - b, c, K, turn, domain.M_eq, domain.m_eq, of);
    }
    for (double* values : to) std::fill(values + filled, values + nx, 0.0);
    if (!streams) return;
    for (std::size_t f = 0; f < 9; ++f) stream(nx, to[f], rates.values().data() + f * grid().cells() + row.cell);
  };
  sweep_.visit(state, forcing, true, visit);
  if (streams) finish_streaming();
}

}  // namespace vitrispin::dynamics::grid
