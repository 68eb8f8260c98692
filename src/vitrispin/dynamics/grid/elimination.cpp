#include "vitrispin/dynamics/grid/elimination.hpp"

#include <algorithm>
#include <cmath>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/core/vectorised.hpp"

#if defined(__GNUC__) && !defined(__clang__)
#define VITRISPIN_INDEPENDENT _Pragma("GCC ivdep")  // more arrays than the compiler compares
#else
#define VITRISPIN_INDEPENDENT
#endif

namespace vitrispin::dynamics::grid {

using constants::vacuum_permeability;

namespace {

VITRISPIN_VECTORISED void eliminate_loop(const Elimination::Cell& c, std::size_t n, const double* __restrict rM,
                                         const double* __restrict rm, const double* __restrict rt,
                                         double* __restrict right_p, double* __restrict right_theta) {
  const double R_from_M = c.R_from_M, m_from_M = c.m_from_M, m_from_R = c.m_from_R, theta_from_R = c.theta_from_R;
  for (std::size_t i = 0; i < n; ++i) {
    const double R = rt[i] + R_from_M * rM[i];
    right_p[i] = rm[i] + m_from_M * rM[i] + m_from_R * R;
    right_theta[i] = theta_from_R * R;
  }
}

VITRISPIN_VECTORISED void recover_loop(const Elimination::Cell& c, std::size_t n, const double* __restrict rM,
                                       const double* __restrict rt, const double* __restrict p,
                                       const double* __restrict theta, double* __restrict M, double* __restrict m) {
  const double R_from_M = c.R_from_M, inverse_A = c.inverse_A, B = c.B, E = c.E, torque_scale = c.torque_scale,
               xi = c.xi, to_M = c.to_M, to_m = c.to_m;
  for (std::size_t i = 0; i < n; ++i) {
    const double R = rt[i] + R_from_M * rM[i];
    const double P = inverse_A * (rM[i] + B * p[i] - torque_scale * (theta[i] + E * p[i] - R));
    M[i] = to_M * (P - xi * p[i]);
    m[i] = to_m * (p[i] - P);
  }
}

struct Substitution {
  const double *bM[3], *bm[3], *bt[3], *p[3], *theta[3], *field[3];
  double *rM[3], *rm[3], *right_p[3], *right_theta[3];
};

/// Sizes of the changes and of the values, added to `most` as maxima; `fault` is NaN if any value is.
VITRISPIN_VECTORISED void substitute_loop(const Elimination::Cell& c, std::size_t n, const Vector3<double>& M_eq,
                                          const Vector3<double>& m_eq, const Substitution& of, double* changes) {
  const double R_from_M = c.R_from_M, inverse_A = c.inverse_A, B = c.B, E = c.E, torque_scale = c.torque_scale,
               xi = c.xi, to_M = c.to_M, to_m = c.to_m;
  const double m_from_M = c.m_from_M, m_from_R = c.m_from_R, theta_from_R = c.theta_from_R, turn = c.turn;
  const double turn_M = c.inverse_chi_M > 0 ? turn : 0;
  const double A0 = M_eq[0], A1 = M_eq[1], A2 = M_eq[2], a0 = m_eq[0], a1 = m_eq[1], a2 = m_eq[2];
  const double* __restrict bM0 = of.bM[0], * __restrict bM1 = of.bM[1], * __restrict bM2 = of.bM[2];
  const double* __restrict bm0 = of.bm[0], * __restrict bm1 = of.bm[1], * __restrict bm2 = of.bm[2];
  const double* __restrict t0 = of.bt[0], * __restrict t1 = of.bt[1], * __restrict t2 = of.bt[2];
  const double* __restrict q0 = of.p[0], * __restrict q1 = of.p[1], * __restrict q2 = of.p[2];
  const double* __restrict u0 = of.theta[0], * __restrict u1 = of.theta[1], * __restrict u2 = of.theta[2];
  const double* __restrict h0 = of.field[0], * __restrict h1 = of.field[1], * __restrict h2 = of.field[2];
  double* __restrict M0 = of.rM[0], * __restrict M1 = of.rM[1], * __restrict M2 = of.rM[2];
  double* __restrict m0 = of.rm[0], * __restrict m1 = of.rm[1], * __restrict m2 = of.rm[2];
  double* __restrict s0 = of.right_p[0], * __restrict s1 = of.right_p[1], * __restrict s2 = of.right_p[2];
  double* __restrict v0 = of.right_theta[0], * __restrict v1 = of.right_theta[1], * __restrict v2 = of.right_theta[2];
  VITRISPIN_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) {
    const double p0 = q0[i], p1 = q1[i], p2 = q2[i];
    const double P0 = inverse_A * (M0[i] + B * p0 - torque_scale * (u0[i] + E * p0 - (t0[i] + R_from_M * M0[i])));
    const double P1 = inverse_A * (M1[i] + B * p1 - torque_scale * (u1[i] + E * p1 - (t1[i] + R_from_M * M1[i])));
    const double P2 = inverse_A * (M2[i] + B * p2 - torque_scale * (u2[i] + E * p2 - (t2[i] + R_from_M * M2[i])));
    const double N0 = to_M * (P0 - xi * p0), N1 = to_M * (P1 - xi * p1), N2 = to_M * (P2 - xi * p2);
    const double n0 = to_m * (p0 - P0), n1 = to_m * (p1 - P1), n2 = to_m * (p2 - P2);
    const double X = A0 + N0, Y = A1 + N1, Z = A2 + N2, x = a0 + n0, y = a1 + n1, z = a2 + n2;
    const double g0 = P0 - h0[i], g1 = P1 - h1[i], g2 = P2 - h2[i];
    const double f0 = p0 - h0[i], f1 = p1 - h1[i], f2 = p2 - h2[i];
    const double next_M0 = bM0[i] + turn_M * (Y * g2 - Z * g1);
    const double next_M1 = bM1[i] + turn_M * (Z * g0 - X * g2);
    const double next_M2 = bM2[i] + turn_M * (X * g1 - Y * g0);
    const double next_m0 = bm0[i] + turn * (y * f2 - z * f1);
    const double next_m1 = bm1[i] + turn * (z * f0 - x * f2);
    const double next_m2 = bm2[i] + turn * (x * f1 - y * f0);
    const double change_M = std::fabs(next_M0 - M0[i]) + std::fabs(next_M1 - M1[i]) + std::fabs(next_M2 - M2[i]);
    const double change_m = std::fabs(next_m0 - m0[i]) + std::fabs(next_m1 - m1[i]) + std::fabs(next_m2 - m2[i]);
    changes[i] = change_M + change_m;
    changes[n + i] = std::fabs(N0) + std::fabs(N1) + std::fabs(N2) + std::fabs(n0) + std::fabs(n1) + std::fabs(n2);
    M0[i] = next_M0;
    M1[i] = next_M1;
    M2[i] = next_M2;
    m0[i] = next_m0;
    m1[i] = next_m1;
    m2[i] = next_m2;
    const double R0 = t0[i] + R_from_M * next_M0, R1 = t1[i] + R_from_M * next_M1, R2 = t2[i] + R_from_M * next_M2;
    s0[i] = next_m0 + m_from_M * next_M0 + m_from_R * R0;
    s1[i] = next_m1 + m_from_M * next_M1 + m_from_R * R1;
    s2[i] = next_m2 + m_from_M * next_M2 + m_from_R * R2;
    v0[i] = theta_from_R * R0;
    v1[i] = theta_from_R * R1;
    v2[i] = theta_from_R * R2;
  }
}

VITRISPIN_VECTORISED void precession_loop(const Coefficients& c, double weight, std::size_t n,
                                          const Vector3<double>& M_eq, const Vector3<double>& m_eq,
                                          const Substitution& of) {
  const double turn = weight * c.gamma_mu0, inverse_chi_M = c.inverse_chi_M, inverse_chi_m = c.inverse_chi_m;
  const double turn_M = inverse_chi_M > 0 ? turn : 0;
  const double A0 = M_eq[0], A1 = M_eq[1], A2 = M_eq[2], a0 = m_eq[0], a1 = m_eq[1], a2 = m_eq[2];
  const double *bM0 = of.bM[0], *bM1 = of.bM[1], *bM2 = of.bM[2];
  const double *bm0 = of.bm[0], *bm1 = of.bm[1], *bm2 = of.bm[2];
  const double* __restrict N0 = of.p[0], * __restrict N1 = of.p[1], * __restrict N2 = of.p[2];
  const double* __restrict n0 = of.theta[0], * __restrict n1 = of.theta[1], * __restrict n2 = of.theta[2];
  const double* __restrict h0 = of.field[0], * __restrict h1 = of.field[1], * __restrict h2 = of.field[2];
  double *M0 = of.rM[0], *M1 = of.rM[1], *M2 = of.rM[2];
  double *m0 = of.rm[0], *m1 = of.rm[1], *m2 = of.rm[2];
  VITRISPIN_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) {
    const double r0 = N0[i] * inverse_chi_M - h0[i], r1 = N1[i] * inverse_chi_M - h1[i],
                 r2 = N2[i] * inverse_chi_M - h2[i];
    const double P0 = r0 + n0[i] * inverse_chi_M, P1 = r1 + n1[i] * inverse_chi_M, P2 = r2 + n2[i] * inverse_chi_M;
    const double p0 = r0 + n0[i] * inverse_chi_m, p1 = r1 + n1[i] * inverse_chi_m, p2 = r2 + n2[i] * inverse_chi_m;
    const double X = A0 + N0[i], Y = A1 + N1[i], Z = A2 + N2[i], x = a0 + n0[i], y = a1 + n1[i], z = a2 + n2[i];
    M0[i] = bM0[i] + turn_M * (Y * P2 - Z * P1);
    M1[i] = bM1[i] + turn_M * (Z * P0 - X * P2);
    M2[i] = bM2[i] + turn_M * (X * P1 - Y * P0);
    m0[i] = bm0[i] + turn * (y * p2 - z * p1);
    m1[i] = bm1[i] + turn * (z * p0 - x * p2);
    m2[i] = bm2[i] + turn * (x * p1 - y * p0);
  }
}

}  // namespace

