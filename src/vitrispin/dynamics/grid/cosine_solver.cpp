#include "vitrispin/dynamics/grid/cosine_solver.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/dynamics/fields.hpp"
#include "vitrispin/dynamics/grid/cosine_lines.hpp"
#include "vitrispin/dynamics/grid/slab_columns.hpp"

namespace vitrispin::dynamics::grid {
namespace {

constexpr std::size_t lanes = CosineTransform::lanes;

/// What outer faces add to the cells of each x, if it is the same for all of them.
struct OuterGrounds {
  bool uniform = true;
  std::vector<Ground> at;
};

/// `twist`: of each of Grid::outer_faces().
template <class Twist>
OuterGrounds outer_grounds(const Grid& grid, const Twist& twist) {
  std::vector<Ground> cells;
  for (std::size_t f = 0; f < grid.outer_faces().size(); ++f) {
    const OuterFace& face = grid.outer_faces()[f];
    const double stiffness = twist(f);
    if (face.conductance == 0 && stiffness == 0) continue;
    cells.resize(grid.cells());
    cells[face.cell].m += face.area * face.conductance;
    cells[face.cell].twist += face.area * stiffness;
  }
  const std::size_t n = grid.count(0);
  OuterGrounds grounds{true, std::vector<Ground>(n)};
  if (cells.empty()) return grounds;
  const double area = grid.width(1, 0) * grid.width(2, 0);
  const auto close = [](double a, double b) { return std::fabs(a - b) <= 1e-12 * std::fabs(b); };
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Ground &first = cells[i % n], &cell = cells[i];
    if (!close(cell.m, first.m) || !close(cell.twist, first.twist)) grounds.uniform = false;
  }
  for (std::size_t i = 0; i < n; ++i) grounds.at[i] = {cells[i].m / area, cells[i].twist / area};
  return grounds;
}

/// Widths that differ by no more than the rounding of the faces' places.
bool equal_cells(const Axis& axis) {
  const double extent = std::max(std::fabs(axis.faces.front()), std::fabs(axis.faces.back()));
  const double mean = (axis.faces.back() - axis.faces.front()) / static_cast<double>(axis.cells());
  for (std::size_t i = 0; i < axis.cells(); ++i) {
    if (std::fabs(axis.width(i) - mean) > 8 * std::numeric_limits<double>::epsilon() * extent) return false;
  }
  return true;
}

bool is_whole(const Grid& grid) {
  return grid.slab().begin == 0 && grid.slab().end == grid.problem().axes[grid.slowest()].cells();
}

class CosineSolver : public HelmholtzSolver {
public:
  CosineSolver(const Grid& grid, const Halo& halo);
  void factorise(const HelmholtzSystem& system) override;
  long solve(const ConstComponents& right_p, const ConstComponents& right_theta, const Components& p,
             const Components& theta, double tolerance) override;

private:
  using Arrays = std::array<double*, 6>;  ///< p and theta of each component in turn
  using ConstArrays = std::array<const double*, 6>;

  void transform_first(std::size_t b, bool forward, const ConstArrays& from, const Arrays& to);
  /// Rows of a second direction, as they stand in memory, from x = `begin` to `end`.
  struct Rows {
    std::size_t first_stride, second_stride, begin, end;
  };
  void transform_second(const Rows& rows, std::size_t a, bool forward, const ConstArrays& from, const Arrays& to);
  void solve_plane(std::size_t a, std::size_t begin, std::size_t end);
  void solve_waves_in_columns(const ConstArrays& from, const Arrays& to);
  void solve_flat_in_columns(const ConstArrays& from, const Arrays& to);
  void swap_waves(bool back);
  void load(const double* from, std::size_t width, std::size_t stride, std::size_t rows);
  void store(double* to, std::size_t width, std::size_t stride, std::size_t rows) const;
  void clear_absent(std::size_t x, std::size_t width, std::size_t rows, bool theta);
  /// Of the second direction's waves, `lanes` at a time.
  std::size_t first_chunk(std::size_t rank) const {
    return (second_.cells() + lanes - 1) / lanes * rank / halo_.size();
  }
  Lane* plane(std::size_t array, std::size_t chunk) {
    return reinterpret_cast<Lane*>(plane_.data()) + 2 * n_ * (array + 6 * chunk);
  }

