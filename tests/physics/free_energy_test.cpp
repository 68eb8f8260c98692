#include "vitrispin/physics/free_energy.hpp"

#include <ceres/jet.h>
#include <gtest/gtest.h>

#include <Eigen/Dense>

#include "physics/random_points.hpp"

/// Eqs. (1)-(19): the free energy, its derivatives by dual numbers, the deviations and the equilibrium.
namespace vitrispin::physics {
namespace {

constexpr double mu0 = constants::vacuum_permeability;
using Dual = ceres::Jet<double, 12>;  // derivatives with respect to M, m, theta and d_x theta

Vector3<Dual> seeded(const Vector3<double>& value, int first) {
  return {Dual(value.x(), first), Dual(value.y(), first + 1), Dual(value.z(), first + 2)};
}

Vector3<double> derivative(const Dual& energy, int first) {
  return {energy.v[first], energy.v[first + 1], energy.v[first + 2]};
}

/// Size of the terms of H* and h*, which may cancel.
double field_scale(const Material<double>& material, const State<double>& state, const Vector3<double>& H) {
  return size(H) + (size(state.M) + size(material.remanence)) / material.equilibrium_susceptibility +
         size(state.m) / material.accumulation_susceptibility;
}

TEST(FreeEnergy, DifferentialIsThatOfTheConjugateFieldsEqs3To5AndEqs9To13And15) {
  // Eq. (5): d epsilon = - mu0 H*.dM - mu0 h*.dm - Gamma.d theta - Gamma_i.d(d_i theta),
  // with epsilon from Eqs. (3) [corrected], (4), (12) and H*, h* from Eqs. (9), (11), (13), (15).
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    const auto material = random.spin_glass();
    const auto state = random.state();
    const auto H = random.vector(1e5), gradient = random.vector(1e6);
    const State<Dual> moving{seeded(state.M, 0), seeded(state.m, 3), seeded(state.theta, 6)};
    const Dual energy = free_energy_density(material, moving, H) + twist_energy_density(material, seeded(gradient, 9));

    const auto fields = effective_fields(material, state, Vector3<double>{}, H);
    const double scale = field_scale(material, state, H);
    EXPECT_TRUE(close(fields.H_star, (-1 / mu0) * derivative(energy, 0), scale, rounding));
    EXPECT_TRUE(close(fields.h_star, (-1 / mu0) * derivative(energy, 3), scale, rounding));
    EXPECT_TRUE(close(fields.torque, -derivative(energy, 6), material.anisotropy, rounding));
    EXPECT_TRUE(
        close(material.spin_stiffness * gradient, derivative(energy, 9), material.spin_stiffness * 1e6, rounding));
  }
}

TEST(FreeEnergy, PermeabilityMultipliesTheMagneticTermsAloneEq3Corrected) {
  // K theta^2/2 and rho_s (d theta)^2/2 are energies as they stand: K in J/m^3 and rho_s in J/m.
  Material<double> material = RandomPoints().spin_glass();
  material.remanence = {};
  const State<double> turned{{}, {}, {0, 0, 0.2}};
  EXPECT_DOUBLE_EQ(free_energy_density(material, turned, Vector3<double>{}), material.anisotropy * 0.04 / 2);
  EXPECT_DOUBLE_EQ(twist_energy_density(material, Vector3<double>{3.0, 0, 0}), material.spin_stiffness * 4.5);
  const State<double> magnetized{{0, 0, 10.0}, {}, {}};
  EXPECT_DOUBLE_EQ(free_energy_density(material, magnetized, Vector3<double>{}),
                   mu0 * 50 / material.equilibrium_susceptibility);
}

TEST(FreeEnergy, TorqueIsMinusTheVariationalDerivativeOfTheDiscreteEnergyEqs6To8) {
  // On a ring of cells the sum over cells and faces depends on theta_2 through one cell and two faces; a pure
  // divergence, dropped between Eqs. (5) and (8), does not contribute on a ring.
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    const auto material = random.spin_glass();
    const double width = 1e-9;
    const Vector3<double> left = random.vector(0.1), middle = random.vector(0.1), right = random.vector(0.1);
    const auto moving = seeded(middle, 6);
    const State<Dual> cell{{}, {}, moving};
    const Dual energy = width * (free_energy_density(material, cell, Vector3<double>{}) +
                                 twist_energy_density(material, (1 / width) * (moving - left)) +
                                 twist_energy_density(material, (1 / width) * (right - moving)));
    const auto laplacian = (1 / (width * width)) * (left - 2.0 * middle + right);
    const auto torque = texture_torque(material, middle, laplacian);
    const double scale = material.anisotropy + material.spin_stiffness / (width * width);
    EXPECT_TRUE(close(torque, (-1 / width) * derivative(energy, 6), scale, rounding));
  }
}

TEST(FreeEnergy, TorqueOfAPlaneWaveIsTheStiffenedAnisotropyEqs7And47And48) {
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    const auto material = random.spin_glass();
    const double k = random.log_uniform(1e4, 1e10);
    const auto theta = random.vector(0.1);
    const auto torque = texture_torque(material, theta, (-k * k) * theta);
    const double K_prime = stiffened_anisotropy(material, k * k);
    EXPECT_TRUE(close(torque, -(K_prime * theta), K_prime * size(theta), rounding));
  }
}

