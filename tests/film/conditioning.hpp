#pragma once

#include <array>
#include <cmath>

#include "vitrispin/film/helicity_solution.hpp"

/// How strongly the current out of a film depends on the last digits of its parameters: no solver in doubles can do better.
namespace vitrispin::test {

struct CurrentsOut {
  film::Complex m, theta;
  double phases = 0;  ///< sum of |kappa d| over all modes
};

/// The scalar solver's currents through the right face.
inline CurrentsOut currents_out(const physics::Stack& stack, double omega, int sigma) {
  const film::FieldAxis z;
  const auto groups = film::texture_groups(stack);
  const std::vector<int> steps(stack.layers.size(), 1);
  const auto solution = film::solve_helicity({stack, z, groups, omega}, sigma, steps);
  const film::FaceState& face = solution.layers.back().nodes.back();
  CurrentsOut out{face.j, face.twist};
  for (std::size_t i = 0; i < stack.layers.size(); ++i) {
    const auto& layer = solution.layers[i];
    out.phases +=
        stack.layers[i].thickness * (std::abs(std::sqrt(layer.roots.q1)) + std::abs(std::sqrt(layer.roots.q2)));
  }
  return out;
}

/// Sum over omega, H and every parameter of every layer of |d(currents out)/d ln parameter|, relative to their size: the
/// componentwise condition number. A phase |kappa d| changes by |kappa d| times the change of ln d; where a weakly damped
/// wave is near a standing one, the transmission magnifies that by the number of its passes. By differences, whose
/// step turns no phase by more than 1e-3.
inline double condition_number(const physics::Stack& stack, double omega, int sigma) {
  using Material = physics::Material<double>;
  constexpr std::array parameters{&Material::gyromagnetic_ratio,
                                  &Material::equilibrium_susceptibility,
                                  &Material::accumulation_susceptibility,
                                  &Material::lattice_relaxation_time,
                                  &Material::accumulation_lattice_relaxation_time,
                                  &Material::cross_relaxation_time,
                                  &Material::diffusivity,
                                  &Material::spin_stiffness,
                                  &Material::anisotropy,
                                  &Material::damping};
  const CurrentsOut exact = currents_out(stack, omega, sigma);
  const double step = 1e-3 / (1 + exact.phases);
  const double scale = std::abs(exact.m) + std::abs(exact.theta);
  double sum = 0;
  const auto add = [&](const physics::Stack& changed, double frequency) {
    const CurrentsOut out = currents_out(changed, frequency, sigma);
    sum += (std::abs(out.m - exact.m) + std::abs(out.theta - exact.theta)) / (step * scale);
  };
  add(stack, omega * (1 + step));
  physics::Stack changed = stack;
  changed.H = (1 + step) * stack.H;
  add(changed, omega);
  for (std::size_t i = 0; i < stack.layers.size(); ++i) {
    const auto vary = [&](double& value) {
      if (value == 0 || !std::isfinite(value)) return;
      const double before = value;
      value *= 1 + step;
      add(changed, omega);
      value = before;
    };
    changed = stack;
    for (const auto parameter : parameters) vary(changed.layers[i].material.*parameter);
    vary(changed.layers[i].thickness);
    changed.layers[i].material.remanence = (1 + step) * stack.layers[i].material.remanence;
    add(changed, omega);
  }
  return sum;
}

}  // namespace vitrispin::test
