#include <gtest/gtest.h>

#include <cmath>

#include "physics/random_points.hpp"
#include "vitrispin/modes/field_axis.hpp"
#include "vitrispin/modes/linearised_dynamics.hpp"
#include "vitrispin/physics/linear_matrix.hpp"

namespace vitrispin::modes {
namespace {

using physics::points;
using physics::RandomPoints;

/// Largest entry of a row and column: entries have different units, so each is compared with what it multiplies.
double scale_of(const std::array<std::array<std::complex<double>, 3>, 3>& matrix, std::size_t row, std::size_t column) {
  return std::abs(matrix[row][column]);
}

TEST(LinearisedDynamics, TheDualNumbersGiveEq52EntryByEntryInAnyFieldAlongTheAxis) {
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    auto material = random.spin_glass();
    const double M0 = random.uniform(-1e4, 1e4);
    material.remanence = {0.0, 0.0, M0};
    const Vector3<double> H{0.0, 0.0, random.uniform(-1e6, 1e6)};
    const double k_squared = std::pow(random.log_uniform(1e5, 1e9), 2);
    const double Omega = precession_about_axis(material, H, {0.0, 0.0, 1.0});
    const Matrix9 jacobian = linearised_dynamics(material, k_squared, H);
    for (const int sigma : {-1, 0, 1}) {
      const auto expected = physics::linear_matrix(material, k_squared, sigma, Omega);
      const auto block = helicity_block(jacobian, sigma);
      for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 3; ++j) {
          // an entry is a sum of a few products, some of which cancel (-1/tau_ML + r, and H* = 0 at equilibrium to the
          // rounding of M_eq): rounding of the terms, of which the diagonal rates and Omega are the largest
          double terms = scale_of(expected, i, j);
          if (i < 2 && j < 2) {
            terms += std::abs(expected[i][i]) + std::abs(expected[i][1 - i]) + std::abs(Omega) +
                     material.gyromagnetic_ratio * constants::vacuum_permeability * std::abs(H.z());
          }
          EXPECT_LE(std::abs(block[i][j] - expected[i][j]), 1e-13 * terms) << i << j << " sigma = " << sigma;
        }
      }
    }
  }
}

TEST(LinearisedDynamics, HelicitiesSeparateAboutAFieldInAnyDirection) {
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    auto material = random.spin_glass();
    const Vector3<double> direction = random.vector(1.0);
    material.remanence = random.uniform(-1e4, 1e4) * direction;
    const Vector3<double> H = random.uniform(-1e6, 1e6) * direction;
    const Vector3<double> axis = field_axis(H, {material.remanence});
    const double Omega = precession_about_axis(material, H, axis);
    const double k_squared = std::pow(random.log_uniform(1e5, 1e9), 2);
    const Matrix9 jacobian = linearised_dynamics(material, k_squared, H);
    for (const int sigma : {-1, 0, 1}) {
      const auto expected = physics::linear_matrix(material, k_squared, sigma, Omega);
      const auto block = helicity_block(jacobian, sigma, axis);
      double largest = std::abs(Omega) + material.gyromagnetic_ratio * constants::vacuum_permeability * 2e6;
      for (std::size_t i = 0; i < 2; ++i) largest += std::abs(expected[i][0]) + std::abs(expected[i][1]);
      for (std::size_t i = 0; i < 2; ++i) {
        for (std::size_t j = 0; j < 2; ++j) EXPECT_LE(std::abs(block[i][j] - expected[i][j]), 1e-13 * largest);
      }
      EXPECT_LE(std::abs(block[2][2] - expected[2][2]), 1e-13 * std::abs(expected[2][2]));
      EXPECT_LE(std::abs(block[0][2] - expected[0][2]), 1e-13 * std::abs(expected[0][2]));
      EXPECT_LE(std::abs(block[2][0] - expected[2][0]), 1e-13 * std::abs(expected[2][0]));
    }
  }
}

TEST(LinearisedDynamics, TheAccumulationDoesNotPrecessInLinearResponseEq23) {
  // h* = 0 and m = 0 in equilibrium make m x h* of second order
  RandomPoints random;
  auto material = random.spin_glass();
  material.remanence = {};
  const Matrix9 still = linearised_dynamics(material, 1e14, {});
  const Matrix9 turned = linearised_dynamics(material, 1e14, {0.0, 0.0, 1e5});
  for (std::size_t i = 3; i < 6; ++i) {
    for (std::size_t j = 0; j < 9; ++j) {
      EXPECT_NEAR(turned[i][j], still[i][j], 1e-12 * std::abs(still[4][4])) << i << " " << j;
    }
  }
}

TEST(FieldAxis, IsZWithoutAFieldAndKeepsItsDirectionWhenTheFieldIsReversed) {
  EXPECT_EQ(field_axis({}, {{}}), (Vector3<double>{0.0, 0.0, 1.0}));
  EXPECT_EQ(field_axis({0.0, 0.0, -5.0}, {{0.0, 0.0, 3.0}}), (Vector3<double>{0.0, 0.0, 1.0}));
  EXPECT_EQ(field_axis({}, {{-2e-200, 0.0, 0.0}}), (Vector3<double>{1.0, 0.0, 0.0}));
  EXPECT_ANY_THROW(field_axis({1.0, 0.0, 0.0}, {{0.0, 1.0, 0.0}}));
}

}  // namespace
}  // namespace vitrispin::modes
