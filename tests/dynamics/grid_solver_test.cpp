// The linear solvers of implicit steps on grids against a factorisation in extended precision.
#include <gtest/gtest.h>

#include <Eigen/SparseCholesky>

#include "dynamics/grid_systems.hpp"
#include "vitrispin/dynamics/cosine_transform.hpp"
#include "vitrispin/dynamics/grid/cosine_solver.hpp"
#include "vitrispin/dynamics/grid/multigrid.hpp"

namespace vitrispin::dynamics::grid {
namespace {

using test::Unknowns;
using Long = long double;
using LongVector = Eigen::Matrix<Long, Eigen::Dynamic, 1>;

TEST(CosineTransform, IsTheSumOfItsDefinitionAndItsInverseUndoesIt) {
  test::RandomGrids random;
  constexpr std::size_t lanes = CosineTransform::lanes;
  for (const bool periodic : {false, true}) {
    for (const std::size_t n : {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 30, 31, 64, 77, 100}) {
      const CosineTransform transform(n, periodic);
      Values<double> values(n * lanes), scratch(n * lanes);
      for (double& value : values) value = random.uniform(-1, 1);
      const Values<double> before = values;
      transform.forward(values.data(), scratch.data());
      for (std::size_t k = 0; k < n; ++k) {
        for (const std::size_t row : {std::size_t{0}, lanes - 1}) {
          Long sum = 0;
          for (std::size_t i = 0; i < n; ++i) {
            const Long pi = std::numbers::pi_v<Long>, length = static_cast<Long>(n), place = static_cast<Long>(i);
            const Long wave = static_cast<Long>(k) * pi / length;
            const Long turn =
                periodic ? std::cos(2 * wave * place) + std::sin(2 * wave * place) : std::cos(wave * (place + 0.5L));
            sum += turn * before[i * lanes + row] / length;
          }
          EXPECT_NEAR(values[k * lanes + row], static_cast<double>(sum), 1e-15) << n << " " << k;
        }
      }
      transform.backward(values.data(), scratch.data());
      for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(values[i], before[i], 3e-15) << n;
    }
  }
}

/// The largest error of a solution, each field relative to its own largest value.
double error_of(const Grid& grid, const HelmholtzSystem& system, const Unknowns& right, const Unknowns& solution) {
  const Eigen::SparseMatrix<Long> matrix = test::matrix_of<Long>(grid, system);
  const Eigen::SimplicialLDLT<Eigen::SparseMatrix<Long>> exact(matrix);
  double worst = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    LongVector r = test::pairs_of<Long>(right, c);
    for (std::size_t cell = 0; cell < grid.cells(); ++cell) {
      const auto i = static_cast<Eigen::Index>(2 * cell);
      const std::uint16_t domain = grid.domain()[cell];
      const Long V =
          grid.volume(cell % grid.count(0), cell / grid.count(0) % grid.count(1), cell / grid.count(0) / grid.count(1));
      r[i] *= domain == vacuum ? 0 : V;
      r[i + 1] *= domain == vacuum || system.domains[domain].joint == 0 ? 0 : V;
    }
    const LongVector expected = exact.solve(r), found = test::pairs_of<Long>(solution, c);
    for (Eigen::Index field = 0; field < 2; ++field) {
      Long size = 0, error = 0;
      for (Eigen::Index i = field; i < r.size(); i += 2) {
        size = std::max(size, std::abs(expected[i]));
        error = std::max(error, std::abs(found[i] - expected[i]));
      }
      if (!(error == 0)) worst = std::max(worst, static_cast<double>(error / size));
    }
  }
  return worst;
}

/// As on a line (implicit_solver_test.cpp): in long steps exchange and torque tie p to theta a billion times more strongly than
/// the ground holds them, in the solver's numbers and in the reference's.
double tolerance(double w) {
  return w < 1e-7 ? 1e-11 : 1e-9;
}

TEST(CosineSolver, SolvesLayersToRoundingForStepsFrom1em18To1em3s) {
  test::RandomGrids random;
  for (int repeat = 0; repeat < 60; ++repeat) {
    const auto n = [&](int low) { return static_cast<std::size_t>(random.integer(low, 9)); };
    const Grid grid(random.layered(n(2), n(1), n(1)));
    ASSERT_TRUE(is_layered(grid));
    const double w = random.log_uniform(1e-18, 1e-3);
    const HelmholtzSystem system = test::system_of(grid, w);
    const Unknowns right = random.right(grid.cells(), 1, 1);
    Unknowns solution(grid.cells());
    const auto solver = cosine_solver(grid, Halo());
    solver->factorise(system);
    solver->solve(right.p_data(), right.theta_data(), solution.p_data(), solution.theta_data(), 0);
    EXPECT_LE(error_of(grid, system, right, solution), tolerance(w))
        << "w " << w << " cells " << grid.count(0) << " " << grid.count(1) << " " << grid.count(2);
  }
}

TEST(CosineSolver, TakesWavesAlongXTooWhereABoxIsPeriodicThere) {
  test::RandomGrids random;
  for (int repeat = 0; repeat < 20; ++repeat) {
    Problem problem;
    const auto n = [&](int low) { return static_cast<std::size_t>(random.integer(low, 9)); };
    const double width = random.log_uniform(3e-10, 1e-8);
    problem.axes = {random.axis(n(2), width, false, true), random.axis(n(1), 3 * width, false, random.chance(0.5)),
                    random.axis(n(1), 7 * width, false, random.chance(0.5))};
    problem.domains.push_back(random.domain());
    problem.domain.assign(problem.cells(), 0);
    random.put_boundaries(problem);
    const Grid grid(problem);
    ASSERT_TRUE(is_layered(grid));
    const double w = random.log_uniform(1e-18, 1e-3);
    const HelmholtzSystem system = test::system_of(grid, w);
    const Unknowns right = random.right(grid.cells(), 1, 1);
    Unknowns solution(grid.cells());
    const auto solver = cosine_solver(grid, Halo());
    solver->factorise(system);
    solver->solve(right.p_data(), right.theta_data(), solution.p_data(), solution.theta_data(), 0);
    EXPECT_LE(error_of(grid, system, right, solution), tolerance(w));
  }
}

TEST(CosineSolver, IsNotForWhatChangesAcrossX) {
  test::RandomGrids random;
  const Problem layers = random.layered(4, 4, 3);
  ASSERT_TRUE(is_layered(Grid(layers)));
  Problem graded = layers;
  graded.axes[1].faces[2] += 1e-3 * graded.axes[1].width(0);
  EXPECT_FALSE(is_layered(Grid(graded)));
  Problem region = layers;
  region.domain[5] = region.domain[5] == 0 ? vacuum : std::uint16_t{0};
  EXPECT_FALSE(is_layered(Grid(region)));
  Problem patch = layers;
  patch.axes[1].periodic = false;
  patch.boundaries[front].accumulation = physics::AccumulationBoundary::contact;
  patch.boundaries[front].conductance = 1e3;
  EXPECT_FALSE(is_layered(Grid(patch)));
  EXPECT_TRUE(is_layered(Grid(layers, {0, 1})));  // a slab is what the whole is
  EXPECT_FALSE(is_layered(Grid(region, {2, 3})));
}

/// The solver's promise: the residual, weighed by the inverted blocks of the cells, over what rounding of the solution is worth.
double residual_over_rounding(const Grid& grid, const HelmholtzSystem& system, const Unknowns& right,
                              const Unknowns& solution) {
  const Eigen::SparseMatrix<Long> matrix = test::matrix_of<Long>(grid, system);
  Long residual = 0, size = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    const LongVector x = test::pairs_of<Long>(solution, c);
    LongVector r = -(matrix * x);
    const LongVector b = test::pairs_of<Long>(right, c);
    for (std::size_t cell = 0; cell < grid.cells(); ++cell) {
      const std::uint16_t domain = grid.domain()[cell];
      if (domain == vacuum) continue;
      const Long V =
          grid.volume(cell % grid.count(0), cell / grid.count(0) % grid.count(1), cell / grid.count(0) / grid.count(1));
      const auto i = static_cast<Eigen::Index>(2 * cell);
      const bool textured = system.domains[domain].joint != 0;
      const Long rp = r[i] + V * b[i], rt = textured ? r[i + 1] + V * b[i + 1] : 0;
      const Long pp = matrix.coeff(i, i), pt = matrix.coeff(i, i + 1), tt = matrix.coeff(i + 1, i + 1);
      residual += (tt * rp * rp - 2 * pt * rp * rt + pp * rt * rt) / (pp * tt - pt * pt);
      size += pp * x[i] * x[i] + tt * x[i + 1] * x[i + 1];
    }
  }
  return residual == 0 ? 0 : static_cast<double>(std::sqrt(residual / size)) / std::numeric_limits<double>::epsilon();
}

