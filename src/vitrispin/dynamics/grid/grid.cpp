#include "vitrispin/dynamics/grid/grid.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "vitrispin/core/errors.hpp"

namespace vitrispin::dynamics::grid {
namespace {

using physics::AccumulationBoundary;
using physics::TwistBoundary;

double in_series(double a, double b) {
  if (a == 0 || b == 0) return 0;
  return 1 / (1 / a + 1 / b);
}

/// 2 D chi_m/width: from a cell's centre to its face [m/s].
double half_cell_conductance(const physics::Material<double>& material, double width) {
  return 2 * material.diffusivity * material.accumulation_susceptibility / width;
}

double half_cell_stiffness(const physics::Material<double>& material, double width) {
  return material.has_texture() ? 2 * material.spin_stiffness / width : 0;
}

std::size_t last_divided_axis(const Problem& problem) {
  for (std::size_t axis = 3; axis-- > 1;) {
    if (problem.axes[axis].cells() > 1) return axis;
  }
  return 0;
}

bool is_textured(const Domain& domain) {
  return domain.material.has_texture() && domain.material.spin_stiffness > 0;
}

void check(const Problem& problem) {
  for (const auto& [pair, interface] : problem.interfaces) {
    const Domain &a = problem.domains[pair.first], &b = problem.domains[pair.second];
    if (interface.mixing != 0 && (is_textured(a) || is_textured(b))) {
      throw InputError(
          fmt::format("interfaces.\"{}|{}\": spin mixing is for experiments in one dimension; on a grid of "
                      "two or three leave out g_mix",
                      a.name, b.name));
    }
  }
}

}  // namespace

Grid::Grid(const Problem& problem) : Grid(problem, {0, problem.axes[last_divided_axis(problem)].cells()}) {}

Grid::Grid(const Problem& problem, Slab slab) : problem_(problem), slab_(slab), slowest_(last_divided_axis(problem)) {
  check(problem);
  plane_ = 1;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const Axis& whole = problem.axes[axis];
    const bool cut = axis == slowest_;
    const std::size_t n = whole.cells();
    const std::size_t begin = cut ? slab.begin : 0, end = cut ? slab.end : n;
    count_[axis] = end - begin;
    const bool around = whole.periodic && n > 1;
    open_before_[axis] = around || begin > 0;
    open_after_[axis] = around || end < n;
    widths_[axis].push_back(whole.width((begin + n - 1) % n));
    for (std::size_t i = begin; i < end; ++i) {
      widths_[axis].push_back(whole.width(i));
      centers_[axis].push_back(whole.center(i));
    }
    widths_[axis].push_back(whole.width(end % n));
    if (axis < slowest_) plane_ *= n;
  }
  stride_ = {1, count_[0], count_[0] * count_[1]};
  cells_ = count_[0] * count_[1] * count_[2];
  const std::size_t planes = problem.axes[slowest_].cells();
  const auto copy_plane = [&](std::size_t plane, bool present) {
    const auto from = problem.domain.begin() + static_cast<std::ptrdiff_t>(plane * plane_);
    if (present)
      domain_.insert(domain_.end(), from, from + static_cast<std::ptrdiff_t>(plane_));
    else
      domain_.insert(domain_.end(), plane_, vacuum);
  };
  domain_.reserve(cells_ + 2 * plane_);
  copy_plane((slab.begin + planes - 1) % planes, open_before_[slowest_]);
  for (std::size_t plane = slab.begin; plane < slab.end; ++plane) copy_plane(plane, true);
  copy_plane(slab.end % planes, open_after_[slowest_]);
  collect_outer_faces();
}

