#pragma once

#include <Eigen/Sparse>
#include <numbers>

#include "dynamics/random_lines.hpp"
#include "vitrispin/dynamics/grid/helmholtz.hpp"

/// Problems on grids and the linear systems of their implicit steps, cell by cell and face by face as helmholtz.hpp states
/// them.
namespace vitrispin::test {

using dynamics::grid::Grid;
using dynamics::grid::HelmholtzSystem;
using dynamics::grid::LocalBlock;
using dynamics::grid::Problem;

/// helmholtz.hpp and implicit_solver.hpp: what is left of a cell after M.
inline LocalBlock local_block(const physics::Material<double>& material, double w) {
  const auto rates = physics::relaxation_rates(material);
  const double chi_m = material.accumulation_susceptibility, mu0 = constants::vacuum_permeability;
  LocalBlock block;
  block.p_ground = chi_m + w * chi_m * rates.m_to_lattice;
  if (!material.has_texture()) return block;
  const double chi_M = material.equilibrium_susceptibility, u = chi_M / (chi_M - chi_m);
  const double gamma = material.gyromagnetic_ratio;
  const double A = chi_M * (u + w * (rates.M_to_lattice + rates.M_from_m));
  const double B = chi_m * u + w * chi_M * rates.M_from_m;
  const double N = material.damping * gamma + gamma * gamma * mu0 * w / A;
  block.p_ground = B * chi_M * (1 + w * rates.M_to_lattice) / A + w * chi_m * rates.m_to_lattice;
  block.theta_ground = material.anisotropy / mu0;
  block.joint = 1 / (N * w * mu0);
  block.ratio = w * gamma * mu0 * B / A;
  return block;
}

inline HelmholtzSystem system_of(const Grid& grid, double w) {
  HelmholtzSystem system;
  system.w = w;
  for (const auto& domain : grid.domains()) system.domains.push_back(local_block(domain.material, w));
  for (const auto& face : grid.outer_faces())
    system.outer_twist.push_back(face.twist_clamp / constants::vacuum_permeability);
  return system;
}

/// p and theta of three components.
struct Unknowns {
  explicit Unknowns(std::size_t cells) {
    for (auto* field : {&p, &theta})
      for (auto& component : *field) component.assign(cells, 0.0);
  }
  dynamics::grid::Components p_data() { return {p[0].data(), p[1].data(), p[2].data()}; }
  dynamics::grid::Components theta_data() { return {theta[0].data(), theta[1].data(), theta[2].data()}; }
  dynamics::grid::ConstComponents p_data() const { return {p[0].data(), p[1].data(), p[2].data()}; }
  dynamics::grid::ConstComponents theta_data() const { return {theta[0].data(), theta[1].data(), theta[2].data()}; }
  std::array<std::vector<double>, 3> p, theta;
};

/// The matrix times the cells' volumes, 2 x 2 blocks cell by cell (p, theta); 1 where there is no equation.
template <class Scalar>
Eigen::SparseMatrix<Scalar> matrix_of(const Grid& grid, const HelmholtzSystem& system) {
  const auto n = static_cast<Eigen::Index>(grid.cells());
  const Scalar mu0 = constants::vacuum_permeability;
  std::vector<Eigen::Triplet<Scalar>> entries;
  const auto add = [&](std::size_t i, std::size_t j, Scalar value) {
    entries.emplace_back(static_cast<int>(i), static_cast<int>(j), value);
  };
  const auto across = [&](std::size_t a, std::size_t b, Scalar value) {
    add(a, a, value);
    add(b, b, value);
    add(a, b, -value);
    add(b, a, -value);
  };
  for (std::size_t k = 0; k < grid.count(2); ++k) {
    for (std::size_t j = 0; j < grid.count(1); ++j) {
      for (std::size_t i = 0; i < grid.count(0); ++i) {
        const std::array<std::size_t, 3> place{i, j, k};
        const std::size_t cell = i + grid.count(0) * (j + grid.count(1) * k);
        const std::uint16_t domain = grid.domain()[cell];
        const Scalar V = grid.volume(i, j, k);
        if (domain == dynamics::grid::vacuum) {
          add(2 * cell, 2 * cell, 1);
          add(2 * cell + 1, 2 * cell + 1, 1);
          continue;
        }
        const LocalBlock& block = system.domains[domain];
        add(2 * cell, 2 * cell, V * (Scalar(block.p_ground) + Scalar(block.joint) * block.ratio * block.ratio));
        add(2 * cell, 2 * cell + 1, V * Scalar(block.joint) * block.ratio);
        add(2 * cell + 1, 2 * cell, V * Scalar(block.joint) * block.ratio);
        add(2 * cell + 1, 2 * cell + 1,
            block.joint == 0 ? Scalar(1) : V * (Scalar(block.theta_ground) + Scalar(block.joint)));
        for (std::size_t axis = 0; axis < 3; ++axis) {  // the face above, or around the period
          const bool last = place[axis] + 1 == grid.count(axis);
          if (last && !grid.open_after(axis)) continue;
          const std::size_t other = last ? cell - grid.stride(axis) * (grid.count(axis) - 1) : cell + grid.stride(axis);
          const auto link = grid.link(axis, place[axis] + 1, domain, grid.domain()[other]);
          const Scalar area = V / grid.width(axis, static_cast<std::ptrdiff_t>(place[axis]));
          across(2 * cell, 2 * other, area * Scalar(system.w) * link.m);
          across(2 * cell + 1, 2 * other + 1, area * link.twist / mu0);
        }
      }
    }
  }
  for (std::size_t f = 0; f < grid.outer_faces().size(); ++f) {
    const auto& face = grid.outer_faces()[f];
    add(2 * face.cell, 2 * face.cell, Scalar(face.area) * system.w * face.conductance);
    add(2 * face.cell + 1, 2 * face.cell + 1, Scalar(face.area) * system.outer_twist[f]);
  }
  Eigen::SparseMatrix<Scalar> matrix(2 * n, 2 * n);
  matrix.setFromTriplets(entries.begin(), entries.end());
  return matrix;
}

/// One component between an Unknowns and a vector of pairs.
template <class Scalar>
Eigen::Matrix<Scalar, Eigen::Dynamic, 1> pairs_of(const Unknowns& z, std::size_t component) {
  const std::size_t n = z.p[0].size();
  Eigen::Matrix<Scalar, Eigen::Dynamic, 1> pairs(static_cast<Eigen::Index>(2 * n));
  for (std::size_t i = 0; i < n; ++i) {
    pairs[static_cast<Eigen::Index>(2 * i)] = z.p[component][i];
    pairs[static_cast<Eigen::Index>(2 * i + 1)] = z.theta[component][i];
  }
  return pairs;
}

class RandomGrids : public RandomLines {
public:
  dynamics::grid::Axis axis(std::size_t cells, double width, bool graded, bool periodic) {
    dynamics::grid::Axis result;
    result.periodic = periodic;
    result.faces = {0.0};
    const double growth = graded ? log_uniform(0.7, 1.4) : 1;
    for (std::size_t i = 0; i < cells; ++i) {
      result.faces.push_back(result.faces.back() + width);
      width *= growth;
    }
    return result;
  }

