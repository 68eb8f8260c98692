#include "vitrispin/physics/characteristic.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "physics/random_points.hpp"
#include "vitrispin/physics/linear_matrix.hpp"

/// Lengths, frequencies and rates against the reference numbers, and against the equations that define them.
namespace vitrispin::physics {
namespace {

using nlohmann::json;
using Complex = std::complex<double>;
constexpr double mu0 = constants::vacuum_permeability;
constexpr double reference_digits = 1e-12;  // a few operations on numbers of 16 digits, with mild cancellation

/// A set of tests/oracles/reference.json in SI: only gamma mu0/chi_M, gamma K' and alpha gamma K' occur, so the sets with
/// mu0 = gamma = 1 become gamma = 1/mu0, K -> mu0 K, rho_s -> mu0 rho_s, every other number unchanged.
Material<double> material_of(const json& set) {
  const json& p = set["params"];
  const bool dimensionless = p.contains("mu0") && p["mu0"].get<double>() == 1.0;
  const double unit = dimensionless ? mu0 : 1.0;
  Material<double> material;
  material.gyromagnetic_ratio = p["gamma"].get<double>() / unit;
  material.equilibrium_susceptibility = p["chi_M"];
  material.accumulation_susceptibility = p["chi_m"];
  material.lattice_relaxation_time = p["tau_ML"];
  material.accumulation_lattice_relaxation_time = p["tau_mL"];
  material.cross_relaxation_time = p["tau_Mm"];
  material.diffusivity = p["D"];
  material.spin_stiffness = p["rho_s"].get<double>() * unit;
  material.anisotropy = p["K"].get<double>() * unit;
  material.damping = p["alpha"];
  return material;
}

json reference() {
  std::ifstream file(std::string(VITRISPIN_SOURCE_DIR) + "/tests/oracles/reference.json");
  return json::parse(file)["sets"];
}

::testing::AssertionResult same(double actual, double expected, double tolerance = reference_digits) {
  return close(actual, expected, std::abs(expected), tolerance);
}

TEST(Characteristic, RatesAndFrequenciesAreThoseOfTheReferenceEqs33And37And38And49And50) {
  for (const json& set : reference()) {
    SCOPED_TRACE(set["name"].get<std::string>());
    const auto material = material_of(set);
    const json& derived = set["derived"];
    const auto rates = relaxation_rates(material);
    EXPECT_TRUE(same(material.susceptibility_ratio(), derived["xi"]));
    EXPECT_TRUE(same(1 / rates.m_from_M, derived["tau_mM"]));
    EXPECT_TRUE(same(1 / rates.M_total, derived["tau_M"]));
    EXPECT_TRUE(same(1 / rates.m_total, derived["tau_m"]));
    EXPECT_TRUE(same(rates.exchange, derived["r"]));
    EXPECT_TRUE(same(spin_wave_velocity(material), derived["v"]));
    EXPECT_TRUE(same(anisotropy_frequency(material), derived["omega0"]));
  }
}

TEST(Characteristic, DcLengthsAreThoseOfTheReferenceEq39) {
  for (const json& set : reference()) {
    SCOPED_TRACE(set["name"].get<std::string>());
    const auto material = material_of(set);
    const json& dc = set["dc"];
    EXPECT_TRUE(same(decay_length(material, 0), dc["l_dc"]));
    EXPECT_TRUE(same(pure_diffusion_length(material), dc["l_pure_diffusion_sqrt_D_tau_m"]));
    EXPECT_TRUE(same(twist_length(material), dc["l_twist"]));
    const double ratio = pinned_magnetization_ratio(material, 0).real();  // dM/dm
    EXPECT_TRUE(same(ratio, dc["u_over_w_dM_over_dm"]));
    // With DM = (dM - dm)/(1 - xi), m = (dm - xi dM)/(1 - xi).
    EXPECT_TRUE(same((ratio - 1) / (1 - material.susceptibility_ratio() * ratio), dc["M_over_m"]));
  }
}

TEST(Characteristic, DecayLengthMakesTheMatrixSingularAtDcEq52) {
  // det G(k^2 = -1/l^2) = 0 at s = 0 defines the length; in a field it is complex.
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    const auto material = random.spin_glass();
    const double Omega = random.uniform(-1, 1) / material.lattice_relaxation_time;
    for (const int sigma : {-1, 0, 1}) {
      const Complex k2 = -inverse_square_decay_length(material, sigma * Omega);
      const auto rates = relaxation_rates(material);
      const double g = texture_coupling(material), xi = material.susceptibility_ratio();
      const Complex A = material.diffusivity * k2 + rates.m_to_lattice;
      // With K' divided out of the third column: (1, 0, -alpha). theta is pinned, so K' theta is free.
      const Complex a(-rates.M_to_lattice, sigma * Omega);
      const Complex g00 = a, g01 = a + rates.exchange, g10 = -xi * A, g11 = -(A + rates.exchange);
      const double alpha = material.damping;
      const Complex determinant = (g10 * -g - g11 * -g) - alpha * (g00 * g11 - g01 * g10);
      const double scale = g * (std::abs(g10) + std::abs(g11)) + alpha * (std::abs(g00 * g11) + std::abs(g01 * g10)) +
                           (g + alpha * std::abs(g01)) * (rates.m_total + rates.exchange);
      EXPECT_LE(std::abs(determinant), 1e-13 * scale);  // about ten rounded operations on terms of this size
    }
  }
}

TEST(Characteristic, WithoutDampingTheDcLengthIsThatOfEq39AndMDoesNotFollow) {
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    auto material = random.spin_glass();
    material.damping = 0;
    EXPECT_TRUE(same(decay_length(material, 0), pure_diffusion_length(material)));
    EXPECT_TRUE(
        same(decay_length(material, random.uniform(-1e12, 1e12)), pure_diffusion_length(material)));  // no Hanle
    EXPECT_EQ(pinned_magnetization_ratio(material, 0), Complex(0));
  }
}

