#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <limits>

#include "physics/random_points.hpp"
#include "vitrispin/physics/entropy.hpp"

/// Eqs. (22)-(33): dz/dt = (J - R) grad F with J antisymmetric and R symmetric and positive semidefinite.
namespace vitrispin::physics {
namespace {

constexpr double mu0 = constants::vacuum_permeability;
using Matrix9 = Eigen::Matrix<double, 9, 9>;
using Vector9 = Eigen::Matrix<double, 9, 1>;

/// Rates of (M, m, theta) for given conjugates: Eqs. (22)-(24), without a current.
Vector9 rates_of(const Material<double>& material, const State<double>& state, const EffectiveFields<double>& fields) {
  const auto dM = magnetization_rate(material, state, fields);
  const auto dm = accumulation_rate(material, state, fields, Vector3<double>{});
  const auto dtheta = texture_rotation_rate(material, fields);
  Vector9 rates;
  rates << dM[0], dM[1], dM[2], dm[0], dm[1], dm[2], dtheta[0], dtheta[1], dtheta[2];
  return rates;
}

/// The 9 x 9 matrix L of dz/dt = L grad F at a state: its columns are the rates for unit gradients. Rows and columns are
/// scaled by the square root of each variable's susceptibility, so that entries of all blocks are rates in 1/s.
Matrix9 response_to_gradient(const Material<double>& material, const State<double>& state) {
  const double scale_M = std::sqrt(material.equilibrium_susceptibility / mu0);
  const double scale_theta = 1 / std::sqrt(material.anisotropy);
  Vector9 scale;
  scale << scale_M, scale_M, scale_M, scale_M, scale_M, scale_M, scale_theta, scale_theta, scale_theta;
  Matrix9 L;
  for (int column = 0; column < 9; ++column) {
    EffectiveFields<double> fields{};
    const auto axis = static_cast<std::size_t>(column % 3);
    if (column < 3) fields.H_star[axis] = -1 / mu0;  // grad F = -mu0 H*
    if (column >= 3 && column < 6) fields.h_star[axis] = -1 / mu0;
    if (column >= 6) fields.torque[axis] = -1;
    L.col(column) = rates_of(material, state, fields).cwiseQuotient(scale) / scale[column];
  }
  return L;
}

Material<double> without_dissipation(Material<double> material) {
  const double infinity = std::numeric_limits<double>::infinity();
  material.lattice_relaxation_time = infinity;
  material.accumulation_lattice_relaxation_time = infinity;
  material.cross_relaxation_time = infinity;
  material.damping = 0;
  return material;
}

TEST(Onsager, ReactivePartIsAntisymmetricEqs22To24And31) {
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    const Matrix9 J = response_to_gradient(without_dissipation(random.spin_glass()), random.state());
    EXPECT_LE((J + J.transpose()).norm(), rounding * J.norm());
  }
}

TEST(Onsager, DissipativePartIsSymmetricAndPositiveSemidefiniteEqs28To33) {
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    const auto material = random.spin_glass();
    const auto state = random.state();
    // No precession in R: taken at rest, where nothing is subtracted; at any state the rest is J.
    const Matrix9 R = response_to_gradient(without_dissipation(material), State<double>{}) -
                      response_to_gradient(material, State<double>{});
    EXPECT_LE((R - R.transpose()).norm(), rounding * R.norm());
    const double lowest = Eigen::SelfAdjointEigenSolver<Matrix9>(R).eigenvalues()[0];
    // Eigenvalues of a symmetric matrix are exact to a few roundings of its norm.
    EXPECT_GE(lowest, -rounding * R.norm());
    const Matrix9 L = response_to_gradient(material, state);
    const Matrix9 J = response_to_gradient(without_dissipation(material), state);
    EXPECT_LE((L - J + R).norm(), rounding * (L.norm() + J.norm()));
  }
}

TEST(Onsager, CrossRatesObeyEq33AndTheInequalityOfTheOnsagerMatrix) {
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    const auto material = random.spin_glass();
    const auto rates = relaxation_rates(material);
    const double chi_M = material.equilibrium_susceptibility;
    const double chi_m = material.accumulation_susceptibility;
    EXPECT_TRUE(close(chi_m * rates.m_from_M, chi_M * rates.M_from_m, chi_M * rates.M_from_m, rounding));  // Eq. (33)
    // Corrections to Eqs. (28)-(33): 1/(tau_M tau_m) >= 1/(tau_mM tau_Mm), which Eq. (49) guarantees.
    EXPECT_GE(rates.M_total * rates.m_total, rates.M_from_m * rates.m_from_M);
  }
}

