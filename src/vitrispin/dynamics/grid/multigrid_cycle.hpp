#pragma once

#include <array>
#include <memory>
#include <vector>

#include "vitrispin/dynamics/grid/multigrid_transfer.hpp"

namespace vitrispin::dynamics::grid {

/// Stages from the fine grid to a few cells, with their numbers: what the cycles of every precision and rank share.
class Stages {
public:
  explicit Stages(const Grid& whole);
  void fill(const Grid& whole, const HelmholtzSystem& system);

  std::size_t plane_axis() const { return plane_axis_; }
  std::size_t levels() const { return steps_.size() + 1; }
  const Stage& level(std::size_t l) const;
  /// From level l to the next: across planes, rows of a plane, along x; nullptr where nothing merges.
  std::array<const Coarsening*, 3> merged(std::size_t l) const;
  LevelScale scale() const;

private:
  using Step = std::array<std::unique_ptr<Coarsening>, 3>;
  std::size_t plane_axis_;
  FineStage fine_;
  std::vector<Step> steps_;
};

/// A V-cycle for the fine grid's equations: two steps of Chebyshev's iteration with the inverted blocks of the diagonal before
/// and after the correction of the next level, a factorisation on the last one. Symmetric and positive definite.
/// Ranks share the levels that have work enough for them, as long as their slabs end where merged planes do (slabs.hpp); the
/// levels below every rank does for itself.
template <class Real>
class Cycle {
public:
  Cycle(const Stages& stages, Slab slab, const Halo& halo);
  void fill();

  Level<Real>& fine() { return levels_[0]->level; }
  LevelVector<Real>& right() { return levels_[0]->b; }
  LevelVector<Real>& solution() { return levels_[0]->x; }
  /// A field that is free between cycles.
  LevelVector<Real>& scratch() { return levels_[0]->step; }
  const LevelScale& scale() const { return scale_; }

  /// solution = about A^-1 right; the ends of neither are filled. Returns right . solution of each component, of this rank.
  std::array<double, 3> run() {
    run(0);
    return product_;
  }

private:
  struct OnLevel {
    OnLevel(const Stage& stage, std::size_t plane_axis, std::size_t begin, std::size_t end)
        : level(stage, plane_axis, begin, end),
          b(level),
          x(level),
          step(level),
          ring(level.cells_along(), level.rows(), 1) {}
    Level<Real> level;
    LevelVector<Real> b, x, step;
    LevelVector<Real> ring;  ///< three planes that follow one another
  };
  void run(std::size_t l);
  void smooth_from_zero(OnLevel& on);
  Slab planes_of(std::size_t l, Slab finer, bool finer_whole) const;
  void form_residual(OnLevel& on, std::size_t p);
  void restrict_residual(std::size_t l);
  void correct(std::size_t l);
  void smooth_last(OnLevel& on);
  template <class Prepare, class Visit>
  void walk(OnLevel& on, const Prepare& prepare, const Visit& visit);
  void sum_over_ranks(OnLevel& on);
  void factorise_last();
  void solve_last();

  const Stages& stages_;
  const Halo& halo_;
  LevelScale scale_;
  std::vector<std::unique_ptr<OnLevel>> levels_;
  std::vector<std::unique_ptr<Transfer<Real>>> transfers_;
  std::array<double, 3> product_{};
  std::vector<double> factor_;  ///< Cholesky's, of the last level
};

}  // namespace vitrispin::dynamics::grid
