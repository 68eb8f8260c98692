#include "vitrispin/dynamics/grid/multigrid_cycle.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vitrispin::dynamics::grid {
namespace {

/// Two steps of Chebyshev's iteration on the eigenvalues of D^-1 A from `highest`/`spread` to `highest`, 2, which they cannot
/// exceed: D - A and A - D add up differences and sums of neighbours squared.
struct Chebyshev {
  static constexpr double highest = 2, spread = 6;
  static constexpr double middle = 0.5 * (highest + highest / spread), half = 0.5 * (highest - highest / spread);
  static constexpr double sigma = middle / half, rho = 1 / (2 * sigma - 1 / sigma);
  static constexpr double first = 1 / middle;       ///< of D^-1 r in the first step
  static constexpr double keep = rho / sigma;       ///< of the first step in the second
  static constexpr double factor = 2 * rho / half;  ///< of D^-1 r in the second step
};

constexpr std::size_t few_cells = 24;

std::size_t last_divided_axis(const Grid& grid) {
  return grid.count(2) > 1 ? 2 : 1;
}

}  // namespace

Stages::Stages(const Grid& whole) : plane_axis_(last_divided_axis(whole)), fine_(whole) {
  const Stage* last = &fine_.stage;
  for (auto& merging : merging_plan(whole, std::min(few_cells, whole.cells() - 1))) {
    Step step;
    const std::size_t order[3] = {plane_axis_, plane_axis_ == 2 ? 1UL : 2UL, 0};
    for (std::size_t d = 0; d < 3; ++d) {
      if (merging[order[d]].empty()) continue;
      step[d] = std::make_unique<Coarsening>(*last, order[d], std::move(merging[order[d]]));
      last = &step[d]->coarse;
    }
    steps_.push_back(std::move(step));
  }
}

void Stages::fill(const Grid& whole, const HelmholtzSystem& system) {
  fine_.fill(whole, system);
  const Stage* last = &fine_.stage;
  for (Step& step : steps_) {
    for (auto& coarsening : step) {
      if (!coarsening) continue;
      coarsening->fill(*last);
      last = &coarsening->coarse;
    }
  }
}

const Stage& Stages::level(std::size_t l) const {
  if (l == 0) return fine_.stage;
  for (std::size_t d = 3; d-- > 0;)
    if (steps_[l - 1][d]) return steps_[l - 1][d]->coarse;
  return fine_.stage;
}

std::array<const Coarsening*, 3> Stages::merged(std::size_t l) const {
  return {steps_[l][0].get(), steps_[l][1].get(), steps_[l][2].get()};
}

LevelScale Stages::scale() const {
  double pp = 0, tt = 0;
  for (const RowTable& table : fine_.stage.tables) {
    for (std::size_t i = 0; i + 1 < table.stride; ++i) {
      double links[2] = {table[RowTable::x_p][i + 1], table[RowTable::x_t][i + 1]};
      for (std::size_t a = RowTable::x_p; a <= RowTable::z_after_t; ++a) links[a % 2] += table[a][i];
      pp = std::max(pp, table[RowTable::ground_pp][i] + links[0]);
      tt = std::max(tt, table[RowTable::ground_tt][i] + links[1]);
    }
  }
  return {pp > 0 ? 1 / pp : 1, pp > 0 && tt > 0 ? std::sqrt(pp / tt) : 1};
}

template <class Real>
Cycle<Real>::Cycle(const Stages& stages, Slab slab, const Halo& halo) : stages_(stages), halo_(halo) {
  for (std::size_t l = 0; l < stages.levels(); ++l) {
    const Stage& stage = stages.level(l);
    if (l > 0) slab = planes_of(l, slab, levels_[l - 1]->level.whole());
    levels_.push_back(std::make_unique<OnLevel>(stage, stages.plane_axis(), slab.begin, slab.end));
    if (l > 0)
      transfers_.push_back(std::make_unique<Transfer<Real>>(levels_[l - 1]->level, levels_[l]->level,
                                                            stages.plane_axis(), stages.merged(l - 1)));
  }
}

/// The planes of level l that this rank has, where those of the finer one are `finer`.
template <class Real>
Slab Cycle<Real>::planes_of(std::size_t l, Slab finer, bool finer_whole) const {
  constexpr std::size_t worth_sharing = 4096;  // cells, below which messages take longer than the work
  const Stage& stage = stages_.level(l);
  const Slab all{0, stage.count[stages_.plane_axis()]};
  if (finer_whole) return all;
  Slab slab = finer;
  bool fits = stage.cells() >= worth_sharing;
  if (const Coarsening* merged = stages_.merged(l - 1)[0]; merged != nullptr) {
    const auto begins = [&](std::size_t plane) {
      return std::binary_search(merged->begin.begin(), merged->begin.end(), plane);
    };
    fits = fits && begins(finer.begin) && begins(finer.end);
    slab = {merged->parent[finer.begin], merged->parent[finer.end - 1] + 1UL};
  }
  return halo_.largest(fits ? 0 : 1) == 0 ? slab : all;
}

