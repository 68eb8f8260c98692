// Gauss collocation on a grid: that of a line where a stack is repeated, its order, the exact ledger, and corrections that do not
// grow in number with the grid.
#include <gtest/gtest.h>

#include "dynamics/grid_runs.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/gauss4.hpp"
#include "vitrispin/dynamics/grid/cosine_solver.hpp"
#include "vitrispin/dynamics/grid/gauss4.hpp"
#include "vitrispin/dynamics/grid/multigrid.hpp"

namespace vitrispin::dynamics::grid {
namespace {

using namespace test_runs;
using GridGauss4 = grid::Gauss4;

TEST(GridGauss4, StepsAreThoseOfALineAlongXAndUniformAcross) {
  test::RandomLines random;
  random.closeness = 0.05;  // rounding of M and m grows as 1/(1 - xi)
  for (int n = 0; n < 40; ++n) {
    const physics::Stack stack = test::plain_stack(random, random.integer(1, 3), 8);
    test::Replica replica = test::random_replica(random);
    replica.axis = 0;
    Problem problem = test::problem_of(stack, replica);
    const double h = shortest_time(problem) * random.log_uniform(0.01, 0.2);  // short enough that neither cuts it
    problem.drives = random_drives(random, stack, steps * h);
    const Line line(stack);
    std::vector<std::string> names;
    for (const auto& layer : stack.layers) names.push_back(layer.material_name);
    const dynamics::DrivenForcing drives(line, problem.drives, names);
    dynamics::Gauss4 on_line(
        line, [&](double t, dynamics::Forcing& f) { drives.at(t, f); }, drives.constant());
    Fields<double> z = random.state(line, 100, 0.01);
    const Fields<double> start = test::spread(problem, replica, z);
    Balance balance;
    for (int i = 0; i < steps; ++i) on_line.step(i * h, h, z, balance);
    const Outcome of_grid = run<GridGauss4>(problem, cosine_solver, h, start);
    // as for the midpoint rule: each of ten solves may be off by 5e-12/(1 - xi), on either side
    EXPECT_LE(largest_difference_of_fields(of_grid.state, test::spread(problem, replica, z), start),
              2 * steps * 5e-12 / least_independence(problem))
        << n;
  }
}

TEST(GridGauss4, LedgerClosesOnRandomLayersForStepsFromAThousandthToAThousandShortestTimes) {
  const ClosedLedgers counted = expect_closed_ledgers<GridGauss4>(40);
  EXPECT_GE(counted.to_a_share, 15);
  EXPECT_LE(counted.refused, 4);
}

TEST(GridGauss4, DirectSolverMultigridAndReferenceSolverGiveTheSameSteps) {
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
    const Outcome direct = run<GridGauss4>(problem, cosine_solver, h, z);
    for (const SolverMaker& solver : {SolverMaker(reference_solver), SolverMaker(multigrid_solver)}) {
      const Outcome iterated = run<GridGauss4>(problem, solver, h, z);
      // corrections go on until they are rounding, whoever makes them
      EXPECT_LE(largest_difference_of_fields(iterated.state, direct.state, z),
                2 * steps * 5e-12 / least_independence(problem))
          << n;
    }
  }
}

}  // namespace
}  // namespace vitrispin::dynamics::grid
