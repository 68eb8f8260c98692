#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/test_seed.hpp"
#include "vitrispin/atoms/free_turns.hpp"
#include "vitrispin/atoms/harmonic.hpp"
#include "vitrispin/atoms/macroscopic.hpp"
#include "vitrispin/atoms/quench.hpp"
#include "vitrispin/core/errors.hpp"

namespace vitrispin::atoms {
namespace {

using physics::CouplingKind;
using physics::LatticeKind;
using physics::SpinModel;

constexpr double J = 1.6e-22;  // 1 meV
constexpr double a = 3e-10;

SpinModel neighbours(LatticeKind lattice, CouplingKind kind, std::array<int, 3> size) {
  SpinModel model;
  model.lattice = lattice;
  model.constant = a;
  model.size = size;
  model.coupling.kind = kind;
  model.coupling.J = J;
  return model;
}

SpinModel cumn(int cells, double concentration) {
  SpinModel model;
  model.constant = 3.61e-10;
  model.size = {cells, cells, cells};
  model.concentration = concentration;
  model.spin = 2.5;
  model.coupling.A = 7.5e-50;
  model.coupling.k_F = 1.36e10;
  model.coupling.cutoff = 1.2e-9;
  return model;
}

struct Sample {
  Sites sites;
  Couplings couplings;
};

Sample sample_of(const SpinModel& model, std::uint32_t number = 0) {
  Sample sample{occupy(model, number), {}};
  sample.couplings = couple(model, sample.sites, number);
  return sample;
}

Quench relaxed(const SpinModel& model, const Sample& sample, std::uint32_t number = 0) {
  return quench(sample.couplings, random_spins(model.seed, number, 0, sample.sites));
}

Spins aligned(std::size_t count) {
  return Spins(count, Vector3<double>(0, 0, 1));
}

TEST(Atoms, EnergyOfTheCubicFerromagnetIsMinus3JPerSpinAlsoInBoxesOneAndTwoCellsWide) {
  for (const int size : {1, 2, 3, 4}) {
    const SpinModel model = neighbours(LatticeKind::cubic, CouplingKind::ferromagnet, {size, 2, 3});
    const Sample sample = sample_of(model);
    const double e0 = energy(sample.couplings, aligned(sample.sites.size())) / static_cast<double>(sample.sites.size());
    EXPECT_NEAR(e0, -3 * J, 1e-14 * J) << size;
  }
}

TEST(Atoms, EnergyOfFccIsMinus6JAndOfTheChainMinusJ) {
  const Sample fcc = sample_of(neighbours(LatticeKind::fcc, CouplingKind::ferromagnet, {3, 3, 3}));
  EXPECT_NEAR(energy(fcc.couplings, aligned(fcc.sites.size())), -6 * J * 108, 1e-12 * J);
  const Sample chain = sample_of(neighbours(LatticeKind::chain, CouplingKind::ferromagnet, {50, 1, 1}));
  EXPECT_NEAR(energy(chain.couplings, aligned(50)), -J * 50, 1e-12 * J);
}

TEST(Atoms, AnOpenGaussianChainRelaxesToTheSumOfItsBonds) {
  SpinModel model = neighbours(LatticeKind::chain, CouplingKind::gaussian, {40, 1, 1});
  model.open = true;
  const Sample sample = sample_of(model);
  const Quench state = relaxed(model, sample);
  double bonds = 0;
  for (const double value : sample.couplings.J) bonds += std::abs(value) / 2;
  // The torque left, 1e-12, enters the energy squared: only the sum's rounding remains.
  EXPECT_NEAR(state.energy, -bonds, 1e-12 * bonds);
}

TEST(Atoms, GaussianBondsHaveTheMeanSizeRoot2OverPi) {
  SpinModel model = neighbours(LatticeKind::chain, CouplingKind::gaussian, {20000, 1, 1});
  model.open = true;
  const Sample sample = sample_of(model);
  double sum = 0;
  for (const double value : sample.couplings.J) sum += std::abs(value) / 2;
  // Standard deviation of |x| is sqrt(1 - 2/pi) = 0.60: 5 of the mean's over 19 999 bonds.
  EXPECT_NEAR(sum / 19999 / J, std::sqrt(2 / constants::pi), 5 * 0.603 / std::sqrt(19999.0));
}

TEST(Atoms, BothDirectionsOfABondHaveTheSameCoupling) {
  for (const CouplingKind kind : {CouplingKind::gaussian, CouplingKind::plus_minus, CouplingKind::rkky}) {
    SpinModel model = neighbours(LatticeKind::fcc, kind, {2, 3, 3});
    model.concentration = 0.7;
    model.coupling.A = 1e-50;
    model.coupling.k_F = 1e10;
    model.coupling.cutoff = 9e-10;  // beyond the box: images add up
    const Couplings rows = sample_of(model).couplings;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t e = rows.first[i]; e < rows.first[i + 1]; ++e) {
        const std::size_t j = rows.neighbour[e];
        bool found = false;
        for (std::size_t f = rows.first[j]; f < rows.first[j + 1]; ++f) {
          if (rows.neighbour[f] != i) continue;
          found = true;
          // Images are summed in another order.
          EXPECT_NEAR(rows.J[f], rows.J[e], 1e-13 * std::abs(rows.J[e]) + 1e-12 * 1e-22);
        }
        EXPECT_TRUE(found);
      }
    }
  }
}