  const Grid& grid_;
  const Halo& halo_;
  std::size_t n_, first_axis_, second_axis_;  ///< waves: along first_axis_ on their own, along second_axis_ with x
  bool waves_along_x_;
  CosineTransform first_, second_, along_;
  HelmholtzSystem system_;
  std::vector<LineCell> cells_;
  std::vector<char> has_p_, has_theta_;  ///< at each x
  /// Of each domain: what curvature of the waves adds to the ground, per volume.
  std::vector<Ground> first_link_, second_link_;
  Ground along_link_;
  Values<double> rows_, scratch_, plane_, inverses_;
  std::vector<Block> blocks_;
  std::vector<Across> across_;
  std::unique_ptr<SlabColumns> columns_;  ///< where ranks share the grid
};

CosineSolver::CosineSolver(const Grid& grid, const Halo& halo)
    : grid_(grid),
      halo_(halo),
      n_(grid.count(0)),
      first_axis_(grid.slowest() == 2 ? 1 : 2),
      second_axis_(grid.slowest() == 2 ? 2 : 1),
      waves_along_x_(grid.periodic(0) && n_ > 1),
      first_(grid.count(first_axis_), grid.periodic(first_axis_)),
      second_(grid.problem().axes[second_axis_].cells(), grid.periodic(second_axis_)),
      along_(waves_along_x_ ? n_ : 1, true) {
  const std::size_t longest = std::max({first_.cells(), second_.cells(), n_});
  rows_.resize(lanes * longest);
  scratch_.resize(lanes * longest);
  const std::size_t chunks = (second_.cells() + lanes - 1) / lanes;
  plane_.resize(6 * chunks * lanes * n_);
  inverses_.resize(3 * lanes / 2 * n_);
  if (!is_whole(grid))
    columns_ = std::make_unique<SlabColumns>(grid, halo, first_.cells() > 1 ? first_.cells() : n_,
                                             first_.cells() > 1 ? n_ : 1);
  has_p_.assign(n_, 1);
  has_theta_.assign(n_, 1);
}

void CosineSolver::factorise(const HelmholtzSystem& system) {
  system_ = system;
  const auto twist = [&](std::size_t face) { return system.outer_twist[face]; };
  const OuterGrounds outer = outer_grounds(grid_, twist);
  const double inverse_mu0 = 1 / constants::vacuum_permeability;
  const std::size_t empty = system.domains.size();
  LocalBlock nothing;
  nothing.p_ground = nothing.theta_ground = 1;
  system_.domains.push_back(nothing);
  for (LocalBlock& local : system_.domains) {
    if (local.joint == 0) local.theta_ground = 1;  // theta is 0 there
  }
  cells_.assign(n_, {});
  for (std::size_t i = 0; i < n_; ++i) {
    LineCell& cell = cells_[i];
    const std::uint16_t domain = grid_.domain()[i];
    cell.domain = domain == vacuum ? empty : domain;
    cell.width = grid_.width(0, static_cast<std::ptrdiff_t>(i));
    cell.outer = {system.w * outer.at[i].m, outer.at[i].twist};
    has_p_[i] = domain != vacuum;
    has_theta_[i] = system_.domains[cell.domain].joint > 0;
    if (i + 1 == n_) continue;
    const Link link = grid_.link(0, i + 1, domain, grid_.domain()[i + 1]);
    cell.m_after = system.w * link.m;
    cell.twist_after = inverse_mu0 * link.twist;
  }
  const auto across = [&](std::size_t axis, std::uint16_t domain) {
    if (grid_.problem().axes[axis].cells() == 1) return Ground{};
    const Link link = grid_.link(axis, 1, domain, domain);
    const double per_width = 1 / grid_.width(axis, 0);
    return Ground{system.w * link.m * per_width, inverse_mu0 * link.twist * per_width};
  };
  first_link_.assign(empty + 1, {});
  second_link_.assign(empty + 1, {});
  for (std::uint16_t d = 0; d < empty; ++d) {
    first_link_[d] = across(first_axis_, d);
    second_link_[d] = across(second_axis_, d);
  }
  along_link_ = {};
  if (waves_along_x_ && cells_[0].domain != empty) along_link_ = across(0, grid_.domain()[0]);
  blocks_.resize(empty + 1);
  across_.resize(empty + 1);
}

/// Rows `stride` apart of `width`, up to `lanes`, neighbours along x.
void CosineSolver::load(const double* from, std::size_t width, std::size_t stride, std::size_t rows) {
  for (std::size_t i = 0; i < rows; ++i) {
    double* to = rows_.data() + lanes * i;
    std::copy_n(from + stride * i, width, to);
    std::fill(to + width, to + lanes, 0.0);
  }
}

void CosineSolver::store(double* to, std::size_t width, std::size_t stride, std::size_t rows) const {
  for (std::size_t i = 0; i < rows; ++i) std::copy_n(rows_.data() + lanes * i, width, to + stride * i);
}

/// Zero where there is no equation: what comes in is not to be read, and rounding of neighbours is not to go out.
void CosineSolver::clear_absent(std::size_t x, std::size_t width, std::size_t rows, bool theta) {
  for (std::size_t l = 0; l < width; ++l) {
    if (theta ? has_theta_[x + l] : has_p_[x + l]) continue;
    for (std::size_t i = 0; i < rows; ++i) rows_[lanes * i + l] = 0;
  }
}

void CosineSolver::transform_first(std::size_t b, bool forward, const ConstArrays& from, const Arrays& to) {
  const std::size_t stride = grid_.stride(first_axis_), offset = b * grid_.stride(second_axis_);
  for (std::size_t array = 0; array < 6; ++array) {
    for (std::size_t x = 0; x < n_; x += lanes) {
      const std::size_t width = std::min(lanes, n_ - x);
      load(from[array] + offset + x, width, stride, first_.cells());
      if (forward) {
        clear_absent(x, width, first_.cells(), array % 2 == 1);
        first_.forward(rows_.data(), scratch_.data());
      } else {
        first_.backward(rows_.data(), scratch_.data());
        clear_absent(x, width, first_.cells(), array % 2 == 1);
      }
      store(to[array] + offset + x, width, stride, first_.cells());
    }
  }
}

/// Between arrays and the plane's lines along x, of which each register holds eight waves.
void CosineSolver::transform_second(const Rows& of, std::size_t a, bool forward, const ConstArrays& from,
                                    const Arrays& to) {
  const std::size_t stride = of.second_stride, offset = a * of.first_stride;
  const std::size_t waves = second_.cells();
  for (std::size_t array = 0; array < 6; ++array) {
    for (std::size_t x = of.begin; x < of.end; x += lanes) {
      const std::size_t width = std::min(lanes, of.end - x), place = offset + x - of.begin;
      if (forward) {
        load(from[array] + place, width, stride, waves);
        clear_absent(x, width, waves, array % 2 == 1);
        second_.forward(rows_.data(), scratch_.data());
      }
      for (std::size_t k = 0; k < waves; k += lanes) {
        double* lines = reinterpret_cast<double*>(plane(array, k / lanes)) + lanes * x;
        double* rows = rows_.data() + lanes * k;
        const std::size_t height = std::min(lanes, waves - k);
        for (std::size_t l = 0; l < width; ++l) {
          if (forward) {
            for (std::size_t r = 0; r < height; ++r) lines[lanes * l + r] = rows[lanes * r + l];
            // Not what was left there: transforms along x mix rounding of one lane into others.
            for (std::size_t r = height; r < lanes; ++r) lines[lanes * l + r] = 0;
          } else {
            for (std::size_t r = 0; r < height; ++r) rows[lanes * r + l] = lines[lanes * l + r];
          }
        }
      }
      if (forward) continue;
      second_.backward(rows_.data(), scratch_.data());
      clear_absent(x, width, waves, array % 2 == 1);
      store(to[array] + place, width, stride, waves);
    }
  }
}

/// For the second direction's waves [begin, end), begin at a multiple of `lanes`.
void CosineSolver::solve_plane(std::size_t a, std::size_t begin, std::size_t end) {
  const double first = first_.curvature(a);
  for (std::size_t k = begin; k < end; k += lanes / 2) {
    Lane* values = plane(0, k / lanes);
    if (waves_along_x_ && k % lanes == 0) {
      for (std::size_t array = 0; array < 6; ++array)
        along_.forward(reinterpret_cast<double*>(plane(array, k / lanes)), scratch_.data());
    }
    Lane second = {};
    for (std::size_t l = 0; l < lanes / 2 && k + l < second_.cells(); ++l) second[l] = second_.curvature(k + l);
    for (std::size_t d = 0; d < blocks_.size(); ++d) {
      const LocalBlock& local = system_.domains[d];
      const double through = local.joint * local.ratio * local.ratio;
      across_[d].p = first * first_link_[d].m + second * second_link_[d].m;
      across_[d].theta = first * first_link_[d].twist + second * second_link_[d].twist;
      const Lane ground_p = local.p_ground + across_[d].p, ground_t = local.theta_ground + across_[d].theta, none = {};
      blocks_[d] = {ground_p + through, none + local.joint * local.ratio, ground_t + local.joint,
                    ground_p * (ground_t + local.joint) + through * ground_t};
    }
    const Lines lines{n_, cells_.data(), blocks_.data(), reinterpret_cast<Lane*>(inverses_.data()), values, 2 * n_};
    Lines half = lines;
    half.values += k % lanes == 0 ? 0 : 1;
    if (!waves_along_x_) {
      solve_lines(half);
      continue;
    }
    const std::size_t d = cells_[0].domain;
    solve_waves(half, along_link_, along_, system_.domains[d], across_[d]);
    if (k % lanes == 0 && k + lanes / 2 < second_.cells()) continue;
    for (std::size_t array = 0; array < 6; ++array)
      along_.backward(reinterpret_cast<double*>(plane(array, k / lanes)), scratch_.data());
  }
}

long CosineSolver::solve(const ConstComponents& right_p, const ConstComponents& right_theta, const Components& p,
                         const Components& theta, double /*tolerance*/) {
  const ConstArrays right{right_p[0], right_theta[0], right_p[1], right_theta[1], right_p[2], right_theta[2]};
  const Arrays solution{p[0], theta[0], p[1], theta[1], p[2], theta[2]};
  const ConstArrays waves{p[0], theta[0], p[1], theta[1], p[2], theta[2]};
  const bool has_first = first_.cells() > 1;
  if (columns_ && !has_first) {
    solve_flat_in_columns(right, solution);
    return 1;
  }
  const std::size_t planes = grid_.count(second_axis_);
  if (has_first) {
    for (std::size_t b = 0; b < planes; ++b) transform_first(b, true, right, solution);
  }
  if (columns_) {
    solve_waves_in_columns(waves, solution);
  } else {
    const Rows rows{grid_.stride(first_axis_), grid_.stride(second_axis_), 0, n_};
    for (std::size_t a = 0; a < first_.cells(); ++a) {
      transform_second(rows, a, true, has_first ? waves : right, solution);
      solve_plane(a, 0, second_.cells());
      transform_second(rows, a, false, waves, solution);
    }
  }
  if (has_first) {
    for (std::size_t b = 0; b < planes; ++b) transform_first(b, false, waves, solution);
  }
  return 1;
}

namespace {

SlabColumns::ConstArrays constant_arrays(const SlabColumns::Arrays& arrays) {
  return {arrays[0], arrays[1], arrays[2], arrays[3], arrays[4], arrays[5]};
}

}  // namespace

/// Three dimensions on ranks: each has some waves of the first direction.
void CosineSolver::solve_waves_in_columns(const ConstArrays& from, const Arrays& to) {
  columns_->take(from);
  const Arrays columns = columns_->columns();
  const Rows rows{n_, n_ * (columns_->end() - columns_->begin()), 0, n_};
  for (std::size_t a = columns_->begin(); a < columns_->end(); ++a) {
    transform_second(rows, a - columns_->begin(), true, constant_arrays(columns), columns);
    solve_plane(a, 0, second_.cells());
    transform_second(rows, a - columns_->begin(), false, constant_arrays(columns), columns);
  }
  columns_->give(to);
}

/// Two dimensions on ranks: each has a part of x while it transforms, and some waves while it eliminates along x.
void CosineSolver::solve_flat_in_columns(const ConstArrays& from, const Arrays& to) {
  columns_->take(from);
  const Arrays columns = columns_->columns();
  const Rows rows{0, columns_->end() - columns_->begin(), columns_->begin(), columns_->end()};
  transform_second(rows, 0, true, constant_arrays(columns), columns);
  swap_waves(false);
  const std::size_t begin = lanes * first_chunk(halo_.rank()), end = lanes * first_chunk(halo_.rank() + 1);
  solve_plane(0, begin, std::min(end, second_.cells()));
  swap_waves(true);
  transform_second(rows, 0, false, constant_arrays(columns), columns);
  columns_->give(to);
}

/// Between own x of all waves and all x of own waves.
void CosineSolver::swap_waves(bool back) {
  std::vector<std::vector<double>> parts(halo_.size());
  const auto each = [&](std::size_t x_of, std::size_t waves_of, const auto& visit) {
    for (std::size_t chunk = first_chunk(waves_of); chunk < first_chunk(waves_of + 1); ++chunk) {
      for (std::size_t array = 0; array < 6; ++array) {
        double* values = reinterpret_cast<double*>(plane(array, chunk));
        visit(values + lanes * columns_->begin(x_of), values + lanes * columns_->end(x_of));
      }
    }
  };
  const std::size_t own = halo_.rank();
  for (std::size_t r = 0; r < parts.size(); ++r) {
    each(back ? r : own, back ? own : r,
         [&](const double* begin, const double* end) { parts[r].insert(parts[r].end(), begin, end); });
  }
  parts = halo_.exchanged(std::move(parts));
  for (std::size_t r = 0; r < parts.size(); ++r) {
    const double* from = parts[r].data();
    each(back ? own : r, back ? r : own, [&](double* begin, const double* end) {
      std::copy_n(from, end - begin, begin);
      from += end - begin;
    });
  }
}

}  // namespace

bool is_layered(const Grid& grid) {
  const Problem& problem = grid.problem();
  if (grid.slowest() == 0 && !is_whole(grid)) return false;
  if (!is_whole(grid)) return is_layered(Grid(problem));
  if (!equal_cells(problem.axes[1]) || !equal_cells(problem.axes[2])) return false;
  const std::size_t n = grid.count(0);
  for (std::size_t i = n; i < grid.cells(); ++i) {
    if (grid.domain()[i] != grid.domain()[i % n]) return false;
  }
  const OuterGrounds outer =
      outer_grounds(grid, [&](std::size_t face) { return grid.outer_faces()[face].twist_clamp; });
  if (!outer.uniform) return false;
  if (!grid.periodic(0) || n == 1) return true;
  for (std::size_t i = 0; i < n; ++i) {
    if (grid.domain()[i] != grid.domain()[0] || !(outer.at[i] == Ground{})) return false;
  }
  return equal_cells(problem.axes[0]);
}

std::unique_ptr<HelmholtzSolver> cosine_solver(const Grid& grid, const Halo& halo) {
  return std::make_unique<CosineSolver>(grid, halo);
}

}  // namespace vitrispin::dynamics::grid
