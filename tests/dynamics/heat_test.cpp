// Heat: conduction against closed forms, the heat of the spins cell by cell, the total energy, materials that follow temperature.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>

#include "dynamics/grid_lines.hpp"
#include "dynamics/heated_stacks.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/equations.hpp"
#include "vitrispin/dynamics/grid/build_problem.hpp"
#include "vitrispin/dynamics/grid/drives.hpp"
#include "vitrispin/dynamics/grid/equations.hpp"
#include "vitrispin/dynamics/grid/ledger.hpp"
#include "vitrispin/dynamics/grid/multigrid.hpp"
#include "vitrispin/dynamics/grid/serial_evolution.hpp"
#include "vitrispin/dynamics/simulation.hpp"

namespace vitrispin::dynamics {
namespace {

using test::RandomHeat;

/// Conduction alone, on all cells of a problem.
grid::Conduction conduction_in(const grid::Problem& problem, double start, const grid::Halo& halo,
                               const grid::SolverMaker& solver = grid::reference_solver) {
  const std::size_t axis = grid::Grid(problem).slowest();
  return {problem, start, {0, problem.axes[axis].cells()}, halo, solver};
}

TEST(Conduction, BetweenTwoBathsReachesTheProfileOfResistancesInSeries) {
  RandomHeat random;
  for (int n = 0; n < 50; ++n) {
    physics::Stack stack = random.heated_stack(random.integer(1, 4), 8);
    for (physics::Layer& layer : stack.layers) {
      layer.ratio = random.log_uniform(0.3, 3);
      layer.material.thermal_conductivity = random.log_uniform(0.1, 1e3);
    }
    for (physics::Interface& interface : stack.interfaces) interface.mixing = 0;
    stack.left.mixing = stack.right.mixing = 0;
    const double hot = random.uniform(5, 300), cold = random.uniform(5, 300);
    random.set_bath(stack.left, hot);
    random.set_bath(stack.right, cold);
    std::vector<double> resistance;  // from the left bath to each cell's centre
    double R = 1 / stack.left.thermal_conductance;
    for (std::size_t l = 0; l < stack.layers.size(); ++l) {
      const physics::Layer& layer = stack.layers[l];
      if (l > 0) R += 1 / stack.interfaces[l - 1].thermal_conductance;
      const std::vector<double> faces = physics::graded_faces(layer.thickness, layer.cells, layer.ratio);
      for (std::size_t i = 0; i + 1 < faces.size(); ++i) {
        const double half = (faces[i + 1] - faces[i]) / (2 * layer.material.thermal_conductivity);
        resistance.push_back(R + half);
        R += 2 * half;
      }
    }
    R += 1 / stack.right.thermal_conductance;
    const grid::Halo alone;
    grid::Conduction conduction = conduction_in(grid::build_problem(stack, {}, {}), 20, alone);
    const std::vector<double> none(resistance.size(), 0.0);
    for (int step = 0; step < 4; ++step) conduction.step(1e3, none.data());  // some 1e9 times the slowest time
    for (std::size_t i = 0; i < resistance.size(); ++i) {
      // The elimination adds positive numbers alone; what is left is the rounding of the baths' difference to the start.
      EXPECT_NEAR(20 + conduction.warming()[i], hot + (cold - hot) * resistance[i] / R, 1e-11 * (hot + cold));
    }
  }
}

TEST(Conduction, IsOfSecondOrderInTime) {
  // One wave of a closed bar, heated as that wave: exact in time for the discrete Laplacian.
  physics::Stack stack = test::heated_bar(32);
  const grid::Problem problem = grid::build_problem(stack, {}, {});
  const grid::Halo alone;
  const auto& material = stack.layers[0].material;
  const double dx = stack.layers[0].thickness / 32, s = 2 * std::sin(std::numbers::pi / 64) / dx;
  const double rate = material.thermal_conductivity / material.heat_capacity * s * s, end = 1 / rate, q = 1e12;
  std::vector<double> errors;
  for (const int steps : {8, 16, 32}) {
    grid::Conduction conduction = conduction_in(problem, 10, alone);
    std::vector<double> heat;
    for (int i = 0; i < 32; ++i) heat.push_back(q * end / steps * std::cos(std::numbers::pi * (i + 0.5) / 32));
    for (int n = 0; n < steps; ++n) conduction.step(end / steps, heat.data());
    const double exact = q / (material.heat_capacity * rate) * (1 - std::exp(-1.0)) * std::cos(std::numbers::pi / 64);
    errors.push_back(std::abs(conduction.warming()[0] - exact));
  }
  EXPECT_NEAR(std::log2(errors[1] / errors[2]), 2, 0.1);
  EXPECT_NEAR(std::log2(errors[0] / errors[1]), 2, 0.15);  // longer steps show the next order
}

TEST(Conduction, IsTheSameByEliminationAndByTheSolversOfFields) {
  RandomHeat random;
  for (int n = 0; n < 30; ++n) {
    physics::Stack stack = random.heated_stack(random.integer(1, 3), 6);
    for (physics::Interface& interface : stack.interfaces) interface.mixing = 0;
    stack.left.mixing = stack.right.mixing = 0;
    test::Replica across;
    across.axis = static_cast<std::size_t>(random.integer(1, 2));
    across.counts = {3, 1, 1};
    across.lengths[0] = 1e-8;
    test::Replica along;
    along.counts = {0, 1, 1};
    const grid::Problem line = test::problem_of(stack, along), plane = test::problem_of(stack, across);
    const grid::Halo alone;
    grid::Conduction row = conduction_in(line, 10, alone);
    grid::Conduction reference = conduction_in(plane, 10, alone, grid::reference_solver);
    grid::Conduction multigrid = conduction_in(plane, 10, alone, grid::helmholtz_solver);
    const double h = random.log_uniform(1e-13, 1e-7);
    std::vector<double> of_line, of_plane;
    for (std::size_t i = 0; i < line.cells(); ++i) of_line.push_back(random.uniform(0, 1e6));
    for (std::size_t i = 0; i < plane.cells(); ++i) of_plane.push_back(of_line[test::repeated(plane, across, i)]);
    for (int step = 0; step < 3; ++step) {
      row.step(h, of_line.data());
      reference.step(h, of_plane.data());
      multigrid.step(h, of_plane.data());
    }
    double largest = 0;
    for (const double T : row.warming()) largest = std::max(largest, std::abs(T));
    for (std::size_t i = 0; i < plane.cells(); ++i) {
      // The iterative solvers end at rounding of a norm weighted by the cells; conductances differ by up to 1e6.
      const double exact = row.warming()[test::repeated(plane, across, i)];
      EXPECT_NEAR(reference.warming()[i], exact, 1e-9 * largest) << n;
      EXPECT_NEAR(multigrid.warming()[i], exact, 1e-9 * largest) << n;
    }
  }
}

TEST(Heat, OfTheCellsOfALineIsWhatTheLedgerSaysIsDissipated) {
  RandomHeat random;
  for (int n = 0; n < 200; ++n) {
    const physics::Stack stack = random.cut_stack(random.integer(1, 4), 6);
    const Line line(stack);
    const Forcing forcing = random.forcing(line, 100);
    const Fields<double> z = random.state(line, 1000, 0.1);
    Potentials<double> q(line.nodes());
    potentials(line, forcing, z, q);
    std::vector<double> heat(line.nodes(), 0.0);
    add_heat(0.5, line, forcing, z, q, heat.data());
    double sum = 0;
    for (const Segment& segment : line.segments()) {
      for (std::size_t i = segment.begin; i < segment.end; ++i) {
        EXPECT_GE(heat[i], 0);
        sum += segment.width * heat[i];
      }
    }
    const double expected = 0.5 * dissipated_power(line, forcing, z, q).total();
    EXPECT_NEAR(sum, expected, 1e-13 * expected) << n;  // sums of positive terms
    for (const ContactNode& contact : line.contacts()) EXPECT_EQ(heat[contact.node], 0);
  }
}

TEST(Heat, OfTheCellsOfAGridIsWhatTheLedgerSaysIsDissipated) {
  RandomHeat random;
  for (int n = 0; n < 60; ++n) {
    const physics::Stack stack = test::plain_stack(random, random.integer(1, 3), 6);
    const test::Replica replica = test::random_replica(random);
    const grid::Problem problem = test::problem_of(stack, replica);
    const grid::Grid g(problem);
    const grid::Halo halo(problem.axes[g.slowest()].periodic);
    grid::Equations equations(g, halo);
    const Line line(stack);
    const Fields<double> z = test::spread(problem, replica, random.state(line, 1000, 0.1));
    const grid::DrivenForcing drives(g);
    grid::Forcing forcing;
    drives.at(0, forcing);
    const auto still = [](std::size_t, std::size_t) { return 0.0; };
    const grid::Power power = grid::power(equations.sweep(), forcing, grid::StateView(z), still);
    std::vector<double> heat(g.cells(), 0.0);
    grid::add_heat(2.0, equations.sweep(), forcing, grid::StateView(z), heat.data());
    double sum = 0;
    for (std::size_t cell = 0; cell < g.cells(); ++cell) {
      EXPECT_GE(heat[cell], 0);
      const std::size_t i = cell % g.count(0), j = cell / g.count(0) % g.count(1), k = cell / (g.count(0) * g.count(1));
      sum += g.volume(i, j, k) * heat[cell];
    }
    EXPECT_NEAR(sum, 2 * power.dissipated.total(), 1e-12 * sum) << n;  // sums of positive terms
  }
}

TEST(Heat, TheTotalEnergyOfRandomStacksCloses) {
  RandomHeat random;
  int with_tables = 0;
  for (int n = 0; n < 60; ++n) {
    random.closeness = 0.05;
    physics::Stack stack = random.heated_stack(random.integer(1, 3), 6);
    if (random.chance(0.5)) random.add_tables(stack, 10, 1000);
    SimulationSettings settings;
    settings.method = random.chance(0.5) ? Method::midpoint : Method::gauss4;
    settings.dt = random.log_uniform(1e-15, 1e-11);
    const double start = random.uniform(100, 300);
    stack = at_temperature(stack, start);
    const Line line(stack);
    const DrivenForcing forcing(line, {}, std::vector<std::string>(stack.layers.size()));
    const Fields<double> z = random.state(line, 1000, 0.1);
    Simulation run(line, forcing, settings, z);
    run.follow(std::make_unique<HeatOfLine>(stack, std::vector<physics::Drive>{}, start));
    with_tables += stack.layers[0].table != nullptr;
    const int steps = 20;
    double energy = 0;
    for (int i = 1; i <= steps; ++i) {
      run.advance_to(i * settings.dt, {});
      Forcing now = constant_forcing(run.line());
      energy = std::max(energy, free_energy(run.line(), now, run.state()));
    }
    const LedgerEntry& ledger = run.ledger();
    // Heat: what cells hold and baths got is what was dissipated; rounding is that of the largest of the flows.
    double flow = ledger.balance.dissipated.total();
    for (const physics::Layer& layer : stack.layers)
      flow =
          std::max({flow, layer.material.heat_capacity * layer.thickness * 300,
                    layer.material.thermal_conductivity * layer.cells / layer.thickness * 300 * steps * settings.dt});
    EXPECT_NEAR(ledger.heat_held + ledger.heat_to_baths, ledger.balance.dissipated.total(), 1e-12 * flow) << n;
    // Spins: as in ledger_test.cpp, with what materials that change leave out of F, which is rounded in every step as well.
    double left_out = 0;
    for (const physics::Layer& layer : stack.layers) {
      const double chi = layer.material.has_texture() ? layer.material.equilibrium_susceptibility
                                                      : layer.material.accumulation_susceptibility;
      left_out += constants::vacuum_permeability * layer.thickness *
                  (2 * chi * dot(line.H(), line.H()) + 1e3 * std::sqrt(3 * dot(line.H(), line.H())));
    }
    const double rounding = 2000 * std::numeric_limits<double>::epsilon() / random.closeness;
    EXPECT_LE(std::abs(ledger.imbalance()), 1e-12 * ledger.balance.dissipated.total() +
                                                steps * rounding * (energy + (stack.layers[0].table ? left_out : 0)))
        << n << " dissipated " << ledger.balance.dissipated.total() << " F " << energy;
  }
  EXPECT_GT(with_tables, 10);
}

TEST(Heat, MaterialsThatFollowTemperatureKeepTheSecondOrder) {
  // A bar whose parameters all change by tens of percent while it warms by a bath and by a current.
  const physics::Stack stack = test::glass_with_table();
  std::vector<double> T, m, theta;
  const double duration = 1e-10;
  for (const int steps : {320, 640, 1280, 2560}) {
    SimulationSettings settings;
    settings.method = Method::midpoint;
    settings.dt = duration / steps;
    const Line line(stack);
    const DrivenForcing forcing(line, {}, {"glass"});
    Simulation run(line, forcing, settings, Fields<double>(line.nodes()));
    run.follow(std::make_unique<HeatOfLine>(stack, std::vector<physics::Drive>{}, 10.0));
    run.advance_to(duration, {});
    T.push_back(run.temperature()[3]);
    m.push_back(run.state().m(2)[3]);
    theta.push_back(run.state().theta(2)[3]);
  }
  EXPECT_GT(T.back(), 12);
  for (const auto& values : {T, m, theta}) {
    const double order = std::log2((values[1] - values[2]) / (values[2] - values[3]));
    EXPECT_NEAR(order, 2, 0.1) << values[0] << " " << values[1] << " " << values[2] << " " << values[3];
  }
}

TEST(Heat, ALineAndAGridAgreeWithTablesAndWithout) {
  for (const bool with_table : {true, false}) {
    for (const Method method : {Method::midpoint, Method::gauss4, Method::adaptive, Method::explicit_adaptive}) {
      physics::Stack stack = test::glass_with_table();
      if (!with_table) stack.layers[0].table = nullptr;
      SimulationSettings settings;
      settings.method = method;
      settings.dt = 5e-12;
      settings.bounds.relative = 1e-8;
      const double duration = 5e-11;
      const Line line(stack);
      const DrivenForcing forcing(line, {}, {"glass"});
      Simulation run(line, forcing, settings, Fields<double>(line.nodes()));
      run.follow(std::make_unique<HeatOfLine>(stack, std::vector<physics::Drive>{}, 10.0));
      run.advance_to(duration, {});
      test::Replica replica;
      replica.counts = {0, 3, 1};
      replica.lengths[1] = 1e-8;
      grid::Problem problem = test::problem_of(stack, replica);
      problem.domains[0].table = stack.layers[0].table;
      const auto on_grid = grid::serial_evolution(problem, {settings, {}, 10.0}, grid::helmholtz_solver);
      on_grid->start(std::vector<double>(9 * problem.cells(), 0.0));
      on_grid->advance_to(duration, {});
      const grid::Snapshot snapshot = on_grid->snapshot();
      // Fixed steps differ by what iterative solvers leave; adaptive ones choose steps of their own, to the error asked for.
      const double tolerance = method == Method::midpoint || method == Method::gauss4 ? 1e-10 : 1e-6;
      const std::vector<double> T = run.temperature();
      for (std::size_t cell = 0; cell < problem.cells(); ++cell) {
        const std::size_t i = test::repeated(problem, replica, cell);
        EXPECT_NEAR(snapshot.temperature[cell] - 10, T[i] - 10, tolerance * (T[0] - 10));
        for (std::size_t k = 0; k < 3; ++k) {
          const Segment& segment = run.line().segments()[with_table ? i : 0];
          EXPECT_NEAR(snapshot.M[k][cell], segment.M_eq[k] + run.state().M(k)[i], tolerance * 100);
          EXPECT_NEAR(snapshot.theta[k][cell], run.state().theta(k)[i], tolerance);
        }
      }
    }
  }
}

/// Halfway, written and read back by another run, which goes on: the state and the ledger to the bit.
template <class Run>
void expect_same_bits(const Run& whole, const Run& restarted) {
  Archive a, b;
  whole->exchange(a);
  restarted->exchange(b);
  EXPECT_EQ(a.bytes(), b.bytes());
}

TEST(Heat, ARestartGoesOnToTheSameBits) {
  for (const Method method : {Method::midpoint, Method::gauss4, Method::adaptive, Method::explicit_adaptive}) {
    const physics::Stack stack = test::glass_with_table();
    SimulationSettings settings;
    settings.method = method;
    settings.dt = 5e-12;
    const Line line(stack);
    const DrivenForcing forcing(line, {}, {"glass"});
    const auto new_run = [&] {
      auto run = std::make_unique<Simulation>(line, forcing, settings, Fields<double>(line.nodes()));
      run->follow(std::make_unique<HeatOfLine>(stack, std::vector<physics::Drive>{}, 10.0));
      return run;
    };
    const auto whole = new_run();
    whole->advance_to(3e-11, {});
    Archive half;
    whole->exchange(half);
    whole->advance_to(6e-11, {});
    const auto restarted = new_run();
    Archive read(half.bytes());
    restarted->exchange(read);
    EXPECT_TRUE(read.at_end());
    restarted->advance_to(6e-11, {});
    expect_same_bits(whole, restarted);

    test::Replica replica;
    replica.counts = {0, 3, 1};
    replica.lengths[1] = 1e-8;
    grid::Problem problem = test::problem_of(stack, replica);
    problem.domains[0].table = stack.layers[0].table;
    const auto new_grid_run = [&] {
      auto run = grid::serial_evolution(problem, {settings, {}, 10.0}, grid::helmholtz_solver);
      run->start(std::vector<double>(9 * problem.cells(), 0.0));
      return run;
    };
    const auto whole_grid = new_grid_run();
    whole_grid->advance_to(3e-11, {});
    Archive half_grid;
    whole_grid->exchange(half_grid);
    whole_grid->advance_to(6e-11, {});
    const auto restarted_grid = new_grid_run();
    Archive read_grid(half_grid.bytes());
    restarted_grid->exchange(read_grid);
    restarted_grid->advance_to(6e-11, {});
    expect_same_bits(whole_grid, restarted_grid);
  }
}

TEST(Heat, ARunThatLeavesTheTableSaysWhereAndWhatTheTableHolds) {
  physics::Stack stack = test::glass_with_table();
  stack.left.temperature = 500;
  SimulationSettings settings;
  settings.method = Method::midpoint;
  settings.dt = 1e-11;
  const Line line(stack);
  const DrivenForcing forcing(line, {}, {"glass"});
  Simulation run(line, forcing, settings, Fields<double>(line.nodes()));
  run.follow(std::make_unique<HeatOfLine>(stack, std::vector<physics::Drive>{}, 10.0));
  try {
    run.advance_to(1e-9, {});
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("goes from 5 to 50 K"), std::string::npos) << error.what();
  }
  EXPECT_THROW(at_temperature(stack, 60), InputError);
}

TEST(TemperatureTable, IsLinearBetweenItsTemperaturesAndKeepsWhatIsInfinite) {
  const physics::Stack stack = test::glass_with_table();
  physics::TemperatureTable table = *stack.layers[0].table;
  EXPECT_EQ(table.at(5).anisotropy, table.materials[0].anisotropy);
  EXPECT_EQ(table.at(50).anisotropy, table.materials.back().anisotropy);
  EXPECT_DOUBLE_EQ(table.at(12.5).anisotropy, 0.5 * (table.at(5).anisotropy + table.at(20).anisotropy));
  for (physics::Material<double>& material : table.materials)
    material.lattice_relaxation_time = std::numeric_limits<double>::infinity();
  EXPECT_EQ(table.at(7).lattice_relaxation_time, std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace vitrispin::dynamics
