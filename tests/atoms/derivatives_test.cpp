#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "support/test_seed.hpp"
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

/// The three rotations of a state, orthogonal to each other.
std::array<Spins, 3> rotations(const Spins& spins) {
  std::array<Spins, 3> turns;
  for (std::size_t k = 0; k < 3; ++k) {
    Vector3<double> axis;
    axis[k] = 1;
    for (const auto& u : spins) turns[k].push_back(cross(axis, u));
    for (std::size_t l = 0; l < k; ++l) {
      const double share = inner(turns[k], turns[l]) / inner(turns[l], turns[l]);
      for (std::size_t i = 0; i < spins.size(); ++i) turns[k][i] = turns[k][i] - share * turns[l][i];
    }
  }
  return turns;
}

TEST(AtomsConstants, TheSusceptibilityIsThatOfAFiniteFieldWithTheOrientationHeld) {
  const SpinModel model = glass(8, 0.05);
  const Sites sites = occupy(model, 0);
  const Couplings couplings = couple(model, sites, 0);
  const Quench state = quench(couplings, random_spins(model.seed, 0, 0, sites));
  const double linear = response(couplings, state.spins, 3).susceptibility;
  const Spins h = fields(couplings, state.spins);
  const double size = 1e-4 * std::sqrt(inner(h, h) / static_cast<double>(sites.size()));
  double finite = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    Vector3<double> n;
    n[k] = 1;
    // The field's torque on the whole state is taken out: it holds the orientation.
    Spins force(sites.size(), n);
    project(state.spins, force);
    for (const Spins& turn : rotations(state.spins)) {
      const double share = inner(force, turn) / inner(turn, turn);
      for (std::size_t i = 0; i < force.size(); ++i) force[i] = force[i] - share * turn[i];
    }
    double change = 0;
    for (const double sign : {1.0, -1.0}) {
      Spins u = state.spins;
      for (int sweep = 0; sweep < 20000; ++sweep) {  // an independent, slow way: each spin along its field
        for (std::size_t i = 0; i < u.size(); ++i) {
          const Vector3<double> total = field_at(couplings, u, i) + sign * size * force[i];
          u[i] = (1 / std::sqrt(dot(total, total))) * total;
        }
      }
      change += sign * inner(u, force) / (2 * size);
    }
    finite += change / 3;
  }
  EXPECT_NEAR(finite, linear, 1e-3 * linear) << "higher orders of the field, and what the sweeps leave";
}

TEST(AtomsConstants, TheStiffnessIsTheCurvatureOfTheEnergyUnderAFiniteTwist) {
  const SpinModel model = glass(9, 0.04, 1.2e-9);
  const Sites sites = occupy(model, 0);
  const Couplings couplings = couple(model, sites, 0);
  const Quench state = quench(couplings, random_spins(model.seed, 0, 0, sites));
  const Response linear = response(couplings, state.spins, 3);
  EXPECT_LT(linear.stiffness, linear.bare_stiffness) << "relaxation lowers the energy";
  // A twist q about n along axis a: J stays, neighbours turn by q d. Energies of rows with turned neighbours:
  // E(q) = -1/2 sum J (cos(qd) ... ) taken bond by bond, relaxed by sweeps; second difference in q.
  const auto bonds = bonds_within(sites, model.coupling.cutoff);
  double total = 0;
  const double squared = model.spin * model.spin * model.coupling.A;
  const double q = 1e-3 / sites.box[0];
  for (std::size_t a = 0; a < 3; ++a) {
    for (std::size_t k = 0; k < 3; ++k) {
      Vector3<double> n;
      n[k] = 1;
      const auto field_of = [&](const Spins& u, std::size_t i, double twist) {
        Vector3<double> h;
        for (const Bond& bond : bonds[i]) {
          const double r = std::sqrt(dot(bond.d, bond.d));
          const double J = squared * std::cos(2 * model.coupling.k_F * r) / (r * r * r);
          const Vector3<double>& w = u[bond.spin];
          const double angle = twist * bond.d[a];
          const Vector3<double> turned_w =
              std::cos(angle) * w + std::sin(angle) * cross(n, w) + ((1 - std::cos(angle)) * dot(n, w)) * n;
          h = h + J * turned_w;
        }
        return h;
      };
      const auto relaxed_energy = [&](double twist) {
        Spins u = state.spins;
        for (int sweep = 0; sweep < 300; ++sweep) {
          for (std::size_t i = 0; i < u.size(); ++i) {
            const Vector3<double> h = field_of(u, i, twist);
            u[i] = (1 / std::sqrt(dot(h, h))) * h;
          }
        }
        double E = 0;
        for (std::size_t i = 0; i < u.size(); ++i) E -= 0.5 * dot(u[i], field_of(u, i, twist));
        return E;
      };
      total += (relaxed_energy(q) - 2 * state.energy + relaxed_energy(-q)) / (q * q) / 9;
    }
  }
  EXPECT_NEAR(total, linear.stiffness, 1e-2 * linear.bare_stiffness) << "what 300 sweeps leave";
}

TEST(AtomsConstants, RigidRotationHasTheCurvatureOfTurningAllSpinsByAFiniteAngle) {
  const SpinModel model = with_dm(glass(6, 0.1), 0.05);
  const Sites sites = occupy(model, 0);
  const Couplings couplings = couple(model, sites, 0);
  const Quench state = quench(couplings, random_spins(model.seed, 0, 0, sites));
  const Rotation turn = rotation(couplings, state.spins);
  double finite = 0;
  const double angle = 0.01;
  for (std::size_t k = 0; k < 3; ++k) {
    Vector3<double> n;
    n[k] = 1;
    finite += (energy(couplings, turned(state.spins, n, angle)) - 2 * state.energy +
               energy(couplings, turned(state.spins, n, -angle))) /
              (angle * angle) / 3;
  }
  EXPECT_NEAR(turn.rigid, finite, 1e-3 * turn.rigid) << "the fourth order in the angle, and rounding of the energy";
  EXPECT_GT(turn.relaxed, 0);
  EXPECT_LT(turn.relaxed, turn.rigid * (1 + 1e-9)) << "relaxation lowers the energy";
  EXPECT_EQ(harmonic(couplings, state.spins, false).zero_modes, 0u) << "the anisotropy holds the texture";
}

}  // namespace
}  // namespace vitrispin::atoms