HelmholtzSystem Elimination::prepare(double w, const std::vector<double>& anisotropy) {
  HelmholtzSystem system;
  system.w = w;
  cells_.clear();
  for (std::size_t d = 0; d < sweep_.grid().domains().size(); ++d) {
    const auto& material = sweep_.grid().domains()[d].material;
    const auto rates = physics::relaxation_rates(material);
    const double chi_m = material.accumulation_susceptibility, gamma = material.gyromagnetic_ratio;
    const double gamma_mu0 = gamma * vacuum_permeability, leak = w * (chi_m * rates.m_to_lattice);
    Cell cell;
    LocalBlock block;
    cell.turn = w * gamma_mu0;
    if (material.has_equilibrium_magnetization()) {
      const double chi_M = material.equilibrium_susceptibility, u = chi_M / (chi_M - chi_m);
      cell.inverse_chi_M = 1 / chi_M;
      const double A = chi_M * (u + w * (rates.M_to_lattice + rates.M_from_m));
      cell.inverse_A = 1 / A;
      cell.B = chi_m * u + w * (chi_M * rates.M_from_m);
      cell.m_from_M = cell.B * cell.inverse_A;
      cell.xi = chi_m / chi_M;
      cell.to_M = chi_M * u;
      cell.to_m = chi_m * u;
      block.p_ground = cell.m_from_M * (chi_M * (1 + w * rates.M_to_lattice)) + leak;
      if (material.has_texture()) {
        const double inverse_N = 1 / (material.damping * gamma + (gamma * gamma_mu0) * (w * cell.inverse_A));
        cell.E = gamma_mu0 * (w * cell.m_from_M);
        cell.m_from_R = gamma * (cell.m_from_M * inverse_N);
        cell.R_from_M = -gamma_mu0 * (w * cell.inverse_A);
        cell.theta_from_R = inverse_N / (vacuum_permeability * w);
        cell.torque_scale = gamma * inverse_N;
        block.theta_ground = anisotropy[d] / vacuum_permeability;
        block.joint = cell.theta_from_R;
        block.ratio = cell.E;
      }
    } else {
      cell.to_m = chi_m;
      block.p_ground = chi_m + leak;
    }
    cells_.push_back(cell);
    system.domains.push_back(block);
  }
  for (const OuterFace& face : sweep_.grid().outer_faces())
    system.outer_twist.push_back(face.twist_clamp / vacuum_permeability);
  return system;
}

