#include "vitrispin/physics/contact.hpp"

#include <ceres/jet.h>
#include <gtest/gtest.h>

#include "physics/random_points.hpp"
#include "vitrispin/physics/conversions.hpp"
#include "vitrispin/physics/dynamics.hpp"

/// Boundary and interface laws, and the conversions to what experimenters quote (docs/theory.md, sections 3 and 4).
namespace vitrispin::physics {
namespace {

constexpr double mu0 = constants::vacuum_permeability;

TEST(Contacts, DrainSpinTowardsTheirPotentialAndDissipate) {
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    const double Y = random.log_uniform(1e-3, 1e5);
    const auto h_star = random.vector(1e4), h_c = random.vector(1e4);
    const auto out = contact_current(Y, h_star, h_c);
    EXPECT_TRUE(close(out, Y * (h_c - h_star), Y * (size(h_c) + size(h_star)), rounding));
    // A passive sink: -Y h* = Y dm/chi_m, so a positive deviation flows out.
    const auto material = random.spin_glass();
    const auto dm = accumulation_deviation(material, h_star);
    const auto sink = contact_current(Y, h_star, Vector3<double>{});
    EXPECT_TRUE(close(sink, (Y / material.accumulation_susceptibility) * dm, size(sink), rounding));
    // The energy that enters, -mu0 h*.j_in, is the work mu0 h_c.(current out) less what the contact dissipates.
    const auto current_in = -out;
    const auto jump = h_star - h_c;
    const double dissipated = contact_dissipation(Y, dot(jump, jump));
    EXPECT_GE(dissipated, 0);
    const double power = boundary_power(h_star, current_in, Vector3<double>{}, Vector3<double>{});
    const double scale = mu0 * Y * (dot(h_star, h_star) + dot(h_c, h_c));
    EXPECT_TRUE(close(power, mu0 * dot(h_c, out) - dissipated, scale, rounding));
  }
}

TEST(Contacts, PowerThroughAFaceIsTheRateOfTheFreeEnergyBehindIt) {
  // The proof of the sign of W_b: a cell of unit width that is fed j_in gains m at the rate j_in, by Eq. (23).
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    const auto material = random.spin_glass();
    const auto state = random.state();
    const auto H = random.vector(1e5), current_in = random.vector(1e3);
    ceres::Jet<double, 1> energy;
    State<ceres::Jet<double, 1>> moving;
    for (std::size_t c = 0; c < 3; ++c) {
      moving.M[c].a = state.M[c];
      moving.m[c].a = state.m[c];
      moving.m[c].v[0] = current_in[c];
    }
    energy = free_energy_density(material, moving, H);
    const auto h_star = accumulation_effective_field(material, state.M, state.m, H);
    const double power = boundary_power(h_star, current_in, Vector3<double>{}, Vector3<double>{});
    const double scale = mu0 * size(current_in) *
                         (size(H) + (size(state.M) + size(material.remanence)) / material.equilibrium_susceptibility +
                          size(state.m) / material.accumulation_susceptibility);
    EXPECT_TRUE(close(power, energy.v[0], scale, rounding));
  }
}

TEST(Interfaces, CarryTheSameCurrentOnBothSidesAndDissipate) {
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    const double Y = random.log_uniform(1e-3, 1e5);
    const auto left = random.vector(1e4), right = random.vector(1e4);
    const auto j = interface_current(Y, left, right);  // from left to right
    const auto jump = right - left;
    // Out of the left layer (n = +x), into the right layer (n = -x): mu0 h*.(j into the layer), summed.
    const double power = boundary_power(left, -j, Vector3<double>{}, Vector3<double>{}) +
                         boundary_power(right, j, Vector3<double>{}, Vector3<double>{});
    EXPECT_TRUE(close(power, -contact_dissipation(Y, dot(jump, jump)), mu0 * Y * (dot(left, left) + dot(right, right)),
                      rounding));
    EXPECT_EQ(interface_current(Y, left, left), Vector3<double>{});
  }
}

