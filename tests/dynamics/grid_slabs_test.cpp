// Grids cut into slabs: where they end, and that multigrid on them does what it does on the whole.
#include <gtest/gtest.h>

#include "dynamics/grid_systems.hpp"
#include "dynamics/thread_ranks.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/grid/cosine_solver.hpp"
#include "vitrispin/dynamics/grid/multigrid.hpp"
#include "vitrispin/dynamics/grid/slabs.hpp"

namespace vitrispin::dynamics::grid {
namespace {

using test::Unknowns;

void expect_covering(const std::vector<Slab>& slabs, std::size_t planes) {
  std::size_t next = 0;
  for (const Slab& slab : slabs) {
    EXPECT_EQ(slab.begin, next);
    EXPECT_GT(slab.end, slab.begin);
    next = slab.end;
  }
  EXPECT_EQ(next, planes);
}

TEST(Slabs, CoverTheGridEvenlyAndEndWherePlanesMerge) {
  test::RandomGrids random;
  Problem problem;
  problem.axes = {random.axis(8, 1e-9, false, false), random.axis(8, 1e-9, false, false),
                  random.axis(64, 1e-9, false, false)};
  problem.domains.push_back(random.domain());
  problem.domain.assign(problem.cells(), 0);
  for (const std::size_t ranks : {1, 2, 3, 4, 7, 8, 64}) {
    const std::vector<Slab> slabs = slabs_of(problem, ranks);
    ASSERT_EQ(slabs.size(), ranks);
    expect_covering(slabs, 64);
    const std::size_t even = (64 + ranks - 1) / ranks;
    for (const Slab& slab : slabs) EXPECT_LE(slab.end - slab.begin, even + even / 20);
  }
  EXPECT_EQ(slabs_of(problem, 4)[1].begin % 16, 0U);
  EXPECT_THROW(slabs_of(problem, 65), InputError);
}

TEST(Slabs, OfAnyGridCoverIt) {
  test::RandomGrids random;
  for (int repeat = 0; repeat < 50; ++repeat) {
    const auto n = [&](int low) { return static_cast<std::size_t>(random.integer(low, 20)); };
    const Problem problem = random.regions(n(2), n(4), n(4), 1e3);
    const auto ranks = static_cast<std::size_t>(random.integer(1, 4));
    expect_covering(slabs_of(problem, ranks), problem.axes[2].cells());
  }
}

/// The solution of the whole, solved in slabs.
long solve_in_slabs(const Problem& problem, std::size_t ranks, double w, const SolverMaker& maker,
                    const Unknowns& right, Unknowns& solution) {
  const std::vector<Slab> slabs = slabs_of(problem, ranks);
  const std::size_t axis = Grid(problem).slowest();
  std::vector<long> iterations(ranks);
  test::ThreadRanks(ranks, problem.axes[axis].periodic).run([&](std::size_t r, const Halo& halo) {
    const Grid grid(problem, slabs[r]);
    const auto solver = maker(grid, halo);
    solver->factorise(test::system_of(grid, w));
    const std::size_t first = slabs[r].begin * grid.plane();
    ConstComponents right_p, right_theta;
    Components p, theta;
    for (std::size_t c = 0; c < 3; ++c) {
      right_p[c] = right.p[c].data() + first;
      right_theta[c] = right.theta[c].data() + first;
      p[c] = solution.p[c].data() + first;
      theta[c] = solution.theta[c].data() + first;
    }
    iterations[r] = solver->solve(right_p, right_theta, p, theta, 0);
  });
  for (const long count : iterations) EXPECT_EQ(count, iterations[0]);
  return iterations[0];
}

void expect_near(const Unknowns& expected, const Unknowns& found, double tolerance) {
  for (std::size_t c = 0; c < 3; ++c) {
    for (const auto& [one, other] : {std::pair{&expected.p[c], &found.p[c]}, {&expected.theta[c], &found.theta[c]}}) {
      double size = 0, difference = 0;
      for (std::size_t i = 0; i < one->size(); ++i) {
        size = std::max(size, std::fabs((*one)[i]));
        const double here = std::fabs((*one)[i] - (*other)[i]);
        difference = std::isnan(here) ? here : std::max(difference, here);
      }
      EXPECT_LE(difference, tolerance * size);
    }
  }
}

void expect_the_same(const Problem& problem, double w, test::RandomGrids& random) {
  const Grid whole(problem);
  const Unknowns right = random.right(whole.cells(), 1, 1);
  Unknowns expected(whole.cells());
  const Halo halo;
  const auto solver = multigrid_solver(whole, halo);
  solver->factorise(test::system_of(whole, w));
  const long iterations =
      solver->solve(right.p_data(), right.theta_data(), expected.p_data(), expected.theta_data(), 0);
  for (const std::size_t ranks : {2, 3, 4}) {
    Unknowns found(whole.cells());
    EXPECT_NEAR(static_cast<double>(solve_in_slabs(problem, ranks, w, multigrid_solver, right, found)),
                static_cast<double>(iterations), 2 + 0.1 * static_cast<double>(iterations));
    // Each is solved to rounding of its residual, the solution to that times how much links outweigh the ground.
    expect_near(expected, found, 1e-11);
  }
}

TEST(Slabs, OfLayersAreSolvedInWavesAsTheWholeIs) {
  test::RandomGrids random;
  for (int repeat = 0; repeat < 60; ++repeat) {
    const auto n = [&](int low) { return static_cast<std::size_t>(random.integer(low, 40)); };
    Problem problem = random.layered(n(1), repeat % 5 == 1 ? 1 : n(4), repeat % 3 == 0 ? 1 : n(4));
    if (repeat % 4 == 0) {  // waves along x too
      problem.axes[0] = random.axis(problem.axes[0].cells(), 1e-9, false, true);
      problem.domain.assign(problem.cells(), 0);
      for (const std::size_t side : {0, 1}) problem.boundaries[side] = {};
    }
    if (problem.axes[2].cells() == 1 && problem.axes[1].cells() == 1) continue;
    const Grid whole(problem);
    ASSERT_TRUE(is_layered(whole));
    SCOPED_TRACE(testing::Message() << "case " << repeat << " cells " << whole.count(0) << " " << whole.count(1) << " "
                                    << whole.count(2));
    const double w = random.log_uniform(1e-18, 1e-3);
    const Unknowns right = random.right(whole.cells(), 1, 1);
    Unknowns expected(whole.cells());
    const auto solver = cosine_solver(whole, Halo());
    solver->factorise(test::system_of(whole, w));
    solver->solve(right.p_data(), right.theta_data(), expected.p_data(), expected.theta_data(), 0);
    for (const std::size_t ranks : {2, 3, 4}) {
      Unknowns found(whole.cells());
      solve_in_slabs(problem, ranks, w, helmholtz_solver, right, found);
      // Widths of cells, equal but for rounding, are each slab's own; long steps enlarge that (grid_solver_test.cpp).
      expect_near(expected, found, w < 1e-7 ? 1e-11 : 1e-9);
    }
  }
}

TEST(Slabs, GiveTheSolutionOfTheWhole) {
  test::RandomGrids random;
  for (int repeat = 0; repeat < 30; ++repeat) {
    const auto n = [&](int low) { return static_cast<std::size_t>(random.integer(low, 12)); };
    expect_the_same(random.regions(n(2), n(4), repeat % 3 == 0 ? 1 : n(4), 1e3), random.log_uniform(1e-16, 1e-11),
                    random);
  }
}

TEST(Slabs, ShareCoarserLevelsTooWhereThereIsWorkForAll) {
  test::RandomGrids random;
  for (int repeat = 0; repeat < 3; ++repeat) {
    const auto n = [&](int low) { return static_cast<std::size_t>(random.integer(low, low + 8)); };
    Problem problem = random.regions(n(24), n(24), n(48), 1e3);
    problem.axes = {random.axis(problem.axes[0].cells(), 1e-9, false, false),
                    random.axis(problem.axes[1].cells(), 1e-9, false, repeat == 1),
                    random.axis(problem.axes[2].cells(), 1e-9, false, repeat > 0)};
    expect_the_same(problem, random.log_uniform(1e-14, 1e-11), random);
  }
  // in two dimensions rows are the planes
  Problem flat = random.regions(160, 160, 1, 1e3);
  flat.axes[0] = random.axis(160, 1e-9, false, true);
  flat.axes[1] = random.axis(160, 1e-9, false, true);
  expect_the_same(flat, 1e-12, random);
}

}  // namespace
}  // namespace vitrispin::dynamics::grid
