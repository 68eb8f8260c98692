#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

#include "support/test_seed.hpp"
#include "vitrispin/physics/dynamics.hpp"

/// Random valid materials and states; the seed is printed, and VITRISPIN_SEED repeats a run.
namespace vitrispin::physics {

class RandomPoints {
public:
  RandomPoints() : engine_(test::test_seed()) {}

  double uniform(double low, double high) { return std::uniform_real_distribution<double>(low, high)(engine_); }
  double log_uniform(double low, double high) { return std::exp(uniform(std::log(low), std::log(high))); }
  Vector3<double> vector(double size) {
    const double x = uniform(-size, size), y = uniform(-size, size), z = uniform(-size, size);
    return {x, y, z};
  }

  /// A spin glass whose parameters span the plausible range by orders of magnitude.
  Material<double> spin_glass() {
    Material<double> material;
    material.gyromagnetic_ratio = log_uniform(1e10, 1e12);
    material.equilibrium_susceptibility = log_uniform(1e-4, 1.0);
    material.accumulation_susceptibility = material.equilibrium_susceptibility * uniform(0.01, 0.99);
    material.lattice_relaxation_time = log_uniform(1e-12, 1e-7);
    material.accumulation_lattice_relaxation_time = log_uniform(1e-12, 1e-7);
    material.cross_relaxation_time = log_uniform(1e-12, 1e-7);
    material.diffusivity = log_uniform(1e-7, 1e-2);
    material.spin_stiffness = log_uniform(1e-15, 1e-10);
    material.anisotropy = log_uniform(1e1, 1e5);
    material.damping = log_uniform(1e-9, 1e-4);
    material.remanence = vector(1e3);
    return material;
  }

  State<double> state() { return {vector(1e4), vector(1e3), vector(0.3)}; }

private:
  std::mt19937 engine_;
};

inline double size(const Vector3<double>& a) {
  return std::sqrt(dot(a, a));
}

/// |actual - expected| <= tolerance * scale, with the numbers shown.
inline ::testing::AssertionResult close(double actual, double expected, double scale, double tolerance) {
  if (std::abs(actual - expected) <= tolerance * scale) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << actual << " is not " << expected << " to " << tolerance << " of " << scale;
}

inline ::testing::AssertionResult close(const Vector3<double>& actual, const Vector3<double>& expected, double scale,
                                        double tolerance) {
  for (std::size_t i = 0; i < 3; ++i) {
    const auto result = close(actual[i], expected[i], scale, tolerance);
    if (!result) return ::testing::AssertionFailure() << "component " << i << ": " << result.message();
  }
  return ::testing::AssertionSuccess();
}

/// Formulas of a few operations, whose terms may cancel, agree to a few roundings of their largest term.
inline constexpr double rounding = 1e-14;
inline constexpr int points = 200;

}  // namespace vitrispin::physics
