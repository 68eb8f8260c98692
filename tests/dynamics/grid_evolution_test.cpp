// Runs on a grid: those of a line where a stack is repeated, restarts to the same bits, what a snapshot holds; waves in a
// box against their exact propagation.
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <numbers>

#include "dynamics/grid_lines.hpp"
#include "dynamics/moderate_glass.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/drives.hpp"
#include "vitrispin/dynamics/grid/cosine_solver.hpp"
#include "vitrispin/dynamics/grid/serial_evolution.hpp"
#include "vitrispin/physics/material_build.hpp"

namespace vitrispin::dynamics::grid {
namespace {

constexpr double duration = 1e-10;

/// Two glasses and a metal whose times are all of the order of the duration.
physics::Stack moderate_stack() {
  physics::MaterialSpecification given = test::moderate_glass();
  given.M0 = Vector3<double>{30, -20, 100};
  physics::Stack stack;
  stack.layers.push_back({"first", "first", physics::make_material(given), 6e-8, 4});
  given.chi_M = 0.03;
  given.xi = 0.5;
  given.K = 1.0;
  given.M0 = Vector3<double>{0, 50, -40};
  stack.layers.push_back({"second", "second", physics::make_material(given), 4e-8, 3});
  physics::MaterialSpecification metal;
  metal.kind = physics::MaterialKind::metal;
  metal.chi_m = 0.01;
  metal.tau_mL = 5e-11;
  metal.D = 2e-6;
  stack.layers.push_back({"metal", "metal", physics::make_material(metal), 4e-8, 3});
  stack.interfaces.resize(2);
  stack.interfaces[0].conductance = 30;
  stack.left.accumulation = physics::AccumulationBoundary::current;
  stack.left.current = {3, 1, -2};
  stack.right.accumulation = physics::AccumulationBoundary::contact;
  stack.right.conductance = 20;
  stack.H = {2e3, 1e3, -3e3};
  return stack;
}

std::vector<physics::Drive> drives() {
  std::vector<physics::Drive> all;
  const auto add = [&](physics::DriveTarget target, std::size_t component, double amplitude, double frequency) {
    physics::Drive drive;
    drive.target = target;
    drive.component = component;
    drive.wave.amplitude = amplitude;
    drive.wave.frequency = frequency;
    drive.wave.phase = 0.3;
    all.push_back(drive);
  };
  add(physics::DriveTarget::field, 0, 800, 0.7 / duration);
  all.back().k = 2e7;
  add(physics::DriveTarget::left_current, 2, 2, 0.6 / duration);
  add(physics::DriveTarget::right_potential, 0, 300, 0.5 / duration);
  add(physics::DriveTarget::anisotropy, 0, 0.4, 0.6 / duration);
  all.back().material = "first";
  return all;
}

EvolutionSettings settings_of(Method method) {
  EvolutionSettings settings;
  settings.time.method = method;
  settings.time.dt = duration / 50;
  settings.time.bounds.relative = 1e-8;
  return settings;
}

std::vector<double> plain(const Fields<double>& z) {
  return {z.values().begin(), z.values().end()};
}

TEST(GridEvolution, IsThatOfALineWithEveryDriveAndMethod) {
  const physics::Stack stack = moderate_stack();
  const test::Replica replica{0, {1, 4, 3}, {1, 2e-8, 3e-8}, false};
  Problem problem = test::problem_of(stack, replica);
  problem.drives = drives();
  const Line line(stack);
  const dynamics::DrivenForcing forcing(line, problem.drives, {"first", "second", "metal"});
  test::RandomLines random;
  const Fields<double> start = random.state(line, 2e3, 0.02);
  const double area = problem.axes[1].faces.back() * problem.axes[2].faces.back();
  for (const Method method : {Method::midpoint, Method::gauss4, Method::adaptive, Method::explicit_adaptive}) {
    const EvolutionSettings settings = settings_of(method);
    Simulation simulation(line, forcing, settings.time, start);
    simulation.advance_to(duration, {});
    const auto run = serial_evolution(problem, settings, cosine_solver);
    run->start(plain(test::spread(problem, replica, start)));
    run->advance_to(duration, {});
    const Snapshot snapshot = run->snapshot();
    const Fields<double> expected = test::spread(problem, replica, simulation.state());
    EXPECT_EQ(run->steps(), simulation.steps());
    for (std::size_t cell = 0; cell < problem.cells(); ++cell) {
      const Domain& domain = problem.domains[problem.domain[cell]];
      for (std::size_t k = 0; k < 3; ++k) {
        // steps of one and the same length, each solved to rounding: some digits of it are lost over fifty to a few hundred
        EXPECT_NEAR(snapshot.m[k][cell], domain.m_eq[k] + expected.m(k)[cell], 1e-9 * 1e2) << cell;
        if (!domain.material.has_texture()) {
          EXPECT_TRUE(std::isnan(snapshot.M[k][cell]) && std::isnan(snapshot.theta[k][cell]));
          continue;
        }
        EXPECT_NEAR(snapshot.M[k][cell], domain.M_eq[k] + expected.M(k)[cell], 1e-9 * 1e2) << cell;
        EXPECT_NEAR(snapshot.theta[k][cell], expected.theta(k)[cell], 1e-9 * 0.02) << cell;
      }
    }
    const double dissipated = simulation.ledger().balance.dissipated.total();
    EXPECT_NEAR(run->ledger().balance.dissipated.total() / area, dissipated, 1e-9 * dissipated);
    EXPECT_NEAR(run->ledger().balance.work.total() / area, simulation.ledger().balance.work.total(), 1e-9 * dissipated);
    EXPECT_NEAR(run->ledger().free_energy_change / area, simulation.ledger().free_energy_change, 1e-9 * dissipated);
  }
}

TEST(GridEvolution, GoesOnToTheSameBitsFromAnArchive) {
  const test::Replica replica{0, {1, 3, 2}, {1, 2e-8, 3e-8}, true};
  Problem problem = test::problem_of(moderate_stack(), replica);
  problem.drives = drives();
  test::RandomLines random;
  const Line line(moderate_stack());
  const std::vector<double> start = plain(test::spread(problem, replica, random.state(line, 2e3, 0.02)));
  for (const Method method : {Method::midpoint, Method::gauss4, Method::adaptive, Method::explicit_adaptive}) {
    for (const SolverMaker& solver : {SolverMaker(cosine_solver), SolverMaker(reference_solver)}) {
      const auto whole = serial_evolution(problem, settings_of(method), solver);
      whole->start(start);
      whole->advance_to(0.4 * duration, {});
      Archive written;
      whole->exchange(written);
      whole->advance_to(duration, {});
      const auto resumed = serial_evolution(problem, settings_of(method), solver);
      Archive read{std::string_view(written.bytes())};
      resumed->exchange(read);
      EXPECT_TRUE(read.at_end());
      resumed->advance_to(duration, {});
      Archive a, b;
      whole->exchange(a);
      resumed->exchange(b);
      EXPECT_TRUE(a.bytes() == b.bytes());
      EXPECT_EQ(whole->ledger().imbalance(), resumed->ledger().imbalance());
    }
  }
}

TEST(GridEvolution, RefusesWhatAGridCannotDo) {
  const test::Replica replica{0, {1, 2, 1}, {1, 1e-8, 1}, false};
  Problem problem = test::problem_of(moderate_stack(), replica);
  problem.interfaces[{1, 2}].mixing = 1e18;
  EXPECT_THROW(serial_evolution(problem, settings_of(Method::midpoint), cosine_solver), InputError);
}

/// A box of one glass in no field, n cells each way on three axes of 100 nm.
Problem box(std::size_t n) {
  physics::MaterialSpecification given = test::moderate_glass();
  Problem problem;
  problem.domains.push_back({"film", "film", physics::make_material(given), {}, {}});
  for (Axis& axis : problem.axes) {
    axis.faces.clear();
    for (std::size_t i = 0; i <= n; ++i) axis.faces.push_back(1e-7 * static_cast<double>(i) / static_cast<double>(n));
  }
  problem.domain.assign(n * n * n, 0);
  return problem;
}

/// Slope of -log(error) over log(cells) by least squares.
double fitted_order(const std::vector<std::size_t>& cells, const std::vector<double>& errors) {
  double x = 0, y = 0, xx = 0, xy = 0;
  const auto n = static_cast<double>(errors.size());
  for (std::size_t i = 0; i < errors.size(); ++i) {
    const double step = std::log(static_cast<double>(cells[i])), error = -std::log(errors[i]);
    x += step, y += error, xx += step * step, xy += step * error;
  }
  return (n * xy - x * y) / (n * xx - x * x);
}

/// dy/dt of one Fourier component of wavenumber k, Eq. (52) with sigma = 0 fields: by the exponential of 3 x 3 matrices.
Eigen::Vector3d wave_after(const physics::Material<double>& material, double k, double t,
                           const Eigen::Vector3d& start) {
  const auto rates = physics::relaxation_rates(material);
  const double a = rates.M_to_lattice, b = rates.m_to_lattice, r = rates.exchange;
  const double xi = material.susceptibility_ratio(), gamma = material.gyromagnetic_ratio, D = material.diffusivity;
  const double K = material.anisotropy + material.spin_stiffness * k * k;
  Eigen::Matrix3d G;
  G << -a, -a + r, gamma * K, -xi * (D * k * k + b), -(D * k * k + b + r), 0,
      -gamma * constants::vacuum_permeability / material.equilibrium_susceptibility,
      -gamma * constants::vacuum_permeability / material.equilibrium_susceptibility, -material.damping * gamma * K;
  // exp(G t) by squaring of a Taylor series, scaled by the fields' own sizes
  const Eigen::Vector3d scale(1, 1, 1e-4);
  Eigen::Matrix3d A = scale.cwiseInverse().asDiagonal() * G * scale.asDiagonal();
  A *= t / 4096;
  Eigen::Matrix3d exponential = Eigen::Matrix3d::Identity(), term = exponential;
  for (int n = 1; n < 20; ++n) {
    term = term * A / n;
    exponential += term;
  }
  for (int n = 0; n < 12; ++n) exponential = exponential * exponential;
  return scale.asDiagonal() * exponential * scale.cwiseInverse().asDiagonal() * start;
}

void expect_exact_waves(Method method) {
  const Eigen::Vector3d amplitude(1, 0.5, 1e-5);  // so small that precession about themselves is nothing
  std::vector<double> errors;
  const std::vector<std::size_t> sizes{8, 12, 16, 24};
  for (const std::size_t n : sizes) {
    const Problem problem = box(n);
    const double k1 = std::numbers::pi / 1e-7;
    const auto shape = [&](std::size_t cell) {
      const std::array<std::size_t, 3> place{cell % n, cell / n % n, cell / (n * n)};
      double product = 1;
      for (std::size_t axis = 0; axis < 3; ++axis)
        product *= std::cos(static_cast<double>(axis == 2 ? 2 : 1) * k1 * problem.axes[axis].center(place[axis]));
      return product;
    };
    Fields<double> z(problem.cells());
    for (std::size_t cell = 0; cell < problem.cells(); ++cell) {
      z.M(2)[cell] = 1e-6 * amplitude[0] * shape(cell);
      z.m(2)[cell] = 1e-6 * amplitude[1] * shape(cell);
      z.theta(2)[cell] = 1e-6 * amplitude[2] * shape(cell);
    }
    EvolutionSettings settings = settings_of(method);
    settings.time.bounds.relative = 1e-9;
    const auto run = serial_evolution(problem, settings, cosine_solver);
    run->start(plain(z));
    run->advance_to(duration, {});
    const Snapshot snapshot = run->snapshot();
    const Eigen::Vector3d exact = wave_after(problem.domains[0].material, k1 * std::sqrt(6.0), duration, amplitude);
    Eigen::Vector3d worst = Eigen::Vector3d::Zero();
    for (std::size_t cell = 0; cell < problem.cells(); ++cell) {
      const Eigen::Vector3d here(snapshot.M[2][cell], snapshot.m[2][cell], snapshot.theta[2][cell]);
      worst = worst.cwiseMax((1e6 * here - exact * shape(cell)).cwiseAbs());
    }
    errors.push_back((worst.array() / exact.array().abs()).maxCoeff());
  }
  EXPECT_NEAR(fitted_order(sizes, errors), 2, 0.1);
  EXPECT_LE(errors.back(), 2e-2);
}

TEST(GridEvolution, WavesInABoxAreTheExactOnesToSecondOrderInSpace) {
  expect_exact_waves(Method::adaptive);
}

TEST(GridEvolution, WavesInABoxAreTheExactOnesWithTheExplicitMethodToo) {
  expect_exact_waves(Method::explicit_adaptive);
}

TEST(GridEvolution, LedgersOfTheAdaptiveMethodsMeasureTheirErrors) {
  const test::Replica replica{0, {1, 3, 2}, {1, 2e-8, 3e-8}, false};
  Problem problem = test::problem_of(moderate_stack(), replica);
  test::RandomLines random;
  const Line line(moderate_stack());
  const std::vector<double> start = plain(test::spread(problem, replica, random.state(line, 2e3, 0.02)));
  for (const Method method : {Method::adaptive, Method::explicit_adaptive}) {
    std::vector<double> imbalances;
    for (const double bound : {1e-4, 1e-6, 1e-8}) {
      EvolutionSettings settings = settings_of(method);
      settings.time.bounds.relative = bound;
      const auto run = serial_evolution(problem, settings, cosine_solver);
      run->start(start);
      run->advance_to(duration, {});
      imbalances.push_back(std::abs(run->ledger().imbalance()) / run->ledger().balance.dissipated.total());
    }
    EXPECT_LE(imbalances[0], 1e-3);
    EXPECT_LE(imbalances[2], 1e-7);
    EXPECT_LT(imbalances[2], imbalances[0]);
  }
}

}  // namespace
}  // namespace vitrispin::dynamics::grid
