#include "vitrispin/dynamics/grid/conduction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/array_loops.hpp"
#include "vitrispin/dynamics/grid/step_parts.hpp"

namespace vitrispin::dynamics::grid {
namespace {

using physics::Material;

/// Of the SDIRK of order 2: both stages have it on the diagonal, the second is the result.
const double diagonal = 1 - std::sqrt(0.5);

/// The paramagnet whose m obeys the equation of T.
Material<double> as_paramagnet(const Domain& domain) {
  const Material<double>& material = domain.material;
  if (!(material.heat_capacity > 0))
    throw InputError(fmt::format("{}: C is missing, the heat capacity, which heat needs", domain.name));
  Material<double> of_heat;
  of_heat.kind = physics::MaterialKind::paramagnet;
  of_heat.accumulation_susceptibility = material.heat_capacity;
  of_heat.diffusivity = material.thermal_conductivity / material.heat_capacity;
  constexpr double never = std::numeric_limits<double>::infinity();
  of_heat.equilibrium_susceptibility = of_heat.lattice_relaxation_time = of_heat.cross_relaxation_time = never;
  of_heat.accumulation_lattice_relaxation_time = never;
  return of_heat;
}

double capacity(const Grid& grid, std::size_t cell) {
  return grid.domains()[grid.domain()[cell]].material.accumulation_susceptibility;
}

std::vector<double> volumes_of(const Grid& grid) {
  std::vector<double> volumes;
  for (std::size_t k = 0; k < grid.count(2); ++k) {
    for (std::size_t j = 0; j < grid.count(1); ++j) {
      for (std::size_t i = 0; i < grid.count(0); ++i) volumes.push_back(grid.volume(i, j, k));
    }
  }
  return volumes;
}

/// Gaussian elimination along the one row of a grid of one dimension.
class RowSolver final : public ConductionSolver {
public:
  explicit RowSolver(const Grid& grid)
      : grid_(grid), area_(grid.width(1, 0) * grid.width(2, 0)), pivot_(grid.cells()), link_(grid.cells(), 0.0) {}

  void factorise(double w) override {
    const std::size_t n = grid_.cells();
    const std::uint16_t* domain = grid_.domain();
    for (std::size_t i = 0; i < n; ++i) {
      pivot_[i] = domain[i] == vacuum ? 1 : capacity(grid_, i) * grid_.widths(0)[i] * area_;
      if (i > 0) link_[i] = w * area_ * grid_.link(0, i, domain[i - 1], domain[i]).m;
    }
    for (const OuterFace& face : grid_.outer_faces()) pivot_[face.cell] += w * face.area * face.conductance;
    // What is left of a pivot is a sum of positive numbers: link - link^2/pivot = link (pivot - link)/pivot.
    double ground = 0;  // of the cells before, seen through the link
    for (std::size_t i = 0; i < n; ++i) {
      const double own = pivot_[i] + ground;
      const double next = i + 1 < n ? link_[i + 1] : 0;
      pivot_[i] = own + next;
      ground = next == 0 ? 0 : next * own / pivot_[i];
    }
  }

  void solve(const double* right, double* u) override {
    const std::size_t n = grid_.cells();
    const double* width = grid_.widths(0);
    for (std::size_t i = 0; i < n; ++i) {
      u[i] = right[i] * width[i] * area_;
      if (i > 0) u[i] += link_[i] * u[i - 1] / pivot_[i - 1];
    }
    for (std::size_t i = n; i-- > 0;) {
      if (i + 1 < n) u[i] += link_[i + 1] * u[i + 1];
      u[i] /= pivot_[i];
    }
  }

private:
  const Grid& grid_;
  double area_;  ///< across the row
  std::vector<double> pivot_, link_;
};

/// T as the first component of a metal's m.
class FieldSolver final : public ConductionSolver {
public:
  FieldSolver(const Grid& grid, const Halo& halo, const SolverMaker& solver)
      : grid_(grid), solver_(solver(grid, halo)), unknowns_(6 * grid.cells()), right_(6 * grid.cells()) {}

  void factorise(double w) override {
    HelmholtzSystem system;
    system.w = w;
    for (const Domain& domain : grid_.domains()) {
      LocalBlock block;
      block.p_ground = domain.material.accumulation_susceptibility;
      system.domains.push_back(block);
    }
    system.outer_twist.assign(grid_.outer_faces().size(), 0.0);
    solver_->factorise(system);
  }

