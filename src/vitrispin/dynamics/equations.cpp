#include "vitrispin/dynamics/equations.hpp"

#include <algorithm>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/core/vectorised.hpp"

#if defined(__GNUC__) && !defined(__clang__)
#define VITRISPIN_INDEPENDENT _Pragma("GCC ivdep")  // more arrays than the compiler compares
#else
#define VITRISPIN_INDEPENDENT
#endif

namespace vitrispin::dynamics {
namespace {

using constants::vacuum_permeability;

/// Of a cell, in the loops below. A metal has no chi_M: what is divided by it vanishes. A ferromagnet has no gamma, alpha,
/// K and rho_s, and thus no theta.
struct Coefficients {
  double inverse_chi_M = 0, inverse_chi_m = 0;
  double M_to_lattice = 0, m_to_lattice = 0, exchange = 0;  ///< chi_M/tau_ML, chi_m/tau_mL, chi_M/tau_Mm [1/s]
  double gamma = 0, gamma_mu0 = 0, alpha_gamma = 0;
  bool pair = false;  ///< carries M

  explicit Coefficients(const physics::Material<double>& material) {
    const auto rates = physics::relaxation_rates(material);
    const double chi_m = material.accumulation_susceptibility;
    inverse_chi_m = 1 / chi_m;
    m_to_lattice = chi_m * rates.m_to_lattice;
    gamma = material.gyromagnetic_ratio;
    gamma_mu0 = gamma * vacuum_permeability;
    pair = material.has_equilibrium_magnetization();
    if (pair) {
      inverse_chi_M = 1 / material.equilibrium_susceptibility;
      M_to_lattice = material.equilibrium_susceptibility * rates.M_to_lattice;
      exchange = material.equilibrium_susceptibility * rates.M_from_m;
    }
    alpha_gamma = pair ? material.damping * gamma : 0;
  }
};

VITRISPIN_VECTORISED void cell_potentials(double inverse_chi_M, double inverse_chi_m, std::size_t n,
                                          const double* __restrict M, const double* __restrict m, double* __restrict P,
                                          double* __restrict p) {
  for (std::size_t i = 0; i < n; ++i) {
    const double reduced = M[i] * inverse_chi_M;
    P[i] = reduced + m[i] * inverse_chi_M;
    p[i] = reduced + m[i] * inverse_chi_m;
  }
}

VITRISPIN_VECTORISED void take_off(std::size_t n, const double* __restrict field, double* __restrict P,
                                   double* __restrict p) {
  for (std::size_t i = 0; i < n; ++i) {
    P[i] -= field[i];
    p[i] -= field[i];
  }
}

/// Flux sums over the faces of a cell, with the neighbours' values (arrays have a neighbour at either side, or a
/// link of zero).
VITRISPIN_VECTORISED void cell_rates(const Coefficients& c, double K, double inverse_width, std::size_t n,
                                     const double* __restrict p, const double* __restrict P,
                                     const double* __restrict theta, const double* __restrict m_links,
                                     const double* __restrict twist_links, double* __restrict dM, double* __restrict dm,
                                     double* __restrict dtheta) {
  for (std::size_t i = 0; i < n; ++i) {
    const double inflow = m_links[i] * (p[i + 1] - p[i]) - m_links[i - 1] * (p[i] - p[i - 1]);
    const double pull = twist_links[i] * (theta[i + 1] - theta[i]) - twist_links[i - 1] * (theta[i] - theta[i - 1]);
    const double torque = pull * inverse_width - K * theta[i];
    const double exchange = c.exchange * (P[i] - p[i]);
    dM[i] = -c.gamma * torque - c.M_to_lattice * P[i] - exchange;
    dm[i] = inflow * inverse_width - c.m_to_lattice * p[i] + exchange;
    dtheta[i] = c.alpha_gamma * torque - c.gamma_mu0 * P[i];
  }
}

/// gamma mu0 (equilibrium + v) x potential for three components.
VITRISPIN_VECTORISED void cell_precession(double factor, const Vector3<double>& equilibrium, std::size_t n,
                                          const double* __restrict vx, const double* __restrict vy,
                                          const double* __restrict vz, const double* __restrict px,
                                          const double* __restrict py, const double* __restrict pz,
                                          double* __restrict rx, double* __restrict ry, double* __restrict rz) {
  for (std::size_t i = 0; i < n; ++i) {
    const double x = equilibrium[0] + vx[i];
    const double y = equilibrium[1] + vy[i];
    const double z = equilibrium[2] + vz[i];
    rx[i] += factor * (y * pz[i] - z * py[i]);
    ry[i] += factor * (z * px[i] - x * pz[i]);
    rz[i] += factor * (x * py[i] - y * px[i]);
  }
}

/// Potentials of three components and precession, without a change of the field.
VITRISPIN_VECTORISED void cell_turn(const Coefficients& c, const Vector3<double>& M_eq, const Vector3<double>& m_eq,
                                    std::size_t n, std::size_t nodes, const double* __restrict z,
                                    double* __restrict potential, double* __restrict rate) {
  const double factor = c.gamma_mu0, inverse_chi_M = c.inverse_chi_M, inverse_chi_m = c.inverse_chi_m;
  const double A0 = M_eq[0], A1 = M_eq[1], A2 = M_eq[2], a0 = m_eq[0], a1 = m_eq[1], a2 = m_eq[2];
  const double* __restrict M0 = z, * __restrict M1 = z + nodes, * __restrict M2 = z + 2 * nodes;
  const double* __restrict m0 = z + 3 * nodes, * __restrict m1 = z + 4 * nodes, * __restrict m2 = z + 5 * nodes;
  double* __restrict to_P0 = potential, * __restrict to_P1 = potential + nodes, * __restrict to_P2 = potential + 2 * nodes;
  double* __restrict to_p0 = potential + 3 * nodes, * __restrict to_p1 = potential + 4 * nodes, * __restrict to_p2 = potential + 5 * nodes;
  double* __restrict to_M0 = rate, * __restrict to_M1 = rate + nodes, * __restrict to_M2 = rate + 2 * nodes;
  double* __restrict to_m0 = rate + 3 * nodes, * __restrict to_m1 = rate + 4 * nodes, * __restrict to_m2 = rate + 5 * nodes;
  VITRISPIN_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) {
    const double r0 = M0[i] * inverse_chi_M, r1 = M1[i] * inverse_chi_M, r2 = M2[i] * inverse_chi_M;
    const double P0 = r0 + m0[i] * inverse_chi_M, P1 = r1 + m1[i] * inverse_chi_M, P2 = r2 + m2[i] * inverse_chi_M;
    const double p0 = r0 + m0[i] * inverse_chi_m, p1 = r1 + m1[i] * inverse_chi_m, p2 = r2 + m2[i] * inverse_chi_m;
    to_P0[i] = P0;
    to_P1[i] = P1;
    to_P2[i] = P2;
    to_p0[i] = p0;
    to_p1[i] = p1;
    to_p2[i] = p2;
    const double X = A0 + M0[i], Y = A1 + M1[i], Z = A2 + M2[i];
    to_M0[i] = factor * (Y * P2 - Z * P1);
    to_M1[i] = factor * (Z * P0 - X * P2);
    to_M2[i] = factor * (X * P1 - Y * P0);
    const double x = a0 + m0[i], y = a1 + m1[i], w = a2 + m2[i];
    to_m0[i] = factor * (y * p2 - w * p1);
    to_m1[i] = factor * (w * p0 - x * p2);
    to_m2[i] = factor * (x * p1 - y * p0);
  }
}

/// Potentials of the contact nodes, from their neighbours'.
void contact_potentials(const Line& line, const Forcing& forcing, const Fields<double>& state,
                        Potentials<double>& result);

}  // namespace

