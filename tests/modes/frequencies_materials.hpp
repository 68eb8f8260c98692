#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

#include "support/test_seed.hpp"
#include "vitrispin/physics/linear_matrix.hpp"

/// Materials and matrices that try a frequency solver; the seed is printed, and VITRISPIN_SEED repeats a run.
namespace vitrispin::modes {

/// Repetitions: a tenth of a second's worth, or a hundred times as many when VITRISPIN_TEST_LEVEL=long.
inline int repetitions(int quick) {
  const char* level = std::getenv("VITRISPIN_TEST_LEVEL");
  return level != nullptr && std::string(level) == "long" ? 100 * quick : quick;
}

struct Sample {
  physics::Material<double> material;
  double k = 0;
  double Omega = 0;
};

class TryingMaterials {
public:
  TryingMaterials() : engine_(test::test_seed()) {}

  double uniform(double low, double high) { return std::uniform_real_distribution<double>(low, high)(engine_); }
  double log_uniform(double low, double high) { return std::exp(uniform(std::log(low), std::log(high))); }
  double sign() { return uniform(-1, 1) < 0 ? -1.0 : 1.0; }

  /// SI values of real spin glasses with orders of magnitude to spare: rates of 1e7 to 1e16 in one matrix.
  Sample plausible() {
    physics::Material<double> material;
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
    return {material, log_uniform(1e3, 1e9), log_uniform(1e7, 1e12)};
  }

  /// Every parameter anywhere between 1/range and range, xi from 1e-15 to 1 - 1e-15, times and couplings also absent.
  Sample extreme(double range) {
    const auto any = [&] { return log_uniform(1.0 / range, range); };
    const auto or_absent = [&](double value, double absent) { return uniform(0, 1) < 0.05 ? absent : value; };
    constexpr double infinity = std::numeric_limits<double>::infinity();
    physics::Material<double> material;
    material.gyromagnetic_ratio = any();
    material.equilibrium_susceptibility = any();
    const double small = log_uniform(1e-15, 0.5);
    const double xi = uniform(0, 1) < 0.5 ? small : 1.0 - small;
    material.accumulation_susceptibility = material.equilibrium_susceptibility * xi;
    material.lattice_relaxation_time = or_absent(any(), infinity);
    material.accumulation_lattice_relaxation_time = or_absent(any(), infinity);
    material.cross_relaxation_time = or_absent(any(), infinity);
    material.diffusivity = or_absent(any(), 0.0);
    material.spin_stiffness = or_absent(any(), 0.0);
    material.anisotropy = or_absent(any(), 0.0);
    material.damping = or_absent(any(), 0.0);
    return {material, or_absent(any(), 0.0), any()};
  }

  /// A small number of either sign, of any size down to rounding, or zero.
  double nudge() { return uniform(0, 1) < 0.05 ? 0.0 : sign() * log_uniform(1e-18, 1e-1); }

  /// M and theta critically damped, w = |a - p|/2, but for a nudge; m coupled by another one. An exceptional point.
  physics::EnergyMatrix near_double() {
    const double t = log_uniform(1e-3, 1.0), e = uniform(0.01, 0.99), size = log_uniform(1e-12, 1e12);
    const double w = t * (1.0 + nudge());
    return {size * (1.0 + t),
            size * std::abs(nudge()),
            size * log_uniform(1e-6, 1e6),
            1.0 - e,
            e,
            size * size * w * w,
            size * (1.0 - t),
            size * (uniform(0, 1) < 0.5 ? 0.0 : nudge())};
  }

  /// The same with m at the same rate: three nearly equal roots, one Jordan block in the limit, or, for small t, a matrix
  /// close to a multiple of the identity.
  physics::EnergyMatrix near_triple() {
    const double t = std::abs(uniform(0, 1) < 0.5 ? nudge() : uniform(0, 0.5));
    const double e = uniform(0.01, 0.99), size = log_uniform(1e-12, 1e12);
    const double w = t * (1.0 + nudge());
    return {size * (1.0 + t),
            size * std::abs(nudge()),
            size * (1.0 + nudge()) / e,
            1.0 - e,
            e,
            size * size * w * w,
            size * (1.0 - t + nudge() * nudge()),
            size * (uniform(0, 1) < 0.5 ? 0.0 : nudge())};
  }

private:
  std::mt19937_64 engine_;
};

}  // namespace vitrispin::modes
