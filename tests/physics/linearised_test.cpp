#include <ceres/jet.h>
#include <gtest/gtest.h>

#include <cmath>

#include "physics/random_points.hpp"
#include "vitrispin/physics/characteristic.hpp"

/// Eqs. (34)-(47): limits and linear forms that the paper draws from Eqs. (22)-(24).
namespace vitrispin::physics {
namespace {

constexpr double mu0 = constants::vacuum_permeability;
using Vector = Vector3<double>;

struct Rates {
  Vector M, m, theta;
};

/// Rates of plane waves (amplitudes of exp(ikx)) without precession: the second differences are -k^2.
Rates plane_wave_rates(const Material<double>& material, const State<double>& state, double k) {
  const auto fields = effective_fields(material, state, (-k * k) * state.theta, Vector{});
  const auto divergence = -(k * k * spin_current(material, fields.h_star));  // j = D chi_m grad h*, Eq. (30)
  // The state enters the rates through precession alone, which vanishes for M = m = 0.
  const State<double> still{};
  return {magnetization_rate(material, still, fields), accumulation_rate(material, still, fields, divergence),
          texture_rotation_rate(material, fields)};
}

class Linearised : public ::testing::Test {
protected:
  Material<double> glass() {
    auto material = random.spin_glass();
    material.remanence = {};
    return material;
  }
  RandomPoints random;
};

TEST_F(Linearised, SpinWavesWithoutAccumulationObeyEqs34To37) {
  for (int i = 0; i < points; ++i) {
    auto material = glass();
    material.anisotropy = 0;
    material.damping = 0;
    const double gamma = material.gyromagnetic_ratio, chi_M = material.equilibrium_susceptibility;
    const double k = random.log_uniform(1e5, 1e9);
    const auto M = random.vector(1e3), theta = random.vector(0.1);
    const auto laplacian = (-k * k) * theta;
    const auto dM = texture_source(material, texture_torque(material, theta, laplacian));
    EXPECT_TRUE(close(dM, -(gamma * material.spin_stiffness) * laplacian, size(dM), rounding));  // Eq. (34)
    const EffectiveFields<double> fields{magnetization_effective_field(material, M, Vector{}, Vector{}), {}, {}};
    const auto dtheta = texture_rotation_rate(material, fields);
    EXPECT_TRUE(close(dtheta, -(gamma * mu0 / chi_M) * M, size(dtheta), rounding));  // Eq. (35)
    // Eq. (36): the rate of the rate of M; Eq. (34) is linear in theta, so theta is replaced by its rate, Eq. (35).
    const auto ddM = texture_source(material, texture_torque(material, dtheta, (-k * k) * dtheta));
    const double v = spin_wave_velocity(material);
    EXPECT_TRUE(close(ddM, -(v * v * k * k) * M, size(ddM), rounding));
    EXPECT_TRUE(close(v * v, gamma * gamma * mu0 * material.spin_stiffness / chi_M, v * v, rounding));  // Eq. (37)
  }
}

TEST_F(Linearised, AnisotropyOpensTheGapOfEq38) {
  for (int i = 0; i < points; ++i) {
    auto material = glass();
    material.damping = 0;
    const double k = random.log_uniform(1e5, 1e9);
    const auto M = random.vector(1e3);
    const EffectiveFields<double> fields{magnetization_effective_field(material, M, Vector{}, Vector{}), {}, {}};
    const auto dtheta = texture_rotation_rate(material, fields);
    const auto ddM = texture_source(material, texture_torque(material, dtheta, (-k * k) * dtheta));
    const double v = spin_wave_velocity(material), omega_0 = anisotropy_frequency(material);
    EXPECT_TRUE(close(ddM, -(omega_0 * omega_0 + v * v * k * k) * M, size(ddM), rounding));
    const double gamma = material.gyromagnetic_ratio;
    EXPECT_TRUE(close(omega_0, gamma * std::sqrt(mu0 * material.anisotropy / material.equilibrium_susceptibility),
                      omega_0, rounding));
  }
}

TEST_F(Linearised, AccumulationAloneDiffusesAndDecaysByEq39) {
  // delta M = 0: the correction to Eqs. (39), (63), (64); then d_t m = D laplacian(delta m) - delta m/tau_m.
  for (int i = 0; i < points; ++i) {
    const auto material = glass();
    const auto state_m = random.vector(1e3);
    const State<double> state{-state_m, state_m, {}};
    const auto fields = effective_fields(material, state, Vector{}, Vector{});
    EXPECT_EQ(fields.H_star, Vector{});
    const auto dm = accumulation_deviation(material, fields.h_star);
    const auto rates = relaxation_rates(material);
    const auto relaxed = accumulation_relaxation(material, fields);
    EXPECT_TRUE(close(relaxed, -rates.m_total * dm, size(relaxed), rounding));
    // The static solution exp(-x/l) has D/l^2 = 1/tau_m.
    const double l = pure_diffusion_length(material);
    EXPECT_TRUE(close(material.diffusivity / (l * l), rates.m_total, rates.m_total, rounding));
  }
}

TEST_F(Linearised, RatesWithoutPrecessionAreEqs41To43) {
  for (int i = 0; i < points; ++i) {
    const auto material = glass();
    const auto state = random.state();
    const double k = random.log_uniform(1e5, 1e9);
    const auto rates = plane_wave_rates(material, state, k);
    const auto times = relaxation_rates(material);
    const double gamma = material.gyromagnetic_ratio, chi_M = material.equilibrium_susceptibility;
    const double xi = material.susceptibility_ratio();
    const auto dM = state.M + state.m;                                                           // Eq. (40)
    const auto dm = xi * state.M + state.m;                                                      // Eq. (40)
    const auto torque = -(material.anisotropy + material.spin_stiffness * k * k) * state.theta;  // Eq. (47)

    const auto eq41 = -(gamma * torque) - times.M_total * dM + times.m_from_M * dm;
    const auto eq42 = -(gamma * mu0 / chi_M) * dM + (material.damping * gamma) * torque;
    const auto eq43 = -(material.diffusivity * k * k) * dm - times.m_total * dm + times.M_from_m * dM;
    const double all = size(state.M) + size(state.m);
    EXPECT_TRUE(close(rates.M, eq41, gamma * size(torque) + (times.M_total + times.m_from_M) * all, rounding));
    EXPECT_TRUE(
        close(rates.theta, eq42, gamma * mu0 / chi_M * all + material.damping * gamma * size(torque), rounding));
    EXPECT_TRUE(close(rates.m, eq43, (material.diffusivity * k * k + times.m_total + times.M_from_m) * all, rounding));
  }
}

TEST_F(Linearised, RatesInMAndmAreEqs44To46) {
  for (int i = 0; i < points; ++i) {
    const auto material = glass();
    const auto state = random.state();
    const double k = random.log_uniform(1e5, 1e9);
    const auto rates = plane_wave_rates(material, state, k);
    const double gamma = material.gyromagnetic_ratio, chi_M = material.equilibrium_susceptibility;
    const double xi = material.susceptibility_ratio(), D = material.diffusivity, alpha = material.damping;
    const double tau_Mm = material.cross_relaxation_time, tau_mM = xi * tau_Mm;
    const double tau_M = 1 / (1 / material.lattice_relaxation_time + 1 / tau_Mm);
    const double tau_m = 1 / (1 / material.accumulation_lattice_relaxation_time + 1 / tau_mM);
    const double K_prime = stiffened_anisotropy(material, k * k);
    for (std::size_t c = 0; c < 3; ++c) {
      const double M = state.M[c], m = state.m[c], theta = state.theta[c];
      const double eq44 = gamma * K_prime * theta - (M + m) / tau_M + (xi * M + m) / tau_mM;
      const double eq45 = -gamma * mu0 * (M + m) / chi_M - alpha * gamma * K_prime * theta;
      const double eq46 = -D * k * k * (xi * M + m) - (xi * M + m) / tau_m + (M + m) / tau_Mm;
      const double all = std::abs(M) + std::abs(m);
      EXPECT_TRUE(
          close(rates.M[c], eq44, gamma * K_prime * std::abs(theta) + all * (1 / tau_M + 1 / tau_mM), rounding));
      EXPECT_TRUE(
          close(rates.theta[c], eq45, gamma * mu0 / chi_M * all + alpha * gamma * K_prime * std::abs(theta), rounding));
      EXPECT_TRUE(close(rates.m[c], eq46, all * (D * k * k + 1 / tau_m + 1 / tau_Mm), rounding));
    }
  }
}

TEST_F(Linearised, InAFieldPrecessionAddsALinearTermEqs41To52Corrected) {
  // Expanding Eq. (22) about M_eq: -gamma mu0 M x H* = (gamma mu0/chi_M) M_eq x delta M to first order, while
  // m x h* is of second order. Derivatives at equilibrium by dual numbers.
  using Dual = ceres::Jet<double, 1>;
  for (int i = 0; i < points; ++i) {
    const auto material = random.spin_glass();
    const auto H = random.vector(1e5), change_M = random.vector(1.0), change_m = random.vector(1.0);
    const auto M_eq = equilibrium_magnetization(material, H);
    State<Dual> state;
    for (std::size_t c = 0; c < 3; ++c) {
      state.M[c] = Dual(M_eq[c]);
      state.M[c].v[0] = change_M[c];
      state.m[c].v[0] = change_m[c];
    }
    const auto fields = effective_fields(material, state, Vector3<Dual>{}, H);
    const auto turn_M = precession(material, state.M, fields.H_star);
    const auto turn_m = precession(material, state.m, fields.h_star);
    const double factor = material.gyromagnetic_ratio * mu0 / material.equilibrium_susceptibility;
    const auto expected = factor * cross(M_eq, change_M + change_m);
    const Vector linear{turn_M[0].v[0], turn_M[1].v[0], turn_M[2].v[0]};
    // H* at equilibrium is zero to a rounding of H: what it leaves behind scales with |H|/chi_M per unit of change.
    const double scale = factor * size(M_eq) * size(change_M + change_m) +
                         material.gyromagnetic_ratio * mu0 *
                             (size(H) + size(material.remanence) / material.equilibrium_susceptibility) *
                             size(change_M);
    EXPECT_TRUE(close(linear, expected, scale, rounding));
    for (std::size_t c = 0; c < 3; ++c) {
      EXPECT_TRUE(close(turn_m[c].v[0], 0,
                        material.gyromagnetic_ratio * mu0 * size(change_m) *
                            (size(H) + size(material.remanence) / material.equilibrium_susceptibility),
                        rounding));
    }
    EXPECT_TRUE(close(precession_rate(material, M_eq.z()), factor * M_eq.z(), std::abs(factor * M_eq.z()), rounding));
  }
}

}  // namespace
}  // namespace vitrispin::physics
