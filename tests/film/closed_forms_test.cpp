// Films against the closed forms of docs/theory.md, section 5. Tolerances of 1e-12 are a few hundred roundings, unless a
// comment says otherwise.
#include <gtest/gtest.h>

#include "film/random_stacks.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/film/balance.hpp"
#include "vitrispin/film/profile.hpp"
#include "vitrispin/film/small_angles.hpp"
#include "vitrispin/physics/characteristic.hpp"
#include "vitrispin/physics/contact.hpp"

namespace vitrispin::film {
namespace {

constexpr double mu0 = constants::vacuum_permeability;

struct Rates {
  double a, b, c, d, g, alpha, gamma, rho_s, D, chi_m, l;
  explicit Rates(const physics::Material<double>& material) {
    const auto rates = physics::relaxation_rates(material);
    a = rates.M_to_lattice, b = rates.m_to_lattice, c = rates.M_from_m, d = rates.m_from_M;
    g = physics::texture_coupling(material);
    alpha = material.damping, gamma = material.gyromagnetic_ratio, rho_s = material.spin_stiffness;
    D = material.diffusivity, chi_m = material.accumulation_susceptibility;
    l = 1 / std::sqrt(physics::inverse_square_decay_length(material, 0)).real();
  }
};

physics::Stack one_layer(const physics::Layer& layer, double Y) {
  physics::Stack stack;
  stack.layers = {layer};
  stack.left.accumulation = physics::AccumulationBoundary::current;
  stack.left.current = {0, 0, 1};
  stack.right.accumulation = physics::AccumulationBoundary::contact;
  stack.right.conductance = Y;
  return stack;
}

physics::Boundary contact(double Y, double mixing, double h_c) {
  physics::Boundary face;
  face.accumulation = physics::AccumulationBoundary::contact;
  face.conductance = Y;
  face.mixing = mixing;
  face.potential = {0, 0, h_c};
  return face;
}

double z(const ComplexVector& v) {
  return v.z().real();
}

TEST(PinnedFilm, TransmitsOneOverSinhPlusCosh) {
  test::RandomStacks random;
  for (int n = 0; n < 200; ++n) {
    physics::Layer layer = random.glass(true, false);
    const Rates r(layer.material);
    layer.thickness = r.l * random.log_uniform(1e-3, 300);
    const bool perfect = random.chance(0.3);
    const double Y = perfect ? physics::perfect : random.log_uniform(1e-2, 1e5);
    const FilmState state = solve_film(one_layer(layer, Y), 0);
    const double x = layer.thickness / r.l;
    const double h = Y * r.l / (r.D * r.chi_m);
    const double expected = perfect ? 1 / std::cosh(x) : h / (std::sinh(x) + h * std::cosh(x));
    // exp(-x) turns a rounding of x into x roundings
    EXPECT_NEAR(z(spin_current(state, 0, Side::right).total()) / expected, 1, 1e-13 * (10 + x));
  }
}

TEST(PinnedFilm, ShowsNoMagnetizationAtAlphaZeroThoughCurrentFlows) {
  test::RandomStacks random;
  physics::Layer layer = random.glass(true, false);
  layer.material.damping = 0;
  layer.thickness = 5 * physics::decay_length(layer.material, 0);
  const std::vector<int> steps{8};
  const FilmState state = solve_film(one_layer(layer, 1e3), 0, steps);
  for (std::size_t n = 0; n <= 8; ++n) {
    const ProfilePoint point = profile_point(state, 0, n);
    EXPECT_GT(std::abs(z(point.m)), 0);
    EXPECT_LE(std::abs(z(point.M + point.m)), 1e-15 * std::abs(z(point.m)) / layer.material.susceptibility_ratio());
    EXPECT_EQ(z(point.delta_M), 0);
  }
}

TEST(PinnedFilm, MagnetizationIsAlphaDOverNTimesTheAccumulation) {
  test::RandomStacks random;
  for (int n = 0; n < 50; ++n) {
    physics::Layer layer = random.glass(true, false);
    layer.material.damping = random.log_uniform(1e-9, 1e-4);
    const Rates r(layer.material);
    layer.thickness = r.l * random.log_uniform(1e-3, 100);
    const std::vector<int> steps{4};
    const FilmState state = solve_film(one_layer(layer, 1e3), 0, steps);
    for (std::size_t i = 0; i <= 4; ++i) {
      const ProfilePoint point = profile_point(state, 0, i);
      EXPECT_NEAR(z(point.delta_M) / z(point.delta_m) * (r.alpha * (r.a + r.c) + r.g) / (r.alpha * r.d), 1, 1e-12);
    }
  }
}

TEST(RotatingFilm, TransmitsSechPlusTheRotationsShareByEta) {
  test::RandomStacks random;
  for (int n = 0; n < 200; ++n) {
    physics::Layer layer = random.glass(false, false);
    const Rates r(layer.material);
    layer.thickness = r.l * random.log_uniform(1e-2, 1e3);
    const FilmState state = solve_film(one_layer(layer, physics::perfect), 0);
    const double N = r.alpha * (r.a + r.c) + r.g;
    const double eta = r.c * r.g * r.d * r.l * r.l / ((r.a + r.c) * N * r.D);
    const double x = layer.thickness / r.l;
    const double sech = 1 / std::cosh(x);
    const double share = eta * (1 - sech) / ((1 - eta) * x + eta * std::tanh(x));
    const double expected = sech + share * std::tanh(x);
    // 1 - eta cancels in this form where exchange dominates; the program's does not
    const double tolerance = 1e-13 * (100 + x + 1 / (1 - eta)) + 1e-15 / expected;
    EXPECT_NEAR(z(spin_current(state, 0, Side::right).m) / expected, 1, tolerance);
    const double w = rotation(state, state.groups[0]).z();
    const std::vector<int> steps{1};
    const Complex mean = state.helicities[1].layers[0].p_integral * r.chi_m / layer.thickness;
    EXPECT_NEAR(w / (-r.g * r.d * mean.real() / (r.a + r.c)), 1, 1e-11);  // w_t = -g d <dm>/(a+c)
    EXPECT_STREQ(to_string(state.groups[0].motion), "rotating");
  }
}

TEST(RotatingFilm, AlphaToZeroHasEtaTauTauOverTauTau) {
  test::RandomStacks random;
  physics::Layer layer = random.glass(false, false);
  layer.material.damping = 0;
  const Rates r(layer.material);
  const double eta = r.c * r.d / ((r.a + r.c) * (r.b + r.d));
  EXPECT_NEAR(r.c * r.g * r.d * r.l * r.l / ((r.a + r.c) * r.g * r.D) / eta, 1, 1e-12);
}

/// A, B, w_t from the three linear equations, solved by Cramer's rule in long double.
TEST(RotatingFilm, ContactsAtBothEndsSolveTheThreeLinearEquations) {
  test::RandomStacks random;
  for (int n = 0; n < 100; ++n) {
    physics::Layer layer = random.glass(false, false);
    const Rates r(layer.material);
    layer.thickness = r.l * random.log_uniform(0.1, 30);
    const double L = layer.thickness;
    physics::Stack stack;
    stack.layers = {layer};
    stack.left = contact(random.log_uniform(1, 1e5), random.log_uniform(1e16, 1e20), random.uniform(-1, 1));
    stack.right = contact(random.log_uniform(1, 1e5), random.log_uniform(1e16, 1e20), random.uniform(-1, 1));
    const FilmState state = solve_film(stack, 0);
    const long double N = r.alpha * (r.a + r.c) + r.g, rest = r.c * r.l * r.l / (N * r.D);
    const long double E = std::exp(-L / r.l);
    const long double YL = stack.left.conductance / r.chi_m, YR = stack.right.conductance / r.chi_m;
    const long double bL = physics::mixing_coefficient(stack.left.mixing),
                      bR = physics::mixing_coefficient(stack.right.mixing);
    const long double hL = z(stack.left.potential), hR = z(stack.right.potential);
    // unknowns A, B, w; dm(0) = A + B E - rest w, dm(L) = A E + B - rest w
    long double m[3][4] = {{-r.D / r.l - YL, (r.D / r.l - YL) * E, YL * rest, YL * r.chi_m * hL},
                           {(-r.D / r.l + YR) * E, r.D / r.l + YR, -YR * rest, -YR * r.chi_m * hR},
                           {0, 0, 0, 0}};
    // (1/gamma) integral of (d dm - (a+c) dM), dM = (alpha d dm - w)/N
    const long double kept = (r.d - (r.a + r.c) * r.alpha * r.d / N) / r.gamma;
    const long double integral = r.l * (1 - E);
    m[2][0] = kept * integral;
    m[2][1] = kept * integral;
    m[2][2] = -kept * rest * L + (r.a + r.c) / N / r.gamma * L + bR + bL;
    m[2][3] = r.gamma * mu0 * (bR * hR + bL * hL);
    const auto det = [&](int skip) {
      long double a[3][3];
      for (int i = 0; i < 3; ++i) {
        for (int j = 0; j < 3; ++j) a[i][j] = m[i][j == skip ? 3 : j];
      }
      return a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1]) - a[0][1] * (a[1][0] * a[2][2] - a[1][2] * a[2][0]) +
             a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0]);
    };
    const long double w = det(2) / det(-1);
    // Cramer's rule subtracts: 1e-9 of the rate that the contacts alone would give
    const long double scale = std::abs(w) + r.gamma * mu0 * 1e-3L;
    EXPECT_NEAR(static_cast<double>((rotation(state, state.groups[0]).z() - w) / scale), 0, 1e-9);
  }
}