TEST(Multigrid, SolvesAnythingToRoundingForStepsFrom1em18To1em3s) {
  test::RandomGrids random;
  constexpr int repeats = 80;
  int slow = 0;
  long all = 0;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    const auto n = [&] { return static_cast<std::size_t>(random.integer(1, 9)); };
    const Grid grid(random.regions(n() + 1, n(), n(), 1e6));
    const double w = random.log_uniform(1e-18, 1e-3);
    const HelmholtzSystem system = test::system_of(grid, w);
    const Unknowns right = random.right(grid.cells(), 1, 1);
    Unknowns solution(grid.cells());
    const Halo halo;
    const auto solver = multigrid_solver(grid, halo);
    solver->factorise(system);
    const long iterations =
        solver->solve(right.p_data(), right.theta_data(), solution.p_data(), solution.theta_data(), 0);
    // Twice the rounding of the solution is asked for, and sixteen times that is taken where it does not fall any more.
    EXPECT_LE(residual_over_rounding(grid, system, right, solution), 33) << "w " << w;
    // Rounding times how far links, or the tie between p and theta, outweigh the ground: 1e6 and, in long steps, 1e9.
    EXPECT_LE(error_of(grid, system, right, solution), w < 1e-7 ? 1e-8 : 1e-6) << "w " << w;
    all += iterations;
    if (iterations > 50) ++slow;
  }
  // Everything at once, jumps of 1e6 and widths that grow by 1.4 from cell to cell among it. Of 32000 such systems nine took
  // more than 50: of 80, three are met once in a million runs. The mean is 11.5, that of 80 is apart from it by 0.4.
  EXPECT_LE(slow, 2);
  EXPECT_LE(all, 16 * repeats);
}

