#pragma once

#include "film/random_stacks.hpp"
#include "vitrispin/dynamics/fields.hpp"
#include "vitrispin/dynamics/forcing.hpp"

/// Random valid stacks cut into cells, with states and forcings on them.
namespace vitrispin::test {

class RandomLines : public RandomStacks {
public:
  /// At most `cells` cells a layer; every kind of face, limits of the parameters among them.
  physics::Stack cut_stack(int layers, int cells) {
    physics::Stack result = stack(layers, chance(0.7), false);
    for (physics::Layer& layer : result.layers) {
      layer.cells = integer(1, cells);
      if (layer.material.has_texture()) {
        layer.material.remanence = vector(1e3);
        visit_limits(layer.material);
      }
    }
    result.H = vector(1e4);
    result.left = face(result.layers.front());
    result.right = face(result.layers.back());
    return result;
  }

  Vector3<double> vector(double size) { return {uniform(-size, size), uniform(-size, size), uniform(-size, size)}; }

  /// Deviations that correspond to effective fields of about `field` [A/m] and angles of about `angle`.
  dynamics::Fields<double> state(const dynamics::Line& line, double field, double angle) {
    dynamics::Fields<double> z(line.nodes());
    for (const dynamics::Segment& segment : line.segments()) {
      const auto& material = segment.material;
      for (std::size_t k = 0; k < 3; ++k) {
        for (std::size_t i = segment.begin; i < segment.end; ++i) {
          z.m(k)[i] = material.accumulation_susceptibility * uniform(-field, field);
          if (!material.has_texture()) continue;
          z.M(k)[i] = material.equilibrium_susceptibility * uniform(-field, field);
          z.theta(k)[i] = uniform(-angle, angle);
        }
      }
    }
    for (const dynamics::ContactNode& contact : line.contacts()) {
      for (std::size_t k = 0; k < 3; ++k) z.theta(k)[contact.node] = uniform(-angle, angle);
    }
    return z;
  }

  dynamics::Forcing forcing(const dynamics::Line& line, double field) {
    dynamics::Forcing forcing = dynamics::constant_forcing(line);
    for (auto& component : forcing.field) {
      if (chance(0.2)) continue;  // a component that does not change is empty
      for (std::size_t i = 0; i < line.nodes(); ++i) component.push_back(uniform(-field, field));
    }
    for (double& K : forcing.anisotropy) K *= uniform(0.5, 2);
    return forcing;
  }

  double closeness = 1e-6;  ///< of the limit xi -> 1

private:
  void visit_limits(physics::Material<double>& material) {
    if (chance(0.15)) material.damping = 0;
    if (chance(0.15)) material.anisotropy = 0;
    if (chance(0.1)) material.diffusivity = 0;
    if (chance(0.1)) material.spin_stiffness = 0;
    if (chance(0.1)) material.accumulation_susceptibility = material.equilibrium_susceptibility * (1 - closeness);
    if (chance(0.1)) material.cross_relaxation_time = std::numeric_limits<double>::infinity();
    if (chance(0.1)) material.lattice_relaxation_time = std::numeric_limits<double>::infinity();
    if (chance(0.1)) material.accumulation_lattice_relaxation_time = std::numeric_limits<double>::infinity();
  }

  physics::Boundary face(const physics::Layer& layer) {
    physics::Boundary result;
    const bool textured = layer.material.has_texture() && layer.material.spin_stiffness > 0;
    const auto complex = [&](double size) {
      const Vector3<double> v = vector(size);
      return physics::ComplexVector{v[0], v[1], v[2]};
    };
    if (chance(0.3) && layer.material.diffusivity > 0) {
      result.accumulation = physics::AccumulationBoundary::current;
      result.current = complex(1);
    } else if (chance(0.6)) {
      result = contact(textured);
      result.potential = complex(100);
    }
    if (textured && result.mixing == 0) {
      if (chance(0.25))
        result.twist = physics::TwistBoundary::clamped;
      else if (chance(0.25)) {
        result.twist = physics::TwistBoundary::torque;
        result.torque = complex(1e-6);
      }
    }
    return result;
  }
};

}  // namespace vitrispin::test
