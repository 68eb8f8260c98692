#pragma once

#include "vitrispin/dynamics/grid/problem.hpp"
#include "vitrispin/physics/geometry.hpp"

namespace vitrispin::dynamics::grid {

/// Layers, regions, faces and patches as what every cell and every outer face is. Domains are the layers in their order, then the
/// regions that are not vacuum.
/// Valid   what the reader has checked: layers with cells, regions that cover some
Problem build_problem(const physics::Stack& stack, const physics::Geometry& geometry,
                      std::vector<physics::Drive> drives);

/// The material of a domain, with what is in equilibrium in it in the field H at the start.
void set_material(Domain& domain, const physics::Material<double>& material, const Vector3<double>& H);

}  // namespace vitrispin::dynamics::grid
