#include <algorithm>
#include <cmath>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/grid/helmholtz.hpp"

namespace vitrispin::dynamics::grid {
namespace {

constexpr long most_iterations = 100000;
constexpr int patience = 200;  // iterations without a better residual: rounding

/// Two numbers a cell, p and theta, with a plane before and after.
class Pairs {
public:
  Pairs(std::size_t cells, std::size_t plane) : plane_(plane) {
    for (auto& field : values_) field.assign(cells + 2 * plane, 0.0);
  }
  double* p() { return values_[0].data() + plane_; }
  double* theta() { return values_[1].data() + plane_; }

private:
  std::size_t plane_;
  std::array<std::vector<double>, 2> values_;
};

class ReferenceSolver final : public HelmholtzSolver {
public:
  ReferenceSolver(const Grid& grid, const Halo& halo)
      : grid_(grid),
        halo_(halo),
        x_(grid.cells(), grid.plane()),
        r_(grid.cells(), grid.plane()),
        z_(grid.cells(), grid.plane()),
        d_(grid.cells(), grid.plane()),
        q_(grid.cells(), grid.plane()) {}

  void factorise(const HelmholtzSystem& system) override;
  long solve(const ConstComponents& right_p, const ConstComponents& right_theta, const Components& p,
             const Components& theta, double tolerance) override;

private:
  struct Face {
    std::ptrdiff_t lower, upper;  ///< cells, those of the neighbouring slabs before and after the owned ones
    double m, twist;
  };
  struct Block {
    double pp = 0, pt = 0, tt = 0;                          ///< without faces
    double inverse_pp = 0, inverse_pt = 0, inverse_tt = 0;  ///< with them
    double volume = 0;
  };
  void add_face(std::size_t axis, std::size_t face, std::ptrdiff_t lower, std::ptrdiff_t upper, double area, double w);
  void multiply(Pairs& from, Pairs& to);
  void precondition(Pairs& from, Pairs& to);
  double product(Pairs& a, Pairs& b);
  long solve_one(const double* right_p, const double* right_theta, double* p, double* theta, double tolerance);

