#include "vitrispin/dynamics/grid/cosine_solver.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/core/vectorised.hpp"
#include "vitrispin/dynamics/fields.hpp"
#include "vitrispin/dynamics/grid/cosine_transform.hpp"

namespace vitrispin::dynamics::grid {
namespace {

constexpr std::size_t lanes = CosineTransform::lanes;

#if defined(__GNUC__)
using Lane __attribute__((vector_size(64), may_alias)) = double;
#endif

/// Per area across x.
struct Ground {
  double m = 0, twist = 0;
  friend bool operator==(const Ground&, const Ground&) = default;
};

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

/// Of one domain and one wave number in y, for each wave in z.
struct Block {
  Lane pp, pt, tt, det;
};

/// What waves across x add to the grounds of a domain, per volume.
struct Across {
  Lane p, theta;
};

struct LineCell {
  double width = 0, m_after = 0, twist_after = 0;  ///< links to the next cell
  Ground outer;
  std::size_t domain = 0;
};

/// The lines along x of one register of waves: right-hand sides of three components, p and theta, become the solution. Value i
/// of array a stands at lines[a stride + 2 i] (every other register).
struct Lines {
  std::size_t n;
  const LineCell* cells;
  const Block* blocks;
  Lane* inverses;  ///< three for each cell: scratch
  Lane* values;
  std::size_t stride;
};

VITRISPIN_VECTORISED void solve_lines(const Lines& lines) {
  const Lane zero = {};
  Lane pp = zero, pt = zero, tt = zero, det = zero;  // what the cells before ground this one by
  Lane p[3] = {zero, zero, zero}, t[3] = {zero, zero, zero};
  for (std::size_t i = 0; i < lines.n; ++i) {
    const LineCell& cell = lines.cells[i];
    const Block& block = lines.blocks[cell.domain];
    const double h = cell.width, u = cell.m_after, v = cell.twist_after;
    const Lane own_pp = h * block.pp + cell.outer.m, own_tt = h * block.tt + cell.outer.twist, own_pt = h * block.pt;
    const Lane own_det = h * h * block.det + (cell.outer.m * own_tt + cell.outer.twist * (h * block.pp));
    det = own_det + det + (own_pp * tt + own_tt * pp - 2.0 * (own_pt * pt));
    pp += own_pp;
    pt += own_pt;
    tt += own_tt;
    const Lane inverse = 1.0 / (det + v * pp + u * tt + u * v);
    const Lane ipp = (tt + v) * inverse, ipt = -(pt * inverse), itt = (pp + u) * inverse;
    Lane* kept = lines.inverses + 3 * i;
    kept[0] = ipp;
    kept[1] = ipt;
    kept[2] = itt;
    for (std::size_t c = 0; c < 3; ++c) {
      Lane& right_p = lines.values[2 * c * lines.stride + 2 * i];
      Lane& right_t = lines.values[(2 * c + 1) * lines.stride + 2 * i];
      const Lane a = p[c] + h * right_p, b = t[c] + h * right_t;
      const Lane x = ipp * a + ipt * b, y = ipt * a + itt * b;
      right_p = x;
      right_t = y;
      p[c] = u * x;
      t[c] = v * y;
    }
    const Lane next_pp = u * (det + v * pp) * inverse, next_tt = v * (det + u * tt) * inverse;
    pt = (u * v) * pt * inverse;
    det = (u * v) * det * inverse;
    pp = next_pp;
    tt = next_tt;
  }
  for (std::size_t c = 0; c < 3; ++c) p[c] = t[c] = zero;
  for (std::size_t i = lines.n; i-- > 0;) {
    const LineCell& cell = lines.cells[i];
    const Lane* kept = lines.inverses + 3 * i;
    for (std::size_t c = 0; c < 3; ++c) {
      Lane& x = lines.values[2 * c * lines.stride + 2 * i];
      Lane& y = lines.values[(2 * c + 1) * lines.stride + 2 * i];
      const Lane a = cell.m_after * p[c], b = cell.twist_after * t[c];
      p[c] = x += kept[0] * a + kept[1] * b;
      t[c] = y += kept[1] * a + kept[2] * b;
    }
  }
}

/// The same where x has waves as well.
VITRISPIN_VECTORISED void solve_waves(const Lines& lines, const Ground& link, const CosineTransform& along,
                                      const LocalBlock& local, const Across& across) {
  for (std::size_t i = 0; i < lines.n; ++i) {
    const double joint = local.joint, through = joint * local.ratio * local.ratio;
    const Lane ground_p = local.p_ground + (across.p + link.m * along.curvature(i));
    const Lane ground_t = local.theta_ground + (across.theta + link.twist * along.curvature(i));
    const Lane pp = ground_p + through, tt = ground_t + joint;
    const Lane inverse = 1.0 / (ground_p * tt + through * ground_t);
    const double pt = joint * local.ratio;
    for (std::size_t c = 0; c < 3; ++c) {
      Lane& p = lines.values[2 * c * lines.stride + 2 * i];
      Lane& t = lines.values[(2 * c + 1) * lines.stride + 2 * i];
      const Lane x = (tt * p - pt * t) * inverse;
      t = (pp * t - pt * p) * inverse;
      p = x;
    }
  }
}

class CosineSolver : public HelmholtzSolver {
public:
  explicit CosineSolver(const Grid& grid);
  void factorise(const HelmholtzSystem& system) override;
  long solve(const ConstComponents& right_p, const ConstComponents& right_theta, const Components& p,
             const Components& theta, double tolerance) override;

private:
  using Arrays = std::array<double*, 6>;  ///< p and theta of each component in turn
  using ConstArrays = std::array<const double*, 6>;

