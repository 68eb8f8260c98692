#include "vitrispin/modes/dispersion.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "modes/extreme_materials.hpp"
#include "vitrispin/modes/perturbation.hpp"
#include "vitrispin/physics/characteristic.hpp"
#include "vitrispin/physics/linear_matrix.hpp"

namespace vitrispin::modes {
namespace {

using Complex = std::complex<double>;
using physics::points;
using physics::RandomPoints;

physics::Material<double> arbitrary_material() {
  const auto decade = [](double low, double high) {
    const int step = *rc::gen::inRange(0, 100001);
    return low * std::pow(high / low, step / 1e5);
  };
  physics::Material<double> material;
  material.gyromagnetic_ratio = decade(1e9, 1e13);
  material.equilibrium_susceptibility = decade(1e-6, 1e2);
  material.accumulation_susceptibility = material.equilibrium_susceptibility * decade(1e-4, 0.9999);
  material.lattice_relaxation_time = decade(1e-14, 1e-5);
  material.accumulation_lattice_relaxation_time = decade(1e-14, 1e-5);
  material.cross_relaxation_time = decade(1e-14, 1e-5);
  material.diffusivity = decade(1e-9, 1e0);
  material.spin_stiffness = decade(1e-17, 1e-9);
  material.anisotropy = decade(1e-3, 1e7);
  material.damping = decade(1e-10, 1e-2);
  return material;
}

TEST(Dispersion, NoModeOfAValidMaterialEverGrows) {
  EXPECT_TRUE(rc::check("Im omega <= 0", [] {
    const auto material = arbitrary_material();
    const double k = std::pow(10.0, *rc::gen::inRange(-2, 11));
    const double rotation = 1e9 * *rc::gen::inRange(-100000, 100000);
    for (const Mode& mode : modes_at_wavenumber(material, k, rotation)) {
      // the largest |omega| sets the rounding of the slowest damping in a field; without one it is exact in sign
      const double rounding = rotation == 0.0 ? 0.0 : 1e-14 * (std::abs(mode.omega) + std::abs(rotation));
      RC_ASSERT(mode.omega.imag() <= rounding);
    }
  }));
}

TEST(Dispersion, WithoutDampingAndWithoutMFrequenciesAreThoseOfEqs36To38) {
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    auto material = undamped(random.spin_glass());
    if (n % 2 == 0) material.anisotropy = 0.0;
    const double k = random.log_uniform(1e5, 1e9);
    const double v = physics::spin_wave_velocity(material);
    const double omega = std::hypot(physics::anisotropy_frequency(material), v * k);
    const auto modes = modes_at_wavenumber(material, k, 0.0);
    EXPECT_NEAR(modes[0].omega.real(), -omega, 1e-13 * omega);
    EXPECT_NEAR(std::abs(modes[1].omega), 0.0, 1e-13 * omega);  // m alone: conserved
    EXPECT_NEAR(modes[2].omega.real(), omega, 1e-13 * omega);
    EXPECT_EQ(modes[2].label, Label::spin_wave);
    // d omega/dk = v^2 k/omega; v itself for K = 0, Eq. (37)
    EXPECT_NEAR(modes[2].group_velocity.real(), v * (v * k / omega), 1e-11 * v);
    // equal energy in M and theta
    EXPECT_NEAR(modes[2].weights[0], 0.5, 1e-11);
    EXPECT_NEAR(modes[2].weights[2], 0.5, 1e-11);
    EXPECT_EQ(modes[2].decay_time > 1e6 / omega, true);
  }
}

TEST(Dispersion, InAFieldTheGapSplitsByTheKnownEsrLaw) {
  // omega^2 + sigma Omega omega - omega_0^2 - v^2 k^2 = 0; at k = 0 omega (omega + sigma Omega) = omega_0^2
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    const auto material = undamped(random.spin_glass());
    const double k = n % 2 == 0 ? 0.0 : random.log_uniform(1e5, 1e9);
    const double gap = std::hypot(physics::anisotropy_frequency(material), physics::spin_wave_velocity(material) * k);
    const double Omega = random.uniform(-3.0, 3.0) * gap;
    for (const int sigma : {-1, 0, 1}) {
      const auto modes = modes_at_wavenumber(material, k, sigma * Omega);
      for (const double sign : {-1.0, 1.0}) {
        const double expected = -0.5 * sigma * Omega + sign * std::hypot(gap, 0.5 * sigma * Omega);
        double nearest = std::numeric_limits<double>::infinity();
        for (const Mode& mode : modes) nearest = std::min(nearest, std::abs(mode.omega - expected));
        EXPECT_LE(nearest, 1e-12 * (gap + std::abs(Omega)));
      }
    }
  }
}

