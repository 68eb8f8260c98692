#pragma once

#include <functional>
#include <memory>

#include "vitrispin/dynamics/grid/helmholtz.hpp"

namespace vitrispin::dynamics::grid {

/// A symmetric, positive definite guess at the inverse of a HelmholtzSystem times the cells' volumes.
class Preconditioner {
public:
  virtual ~Preconditioner() = default;
  virtual void fill(const HelmholtzSystem& system) = 0;
  /// `right` is an integral over the cells. Every rank calls, each with its slab.
  virtual void apply(const ConstComponents& right_p, const ConstComponents& right_theta, const Components& p,
                     const Components& theta) = 0;
};
using PreconditionerMaker = std::function<std::unique_ptr<Preconditioner>(const Grid&, const Halo&)>;

/// One V-cycle of multigrid (multigrid_cycle.hpp) in double precision.
std::unique_ptr<Preconditioner> multigrid_preconditioner(const Grid& grid, const Halo& halo);

}  // namespace vitrispin::dynamics::grid
