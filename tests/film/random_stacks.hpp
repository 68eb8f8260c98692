#pragma once

#include <cmath>
#include <random>
#include <string>

#include "support/test_seed.hpp"
#include "vitrispin/physics/material_build.hpp"
#include "vitrispin/physics/stack.hpp"

/// Random valid stacks over the ranges of real films, from a printed seed (VITRISPIN_SEED repeats a run).
namespace vitrispin::test {

class RandomStacks {
public:
  RandomStacks() { random_.seed(test_seed()); }

  double uniform(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }
  double log_uniform(double low, double high) { return std::exp(uniform(std::log(low), std::log(high))); }
  bool chance(double probability) { return uniform(0, 1) < probability; }
  int integer(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

  physics::Layer glass(bool with_K = true, bool with_M0 = true) {
    physics::MaterialSpecification given;
    given.chi_M = log_uniform(1e-3, 1e-1);
    given.xi = uniform(0.01, 0.9);
    given.tau_ML = log_uniform(1e-12, 1e-8);
    given.tau_mL = log_uniform(1e-13, 1e-9);
    given.tau_Mm = log_uniform(1e-13, 1e-9);
    given.D = log_uniform(1e-6, 1e-3);
    given.rho_s = log_uniform(1e-13, 1e-10);
    given.K = with_K ? log_uniform(1, 1e4) : 0.0;
    given.alpha = chance(0.3) ? 0.0 : log_uniform(1e-9, 1e-4);
    if (with_M0 && chance(0.5)) given.M0 = Vector3<double>{0, 0, uniform(-1e3, 1e3)};
    return {"glass", "glass", physics::make_material(given), log_uniform(1e-9, 3e-7)};
  }

  physics::Layer metal() {
    physics::MaterialSpecification given;
    given.kind = physics::MaterialKind::metal;
    given.chi_m = log_uniform(1e-5, 1e-3);
    given.tau_mL = log_uniform(1e-14, 1e-11);
    given.D = log_uniform(1e-4, 1e-2);
    return {"metal", "metal", physics::make_material(given), log_uniform(1e-9, 3e-8)};
  }

  physics::Boundary contact(bool mixing) {
    physics::Boundary face;
    face.accumulation = physics::AccumulationBoundary::contact;
    face.conductance = chance(0.2) ? physics::perfect : log_uniform(1, 1e5);
    if (mixing && chance(0.5)) face.mixing = log_uniform(1e16, 1e20);
    return face;
  }

  /// A current of all three components enters at the left face; at the right is a contact.
  physics::Stack stack(int layers, bool with_K, bool with_field = true) {
    physics::Stack result;
    for (int i = 0; i < layers; ++i) result.layers.push_back(chance(0.7) ? glass(with_K, with_field) : metal());
    for (int i = 0; i + 1 < layers; ++i) {
      physics::Interface interface;
      if (chance(0.5)) interface.conductance = log_uniform(1, 1e5);
      const auto& a = result.layers[static_cast<std::size_t>(i)].material;
      const auto& b = result.layers[static_cast<std::size_t>(i) + 1].material;
      if (a.has_texture() != b.has_texture() && chance(0.5)) interface.mixing = log_uniform(1e16, 1e20);
      result.interfaces.push_back(interface);
    }
    result.left.accumulation = physics::AccumulationBoundary::current;
    result.left.current = {1.0, -0.5, 0.7};
    result.right = contact(result.layers.back().material.has_texture());
    if (with_field && chance(0.5)) result.H = {0, 0, uniform(-1e4, 1e4)};
    return result;
  }

private:
  std::mt19937_64 random_;
};

}  // namespace vitrispin::test