void potentials(const Line& line, const Forcing& forcing, const Fields<double>& state, Potentials<double>& result) {
  for (const Segment& segment : line.segments()) {
    const Coefficients c(segment.material);
    const std::size_t n = segment.end - segment.begin;
    for (std::size_t k = 0; k < 3; ++k) {
      double* P = result.P(k) + segment.begin;
      double* p = result.p(k) + segment.begin;
      cell_potentials(c.inverse_chi_M, c.inverse_chi_m, n, state.M(k) + segment.begin, state.m(k) + segment.begin, P,
                      p);
      if (!forcing.field[k].empty()) take_off(n, forcing.field[k].data() + segment.begin, P, p);
    }
  }
  contact_potentials(line, forcing, state, result);
}

namespace {

void contact_potentials(const Line& line, const Forcing& forcing, const Fields<double>& state,
                        Potentials<double>& result) {
  for (const ContactNode& contact : line.contacts()) {
    const std::size_t i = contact.node;
    for (std::size_t k = 0; k < 3; ++k) {
      double* p = result.p(k);
      result.P(k)[i] = 0;
      if (contact.outer) {
        p[i] = -(i == 0 ? forcing.left_potential : forcing.right_potential)[k];
        continue;
      }
      const double* theta = state.theta(k);
      const double before = line.m_links()[i - 1];
      const double after = line.m_links()[i];
      const double pull =
          line.twist_links()[i - 1] * (theta[i] - theta[i - 1]) + line.twist_links()[i] * (theta[i] - theta[i + 1]);
      p[i] = (before * p[i - 1] + after * p[i + 1] + contact.gamma * pull) / (before + after);
    }
  }
}

/// What enters the cell at an outer face: m, and torque on its texture.
struct Entering {
  double m = 0, torque = 0;
};
Entering through_outer_face(const OuterFace& face, const Vector3<double>& current, const Vector3<double>& h_c,
                            std::size_t k, double p, double theta) {
  // j out = Y (h_c - h*), h* = -p
  const double into = (face.takes_current ? current[k] : 0.0) - face.conductance * (p + h_c[k]);
  return {into, face.torque[k] - face.twist_clamp * theta};
}

}  // namespace