TEST(Characteristic, StrongDampingLeavesTheLengthOfTheFullyExchangedPair) {
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    auto material = random.spin_glass();
    material.damping = 1e30;
    const auto rates = relaxation_rates(material);
    const double a = rates.M_to_lattice, b = rates.m_to_lattice, c = rates.M_from_m, d = rates.m_from_M;
    const double expected = (a * b + a * d + b * c) / ((a + c) * material.diffusivity);
    EXPECT_TRUE(same(inverse_square_decay_length(material, 0).real(), expected));
    auto ferromagnet = material;
    ferromagnet.kind = MaterialKind::ferromagnet;
    EXPECT_TRUE(same(inverse_square_decay_length(ferromagnet, 0).real(), expected));
  }
}

TEST(Characteristic, AMetalHasTheHanleLength) {
  Material<double> metal;
  metal.kind = MaterialKind::metal;
  metal.accumulation_lattice_relaxation_time = 2e-12;
  metal.diffusivity = 1e-3;
  const Complex inverse_square = inverse_square_decay_length(metal, 3e11);
  EXPECT_TRUE(same(inverse_square.real(), 5e11 / 1e-3));
  EXPECT_TRUE(same(inverse_square.imag(), -3e11 / 1e-3));
}

TEST(Characteristic, InfiniteTimesGiveInfiniteLengthsNotNan) {
  auto material = RandomPoints().spin_glass();
  material.lattice_relaxation_time = material.accumulation_lattice_relaxation_time = material.cross_relaxation_time =
      std::numeric_limits<double>::infinity();
  EXPECT_EQ(decay_length(material, 0), std::numeric_limits<double>::infinity());
  material.anisotropy = 0;
  EXPECT_EQ(twist_length(material), std::numeric_limits<double>::infinity());
}

TEST(Characteristic, TwistDiffusivityIsTheSlowRootOfTheCubicForLongWaves) {
  // K = 0, k -> 0: s = -D_theta k^2, from c0/c1 of the characteristic polynomial of Eq. (52).
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    auto material = random.spin_glass();
    material.anisotropy = 0;
    const auto rates = relaxation_rates(material);
    const double a = rates.M_to_lattice, A = rates.m_to_lattice, c = rates.M_from_m, d = rates.m_from_M;
    const double g = texture_coupling(material), S = a * A + a * d + c * A;
    const double slope =
        material.gyromagnetic_ratio * material.spin_stiffness * (material.damping * S + g * (A + d)) / S;
    EXPECT_TRUE(same(twist_diffusivity(material), slope));
    material.cross_relaxation_time = std::numeric_limits<double>::infinity();  // m switched off: c = d = 0
    EXPECT_TRUE(same(twist_diffusivity(material),
                     material.gyromagnetic_ratio * material.spin_stiffness * (material.damping + g / a)));
  }
}

TEST(LinearMatrix, IsSimilarToTheEnergyMatrixSoItsPolynomialIsTheSameEq52) {
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    const auto material = random.spin_glass();
    const double k2 = random.log_uniform(1e10, 1e18), Omega = random.uniform(-1e12, 1e12);
    for (const int sigma : {-1, 0, 1}) {
      const auto G = linear_matrix(material, k2, sigma, Omega);
      const auto e = energy_matrix(material, k2, sigma, Omega);
      const Complex first(-(e.a + e.xi * e.A), e.rotation);
      const double q = std::sqrt(e.xi * e.one_minus_xi), third = -e.one_minus_xi * (e.A + e.d);
      const Complex trace_G = G[0][0] + G[1][1] + G[2][2], trace = first + third - e.p;
      EXPECT_LE(std::abs(trace_G - trace), 1e-13 * (e.a + e.A + e.d + e.p + std::abs(e.rotation)));
      const Complex minors_G =
          G[0][0] * G[1][1] - G[0][1] * G[1][0] + G[0][0] * G[2][2] - G[0][2] * G[2][0] + G[1][1] * G[2][2];
      const Complex minors = first * third - q * q * e.A * e.A - first * e.p + e.w_squared - third * e.p;
      const double sum = e.a + e.A + e.d + std::abs(e.rotation);
      EXPECT_LE(std::abs(minors_G - minors), 1e-13 * (sum * (sum + e.p) + e.w_squared));
      const Complex det_G =
          G[0][0] * G[1][1] * G[2][2] - G[0][1] * G[1][0] * G[2][2] + G[0][2] * (G[1][0] * G[2][1] - G[1][1] * G[2][0]);
      const Complex det = -e.p * (first * third - q * q * e.A * e.A) + third * e.w_squared;
      EXPECT_LE(std::abs(det_G - det), 1e-13 * sum * (sum * e.p + e.w_squared));
    }
  }
}

}  // namespace
}  // namespace vitrispin::physics