TEST(RotatingFilm, SuperfluidLimitIsOneOverOnePlusLOverLalpha) {
  test::RandomStacks random;
  for (int n = 0; n < 100; ++n) {
    physics::Layer layer = random.glass(false, false);
    const Rates r(layer.material);
    physics::Stack stack;
    stack.layers = {layer};
    stack.left = contact(0, random.log_uniform(1e16, 1e20), 0.8);
    stack.right = contact(0, random.log_uniform(1e16, 1e20), 0);
    const FilmState state = solve_film(stack, 0);
    const double bL = physics::mixing_coefficient(stack.left.mixing);
    const double bR = physics::mixing_coefficient(stack.right.mixing);
    const double D_theta = physics::twist_diffusivity(layer.material);
    const double expected = r.gamma * r.gamma * mu0 * 0.8 * bL * bR / (bL + bR + layer.thickness * r.rho_s / D_theta);
    const double in = z(spin_current(state, 0, Side::left).total());
    const double out = z(spin_current(state, 0, Side::right).total());
    EXPECT_NEAR(std::abs(out) / expected, 1, 1e-12);
    EXPECT_NEAR(out / in * (1 + layer.thickness / (bR * D_theta / r.rho_s)), 1, 1e-12);
  }
}

TEST(RotatingFilm, WithMSwitchedOffDthetaIsGammaRhoAlphaPlusGTau) {
  test::RandomStacks random;
  physics::Layer layer = random.glass(false, false);
  layer.material.cross_relaxation_time = std::numeric_limits<double>::infinity();
  physics::Stack stack;
  stack.layers = {layer};
  stack.left = contact(0, 1e18, 1);
  stack.right = contact(0, 3e18, 0);
  const FilmState state = solve_film(stack, 0);
  const Rates r(layer.material);
  const double D_theta = r.gamma * r.rho_s * (r.alpha + r.g / r.a);
  const double L_alpha = physics::mixing_coefficient(3e18) * D_theta / r.rho_s;
  const double ratio = z(spin_current(state, 0, Side::right).total()) / z(spin_current(state, 0, Side::left).total());
  EXPECT_NEAR(ratio * (1 + layer.thickness / L_alpha), 1, 1e-12);
  EXPECT_EQ(z(spin_current(state, 0, Side::right).m), 0);
}