  void solve(const double* right, double* u) override {
    const std::size_t n = grid_.cells();
    std::copy_n(right, n, right_.data());
    std::copy_n(u, n, unknowns_.data());
    solver_->solve(constant(three(right_.data(), n)), constant(three(right_.data() + 3 * n, n)),
                   three(unknowns_.data(), n), three(unknowns_.data() + 3 * n, n), 0);
    std::copy_n(unknowns_.data(), n, u);
  }

private:
  const Grid& grid_;
  std::unique_ptr<HelmholtzSolver> solver_;
  Values<double> unknowns_, right_;
};

}  // namespace

std::unique_ptr<ConductionSolver> conduction_solver(const Grid& grid, const Halo& halo, const SolverMaker& solver) {
  if (grid.count(1) * grid.count(2) == 1 && !grid.periodic(0) && grid.slowest() == 0)
    return std::make_unique<RowSolver>(grid);
  return std::make_unique<FieldSolver>(grid, halo, solver);
}

Problem of_heat(const Problem& problem, double start) {
  Problem heat = problem;
  for (Domain& domain : heat.domains) {
    domain.material = as_paramagnet(domain);
    domain.M_eq = domain.m_eq = {};
  }
  for (auto& [pair, interface] : heat.interfaces) interface.conductance = interface.thermal_conductance;
  for (auto& [pair, interface] : heat.interfaces) interface.mixing = 0;
  for (physics::Boundary& boundary : heat.boundaries) {
    physics::Boundary bath;
    if (boundary.thermal_conductance > 0) {
      bath.accumulation = physics::AccumulationBoundary::contact;
      bath.conductance = boundary.thermal_conductance;
      bath.potential[0] = boundary.temperature - start;
    }
    boundary = bath;
  }
  heat.drives.clear();
  heat.H = {};
  return heat;
}

Conduction::Conduction(const Problem& problem, double start, Slab slab, const Halo& halo, const SolverMaker& solver)
    : start_(start),
      make_solver_(solver),
      slab_(slab),
      grid_(of_heat(problem, start), slab),
      halo_(halo),
      solver_(conduction_solver(grid_, halo, solver)),
      volume_(volumes_of(grid_)) {
  for (auto* values : {&warming_, &before_, &stage_, &base_, &right_}) values->resize(grid_.cells());
  set_baths();
}

void Conduction::set_baths() {
  for (auto* values : {&bath_, &bath_link_}) values->assign(grid_.cells(), 0.0);
  for (const OuterFace& face : grid_.outer_faces()) {
    const double link = face.conductance * face.area;
    bath_link_[face.cell] += link;
    bath_[face.cell] += link * grid_.problem().boundaries[face.boundary].potential[0].real();
  }
}

void Conduction::adopt(const Problem& problem) {
  solver_.reset();
  grid_ = Grid(of_heat(problem, start_), slab_);
  solver_ = conduction_solver(grid_, halo_, make_solver_);
  factorised_w_ = 0;
  set_baths();
}

/// stage_ from C stage_ = C base + w (heat/h + baths + div kappa grad stage_).
void Conduction::solve_stage(double w, double h, const double* heat, const Values<double>& base) {
  for (std::size_t i = 0; i < right_.size(); ++i) {
    const bool present = grid_.domain()[i] != vacuum;
    right_[i] = present ? capacity(grid_, i) * base[i] + w * (heat[i] / h + bath_[i] / volume_[i]) : 0;
  }
  solver_->solve(right_.data(), stage_.data());
}

void Conduction::step(double h, const double* heat) {
  const double w = diagonal * h;
  if (w != factorised_w_) solver_->factorise(factorised_w_ = w);
  std::vector<double> sums(2, 0.0);  // held, to baths
  const auto to_baths = [&](double weight) {
    for (std::size_t i = 0; i < stage_.size(); ++i) {
      if (bath_link_[i] != 0) sums[1] += weight * (bath_link_[i] * stage_[i] - bath_[i]);
    }
  };
  std::copy(warming_.begin(), warming_.end(), stage_.begin());
  solve_stage(w, h, heat, warming_);
  to_baths(h - w);
  // The slope of the first stage is (stage - start)/w.
  for (std::size_t i = 0; i < base_.size(); ++i) base_[i] = warming_[i] + (h - w) / w * (stage_[i] - warming_[i]);
  solve_stage(w, h, heat, base_);
  to_baths(w);
  for (std::size_t i = 0; i < stage_.size(); ++i) {
    if (grid_.domain()[i] != vacuum) sums[0] += volume_[i] * capacity(grid_, i) * (stage_[i] - warming_[i]);
  }
  std::swap(before_, warming_);
  std::swap(warming_, stage_);
  halo_.sum(sums);
  held_ += sums[0];
  to_baths_ += sums[1];
  if (!std::isfinite(held_ + to_baths_))
    throw ConvergenceError("the temperature", 1, std::numeric_limits<double>::quiet_NaN(), 0);
}

void Conduction::exchange(Archive& archive) {
  exchange_number(archive, halo_, held_);
  exchange_number(archive, halo_, to_baths_);
  exchange_whole(archive, grid_, halo_, warming_.data());
  exchange_whole(archive, grid_, halo_, before_.data());
}

}  // namespace vitrispin::dynamics::grid
