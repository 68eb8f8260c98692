// The equations on a line against the pointwise ones, node by node, and the discrete fields as derivatives of the
// discrete free energy.
#include <gtest/gtest.h>

#include "dynamics/random_lines.hpp"
#include "dynamics/reference_equations.hpp"
#include "vitrispin/dynamics/equations.hpp"
#include "vitrispin/dynamics/ledger.hpp"

namespace vitrispin::dynamics {
namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();

double magnitude(const test::QuadVector& v) {
  return std::sqrt(static_cast<double>(dot(v, v)));
}

struct Comparison {
  double error = 0, size = 0;
  void add(const test::QuadVector& expected, const double* x, const double* y, const double* z) {
    const test::QuadVector difference = expected - test::QuadVector(*x, *y, *z);
    error = std::max(error, magnitude(difference));
    size = std::max(size, magnitude(expected));
  }
};

/// The largest terms a rate is the sum of, per field: rounding is relative to these.
struct TermSizes {
  double M = 0, m = 0, theta = 0;
};

TermSizes largest_terms(const Line& line, const Fields<double>& z, const Potentials<double>& q, const Forcing& forcing,
                        std::size_t i, const Segment& segment, double K) {
  const auto& material = segment.material;
  const auto rates = physics::relaxation_rates(material);
  const double gamma = material.gyromagnetic_ratio;
  const double gamma_mu0 = gamma * constants::vacuum_permeability;
  double P = 0, p = 0, theta = 0, dH = 0, M = 0, m = 0, neighbours = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    const double scale_P = material.has_texture()
                               ? (std::abs(z.M(k)[i]) + std::abs(z.m(k)[i])) / material.equilibrium_susceptibility
                               : 0.0;
    dH = std::max(dH, forcing.field[k].empty() ? 0.0 : std::abs(forcing.field[k][i]));
    P += scale_P + dH;
    p += scale_P + std::abs(z.m(k)[i]) / material.accumulation_susceptibility + dH;
    theta += std::abs(z.theta(k)[i]);
    M += std::abs(segment.M_eq[k]) + std::abs(z.M(k)[i]);
    m += std::abs(segment.m_eq[k]) + std::abs(z.m(k)[i]);
    for (const std::size_t j : {i == 0 ? i : i - 1, i, i + 1 == line.nodes() ? i : i + 1}) {
      neighbours = std::max({neighbours, std::abs(q.p(k)[j])});
      theta = std::max(theta, std::abs(z.theta(k)[j]));
    }
  }
  double link = 0, stiffness = K * segment.width;
  if (i > 0) link += line.m_links()[i - 1], stiffness += line.twist_links()[i - 1];
  if (i + 1 < line.nodes()) link += line.m_links()[i], stiffness += line.twist_links()[i];
  double given = 0, torque = 0;
  for (const OuterFace* face : {&line.left(), &line.right()}) {
    if (face->cell != i) continue;
    link += face->conductance;
    stiffness += face->twist_clamp;
    for (std::size_t k = 0; k < 3; ++k) {
      given += std::abs(face->current[k]) + face->conductance * std::abs(face->potential[k]);
      torque += std::abs(face->torque[k]);
    }
  }
  const double turning = (stiffness * theta + torque) / segment.width;
  const double chi_M = material.has_texture() ? material.equilibrium_susceptibility : 0;
  const double exchange = material.has_texture() ? chi_M * rates.M_from_m * (P + p) : 0;
  return {gamma * turning + chi_M * rates.M_to_lattice * P + exchange + gamma_mu0 * M * P,
          (link * (p + neighbours) + given) / segment.width +
              material.accumulation_susceptibility * rates.m_to_lattice * p + exchange + gamma_mu0 * m * p,
          material.damping * gamma * turning + gamma_mu0 * P};
}

TEST(Equations, RatesAreThePointwiseOnesNodeByNode) {
  test::RandomLines random;
  for (int n = 0; n < 300; ++n) {
    const physics::Stack stack = random.cut_stack(random.integer(1, 4), 6);
    const Line line(stack);
    const test::ReferenceEquations reference(stack);
    ASSERT_EQ(line.nodes(), reference.nodes()) << n;
    const Forcing forcing = random.forcing(line, 300);
    const Fields<double> z = random.state(line, 1000, 0.3);
    Potentials<double> q(line.nodes());
    Fields<double> rates(line.nodes());
    for (const bool precessing : {false, true}) {
      potentials(line, forcing, z, q);
      linear_rates(line, forcing, z, q, rates);
      if (precessing) add_precession(line, z, q, 1.0, rates);
      const test::QuadState expected = reference.rates(forcing, test::widened(z), precessing);
      // every rate is a sum of a dozen products of a few factors each, all rounded once
      constexpr double tolerance = 32 * epsilon;
      for (std::size_t s = 0; s < line.segments().size(); ++s) {
        const Segment& segment = line.segments()[s];
        for (std::size_t i = segment.begin; i < segment.end; ++i) {
          const TermSizes terms = largest_terms(line, z, q, forcing, i, segment, forcing.anisotropy[s]);
          Comparison M, m, theta;
          M.add(expected.M[i], rates.M(0) + i, rates.M(1) + i, rates.M(2) + i);
          m.add(expected.m[i], rates.m(0) + i, rates.m(1) + i, rates.m(2) + i);
          theta.add(expected.theta[i], rates.theta(0) + i, rates.theta(1) + i, rates.theta(2) + i);
          EXPECT_LE(M.error, tolerance * terms.M) << n << " node " << i;
          EXPECT_LE(m.error, tolerance * terms.m) << n << " node " << i;
          EXPECT_LE(theta.error, tolerance * terms.theta) << n << " node " << i;
        }
      }
      for (const ContactNode& contact : line.contacts()) {
        const std::size_t i = contact.node;
        Comparison theta;
        theta.add(expected.theta[i], rates.theta(0) + i, rates.theta(1) + i, rates.theta(2) + i);
        // the torque and h_c, in which fields of 1000 A/m may cancel
        double terms = contact.gamma * constants::vacuum_permeability * 1e4;
        if (i > 0) terms += line.twist_links()[i - 1] / contact.beta;
        if (i + 1 < line.nodes()) terms += line.twist_links()[i] / contact.beta;
        if (!contact.outer)
          terms += contact.gamma * contact.gamma * constants::vacuum_permeability *
                   (line.twist_links()[i - 1] + line.twist_links()[i]) / (line.m_links()[i - 1] + line.m_links()[i]);
        EXPECT_LE(theta.error, tolerance * terms) << n << " contact " << i;
        EXPECT_EQ(rates.M(0)[i], 0);
        EXPECT_EQ(rates.m(0)[i], 0);
      }
    }
  }
}