TEST(RotatingFilm, ThetaHasZeroMeanOverItsGroup) {
  test::RandomStacks random;
  physics::Stack stack = random.stack(1, false);
  stack.layers = {random.glass(false), random.glass(false)};
  stack.interfaces.resize(1);
  stack.right = random.contact(true);
  const std::vector<int> steps{2000, 2000};
  const FilmState state = solve_film(stack, 0, steps);
  double sum = 0, size = 0;
  for (std::size_t layer = 0; layer < 2; ++layer) {
    const auto& nodes = state.helicities[1].layers[layer].nodes;
    for (std::size_t n = 0; n + 1 < nodes.size(); ++n) {
      const double mean = 0.5 * (nodes[n].theta + nodes[n + 1].theta).real();
      sum += mean * stack.layers[layer].thickness;
      size += std::abs(mean) * stack.layers[layer].thickness;
    }
  }
  EXPECT_LE(std::abs(sum), 1e-3 * size);  // the trapezoidal rule with 2000 steps, in layers of up to 1000 decay lengths
}

TEST(SteadyFilm, WithoutRelaxationOrDrainHasNoSteadyState) {
  test::RandomStacks random;
  const double infinity = std::numeric_limits<double>::infinity();
  physics::Layer layer = random.glass(false, false);
  layer.material.lattice_relaxation_time = infinity;
  layer.material.accumulation_lattice_relaxation_time = infinity;
  physics::Stack stack = one_layer(layer, 0);
  stack.right = {};
  EXPECT_THROW(solve_film(stack, 0), InputError);
  stack.right = contact(0, 1e18, 0);  // mixing drains it
  EXPECT_NO_THROW(solve_film(stack, 0));
  EXPECT_NEAR(std::abs(transmission({0, 0, 1}, spin_current(solve_film(stack, 0), 0, Side::right).total())), 1, 1e-12);
}

}  // namespace
}  // namespace vitrispin::film