TEST(Onsager, MatrixIsIndefiniteWhereTheInequalityFailsThoughAllTimesArePositive) {
  // Corrections to Eqs. (28)-(33): positive tau_M, tau_m, tau_mM, tau_Mm alone do not make R_s >= 0.
  // In (H*, h*) the quadratic form of Eqs. (28), (29) is [[chi_M/tau_M, -chi_m/tau_mM], [-chi_M/tau_Mm, chi_m/tau_m]].
  const double chi_M = 1, chi_m = 0.5, tau_M = 1, tau_m = 1, tau_mM = 0.4, tau_Mm = tau_mM * chi_M / chi_m;
  ASSERT_LT(1 / (tau_M * tau_m), 1 / (tau_mM * tau_Mm));
  Eigen::Matrix2d form;
  form << chi_M / tau_M, -chi_m / tau_mM, -chi_M / tau_Mm, chi_m / tau_m;
  EXPECT_LT(Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d>(form).eigenvalues()[0], 0);
}

TEST(Onsager, RatesAreThoseOfEqs49And50) {
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    const auto material = random.spin_glass();
    const double xi = material.susceptibility_ratio();
    const double tau_Mm = material.cross_relaxation_time, tau_mM = xi * tau_Mm;
    const auto rates = relaxation_rates(material);
    const auto same = [](double a, double b) { return close(a, b, std::abs(b), rounding); };
    EXPECT_TRUE(same(rates.M_total, 1 / material.lattice_relaxation_time + 1 / tau_Mm));
    EXPECT_TRUE(same(rates.m_total, 1 / material.accumulation_lattice_relaxation_time + 1 / tau_mM));
    EXPECT_TRUE(close(rates.exchange, 1 / tau_mM - 1 / tau_Mm, 1 / tau_mM, rounding));
    EXPECT_GT(rates.exchange, 0);  // Eqs. (33), (50): xi < 1 makes r positive
    EXPECT_TRUE(same(tau_mM / tau_Mm, xi));
  }
}

TEST(Sources, HaveBothFormsOfEqs28And29) {
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    const auto material = random.spin_glass();
    const auto rates = relaxation_rates(material);
    EffectiveFields<double> fields{random.vector(1e6), random.vector(1e6), {}};
    const auto dM = magnetization_deviation(material, fields.H_star);
    const auto dm = accumulation_deviation(material, fields.h_star);
    const double chi_M = material.equilibrium_susceptibility;
    const double chi_m = material.accumulation_susceptibility;
    const double scale_M = size(dM) * rates.M_total + size(dm) * rates.m_from_M;
    const double scale_m = size(dm) * rates.m_total + size(dM) * rates.M_from_m;
    const auto R_M = magnetization_relaxation(material, fields);
    const auto R_m = accumulation_relaxation(material, fields);
    EXPECT_TRUE(close(R_M, rates.m_from_M * dm - rates.M_total * dM, scale_M, rounding));
    EXPECT_TRUE(close(R_m, rates.M_from_m * dM - rates.m_total * dm, scale_m, rounding));
    EXPECT_TRUE(close(R_M, (chi_M * rates.M_total) * fields.H_star - (chi_m * rates.m_from_M) * fields.h_star, scale_M,
                      rounding));
    EXPECT_TRUE(close(R_m, (chi_m * rates.m_total) * fields.h_star - (chi_M * rates.M_from_m) * fields.H_star, scale_m,
                      rounding));
  }
}

TEST(Sources, ExchangeMovesMagnetizationBetweenMAndmWithoutLosingAny) {
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    auto material = random.spin_glass();
    material.lattice_relaxation_time = material.accumulation_lattice_relaxation_time =
        std::numeric_limits<double>::infinity();
    const EffectiveFields<double> fields{random.vector(1e6), random.vector(1e6), {}};
    const auto gained = magnetization_relaxation(material, fields);
    const auto lost = accumulation_relaxation(material, fields);
    EXPECT_TRUE(close(gained, -lost, size(gained), rounding));
  }
}

