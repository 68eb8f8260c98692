#include "vitrispin/dynamics/grid/multigrid.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/grid/cosine_solver.hpp"
#include "vitrispin/dynamics/grid/multigrid_gradients.hpp"

namespace vitrispin::dynamics::grid {
namespace {

using Arrays = std::array<double*, fields>;
using ConstArrays = std::array<const double*, fields>;

/// Squares of norms, r . D^-1 r, with D the blocks of the cells with their links, of the right-hand side too if asked for;
/// `size`: x . D x, what rounding of x is worth.
struct Norms {
  double right = 0, residual = 0, size = 0;
};

/// A power of two near 1/x, x > 0: to multiply by it rounds nothing.
double about_inverse(double x) {
  return std::ldexp(1.0, -std::clamp(std::ilogb(x), -1000, 1000));
}

class MultigridSolver : public HelmholtzSolver {
public:
  MultigridSolver(const Grid& grid, const Halo& halo);
  void factorise(const HelmholtzSystem& system) override;
  long solve(const ConstComponents& right_p, const ConstComponents& right_theta, const Components& p,
             const Components& theta, double tolerance) override;

private:
  bool is_extreme() const;
  void clear_absent(const Arrays& x) const;
  void fill_edges(const Arrays& x);
  template <class Real>
  Norms form_residual(const ConstArrays& right, const Arrays& x, Gradients<Real>& gradients, double unit,
                      bool of_right);
  template <class Real>
  long correct(const ConstArrays& right, const Arrays& x, double tolerance, Gradients<Real>& gradients);
  void load_right(const ConstArrays& right, std::size_t p, std::size_t j, std::size_t c, double* const to[2]) const;
  std::size_t row_at(std::size_t p, std::size_t j) const { return n_ * (j + level_.rows() * p); }
  double area(std::size_t p, std::size_t j) const;