template <class Real>
void Cycle<Real>::fill() {
  scale_ = stages_.scale();
  for (auto& on : levels_) on->level.fill(scale_);
  for (auto& transfer : transfers_) transfer->fill();
  factorise_last();
}

/// Plane after plane: `prepare` puts a plane into the ring, those beyond the ends too, one ahead of `visit`, which may therefore
/// write where `prepare` reads. `visit` gets the slots of the plane and of those before and after.
template <class Real>
template <class Prepare, class Visit>
void Cycle<Real>::walk(OnLevel& on, const Prepare& prepare, const Visit& visit) {
  const Level<Real>& level = on.level;
  const auto planes = static_cast<std::ptrdiff_t>(level.planes());
  const auto slot_of = [](std::ptrdiff_t p) { return static_cast<std::size_t>((p + 3) % 3); };
  for (std::ptrdiff_t p = -1; p <= planes; ++p) {
    const std::size_t slot = slot_of(p);
    for (std::size_t j = 0; j < level.rows(); ++j) {
      Real* to[fields];
      for (std::size_t f = 0; f < fields; ++f) to[f] = on.ring.row(f, slot, j);
      if (level.has_plane(p))
        prepare(p, j, to);
      else
        for (Real* row : to) std::fill_n(row, level.cells_along(), Real(0));
      for (Real* row : to) level.close_row(row);
    }
    const std::ptrdiff_t at = p - 1;
    if (at < 0) continue;
    for (std::size_t j = 0; j < level.rows(); ++j) {
      const RowMatrix<Real> A = level.matrix(at, j);
      for (std::size_t c = 0; c < 3; ++c)
        visit(static_cast<std::size_t>(at), j, c, A, level.beside(on.ring, slot_of(at), slot_of(at - 1), slot, j, c));
    }
  }
}

template <class Real>
void Cycle<Real>::smooth_from_zero(OnLevel& on) {
  on.level.fill_ends(on.b, halo_);
  const std::size_t n = on.level.cells_along();
  walk(
      on,
      [&](std::ptrdiff_t p, std::size_t j, Real* const to[fields]) {
        const RowMatrix<Real> A = on.level.matrix(p, j);
        for (std::size_t c = 0; c < 3; ++c) {
          const auto slot = static_cast<std::size_t>(p + 1);
          const Real* const b[2] = {on.b.row(2 * c, slot, j), on.b.row(2 * c + 1, slot, j)};
          scale_row(n, A, static_cast<Real>(Chebyshev::first), b, to + 2 * c);
        }
      },
      [&](std::size_t p, std::size_t j, std::size_t c, const RowMatrix<Real>& A, const RowValues<Real>& x) {
        const Real* const b[2] = {on.b.row(2 * c, p + 1, j), on.b.row(2 * c + 1, p + 1, j)};
        Real* const out[2] = {on.x.row(2 * c, p + 1, j), on.x.row(2 * c + 1, p + 1, j)};
        Real* const no_step[2] = {nullptr, nullptr};
        const Smoothing<Real> second{static_cast<Real>(1 + Chebyshev::keep), 0, static_cast<Real>(Chebyshev::factor)};
        smooth_row(n, A, second, x, b, no_step, false, out);
        on.level.close_row(out[0]);
        on.level.close_row(out[1]);
      });
}

template <class Real>
void Cycle<Real>::form_residual(OnLevel& on, std::size_t p) {
  for (std::size_t j = 0; j < on.level.rows(); ++j) {
    const RowMatrix<Real> A = on.level.matrix(static_cast<std::ptrdiff_t>(p), j);
    for (std::size_t c = 0; c < 3; ++c) {
      const Real* const b[2] = {on.b.row(2 * c, p + 1, j), on.b.row(2 * c + 1, p + 1, j)};
      Real* const out[2] = {on.step.row(2 * c, p + 1, j), on.step.row(2 * c + 1, p + 1, j)};
      residual_row(on.level.cells_along(), A, on.level.beside(on.x, p + 1, p, p + 2, j, c), b, out);
    }
  }
}