long iterations_for(const Problem& problem, double w) {
  test::RandomGrids random;
  const Grid grid(problem);
  const HelmholtzSystem system = test::system_of(grid, w);
  const Unknowns right = random.right(grid.cells(), 1, 1);
  Unknowns solution(grid.cells());
  const Halo halo;
  const auto solver = multigrid_solver(grid, halo);
  solver->factorise(system);
  return solver->solve(right.p_data(), right.theta_data(), solution.p_data(), solution.theta_data(), 0);
}

/// A rod of another glass in a glass, a metal and vacuum on top; `n` cells each way.
Problem rod_under_a_contact(std::size_t n, double jump, double flatness) {
  test::RandomGrids random;
  Problem problem;
  problem.axes = {random.axis(n, 1e-9, false, false), random.axis(n, 1e-9 * flatness, false, true),
                  random.axis(n, 1e-9 * flatness, false, false)};
  problem.domains = {random.domain(true), random.domain(true), random.domain(true)};
  problem.domains[0].material.diffusivity = problem.domains[2].material.diffusivity = 1e-4;
  problem.domains[1].material.diffusivity = 1e-4 * jump;
  problem.domains[1].material.spin_stiffness = problem.domains[0].material.spin_stiffness * jump;
  problem.domains[2].material.kind = physics::MaterialKind::metal;
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t i = 0; i < n; ++i) {
        const double x = (static_cast<double>(i) + 0.5) / static_cast<double>(n) - 0.5;
        const double y = (static_cast<double>(j) + 0.5) / static_cast<double>(n) - 0.5;
        const bool on_top = 3 * k > 2 * n;
        problem.domain.push_back(on_top ? (3 * i < n ? std::uint16_t{2} : vacuum) : x * x + y * y < 0.09 ? 1 : 0);
      }
  random.put_boundaries(problem);
  return problem;
}