void linear_rates(const Line& line, const Forcing& forcing, const Fields<double>& state,
                  const Potentials<double>& potentials, Fields<double>& rates) {
  const double* m_links = line.m_links().data();
  const double* twist_links = line.twist_links().data();
  for (std::size_t s = 0; s < line.segments().size(); ++s) {
    const Segment& segment = line.segments()[s];
    const Coefficients c(segment.material);
    const double K = forcing.anisotropy[s];
    for (std::size_t k = 0; k < 3; ++k) {
      const double* p = potentials.p(k);
      const double* P = potentials.P(k);
      const double* theta = state.theta(k);
      const auto one_cell = [&](std::size_t i) {
        Entering in;
        if (i > 0) in = {m_links[i - 1] * (p[i - 1] - p[i]), twist_links[i - 1] * (theta[i - 1] - theta[i])};
        if (i + 1 < line.nodes()) {
          in.m += m_links[i] * (p[i + 1] - p[i]);
          in.torque += twist_links[i] * (theta[i + 1] - theta[i]);
        }
        const auto outer = [&](const OuterFace& face, const Vector3<double>& current, const Vector3<double>& h_c) {
          if (face.cell != i) return;
          const Entering through = through_outer_face(face, current, h_c, k, p[i], theta[i]);
          in.m += through.m;
          in.torque += through.torque;
        };
        outer(line.left(), forcing.left_current, forcing.left_potential);
        outer(line.right(), forcing.right_current, forcing.right_potential);
        const double torque = in.torque / segment.width - K * theta[i];
        const double exchange = c.exchange * (P[i] - p[i]);
        rates.M(k)[i] = -c.gamma * torque - c.M_to_lattice * P[i] - exchange;
        rates.m(k)[i] = in.m / segment.width - c.m_to_lattice * p[i] + exchange;
        rates.theta(k)[i] = c.alpha_gamma * torque - c.gamma_mu0 * P[i];
      };
      one_cell(segment.begin);
      if (segment.end - segment.begin > 1) one_cell(segment.end - 1);
      if (segment.end - segment.begin > 2) {
        const std::size_t b = segment.begin + 1;
        cell_rates(c, K, 1 / segment.width, segment.end - segment.begin - 2, p + b, P + b, theta + b, m_links + b,
                   twist_links + b, rates.M(k) + b, rates.m(k) + b, rates.theta(k) + b);
      }
      if (!c.pair) {
        std::fill(rates.M(k) + segment.begin, rates.M(k) + segment.end, 0.0);
        std::fill(rates.theta(k) + segment.begin, rates.theta(k) + segment.end, 0.0);
      }
    }
  }
  for (const ContactNode& contact : line.contacts()) {
    const std::size_t i = contact.node;
    for (std::size_t k = 0; k < 3; ++k) {
      const double* theta = state.theta(k);
      double pull = 0;
      if (i + 1 < line.nodes()) pull += twist_links[i] * (theta[i + 1] - theta[i]);
      if (i > 0) pull += twist_links[i - 1] * (theta[i - 1] - theta[i]);
      rates.M(k)[i] = 0;
      rates.m(k)[i] = 0;
      rates.theta(k)[i] = pull / contact.beta - contact.gamma * vacuum_permeability * potentials.p(k)[i];
    }
  }
}

void add_precession(const Line& line, const Fields<double>& state, const Potentials<double>& potentials, double weight,
                    Fields<double>& rates) {
  for (const Segment& segment : line.segments()) {
    const double factor = weight * segment.material.gyromagnetic_ratio * vacuum_permeability;
    const std::size_t n = segment.end - segment.begin;
    const std::size_t b = segment.begin;
    if (segment.material.has_equilibrium_magnetization()) {
      cell_precession(factor, segment.M_eq, n, state.M(0) + b, state.M(1) + b, state.M(2) + b, potentials.P(0) + b,
                      potentials.P(1) + b, potentials.P(2) + b, rates.M(0) + b, rates.M(1) + b, rates.M(2) + b);
    }
    cell_precession(factor, segment.m_eq, n, state.m(0) + b, state.m(1) + b, state.m(2) + b, potentials.p(0) + b,
                    potentials.p(1) + b, potentials.p(2) + b, rates.m(0) + b, rates.m(1) + b, rates.m(2) + b);
  }
}

void potentials_and_precession(const Line& line, const Forcing& forcing, const Fields<double>& state,
                               Potentials<double>& potentials_, Fields<double>& rates) {
  if (forcing.changes_field()) {
    potentials(line, forcing, state, potentials_);
    std::fill_n(rates.values().begin(), 6 * line.nodes(), 0.0);
    add_precession(line, state, potentials_, 1.0, rates);
    return;
  }
  for (const Segment& segment : line.segments()) {
    const std::size_t b = segment.begin;
    cell_turn(Coefficients(segment.material), segment.M_eq, segment.m_eq, segment.end - b, line.nodes(),
              state.values().data() + b, potentials_.P(0) + b, rates.values().data() + b);
  }
  contact_potentials(line, forcing, state, potentials_);
  for (const ContactNode& contact : line.contacts()) {
    for (std::size_t k = 0; k < 3; ++k) rates.M(k)[contact.node] = rates.m(k)[contact.node] = 0;
  }
}

}  // namespace vitrispin::dynamics