namespace {

/// Calls `work(span, first cell of the span, cells)` along all rows, and `empty(first cell, cells)` in vacuum.
template <class Work, class Empty>
void for_spans(const RowSweep& sweep, const Work& work, const Empty& empty) {
  const std::size_t nx = sweep.grid().count(0);
  for (std::size_t row = 0; row < sweep.spans().rows(); ++row) {
    std::size_t filled = 0;
    for (const Span* span = sweep.spans().begin(row); span != sweep.spans().end(row); ++span) {
      if (span->begin > filled) empty(row * nx + filled, span->begin - filled);
      filled = span->end;
      work(*span, row * nx + span->begin, std::size_t{span->end} - span->begin);
    }
    if (filled < nx) empty(row * nx + filled, nx - filled);
  }
}

/// A row of zeros where a component of the field does not change.
struct FieldRows {
  explicit FieldRows(const Forcing& forcing, std::size_t nx) : zeros(nx) {
    for (std::size_t k = 0; k < 3; ++k) rows[k] = forcing.field[k].empty() ? zeros.data() : forcing.field[k].data();
  }
  std::vector<double> zeros;
  std::array<const double*, 3> rows{};
};

}  // namespace

void Elimination::eliminate(const StateView& r, const Components& right_p, const Components& right_theta) const {
  const auto work = [&](const Span& span, std::size_t at, std::size_t n) {
    for (std::size_t k = 0; k < 3; ++k)
      eliminate_loop(cells_[span.domain], n, r.M[k] + at, r.m[k] + at, r.theta[k] + at, right_p[k] + at,
                     right_theta[k] + at);
  };
  const auto empty = [&](std::size_t at, std::size_t n) {
    for (std::size_t k = 0; k < 3; ++k) {
      std::fill_n(right_p[k] + at, n, 0.0);
      std::fill_n(right_theta[k] + at, n, 0.0);
    }
  };
  for_spans(sweep_, work, empty);
}