TEST(Atoms, BondsWithinADistanceAreThoseOfAnExhaustiveSearch) {
  SpinModel model = cumn(3, 0.3);
  const Sites sites = occupy(model, 0);
  for (const double cutoff : {3e-10, 5e-10, 1.2e-9, 2.1e-9}) {
    const auto bonds = bonds_within(sites, cutoff);
    for (std::size_t i = 0; i < sites.size(); ++i) {
      std::size_t count = 0;
      for (std::size_t j = 0; j < sites.size(); ++j) {
        for (int x = -3; x <= 3; ++x) {
          for (int y = -3; y <= 3; ++y) {
            for (int z = -3; z <= 3; ++z) {
              const Vector3<double> d = sites.positions[j] - sites.positions[i] +
                                        Vector3<double>(x * sites.box[0], y * sites.box[1], z * sites.box[2]);
              count += dot(d, d) > 0 && dot(d, d) <= cutoff * cutoff ? 1 : 0;
            }
          }
        }
      }
      EXPECT_EQ(bonds[i].size(), count);
    }
  }
}

TEST(Atoms, ACollinearMinimumHasTwoZeroModesAndANoncollinearOneThree) {
  const SpinModel ferromagnet = neighbours(LatticeKind::cubic, CouplingKind::ferromagnet, {4, 4, 4});
  const Sample cube = sample_of(ferromagnet);
  const Harmonic collinear = harmonic(cube.couplings, aligned(64), false);
  EXPECT_EQ(collinear.zero_modes, 2u);
  for (std::uint32_t number = 0; number < 4; ++number) {
    const SpinModel glass = cumn(12, 0.02);
    const Sample sample = sample_of(glass, number);
    const Quench state = relaxed(glass, sample, number);
    const Harmonic modes = harmonic(sample.couplings, state.spins, false);
    EXPECT_EQ(modes.zero_modes, 3u);
    EXPECT_GT(modes.gap_above, 1e3 * modes.gap_below) << "the gap that tells them from the others";
  }
}

TEST(Atoms, SpinWavesOfTheCubicFerromagnetHaveTheKnownDispersion) {
  const Sample sample = sample_of(neighbours(LatticeKind::cubic, CouplingKind::ferromagnet, {4, 4, 4}));
  const Harmonic modes = harmonic(sample.couplings, aligned(64), true);
  std::vector<double> expected;
  for (int x = 0; x < 4; ++x) {
    for (int y = 0; y < 4; ++y) {
      for (int z = 0; z < 4; ++z) {
        const double step = constants::pi / 2;
        expected.push_back(2 * J * (3 - std::cos(step * x) - std::cos(step * y) - std::cos(step * z)));
      }
    }
  }
  std::sort(expected.begin(), expected.end());
  ASSERT_EQ(modes.frequencies.size(), expected.size());
  for (std::size_t k = 0; k < expected.size(); ++k) EXPECT_NEAR(modes.frequencies[k], expected[k], 1e-11 * 12 * J);
}