  const Grid& grid_;
  const Halo& halo_;
  std::unique_ptr<Grid> all_;  ///< the whole grid, where this rank holds a part
  const Grid& whole_;
  Stages stages_;
  Level<double> level_;
  std::size_t n_;
  LevelVector<double> ring_;
  Values<double> edges_, right_, scratch_, widths_;
  bool has_absent_ = false, extreme_ = false;
  double unit_ = 1;  ///< what residuals are multiplied by before they become single precision
  std::unique_ptr<Gradients<float>> single_;
  std::unique_ptr<Gradients<double>> double_;
};

MultigridSolver::MultigridSolver(const Grid& grid, const Halo& halo)
    : grid_(grid),
      halo_(halo),
      all_(grid.slab().end - grid.slab().begin == grid.problem().axes[grid.slowest()].cells()
               ? nullptr
               : std::make_unique<Grid>(grid.problem())),
      whole_(all_ ? *all_ : grid),
      stages_(whole_),
      level_(stages_.level(0), stages_.plane_axis(), grid.slab().begin,
             grid.slowest() == stages_.plane_axis() ? grid.slab().end : grid.slab().begin + 1),
      n_(level_.cells_along()),
      ring_(n_, level_.rows(), 1),
      edges_(fields * 4 * n_ * level_.rows()),
      right_(2 * n_),
      scratch_(2 * n_) {
  if (all_ && grid.slowest() == 0)
    throw InputError("A grid in one dimension is not shared between ranks: run it on one.");
  for (std::size_t i = 0; i < n_; ++i) widths_.push_back(grid.width(0, static_cast<std::ptrdiff_t>(i)));
  for (std::size_t cell = 0; cell < grid.cells(); ++cell) {
    const std::uint16_t domain = grid.domain()[cell];
    if (domain == vacuum || !grid.domains()[domain].material.has_texture()) has_absent_ = true;
  }
}

void MultigridSolver::factorise(const HelmholtzSystem& system) {
  stages_.fill(whole_, system);
  level_.fill({1, 1});
  extreme_ = is_extreme();
  const Slab planes{level_.begin(), level_.begin() + level_.planes()};
  if (extreme_) {
    if (!double_) double_ = std::make_unique<Gradients<double>>(stages_, planes, halo_);
    double_->fill();
  } else {
    if (!single_) single_ = std::make_unique<Gradients<float>>(stages_, planes, halo_);
    single_->fill();
  }
}

/// Whether links, or what ties p to theta, outweigh the rest of the ground so far that single precision would lose it.
bool MultigridSolver::is_extreme() const {
  constexpr double most = 1e4;
  for (const RowTable& table : stages_.level(0).tables) {
    for (std::size_t i = 0; i + 1 < table.stride; ++i) {
      const double pp = table[RowTable::ground_pp][i], tt = table[RowTable::ground_tt][i],
                   det = table[RowTable::ground_det][i];
      double links[2] = {table[RowTable::x_p][i + 1], table[RowTable::x_t][i + 1]};
      for (std::size_t a = RowTable::x_p; a <= RowTable::z_after_t; ++a) links[a % 2] += table[a][i];
      if (pp == 0) continue;
      if (tt == 0) {
        if (links[0] > most * pp) return true;
        continue;
      }
      // det/tt is the ground of p with theta free to follow, det/pp that of theta.
      if ((pp + links[0]) * tt > most * det || (tt + links[1]) * pp > most * det) return true;
    }
  }
  return false;
}

/// Width y times width z of a row.
double MultigridSolver::area(std::size_t p, std::size_t j) const {
  const bool three = stages_.plane_axis() == 2;
  return grid_.width(1, static_cast<std::ptrdiff_t>(three ? j : p)) *
         grid_.width(2, three ? static_cast<std::ptrdiff_t>(p) : 0);
}

void MultigridSolver::clear_absent(const Arrays& x) const {
  if (!has_absent_) return;
  for (std::size_t p = 0; p < level_.planes(); ++p)
    for (std::size_t j = 0; j < level_.rows(); ++j)
      for (std::size_t f = 0; f < fields; ++f) {
        const double* diagonal = level_.diagonal(static_cast<std::ptrdiff_t>(p), j, f % 2);
        double* row = x[f] + row_at(p, j);
        for (std::size_t i = 0; i < n_; ++i)
          if (diagonal[i] == 0) row[i] = 0;
      }
}

/// Times the cells' volumes; 0 where there is no equation.
void MultigridSolver::load_right(const ConstArrays& right, std::size_t p, std::size_t j, std::size_t c,
                                 double* const to[2]) const {
  const double across = area(p, j);
  for (std::size_t field = 0; field < 2; ++field)
    load_row(n_, across, widths_.data(), level_.diagonal(static_cast<std::ptrdiff_t>(p), j, field),
             right[2 * c + field] + row_at(p, j), to[field]);
}

/// Of each field: the plane before, the first, the last, the plane after.
void MultigridSolver::fill_edges(const Arrays& x) {
  const std::size_t plane = n_ * level_.rows(), last = plane * (level_.planes() - 1);
  std::vector<double*> arrays;
  for (std::size_t f = 0; f < fields; ++f) {
    double* edge = edges_.data() + (4 * f + 1) * plane;
    std::copy_n(x[f], plane, edge);
    std::copy_n(x[f] + last, plane, edge + plane);
    if (level_.whole() && level_.around()) {
      std::copy_n(x[f] + last, plane, edge - plane);
      std::copy_n(x[f], plane, edge + 2 * plane);
    }
    arrays.push_back(edge);
  }
  if (!level_.whole()) halo_.fill(plane, 2 * plane, arrays);
}

/// The residual times `unit` and the scale of `gradients` goes there.
template <class Real>
Norms MultigridSolver::form_residual(const ConstArrays& right, const Arrays& x, Gradients<Real>& gradients, double unit,
                                     bool of_right) {
  fill_edges(x);
  const std::size_t rows = level_.rows();
  const auto planes = static_cast<std::ptrdiff_t>(level_.planes());
  const auto slot_of = [](std::ptrdiff_t p) { return static_cast<std::size_t>((p + 3) % 3); };
  const double to[2] = {unit * gradients.scale().matrix, unit * gradients.scale().matrix * gradients.scale().theta};
  double* const b[2] = {right_.data(), right_.data() + n_};
  double* const scaled[2] = {scratch_.data(), scratch_.data() + n_};
  Norms norms;
  for (std::ptrdiff_t p = -1; p <= planes; ++p) {
    for (std::size_t j = 0; j < rows && level_.has_plane(p); ++j) {
      for (std::size_t f = 0; f < fields; ++f) {
        const bool inside = p >= 0 && p < planes;
        const double* from = inside ? x[f] + row_at(static_cast<std::size_t>(p), j)
                                    : edges_.data() + (4 * f + (p < 0 ? 0 : 3)) * n_ * rows + n_ * j;
        double* row = ring_.row(f, slot_of(p), j);
        std::copy_n(from, n_, row);
        level_.close_row(row);
      }
    }
    const std::ptrdiff_t at = p - 1;
    if (at < 0) continue;
    const auto here = static_cast<std::size_t>(at);
    for (std::size_t j = 0; j < rows; ++j) {
      const RowMatrix<double> A = level_.matrix(at, j);
      for (std::size_t c = 0; c < 3; ++c) {
        const RowValues<double> values = level_.beside(ring_, slot_of(at), slot_of(at - 1), slot_of(p), j, c);
        load_right(right, here, j, c, b);
        if (of_right) {
          scale_row<double>(n_, A, 1.0, b, scaled);
          for (std::size_t field = 0; field < 2; ++field) norms.right += dot_row<double>(n_, b[field], scaled[field]);
        }
        residual_row<double>(n_, A, values, b, b);
        scale_row<double>(n_, A, 1.0, b, scaled);
        for (std::size_t field = 0; field < 2; ++field) {
          norms.residual += dot_row<double>(n_, b[field], scaled[field]);
          const double* diagonal = level_.diagonal(at, j, field);
          norms.size += square_row(n_, diagonal, values.here[field]);
          convert_row(n_, to[field], b[field], gradients.residual().row(2 * c + field, here + 1, j));
        }
      }
    }
  }
  std::vector<double> sums{norms.right, norms.residual, norms.size};
  halo_.sum(sums);
  return {sums[0], sums[1], sums[2]};
}

template <class Real>
long MultigridSolver::correct(const ConstArrays& right, const Arrays& x, double tolerance, Gradients<Real>& gradients) {
  constexpr double rounding = std::numeric_limits<double>::epsilon();
  constexpr double deepest = 30 * static_cast<double>(std::numeric_limits<Real>::epsilon());
  constexpr long most = 400;
  clear_absent(x);
  long iterations = 0;
  double before = std::numeric_limits<double>::infinity();
  double unit = unit_, norm = 0;
  bool suits = false;
  for (;;) {
    const Norms norms = form_residual(right, x, gradients, unit, norm == 0);
    const double residual = std::sqrt(norms.residual);
    if (norm == 0) {
      norm = std::sqrt(norms.right);
      if (norm == 0) {
        for (double* field : x) std::fill_n(field, grid_.cells(), 0.0);
        return 0;
      }
      constexpr double far = 1e3;
      if (!suits && std::isfinite(norm) && !(unit * norm < far && unit * norm > 1 / far)) {
        suits = true;
        unit = unit_ = about_inverse(norm);
        norm = 0;
        continue;
      }
    }
    // Rounding of the solution alone leaves this much, whoever solves; where forming the residual adds to that, it no longer falls.
    const double rounded = 2 * rounding * std::sqrt(norms.size);
    const double target = std::max(tolerance * norm, rounded);
    if (residual <= target || (residual <= 16 * rounded && (residual > 0.5 * before || iterations >= most))) {
      clear_absent(x);  // interpolated from cells beside them
      return iterations;
    }
    if (!std::isfinite(residual) || iterations >= most) {
      throw ConvergenceError("multigrid of a grid's implicit step", static_cast<int>(iterations), residual / norm,
                             target / norm);
    }
    const double reduction = std::max(0.7 * target / residual, deepest);
    const long taken = gradients.solve(reduction, unit * residual * std::sqrt(gradients.scale().matrix), most);
    iterations += taken;
    const double from[2] = {1 / unit, gradients.scale().theta / unit};
    for (std::size_t p = 0; p < level_.planes(); ++p)
      for (std::size_t j = 0; j < level_.rows(); ++j)
        for (std::size_t f = 0; f < fields; ++f) {
          add_correction_row(n_, from[f % 2], gradients.correction().row(f, p + 1, j), x[f] + row_at(p, j));
        }
    // What the iteration thinks is left is far above its rounding: not worth another look.
    if (reduction > 1e-4 && target > rounded && taken < most) {
      clear_absent(x);
      return iterations;
    }
    unit = about_inverse(residual);
    before = residual;
  }
}

long MultigridSolver::solve(const ConstComponents& right_p, const ConstComponents& right_theta, const Components& p,
                            const Components& theta, double tolerance) {
  const ConstArrays right{right_p[0], right_theta[0], right_p[1], right_theta[1], right_p[2], right_theta[2]};
  const Arrays x{p[0], theta[0], p[1], theta[1], p[2], theta[2]};
  return extreme_ ? correct(right, x, tolerance, *double_) : correct(right, x, tolerance, *single_);
}

}  // namespace

std::unique_ptr<HelmholtzSolver> multigrid_solver(const Grid& grid, const Halo& halo) {
  return std::make_unique<MultigridSolver>(grid, halo);
}

std::unique_ptr<HelmholtzSolver> helmholtz_solver(const Grid& grid, const Halo& halo) {
  return is_layered(grid) ? cosine_solver(grid, halo) : multigrid_solver(grid, halo);
}

}  // namespace vitrispin::dynamics::grid