/// The residual, plane after plane, and what it is on the next level: as soon as it is known, unless ranks share that level and
/// the planes beside are needed.
template <class Real>
void Cycle<Real>::restrict_residual(std::size_t l) {
  OnLevel &on = *levels_[l], &next = *levels_[l + 1];
  on.level.fill_ends(on.x, halo_);
  std::size_t p = 0;
  if (!next.level.whole()) {
    for (; p < on.level.planes(); ++p) form_residual(on, p);
    on.level.fill_ends(on.step, halo_);
  }
  for (std::size_t K = next.level.begin(); K < next.level.begin() + next.level.planes(); ++K) {
    for (; p < transfers_[l]->planes_for(K); ++p) form_residual(on, p);
    transfers_[l]->restrict_plane(K, on.step, next.b);
  }
  if (!on.level.whole() && next.level.whole()) sum_over_ranks(next);
}

template <class Real>
void Cycle<Real>::correct(std::size_t l) {
  OnLevel& on = *levels_[l];
  Transfer<Real>& transfer = *transfers_[l];
  if (!levels_[l + 1]->level.whole()) levels_[l + 1]->level.fill_ends(levels_[l + 1]->x, halo_);
  const std::size_t n = on.level.cells_along();
  transfer.begin_corrections();
  walk(
      on,
      [&](std::ptrdiff_t p, std::size_t j, Real* const to[fields]) {
        transfer.add_correction(levels_[l + 1]->x, on.x, p, j, to);
      },
      [&](std::size_t p, std::size_t j, std::size_t c, const RowMatrix<Real>& A, const RowValues<Real>& x) {
        const Real* const b[2] = {on.b.row(2 * c, p + 1, j), on.b.row(2 * c + 1, p + 1, j)};
        Real* const step[2] = {on.step.row(2 * c, p + 1, j), on.step.row(2 * c + 1, p + 1, j)};
        Real* const out[2] = {on.x.row(2 * c, p + 1, j), on.x.row(2 * c + 1, p + 1, j)};
        const Smoothing<Real> first{1, 0, static_cast<Real>(Chebyshev::first)};
        smooth_row(n, A, first, x, b, step, true, out);
        on.level.close_row(out[0]);
        on.level.close_row(out[1]);
      });
}

template <class Real>
void Cycle<Real>::smooth_last(OnLevel& on) {
  product_ = {};
  on.level.fill_ends(on.x, halo_);
  const std::size_t n = on.level.cells_along();
  const Smoothing<Real> second{1, static_cast<Real>(Chebyshev::keep), static_cast<Real>(Chebyshev::factor)};
  for (std::size_t p = 1; p <= on.level.planes(); ++p) {
    for (std::size_t j = 0; j < on.level.rows(); ++j) {
      const RowMatrix<Real> A = on.level.matrix(static_cast<std::ptrdiff_t>(p) - 1, j);
      for (std::size_t c = 0; c < 3; ++c) {
        const Real* const b[2] = {on.b.row(2 * c, p, j), on.b.row(2 * c + 1, p, j)};
        Real* const out[2] = {on.step.row(2 * c, p, j), on.step.row(2 * c + 1, p, j)};
        smooth_row(n, A, second, on.level.beside(on.x, p, p - 1, p + 1, j, c), b, out, false, out);
        on.level.close_row(out[0]);
        on.level.close_row(out[1]);
        product_[c] += dot_row(n, b[0], out[0]) + dot_row(n, b[1], out[1]);
      }
    }
  }
  std::swap(on.x, on.step);
}

template <class Real>
void Cycle<Real>::run(std::size_t l) {
  OnLevel& on = *levels_[l];
  if (l + 1 == levels_.size() && on.level.whole()) {
    solve_last();
    return;
  }
  smooth_from_zero(on);
  restrict_residual(l);
  run(l + 1);
  correct(l);
  smooth_last(on);
}

template <class Real>
void Cycle<Real>::sum_over_ranks(OnLevel& on) {
  const Level<Real>& level = on.level;
  std::vector<double> values;
  values.reserve(fields * level.planes() * level.rows() * level.cells_along());
  const auto each_row = [&](const auto& visit) {
    for (std::size_t f = 0; f < fields; ++f)
      for (std::size_t p = 0; p < level.planes(); ++p)
        for (std::size_t j = 0; j < level.rows(); ++j) visit(on.b.row(f, p + 1, j));
  };
  each_row([&](const Real* row) { values.insert(values.end(), row, row + level.cells_along()); });
  halo_.sum(values);
  std::size_t at = 0;
  each_row([&](Real* row) {
    for (std::size_t i = 0; i < level.cells_along(); ++i) row[i] = static_cast<Real>(values[at++]);
  });
}

