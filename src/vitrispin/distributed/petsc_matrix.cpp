#include "vitrispin/distributed/petsc_matrix.hpp"

#include "vitrispin/core/constants.hpp"

namespace vitrispin::distributed {
namespace {

using dynamics::grid::Grid;
using dynamics::grid::HelmholtzSystem;
using dynamics::grid::vacuum;
using Place = std::array<std::size_t, 3>;

/// Without links.
CellBlock ground_of(const HelmholtzSystem& system, std::uint16_t domain, double volume) {
  CellBlock block;
  if (domain == vacuum) return block;
  const auto& local = system.domains[domain];
  const double through = local.joint * local.ratio * local.ratio;
  block.has_p = true;
  block.has_theta = local.joint > 0;
  block.p = volume * (local.p_ground + through);
  if (!block.has_theta) return block;
  block.joint = volume * local.joint * local.ratio;
  block.theta = volume * (local.theta_ground + local.joint);
  block.det = volume * volume * (local.p_ground * (local.theta_ground + local.joint) + through * local.theta_ground);
  return block;
}

void add_to_diagonal(CellBlock& block, double p, double theta) {
  block.det += p * block.theta + theta * block.p + p * theta;
  block.p += p;
  block.theta += theta;
}

class Assembly {
public:
  Assembly(const Grid& grid, const HelmholtzSystem& system) : grid_(grid), system_(system) {}

  SlabMatrix run() {
    std::size_t cell = 0;
    for (std::size_t k = 0; k < grid_.count(2); ++k) {
      for (std::size_t j = 0; j < grid_.count(1); ++j) {
        for (std::size_t i = 0; i < grid_.count(0); ++i, ++cell)
          matrix_.blocks.push_back(ground_of(system_, grid_.domain()[cell], grid_.volume(i, j, k)));
      }
    }
    for (std::size_t f = 0; f < grid_.outer_faces().size(); ++f) {
      const auto& face = grid_.outer_faces()[f];
      add_to_diagonal(matrix_.blocks[face.cell], face.area * system_.w * face.conductance,
                      face.area * system_.outer_twist[f]);
    }
    for (CellBlock& block : matrix_.blocks) {
      block.ground_p = block.p;
      block.ground_theta = block.theta;
    }
    for (cell = 0; cell < grid_.cells(); ++cell) {
      if (grid_.domain()[cell] == vacuum) continue;
      const std::size_t nx = grid_.count(0), ny = grid_.count(1);
      const Place place{cell % nx, cell / nx % ny, cell / (nx * ny)};
      const double volume = grid_.volume(place[0], place[1], place[2]);
      for (std::size_t axis = 0; axis < 3; ++axis) {
        const double area = volume / grid_.widths(axis)[place[axis]];
        for (const bool after : {false, true}) add_link(place, cell, axis, after, area);
      }
    }
    for (CellBlock& block : matrix_.blocks) {
      if (!block.has_p) block.p = block.ground_p = 1;
      if (!block.has_theta) block.theta = block.ground_theta = 1;
      if (!block.has_theta) block.det = block.p;
    }
    return std::move(matrix_);
  }

private:
  void add_link(const Place& place, std::size_t cell, std::size_t axis, bool after, double area) {
    const std::size_t n = grid_.count(axis);
    const bool cut = axis == grid_.slowest(), at_end = place[axis] == (after ? n - 1 : 0);
    if (at_end && !(after ? grid_.open_after(axis) : grid_.open_before(axis))) return;
    const auto stride = static_cast<std::ptrdiff_t>(grid_.stride(axis)), here = static_cast<std::ptrdiff_t>(cell);
    std::ptrdiff_t beside = after ? here + stride : here - stride;
    if (at_end && !cut) beside += (after ? -stride : stride) * static_cast<std::ptrdiff_t>(n);
    const std::uint16_t other = grid_.domain()[beside], own = grid_.domain()[cell];
    if (other == vacuum) return;
    const std::size_t face = after ? place[axis] + 1 : place[axis];
    const auto link = after ? grid_.link(axis, face, own, other) : grid_.link(axis, face, other, own);
    const double p = area * system_.w * link.m, theta = area * link.twist / constants::vacuum_permeability;
    if (p == 0 && theta == 0) return;
    add_to_diagonal(matrix_.blocks[cell], p, theta);
    matrix_.links.push_back({cell, beside, p, theta});
  }

  const Grid& grid_;
  const HelmholtzSystem& system_;
  SlabMatrix matrix_;
};

}  // namespace

SlabMatrix slab_matrix(const Grid& grid, const HelmholtzSystem& system) {
  return Assembly(grid, system).run();
}

}  // namespace vitrispin::distributed