TEST(Deviations, AreTheFormsOfEqs10And14CorrectedAnd16To19) {
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    const auto material = random.spin_glass();
    const auto state = random.state();
    const auto H = random.vector(1e5);
    const auto fields = effective_fields(material, state, Vector3<double>{}, H);
    const double chi_M = material.equilibrium_susceptibility;
    const double chi_m = material.accumulation_susceptibility;
    const double xi = material.susceptibility_ratio();
    EXPECT_DOUBLE_EQ(xi, chi_m / chi_M);  // Eq. (17)
    const auto DM = state.M - material.remanence - chi_M * H;
    const double scale = field_scale(material, state, H);
    EXPECT_TRUE(close(magnetization_deviation(material, fields.H_star), DM + state.m, chi_M * scale, rounding));
    EXPECT_TRUE(close(accumulation_deviation(material, fields.h_star), state.m + xi * DM, chi_m * scale, rounding));
  }
}

TEST(Deviations, WithoutFieldAndRemanenceAreThoseOfEq40) {
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    auto material = random.spin_glass();
    material.remanence = {};
    const auto state = random.state();
    const auto fields = effective_fields(material, state, Vector3<double>{}, Vector3<double>{});
    const double xi = material.susceptibility_ratio();
    const double scale = size(state.M) + size(state.m);
    EXPECT_TRUE(close(magnetization_deviation(material, fields.H_star), state.M + state.m, scale, rounding));
    EXPECT_TRUE(close(accumulation_deviation(material, fields.h_star), xi * state.M + state.m, scale, rounding));
  }
}

TEST(Equilibrium, FieldsVanishAtMOfEqs1And2WithoutAccumulationForAnyFieldAndRemanence) {
  // Correction to the text after Eq. (19): m = 0 in equilibrium also for H not 0.
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    auto material = random.spin_glass();
    if (i % 2 == 0) material.remanence = {};  // zero-field cooled, Eq. (1)
    const auto H = random.vector(1e5);
    const State<double> rest{equilibrium_magnetization(material, H), {}, {}};
    EXPECT_TRUE(close(rest.M, material.remanence + material.equilibrium_susceptibility * H, size(rest.M), rounding));
    const auto fields = effective_fields(material, rest, Vector3<double>{}, H);
    const double scale = field_scale(material, rest, H);
    EXPECT_TRUE(close(fields.H_star, {}, scale, rounding));
    EXPECT_TRUE(close(fields.h_star, {}, scale, rounding));
    EXPECT_EQ(fields.torque, Vector3<double>{});
  }
}

/// The Hessian of one Cartesian component in (M, m), by second differences, exact for a quadratic but for rounding.
Eigen::Matrix2d hessian(double chi_M, double chi_m) {
  Material<double> material;
  material.equilibrium_susceptibility = chi_M;
  material.accumulation_susceptibility = chi_m;
  const auto energy = [&](double M, double m) {
    return free_energy_density(material, State<double>{{0, 0, M}, {0, 0, m}, {}}, Vector3<double>{});
  };
  const double cross_term = (energy(1, 1) - energy(1, -1)) / 2;
  Eigen::Matrix2d matrix;
  matrix << 2 * energy(1, 0), cross_term, cross_term, 2 * energy(0, 1);
  return matrix;
}

TEST(FreeEnergy, HasAMinimumIfAndOnlyIfXiIsBelowOne) {
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    const double chi_M = random.log_uniform(1e-4, 1);
    const double xi = random.log_uniform(1e-3, 1e3);
    const Eigen::Matrix2d matrix = hessian(chi_M, xi * chi_M);
    EXPECT_NEAR(matrix(0, 0) * chi_M / mu0, 1, rounding);
    EXPECT_NEAR(matrix(0, 1) * chi_M / mu0, 1, rounding * (1 + 1 / xi));
    EXPECT_NEAR(matrix(1, 1) * chi_M * xi / mu0, 1, rounding);
    // |xi - 1| is above 1e-9 for all but one random point in a billion: the sign is not a matter of rounding.
    EXPECT_EQ(matrix.determinant() > 0, xi < 1) << "xi = " << xi;
  }
}

TEST(Kinds, AMetalHasMAloneAndAFerromagnetNoTexture) {
  RandomPoints random;
  auto metal = random.spin_glass();
  metal.kind = MaterialKind::metal;
  const auto state = random.state();
  const auto H = random.vector(1e5);
  const auto fields = effective_fields(metal, state, random.vector(1.0), H);
  EXPECT_EQ(fields.H_star, Vector3<double>{});
  EXPECT_EQ(fields.torque, Vector3<double>{});
  const double chi_m = metal.accumulation_susceptibility;
  EXPECT_TRUE(close(fields.h_star, H - (1 / chi_m) * state.m, size(H) + size(state.m) / chi_m, rounding));
  EXPECT_DOUBLE_EQ(free_energy_density(metal, state, H), mu0 * (dot(state.m, state.m) / (2 * chi_m) - dot(state.m, H)));

  auto ferromagnet = random.spin_glass();
  ferromagnet.kind = MaterialKind::ferromagnet;
  EXPECT_EQ(effective_fields(ferromagnet, state, random.vector(1.0), H).torque, Vector3<double>{});
}

}  // namespace
}  // namespace vitrispin::physics