TEST(Equations, FieldsAndTorquesAreTheDerivativesOfTheDiscreteFreeEnergy) {
  test::RandomLines random;
  for (int n = 0; n < 100; ++n) {
    const physics::Stack stack = random.cut_stack(random.integer(1, 3), 4);
    const Line line(stack);
    Forcing forcing = random.forcing(line, 300);
    Fields<double> z = random.state(line, 1000, 0.3);
    Potentials<double> q(line.nodes());
    potentials(line, forcing, z, q);
    // without potentials dM/dt is -gamma Gamma' alone, and a contact turns by its torque alone
    Fields<double> turning(line.nodes());
    linear_rates(line, forcing, z, Potentials<double>(line.nodes()), turning);
    std::vector<Segment> owner(line.nodes());
    for (const Segment& segment : line.segments()) {
      for (std::size_t i = segment.begin; i < segment.end; ++i) owner[i] = segment;
    }
    const double F = free_energy(line, forcing, z);
    // F is quadratic: the central difference is exact for any step, but for the rounding of F
    const auto derivative = [&](double& value, double step, double& rounding) {
      const double before = value;
      value = before + step;
      const double above = free_energy(line, forcing, z), up = value - before;
      value = before - step;
      const double below = free_energy(line, forcing, z), down = before - value;
      value = before;
      rounding = 8 * epsilon * (std::abs(F) + std::abs(above) + std::abs(below)) / step;
      return (above - below) / (up + down);
    };
    double scale_of_F = 0;
    for (const Segment& s : line.segments()) {
      const double chi = s.material.has_texture() ? s.material.equilibrium_susceptibility : 0;
      scale_of_F += constants::vacuum_permeability * (chi + s.material.accumulation_susceptibility) * 1e7 * s.width *
                    static_cast<double>(s.end - s.begin);
    }
    for (std::size_t k = 0; k < 3; ++k) {
      for (std::size_t i = 0; i < line.nodes(); ++i) {
        const bool cell = owner[i].width > 0;
        const bool texture = cell && owner[i].material.has_texture();
        double rounding = 0;
        const double mu0_width = constants::vacuum_permeability * owner[i].width;
        if (cell) {
          const double step = 1000 * owner[i].material.accumulation_susceptibility;
          const double dF = derivative(z.m(k)[i], step, rounding);
          EXPECT_NEAR(dF, mu0_width * q.p(k)[i], rounding + 8 * epsilon * scale_of_F / step) << n << " m " << i;
        }
        if (texture) {
          const double step = 1000 * owner[i].material.equilibrium_susceptibility;
          const double dF = derivative(z.M(k)[i], step, rounding);
          EXPECT_NEAR(dF, mu0_width * q.P(k)[i], rounding + 8 * epsilon * scale_of_F / step) << n << " M " << i;
        }
        if (cell && !texture) continue;
        const double dF = derivative(z.theta(k)[i], 0.3, rounding);
        double expected = 0, given = 0;
        if (texture) {
          for (const OuterFace* face : {&line.left(), &line.right()}) {
            if (face->cell == i) given += face->torque[k];
          }
          expected = owner[i].width * turning.M(k)[i] / owner[i].material.gyromagnetic_ratio + given;
        } else {
          for (const ContactNode& contact : line.contacts()) {
            if (contact.node == i) expected = -contact.beta * turning.theta(k)[i];
          }
        }
        EXPECT_NEAR(dF, expected, rounding + 8 * epsilon * (scale_of_F / 0.3 + std::abs(given)) + 1e-13 * std::abs(dF))
            << n << " theta " << i;
      }
    }
  }
}

TEST(Equations, EquilibriumIsAtRestInAnyField) {
  test::RandomLines random;
  for (int n = 0; n < 50; ++n) {
    physics::Stack stack = random.cut_stack(random.integer(1, 4), 5);
    for (physics::Boundary* face : {&stack.left, &stack.right}) {
      face->current = face->potential = face->torque = physics::ComplexVector{};
    }
    const Line line(stack);
    const Fields<double> zero(line.nodes());
    Fields<double> rates(line.nodes());
    Potentials<double> q(line.nodes());
    const Forcing forcing = constant_forcing(line);
    potentials(line, forcing, zero, q);
    linear_rates(line, forcing, zero, q, rates);
    add_precession(line, zero, q, 1.0, rates);
    for (const double rate : rates.values()) EXPECT_EQ(rate, 0);
  }
}

}  // namespace
}  // namespace vitrispin::dynamics