  const Grid& grid_;
  const Halo& halo_;
  std::vector<Face> faces_;
  std::vector<Block> blocks_;
  Pairs x_, r_, z_, d_, q_;
};

void ReferenceSolver::add_face(std::size_t axis, std::size_t face, std::ptrdiff_t lower, std::ptrdiff_t upper,
                               double area, double w) {
  const Link link = grid_.link(axis, face, grid_.domain()[lower], grid_.domain()[upper]);
  if (link.m == 0 && link.twist == 0) return;
  faces_.push_back({lower, upper, area * w * link.m, area * link.twist / constants::vacuum_permeability});
}

void ReferenceSolver::factorise(const HelmholtzSystem& system) {
  faces_.clear();
  blocks_.assign(grid_.cells(), {});
  for (std::size_t cell = 0; cell < grid_.cells(); ++cell) {
    const std::array<std::size_t, 3> place{cell % grid_.count(0), cell / grid_.count(0) % grid_.count(1),
                                           cell / (grid_.count(0) * grid_.count(1))};
    if (grid_.domain()[cell] == vacuum) continue;
    const LocalBlock& local = system.domains[grid_.domain()[cell]];
    Block& block = blocks_[cell];
    block.volume = grid_.volume(place[0], place[1], place[2]);
    block.pp = block.volume * (local.p_ground + local.joint * local.ratio * local.ratio);
    block.pt = block.volume * local.joint * local.ratio;
    block.tt = local.joint > 0 ? block.volume * (local.theta_ground + local.joint) : 1;
    const auto here = static_cast<std::ptrdiff_t>(cell);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double area = block.volume / grid_.widths(axis)[place[axis]];
      const auto stride = static_cast<std::ptrdiff_t>(grid_.stride(axis));
      const auto across = stride * static_cast<std::ptrdiff_t>(grid_.count(axis) - 1);
      const bool first = place[axis] == 0, last = place[axis] + 1 == grid_.count(axis), cut = axis == grid_.slowest();
      if (!first || (cut && grid_.open_before(axis))) {
        add_face(axis, place[axis], here - stride, here, area, system.w);
      } else if (grid_.open_before(axis)) {
        add_face(axis, 0, here + across, here, area, system.w);
      }
      if (last && cut && grid_.open_after(axis)) add_face(axis, place[axis] + 1, here, here + stride, area, system.w);
    }
  }
  for (std::size_t f = 0; f < grid_.outer_faces().size(); ++f) {
    const OuterFace& face = grid_.outer_faces()[f];
    blocks_[face.cell].pp += face.area * system.w * face.conductance;
    blocks_[face.cell].tt += face.area * system.outer_twist[f];
  }
  std::vector<std::array<double, 2>> with_faces(grid_.cells());
  for (std::size_t cell = 0; cell < grid_.cells(); ++cell) with_faces[cell] = {blocks_[cell].pp, blocks_[cell].tt};
  const auto owned = [&](std::ptrdiff_t cell) {
    return cell >= 0 && cell < static_cast<std::ptrdiff_t>(grid_.cells());
  };
  for (const Face& face : faces_) {
    for (const std::ptrdiff_t cell : {face.lower, face.upper}) {
      if (!owned(cell)) continue;
      with_faces[static_cast<std::size_t>(cell)][0] += face.m;
      with_faces[static_cast<std::size_t>(cell)][1] += face.twist;
    }
  }
  for (std::size_t cell = 0; cell < grid_.cells(); ++cell) {
    Block& block = blocks_[cell];
    const double pp = with_faces[cell][0], tt = with_faces[cell][1];
    if (pp == 0) continue;  // vacuum
    const double determinant = pp * tt - block.pt * block.pt;
    block.inverse_pp = tt / determinant;
    block.inverse_pt = -block.pt / determinant;
    block.inverse_tt = pp / determinant;
  }
}

void ReferenceSolver::multiply(Pairs& from, Pairs& to) {
  halo_.fill(grid_.plane(), grid_.cells(), {from.p(), from.theta()});
  const auto cells = static_cast<std::ptrdiff_t>(grid_.cells());
  double *p = from.p(), *theta = from.theta(), *to_p = to.p(), *to_theta = to.theta();
  for (std::ptrdiff_t i = 0; i < cells; ++i) {
    const Block& block = blocks_[static_cast<std::size_t>(i)];
    to_p[i] = block.pp * p[i] + block.pt * theta[i];
    to_theta[i] = block.pt * p[i] + block.tt * theta[i];
  }
  for (const Face& face : faces_) {  // what lands beside the slab is overwritten before it is read
    const double m = face.m * (p[face.upper] - p[face.lower]);
    const double twist = face.twist * (theta[face.upper] - theta[face.lower]);
    to_p[face.lower] -= m;
    to_p[face.upper] += m;
    to_theta[face.lower] -= twist;
    to_theta[face.upper] += twist;
  }
}

void ReferenceSolver::precondition(Pairs& from, Pairs& to) {
  for (std::size_t i = 0; i < grid_.cells(); ++i) {
    const Block& block = blocks_[i];
    to.p()[i] = block.inverse_pp * from.p()[i] + block.inverse_pt * from.theta()[i];
    to.theta()[i] = block.inverse_pt * from.p()[i] + block.inverse_tt * from.theta()[i];
  }
}

double ReferenceSolver::product(Pairs& a, Pairs& b) {
  std::vector<double> sum(1);
  for (std::size_t i = 0; i < grid_.cells(); ++i) sum[0] += a.p()[i] * b.p()[i] + a.theta()[i] * b.theta()[i];
  halo_.sum(sum);
  return sum[0];
}

long ReferenceSolver::solve_one(const double* right_p, const double* right_theta, double* p, double* theta,
                                double tolerance) {
  const std::size_t cells = grid_.cells();
  for (std::size_t i = 0; i < cells; ++i) {
    const bool empty = grid_.domain()[i] == vacuum;
    x_.p()[i] = empty ? 0 : p[i];
    x_.theta()[i] = empty ? 0 : theta[i];
    r_.p()[i] = blocks_[i].volume * right_p[i];
    r_.theta()[i] = blocks_[i].volume * right_theta[i];
    if (empty) r_.p()[i] = r_.theta()[i] = 0;
  }
  precondition(r_, z_);
  const double target = std::max(tolerance, 1e-17) * std::sqrt(product(r_, z_));
  multiply(x_, q_);
  for (std::size_t i = 0; i < cells; ++i) {
    r_.p()[i] -= q_.p()[i];
    r_.theta()[i] -= q_.theta()[i];
  }
  precondition(r_, z_);
  double rho = product(r_, z_), best = std::sqrt(rho);
  std::copy_n(z_.p(), cells, d_.p());
  std::copy_n(z_.theta(), cells, d_.theta());
  long iteration = 0;
  int since_best = 0;
  while (std::sqrt(rho) > target && since_best < patience && iteration < most_iterations) {
    multiply(d_, q_);
    const double step = rho / product(d_, q_);
    for (std::size_t i = 0; i < cells; ++i) {
      x_.p()[i] += step * d_.p()[i];
      x_.theta()[i] += step * d_.theta()[i];
      r_.p()[i] -= step * q_.p()[i];
      r_.theta()[i] -= step * q_.theta()[i];
    }
    precondition(r_, z_);
    const double next = product(r_, z_), turn = next / rho;
    for (std::size_t i = 0; i < cells; ++i) {
      d_.p()[i] = z_.p()[i] + turn * d_.p()[i];
      d_.theta()[i] = z_.theta()[i] + turn * d_.theta()[i];
    }
    rho = next;
    ++since_best;
    if (std::sqrt(rho) < 0.9 * best) {
      best = std::sqrt(rho);
      since_best = 0;
    }
    ++iteration;
  }
  if (!std::isfinite(rho) || (tolerance > 0 && best > target))
    throw ConvergenceError("conjugate gradients of an implicit step", static_cast<int>(iteration), best, target);
  std::copy_n(x_.p(), cells, p);
  std::copy_n(x_.theta(), cells, theta);
  return iteration;
}

long ReferenceSolver::solve(const ConstComponents& right_p, const ConstComponents& right_theta, const Components& p,
                            const Components& theta, double tolerance) {
  long iterations = 0;
  for (std::size_t c = 0; c < 3; ++c)
    iterations = std::max(iterations, solve_one(right_p[c], right_theta[c], p[c], theta[c], tolerance));
  return iterations;
}

}  // namespace

std::unique_ptr<HelmholtzSolver> reference_solver(const Grid& grid, const Halo& halo) {
  return std::make_unique<ReferenceSolver>(grid, halo);
}

}  // namespace vitrispin::dynamics::grid
