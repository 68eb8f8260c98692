#pragma once

#include "dynamics/moderate_glass.hpp"
#include "dynamics/random_lines.hpp"

/// Stacks that hold and conduct heat.
namespace vitrispin::test {

class RandomHeat : public RandomLines {
public:
  void set_bath(physics::Boundary& face, double temperature) {
    face.temperature = temperature;
    face.thermal_conductance = chance(0.3) ? physics::perfect : log_uniform(1e4, 1e9);
  }

  /// Random layers with heat capacities, conductivities, Kapitza resistances and baths.
  physics::Stack heated_stack(int layers, int cells) {
    physics::Stack result = cut_stack(layers, cells);
    for (std::size_t l = 0; l < result.layers.size(); ++l) {
      physics::Layer& layer = result.layers[l];
      layer.name = layer.material_name = "layer " + std::to_string(l);
      layer.material.heat_capacity = log_uniform(1e3, 1e7);
      layer.material.thermal_conductivity = chance(0.1) ? 0.0 : log_uniform(1e-2, 1e3);
    }
    for (physics::Interface& interface : result.interfaces) {
      if (chance(0.5)) interface.thermal_conductance = log_uniform(1e5, 1e10);
    }
    if (chance(0.6)) set_bath(result.left, uniform(100, 300));
    if (chance(0.6)) set_bath(result.right, uniform(100, 300));
    return result;
  }

  /// Every parameter changes by a factor of up to 2 from the lowest temperature to the highest.
  void add_tables(physics::Stack& stack, double lowest, double highest) {
    for (physics::Layer& layer : stack.layers) {
      auto table = std::make_shared<physics::TemperatureTable>();
      table->T = {lowest, 0.5 * (lowest + highest), highest};
      for (int i = 0; i < 3; ++i) {
        physics::Material<double> material = layer.material;
        const double factor = log_uniform(0.5, 1);
        for (double* parameter :
             {&material.lattice_relaxation_time, &material.accumulation_lattice_relaxation_time,
              &material.cross_relaxation_time, &material.diffusivity, &material.spin_stiffness, &material.anisotropy,
              &material.damping, &material.heat_capacity, &material.thermal_conductivity})
          *parameter *= log_uniform(0.5, 2);
        material.accumulation_susceptibility *= factor;
        if (layer.material.has_texture()) material.equilibrium_susceptibility *= factor;
        table->materials.push_back(material);
      }
      layer.table = table;
    }
  }
};

/// A closed bar that conducts, of one material.
inline physics::Stack heated_bar(int cells) {
  physics::Stack stack;
  physics::Layer layer{"bar", "glass", physics::make_material(moderate_glass()), 8e-8};
  layer.material.heat_capacity = 1e6;
  layer.material.thermal_conductivity = 2;
  layer.cells = cells;
  stack.layers.push_back(layer);
  return stack;
}

/// A glass between a bath that warms it and a contact, with a spin current that heats; every parameter depends on temperature. All times
/// are of the order of 0.1 ns.
inline physics::Stack glass_with_table() {
  physics::MaterialSpecification given = moderate_glass();
  given.M0 = Vector3<double>{30, -20, 100};
  physics::Stack stack;
  physics::Layer layer{"film", "glass", {}, 6e-8};
  layer.cells = 6;
  auto table = std::make_shared<physics::TemperatureTable>();
  table->T = {5, 20, 50};
  for (const double factor : {1.0, 1.4, 2.0}) {
    physics::MaterialSpecification at = given;
    at.chi_M = *given.chi_M * factor;
    at.tau_ML = *given.tau_ML / factor;
    at.D = *given.D * factor;
    at.rho_s = *given.rho_s / factor;
    at.K = *given.K / factor;
    physics::Material<double> material = physics::make_material(at);
    material.heat_capacity = 1e4 * factor;
    material.thermal_conductivity = 0.1 * factor;
    table->materials.push_back(material);
  }
  layer.table = table;
  layer.material = table->at(10);
  stack.layers.push_back(layer);
  stack.left.accumulation = physics::AccumulationBoundary::current;
  stack.left.current = {3, 1, -2};
  stack.left.temperature = 18;
  stack.left.thermal_conductance = 1e7;
  stack.right.accumulation = physics::AccumulationBoundary::contact;
  stack.right.conductance = 20;
  stack.H = {2e3, 1e3, -3e3};
  return stack;
}

}  // namespace vitrispin::test
