// The midpoint step on a grid: that of a line where a stack is repeated, the exact ledger, energy that falls.
#include <gtest/gtest.h>

#include "dynamics/grid_lines.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/drives.hpp"
#include "vitrispin/dynamics/grid/cosine_solver.hpp"
#include "vitrispin/dynamics/grid/ledger.hpp"
#include "vitrispin/dynamics/grid/midpoint.hpp"

namespace vitrispin::dynamics::grid {
namespace {

/// One over the fastest of relaxation, precession and what the cells let by.
double shortest_time(const Problem& problem) {
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

std::vector<physics::Drive> random_drives(test::RandomLines& random, const physics::Stack& stack, double duration) {
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

constexpr int steps = 10;

struct Outcome {
  Fields<double> state;
  Balance balance;
  double imbalance = 0, energy = 0;
};

Outcome run(const Problem& problem, const SolverMaker& solver, double h, Fields<double> z) {
  const Grid grid(problem);
  const Halo halo(problem.axes[grid.slowest()].periodic);
  Equations equations(grid, halo);
  const DrivenForcing drives(grid);
  Midpoint method(equations, drives, solver);
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
double largest_difference_of_fields(const Fields<double>& a, const Fields<double>& b, const Fields<double>& start) {
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

TEST(GridMidpoint, StepsAreThoseOfALineAlongXAndUniformAcross) {
  test::RandomLines random;
  random.closeness = 0.05;  // rounding of M and m grows as 1/(1 - xi)
  int compared = 0;
  for (int n = 0; n < 60; ++n) {
    const physics::Stack stack = test::plain_stack(random, random.integer(1, 3), 8);
    test::Replica replica = test::random_replica(random);
    replica.axis = 0;
    Problem problem = test::problem_of(stack, replica);
    const double h = shortest_time(problem) * random.log_uniform(0.01, 10);
    problem.drives = random_drives(random, stack, steps * h);
    const Line line(stack);
    std::vector<std::string> names;
    for (const auto& layer : stack.layers) names.push_back(layer.material_name);
    const dynamics::DrivenForcing drives(line, problem.drives, names);
    dynamics::Midpoint on_line(
        line, [&](double t, dynamics::Forcing& f) { drives.at(t, f); }, drives.constant());
    Fields<double> z = random.state(line, 100, 0.01);
    const Fields<double> start = test::spread(problem, replica, z);
    Balance balance;
    try {
      for (int i = 0; i < steps; ++i) on_line.step(i * h, h, z, balance);
    } catch (const ConvergenceError&) {
      continue;
    }
    if (on_line.newton_steps() > 0) continue;  // there the grid takes shorter steps, another approximation
    const Outcome of_grid = run(problem, cosine_solver, h, start);
    double least = 1;  // M and m that nearly cancel hold fewer digits of H* and h*
    for (const Domain& domain : problem.domains) {
      if (domain.material.has_texture()) least = std::min(least, 1 - domain.material.susceptibility_ratio());
    }
    // each of ten solves may be off by 5e-12/(1 - xi) (implicit_solver_test.cpp), on either side
    EXPECT_LE(largest_difference_of_fields(of_grid.state, test::spread(problem, replica, z), start),
              2 * steps * 5e-12 / least)
        << n;
    ++compared;
  }
  EXPECT_GE(compared, 40);
}

/// The allowance of ledger_test.cpp: 1e-12 of what is dissipated and the rounding of F by the stored state.
TEST(GridMidpoint, LedgerClosesOnRandomLayersForStepsFromAThousandthToAThousandShortestTimes) {
  test::RandomLines random;
  random.closeness = 0.05;
  int closed = 0, refused = 0;
  for (int n = 0; n < 60; ++n) {
    const physics::Stack stack = test::plain_stack(random, random.integer(1, 3), 6);
    test::Replica replica = test::random_replica(random);
    replica.axis = 0;
    Problem problem = test::problem_of(stack, replica);
    const double ratio = random.log_uniform(1e-3, 1e3), h = shortest_time(problem) * ratio;
    if (random.chance(0.7)) problem.drives = random_drives(random, stack, steps * h);
    const Grid grid(problem);
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
    double least = 1;  // M and m that nearly cancel hold fewer digits of F
    for (const Domain& domain : problem.domains) {
      if (domain.material.has_texture()) least = std::min(least, 1 - domain.material.susceptibility_ratio());
    }
    try {
      const Outcome result = run(problem, cosine_solver, h, z);
      const double dissipated = result.balance.dissipated.total();
      const double rounding = (ratio < 1 ? 20 : 2000) * std::numeric_limits<double>::epsilon() / least;
      EXPECT_LE(std::abs(result.imbalance), 1e-12 * dissipated + steps * rounding * result.energy)
          << n << " " << ratio << " dissipated " << dissipated << " F " << result.energy;
      if (std::abs(result.imbalance) <= 1e-12 * dissipated) ++closed;
    } catch (const ConvergenceError&) {
      ++refused;
    }
  }
  std::cout << closed << " closed to 1e-12 of what is dissipated, " << refused << " refused\n";
  EXPECT_GE(closed, 30);
  EXPECT_LE(refused, 6);
}

TEST(GridMidpoint, DirectAndReferenceSolverGiveTheSameSteps) {
  test::RandomLines random;
  random.closeness = 0.05;
  for (int n = 0; n < 10; ++n) {
    const physics::Stack stack = test::plain_stack(random, 2, 5);
    test::Replica replica = test::random_replica(random);
    replica.axis = 0;
    const Problem problem = test::problem_of(stack, replica);
    const double h = 0.3 * shortest_time(problem);
    const Line line(stack);
    const Fields<double> z = test::spread(problem, replica, random.state(line, 100, 0.01));
    const Outcome direct = run(problem, cosine_solver, h, z), iterated = run(problem, reference_solver, h, z);
    // conjugate gradients stop at a residual of some roundings, in systems of moderate condition
    EXPECT_LE(largest_difference_of_fields(iterated.state, direct.state, z), 1e-9) << n;
  }
}

}  // namespace
}  // namespace vitrispin::dynamics::grid