Link Grid::link(std::size_t axis, std::size_t face, std::uint16_t lower, std::uint16_t upper) const {
  if (lower == vacuum || upper == vacuum) return {};
  const auto &below = domains()[lower].material, &above = domains()[upper].material;
  const double width_below = widths_[axis][face], width_above = widths_[axis][face + 1];
  Link link;
  link.m = in_series(half_cell_conductance(below, width_below), half_cell_conductance(above, width_above));
  link.twist = in_series(half_cell_stiffness(below, width_below), half_cell_stiffness(above, width_above));
  if (lower == upper) return link;
  const auto found = problem_.interfaces.find({std::min(lower, upper), std::max(lower, upper)});
  if (found == problem_.interfaces.end() || !std::isfinite(found->second.conductance)) return link;
  link.m = in_series(link.m, found->second.conductance);
  if (link.m > 0) link.share = link.m / found->second.conductance;
  return link;
}

void Grid::add_outer_face(std::size_t cell, std::uint16_t index, double width, double area) {
  const std::uint16_t of_cell = domain()[cell];
  if (of_cell == vacuum) return;
  const physics::Boundary& boundary = problem_.boundaries[index];
  const physics::Material<double>& material = domains()[of_cell].material;
  const double stiffness = half_cell_stiffness(material, width);
  const auto name = [&] { return index < problem_.boundary_names.size() ? problem_.boundary_names[index] : ""; };
  OuterFace face;
  face.cell = cell;
  face.boundary = index;
  face.area = area;
  face.half_cell = half_cell_conductance(material, width);
  face.takes_current = boundary.accumulation == AccumulationBoundary::current;
  if (face.takes_current && face.half_cell == 0) {
    throw InputError(fmt::format("{}.current: {} there has D = 0 and cannot take it", name(), domains()[of_cell].name));
  }
  if (boundary.accumulation == AccumulationBoundary::contact) {
    if (boundary.mixing != 0 && stiffness > 0) {
      throw InputError(
          fmt::format("{}: spin mixing is for experiments in one dimension; on a grid of two or three leave "
                      "out g_mix",
                      name()));
    }
    face.contact = boundary.conductance;
    face.conductance = in_series(face.half_cell, boundary.conductance);
  }
  if (boundary.twist == TwistBoundary::clamped) face.twist_clamp = stiffness;
  if (boundary.twist == TwistBoundary::torque && stiffness == 0) {
    throw InputError(fmt::format("{}.twist: {} there has no texture (or rho_s = 0) that a torque could turn", name(),
                                 domains()[of_cell].name));
  }
  const bool plain = boundary.accumulation == AccumulationBoundary::closed && boundary.twist == TwistBoundary::free;
  if (!plain) outer_faces_.push_back(face);
}

void Grid::collect_outer_faces() {
  for (std::size_t k = 0; k < count_[2]; ++k) {
    for (std::size_t j = 0; j < count_[1]; ++j) {
      for (std::size_t i = 0; i < count_[0]; ++i) {
        const std::array<std::size_t, 3> place{i, j, k};
        for (std::size_t side = 0; side < 6; ++side) {
          const std::size_t axis = side / 2;
          const bool upper = side % 2 == 1;
          if (problem_.boundary[side].empty() || (upper ? open_after_[axis] : open_before_[axis])) continue;
          if (place[axis] != (upper ? count_[axis] - 1 : 0) || problem_.axes[axis].periodic) continue;
          const std::size_t a = axis == 0 ? 1 : 0, b = axis == 2 ? 1 : 2;  // the face's own directions, a the faster
          const std::size_t offset_a = a == slowest_ ? slab_.begin : 0, offset_b = b == slowest_ ? slab_.begin : 0;
          const std::size_t of_face = place[a] + offset_a + problem_.axes[a].cells() * (place[b] + offset_b);
          const double area = widths_[a][place[a] + 1] * widths_[b][place[b] + 1];
          add_outer_face(i + stride_[1] * j + stride_[2] * k, problem_.boundary[side][of_face],
                         widths_[axis][place[axis] + 1], area);
        }
      }
    }
  }
}

}  // namespace vitrispin::dynamics::grid