TEST(Mixing, BrakesATextureThatSlipsPastTheContact) {
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    const double gamma = random.log_uniform(1e10, 1e12);
    const double beta = mixing_coefficient(random.log_uniform(1e15, 1e20));
    const auto rate = random.vector(1e10), h_c = random.vector(1e4);
    const auto torque = mixing_torque(beta, gamma, rate, h_c);
    const auto slip = rate - (gamma * mu0) * h_c;
    EXPECT_TRUE(close(torque, -beta * slip, beta * (size(rate) + gamma * mu0 * size(h_c)), rounding));
    // Work of the torque = -(what slips dissipates) + mu0 h_c.J_c, the magnetization current out, J_c = gamma torque.
    const double dissipated = mixing_dissipation(beta, dot(slip, slip));
    EXPECT_GE(dissipated, 0);
    const double power = boundary_power(Vector3<double>{}, Vector3<double>{}, torque, rate);
    const double work = mu0 * dot(h_c, gamma * torque);
    EXPECT_TRUE(close(power, work - dissipated, dissipated + std::abs(work) + std::abs(power), rounding));
    // It vanishes when texture and contact turn together.
    const auto together = mixing_torque(beta, gamma, (gamma * mu0) * h_c, h_c);
    EXPECT_TRUE(close(together, {}, beta * gamma * mu0 * size(h_c), rounding));
  }
}

TEST(Mixing, CoefficientIsHbarTimesConductanceOverFourPi) {
  EXPECT_NEAR(mixing_coefficient(1e18), 1.054571817e-34 * 1e18 / (4 * 3.14159265358979), 1e-25);  // hbar to ten digits
}

TEST(TextureCurrent, IsGammaTimesTheElasticStress) {
  RandomPoints random;
  const auto material = random.spin_glass();
  const auto gradient = random.vector(1e6);
  const auto current = texture_current(material, gradient);
  EXPECT_TRUE(
      close(current, (material.gyromagnetic_ratio * material.spin_stiffness) * gradient, size(current), rounding));
  // With no anisotropy -gamma Gamma' is minus its divergence: M + m is conserved but for relaxation.
  auto isotropic = material;
  isotropic.anisotropy = 0;
  const auto laplacian = random.vector(1e12);
  const auto source = texture_source(isotropic, texture_torque(isotropic, random.vector(0.1), laplacian));
  EXPECT_TRUE(close(source, -texture_current(isotropic, laplacian), size(source), rounding));
}

TEST(Conversions, AngularMomentumRunsAgainstMagnetization) {
  const auto js = angular_momentum_current(Vector3<double>(0, 0, 1.76085963023e11), 1.76085963023e11);
  EXPECT_DOUBLE_EQ(js.z(), -1.0);  // M = -gamma S
}

TEST(Conversions, SpinChemicalPotentialIsTheRateAtWhichATextureInEquilibriumTurns) {
  const double gamma = constants::electron_gyromagnetic_ratio;
  const double mu_s = spin_chemical_potential(1e4, gamma);
  EXPECT_DOUBLE_EQ(mu_s / constants::reduced_planck, gamma * mu0 * 1e4);
  // A texture at that rate feels no torque from the contact.
  const Vector3<double> rate(0, 0, mu_s / constants::reduced_planck);
  EXPECT_TRUE(close(mixing_torque(1.0, gamma, rate, Vector3<double>(0, 0, 1e4)), {}, rate.z(), rounding));
}

TEST(Conversions, InverseSpinHallFieldIsNormalToCurrentAndPolarisation) {
  const Vector3<double> current(0.0, 0.0, 1e-9);  // along x, polarised along z [J/m^2]
  const double theta_SH = 0.1, sigma = 1e6;
  const auto field = inverse_spin_hall_field(current, theta_SH, sigma);
  const double js = 2 * constants::elementary_charge / constants::reduced_planck * 1e-9;
  EXPECT_DOUBLE_EQ(spin_current_as_charge_current(1e-9), js);
  // E = -theta_SH (x x z) js/sigma = +theta_SH js/sigma along y.
  EXPECT_DOUBLE_EQ(field.y(), theta_SH * js / sigma);
  EXPECT_EQ(field.x(), 0.0);
  EXPECT_EQ(field.z(), 0.0);
  const auto along_x = inverse_spin_hall_field(Vector3<double>(1.0, 0, 0), theta_SH, sigma);
  EXPECT_EQ(size(along_x), 0.0);  // polarised along the flow: no field
}

}  // namespace
}  // namespace vitrispin::physics
