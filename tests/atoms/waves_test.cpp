#include <gtest/gtest.h>

#include <cmath>

#include "support/test_seed.hpp"
#include "vitrispin/atoms/free_turns.hpp"
#include "vitrispin/atoms/macroscopic.hpp"
#include "vitrispin/atoms/quench.hpp"
#include "vitrispin/atoms/structure_factor.hpp"
#include "vitrispin/atoms/study.hpp"

namespace vitrispin::atoms {
namespace {

using physics::CouplingKind;
using physics::LatticeKind;
using physics::SpinModel;

constexpr double J = 1.6e-22;
constexpr double a = 3e-10;

SpinModel cube(int size, double coupling) {
  SpinModel model;
  model.lattice = LatticeKind::cubic;
  model.constant = a;
  model.size = {size, size, size};
  model.coupling.kind = CouplingKind::ferromagnet;
  model.coupling.J = coupling;
  return model;
}

/// Up, and down on the other sublattice of an antiferromagnet.
Spins ordered(const Sites& sites, bool staggered) {
  Spins spins;
  for (const auto& half : sites.half) {
    const bool other = (half[0] + half[1] + half[2]) / 2 % 2 != 0;
    spins.emplace_back(0, 0, staggered && other ? -1 : 1);
  }
  return spins;
}

/// Share of the weight within a millionth of a frequency.
double share_at(const Lines& lines, double frequency) {
  double share = 0;
  for (std::size_t i = 0; i < lines.frequency.size(); ++i) {
    if (std::abs(lines.frequency[i] - frequency) < 1e-6 * frequency) share += lines.weight[i];
  }
  return share;
}

TEST(AtomsWaves, AFerromagnetHasOneLineAtItsKnownFrequency) {
  const SpinModel model = cube(6, J);
  const Sites sites = occupy(model, 0);
  const Couplings couplings = couple(model, sites, 0);
  const auto waves = structure_factor(couplings, ordered(sites, false), sites, 3, 20);
  for (std::size_t m = 0; m < waves.size(); ++m) {
    const double step = constants::pi / 3 * static_cast<double>(m + 1);
    EXPECT_NEAR(waves[m].k * a, step, 1e-12);
    // A plane wave is an eigenvector; conjugate gradients leave 1e-9 of others, whose weight is its square.
    EXPECT_NEAR(share_at(waves[m], 2 * J * (1 - std::cos(step))), 1, 1e-12);
  }
}

TEST(AtomsWaves, AnAntiferromagnetRunsAtTheSpeedThatSusceptibilityAndStiffnessGive) {
  for (const int size : {4, 10}) {
    const SpinModel model = cube(size, -J);
    const Sites sites = occupy(model, 0);
    const Couplings couplings = couple(model, sites, 0);
    const Spins spins = ordered(sites, true);
    const auto n = static_cast<double>(sites.size());
    const Response constants_of_it = response(couplings, spins, 3);
    EXPECT_NEAR(constants_of_it.susceptibility, n / (12 * J), 1e-9 * n / (12 * J));
    EXPECT_NEAR(constants_of_it.stiffness, n * J * a * a, 1e-9 * n * J * a * a);
    const double speed = std::sqrt(constants_of_it.stiffness / constants_of_it.susceptibility);
    EXPECT_NEAR(speed, std::sqrt(12.0) * J * a, 1e-9 * speed);
    const auto waves = structure_factor(couplings, spins, sites, 2, 20);
    for (std::size_t m = 0; m < waves.size(); ++m) {
      const double gamma = (std::cos(waves[m].k * a) + 2) / 3;
      EXPECT_NEAR(waves[m].median(), 6 * J * std::sqrt(1 - gamma * gamma), 1e-8 * J);
    }
    // omega = v k (1 - O(k^2 a^2)): 0.1 of k^2 a^2 is a loose bound of the cosine's next order.
    const double ka = waves[0].k * a;
    EXPECT_NEAR(waves[0].median() / waves[0].k, speed, 0.1 * ka * ka * speed);
  }
}

TEST(AtomsWaves, TheSecondMomentOfTheLinesIsTheStiffnessOfTheTurnedWave) {
  SpinModel model;
  model.seed = test::test_seed();
  model.constant = 3.61e-10;
  model.size = {9, 9, 9};
  model.concentration = 0.03;
  model.spin = 2.5;
  model.coupling.A = 7.5e-50;
  model.coupling.k_F = 1.36e10;
  model.coupling.cutoff = 1.4e-9;
  const Sites sites = occupy(model, 0);
  const Couplings couplings = couple(model, sites, 0);
  const Spins u = quench(couplings, random_spins(model.seed, 0, 0, sites)).spins;
  const Lines lines = structure_factor(couplings, u, sites, 1, 60).front();
  double sum = 0;
  double second = 0;
  for (std::size_t i = 0; i < lines.frequency.size(); ++i) {
    sum += lines.weight[i];
    second += lines.weight[i] * lines.frequency[i] * lines.frequency[i];
  }
  EXPECT_NEAR(sum, 1, 1e-9);
  const Spins h = fields(couplings, u);
  const FreeTurns turns(couplings, u);
  double turned = 0;
  double response = 0;
  for (std::size_t direction = 0; direction < 3; ++direction) {
    for (std::size_t component = 0; component < 3; ++component) {
      for (const double phase : {0.0, constants::pi / 2}) {
        Spins f(u.size());
        for (std::size_t i = 0; i < u.size(); ++i) {
          f[i][component] = std::cos(lines.k * sites.positions[i][direction] - phase);
        }
        project(u, f);
        turns.take_out(f);
        response += inner(f, constrained_solve(couplings, u, f));
        for (std::size_t i = 0; i < u.size(); ++i) f[i] = cross(u[i], f[i]);
        turned += inner(f, curvature(couplings, u, h, f));
      }
    }
  }
  EXPECT_NEAR(second, turned / response, 1e-6 * second) << "what conjugate gradients leave, 1e-9, and soft modes";
}

TEST(AtomsStudy, ResultsDoNotDependOnTheNumberOfThreads) {
  SpinModel model = cube(4, J);
  model.coupling.kind = CouplingKind::gaussian;
  model.seed = test::test_seed();
  StudySettings settings;
  settings.samples = 3;
  settings.minima = 2;
  const Study one = study(model, settings, {});
  settings.threads = 3;
  const Study three = study(model, settings, {});
  for (std::size_t s = 0; s < 3; ++s) {
    EXPECT_EQ(one.samples[s].overlaps, three.samples[s].overlaps);
    EXPECT_EQ(one.samples[s].finite.rho_s, three.samples[s].finite.rho_s);
    for (std::size_t m = 0; m < 2; ++m) {
      const Minimum& x = one.samples[s].minima[m];
      const Minimum& y = three.samples[s].minima[m];
      EXPECT_EQ(x.energy, y.energy);
      EXPECT_EQ(x.chi_M, y.chi_M);
      EXPECT_EQ(x.harmonic.frequencies, y.harmonic.frequencies);
      EXPECT_EQ(x.free_turns, x.harmonic.zero_modes) << "zero modes are turns of the whole";
      for (std::size_t i = 0; i < x.spins.size(); ++i) EXPECT_EQ(x.spins[i], y.spins[i]);
    }
  }
}

}  // namespace
}  // namespace vitrispin::atoms
