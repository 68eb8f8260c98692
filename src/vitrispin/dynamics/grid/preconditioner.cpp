#include "vitrispin/dynamics/grid/preconditioner.hpp"

#include "vitrispin/dynamics/grid/multigrid_cycle.hpp"

namespace vitrispin::dynamics::grid {
namespace {

/// The planes that a rank holds; of a grid in one dimension, which is one row, its only plane.
Slab planes_of(const Grid& grid, std::size_t plane_axis) {
  return grid.slowest() == plane_axis ? grid.slab() : Slab{0, 1};
}

class MultigridPreconditioner final : public Preconditioner {
public:
  MultigridPreconditioner(const Grid& grid, const Halo& halo)
      : grid_(grid),
        whole_(grid.problem()),
        stages_(whole_),
        cycle_(stages_, planes_of(grid, stages_.plane_axis()), halo) {}

  void fill(const HelmholtzSystem& system) override {
    stages_.fill(whole_, system);
    cycle_.fill();
  }

  void apply(const ConstComponents& right_p, const ConstComponents& right_theta, const Components& p,
             const Components& theta) override {
    const double matrix = cycle_.scale().matrix, turn = cycle_.scale().theta;
    each_row([&](std::size_t plane, std::size_t j, std::size_t first, std::size_t n) {
      for (std::size_t c = 0; c < 3; ++c) {
        double *to_p = cycle_.right().row(2 * c, plane, j), *to_theta = cycle_.right().row(2 * c + 1, plane, j);
        for (std::size_t i = 0; i < n; ++i) {
          to_p[i] = matrix * right_p[c][first + i];
          to_theta[i] = matrix * turn * right_theta[c][first + i];
        }
      }
    });
    cycle_.run();
    each_row([&](std::size_t plane, std::size_t j, std::size_t first, std::size_t n) {
      for (std::size_t c = 0; c < 3; ++c) {
        const double *from_p = cycle_.solution().row(2 * c, plane, j),
                     *from_theta = cycle_.solution().row(2 * c + 1, plane, j);
        for (std::size_t i = 0; i < n; ++i) {
          p[c][first + i] = from_p[i];
          theta[c][first + i] = turn * from_theta[i];
        }
      }
    });
  }

private:
  /// `visit(plane's slot, row of it, its first cell, cells)`
  template <class Visit>
  void each_row(const Visit& visit) {
    const Level<double>& level = cycle_.fine();
    const std::size_t n = level.cells_along();
    for (std::size_t plane = 0; plane < level.planes(); ++plane)
      for (std::size_t j = 0; j < level.rows(); ++j) visit(plane + 1, j, n * (j + level.rows() * plane), n);
  }

  const Grid& grid_;
  Grid whole_;
  Stages stages_;
  Cycle<double> cycle_;
};

}  // namespace

std::unique_ptr<Preconditioner> multigrid_preconditioner(const Grid& grid, const Halo& halo) {
  return std::make_unique<MultigridPreconditioner>(grid, halo);
}

}  // namespace vitrispin::dynamics::grid
