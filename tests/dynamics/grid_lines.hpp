#pragma once

#include "dynamics/random_lines.hpp"
#include "vitrispin/dynamics/grid/grid.hpp"
#include "vitrispin/dynamics/line.hpp"

/// A stack of layers as a problem on a grid: along any direction, uniform across it.
namespace vitrispin::test {

struct Replica {
  std::size_t axis = 0;                    ///< along which the stack stands
  std::array<std::size_t, 3> counts{};     ///< cells across it; that along it is the stack's
  std::array<double, 3> lengths{1, 1, 1};  ///< of a cell across it [m]
  bool periodic = false;                   ///< across it
};

/// Layers are domains 0, 1, ...; boundary 0 is closed, 1 the stack's left, 2 its right.
inline dynamics::grid::Problem problem_of(const physics::Stack& stack, const Replica& replica) {
  dynamics::grid::Problem problem;
  std::vector<double> faces{0.0};
  std::vector<std::uint16_t> along;
  for (std::size_t s = 0; s < stack.layers.size(); ++s) {
    const physics::Layer& layer = stack.layers[s];
    dynamics::grid::Domain domain{layer.name, layer.material_name, layer.material, {}, {}};
    if (layer.material.has_equilibrium_magnetization())
      domain.M_eq = physics::equilibrium_magnetization(layer.material, stack.H);
    else
      domain.m_eq = layer.material.accumulation_susceptibility * stack.H;
    problem.domains.push_back(domain);
    const double begin = faces.back(), width = layer.thickness / layer.cells;
    for (int i = 1; i <= layer.cells; ++i) {
      faces.push_back(begin + i * width);
      along.push_back(static_cast<std::uint16_t>(s));
    }
    if (s > 0)
      problem.interfaces[{static_cast<std::uint16_t>(s - 1), static_cast<std::uint16_t>(s)}] = stack.interfaces[s - 1];
  }
  for (std::size_t axis = 0; axis < 3; ++axis) {
    dynamics::grid::Axis& a = problem.axes[axis];
    if (axis == replica.axis) {
      a.faces = faces;
      continue;
    }
    a.periodic = replica.periodic && replica.counts[axis] > 1;
    a.faces.clear();
    for (std::size_t i = 0; i <= replica.counts[axis]; ++i)
      a.faces.push_back(replica.lengths[axis] * static_cast<double>(i));
  }
  for (std::size_t k = 0; k < problem.axes[2].cells(); ++k) {
    for (std::size_t j = 0; j < problem.axes[1].cells(); ++j) {
      for (std::size_t i = 0; i < problem.axes[0].cells(); ++i)
        problem.domain.push_back(along[std::array<std::size_t, 3>{i, j, k}[replica.axis]]);
    }
  }
  problem.boundaries = {physics::Boundary{}, stack.left, stack.right};
  problem.boundary_names = {"closed", "left", "right"};
  for (std::size_t side = 0; side < 6; ++side) {
    const std::size_t axis = side / 2, a = axis == 0 ? 1 : 0, b = axis == 2 ? 1 : 2;
    const auto index = static_cast<std::uint16_t>(axis == replica.axis ? 1 + side % 2 : 0);
    problem.boundary[side].assign(problem.axes[a].cells() * problem.axes[b].cells(), index);
  }
  problem.H = stack.H;
  return problem;
}

/// The cell of the stack that a cell of the grid repeats.
inline std::size_t repeated(const dynamics::grid::Problem& problem, const Replica& replica, std::size_t cell) {
  const std::size_t nx = problem.axes[0].cells(), ny = problem.axes[1].cells();
  return std::array<std::size_t, 3>{cell % nx, cell / nx % ny, cell / (nx * ny)}[replica.axis];
}

inline dynamics::Fields<double> spread(const dynamics::grid::Problem& problem, const Replica& replica,
                                       const dynamics::Fields<double>& z) {
  dynamics::Fields<double> result(problem.cells());
  for (std::size_t f = 0; f < 9; ++f) {
    for (std::size_t cell = 0; cell < problem.cells(); ++cell)
      result.values()[f * problem.cells() + cell] = z.values()[f * z.nodes() + repeated(problem, replica, cell)];
  }
  return result;
}

/// Random stacks without spin mixing, which is for lines.
inline physics::Stack plain_stack(RandomLines& random, int layers, int cells) {
  physics::Stack stack = random.cut_stack(layers, cells);
  for (physics::Interface& interface : stack.interfaces) interface.mixing = 0;
  for (std::size_t s = 0; s < stack.layers.size(); ++s)
    stack.layers[s].name = stack.layers[s].material_name = "layer " + std::to_string(s);
  stack.left.mixing = stack.right.mixing = 0;
  return stack;
}

/// Along any direction, in one, two or three dimensions.
inline Replica random_replica(RandomLines& random) {
  Replica replica;
  replica.axis = static_cast<std::size_t>(random.integer(0, 2));
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const bool divided = random.chance(0.6);
    replica.counts[axis] = divided ? static_cast<std::size_t>(random.integer(2, 5)) : 1;
    replica.lengths[axis] = divided ? random.log_uniform(1e-9, 1e-7) : 1.0;
  }
  replica.periodic = random.chance(0.5);
  return replica;
}

}  // namespace vitrispin::test