TEST(Dispersion, WithMSwitchedOffTheModeIsTheDampedOneOfEqs53To57) {
  // chi_m -> 0 without exchange decouples m: what is left is the M-theta pair of Eq. (55)
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    auto material = random.spin_glass();
    material.cross_relaxation_time = std::numeric_limits<double>::infinity();
    material.accumulation_susceptibility = 1e-30 * material.equilibrium_susceptibility;
    const double k = random.log_uniform(1e5, 1e9);
    const auto pair = spin_wave_frequencies(material, physics::stiffened_anisotropy(material, k * k));
    const auto modes = modes_at_wavenumber(material, k, 0.0);
    for (const Complex& expected : {pair.plus, pair.minus}) {
      double nearest = std::numeric_limits<double>::infinity();
      for (const Mode& mode : modes) nearest = std::min(nearest, std::abs(mode.omega - expected));
      // near critical damping the pair is nearly double: sqrt of rounding at worst
      const double separation = std::abs(pair.plus - pair.minus) / std::abs(expected);
      EXPECT_LE(nearest, 1e-13 / std::max(1e-3, separation) * std::abs(expected) + 1e-15 * std::abs(pair.minus));
    }
  }
}

TEST(Dispersion, VectorsSolveEq51WithTheMatrixOfEq52) {
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    const auto material = random.spin_glass();
    const double k = random.log_uniform(1e5, 1e9);
    const double Omega = random.uniform(-1e12, 1e12);
    const int sigma = n % 3 - 1;
    const auto G = physics::linear_matrix(material, k * k, sigma, Omega);
    const double K_prime = physics::stiffened_anisotropy(material, k * k);
    for (const Mode& mode : modes_at_wavenumber(material, k, sigma * Omega)) {
      const std::array<Complex, 3> y{mode.amplitudes[0] * std::sqrt(material.equilibrium_susceptibility),
                                     mode.amplitudes[1] * std::sqrt(material.accumulation_susceptibility),
                                     mode.amplitudes[2] * std::sqrt(constants::vacuum_permeability / K_prime)};
      const Complex s = Complex(0.0, -1.0) * mode.omega;
      for (std::size_t i = 0; i < 3; ++i) {
        Complex residual = -s * y[i];
        double terms = std::abs(residual);
        for (std::size_t j = 0; j < 3; ++j) {
          residual += G[i][j] * y[j];
          terms += std::abs(G[i][j] * y[j]);
        }
        // in the energy norm a row may be small beside the matrix: its largest entries are added in its own units
        const double unit = std::abs(y[i]);
        double norm = 0;
        for (std::size_t r = 0; r < 3; ++r) norm += std::abs(G[r][r]);
        norm += 2 * std::sqrt(std::abs(G[0][2] * G[2][0]));
        const double field_unit[3] = {std::sqrt(material.equilibrium_susceptibility),
                                      std::sqrt(material.accumulation_susceptibility),
                                      std::sqrt(constants::vacuum_permeability / K_prime)};
        EXPECT_LE(std::abs(residual), 1e-13 * (terms + norm * unit) + 1e-12 * norm * field_unit[i]);
      }
      EXPECT_NEAR(mode.weights[0] + mode.weights[1] + mode.weights[2], 1.0, 1e-14);
    }
  }
}

TEST(Dispersion, GroupVelocityIsTheSlopeOfTheBranch) {
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    const auto material = random.spin_glass();
    const double k = random.log_uniform(1e5, 1e9);
    const double rotation = n % 2 == 0 ? 0.0 : random.uniform(-1e12, 1e12);
    const double step = 1e-4;
    const auto here = modes_at_wavenumber(material, k, rotation);
    const auto nearest = [](const std::vector<Mode>& modes, const Complex& omega) {
      Complex best = modes[0].omega;
      for (const Mode& mode : modes) {
        if (std::abs(mode.omega - omega) < std::abs(best - omega)) best = mode.omega;
      }
      return best;
    };
    const auto at = [&](double factor, const Complex& guess) {
      return nearest(modes_at_wavenumber(material, k * factor, rotation), guess);
    };
    double separation = std::numeric_limits<double>::infinity();
    double fastest = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      fastest = std::max(fastest, std::abs(here[i].omega));
      if (here[i].condition > 2.0) separation = 0.0;
      for (std::size_t j = 0; j < i; ++j) separation = std::min(separation, std::abs(here[i].omega - here[j].omega));
    }
    if (separation < 0.1 * fastest) continue;  // next to an exceptional point the branch curves too quickly
    for (const Mode& mode : here) {
      const Complex change = mode.group_velocity * k * step;
      // five points: error of fourth order in the step, which is 1e-16 of the branch's own scale
      const Complex quotient =
          (8.0 * (at(1 + step, mode.omega + change) - at(1 - step, mode.omega - change)) -
           (at(1 + 2 * step, mode.omega + 2.0 * change) - at(1 - 2 * step, mode.omega - 2.0 * change))) /
          (12.0 * k * step);
      EXPECT_LE(std::abs(mode.group_velocity - quotient), 1e-10 * fastest / k + 1e-6 * std::abs(quotient));
    }
  }
}

