#pragma once

#include <memory>

#include "dynamics_cases.hpp"
#include "vitrispin/dynamics/grid/drives.hpp"
#include "vitrispin/dynamics/grid/elimination.hpp"
#include "vitrispin/dynamics/grid/equations.hpp"

/// The grids that bench_grid_runs and its peers run: cells of 1 nm, closed, two glasses, nine fields with precession of finite
/// amplitude, a fifth of a nanosecond = two radians about the field.
namespace vitrispin::bench {

namespace grid = dynamics::grid;
inline constexpr double end_of_grid_run = 2e-10;  // [s]

/// "square": 128 x 128 cells. "cube": 32 x 32 x 32. A disc or cylinder along z of a second glass in the first. "box": 32 x 32 x 32 of one.
inline grid::Problem grid_of(const std::string& name) {
  const std::size_t n = name == "square" ? 128 : 32;
  if (name != "square" && name != "cube" && name != "box") throw std::invalid_argument("no case " + name);
  grid::Problem problem;
  problem.H = {0, 0, 4.5e4};  // Omega = 1e10/s
  for (std::size_t axis = 0; axis < (name == "square" ? 2UL : 3UL); ++axis) {
    problem.axes[axis].faces.clear();
    for (std::size_t i = 0; i <= n; ++i) problem.axes[axis].faces.push_back(1e-9 * static_cast<double>(i));
  }
  for (const auto& material : {glass(1e-2, 0.3, 1.7e-5, 2.3e-12, 25), glass(2e-2, 0.2, 2.5e-5, 1.2e-12, 40)})
    problem.domains.push_back(
        {"glass", "glass", material, physics::equilibrium_magnetization(material, problem.H), {}});
  if (name == "box") problem.domains.pop_back();
  for (std::size_t cell = 0; cell < problem.cells(); ++cell) {
    const auto at = [&](std::size_t i) { return (static_cast<double>(i) + 0.5) / static_cast<double>(n) - 0.5; };
    const double x = at(cell % n), y = at(cell / n % n);
    problem.domain.push_back(name != "box" && x * x + y * y < 0.09 ? std::uint16_t{1} : std::uint16_t{0});
  }
  return problem;
}

/// Smooth bumps of a third of M_eq, and a twist.
inline dynamics::Fields<double> grid_start(const grid::Problem& problem) {
  const std::size_t n = problem.axes[0].cells();
  dynamics::Fields<double> z(problem.cells());
  for (std::size_t cell = 0; cell < z.nodes(); ++cell) {
    const auto square = [&](double center) {
      double sum = 0;
      for (std::size_t axis = 0, rest = cell; axis < 3; ++axis) {
        const std::size_t count = problem.axes[axis].cells();
        const double x = (static_cast<double>(rest % count) + 0.5) / static_cast<double>(n) - center;
        if (count > 1) sum += x * x;
        rest /= count;
      }
      return sum;
    };
    const double bump = std::exp(-square(0.45) / (0.15 * 0.15)), side = std::exp(-square(0.6) / (0.12 * 0.12));
    const double size = 0.3 * problem.domains[problem.domain[cell]].M_eq[2];
    z.M(0)[cell] = size * bump;
    z.M(1)[cell] = -0.5 * size * side;
    z.m(0)[cell] = 0.3 * size * side;
    z.m(2)[cell] = 0.4 * size * bump;
    z.theta(0)[cell] = 0.1 * side;
    z.theta(2)[cell] = 0.05 * bump;
  }
  return z;
}

/// A problem's rates as a function of nine arrays, one after the other, each field in units of its largest value at the start: what general
/// solvers are given, and can weigh alike.
class GridRates {
public:
  explicit GridRates(const std::string& name)
      : problem_(grid_of(name)),
        cells_(problem_),
        equations_(cells_, halo_),
        precession_(equations_.sweep()),
        state_(cells_.cells()),
        rates_(cells_.cells()),
        start_(grid_start(problem_)) {
    const grid::DrivenForcing drives(cells_);
    drives.at(0, forcing_);
    const std::size_t field = 3 * cells_.cells();
    for (std::size_t i = 0; i < 3 * field; ++i)
      units_[i / field] = std::max(units_[i / field], std::abs(start_.values()[i]));
  }
  std::size_t cells() const { return cells_.cells(); }
  std::size_t size() const { return 9 * cells_.cells(); }
  const grid::Problem& problem() const { return problem_; }
  double unit(std::size_t array) const { return units_[array / 3]; }
  void start(double* y) const { scale(start_.values().data(), y, true); }
  /// In SI, from y.
  std::vector<double> fields(const double* y) const {
    std::vector<double> values(size());
    scale(y, values.data(), false);
    return values;
  }
  void linear(const double* y, double* ydot, bool with_precession) {
    scale(y, state_.values().data(), false);
    equations_.rates(grid::StateView(state_), forcing_, with_precession, rates_);
    scale(rates_.values().data(), ydot, true);
  }
  void precession(const double* y, double* ydot) {
    scale(y, state_.values().data(), false);
    std::fill(rates_.values().begin(), rates_.values().end(), 0.0);
    precession_.add_precession(1, grid::StateView(rates_), forcing_, grid::StateView(state_),
                               grid::FieldArrays(rates_));
    scale(rates_.values().data(), ydot, true);
  }
  /// Calls `add(row, column, value)`, places in y, for precession's derivatives at y.
  template <class Add>
  void precession_jacobian(const double* y, const Add& add) const {
    const std::size_t n = cells();
    for (std::size_t cell = 0; cell < n; ++cell) {
      const grid::Domain& domain = problem_.domains[problem_.domain[cell]];
      const double g = domain.material.gyromagnetic_ratio * constants::vacuum_permeability;
      const double chi_M = domain.material.equilibrium_susceptibility;
      const double chi_m = domain.material.accumulation_susceptibility;
      Vector3<double> N, m;
      for (std::size_t k = 0; k < 3; ++k) {
        N[k] = units_[0] * y[k * n + cell];
        m[k] = units_[1] * y[(3 + k) * n + cell];
      }
      // g (M_eq + N) x (N + m)/chi_M and g m x (N/chi_M + m/chi_m)
      const auto M = domain.M_eq + N;
      const auto P = (1 / chi_M) * (N + m);
      const auto p = (1 / chi_M) * N + (1 / chi_m) * m;
      const auto cross = [&](std::size_t row, std::size_t column, const Vector3<double>& v) {
        const double factor = g * units_[column] / units_[row];
        for (std::size_t k = 0; k < 3; ++k) {
          const std::size_t a = (k + 1) % 3, b = (k + 2) % 3, from = (3 * column + k) * n + cell;
          add((3 * row + a) * n + cell, from, factor * v[b]);  // v x e_k
          add((3 * row + b) * n + cell, from, -factor * v[a]);
        }
      };
      cross(0, 0, (1 / chi_M) * M - P);
      cross(0, 1, (1 / chi_M) * M);
      cross(1, 0, (1 / chi_M) * m);
      cross(1, 1, (1 / chi_m) * m - p);
    }
  }
  /// Calls `add(row, column, value)` for the linear part: columns are its values at unit vectors. Seven cells with their neighbours tile
  /// space, so that 63 evaluations give all of them.
  template <class Add>
  void linear_jacobian(const Add& add) {
    const std::size_t n = cells(), nx = problem_.axes[0].cells(), ny = problem_.axes[1].cells(),
                      nz = problem_.axes[2].cells();
    std::vector<double> unit(size()), column(size());
    const auto colour = [&](std::size_t cell) {
      return (cell % nx + 2 * (cell / nx % ny) + 3 * (cell / (nx * ny))) % 7;
    };
    for (std::size_t array = 0; array < 9; ++array) {
      for (std::size_t c = 0; c < 7; ++c) {
        std::fill(unit.begin(), unit.end(), 0.0);
        for (std::size_t cell = 0; cell < n; ++cell)
          if (colour(cell) == c) unit[array * n + cell] = 1;
        linear(unit.data(), column.data(), false);
        const auto put = [&](std::size_t row_cell, std::size_t from) {
          for (std::size_t to = 0; to < 9; ++to)
            if (column[to * n + row_cell] != 0) add(to * n + row_cell, array * n + from, column[to * n + row_cell]);
        };
        for (std::size_t cell = 0; cell < n; ++cell) {
          if (colour(cell) != c) continue;
          const std::size_t i = cell % nx, j = cell / nx % ny, k = cell / (nx * ny);
          put(cell, cell);
          if (i > 0) put(cell - 1, cell);
          if (i + 1 < nx) put(cell + 1, cell);
          if (j > 0) put(cell - nx, cell);
          if (j + 1 < ny) put(cell + nx, cell);
          if (k > 0) put(cell - nx * ny, cell);
          if (k + 1 < nz) put(cell + nx * ny, cell);
        }
      }
    }
  }

private:
  void scale(const double* from, double* to, bool down) const {
    const std::size_t field = 3 * cells_.cells();
    for (std::size_t f = 0; f < 3; ++f) {
      const double factor = down ? 1 / units_[f] : units_[f];
      for (std::size_t i = f * field; i < (f + 1) * field; ++i) to[i] = factor * from[i];
    }
  }
  grid::Problem problem_;
  grid::Halo halo_;
  grid::Grid cells_;
  grid::Equations equations_;
  grid::Elimination precession_;
  grid::Forcing forcing_;
  dynamics::Fields<double> state_, rates_, start_;
  std::array<double, 3> units_{};
};

}  // namespace vitrispin::bench
