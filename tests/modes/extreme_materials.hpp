#pragma once

#include "physics/random_points.hpp"

namespace vitrispin::modes {

/// A valid spin glass each of whose parameters is anywhere from 1e-30 to 1e30, some of them zero or infinite.
inline physics::Material<double> extreme_spin_glass(physics::RandomPoints& random) {
  const auto any = [&] { return random.log_uniform(1e-30, 1e30); };
  const auto any_or = [&](double special) { return random.uniform(0.0, 1.0) < 0.1 ? special : any(); };
  const double never = std::numeric_limits<double>::infinity();
  physics::Material<double> material;
  material.gyromagnetic_ratio = any();
  material.equilibrium_susceptibility = any();
  // half of them with xi of order 1, some next to 1
  const double xi = random.uniform(0.0, 1.0) < 0.5   ? random.uniform(0.01, 0.99)
                    : random.uniform(0.0, 1.0) < 0.5 ? 1.0 - random.log_uniform(1e-15, 1e-2)
                                                     : random.log_uniform(1e-30, 1.0);
  material.accumulation_susceptibility =
      std::min(xi * material.equilibrium_susceptibility, std::nextafter(material.equilibrium_susceptibility, 0.0));
  material.lattice_relaxation_time = any_or(never);
  material.accumulation_lattice_relaxation_time = any_or(never);
  material.cross_relaxation_time = any_or(never);
  material.diffusivity = any_or(0.0);
  material.spin_stiffness = any_or(0.0);
  material.anisotropy = any_or(0.0);
  material.damping = any_or(0.0);
  return material;
}

/// The limit without any dissipation or m: only M and theta, Eqs. (34)-(38).
inline physics::Material<double> undamped(physics::Material<double> material) {
  material.lattice_relaxation_time = std::numeric_limits<double>::infinity();
  material.accumulation_lattice_relaxation_time = std::numeric_limits<double>::infinity();
  material.cross_relaxation_time = std::numeric_limits<double>::infinity();
  material.diffusivity = 0.0;
  material.damping = 0.0;
  return material;
}

}  // namespace vitrispin::modes
