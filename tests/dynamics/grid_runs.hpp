#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <limits>

#include "dynamics/grid_lines.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/drives.hpp"
#include "vitrispin/dynamics/grid/cosine_solver.hpp"
#include "vitrispin/dynamics/grid/drives.hpp"
#include "vitrispin/dynamics/grid/equations.hpp"
#include "vitrispin/dynamics/grid/helmholtz.hpp"
#include "vitrispin/dynamics/grid/ledger.hpp"
#include "vitrispin/dynamics/midpoint.hpp"

/// A few steps of a fixed-step method on a grid, with random drives, for tests of steps and ledger.
namespace vitrispin::dynamics::grid::test_runs {

using test::RandomLines;

/// One over the fastest of relaxation, precession and what the cells let by.
inline double shortest_time(const Problem& problem) {
  double least = 1, rate = 0;
  for (const Axis& axis : problem.axes) {
    for (std::size_t i = 0; i < axis.cells(); ++i) least = std::min(least, axis.width(i));
  }
  for (const Domain& domain : problem.domains) {
    const auto& material = domain.material;
    const auto rates = physics::relaxation_rates(material);
    const double gamma_mu0 = material.gyromagnetic_ratio * constants::vacuum_permeability;
    rate = std::max({rate, rates.M_total, rates.m_total, 4 * material.diffusivity / (least * least),
                     gamma_mu0 * std::sqrt(dot(problem.H, problem.H))});
    if (!material.has_texture()) continue;
    const double K = material.anisotropy + 4 * material.spin_stiffness / (least * least);
    rate = std::max({rate, material.damping * material.gyromagnetic_ratio * K,
                     material.gyromagnetic_ratio *
                         std::sqrt(constants::vacuum_permeability * K / material.equilibrium_susceptibility),
                     gamma_mu0 * std::sqrt(dot(domain.M_eq, domain.M_eq)) / material.equilibrium_susceptibility});
  }
  return 1 / rate;
}

inline std::vector<physics::Drive> random_drives(RandomLines& random, const physics::Stack& stack, double duration) {
  std::vector<physics::Drive> drives;
  const auto add = [&](physics::DriveTarget target, double amplitude) {
    physics::Drive drive;
    drive.target = target;
    drive.component = static_cast<std::size_t>(random.integer(0, 2));
    drive.wave.amplitude = amplitude;
    drive.wave.frequency = random.uniform(0.1, 1) / duration;
    drive.wave.phase = random.uniform(0, 6);
    drives.push_back(drive);
  };
  using physics::AccumulationBoundary;
  using physics::DriveTarget;
  if (random.chance(0.5)) add(DriveTarget::field, 100);
  if (stack.left.accumulation == AccumulationBoundary::current) add(DriveTarget::left_current, 0.3);
  if (stack.right.accumulation == AccumulationBoundary::contact) add(DriveTarget::right_potential, 30);
  if (stack.layers[0].material.has_texture() && random.chance(0.5)) {
    add(DriveTarget::anisotropy, 0.5 * stack.layers[0].material.anisotropy);
    drives.back().material = stack.layers[0].material_name;
  }
  return drives;
}

inline constexpr int steps = 10;

/// Of `steps` steps.
struct Outcome {
  Fields<double> state;
  Balance balance;
  double imbalance = 0, energy = 0;
};

template <class Method>
Outcome run(const Problem& problem, const SolverMaker& solver, double h, Fields<double> z) {
  const Grid grid(problem);
  const Halo halo(problem.axes[grid.slowest()].periodic);
  Equations equations(grid, halo);
  const DrivenForcing drives(grid);
  Method method(equations, drives, solver);
  Outcome result;
  Forcing now;
  drives.at(0, now);
  const double before = free_energy(equations.sweep(), now, StateView(z));
  for (int i = 0; i < steps; ++i) {
    method.step(i * h, h, z, result.balance);
    drives.at((i + 1) * h, now);
    now.field = {};  // its part may cancel the rest
    double energy = free_energy(equations.sweep(), now, StateView(z));
    for (const OuterFace& face : grid.outer_faces()) {  // an applied torque works on an angle that is rounded
      for (std::size_t k = 0; k < 3; ++k)
        energy += face.area * std::abs(problem.boundaries[face.boundary].torque[k].real() * z.theta(k)[face.cell]);
    }
    result.energy = std::max(result.energy, energy);
  }
  drives.at(steps * h, now);
  result.imbalance = free_energy(equations.sweep(), now, StateView(z)) - before + result.balance.dissipated.total() -
                     result.balance.work.total();
  result.energy = std::max({result.energy, std::abs(before), std::abs(result.balance.work.drive)});
  result.state = std::move(z);
  return result;
}

/// Largest difference of any field, over the largest value that it had at the start or has at the end: that is what was rounded. M
/// and m, which exchange spin, share theirs.
inline double largest_difference_of_fields(const Fields<double>& a, const Fields<double>& b,
                                           const Fields<double>& start) {
  std::array<double, 3> most{}, size{};
  for (std::size_t i = 0; i < a.values().size(); ++i) {
    const std::size_t f = i / (3 * a.nodes());
    most[f] = std::max(most[f], std::abs(a.values()[i] - b.values()[i]));
    size[f] = std::max({size[f], std::abs(b.values()[i]), std::abs(start.values()[i])});
  }
  size[0] = size[1] = std::max(size[0], size[1]);
  double worst = 0;
  for (std::size_t f = 0; f < 3; ++f) {
    if (most[f] > 0) worst = std::max(worst, most[f] / size[f]);
  }
  return worst;
}

/// Deviations of every cell of up to 1000 A/m in H* and h*, and 0.1 rad.
inline Fields<double> random_fields(RandomLines& random, const Grid& grid) {
  Fields<double> z(grid.cells());
  for (std::size_t cell = 0; cell < grid.cells(); ++cell) {
    const auto& material = grid.domains()[grid.domain()[cell]].material;
    for (std::size_t k = 0; k < 3; ++k) {
      z.m(k)[cell] = material.accumulation_susceptibility * random.uniform(-1000, 1000);
      if (!material.has_texture()) continue;
      z.M(k)[cell] = material.equilibrium_susceptibility * random.uniform(-1000, 1000);
      z.theta(k)[cell] = random.uniform(-0.1, 0.1);
    }
  }
  return z;
}

/// The least 1 - xi: M and m that nearly cancel hold fewer digits of H*, h* and F.
inline double least_independence(const Problem& problem) {
  double least = 1;
  for (const Domain& domain : problem.domains) {
    if (domain.material.has_texture()) least = std::min(least, 1 - domain.material.susceptibility_ratio());
  }
  return least;
}

struct ClosedLedgers {
  int to_a_share = 0;  ///< to 1e-12 of what is dissipated, without the allowance for rounding
  int refused = 0;     ///< with a ConvergenceError
};

/// Runs of a fixed-step method on random layers, with steps from a thousandth to a thousand shortest times: the imbalance is at most
/// what ledger_test.cpp allows, 1e-12 of what is dissipated and the rounding of F by the stored state.
template <class Method>
ClosedLedgers expect_closed_ledgers(int runs) {
  RandomLines random;
  random.closeness = 0.05;
  ClosedLedgers counted;
  for (int n = 0; n < runs; ++n) {
    const physics::Stack stack = test::plain_stack(random, random.integer(1, 3), 6);
    test::Replica replica = test::random_replica(random);
    replica.axis = 0;
    Problem problem = test::problem_of(stack, replica);
    const double ratio = random.log_uniform(1e-3, 1e3), h = shortest_time(problem) * ratio;
    if (random.chance(0.7)) problem.drives = random_drives(random, stack, steps * h);
    const Fields<double> z = random_fields(random, Grid(problem));
    try {
      const Outcome result = run<Method>(problem, cosine_solver, h, z);
      const double dissipated = result.balance.dissipated.total();
      const double rounding =
          (ratio < 1 ? 20 : 2000) * std::numeric_limits<double>::epsilon() / least_independence(problem);
      EXPECT_LE(std::abs(result.imbalance), 1e-12 * dissipated + steps * rounding * result.energy)
          << n << " " << ratio << " dissipated " << dissipated << " F " << result.energy;
      if (std::abs(result.imbalance) <= 1e-12 * dissipated) ++counted.to_a_share;
    } catch (const ConvergenceError&) {
      ++counted.refused;
    }
  }
  std::cout << counted.to_a_share << " closed to 1e-12 of what is dissipated, " << counted.refused << " refused\n";
  return counted;
}

}  // namespace vitrispin::dynamics::grid::test_runs