/// The last level's matrix, p and theta of a cell in turn, as its Cholesky factor.
template <class Real>
void Cycle<Real>::factorise_last() {
  const Stage& stage = levels_.back()->level.stage();
  const auto [nx, ny, nz] = stage.count;
  const std::size_t n = 2 * stage.cells();
  factor_.assign(n * n, 0.0);
  const double to[3] = {scale_.matrix, scale_.matrix * scale_.theta, scale_.matrix * scale_.theta * scale_.theta};
  const auto at = [&](std::size_t i, std::size_t j) -> double& { return factor_[i * n + j]; };
  const auto link = [&](std::size_t a, std::size_t b, const RowTable& table, std::size_t array, std::size_t i) {
    for (std::size_t field = 0; field < 2; ++field) {
      const double g = to[2 * field] * table[array + field][i];
      at(2 * a + field, 2 * a + field) += g;
      at(2 * b + field, 2 * b + field) += g;
      at(2 * a + field, 2 * b + field) -= g;
      at(2 * b + field, 2 * a + field) -= g;
    }
  };
  for (std::size_t k = 0; k < nz; ++k) {
    for (std::size_t j = 0; j < ny; ++j) {
      const RowTable& table = stage.tables[stage.row[j + ny * k]];
      for (std::size_t i = 0; i < nx; ++i) {
        const std::size_t cell = i + nx * (j + ny * k);
        at(2 * cell, 2 * cell) += to[0] * table[RowTable::ground_pp][i];
        at(2 * cell, 2 * cell + 1) += to[1] * table[RowTable::ground_pt][i];
        at(2 * cell + 1, 2 * cell) += to[1] * table[RowTable::ground_pt][i];
        at(2 * cell + 1, 2 * cell + 1) += to[2] * table[RowTable::ground_tt][i];
        link(cell, (i + 1) % nx + nx * (j + ny * k), table, RowTable::x_p, i + 1);
        link(cell, i + nx * ((j + 1) % ny + ny * k), table, RowTable::y_after_p, i);
        link(cell, i + nx * (j + ny * ((k + 1) % nz)), table, RowTable::z_after_p, i);
      }
    }
  }
  for (std::size_t c = 0; c < n; ++c) {
    if (at(c, c) <= 0) {  // nothing there, or nothing left but rounding: no correction
      for (std::size_t i = 0; i < n; ++i) at(i, c) = 0;
      continue;
    }
    const double root = std::sqrt(at(c, c));
    for (std::size_t i = c; i < n; ++i) at(i, c) /= root;
    for (std::size_t j = c + 1; j < n; ++j)
      for (std::size_t i = j; i < n; ++i) at(i, j) -= at(i, c) * at(j, c);
  }
}

template <class Real>
void Cycle<Real>::solve_last() {
  OnLevel& on = *levels_.back();
  const std::size_t nx = on.level.cells_along(), rows = on.level.rows(), n = 2 * on.level.stage().cells();
  std::vector<double> y(n);
  product_ = {};
  for (std::size_t c = 0; c < 3; ++c) {
    const auto each = [&](const auto& visit) {
      for (std::size_t i = 0; i < n; ++i) {
        const std::size_t cell = i / 2;
        visit(i, 2 * c + i % 2, cell / (nx * rows) + 1, cell / nx % rows, cell % nx);
      }
    };
    each([&](std::size_t i, std::size_t f, std::size_t slot, std::size_t j, std::size_t x) {
      y[i] = static_cast<double>(on.b.row(f, slot, j)[x]);
    });
    for (std::size_t i = 0; i < n; ++i) {
      if (factor_[i * n + i] == 0) {
        y[i] = 0;
        continue;
      }
      for (std::size_t j = 0; j < i; ++j) y[i] -= factor_[i * n + j] * y[j];
      y[i] /= factor_[i * n + i];
    }
    for (std::size_t i = n; i-- > 0;) {
      if (factor_[i * n + i] == 0) continue;
      for (std::size_t j = i + 1; j < n; ++j) y[i] -= factor_[j * n + i] * y[j];
      y[i] /= factor_[i * n + i];
    }
    each([&](std::size_t i, std::size_t f, std::size_t slot, std::size_t j, std::size_t x) {
      on.x.row(f, slot, j)[x] = static_cast<Real>(y[i]);
      product_[c] += static_cast<double>(on.b.row(f, slot, j)[x]) * y[i];
    });
  }
}

template class Cycle<float>;
template class Cycle<double>;

}  // namespace vitrispin::dynamics::grid
