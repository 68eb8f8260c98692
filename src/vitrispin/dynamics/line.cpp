#include "vitrispin/dynamics/line.hpp"

#include <fmt/format.h>

#include <cmath>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/physics/contact.hpp"
#include "vitrispin/physics/geometry.hpp"
#include "vitrispin/physics/material_build.hpp"

namespace vitrispin::dynamics {
namespace {

bool is_glass(const Segment& segment) {
  return segment.material.has_texture();
}

/// 2 D chi_m/width: from a cell's centre to its face [m/s].
double half_cell_conductance(const Segment& segment) {
  return 2 * segment.material.diffusivity * segment.material.accumulation_susceptibility / segment.width;
}

double half_cell_stiffness(const Segment& segment) {
  return is_glass(segment) ? 2 * segment.material.spin_stiffness / segment.width : 0;
}

double in_series(double a, double b) {
  if (a == 0 || b == 0) return 0;
  return 1 / (1 / a + 1 / b);
}

/// A graded layer as layers of one cell, joined as cells are. `origin`: which layer of `stack` each one comes from.
physics::Stack in_even_layers(const physics::Stack& stack, std::vector<std::size_t>& origin) {
  physics::Stack even = stack;
  even.layers.clear();
  even.interfaces.clear();
  for (std::size_t l = 0; l < stack.layers.size(); ++l) {
    if (l > 0) even.interfaces.push_back(stack.interfaces[l - 1]);
    physics::Layer layer = stack.layers[l];
    if (layer.ratio == 1 || layer.cells < 2) {
      even.layers.push_back(layer);
      origin.push_back(l);
      continue;
    }
    const std::vector<double> faces = physics::graded_faces(layer.thickness, layer.cells, layer.ratio);
    layer.cells = 1;
    for (std::size_t i = 0; i + 1 < faces.size(); ++i) {
      if (i > 0) even.interfaces.emplace_back();  // transparent
      layer.thickness = faces[i + 1] - faces[i];
      even.layers.push_back(layer);
      origin.push_back(l);
    }
  }
  return even;
}

Vector3<double> real_part(const physics::ComplexVector& v) {
  return {v[0].real(), v[1].real(), v[2].real()};
}

}  // namespace

/// `interface_conductance`: of the interface that is part of it.
void Line::add_link(double m, double twist, double interface_conductance) {
  if (m > 0 && std::isfinite(interface_conductance))
    interface_shares_.push_back({m_links_.size(), m / interface_conductance});
  m_links_.push_back(m);
  twist_links_.push_back(twist);
}

void Line::add_contact(double x, double beta, double gamma, bool outer) {
  contacts_.push_back({position_.size(), beta, gamma, outer});
  position_.push_back(x);
}

void Line::add_cells(const physics::Layer& layer) {
  if (layer.cells < 1) {
    throw InputError(
        fmt::format("layers.{}: an experiment on a grid needs `cells`, a whole number of at least 1", layer.name));
  }
  Segment segment;
  segment.layer = segments_.size();
  segment.begin = position_.size();
  segment.end = segment.begin + static_cast<std::size_t>(layer.cells);
  segment.width = layer.thickness / layer.cells;
  segment.material = layer.material;
  if (segment.material.has_equilibrium_magnetization()) {
    segment.M_eq = physics::equilibrium_magnetization(layer.material, H_);
  } else {
    segment.m_eq = layer.material.accumulation_susceptibility * H_;
  }
  for (int i = 0; i < layer.cells; ++i) {
    if (i > 0) {
      add_link(half_cell_conductance(segment) / 2, half_cell_stiffness(segment) / 2, physics::perfect);
    }
    position_.push_back(x_ + (i + 0.5) * segment.width);
  }
  x_ += layer.thickness;
  segments_.push_back(segment);
}

/// Links across interface i, to the cells of layer i + 1 that come next; a contact node between them where spin
/// mixes.
void Line::join(const physics::Stack& stack, std::size_t i) {
  const Segment& left = segments_.back();
  const physics::Layer& next = stack.layers[i + 1];
  const physics::Interface& interface = stack.interfaces[i];
  Segment right;
  right.material = next.material;
  right.width = next.thickness / next.cells;
  const double g_left = half_cell_conductance(left);
  const double g_right = half_cell_conductance(right);
  const bool mixes = interface.mixing != 0 && half_cell_stiffness(left) + half_cell_stiffness(right) > 0;
  if (!mixes) {  // without stiffness there is no torque that mixing could put on a texture
    add_link(in_series(in_series(g_left, interface.conductance), g_right),
             in_series(half_cell_stiffness(left), half_cell_stiffness(right)), interface.conductance);
    return;
  }
  const bool glass_left = is_glass(left);
  const Segment& other = glass_left ? right : left;
  if (glass_left == is_glass(right) || other.material.has_equilibrium_magnetization()) {
    throw InputError(
        fmt::format("interfaces.\"{}|{}\": spin mixing exists only between a spin glass and a metal or contact",
                    stack.layers[i].name, next.name));
  }
  const Segment& glass = glass_left ? left : right;
  const double metal = glass_left ? g_right : g_left;
  if (metal == 0) {
    throw InputError(fmt::format("interfaces.\"{}|{}\": spin mixing needs a metal with D > 0 on a grid",
                                 stack.layers[i].name, next.name));
  }
  const double Y = in_series(glass_left ? g_left : g_right, interface.conductance);
  const double kappa = half_cell_stiffness(glass);
  const auto to_glass = [&] { add_link(Y, kappa, interface.conductance); };
  const auto to_metal = [&] { add_link(metal, 0, physics::perfect); };
  glass_left ? to_glass() : to_metal();
  add_contact(x_, physics::mixing_coefficient(interface.mixing), glass.material.gyromagnetic_ratio, false);
  glass_left ? to_metal() : to_glass();
}

OuterFace Line::outer_face(const physics::Boundary& boundary, const Segment& segment, bool left) {
  OuterFace face;
  face.half_cell = half_cell_conductance(segment);
  face.twist_half = half_cell_stiffness(segment);
  face.cell = left ? segment.begin : segment.end - 1;
  const char* side = left ? "left" : "right";
  if (boundary.accumulation == physics::AccumulationBoundary::current) {
    face.takes_current = true;
    face.current = real_part(boundary.current);
    if (face.half_cell == 0) {
      throw InputError(fmt::format("boundary.{}.current: the layer there has D = 0 and cannot take it", side));
    }
  }
  if (boundary.accumulation == physics::AccumulationBoundary::contact) {
    face.contact = boundary.conductance;
    face.conductance = in_series(face.half_cell, boundary.conductance);
    face.potential = real_part(boundary.potential);
  }
  if (boundary.twist == physics::TwistBoundary::clamped) face.twist_clamp = face.twist_half;
  if (boundary.twist == physics::TwistBoundary::torque) {
    face.torque = real_part(boundary.torque);
    if (face.twist_half == 0) {
      throw InputError(fmt::format(
          "boundary.{}.twist: the layer there has no texture (or rho_s = 0) that a torque could turn", side));
    }
  }
  return face;
}

Line::Line(const physics::Stack& stack) : H_(stack.H) {
  std::vector<std::size_t> origin;
  build(in_even_layers(stack, origin));
  for (std::size_t s = 0; s < segments_.size(); ++s) segments_[s].layer = origin[s];
}

void Line::build(const physics::Stack& stack) {
  for (const physics::Layer& layer : stack.layers) {
    if (layer.cells < 1) add_cells(layer);  // tells what is missing
  }
  const auto mixes = [](const physics::Boundary& boundary, const physics::Layer& layer) {
    return boundary.accumulation == physics::AccumulationBoundary::contact && boundary.mixing != 0 &&
           layer.material.has_texture() && layer.material.spin_stiffness > 0;
  };
  const auto stiffness = [](const physics::Layer& layer) {
    return 2 * layer.material.spin_stiffness / (layer.thickness / layer.cells);
  };
  const physics::Layer& first = stack.layers.front();
  const physics::Layer& last = stack.layers.back();
  const bool mixing_left = mixes(stack.left, first);
  if (mixing_left) {
    add_contact(0, physics::mixing_coefficient(stack.left.mixing), first.material.gyromagnetic_ratio, true);
    add_link(0, stiffness(first), physics::perfect);
  }
  for (std::size_t i = 0; i < stack.layers.size(); ++i) {
    add_cells(stack.layers[i]);
    if (i + 1 < stack.layers.size()) join(stack, i);
  }
  left_ = outer_face(stack.left, segments_.front(), true);
  right_ = outer_face(stack.right, segments_.back(), false);
  if (mixing_left) left_.mixing = 0;
  if (mixes(stack.right, last)) {
    add_link(0, stiffness(last), physics::perfect);
    right_.mixing = position_.size();
    add_contact(x_, physics::mixing_coefficient(stack.right.mixing), last.material.gyromagnetic_ratio, true);
  }
}

}  // namespace vitrispin::dynamics