  void transform_first(std::size_t b, bool forward, const ConstArrays& from, const Arrays& to);
  void transform_second(std::size_t a, bool forward, const ConstArrays& from, const Arrays& to);
  void solve_plane(std::size_t a);
  void load(const double* from, std::size_t x, std::size_t stride, std::size_t rows);
  void store(double* to, std::size_t x, std::size_t stride, std::size_t rows) const;
  void clear_absent(std::size_t x, std::size_t rows, bool theta);
  Lane* plane(std::size_t array, std::size_t chunk) {
    return reinterpret_cast<Lane*>(plane_.data()) + 2 * n_ * (array + 6 * chunk);
  }

  const Grid& grid_;
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
};

CosineSolver::CosineSolver(const Grid& grid)
    : grid_(grid),
      n_(grid.count(0)),
      first_axis_(grid.count(2) > 1 ? 1 : 2),
      second_axis_(grid.count(2) > 1 ? 2 : 1),
      waves_along_x_(grid.periodic(0) && n_ > 1),
      first_(grid.count(first_axis_), grid.periodic(first_axis_)),
      second_(grid.count(second_axis_), grid.periodic(second_axis_)),
      along_(waves_along_x_ ? n_ : 1, true) {
  const std::size_t longest = std::max({first_.cells(), second_.cells(), n_});
  rows_.resize(lanes * longest);
  scratch_.resize(lanes * longest);
  const std::size_t chunks = (second_.cells() + lanes - 1) / lanes;
  plane_.resize(6 * chunks * lanes * n_);
  inverses_.resize(3 * lanes / 2 * n_);
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
    if (grid_.count(axis) == 1) return Ground{};
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

/// Rows `stride` apart of up to `lanes` neighbours along x.
void CosineSolver::load(const double* from, std::size_t x, std::size_t stride, std::size_t rows) {
  const std::size_t width = std::min(lanes, n_ - x);
  for (std::size_t i = 0; i < rows; ++i) {
    double* to = rows_.data() + lanes * i;
    std::copy_n(from + x + stride * i, width, to);
    std::fill(to + width, to + lanes, 0.0);
  }
}

void CosineSolver::store(double* to, std::size_t x, std::size_t stride, std::size_t rows) const {
  const std::size_t width = std::min(lanes, n_ - x);
  for (std::size_t i = 0; i < rows; ++i) std::copy_n(rows_.data() + lanes * i, width, to + x + stride * i);
}

/// Zero where there is no equation: what comes in is not to be read, and rounding of neighbours is not to go out.
void CosineSolver::clear_absent(std::size_t x, std::size_t rows, bool theta) {
  const std::size_t width = std::min(lanes, n_ - x);
  for (std::size_t l = 0; l < width; ++l) {
    if (theta ? has_theta_[x + l] : has_p_[x + l]) continue;
    for (std::size_t i = 0; i < rows; ++i) rows_[lanes * i + l] = 0;
  }
}

void CosineSolver::transform_first(std::size_t b, bool forward, const ConstArrays& from, const Arrays& to) {
  const std::size_t stride = grid_.stride(first_axis_), offset = b * grid_.stride(second_axis_);
  for (std::size_t array = 0; array < 6; ++array) {
    for (std::size_t x = 0; x < n_; x += lanes) {
      load(from[array] + offset, x, stride, first_.cells());
      if (forward) {
        clear_absent(x, first_.cells(), array % 2 == 1);
        first_.forward(rows_.data(), scratch_.data());
      } else {
        first_.backward(rows_.data(), scratch_.data());
        clear_absent(x, first_.cells(), array % 2 == 1);
      }
      store(to[array] + offset, x, stride, first_.cells());
    }
  }
}

/// Between arrays and the plane's lines along x, of which each register holds eight waves.
void CosineSolver::transform_second(std::size_t a, bool forward, const ConstArrays& from, const Arrays& to) {
  const std::size_t stride = grid_.stride(second_axis_), offset = a * grid_.stride(first_axis_);
  const std::size_t waves = second_.cells();
  for (std::size_t array = 0; array < 6; ++array) {
    for (std::size_t x = 0; x < n_; x += lanes) {
      const std::size_t width = std::min(lanes, n_ - x);
      if (forward) {
        load(from[array] + offset, x, stride, waves);
        clear_absent(x, waves, array % 2 == 1);
        second_.forward(rows_.data(), scratch_.data());
      }
      for (std::size_t k = 0; k < waves; k += lanes) {
        double* lines = reinterpret_cast<double*>(plane(array, k / lanes)) + lanes * x;
        double* rows = rows_.data() + lanes * k;
        const std::size_t height = std::min(lanes, waves - k);
        for (std::size_t l = 0; l < width; ++l) {
          if (forward)
            for (std::size_t r = 0; r < height; ++r) lines[lanes * l + r] = rows[lanes * r + l];
          else
            for (std::size_t r = 0; r < height; ++r) rows[lanes * r + l] = lines[lanes * l + r];
        }
      }
      if (forward) continue;
      second_.backward(rows_.data(), scratch_.data());
      clear_absent(x, waves, array % 2 == 1);
      store(to[array] + offset, x, stride, waves);
    }
  }
}

void CosineSolver::solve_plane(std::size_t a) {
  const double first = first_.curvature(a);
  for (std::size_t k = 0; k < second_.cells(); k += lanes / 2) {
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
  if (has_first) {
    for (std::size_t b = 0; b < second_.cells(); ++b) transform_first(b, true, right, solution);
  }
  for (std::size_t a = 0; a < first_.cells(); ++a) {
    transform_second(a, true, has_first ? waves : right, solution);
    solve_plane(a);
    transform_second(a, false, waves, solution);
  }
  if (has_first) {
    for (std::size_t b = 0; b < second_.cells(); ++b) transform_first(b, false, waves, solution);
  }
  return 1;
}

}  // namespace

bool is_layered(const Grid& grid) {
  const Problem& problem = grid.problem();
  if (grid.slab().begin != 0 || grid.slab().end != problem.axes[grid.slowest()].cells()) return false;
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

std::unique_ptr<HelmholtzSolver> cosine_solver(const Grid& grid, const Halo& /*halo*/) {
  return std::make_unique<CosineSolver>(grid);
}

}  // namespace vitrispin::dynamics::grid
