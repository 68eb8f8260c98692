// ARK4(3)6L[2]SA: order conditions of both parts and of their coupling, stability of the implicit part.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <complex>
#include <numbers>

#include "vitrispin/dynamics/runge_kutta.hpp"

namespace vitrispin::dynamics {
namespace {

constexpr std::size_t stages = AdditiveTableau::stages;
using Row = std::array<double, stages>;
using Matrix = std::array<Row, stages>;

Row times(const Matrix& A, const Row& v) {
  Row result{};
  for (std::size_t i = 0; i < stages; ++i) {
    for (std::size_t j = 0; j < stages; ++j) result[i] += A[i][j] * v[j];
  }
  return result;
}
Row product(const Row& a, const Row& b) {
  Row result{};
  for (std::size_t i = 0; i < stages; ++i) result[i] = a[i] * b[i];
  return result;
}
double sum(const Row& b, const Row& v) {
  double total = 0;
  for (std::size_t i = 0; i < stages; ++i) total += b[i] * v[i];
  return total;
}

// the coefficients are ratios of up to 17 digits, each rounded once
constexpr double rounding = 1e-14;

TEST(AdditiveTableau, TimesAreTheRowSumsOfBothParts) {
  const AdditiveTableau& t = ark436();
  const Row ones{1, 1, 1, 1, 1, 1};
  const Row implicit = times(t.implicit_part, ones), explicit_ = times(t.explicit_part, ones);
  for (std::size_t i = 0; i < stages; ++i) {
    EXPECT_NEAR(implicit[i], t.times[i], rounding);
    EXPECT_NEAR(explicit_[i], t.times[i], rounding);
  }
}

TEST(AdditiveTableau, ImplicitPartIsDiagonallyImplicitWithOneCoefficientAndExplicitPartIsExplicit) {
  const AdditiveTableau& t = ark436();
  for (std::size_t i = 0; i < stages; ++i) {
    EXPECT_EQ(t.implicit_part[i][i], i == 0 ? 0 : t.diagonal);
    for (std::size_t j = i; j < stages; ++j) {
      EXPECT_EQ(t.explicit_part[i][j], 0);
      if (j > i) {
        EXPECT_EQ(t.implicit_part[i][j], 0);
      }
    }
  }
}

/// Trees of up to four nodes; every inner node may be of either part: all coupled conditions of order 4.
TEST(AdditiveTableau, OrderConditionsHoldToFourthOrderCoupledOnesToo) {
  const AdditiveTableau& t = ark436();
  const Row& b = t.weights;
  const Row& c = t.times;
  EXPECT_NEAR(sum(b, {1, 1, 1, 1, 1, 1}), 1, rounding);
  EXPECT_NEAR(sum(b, c), 1.0 / 2, rounding);
  EXPECT_NEAR(sum(b, product(c, c)), 1.0 / 3, rounding);
  EXPECT_NEAR(sum(b, product(c, product(c, c))), 1.0 / 4, rounding);
  for (const Matrix* A : {&t.implicit_part, &t.explicit_part}) {
    EXPECT_NEAR(sum(b, times(*A, c)), 1.0 / 6, rounding);
    EXPECT_NEAR(sum(b, product(c, times(*A, c))), 1.0 / 8, rounding);
    EXPECT_NEAR(sum(b, times(*A, product(c, c))), 1.0 / 12, rounding);
    for (const Matrix* B : {&t.implicit_part, &t.explicit_part}) {
      EXPECT_NEAR(sum(b, times(*A, times(*B, c))), 1.0 / 24, rounding);
    }
  }
}

TEST(AdditiveTableau, EmbeddedWeightsAreOfOrderThreeAndNotFour) {
  const AdditiveTableau& t = ark436();
  const Row& b = t.embedded;
  const Row& c = t.times;
  EXPECT_NEAR(sum(b, {1, 1, 1, 1, 1, 1}), 1, rounding);
  EXPECT_NEAR(sum(b, c), 1.0 / 2, rounding);
  EXPECT_NEAR(sum(b, product(c, c)), 1.0 / 3, rounding);
  for (const Matrix* A : {&t.implicit_part, &t.explicit_part}) EXPECT_NEAR(sum(b, times(*A, c)), 1.0 / 6, rounding);
  EXPECT_GT(std::abs(sum(b, product(c, product(c, c))) - 1.0 / 4), 1e-4);
}

TEST(AdditiveTableau, ImplicitPartHasStageOrderTwo) {
  const AdditiveTableau& t = ark436();
  const Row Ac = times(t.implicit_part, t.times);
  for (std::size_t i = 1; i < stages; ++i) EXPECT_NEAR(Ac[i], t.times[i] * t.times[i] / 2, rounding) << i;
}

TEST(AdditiveTableau, ImplicitPartIsStifflyAccurate) {
  const AdditiveTableau& t = ark436();
  for (std::size_t j = 0; j < stages; ++j) EXPECT_EQ(t.implicit_part[stages - 1][j], t.weights[j]);
}

/// R(z) = 1 + z b (1 - z A)^-1 1.
std::complex<double> stability(std::complex<double> z, const Matrix& A = ark436().implicit_part) {
  const AdditiveTableau& t = ark436();
  std::array<std::complex<double>, stages> k{};
  std::complex<double> result = 1;
  for (std::size_t i = 0; i < stages; ++i) {
    std::complex<double> value = 1;
    for (std::size_t j = 0; j < i; ++j) value += z * A[i][j] * k[j];
    k[i] = value / (1.0 - z * A[i][i]);
    result += z * t.weights[i] * k[i];
  }
  return result;
}

TEST(AdditiveTableau, ImplicitPartIsAStable) {
  // |R| <= 1 on the imaginary axis and no pole to its left prove it; the half plane is looked at as well
  for (int n = -400; n <= 400; ++n) {
    const double y = std::sinh(n * 0.03);
    EXPECT_LE(std::abs(stability({0, y})), 1 + rounding) << y;
    for (int m = 0; m < 40; ++m) EXPECT_LE(std::abs(stability({-std::sinh(m * 0.3), y})), 1 + rounding) << y;
  }
}

TEST(AdditiveTableau, ExplicitPartIsStableInAlmostAHalfCircle) {
  // what docs/dynamics.md states of method "explicit"
  for (int n = 0; n <= 90; ++n) {
    const double angle = std::numbers::pi / 2 * (1 + n / 90.0);
    for (double r = 0; r < (n == 0 ? 3.99 : n == 90 ? 4.21 : 3.6); r += 0.01)
      EXPECT_LE(std::abs(stability(std::polar(r, angle), ark436().explicit_part)), 1 + rounding) << r << " " << n;
  }
  for (const double angle : {0.5, 0.75, 1.0})
    EXPECT_GT(std::abs(stability(std::polar(4.6, angle * std::numbers::pi), ark436().explicit_part)), 1.05) << angle;
}

TEST(AdditiveTableau, ImplicitPartForgetsInfinitelyFastModes) {
  for (const double angle : {0.0, 0.5, 1.0, 1.5, -0.5, -1.5}) {
    // R falls as 1/z
    const double size = 1e8;
    EXPECT_LE(std::abs(stability(-std::polar(size, angle))), 100 / size);
  }
}

}  // namespace
}  // namespace vitrispin::dynamics
