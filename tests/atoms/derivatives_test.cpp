#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "support/test_seed.hpp"
#include "vitrispin/atoms/finite_changes.hpp"
#include "vitrispin/atoms/free_turns.hpp"
#include "vitrispin/atoms/harmonic.hpp"
#include "vitrispin/atoms/macroscopic.hpp"
#include "vitrispin/atoms/quench.hpp"

namespace vitrispin::atoms {
namespace {

using physics::SpinModel;
using test::test_seed;

/// CuMn with both anisotropies in turn, in a box that the cutoff reaches around.
SpinModel glass(int cells, double concentration, double cutoff = 1.2e-9) {
  SpinModel model;
  model.seed = test_seed();
  model.constant = 3.61e-10;
  model.size = {cells, cells, cells};
  model.concentration = concentration;
  model.spin = 2.5;
  model.coupling.A = 7.5e-50;
  model.coupling.k_F = 1.36e10;
  model.coupling.cutoff = cutoff;
  return model;
}

SpinModel with_dm(SpinModel model, double strength = 0.05) {
  model.anisotropy = {physics::SpinAnisotropyKind::dzyaloshinsky_moriya, strength, 1.0e-9, 0};
  return model;
}

SpinModel with_axes(SpinModel model) {
  model.anisotropy = {physics::SpinAnisotropyKind::single_ion, 0, 0, 2e-24};
  return model;
}

Spins small_turns(const Spins& spins, std::uint32_t number, const Sites& sites, double size) {
  Spins v = random_spins(test_seed(), 77, number, sites);
  project(spins, v);
  for (auto& x : v) x = size * x;
  return v;
}

TEST(AtomsDerivatives, TheFieldIsTheSlopeOfTheEnergyAndTheCurvatureItsSecondDerivative) {
  for (const SpinModel& model : {glass(5, 0.1), with_dm(glass(5, 0.1)), with_axes(glass(5, 0.1))}) {
    const Sites sites = occupy(model, 0);
    const Couplings couplings = couple(model, sites, 0);
    const Vector3<double> field(1e-23, -2e-23, 3e-23);
    const Spins u = random_spins(model.seed, 0, 1, sites);
    const Spins h = fields(couplings, u, field);
    const double scale = std::sqrt(inner(h, h));
    // Third differences leave step^2; rounding leaves eps N/step^2.
    const double step = 1e-3;
    const Spins v = small_turns(u, 2, sites, 1.0);
    const auto E = [&](double t) {
      Spins tv = v;
      for (auto& x : tv) x = t * x;
      return energy(couplings, moved(u, tv), field);
    };
    EXPECT_NEAR((E(step) - E(-step)) / (2 * step), -inner(h, v), 1e-4 * scale * std::sqrt(inner(v, v)));
    const double second = (E(step) - 2 * E(0) + E(-step)) / (step * step);
    EXPECT_NEAR(second, inner(v, curvature(couplings, u, h, v)), 1e-4 * scale * std::sqrt(inner(v, v)));
  }
}

TEST(AtomsDerivatives, DzyaloshinskyMoriyaVectorsChangeSignWithTheDirectionAndKeepTheEnergyOfInvertedSpins) {
  const SpinModel model = with_dm(glass(5, 0.1));
  const Sites sites = occupy(model, 0);
  const Couplings rows = couple(model, sites, 0);
  double largest = 0;
  for (const auto& D : rows.D) largest = std::max(largest, std::sqrt(dot(D, D)));
  ASSERT_GT(largest, 0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t e = rows.first[i]; e < rows.first[i + 1]; ++e) {
      const std::size_t j = rows.neighbour[e];
      for (std::size_t f = rows.first[j]; f < rows.first[j + 1]; ++f) {
        if (rows.neighbour[f] != i) continue;
        const Vector3<double> sum = rows.D[e] + rows.D[f];
        EXPECT_LT(std::sqrt(dot(sum, sum)), 1e-12 * largest);
      }
    }
  }
  Spins u = random_spins(model.seed, 0, 0, sites);
  const double before = energy(rows, u);
  for (auto& x : u) x = -x;
  EXPECT_NEAR(energy(rows, u), before, 1e-13 * std::abs(before));
}

TEST(AtomsDerivatives, TheQuenchEndsAtATorqueBelow1e12) {
  for (const SpinModel& model : {glass(8, 0.1), with_dm(glass(6, 0.1)), with_axes(glass(6, 0.1))}) {
    for (std::uint32_t sample = 0; sample < 3; ++sample) {
      const Sites sites = occupy(model, sample);
      const Couplings couplings = couple(model, sites, sample);
      const Quench state = quench(couplings, random_spins(model.seed, sample, 0, sites));
      EXPECT_LT(state.residual_torque, 1e-12);
      EXPECT_GT(harmonic(couplings, state.spins, false).eigenvalues.front(),
                -1e-10 * harmonic(couplings, state.spins, false).eigenvalues.back());
    }
  }
}

struct Relaxed {
  Sites sites;
  Couplings couplings;
  Quench state;
};

Relaxed relaxed(const SpinModel& model, std::uint32_t sample = 0) {
  Relaxed result{occupy(model, sample), {}, {}};
  result.couplings = couple(model, result.sites, sample);
  result.state = quench(result.couplings, random_spins(model.seed, sample, 0, result.sites));
  return result;
}

TEST(AtomsConstants, TheSusceptibilityIsThatOfAFiniteFieldWithTheOrientationHeld) {
  for (const SpinModel& model : {glass(8, 0.05), glass(4, 0.1)}) {
    const Relaxed sample = relaxed(model);
    const double linear = response(sample.couplings, sample.state.spins, 3).susceptibility;
    // The field is 1e-6 of the local ones, the torque left 1e-12; the softest modes enlarge both.
    EXPECT_NEAR(finite_susceptibility(sample.couplings, sample.state.spins), linear, 1e-4 * linear);
  }
}

TEST(AtomsConstants, TheStiffnessIsTheCurvatureOfTheEnergyUnderAFiniteTwist) {
  // The second box is narrower than twice the cutoff: spins meet their own images.
  for (const SpinModel& model : {glass(9, 0.04), glass(4, 0.1)}) {
    const Relaxed sample = relaxed(model);
    const Response linear = response(sample.couplings, sample.state.spins, 3);
    EXPECT_LT(linear.stiffness, linear.bare_stiffness) << "relaxation lowers the energy";
    // Rounding of the energies over the twist squared, 1e-8, and fourth orders, enlarged by soft modes.
    EXPECT_NEAR(finite_stiffness(model, sample.sites, 0, sample.state.spins, 3), linear.stiffness,
                1e-3 * linear.bare_stiffness);
  }
}

TEST(AtomsConstants, ConjugateGradientsSolveAsAllEigenvectorsDo) {
  for (const SpinModel& model : {glass(8, 0.1), with_dm(glass(6, 0.1)), with_axes(glass(6, 0.1))}) {
    const Sites sites = occupy(model, 0);
    const Couplings couplings = couple(model, sites, 0);
    const Quench state = quench(couplings, random_spins(model.seed, 0, 0, sites));
    Spins b = random_spins(model.seed, 0, 9, sites);
    project(state.spins, b);
    const Spins one = constrained_solve(couplings, state.spins, b);
    const Spins other = dense_solve(couplings, state.spins, b);
    // 1e-9 of the residual, times the condition of the softest modes.
    EXPECT_NEAR(inner(b, one), inner(b, other), 1e-8 * inner(b, other));
  }
}

TEST(AtomsConstants, TheAnisotropyIsTheCurvatureOfTheEnergyUnderAFiniteRotationWithAndWithoutRelaxation) {
  for (const SpinModel& model : {with_dm(glass(6, 0.1), 0.05), with_axes(glass(6, 0.1))}) {
    const Relaxed sample = relaxed(model);
    const Rotation turn = rotation(sample.couplings, sample.state.spins);
    // Rounding of the energies over the angle squared, 1e-6, and over the anisotropy's share of the energy.
    EXPECT_NEAR(finite_rotation(sample.couplings, sample.state.spins, true), turn.rigid, 1e-4 * turn.rigid);
    EXPECT_NEAR(finite_rotation(sample.couplings, sample.state.spins, false), turn.relaxed, 1e-3 * turn.rigid);
    EXPECT_GT(turn.relaxed, 0);
    EXPECT_LT(turn.relaxed, turn.rigid * (1 + 1e-9)) << "relaxation lowers the energy";
    EXPECT_EQ(harmonic(sample.couplings, sample.state.spins, false).zero_modes, 0u)
        << "the anisotropy holds the texture";
  }
}

}  // namespace
}  // namespace vitrispin::atoms
