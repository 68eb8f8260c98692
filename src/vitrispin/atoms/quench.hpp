#pragma once

#include "vitrispin/atoms/energy.hpp"

/// From any state to a metastable one.
namespace vitrispin::atoms {

struct QuenchSettings {
  double tolerance = 1e-12;  ///< of residual_torque
  int sweeps = 60;           ///< of aligning and overrelaxation, before Newton's method
  int most_steps = 2000;     ///< of Newton's method
  double first_step = 0.1;   ///< radius of the first one, per spin [rad]
  bool held = false;         ///< the orientation stays, whatever torque acts on the whole: only the rest is relaxed
};

struct Quench {
  Spins spins;
  double energy = 0;           ///< [J]
  double residual_torque = 0;  ///< largest, relative to the local field
  int steps = 0;               ///< of Newton's method
};

/// Uniform directions, named by the start's number.
Spins random_spins(std::uint32_t seed, std::uint32_t sample, std::uint32_t start, const Sites& sites);

/// Aligns each spin with its field, with overrelaxation between, then Newton's method in a trust region on the product
/// of spheres, by conjugate gradients that stop at negative curvature.
/// Errors  ConvergenceError if the torque stays above the tolerance
Quench quench(const Couplings& couplings, Spins start, const Vector3<double>& field = {},
              const QuenchSettings& settings = {});

}  // namespace vitrispin::atoms
