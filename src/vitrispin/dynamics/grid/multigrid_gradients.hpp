#pragma once

#include <array>

#include "vitrispin/dynamics/grid/multigrid_cycle.hpp"

namespace vitrispin::dynamics::grid {

/// Conjugate gradients for the three components side by side, preconditioned by a V-cycle.
template <class Real>
class Gradients {
public:
  Gradients(const Stages& stages, Slab slab, const Halo& halo)
      : cycle_(stages, slab, halo), halo_(halo), direction_(cycle_.fine()), correction_(cycle_.fine()) {}
  void fill() { cycle_.fill(); }

  const LevelScale& scale() const { return cycle_.scale(); }
  /// The right-hand side comes in, its residual goes out; of the cycle's scale.
  LevelVector<Real>& residual() { return cycle_.right(); }
  const LevelVector<Real>& correction() const { return correction_; }
  /// correction = about A^-1 residual: until sum of r . D^-1 r, over components, is `reduction`^2 of what it was, `size`^2. Returns
  /// the iterations, `most` at most.
  long solve(double reduction, double size, long most);

private:
  using Three = std::array<double, 3>;
  Three precondition();
  Three multiply(const Three& keep);
  double update(const Three& length);
  void sum(Three& values) const;

  Cycle<Real> cycle_;
  const Halo& halo_;
  LevelVector<Real> direction_, correction_;
};

}  // namespace vitrispin::dynamics::grid