TEST(Multigrid, TakesNoMoreIterationsOnFinerGridsForAnyJumpAndStep) {
  for (const double jump : {1.0, 1e-6, 1e6}) {
    for (const double w : {2.5e-13, 1e-8}) {  // D w/dx^2 = 25 and 1e6
      const long coarse = iterations_for(rod_under_a_contact(16, jump, 1), w);
      const long fine = iterations_for(rod_under_a_contact(64, jump, 1), w);
      EXPECT_LE(fine, coarse + 4) << "jump " << jump << " w " << w;
      EXPECT_LE(fine, 30) << "jump " << jump << " w " << w;
    }
  }
}

/// Cells thirty times wider than high, and a curved surface between materials that cuts merged cells everywhere: no worse than
/// cubes are allowed, but for a rod of a millionth of the conductance in long steps, the worst case met: with materials at random
/// 33 +- 9 at 32^3, which grows by a third from there to 64^3.
TEST(Multigrid, BearsFlatCellsWithJumpsAcrossCurvedSurfaces) {
  for (const double w : {2.5e-13, 1e-8})
    for (const double jump : {1.0, 1e-6, 1e6})
      EXPECT_LE(iterations_for(rod_under_a_contact(32, jump, 30), w), jump < 1 && w > 1e-9 ? 90 : 30)
          << jump << " " << w;
}

TEST(Multigrid, AgreesWithTheDirectSolverAndLeavesAGoodGuessAlone) {
  test::RandomGrids random;
  for (int repeat = 0; repeat < 10; ++repeat) {
    const Grid grid(random.layered(20, 12, 8));
    const HelmholtzSystem system = test::system_of(grid, random.log_uniform(1e-15, 1e-11));
    const Unknowns right = random.right(grid.cells(), 1, 1);
    Unknowns direct(grid.cells());
    const Halo halo;
    const auto cosines = cosine_solver(grid, halo), multigrid = multigrid_solver(grid, halo);
    for (const auto& solver : {cosines.get(), multigrid.get()}) solver->factorise(system);
    cosines->solve(right.p_data(), right.theta_data(), direct.p_data(), direct.theta_data(), 0);
    Unknowns iterated(grid.cells());
    multigrid->solve(right.p_data(), right.theta_data(), iterated.p_data(), iterated.theta_data(), 0);
    for (std::size_t c = 0; c < 3; ++c) {
      double size = 0, theta_size = 0;
      for (std::size_t i = 0; i < grid.cells(); ++i) {
        size = std::max(size, std::fabs(direct.p[c][i]));
        theta_size = std::max(theta_size, std::fabs(direct.theta[c][i]));
      }
      for (std::size_t i = 0; i < grid.cells(); ++i) {
        EXPECT_NEAR(iterated.p[c][i], direct.p[c][i], 1e-9 * size);
        EXPECT_NEAR(iterated.theta[c][i], direct.theta[c][i], 1e-9 * theta_size);
      }
    }
    EXPECT_EQ(multigrid->solve(right.p_data(), right.theta_data(), iterated.p_data(), iterated.theta_data(), 0), 0);
  }
}

}  // namespace
}  // namespace vitrispin::dynamics::grid
