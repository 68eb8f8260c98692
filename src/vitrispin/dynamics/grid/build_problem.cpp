#include "vitrispin/dynamics/grid/build_problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "vitrispin/core/errors.hpp"

namespace vitrispin::dynamics::grid {
namespace {

using physics::Geometry;
using physics::Region;
using physics::Stack;

template <class Part>
Domain domain_of(const Part& part, const Vector3<double>& H) {
  Domain domain{part.name, part.material_name, part.material, {}, {}, part.table};
  set_material(domain, part.material, H);
  return domain;
}

/// The layer of each cell along x; `vacuum` beyond the layers.
std::vector<std::uint16_t> layers_along_x(const Stack& stack, const Axis& x) {
  std::vector<std::uint16_t> layers;
  double thickness = 0;
  for (const physics::Layer& layer : stack.layers) thickness += layer.thickness;
  for (std::size_t i = 0; i < x.cells(); ++i) {
    const double center = x.center(i);
    std::uint16_t found = vacuum;
    double right = 0;
    for (std::size_t l = 0; l < stack.layers.size() && center > 0 && center < thickness && found == vacuum; ++l) {
      right += stack.layers[l].thickness;
      if (center < right || l + 1 == stack.layers.size()) found = static_cast<std::uint16_t>(l);
    }
    layers.push_back(found);
  }
  return layers;
}

void add_interfaces(const Stack& stack, const Geometry& geometry, Problem& problem) {
  const auto index_of = [&](const std::string& name) -> std::optional<std::uint16_t> {
    for (std::size_t d = 0; d < problem.domains.size(); ++d) {
      if (problem.domains[d].name == name) return static_cast<std::uint16_t>(d);
    }
    return std::nullopt;
  };
  for (std::size_t i = 0; i < stack.interfaces.size(); ++i) {
    problem.interfaces[{static_cast<std::uint16_t>(i), static_cast<std::uint16_t>(i + 1)}] = stack.interfaces[i];
  }
  for (const physics::NamedInterface& named : geometry.interfaces) {
    const auto first = index_of(named.first);
    const auto second = index_of(named.second);
    if (!first || !second) continue;  // of a region of vacuum
    problem.interfaces[{std::min(*first, *second), std::max(*first, *second)}] = named.interface;
  }
}

void add_boundaries(const Stack& stack, const Geometry& geometry, Problem& problem) {
  const std::size_t dimensions = geometry.dimensions();
  const auto add = [&](const physics::Boundary& boundary, const std::string& name) {
    problem.boundaries.push_back(boundary);
    problem.boundary_names.push_back(name);
    return static_cast<std::uint16_t>(problem.boundaries.size() - 1);
  };
  for (std::size_t f = 0; f < 2 * dimensions; ++f) {
    const std::size_t axis = f / 2;
    if (problem.axes[axis].periodic) continue;
    const std::size_t a = axis == 0 ? 1 : 0;
    const std::size_t b = axis == 2 ? 1 : 2;
    const physics::Boundary& boundary = f == left ? stack.left : f == right ? stack.right : geometry.faces[f - 2];
    problem.boundary[f].assign(problem.axes[a].cells() * problem.axes[b].cells(),
                               add(boundary, physics::face_names[f]));
  }
  for (const physics::Patch& patch : geometry.patches) {
    const std::size_t axis = patch.face / 2;
    const std::size_t a = axis == 0 ? 1 : 0;
    const std::size_t b = axis == 2 ? 1 : 2;
    const physics::CellRange fast = physics::nearest_cells(problem.axes[a].faces, patch.ranges[a]);
    const physics::CellRange slow = physics::nearest_cells(problem.axes[b].faces, patch.ranges[b]);
    const std::uint16_t index = add(patch.boundary, patch.name);
    for (std::size_t j = slow.begin; j < slow.end; ++j) {
      for (std::size_t i = fast.begin; i < fast.end; ++i) {
        problem.boundary[patch.face][i + problem.axes[a].cells() * j] = index;
      }
    }
  }
}

}  // namespace

void set_material(Domain& domain, const physics::Material<double>& material, const Vector3<double>& H) {
  domain.material = material;
  if (material.has_equilibrium_magnetization()) {
    domain.M_eq = physics::equilibrium_magnetization(material, H);
  } else {
    for (std::size_t k = 0; k < 3; ++k) domain.m_eq[k] = material.accumulation_susceptibility * H[k];
  }
}

Problem build_problem(const Stack& stack, const Geometry& geometry, std::vector<physics::Drive> drives) {
  Problem problem;
  std::array<std::vector<double>, 3> faces;
  for (std::size_t a = 0; a < 3; ++a) {
    faces[a] = physics::faces_along(stack, geometry, a);
    problem.axes[a].faces = faces[a];
  }
  problem.axes[1].periodic = geometry.y.periodic;
  problem.axes[2].periodic = geometry.z.periodic;
  problem.H = stack.H;
  for (const physics::Layer& layer : stack.layers) {
    problem.domains.push_back(domain_of(layer, stack.H));
  }
  const std::vector<std::uint16_t> layers = layers_along_x(stack, problem.axes[0]);
  problem.domain.reserve(problem.cells());
  for (std::size_t row = 0; row < problem.axes[1].cells() * problem.axes[2].cells(); ++row) {
    problem.domain.insert(problem.domain.end(), layers.begin(), layers.end());
  }
  for (const Region& region : geometry.regions) {
    std::uint16_t index = vacuum;
    if (!region.is_vacuum()) {
      if (problem.domains.size() >= vacuum) throw InputError("there are more layers and regions than 65534");
      index = static_cast<std::uint16_t>(problem.domains.size());
      problem.domains.push_back(domain_of(region, stack.H));
    }
    const physics::RegionCells cells(region, faces);
    for (std::size_t k = cells.begin(2); k < cells.end(2); ++k) {
      for (std::size_t j = cells.begin(1); j < cells.end(1); ++j) {
        for (std::size_t i = cells.begin(0); i < cells.end(0); ++i) {
          if (cells.holds(i, j, k)) problem.domain[problem.cell(i, j, k)] = index;
        }
      }
    }
  }
  add_interfaces(stack, geometry, problem);
  add_boundaries(stack, geometry, problem);
  problem.drives = std::move(drives);
  return problem;
}

}  // namespace vitrispin::dynamics::grid
