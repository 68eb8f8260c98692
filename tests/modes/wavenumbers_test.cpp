#include "vitrispin/modes/wavenumbers.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "modes/extreme_materials.hpp"
#include "vitrispin/modes/dispersion.hpp"
#include "vitrispin/modes/secular.hpp"
#include "vitrispin/physics/characteristic.hpp"

namespace vitrispin::modes {
namespace {

using Complex = std::complex<double>;
using Quad = __float128;
using QuadComplex = std::complex<Quad>;
using physics::points;
using physics::RandomPoints;

constexpr double eps = std::numeric_limits<double>::epsilon();

long double size(const QuadComplex& z) {
  return std::hypot(static_cast<long double>(z.real()), static_cast<long double>(z.imag()));
}

/// |P(s, q)| over the sum of the magnitudes of its terms, both in 113 bits from the material's doubles: the relative change
/// of the terms for which q is exact.
double backward_error(const physics::Material<double>& material, const Complex& omega, double rotation,
                      const Complex& k_squared) {
  const Secular<Quad> p(material, rotation);
  const QuadComplex s(omega.imag(), -omega.real());
  const QuadComplex q(k_squared.real(), k_squared.imag());
  const QuadComplex P = p.value(s, p.decay(q), p.stiffness(q));
  const auto plus = [](long double x) { return Quad(x); };
  const Quad S = plus(size(s));
  const Quad turned = plus(size(p.turned_a()));
  const Quad A = p.D * plus(size(q)) + p.b;
  const Quad kappa = p.gamma * (p.K + p.rho * plus(size(q)));
  const Quad B0 = (S + turned) * (S + p.r);
  const Quad B1 = S + p.e * (turned + p.c);
  const Quad C0 = (S + p.r) * (p.alpha * (S + turned) + p.g);
  const Quad C1 = p.alpha * S + p.e * (p.alpha * (turned + p.c) + p.g);
  const Quad terms = S * (B0 + B1 * A) + kappa * (C0 + C1 * A);
  if (terms == 0) return size(P) == 0 ? 0.0 : 1.0;
  return static_cast<double>(size(P) / static_cast<long double>(terms));
}

TEST(Wavenumbers, HaveABackwardErrorAtRoundingForParametersFrom1eMinus30To1e30Eq52) {
  RandomPoints random;
  double worst = 0;
  int solutions = 0;
  for (int n = 0; n < 20000; ++n) {
    const auto material = extreme_spin_glass(random);
    const double omega = random.uniform(0.0, 1.0) < 0.1 ? 0.0 : random.log_uniform(1e-30, 1e30);
    const double rotation = random.uniform(0.0, 1.0) < 0.5 ? 0.0 : random.log_uniform(1e-30, 1e30);
    for (const Wavenumber& solution : wavenumbers(material, omega, rotation)) {
      if (!solution.exists()) continue;
      ++solutions;
      worst = std::max(worst, backward_error(material, omega, rotation, solution.k_squared));
    }
  }
  RecordProperty("worst_backward_error_in_eps", std::to_string(worst / eps));
  EXPECT_GT(solutions, 20000);
  // rounding q to double alone changes each term by up to 2 x eps/2
  EXPECT_LT(worst, 2 * eps);
}

TEST(Wavenumbers, AreRealNumbersOfSolutionsWhereDiffusionOrStiffnessIsAbsent) {
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    auto material = random.spin_glass();
    const double omega = random.log_uniform(1e8, 1e13);
    material.diffusivity = 0.0;
    auto solutions = wavenumbers(material, omega, 0.0);
    EXPECT_TRUE(solutions[0].exists());
    EXPECT_FALSE(solutions[1].exists());
    EXPECT_LT(backward_error(material, omega, 0.0, solutions[0].k_squared), 2 * eps);
    material = random.spin_glass();
    material.spin_stiffness = 0.0;
    solutions = wavenumbers(material, omega, 0.0);
    EXPECT_TRUE(solutions[0].exists());
    EXPECT_FALSE(solutions[1].exists());
    EXPECT_LT(backward_error(material, omega, 0.0, solutions[0].k_squared), 2 * eps);
    material.diffusivity = 0.0;
    solutions = wavenumbers(material, omega, 0.0);
    EXPECT_FALSE(solutions[0].exists());
  }
}

TEST(Wavenumbers, AtDirectCurrentAreTheDecayAndTheTwistLengthEvenWhereTheyCoincide) {
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    auto material = random.spin_glass();
    const double rotation = n % 2 == 0 ? 0.0 : random.log_uniform(1e8, 1e12);
    const Complex decay = -physics::inverse_square_decay_length(material, rotation);
    if (n % 4 == 0) material.anisotropy = -material.spin_stiffness * decay.real();  // rho_s/l^2 = K
    const Complex twist = -material.anisotropy / material.spin_stiffness;
    const auto solutions = wavenumbers(material, 0.0, rotation);
    const bool first_is_twist = std::abs(solutions[0].k_squared - twist) < std::abs(solutions[1].k_squared - twist);
    const Complex got_twist = solutions[first_is_twist ? 0 : 1].k_squared;
    const Complex got_decay = solutions[first_is_twist ? 1 : 0].k_squared;
    // near a double root a relative change x of the coefficients moves the roots by sqrt(x): of long double's 1e-19, plus
    // the rounding of the closed forms themselves
    const double tolerance = n % 4 == 0 ? 1e-7 : 1e-12;
    EXPECT_LE(std::abs(got_twist - twist), tolerance * std::abs(twist));
    EXPECT_LE(std::abs(got_decay - decay), tolerance * std::abs(decay));
  }
}

