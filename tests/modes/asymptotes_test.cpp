#include "vitrispin/modes/asymptotes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "modes/extreme_materials.hpp"
#include "vitrispin/modes/dispersion.hpp"
#include "vitrispin/physics/characteristic.hpp"

namespace vitrispin::modes {
namespace {

using Complex = std::complex<double>;
using physics::points;
using physics::RandomPoints;

/// Largest distance of an asymptote from the nearest mode, relative to its own last (constant) term's scale.
double worst_distance(const std::vector<Asymptote>& asymptotes, const physics::Material<double>& material, double k,
                      double rotation) {
  double worst = 0;
  for (const Asymptote& asymptote : asymptotes) {
    double nearest = std::numeric_limits<double>::infinity();
    for (const Mode& mode : modes_at_wavenumber(material, k, rotation)) {
      nearest = std::min(nearest, std::abs(mode.omega - asymptote.at(k)));
    }
    worst = std::max(worst, nearest / std::abs(asymptote.at(k)));
  }
  return worst;
}

/// A material whose rates are all of one order, so that "large k" begins where its lengths say.
physics::Material<double> moderate(RandomPoints& random) {
  physics::Material<double> material;
  material.gyromagnetic_ratio = 1.0 / constants::vacuum_permeability;
  material.equilibrium_susceptibility = random.uniform(0.5, 2.0);
  material.accumulation_susceptibility = material.equilibrium_susceptibility * random.uniform(0.1, 0.9);
  material.lattice_relaxation_time = random.uniform(0.5, 2.0);
  material.accumulation_lattice_relaxation_time = random.uniform(0.5, 2.0);
  material.cross_relaxation_time = random.uniform(0.5, 2.0);
  material.diffusivity = random.uniform(0.5, 2.0);
  material.spin_stiffness = constants::vacuum_permeability * random.uniform(0.5, 2.0);
  material.anisotropy = constants::vacuum_permeability * random.uniform(0.5, 2.0);
  material.damping = random.uniform(0.05, 0.2);
  return material;
}

TEST(Asymptotes, AtLargeWavenumbersAreApproachedAsTheInverseOfK) {
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    auto material = moderate(random);
    const double rotation = n % 2 == 0 ? 0.0 : random.uniform(-2.0, 2.0);
    switch (n % 5) {
      case 0: break;
      case 1: material.damping = 0.0; break;
      case 2: material.spin_stiffness = 0.0; break;
      case 3: material.diffusivity = 0.0; break;
      case 4: material.damping = material.diffusivity = 0.0; break;
    }
    const auto asymptotes = large_wavenumber_asymptotes(material, rotation);
    ASSERT_EQ(asymptotes.size(), 3u);
    const double near = worst_distance(asymptotes, material, 1e3, rotation);
    const double far = worst_distance(asymptotes, material, 1e4, rotation);
    // what is left out is of order 1/k of the constant term, at least
    EXPECT_LT(near, 0.1);
    EXPECT_LT(far, 0.011 + 0.2 * near);
  }
}

TEST(Asymptotes, WithoutDampingOfTheTextureAreTheClosedForm) {
  // omega = +-v sqrt(1-xi) k - (i/2)[(1-xi)/tau_M + xi v^2/D]
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    auto material = random.spin_glass();
    material.damping = 0.0;
    const double xi = material.susceptibility_ratio();
    const double v = physics::spin_wave_velocity(material);
    const auto rates = physics::relaxation_rates(material);
    const auto asymptotes = large_wavenumber_asymptotes(material, 0.0);
    const double damping = 0.5 * ((1 - xi) * rates.M_total + xi * v * v / material.diffusivity);
    int matched = 0;
    for (const Asymptote& asymptote : asymptotes) {
      if (asymptote.linear == Complex(0.0)) continue;
      ++matched;
      EXPECT_NEAR(std::abs(asymptote.linear.real()), v * std::sqrt(1 - xi), 1e-12 * v);
      EXPECT_NEAR(asymptote.constant.imag(), -damping, 1e-12 * damping);
    }
    EXPECT_EQ(matched, 2);
  }
}

TEST(Asymptotes, WithDampingOneModeSaturates) {
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    const auto material = random.spin_glass();
    const double xi = material.susceptibility_ratio();
    const auto rates = physics::relaxation_rates(material);
    const double expected = (1 - xi) * (rates.M_total + physics::texture_coupling(material) / material.damping);
    const auto asymptotes = large_wavenumber_asymptotes(material, 0.0);
    EXPECT_NEAR(asymptotes[2].constant.imag(), -expected, 1e-12 * expected);
    EXPECT_EQ(asymptotes[2].quadratic, Complex(0.0));
  }
}

TEST(Asymptotes, AtSmallWavenumbersAreExactToFourthOrder) {
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    const auto material = moderate(random);
    const double rotation = n % 2 == 0 ? 0.0 : random.uniform(-2.0, 2.0);
    const auto asymptotes = small_wavenumber_asymptotes(material, rotation);
    const auto error = [&](double k) {
      double worst = 0;
      const auto modes = modes_at_wavenumber(material, k, rotation);
      for (const Asymptote& asymptote : asymptotes) {
        double nearest = std::numeric_limits<double>::infinity();
        for (const Mode& mode : modes) nearest = std::min(nearest, std::abs(mode.omega - asymptote.at(k)));
        worst = std::max(worst, nearest);
      }
      return worst;
    };
    double curvature = 0;
    for (const Asymptote& asymptote : asymptotes) curvature = std::max(curvature, std::abs(asymptote.quadratic));
    if (curvature > 30.0) continue;  // next to an exceptional point at k = 0 the expansion has no radius
    EXPECT_LT(error(0.003), 1.5e-2 * error(0.01) + 1e-14);  // (0.3)^4 = 0.008
  }
}

TEST(Asymptotes, WithoutAnisotropyContainTwistDiffusion) {
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    auto material = random.spin_glass();
    material.anisotropy = 0.0;
    const double D_theta = physics::twist_diffusivity(material);
    const auto asymptotes = small_wavenumber_asymptotes(material, 0.0);
    EXPECT_EQ(asymptotes[2].constant, Complex(0.0));
    EXPECT_NEAR(asymptotes[2].quadratic.imag(), -D_theta, 1e-12 * D_theta);
  }
}

}  // namespace
}  // namespace vitrispin::modes
