#include "vitrispin/modes/response.hpp"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

#include "modes/extreme_materials.hpp"
#include "vitrispin/modes/dispersion.hpp"
#include "vitrispin/physics/linear_matrix.hpp"

namespace vitrispin::modes {
namespace {

using Complex = std::complex<double>;
using physics::points;
using physics::RandomPoints;

TEST(Response, SolvesTheDrivenLinearEquations) {
  // (s - G) y = -G e1 chi_M dH, by elimination in energy-scaled rows
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    const auto material = random.spin_glass();
    const double k = random.log_uniform(1e5, 1e9);
    const double omega = random.log_uniform(1e8, 1e13);
    const double Omega = n % 2 == 0 ? 0.0 : random.uniform(-1e12, 1e12);
    const int sigma = n % 3 - 1;
    const auto G = physics::linear_matrix(material, k * k, sigma, Omega);
    const double theta_unit =
        std::sqrt(constants::vacuum_permeability / physics::stiffened_anisotropy(material, k * k) /
                  material.equilibrium_susceptibility);
    const double unit[3] = {1.0, 1.0, theta_unit};
    Eigen::Matrix3cd system;
    Eigen::Vector3cd drive;
    for (Eigen::Index i = 0; i < 3; ++i) {
      for (Eigen::Index j = 0; j < 3; ++j) {
        const Complex entry = G[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] * unit[j] / unit[i];
        system(i, j) = (i == j ? Complex(0, -omega) : Complex(0)) - entry;
        if (j == 0) drive(i) = -entry;
      }
    }
    const Eigen::Vector3cd y = material.equilibrium_susceptibility * system.fullPivLu().solve(drive);
    const Response got = response(material, k, omega, sigma * Omega);
    const double condition = system.norm() * system.inverse().norm();
    const double tolerance = 1e-14 * condition * y.norm() + 1e-15 * material.equilibrium_susceptibility;
    EXPECT_LE(std::abs(got.M - y(0)), tolerance);
    EXPECT_LE(std::abs(got.m - y(1)), tolerance);
    EXPECT_LE(std::abs(got.theta / theta_unit - y(2)), tolerance);
    EXPECT_LE(std::abs(got.total - got.M - got.m), 1e-14 * (std::abs(got.M) + std::abs(got.m)));
  }
}

TEST(Response, IsPassiveForEveryHelicity) {
  // the power taken from the field is mu0 omega Im chi |H|^2/2: never negative, and Im chi keeps its sign when it is tiny
  RandomPoints random;
  for (int n = 0; n < 50 * points; ++n) {
    const auto material = random.spin_glass();
    const double k = random.log_uniform(1e2, 1e10);
    const double omega = random.log_uniform(1e3, 1e16) * (n % 2 == 0 ? 1.0 : -1.0);
    const double rotation = n % 3 == 0 ? 0.0 : random.uniform(-1e12, 1e12);
    EXPECT_GE((response(material, k, omega, rotation).total * omega).imag(), 0.0)
        << "k = " << k << " omega = " << omega << " rotation = " << rotation;
  }
}

TEST(Response, TheStaticLimitIsTheSusceptibilityWhateverK) {
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    const auto material = random.spin_glass();
    const double k = random.log_uniform(1e5, 1e9);
    const auto still = response(material, k, 0.0, 0.0);
    EXPECT_EQ(still.M, Complex(material.equilibrium_susceptibility));
    EXPECT_EQ(still.m, Complex(0.0));
    const auto slow = response(material, k, 1e-10, 1e10);
    EXPECT_LE(std::abs(slow.total - still.total), 1e-12 * std::abs(still.total));
  }
}

TEST(Response, ResiduesAtThePolesMakeUpTheWholeResponse) {
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    const auto material = random.spin_glass();
    const double k = random.log_uniform(1e5, 1e9);
    const double rotation = n % 2 == 0 ? 0.0 : random.uniform(-1e12, 1e12);
    const auto modes = modes_at_wavenumber(material, k, rotation);
    double condition = 1;
    for (const Mode& mode : modes) condition = std::max(condition, mode.condition);
    if (condition > 1e4) continue;  // next to an exceptional point residues are large and cancel
    const double omega = random.log_uniform(1e8, 1e13);
    Complex sum = 0, still = 0;
    double terms = 0, still_terms = 0;
    for (const Resonance& resonance : resonances(material, k, rotation)) {
      sum += resonance.residue / (omega - resonance.pole);
      terms += std::abs(resonance.residue / (omega - resonance.pole));
      still -= resonance.residue / resonance.pole;
      still_terms += std::abs(resonance.residue / resonance.pole);
    }
    EXPECT_LE(std::abs(sum - response(material, k, omega, rotation).total), 1e-9 * terms);
    EXPECT_LE(std::abs(still - material.equilibrium_susceptibility), 1e-9 * still_terms);
  }
}

/// Integral over omega from 0 to infinity of f(omega), with omega = scale tan(u) and the trapezoidal rule on a substitution
/// that makes it converge exponentially (tanh-sinh in log omega).
template <class Function>
double over_all_frequencies(double scale, const Function& f) {
  double sum = 0;
  const double step = 1.0 / 64;
  for (int i = -4096; i <= 4096; ++i) {
    // omega = scale exp(t), t = sinh(u): double-exponential decay at both ends for algebraic tails
    const double u = i * step / 8;
    if (std::abs(u) > 4.2) continue;
    const double t = std::sinh(u) * 2.0;
    const double omega = scale * std::exp(t);
    sum += f(omega) * omega * std::cosh(u) * 2.0 * step / 8;
  }
  return sum;
}