TEST(Wavenumbers, KeepTheSmallRootAndKPrimeToFullRelativeAccuracy) {
  // |q2| << |q1|: K -> 0 and omega -> 0 put one root at twist diffusion, q = i omega/D_theta
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    auto material = random.spin_glass();
    material.anisotropy = 0.0;
    const double D_theta = physics::twist_diffusivity(material);
    const double relaxed =
        1.0 / (1.0 / material.lattice_relaxation_time + 1.0 / material.accumulation_lattice_relaxation_time);
    const double omega = 1e-30 / relaxed;
    const auto solutions = wavenumbers(material, omega, 0.0);
    const Complex expected(0.0, omega / D_theta);
    const Complex small = std::abs(solutions[0].k_squared) < std::abs(solutions[1].k_squared) ? solutions[0].k_squared
                                                                                              : solutions[1].k_squared;
    // omega is so small that twist diffusion is exact to 1e-15 and more
    EXPECT_LE(std::abs(small - expected), 1e-12 * std::abs(expected));
    // with K: K' = K + rho_s q is proportional to omega although K and rho_s q cancel
    material = random.spin_glass();
    const double tiny = 1e-10 / material.lattice_relaxation_time;
    const auto one = wavenumbers(material, tiny, 0.0);
    const auto two = wavenumbers(material, 1e-6 * tiny, 0.0);
    const auto smallest = [](const std::vector<Wavenumber>& all) {
      return std::min(std::abs(all[0].stiffened_anisotropy), std::abs(all[1].stiffened_anisotropy));
    };
    if (smallest(one) < 1e-6 * material.anisotropy) {
      EXPECT_NEAR(smallest(two) / smallest(one), 1e-6, 1e-6 * 1e-3);
    }
  }
}

TEST(Wavenumbers, AndFrequenciesAreInversesOfEachOther) {
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    const auto material = random.spin_glass();
    const double k = random.log_uniform(1e5, 1e9);
    const double rotation = n % 2 == 0 ? 0.0 : random.uniform(-1e12, 1e12);
    for (const Mode& mode : modes_at_wavenumber(material, k, rotation)) {
      double closest = std::numeric_limits<double>::infinity();
      double condition = 1;
      for (const Wavenumber& solution : wavenumbers(material, mode.omega, rotation)) {
        const double error = std::abs(solution.k_squared - k * k) / (k * k);
        if (error < closest) {
          closest = error;
          // a relative change of omega and one of the terms both move q: by dq/d omega, and by the condition of q
          condition = solution.condition +
                      std::abs(mode.omega) * 2.0 / (k * std::abs(mode.group_velocity)) * std::max(1.0, mode.condition);
        }
      }
      EXPECT_LE(closest, 20 * eps * condition) << "k = " << k;
    }
    const double omega = random.log_uniform(1e8, 1e13);
    for (const Mode& mode : modes_at_frequency(material, omega, rotation)) {
      // det(G - s) = 0 at the computed k^2, seen through Eq. (52) in 113 bits
      EXPECT_LT(backward_error(material, omega, rotation, mode.k_squared), 2 * eps);
    }
  }
}

TEST(Wavenumbers, OfPureSpinDiffusionHaveTheLengthOfEq39) {
  // delta M = 0: no exchange into M, no texture; then k^2 = (i omega - 1/tau_m)/D
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    auto material = random.spin_glass();
    material.damping = 0.0;
    const double length = physics::pure_diffusion_length(material);
    double best = std::numeric_limits<double>::infinity();
    for (const Wavenumber& solution : wavenumbers(material, 0.0, 0.0)) {
      best = std::min(best, std::abs(1.0 / solution.k.imag() - length) / length);
    }
    EXPECT_LT(best, 1e-12);  // exact at dc without damping of the texture
  }
}

TEST(Wavenumbers, OfAMetalInAFieldArePrecessingDiffusion) {
  physics::Material<double> metal;
  metal.kind = physics::MaterialKind::metal;
  metal.accumulation_susceptibility = 1e-5;
  metal.equilibrium_susceptibility = metal.lattice_relaxation_time = metal.cross_relaxation_time =
      std::numeric_limits<double>::infinity();
  metal.accumulation_lattice_relaxation_time = 11e-12;
  metal.diffusivity = 1e-2;
  const double omega = 3e10, rotation = 2e11;
  const auto solutions = wavenumbers(metal, omega, rotation);
  ASSERT_EQ(solutions.size(), 1u);
  const Complex expected = (Complex(0.0, omega + rotation) - 1.0 / 11e-12) / 1e-2;
  EXPECT_LE(std::abs(solutions[0].k_squared - expected), 4 * eps * std::abs(expected));
  EXPECT_GT(solutions[0].k.imag(), 0.0);
}

}  // namespace
}  // namespace vitrispin::modes