void Elimination::recover(const StateView& r, const ConstComponents& p, const ConstComponents& theta,
                          const Components& M, const Components& m) const {
  const auto work = [&](const Span& span, std::size_t at, std::size_t n) {
    const Cell& c = cells_[span.domain];
    for (std::size_t k = 0; k < 3; ++k) {
      if (c.inverse_chi_M > 0) {
        recover_loop(c, n, r.M[k] + at, r.theta[k] + at, p[k] + at, theta[k] + at, M[k] + at, m[k] + at);
        continue;
      }
      std::fill_n(M[k] + at, n, 0.0);
      for (std::size_t i = at; i < at + n; ++i) m[k][i] = c.to_m * p[k][i];
    }
  };
  const auto empty = [&](std::size_t at, std::size_t n) {
    for (std::size_t k = 0; k < 3; ++k) {
      std::fill_n(M[k] + at, n, 0.0);
      std::fill_n(m[k] + at, n, 0.0);
    }
  };
  for_spans(sweep_, work, empty);
}

double Elimination::substitute(const StateView& base, const Forcing& forcing, const ConstComponents& p,
                               const ConstComponents& theta, const FieldArrays& r, const Components& right_p,
                               const Components& right_theta, double& size) const {
  const FieldRows field(forcing, sweep_.grid().count(0));
  std::vector<double> changes(2 * sweep_.grid().count(0));
  double most = 0, largest = 0, fault = 0;
  const auto work = [&](const Span& span, std::size_t at, std::size_t n) {
    Substitution of{};
    for (std::size_t k = 0; k < 3; ++k) {
      of.bM[k] = base.M[k] + at;
      of.bm[k] = base.m[k] + at;
      of.bt[k] = base.theta[k] + at;
      of.p[k] = p[k] + at;
      of.theta[k] = theta[k] + at;
      of.field[k] = field.rows[k] + span.begin;
      of.rM[k] = r.M[k] + at;
      of.rm[k] = r.m[k] + at;
      of.right_p[k] = right_p[k] + at;
      of.right_theta[k] = right_theta[k] + at;
    }
    const Domain& domain = sweep_.grid().domains()[span.domain];
    substitute_loop(cells_[span.domain], n, domain.M_eq, domain.m_eq, of, changes.data());
    for (std::size_t i = 0; i < n; ++i) {
      most = std::max(most, changes[i]);
      largest = std::max(largest, changes[n + i]);
      fault += 0 * changes[i];
    }
  };
  for_spans(sweep_, work, [](std::size_t, std::size_t) {});
  size = sweep_.halo().largest(largest);
  return sweep_.halo().largest(most + fault);
}

void Elimination::add_precession(double weight, const StateView& base, const Forcing& forcing, const StateView& z,
                                 const FieldArrays& r) const {
  const FieldRows field(forcing, sweep_.grid().count(0));
  const auto work = [&](const Span& span, std::size_t at, std::size_t n) {
    Substitution of{};
    for (std::size_t k = 0; k < 3; ++k) {
      of.bM[k] = base.M[k] + at;
      of.bm[k] = base.m[k] + at;
      of.p[k] = z.M[k] + at;
      of.theta[k] = z.m[k] + at;
      of.field[k] = field.rows[k] + span.begin;
      of.rM[k] = r.M[k] + at;
      of.rm[k] = r.m[k] + at;
    }
    const Domain& domain = sweep_.grid().domains()[span.domain];
    precession_loop(sweep_.coefficients(span.domain), weight, n, domain.M_eq, domain.m_eq, of);
  };
  const auto empty = [&](std::size_t at, std::size_t n) {
    for (std::size_t k = 0; k < 3; ++k) {
      std::fill_n(r.M[k] + at, n, 0.0);
      std::fill_n(r.m[k] + at, n, 0.0);
    }
  };
  for_spans(sweep_, work, empty);
}

}  // namespace vitrispin::dynamics::grid