TEST(Atoms, SpinWavesOfAChainHaveTheKnownDispersion) {
  const Sample sample = sample_of(neighbours(LatticeKind::chain, CouplingKind::ferromagnet, {12, 1, 1}));
  const Harmonic modes = harmonic(sample.couplings, aligned(12), true);
  std::vector<double> expected;
  for (int k = 0; k < 12; ++k) expected.push_back(2 * J * (1 - std::cos(2 * constants::pi * k / 12)));
  std::sort(expected.begin(), expected.end());
  for (std::size_t k = 0; k < expected.size(); ++k) EXPECT_NEAR(modes.frequencies[k], expected[k], 1e-11 * 4 * J);
}

TEST(Atoms, StiffnessOfTheFerromagnetIsJS2OverTheConstantAndItsMattisCopyHasTheSame) {
  for (const CouplingKind kind : {CouplingKind::ferromagnet, CouplingKind::mattis}) {
    for (const int size : {1, 2, 4}) {
      SpinModel model = neighbours(LatticeKind::cubic, kind, {size, 4, 4});
      model.spin = 1.5;
      const Sample sample = sample_of(model);
      const Quench state = relaxed(model, sample);
      const Response constants_of_it = response(sample.couplings, state.spins, 3);
      if (kind == CouplingKind::mattis && size == 1) continue;
      EXPECT_EQ(constants_of_it.transverse, 2u);
      EXPECT_NEAR(constants_of_it.stiffness / sample.sites.volume, J * 1.5 * 1.5 / a, 1e-9 * J * 1.5 * 1.5 / a);
    }
  }
}

TEST(Atoms, AMattisCopyHasTheEnergyAndTheSpectrumOfTheFerromagnet) {
  const SpinModel model = neighbours(LatticeKind::cubic, CouplingKind::mattis, {4, 4, 4});
  const Sample copy = sample_of(model);
  const Quench state = relaxed(model, copy);
  EXPECT_NEAR(state.energy, -3 * J * 64, 1e-13 * 3 * J * 64);
  const Sample original = sample_of(neighbours(LatticeKind::cubic, CouplingKind::ferromagnet, {4, 4, 4}));
  const Harmonic one = harmonic(copy.couplings, state.spins, false);
  const Harmonic other = harmonic(original.couplings, aligned(64), false);
  // Eigenvalues of a symmetric matrix round by some eps of the largest.
  for (std::size_t k = 0; k < 128; ++k) EXPECT_NEAR(one.eigenvalues[k], other.eigenvalues[k], 1e-12 * 12 * J);
}

TEST(Atoms, TooFewSpinsAndSpinsAllAloneAreNamedErrors) {
  EXPECT_THROW(occupy(cumn(4, 1e-4), 0), DomainError);
  EXPECT_THROW(occupy(cumn(1, 0.25), 0), DomainError);
  SpinModel apart = neighbours(LatticeKind::chain, CouplingKind::ferromagnet, {1000, 1, 1});
  apart.concentration = 0.002;
  apart.open = true;
  const Sites sites = occupy(apart, 0);
  EXPECT_THROW(couple(apart, sites, 0), DomainError);
}

TEST(Atoms, OccupationHoldsTheConcentrationAndNoSiteTwice) {
  const Sites sites = occupy(cumn(10, 0.13), 3);
  EXPECT_EQ(sites.size(), 520u);
  std::vector<std::uint64_t> numbers = sites.numbers;
  std::sort(numbers.begin(), numbers.end());
  EXPECT_EQ(std::adjacent_find(numbers.begin(), numbers.end()), numbers.end());
  EXPECT_LT(numbers.back(), 4000u);
}

}  // namespace
}  // namespace vitrispin::atoms
