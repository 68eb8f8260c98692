#pragma once

#include <memory>

#include "vitrispin/dynamics/grid/helmholtz.hpp"

namespace vitrispin::dynamics::grid {

/// Whether the coefficients depend on x alone, with equal cells across it and no contact or clamp on a part of a face: layers
/// and boxes. Where x is periodic, so must the box be uniform.
bool is_layered(const Grid& grid);

/// Solves on such a grid without iteration. Waves across x (cosines, or Hartley's where periodic) decouple; along x
/// the conductances of each wave are eliminated in series and in parallel as on a line (implicit_solver.hpp).
/// Errors  none beyond rounding: normwise across x, and in sums of positive terms along it
std::unique_ptr<HelmholtzSolver> cosine_solver(const Grid& grid, const Halo& halo);

}  // namespace vitrispin::dynamics::grid
