#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "modes/oracle_sets.hpp"
#include "vitrispin/modes/dispersion.hpp"
#include "vitrispin/modes/perturbation.hpp"
#include "vitrispin/modes/response.hpp"
#include "vitrispin/modes/wavenumbers.hpp"
#include "vitrispin/physics/characteristic.hpp"

namespace vitrispin::modes {
namespace {

using Complex = std::complex<double>;

/// The reference prints at least 16 digits, and the second mapping rounds every parameter once more: a few eps times the
/// condition of each number, which for these sets stays far below this.
constexpr double tolerance = 1e-12;

::testing::AssertionResult near(const Complex& got, const Complex& expected, double scale = 0.0) {
  const double error = std::abs(got - expected) / std::max(std::abs(expected), scale);
  if (error <= tolerance || got == expected) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << got << " is not " << expected << ": relative error " << error;
}

Complex nearest(std::vector<Complex>& candidates, const Complex& value) {
  const auto found = std::min_element(candidates.begin(), candidates.end(), [&](const Complex& x, const Complex& y) {
    return std::abs(x - value) < std::abs(y - value);
  });
  const Complex result = *found;
  candidates.erase(found);
  return result;
}

TEST(Oracles, FrequenciesAtGivenWavenumberAreTheReferenceOnesEq52) {
  for (const OracleSet& set : oracle_sets()) {
    for (const auto& point : set.data.at("omega_at_k")) {
      std::vector<Complex> expected;
      for (const auto& omega : point.at("omegas")) expected.push_back(complex_of(omega) / set.time);
      for (const Mode& mode : modes_at_wavenumber(set.material, set.k(point.at("k")), 0.0)) {
        EXPECT_TRUE(near(mode.omega, nearest(expected, mode.omega))) << set.name << " k = " << point.at("k");
      }
    }
  }
}

TEST(Oracles, SquaredWavenumbersAtGivenFrequencyAreTheReferenceOnesEq52) {
  for (const OracleSet& set : oracle_sets()) {
    for (const auto& point : set.data.at("k2_at_omega")) {
      std::vector<Complex> expected;
      for (const auto& k2 : point.at("k2")) expected.push_back(complex_of(k2) / set.length / set.length);
      for (const Wavenumber& solution : wavenumbers(set.material, set.omega(point.at("omega")), 0.0)) {
        EXPECT_TRUE(near(solution.k_squared, nearest(expected, solution.k_squared))) << set.name << point.at("omega");
      }
    }
  }
}

TEST(Oracles, PerturbationTheoryIsTheReferenceOneEqs58To71) {
  for (const OracleSet& set : oracle_sets()) {
    for (const auto& point : set.data.at("weak_coupling")) {
      const WeakCoupling got = weak_coupling(set.material, set.omega(point.at("omega").at("re")));
      const auto expect = [&](const Complex& value, const char* key, double factor) {
        EXPECT_TRUE(near(value, complex_of(point.at(key)) * factor))
            << set.name << " " << key << " " << point.at("omega");
      };
      const double k2 = 1.0 / (set.length * set.length);
      expect(got.spin_wave.stiffened_anisotropy, "eq58_Kprime", set.energy);
      expect(got.spin_wave.k_squared, "eq58_k2", k2);
      expect(got.spin_wave.theta_over_M, "eq60_theta_over_M", set.angle);
      expect(got.spin_wave.m_over_M, "eq62_m_over_M", 1.0);
      expect(got.diffusion.k_squared, "eq65_k2", k2);
      expect(got.diffusion.stiffened_anisotropy, "eq66_Kprime", set.energy);
      expect(got.diffusion.M_over_m, "eq69_M_over_m", 1.0);
      expect(got.diffusion.theta_over_m, "eq70_theta_over_m", set.angle);
      expect(got.diffusion.M_plus_m_over_m, "eq71_Mplusm_over_m", 1.0);
      expect(got.exact_spin_wave.k_squared, "exact_k2_nearest_eq58", k2);
      expect(got.exact_spin_wave.m_over_M, "exact_m_over_M_there", 1.0);
      expect(got.exact_spin_wave.theta_over_M, "exact_theta_over_M_there", set.angle);
      if (got.exact_diffusion.k_squared == got.exact_spin_wave.k_squared) continue;
      expect(got.exact_diffusion.k_squared, "exact_k2_other", k2);
      expect(got.exact_diffusion.M_over_m, "exact_M_over_m_there", 1.0);
      expect(got.exact_diffusion.theta_over_m, "exact_theta_over_m_there", set.angle);
    }
  }
}

TEST(Oracles, ResponsesAreTheReferenceOnes) {
  for (const OracleSet& set : oracle_sets()) {
    for (const auto& point : set.data.at("chi")) {
      const Response got = response(set.material, set.k(point.at("k")), set.omega(point.at("omega")), 0.0);
      const Complex M = complex_of(point.at("chi_M_kw"));
      // at dc the reference's m and theta are the rounding of its 50 digits
      const double noise = 1e-30 * std::abs(M);
      EXPECT_TRUE(near(got.M, M)) << set.name;
      EXPECT_TRUE(near(got.m, complex_of(point.at("chi_m_kw")), noise)) << set.name << " " << point;
      EXPECT_TRUE(near(got.total, complex_of(point.at("chi_total")))) << set.name;
      EXPECT_TRUE(near(got.theta, complex_of(point.at("chi_theta_kw")) * set.angle, noise)) << set.name << " " << point;
    }
  }
}

TEST(Oracles, LengthsAtDirectCurrentAreTheReferenceOnesEqs39And65) {
  for (const OracleSet& set : oracle_sets()) {
    const auto& dc = set.data.at("dc");
    const auto value = [&](const char* key) { return dc.at(key).get<double>(); };
    EXPECT_TRUE(near(physics::decay_length(set.material, 0.0), value("l_dc") * set.length));
    EXPECT_TRUE(
        near(physics::pure_diffusion_length(set.material), value("l_pure_diffusion_sqrt_D_tau_m") * set.length));
    EXPECT_TRUE(near(physics::twist_length(set.material), value("l_twist") * set.length));
    EXPECT_TRUE(near(physics::pinned_magnetization_ratio(set.material, 0.0), value("u_over_w_dM_over_dm"), 1e-300));
    EXPECT_TRUE(near(static_M_over_m(set.material), value("M_over_m"), 1.0));
    EXPECT_TRUE(near(1.0 / std::sqrt(-diffusion_mode(set.material, 0.0).k_squared), value("l_eq65_dc") * set.length));
    // the exact modes at omega = 0 are these lengths: -1/l^2 and -K/rho_s
    for (const Wavenumber& solution : wavenumbers(set.material, 0.0, 0.0)) {
      const double length = 1.0 / solution.k.imag();
      const double expected =
          std::abs(length - value("l_dc") * set.length) < std::abs(length - value("l_twist") * set.length)
              ? value("l_dc")
              : value("l_twist");
      EXPECT_TRUE(near(length, expected * set.length)) << set.name;
    }
  }
}

}  // namespace
}  // namespace vitrispin::modes