  dynamics::grid::Domain domain(bool glass_only = false) {
    const physics::Layer layer = glass_only || chance(0.7) ? glass() : metal();
    dynamics::grid::Domain result;
    result.name = layer.name;
    result.material = layer.material;
    return result;
  }

  /// Every face of one boundary of its own, closed or a contact or clamped; `layered`: only those of x and of a direction
  /// that is a single cell.
  void put_boundaries(Problem& problem) {
    for (std::size_t side = 0; side < 6; ++side) {
      const std::size_t axis = side / 2, a = axis == 0 ? 1 : 0, b = axis == 2 ? 1 : 2;
      problem.boundary[side].assign(problem.axes[a].cells() * problem.axes[b].cells(),
                                    static_cast<std::uint16_t>(side));
      problem.boundary_names.push_back("side");
      problem.boundaries.emplace_back();
    }
  }
  void open_side(Problem& problem, std::size_t side) {
    physics::Boundary& boundary = problem.boundaries[side];
    if (chance(0.6)) boundary = contact(false);
    if (chance(0.3)) boundary.twist = physics::TwistBoundary::clamped;
  }

  /// Layers along x, equal cells across them.
  Problem layered(std::size_t nx, std::size_t ny, std::size_t nz) {
    Problem problem;
    const double width = log_uniform(3e-10, 1e-8);
    problem.axes = {axis(nx, width, chance(0.5), false), axis(ny, width * log_uniform(0.3, 30), false, chance(0.5)),
                    axis(nz, width * log_uniform(0.3, 30), false, chance(0.5))};
    const int layers = integer(1, 3);
    for (int i = 0; i < layers; ++i) problem.domains.push_back(domain());
    std::vector<std::uint16_t> of_x;
    for (std::size_t i = 0; i < nx; ++i)
      of_x.push_back(static_cast<std::uint16_t>(i * static_cast<std::size_t>(layers) / nx));
    if (chance(0.3)) of_x.back() = dynamics::grid::vacuum;
    for (std::size_t i = 0; i < problem.cells(); ++i) problem.domain.push_back(of_x[i % nx]);
    if (layers > 1 && chance(0.5)) problem.interfaces[{0, 1}].conductance = log_uniform(1, 1e5);
    put_boundaries(problem);
    open_side(problem, 0);
    open_side(problem, 1);
    return problem;
  }

