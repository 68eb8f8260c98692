// method = "exact": waves in a box against sums over its cells and against the methods that step, what the linear equations leave out,
// restarts. The propagation of one wave is that of tests/dynamics/waves_twin_test.py.
#include <gtest/gtest.h>

#include <cmath>

#include "dynamics/grid_systems.hpp"
#include "dynamics/moderate_glass.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/drives.hpp"
#include "vitrispin/dynamics/grid/cosine_solver.hpp"
#include "vitrispin/dynamics/grid/drives.hpp"
#include "vitrispin/dynamics/grid/exact_evolution.hpp"
#include "vitrispin/dynamics/grid/ledger.hpp"
#include "vitrispin/dynamics/grid/serial_evolution.hpp"

namespace vitrispin::dynamics {
namespace {

constexpr double duration = 1e-10;
using Counts = std::array<std::size_t, 3>;

/// Its field is not parallel to its remanence.
physics::Material<double> tilted_glass() {
  physics::MaterialSpecification given = test::moderate_glass();
  given.M0 = Vector3<double>{80, -60, 200};
  return physics::make_material(given);
}
const Vector3<double> tilted_field{9e3, 4e3, -2e4};

physics::Material<double> moderate_metal() {
  physics::MaterialSpecification metal;
  metal.kind = physics::MaterialKind::metal;
  metal.chi_m = 0.01;
  metal.tau_mL = 5e-11;
  metal.D = 2e-6;
  return physics::make_material(metal);
}

grid::Problem box(const physics::Material<double>& material, const Vector3<double>& H, const Counts& counts,
                  const std::array<double, 3>& widths, const std::array<bool, 3>& periodic) {
  grid::Problem problem;
  const Vector3<double> zero{};
  const bool glass = material.has_texture();
  problem.domains.push_back({"film", "film", material, glass ? physics::equilibrium_magnetization(material, H) : zero,
                             glass ? zero : material.accumulation_susceptibility * H});
  for (std::size_t a = 0; a < 3; ++a) {
    problem.axes[a].faces.clear();
    for (std::size_t i = 0; i <= counts[a]; ++i) problem.axes[a].faces.push_back(widths[a] * static_cast<double>(i));
    problem.axes[a].periodic = periodic[a];
  }
  problem.domain.assign(problem.cells(), 0);
  problem.H = H;
  return problem;
}

physics::Stack film(const physics::Material<double>& material, const Vector3<double>& H, int cells) {
  physics::Stack stack;
  stack.layers.push_back({"film", "film", material, 1e-8 * cells, cells});
  stack.H = H;
  return stack;
}

std::vector<double> random_state(test::RandomLines& random, const physics::Material<double>& material,
                                 std::size_t cells, double field, double angle) {
  const double sizes[3] = {material.has_texture() ? material.equilibrium_susceptibility * field : 0,
                           material.accumulation_susceptibility * field, material.has_texture() ? angle : 0};
  std::vector<double> state;
  for (const double size : sizes)
    for (std::size_t i = 0; i < 3 * cells; ++i) state.push_back(random.uniform(-size, size));
  return state;
}

double energy(const grid::Problem& problem, const std::vector<double>& state) {
  const grid::Grid cells(problem);
  const grid::Halo halo(problem.axes[cells.slowest()].periodic);
  grid::RowSweep sweep(cells, halo);
  grid::Forcing forcing;
  grid::DrivenForcing(cells).at(0, forcing);
  Fields<double> z(cells.cells());
  z.values().assign(state.begin(), state.end());
  return grid::free_energy(sweep, forcing, grid::StateView(z));
}

std::unique_ptr<grid::Evolution> exact(const grid::Problem& problem, const std::vector<double>& start) {
  auto run = grid::exact_evolution(problem);
  run->start(start);
  return run;
}

TEST(Exact, EnergiesOfWavesAreThoseOfCellsInBoxesOfAnyLengths) {
  test::RandomGrids random;
  for (int n = 0; n < 60; ++n) {
    const physics::Layer layer = random.chance(0.8) ? random.glass() : random.metal();
    Counts counts{};
    std::array<double, 3> widths{};
    std::array<bool, 3> periodic{};
    for (std::size_t a = 0; a < 3; ++a) {
      counts[a] = static_cast<std::size_t>(random.integer(1, 11));
      widths[a] = random.log_uniform(1e-9, 1e-7);
      periodic[a] = counts[a] > 1 && random.chance(0.4);
    }
    const Vector3<double> H = random.vector(1e5);
    const grid::Problem problem = box(layer.material, H, counts, widths, periodic);
    const std::vector<double> start = random_state(random, layer.material, problem.cells(), 1e3, 1e-3);
    const auto run = exact(problem, start);
    run->advance_to(random.log_uniform(1e-14, 1e-8), {});
    // where modes nearly coincide integrals keep eleven digits
    EXPECT_NEAR(run->ledger().imbalance(), 0, 1e-11 * energy(problem, start));
    EXPECT_GE(run->ledger().balance.dissipated.total(), 0);
  }
}

/// Sums of Eq. (26) over cells and faces by Gauss's rule of order 16, on panels over which nothing turns by more than a radian.
TEST(Exact, EveryMechanismDissipatesWhatItsCellsDo) {
  constexpr std::array<std::pair<double, double>, 4> gauss{{{0.1834346424956498, 0.3626837833783620},
                                                            {0.5255324099163290, 0.3137066458778873},
                                                            {0.7966664774136267, 0.2223810344533745},
                                                            {0.9602898564975363, 0.1012285362903763}}};
  test::RandomLines random;
  for (const auto& material : {tilted_glass(), moderate_metal()}) {
    const grid::Problem problem = box(material, tilted_field, {5, 4, 3}, {1e-8, 2e-8, 3e-8}, {false, true, false});
    const std::vector<double> start = random_state(random, material, problem.cells(), 2e3, 0.02);
    const grid::Grid cells(problem);
    const grid::Halo halo;
    grid::RowSweep sweep(cells, halo);
    grid::Forcing forcing;
    grid::DrivenForcing(cells).at(0, forcing);
    const auto run = exact(problem, start);
    DissipatedPower sum;
    constexpr int panels = 8;
    for (int panel = 0; panel < panels; ++panel) {
      for (const double side : {-1.0, 1.0}) {
        for (std::size_t g = 0; g < 4; ++g) {
          const auto [place, weight] = gauss[side < 0 ? 3 - g : g];
          run->advance_to(duration / panels * (panel + 0.5 + side * place / 2), {});
          Fields<double> z(cells.cells());
          const std::vector<double> state = run->deviations();
          z.values().assign(state.begin(), state.end());
          const auto rate = [](std::size_t, std::size_t) { return 0.0; };
          sum.add(weight * duration / panels / 2, grid::power(sweep, forcing, grid::StateView(z), rate).dissipated);
        }
      }
    }
    run->advance_to(duration, {});
    const DissipatedPower& got = run->ledger().balance.dissipated;
    const double all = sum.total();
    for (const auto mechanism : {&DissipatedPower::M_to_lattice, &DissipatedPower::m_to_lattice,
                                 &DissipatedPower::exchange, &DissipatedPower::diffusion, &DissipatedPower::damping,
                                 &DissipatedPower::interfaces, &DissipatedPower::contacts, &DissipatedPower::mixing})
      EXPECT_NEAR(got.*mechanism, sum.*mechanism, 1e-11 * all);
  }
}

/// Largest difference over the largest value, the worst of M, m and theta.
double distance(const std::vector<double>& a, const std::vector<double>& b) {
  double worst = 0;
  const std::size_t field = a.size() / 3;
  for (std::size_t f = 0; f < 3; ++f) {
    double error = 0, size = 0;
    for (std::size_t i = f * field; i < (f + 1) * field; ++i) {
      error = std::max(error, std::abs(a[i] - b[i]));
      size = std::max(size, std::abs(b[i]));
    }
    if (size > 0) worst = std::max(worst, error / size);
  }
  return worst;
}

std::vector<double> plain(const Fields<double>& z) {
  return {z.values().begin(), z.values().end()};
}

Fields<double> run_of_line(const physics::Stack& stack, Method method, double dt, const Fields<double>& start,
                           double* left_out = nullptr) {
  const Line line(stack);
  SimulationSettings settings;
  settings.method = method;
  settings.dt = dt;
  settings.bounds.relative = 1e-11;
  const DrivenForcing forcing(line, {}, {"film"});
  Simulation run(line, forcing, settings, start);
  for (int n = 1; n <= 10; ++n) run.advance_to(duration * n / 10, {});
  if (left_out != nullptr) *left_out = run.left_out();
  return run.state();
}

/// The field tilted against the remanence; deviations of 1e-9 of M_eq, whose products stay far below the errors of steps.
TEST(Exact, LinesOfGauss4ConvergeToItAtOrderFour) {
  test::RandomLines random;
  const physics::Stack stack = film(tilted_glass(), tilted_field, 7);
  const Fields<double> start = random.state(Line(stack), 2e-5, 1e-11);
  const std::vector<double> expected = plain(run_of_line(stack, Method::exact, 0, start));
  std::vector<double> errors;
  for (const double steps : {10., 20., 40., 80.})
    errors.push_back(distance(plain(run_of_line(stack, Method::gauss4, duration / steps, start)), expected));
  const double order = (3 * std::log2(errors[0] / errors[3]) + std::log2(errors[1] / errors[2])) / 10;
  EXPECT_NEAR(order, 4, 0.1) << errors[0] << " " << errors[1] << " " << errors[2] << " " << errors[3];
}

TEST(Exact, MidpointOnGridsConvergesToItAtOrderTwo) {
  test::RandomLines random;
  for (const Counts& counts : {Counts{6, 5, 1}, Counts{4, 5, 3}}) {
    for (const auto& material : {tilted_glass(), moderate_metal()}) {
      const grid::Problem problem =
          box(material, tilted_field, counts, {1e-8, 2e-8, counts[2] > 1 ? 3e-8 : 1.0}, {false, true, false});
      const std::vector<double> start = random_state(random, material, problem.cells(), 2e-5, 1e-11);
      const auto expected = exact(problem, start);
      expected->advance_to(duration, {});
      std::vector<double> errors;
      for (const double steps : {16., 32., 64., 128.}) {
        grid::EvolutionSettings settings;
        settings.time.method = Method::midpoint;
        settings.time.dt = duration / steps;
        const auto run = grid::serial_evolution(problem, settings, grid::cosine_solver);
        run->start(start);
        run->advance_to(duration, {});
        errors.push_back(distance(run->deviations(), expected->deviations()));
      }
      const double order = (3 * std::log2(errors[0] / errors[3]) + std::log2(errors[1] / errors[2])) / 10;
      EXPECT_NEAR(order, 2, 0.1) << errors[0] << " " << errors[1] << " " << errors[2] << " " << errors[3];
    }
  }
}

TEST(Exact, AGridUniformAcrossIsALine) {
  test::RandomLines random;
  const physics::Stack stack = film(tilted_glass(), tilted_field, 9);
  const Fields<double> start = random.state(Line(stack), 2e2, 1e-3);
  const std::vector<double> line = plain(run_of_line(stack, Method::exact, 0, start));
  const grid::Problem problem = box(tilted_glass(), tilted_field, {9, 2, 3}, {1e-8, 2e-8, 3e-8}, {false, true, false});
  std::vector<double> spread(9 * problem.cells());
  for (std::size_t i = 0; i < spread.size(); ++i) spread[i] = start.values()[i / 54 * 9 + i % 9];
  const auto run = exact(problem, spread);
  run->advance_to(duration, {});
  const std::vector<double> got = run->deviations();
  for (std::size_t i = 0; i < spread.size(); ++i) spread[i] = line[i / 54 * 9 + i % 9];
  EXPECT_LE(distance(got, spread), 1e-13);
}

/// Along one axis nothing is left out, nor in a metal: deviations of any size.
TEST(Exact, IsTheFullAnswerWhereProductsVanish) {
  test::RandomLines random;
  for (const bool metal : {false, true}) {
    const physics::Stack stack =
        metal ? film(moderate_metal(), tilted_field, 8)
              : film(physics::make_material(test::moderate_glass()), Vector3<double>{0, 0, 2e4}, 8);
    Fields<double> start = random.state(Line(stack), 3e4, 0.2);
    for (std::size_t c = 0; !metal && c < 2; ++c) {
      std::fill_n(start.M(c), 8, 0.0);
      std::fill_n(start.m(c), 8, 0.0);
      std::fill_n(start.theta(c), 8, 0.0);
    }
    double left_out = 1;
    const std::vector<double> linear = plain(run_of_line(stack, Method::exact, 0, start, &left_out));
    EXPECT_EQ(left_out, 0);
    // errors of some hundred steps of 1e-11 each
    EXPECT_LE(distance(linear, plain(run_of_line(stack, Method::adaptive, 0, start))), 1e-8);
  }
}

/// What products change, found by a run that has them, in the norm of the free energy.
TEST(Exact, WhatIsLeftOutIsBoundedByItsEstimateAndOfItsOrder) {
  test::RandomLines random;
  const physics::Stack stack = film(tilted_glass(), tilted_field, 8);
  const Line line(stack);
  const Forcing forcing = constant_forcing(line);
  const Fields<double> unit = random.state(line, 1e3, 1e-2);
  double before = 0;
  for (const double size : {0.25, 0.5, 1.0}) {
    Fields<double> start = unit;
    for (double& value : start.values()) value *= size;
    double left_out = 0;
    Fields<double> change = run_of_line(stack, Method::exact, 0, start, &left_out);
    const Fields<double> full = run_of_line(stack, Method::adaptive, 0, start);
    for (std::size_t i = 0; i < change.values().size(); ++i) change.values()[i] -= full.values()[i];
    const double true_change = std::sqrt(free_energy(line, forcing, change) / free_energy(line, forcing, start));
    EXPECT_LE(true_change, left_out);
    EXPECT_GE(true_change, left_out / 30);
    if (before > 0) {
      EXPECT_NEAR(left_out, 2 * before, 1e-10 * before);
    }
    before = left_out;
  }
  EXPECT_GE(before, 1e-3);
}

TEST(Exact, GoesOnToTheSameBitsFromAnArchiveAndOnAnyWayToATime) {
  test::RandomLines random;
  const grid::Problem problem = box(tilted_glass(), tilted_field, {5, 4, 3}, {1e-8, 2e-8, 3e-8}, {false, true, false});
  const std::vector<double> start = random_state(random, tilted_glass(), problem.cells(), 2e3, 0.02);
  const auto whole = exact(problem, start);
  EXPECT_EQ(whole->deviations(), start);
  whole->advance_to(0.4 * duration, {});
  Archive written;
  whole->exchange(written);
  whole->advance_to(duration, {});
  const auto resumed = exact(problem, std::vector<double>(start.size(), 0.0));
  Archive read{std::string_view(written.bytes())};
  resumed->exchange(read);
  EXPECT_TRUE(read.at_end());
  resumed->advance_to(duration, {});
  Archive a, b;
  whole->exchange(a);
  resumed->exchange(b);
  EXPECT_TRUE(a.bytes() == b.bytes());
  const auto straight = exact(problem, start);
  straight->advance_to(duration, {});
  EXPECT_EQ(straight->deviations(), whole->deviations());

  const physics::Stack stack = film(tilted_glass(), tilted_field, 8);
  const Line line(stack);
  const DrivenForcing forcing(line, {}, {"film"});
  SimulationSettings settings;
  settings.method = Method::exact;
  Simulation one(line, forcing, settings, random.state(line, 1e3, 1e-2));
  one.advance_to(0.4 * duration, {});
  Archive saved;
  one.exchange(saved);
  one.advance_to(duration, {});
  Simulation other(line, forcing, settings, Fields<double>(line.nodes()));
  Archive loaded{std::string_view(saved.bytes())};
  other.exchange(loaded);
  other.advance_to(duration, {});
  EXPECT_EQ(plain(one.state()), plain(other.state()));
  EXPECT_EQ(one.left_out(), other.left_out());
}

TEST(Exact, RefusesWhatIsNotAUniformBoxLeftToItself) {
  const auto refused = [](const auto& change) {
    grid::Problem problem = box(tilted_glass(), tilted_field, {3, 4, 2}, {1e-8, 2e-8, 3e-8}, {false, false, false});
    change(problem);
    EXPECT_THROW(grid::exact_evolution(problem), InputError);
  };
  refused([](grid::Problem& p) { p.domain[5] = grid::vacuum; });
  refused([](grid::Problem& p) {
    p.domains.push_back(p.domains.front());
    p.domain[5] = 1;
  });
  refused([](grid::Problem& p) { p.axes[1].faces[1] *= 1.001; });
  refused([](grid::Problem& p) { p.drives.emplace_back(); });
  refused([](grid::Problem& p) { p.domains[0].material.kind = physics::MaterialKind::ferromagnet; });
  refused([](grid::Problem& p) {
    p.boundaries.emplace_back().twist = physics::TwistBoundary::clamped;
    p.boundary_names.emplace_back("left");
    p.boundary[grid::left].assign(8, 0);
  });
  const auto refused_line = [](const auto& change) {
    physics::Stack stack = film(tilted_glass(), tilted_field, 8);
    change(stack);
    const Line line(stack);
    const DrivenForcing forcing(line, {}, {"film", "film"});
    SimulationSettings settings;
    settings.method = Method::exact;
    EXPECT_THROW(Simulation(line, forcing, settings, Fields<double>(line.nodes())), InputError);
  };
  refused_line([](physics::Stack& s) { s.layers[0].ratio = 2; });
  refused_line([](physics::Stack& s) {
    s.layers.push_back(s.layers[0]);
    s.interfaces.emplace_back();
  });
  refused_line([](physics::Stack& s) { s.left.twist = physics::TwistBoundary::clamped; });
  refused_line([](physics::Stack& s) {
    s.right.twist = physics::TwistBoundary::torque;
    s.right.torque = {0, 1e-9, 0};
  });
  refused_line([](physics::Stack& s) {
    s.right.accumulation = physics::AccumulationBoundary::contact;
    s.right.conductance = 100;
  });
}

}  // namespace
}  // namespace vitrispin::dynamics
