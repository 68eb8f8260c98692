// The midpoint step on a grid: that of a line where a stack is repeated, the exact ledger, energy that falls.
#include <gtest/gtest.h>

#include "dynamics/grid_runs.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/grid/cosine_solver.hpp"
#include "vitrispin/dynamics/grid/midpoint.hpp"
#include "vitrispin/dynamics/grid/step_parts.hpp"

namespace vitrispin::dynamics::grid {
namespace {

using namespace test_runs;

/// What rounding of theta makes of M and m, over their largest value: a step that does not resolve the texture's waves is solved for
/// theta itself, to some hundreds of its roundings (1e-13), and how far that has turned, over gamma mu0 w, is H*.
double share_of_twist_rounding(const Problem& problem, double w, const Fields<double>& start,
                               const Fields<double>& end) {
  std::vector<double> K;
  double of_H = 0, twist = 0, size = 0;
  for (const Domain& domain : problem.domains) {
    K.push_back(domain.material.anisotropy);
    if (!domain.material.has_texture()) continue;
    const double turn = w * domain.material.gyromagnetic_ratio * constants::vacuum_permeability;
    of_H = std::max(of_H, domain.material.equilibrium_susceptibility / turn);
  }
  if (resolves_texture(Grid(problem), K, w)) return 0;
  for (const Fields<double>* z : {&start, &end}) {
    for (std::size_t i = 0; i < z->values().size(); ++i) {
      double& largest = i < 6 * z->nodes() ? size : twist;
      largest = std::max(largest, std::abs(z->values()[i]));
    }
  }
  return 1e-13 * twist * of_H / size;
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
    const Outcome of_grid = run<Midpoint>(problem, cosine_solver, h, start);
    const double least = least_independence(problem);
    // each of ten solves may be off by 5e-12/(1 - xi) (implicit_solver_test.cpp), on either side
    const double solves = 2 * steps * 5e-12 / least;
    EXPECT_LE(largest_difference_of_fields(of_grid.state, test::spread(problem, replica, z), start),
              solves + 2 * steps * share_of_twist_rounding(problem, h / 2, start, of_grid.state))
        << n;
    ++compared;
  }
  EXPECT_GE(compared, 40);
}

TEST(GridMidpoint, LedgerClosesOnRandomLayersForStepsFromAThousandthToAThousandShortestTimes) {
  const ClosedLedgers counted = expect_closed_ledgers<Midpoint>(60);
  EXPECT_GE(counted.to_a_share, 30);
  EXPECT_LE(counted.refused, 6);
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
    const Outcome direct = run<Midpoint>(problem, cosine_solver, h, z),
                  iterated = run<Midpoint>(problem, reference_solver, h, z);
    // conjugate gradients stop at a residual of some roundings, in systems of moderate condition
    EXPECT_LE(largest_difference_of_fields(iterated.state, direct.state, z), 1e-9) << n;
  }
}

}  // namespace
}  // namespace vitrispin::dynamics::grid