TEST(Dispersion, TheDecayRateIsTheDissipationOfTheVectorItself) {
  // T R_s per energy, Eq. (26): -2 Im omega = sum of the five mechanisms, so shares are fractions of a known total
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    const auto material = random.spin_glass();
    for (const Mode& mode : modes_at_wavenumber(material, random.log_uniform(1e5, 1e9), 0.0)) {
      const auto& part = mode.shares;
      for (const double share : {part.M_to_lattice, part.m_to_lattice, part.exchange, part.diffusion, part.damping}) {
        EXPECT_GE(share, 0.0);
      }
      EXPECT_NEAR(part.M_to_lattice + part.m_to_lattice + part.exchange + part.diffusion + part.damping, 1.0, 1e-13);
      const bool oscillates = std::abs(mode.omega.real()) > std::abs(mode.omega.imag());
      EXPECT_EQ(mode.label == Label::spin_wave, oscillates);
      EXPECT_EQ(mode.label == Label::diffusive, !oscillates && part.diffusion >= 0.5);
    }
  }
}

TEST(Dispersion, AUniformTextureWithoutAnisotropyCostsNothing) {
  // K = 0, k = 0: theta alone, at omega = 0; the other two vectors carry no theta energy
  RandomPoints random;
  auto material = random.spin_glass();
  material.anisotropy = 0.0;
  const auto modes = modes_at_wavenumber(material, 0.0, 0.0);
  EXPECT_EQ(modes[2].omega, Complex(0.0));
  EXPECT_DOUBLE_EQ(modes[2].weights[2], 1.0);
  EXPECT_DOUBLE_EQ(modes[0].weights[2] + modes[1].weights[2], 0.0);
  EXPECT_EQ(modes[2].group_velocity, Complex(0.0));
}

TEST(Dispersion, ModesThatCoincideWithoutMergingHaveVectorsOfTheirOwn) {
  // nothing relaxes, K = 0, k = 0: all three frequencies vanish, and M, m, theta are each conserved in energy
  RandomPoints random;
  auto material = undamped(random.spin_glass());
  material.anisotropy = 0.0;
  const auto modes = modes_at_wavenumber(material, 0.0, 0.0);
  double theta = 0;
  for (const Mode& mode : modes) {
    EXPECT_EQ(mode.omega, Complex(0.0));
    theta += mode.weights[2];
  }
  EXPECT_DOUBLE_EQ(theta, 1.0);
}

TEST(Dispersion, LongWavesOfATextureWithoutAnisotropyDiffuse) {
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    auto material = random.spin_glass();
    material.anisotropy = 0.0;
    const double D_theta = physics::twist_diffusivity(material);
    const auto rates = physics::relaxation_rates(material);
    // slow beside the slowest relaxation of M and m
    const double slowest = std::min({rates.M_to_lattice, rates.m_to_lattice, rates.M_from_m, rates.m_from_M});
    const double k = 1e-6 * std::sqrt(slowest / std::max(D_theta, material.diffusivity));
    const auto modes = modes_at_wavenumber(material, k, 0.0);
    const Complex expected(0.0, -D_theta * k * k);
    EXPECT_LE(std::abs(modes[2].omega - expected), 1e-8 * std::abs(expected));  // corrections of order (k/k_slow)^2
    EXPECT_LE(std::abs(modes[2].group_velocity - 2.0 * expected / k), 1e-8 * std::abs(expected) / k);
  }
}

TEST(Dispersion, OfAFerromagnetHasTwoDecayRatesWithOrthogonalVectors) {
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    auto material = random.spin_glass();
    material.kind = physics::MaterialKind::ferromagnet;
    material.gyromagnetic_ratio = material.spin_stiffness = material.anisotropy = material.damping = 0.0;
    const double k = random.log_uniform(1e5, 1e9);
    const auto modes = modes_at_wavenumber(material, k, 0.0);
    ASSERT_EQ(modes.size(), 2u);
    const auto G = physics::linear_matrix(material, k * k, 0, 0.0);
    const double sum = (G[0][0] + G[1][1]).real();
    const double product = (G[0][0] * G[1][1] - G[0][1] * G[1][0]).real();
    EXPECT_NEAR(modes[0].omega.imag() + modes[1].omega.imag(), sum, 1e-13 * std::abs(sum));
    EXPECT_NEAR(modes[0].omega.imag() * modes[1].omega.imag(), product,
                1e-14 * product + 1e-12 * std::abs(G[0][1] * G[1][0]));
    // the way back: at this complex omega the one k^2 is ours; at a real one the vector solves row 1 as well
    const double omega = random.log_uniform(1e8, 1e13);
    const auto driven = modes_at_frequency(material, omega, 0.0);
    ASSERT_EQ(driven.size(), 1u);
    const double chi_M = material.equilibrium_susceptibility, chi_m = material.accumulation_susceptibility;
    const Complex M = driven[0].amplitudes[0] * std::sqrt(chi_M), m = driven[0].amplitudes[1] * std::sqrt(chi_m);
    const Complex residual = (Complex(0.0, -omega) - G[0][0]) * M - G[0][1] * m;
    EXPECT_LE(std::abs(residual),
              1e-11 * (omega + std::abs(G[0][0]) + std::abs(G[0][1])) * (std::abs(M) + std::abs(m)));
  }
}

}  // namespace
}  // namespace vitrispin::modes