TEST(Entropy, ProductionEqualsTheRateOfLossOfFreeEnergyAtEveryStateEqs25And26) {
  // Pointwise, without gradients: dF/dt = grad F . dz/dt = -T R_s; precession and the coupling gamma drop out.
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    const auto material = random.spin_glass();
    const auto state = random.state();
    const EffectiveFields<double> fields{random.vector(1e6), random.vector(1e6), random.vector(1e4)};
    const double loss = mu0 * (dot(fields.H_star, magnetization_rate(material, state, fields)) +
                               dot(fields.h_star, accumulation_rate(material, state, fields, Vector3<double>{}))) +
                        dot(fields.torque, texture_rotation_rate(material, fields));
    const auto parts = dissipation(material, fields, 0.0);
    // The reactive terms cancel against each other: compare with their size.
    const double gamma = material.gyromagnetic_ratio;
    const double scale =
        parts.total() +
        mu0 * gamma * mu0 *
            (size(state.M) * dot(fields.H_star, fields.H_star) + size(state.m) * dot(fields.h_star, fields.h_star)) +
        mu0 * gamma * size(fields.H_star) * size(fields.torque);
    EXPECT_TRUE(close(loss, parts.total(), scale, rounding));
    for (const double part : {parts.M_to_lattice, parts.m_to_lattice, parts.exchange, parts.diffusion, parts.damping}) {
      EXPECT_GE(part, 0);
    }
  }
}

TEST(Entropy, PrecessionDoesNoWorkEqs22And23) {
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    const auto material = random.spin_glass();
    const auto M = random.vector(1e4), field = random.vector(1e6);
    const auto turn = precession(material, M, field);
    EXPECT_LE(std::abs(dot(turn, field)), rounding * size(turn) * size(field));
    EXPECT_LE(std::abs(dot(turn, M)), rounding * size(turn) * size(M));  // the length of M is kept too
    // The moment turns as -gamma: M along x in a field along z goes towards +y, since -x cross z = y.
    EXPECT_GT(precession(material, Vector3<double>(1, 0, 0), Vector3<double>(0, 0, 1)).y(), 0);
  }
}

TEST(Current, RunsDownTheGradientOfTheDeviationEq30Corrected) {
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    const auto material = random.spin_glass();
    const auto gradient = random.vector(1e12);
    const auto current = spin_current(material, gradient);
    const auto deviation_gradient = accumulation_deviation(material, gradient);
    EXPECT_TRUE(close(current, -(material.diffusivity * deviation_gradient), size(current), rounding));
    EXPECT_GE(dot(current, gradient), 0);  // mu0 j.grad h* is dissipated
    EXPECT_TRUE(close(mu0 * dot(current, gradient), dissipation(material, {}, dot(gradient, gradient)).diffusion,
                      mu0 * size(current) * size(gradient), rounding));
  }
}

TEST(Texture, TurnsInTheEffectiveFieldAndIsDampedByTheTorqueEqs24And31And32) {
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    const auto material = random.spin_glass();
    const EffectiveFields<double> fields{random.vector(1e6), {}, random.vector(1e4)};
    const double gamma = material.gyromagnetic_ratio;
    const auto omega = (gamma * mu0) * fields.H_star;                 // Eq. (31)
    const auto R_theta = (material.damping * gamma) * fields.torque;  // Eq. (32)
    const auto rate = texture_rotation_rate(material, fields);
    EXPECT_TRUE(close(rate, omega + R_theta, size(omega) + size(R_theta), rounding));
    EXPECT_GE(dot(R_theta, fields.torque), 0);
  }
}

TEST(Heat, FlowsDownTheTemperatureAndProducesEntropyEq27) {
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    const double conductivity = random.log_uniform(1e-2, 1e3), temperature = random.uniform(1, 300);
    const auto gradient = random.vector(1e6);
    const auto entropy_current = (1 / temperature) * heat_current(conductivity, gradient);
    EXPECT_TRUE(close(entropy_current, -(conductivity / temperature) * gradient, size(entropy_current), rounding));
    EXPECT_GE(-dot(entropy_current, gradient), 0);  // -j^s.grad T in Eq. (26)
  }
}

}  // namespace
}  // namespace vitrispin::physics