  /// Boxes and balls of anything in a box, graded and periodic at will, vacuum among them, contacts on faces and patches. The
  /// conductances of materials are apart by up to `jump`.
  Problem regions(std::size_t nx, std::size_t ny, std::size_t nz, double jump) {
    Problem problem;
    const double width = log_uniform(3e-10, 1e-8);
    problem.axes = {axis(nx, width, chance(0.5), chance(0.3)),
                    axis(ny, width * log_uniform(0.3, 30), chance(0.5), chance(0.3)),
                    axis(nz, width * log_uniform(0.3, 30), chance(0.5), chance(0.3))};
    const int domains = integer(1, 4);
    for (int i = 0; i < domains; ++i) {
      problem.domains.push_back(domain());
      const double factor = std::pow(jump, uniform(-0.5, 0.5));
      problem.domains.back().material.diffusivity *= factor;
      problem.domains.back().material.spin_stiffness *= std::pow(jump, uniform(-0.5, 0.5));
    }
    problem.domain.assign(problem.cells(), 0);
    for (int region = 0; region < 4; ++region) {
      const auto of_region = static_cast<std::uint16_t>(chance(0.2) ? dynamics::grid::vacuum : integer(0, domains - 1));
      const double center[3] = {uniform(0, 1), uniform(0, 1), uniform(0, 1)}, size = uniform(0.2, 0.6);
      const bool ball = chance(0.5);
      for (std::size_t k = 0; k < nz; ++k)
        for (std::size_t j = 0; j < ny; ++j)
          for (std::size_t i = 0; i < nx; ++i) {
            const double a = (static_cast<double>(i) + 0.5) / static_cast<double>(nx) - center[0];
            const double b = (static_cast<double>(j) + 0.5) / static_cast<double>(ny) - center[1];
            const double c = (static_cast<double>(k) + 0.5) / static_cast<double>(nz) - center[2];
            const bool inside = ball ? a * a + b * b + c * c < size * size
                                     : std::fabs(a) < size && std::fabs(b) < size / 2 && std::fabs(c) < size / 2;
            if (inside) problem.domain[problem.cell(i, j, k)] = of_region;
          }
    }
    if (domains > 1 && chance(0.5)) problem.interfaces[{0, 1}].conductance = log_uniform(1, 1e5);
    put_boundaries(problem);
    for (std::size_t side = 0; side < 6; ++side) {
      if (problem.axes[side / 2].cells() > 1) open_side(problem, side);
    }
    problem.boundaries.emplace_back();  // closed: all but a patch of one face
    for (std::uint16_t& boundary : problem.boundary[dynamics::grid::left])
      if (chance(0.5)) boundary = 6;
    return problem;
  }

  Unknowns right(std::size_t cells, double size_p, double size_theta) {
    Unknowns z(cells);
    for (std::size_t c = 0; c < 3; ++c) {
      for (double& value : z.p[c]) value = uniform(-size_p, size_p);
      for (double& value : z.theta[c]) value = uniform(-size_theta, size_theta);
    }
    return z;
  }
};

}  // namespace vitrispin::test