TEST(Response, ObeysTheStaticSumRuleAndKramersAndKronig) {
  // chi(k, 0) = (2/pi) integral of Im chi/omega, sigma = 0; Re chi(omega) = (2/pi) P integral of x Im chi(x)/(x^2 - omega^2)
  RandomPoints random;
  for (int n = 0; n < 20; ++n) {
    const auto material = random.spin_glass();
    const double k = random.log_uniform(1e6, 1e8);
    const auto modes = modes_at_wavenumber(material, k, 0.0);
    double scale = 0, quality = 0, slowest = std::numeric_limits<double>::infinity(), fastest = 0;
    for (const Mode& mode : modes) {
      scale = std::max(scale, std::abs(mode.omega));
      quality = std::max(quality, std::abs(mode.omega.real() / mode.omega.imag()));
      slowest = std::min(slowest, std::abs(mode.omega));
      fastest = std::max(fastest, std::abs(mode.omega));
    }
    if (quality > 20 || fastest > 1e8 * slowest) continue;  // a sharp line would need points of its own
    const double middle = std::sqrt(slowest * fastest);
    const double sum = 2 / constants::pi * over_all_frequencies(middle, [&](double omega) {
                         return response(material, k, omega, 0.0).total.imag() / omega;
                       });
    EXPECT_NEAR(sum, material.equilibrium_susceptibility, 1e-8 * material.equilibrium_susceptibility);
    // the principal value, with the pole taken out: P integral of 1/(x^2 - w^2) vanishes
    const double w = middle;
    const Complex there = response(material, k, w, 0.0).total;
    const double real = 2 / constants::pi * over_all_frequencies(1.37 * middle, [&](double x) {
                          const double smooth = x * response(material, k, x, 0.0).total.imag() - w * there.imag();
                          return smooth / ((x - w) * (x + w));
                        });
    EXPECT_NEAR(real, there.real(), 1e-6 * material.equilibrium_susceptibility);
  }
}

TEST(Response, PositionWidthAndQualityOfALightlyDampedResonanceAreThoseOfTheLine) {
  // undamped but for a weak lattice relaxation: chi near the pole is a Lorentzian
  RandomPoints random;
  auto material = undamped(random.spin_glass());
  const double k = 1e7;
  const double gap = modes_at_wavenumber(material, k, 0.0)[2].omega.real();
  material.lattice_relaxation_time = 1e4 / gap;
  const auto all = resonances(material, k, 0.0);
  const Resonance resonance = *std::max_element(
      all.begin(), all.end(), [](const Resonance& x, const Resonance& y) { return x.position < y.position; });
  EXPECT_NEAR(resonance.position, gap, 1e-8 * gap);
  EXPECT_NEAR(resonance.width, 1.0 / material.lattice_relaxation_time, 1e-6 / material.lattice_relaxation_time);
  EXPECT_NEAR(resonance.quality, 1e4, 1e-2);
  const double peak = response(material, k, resonance.position, 0.0).total.imag();
  const double half = response(material, k, resonance.position + 0.5 * resonance.width, 0.0).total.imag();
  EXPECT_NEAR(half / peak, 0.5, 1e-3);
}

TEST(Response, KeepsItsRelativeAccuracyFarBelowAndFarAboveEveryMode) {
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    const auto material = random.spin_glass();
    const double k = random.log_uniform(1e5, 1e9);
    // Im chi grows as omega from dc: the ratio of two low frequencies is that of the frequencies
    const double low = response(material, k, 1e-3, 0.0).total.imag();
    const double lower = response(material, k, 1e-9, 0.0).total.imag();
    EXPECT_NEAR(lower / low, 1e-6, 1e-14);
    // chi -> i sum of residues/... : |chi| falls at least as 1/omega
    const double high = std::abs(response(material, k, 1e20, 0.0).total);
    const double higher = std::abs(response(material, k, 1e24, 0.0).total);
    EXPECT_NEAR(higher / high, 1e-4, 1e-8);
  }
}

TEST(Response, OfAParamagnetIsDebyeRelaxation) {
  physics::Material<double> paramagnet;
  paramagnet.kind = physics::MaterialKind::paramagnet;
  paramagnet.accumulation_susceptibility = 1e-3;
  paramagnet.equilibrium_susceptibility = paramagnet.lattice_relaxation_time = paramagnet.cross_relaxation_time =
      std::numeric_limits<double>::infinity();
  paramagnet.accumulation_lattice_relaxation_time = 1e-11;
  paramagnet.diffusivity = 1e-4;
  const double k = 1e7, omega = 3e11;
  const double tau = 1.0 / (1e11 + 1e-4 * k * k);
  const Complex expected = 1e-3 / Complex(1.0, -omega * tau);
  EXPECT_LE(std::abs(response(paramagnet, k, omega, 0.0).total - expected), 1e-15 * std::abs(expected) * 4);
}

}  // namespace
}  // namespace vitrispin::modes
