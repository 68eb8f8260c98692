// Ferromagnets in time: the longitudinal pair (M, m) without theta, on lines and grids, beside glasses and metals.
#include <gtest/gtest.h>

#include <cmath>
#include <complex>

#include "dynamics/grid_runs.hpp"
#include "vitrispin/dynamics/coupled_solver.hpp"
#include "vitrispin/dynamics/equations.hpp"
#include "vitrispin/dynamics/gauss4.hpp"
#include "vitrispin/dynamics/grid/gauss4.hpp"
#include "vitrispin/dynamics/grid/midpoint.hpp"
#include "vitrispin/dynamics/grid/multigrid.hpp"
#include "vitrispin/dynamics/implicit_solver.hpp"
#include "vitrispin/dynamics/ledger.hpp"
#include "vitrispin/film/film_state.hpp"
#include "vitrispin/film/profile.hpp"
#include "vitrispin/modes/dispersion.hpp"

namespace vitrispin::dynamics {
namespace {

using Complex = std::complex<double>;

physics::MaterialSpecification ferromagnet_specification() {
  physics::MaterialSpecification given;
  given.kind = physics::MaterialKind::ferromagnet;
  given.chi_M = 0.03;
  given.xi = 0.4;
  given.tau_ML = 5e-11;
  given.tau_mL = 2e-12;
  given.tau_Mm = 4e-12;
  given.D = 2e-5;
  given.M0 = Vector3<double>{0, 0, 8e5};
  return given;
}

/// Metal, ferromagnet and glass, some decay lengths thick.
physics::Stack layered(int refinement) {
  physics::MaterialSpecification metal;
  metal.kind = physics::MaterialKind::metal;
  metal.chi_m = 0.004;
  metal.tau_mL = 5e-12;
  metal.D = 1e-4;
  physics::MaterialSpecification glass;
  glass.chi_M = 0.02;
  glass.xi = 0.3;
  glass.tau_ML = 2e-10;
  glass.tau_mL = 1e-11;
  glass.tau_Mm = 3e-11;
  glass.D = 1e-5;
  glass.rho_s = 4e-14;
  glass.K = 200;
  glass.alpha = 1e-6;
  physics::Stack stack;
  stack.layers.push_back({"metal", "metal", physics::make_material(metal), 2e-8, 3 * refinement});
  stack.layers.push_back(
      {"magnet", "magnet", physics::make_material(ferromagnet_specification()), 1.5e-8, 4 * refinement});
  stack.layers.push_back({"glass", "glass", physics::make_material(glass), 2e-8, 3 * refinement});
  stack.interfaces.resize(2);
  stack.interfaces[0].conductance = 100;
  stack.H = {0, 0, 2e4};
  stack.left.accumulation = physics::AccumulationBoundary::current;
  stack.left.current = {0, 0, 0.7};
  stack.right.accumulation = physics::AccumulationBoundary::contact;
  stack.right.conductance = 300;
  return stack;
}

/// z = sources/s + L z/s at s = -i omega, at dc in the limit of a small s; the worst field's distance from the film.
double distance_from_film(const physics::Stack& stack, double omega) {
  const Line line(stack);
  const Forcing forcing = constant_forcing(line);
  Fields<double> zero(line.nodes()), sources(line.nodes());
  Potentials<double> q(line.nodes());
  potentials(line, forcing, zero, q);
  linear_rates(line, forcing, zero, q, sources);
  const Complex s = omega == 0 ? Complex(1e-3) : Complex(0, -omega);
  Fields<Complex> r(line.nodes()), z(line.nodes());
  for (std::size_t i = 0; i < r.values().size(); ++i) r.values()[i] = sources.values()[i] / s;
  ImplicitSolver<Complex> solver(line);
  solver.factorise(1.0 / s, forcing.anisotropy);
  solver.solve(r, z);

  std::vector<int> halves;
  for (const physics::Layer& layer : stack.layers) halves.push_back(2 * layer.cells);
  const film::FilmState film = film::solve_film(stack, omega, halves);
  std::array<double, 3> error{}, size{};
  for (std::size_t l = 0; l < stack.layers.size(); ++l) {
    for (int i = 0; i < stack.layers[l].cells; ++i) {
      const auto point = film::profile_point(film, l, static_cast<std::size_t>(2 * i + 1));
      const std::size_t node = line.segments()[l].begin + static_cast<std::size_t>(i);
      const auto add = [&](std::size_t field, Complex expected, Complex got) {
        error[field] = std::max(error[field], std::abs(expected - got));
        size[field] = std::max(size[field], std::abs(expected));
      };
      const auto& material = stack.layers[l].material;
      add(1, point.m[2], z.m(2)[node]);
      if (material.has_equilibrium_magnetization()) add(0, point.M[2], z.M(2)[node]);
      if (material.has_texture()) add(2, point.theta[2], z.theta(2)[node]);
      for (std::size_t k = 0; k < 2; ++k) {
        EXPECT_EQ(z.m(k)[node], 0.0);
        EXPECT_EQ(z.M(k)[node], 0.0);
      }
      if (!material.has_texture()) {
        EXPECT_EQ(z.theta(2)[node], 0.0);
      }
    }
  }
  double worst = 0;
  for (std::size_t f = 0; f < 3; ++f) worst = std::max(worst, error[f] / size[f]);
  return worst;
}

TEST(Ferromagnet, SettledLinesApproachTheExactFilmAtSecondOrderAtDcAndAc) {
  for (const double omega : {0.0, 1e9, 1e11}) {
    std::vector<double> errors;
    for (const int refinement : {4, 8, 16, 32}) errors.push_back(distance_from_film(layered(refinement), omega));
    const double order = (3 * std::log2(errors[0] / errors[3]) + std::log2(errors[1] / errors[2])) / 10;
    EXPECT_NEAR(order, 2, 0.1) << omega << ": " << errors[0] << " " << errors[1] << " " << errors[2] << " "
                               << errors[3];
    EXPECT_LE(errors[3], 1e-2);
  }
}

TEST(Ferromagnet, CosinesOnALineDecayAtTheTwoRatesOfTheModeSolver) {
  const auto material = physics::make_material(ferromagnet_specification());
  physics::Stack stack;
  stack.layers = {{"magnet", "magnet", material, 1e-7, 24}};
  stack.H = {0, 0, 1e4};
  const Line line(stack);
  const double width = 1e-7 / 24, k = 2 * constants::pi / 1e-7;
  const double k_grid = 2 / width * std::sin(k * width / 2);
  const auto expected = modes::modes_at_wavenumber(material, k_grid, 0);
  ASSERT_EQ(expected.size(), 2U);
  for (const modes::Mode& mode : expected) {
    const double to_M = mode.amplitudes[0].real() * std::sqrt(material.equilibrium_susceptibility);
    const double to_m = mode.amplitudes[1].real() * std::sqrt(material.accumulation_susceptibility);
    Fields<double> z(line.nodes());
    for (std::size_t i = 0; i < line.nodes(); ++i) {
      const double wave = 1e-3 * std::cos(k * line.positions()[i]);
      z.M(2)[i] = to_M * wave;
      z.m(2)[i] = to_m * wave;
    }
    const double before = z.m(2)[0], rate = -mode.omega.imag();
    Gauss4 method(
        line, [&](double, Forcing& f) { f = constant_forcing(line); }, true);
    Balance balance;
    const int steps = 400;
    const double duration = 1 / rate, h = duration / steps;
    for (int n = 0; n < steps; ++n) method.step(n * h, h, z, balance);
    EXPECT_NEAR(std::log(before / z.m(2)[0]) / duration, rate, 1e-9 * rate);  // (h rate)^4/720 is 1e-13
  }
}

physics::Layer random_ferromagnet(test::RandomLines& random) {
  physics::MaterialSpecification given;
  given.kind = physics::MaterialKind::ferromagnet;
  given.chi_M = random.log_uniform(1e-3, 1e-1);
  given.xi = random.uniform(0.01, 0.9);
  given.tau_ML = random.log_uniform(1e-12, 1e-8);
  given.tau_mL = random.log_uniform(1e-13, 1e-9);
  given.tau_Mm = random.log_uniform(1e-13, 1e-9);
  given.D = random.chance(0.1) ? 0 : random.log_uniform(1e-6, 1e-3);
  given.M0 = Vector3<double>{0, 0, random.uniform(-1e6, 1e6)};
  const double thickness = random.log_uniform(1e-9, 3e-7);
  return {"ferromagnet", "ferromagnet", physics::make_material(given), thickness};
}

void along_z(physics::Boundary& face) {
  for (physics::ComplexVector* v : {&face.current, &face.potential, &face.torque}) (*v)[0] = (*v)[1] = 0;
}

/// Every layer a ferromagnet, a glass or a metal, at least one a ferromagnet; everything along z.
physics::Stack random_stack(test::RandomLines& random) {
  const int layers = random.integer(1, 4);
  physics::Stack stack = random.stack(layers, random.chance(0.7), true);
  const auto one = static_cast<std::size_t>(random.integer(0, layers - 1));
  for (std::size_t l = 0; l < stack.layers.size(); ++l) {
    physics::Layer& layer = stack.layers[l];
    const bool replaced = l == one || random.chance(0.3);
    if (replaced) layer = random_ferromagnet(random);
    layer.cells = random.integer(1, 8);
    layer.name = layer.material_name = "layer " + std::to_string(l);
  }
  for (physics::Interface& interface : stack.interfaces) interface.mixing = 0;
  stack.right.mixing = 0;
  if (stack.layers.front().material.diffusivity == 0) stack.left = {};
  along_z(stack.left);
  along_z(stack.right);
  stack.right.potential[2] = random.uniform(-100, 100);
  return stack;
}

Fields<double> random_state(test::RandomLines& random, const Line& line) {
  Fields<double> z(line.nodes());
  for (const Segment& segment : line.segments()) {
    const auto& material = segment.material;
    for (std::size_t i = segment.begin; i < segment.end; ++i) {
      z.m(2)[i] = material.accumulation_susceptibility * random.uniform(-1000, 1000);
      if (material.has_equilibrium_magnetization())
        z.M(2)[i] = material.equilibrium_susceptibility * random.uniform(-1000, 1000);
      if (material.has_texture()) z.theta(2)[i] = random.uniform(-0.1, 0.1);
    }
  }
  return z;
}

double least_independence(const physics::Stack& stack) {
  double least = 1;
  for (const physics::Layer& layer : stack.layers) {
    if (layer.material.has_equilibrium_magnetization())
      least = std::min(least, 1 - layer.material.susceptibility_ratio());
  }
  return least;
}

constexpr int steps = 20;

std::vector<physics::Drive> random_drives(test::RandomLines& random, const physics::Stack& stack, double duration) {
  std::vector<physics::Drive> drives;
  const auto add = [&](physics::DriveTarget target, double amplitude) {
    physics::Drive drive;
    drive.target = target;
    drive.wave.amplitude = amplitude;
    drive.wave.frequency = random.uniform(0.1, 1) / duration;
    drives.push_back(drive);
  };
  add(physics::DriveTarget::field, 100);
  add(physics::DriveTarget::right_potential, 30);
  if (stack.left.accumulation == physics::AccumulationBoundary::current) add(physics::DriveTarget::left_current, 0.3);
  return drives;
}

/// The ledger closes to 1e-12 of what is dissipated and the rounding of F by the stored state, as in ledger_test.cpp.
template <class Method>
void expect_closed(double shortest, double longest) {
  test::RandomLines random;
  int closed = 0;
  for (int n = 0; n < 100; ++n) {
    const physics::Stack stack = random_stack(random);
    const Line line(stack);
    const double ratio = random.log_uniform(shortest, longest);
    const double h = ratio * grid::test_runs::shortest_time(test::problem_of(stack, {.axis = 0, .counts = {1, 1, 1}}));
    std::vector<std::string> names;
    for (const physics::Layer& layer : stack.layers) names.push_back(layer.material_name);
    const DrivenForcing drives(line, random_drives(random, stack, steps * h), names);
    Fields<double> z = random_state(random, line);
    Method method(
        line, [&](double t, Forcing& f) { drives.at(t, f); }, false);
    Forcing now;
    drives.at(0, now);
    const double before = free_energy(line, now, z);
    double energy = std::abs(before);
    Balance balance;
    for (int i = 0; i < steps; ++i) {
      method.step(i * h, h, z, balance);
      drives.at((i + 1) * h, now);
      Forcing without = now;
      without.field = {};
      energy = std::max(energy, free_energy(line, without, z));
    }
    energy = std::max(energy, std::abs(balance.work.drive));
    const double dissipated = balance.dissipated.total();
    const double imbalance = free_energy(line, now, z) - before + dissipated - balance.work.total();
    const double rounding =
        (ratio < 1 ? 20 : 2000) * std::numeric_limits<double>::epsilon() / least_independence(stack);
    EXPECT_LE(std::abs(imbalance), 1e-12 * dissipated + steps * rounding * energy)
        << n << " step/shortest time " << ratio << " dissipated " << dissipated << " F " << energy;
    if (std::abs(imbalance) <= 1e-12 * dissipated) ++closed;
    for (std::size_t i = 0; i < line.nodes(); ++i) {
      for (std::size_t k = 0; k < 2; ++k) EXPECT_TRUE(z.M(k)[i] == 0 && z.m(k)[i] == 0 && z.theta(k)[i] == 0);
    }
  }
  EXPECT_GE(closed, 60);  // the rest is in the rounding of F
}

TEST(Ferromagnet, TheLedgerOfTheMidpointRuleClosesOnRandomStacks) {
  expect_closed<Midpoint>(1e-3, 1e6);
}

TEST(Ferromagnet, TheLedgerOfGaussCollocationClosesOnRandomStacks) {
  expect_closed<Gauss4>(1e-3, 30);
}

TEST(Ferromagnet, NewtonsMatrixIsThatOfTheLinearSolverWhereNothingTurns) {
  test::RandomLines random;
  for (int n = 0; n < 50; ++n) {
    const physics::Stack stack = random_stack(random);
    const Line line(stack);
    const Forcing forcing = constant_forcing(line);
    const double w = random.log_uniform(1e-14, 1e-9);
    const Fields<double> r = random_state(random, line);
    Fields<double> linear(line.nodes()), newton(line.nodes());
    ImplicitSolver<double> solver(line);
    solver.factorise(w, forcing.anisotropy);
    solver.solve(r, linear);
    CoupledSolver coupled(line);
    coupled.step(w, forcing, r, linear, newton);
    // the blocks of 6 are inverted as they stand: 1e-9, and M and m that nearly cancel lose 1/(1 - xi) of it
    EXPECT_LE(grid::test_runs::largest_difference_of_fields(newton, linear, r), 1e-9 / least_independence(stack)) << n;
  }
}

template <class GridMethod, class LineMethod>
void expect_the_line_on_a_grid(const grid::SolverMaker& solver, bool any_direction, double longest) {
  test::RandomLines random;
  for (int n = 0; n < 20; ++n) {
    const physics::Stack stack = random_stack(random);
    const Line line(stack);
    test::Replica replica = test::random_replica(random);
    if (!any_direction) replica.axis = 0;  // cosines are across x
    grid::Problem problem = test::problem_of(stack, replica);
    const double h = random.log_uniform(0.01, longest) * grid::test_runs::shortest_time(problem);
    const int count = grid::test_runs::steps;
    problem.drives = random_drives(random, stack, count * h);
    std::vector<std::string> names;
    for (const physics::Layer& layer : stack.layers) names.push_back(layer.material_name);
    const DrivenForcing drives(line, problem.drives, names);
    const Fields<double> start = random_state(random, line);
    Fields<double> z = start;
    LineMethod method(
        line, [&](double t, Forcing& f) { drives.at(t, f); }, false);
    Balance balance;
    for (int i = 0; i < count; ++i) method.step(i * h, h, z, balance);
    const Fields<double> first = test::spread(problem, replica, start);
    const auto result = grid::test_runs::run<GridMethod>(problem, solver, h, first);
    // both solve to rounding, of which 1/(1 - xi) is lost where M and m nearly cancel
    const double lost = least_independence(stack);
    EXPECT_LE(grid::test_runs::largest_difference_of_fields(result.state, test::spread(problem, replica, z), first),
              1e-10 / lost)
        << n;
    const double dissipated = result.balance.dissipated.total();
    EXPECT_LE(std::abs(result.imbalance),
              1e-12 * dissipated + count * 2000 * std::numeric_limits<double>::epsilon() / lost * result.energy)
        << n;
  }
}

TEST(Ferromagnet, OnAGridUniformAcrossMidpointGivesTheLineAndAClosedLedger) {
  expect_the_line_on_a_grid<grid::Midpoint, Midpoint>(grid::cosine_solver, false, 30);
  expect_the_line_on_a_grid<grid::Midpoint, Midpoint>(grid::multigrid_solver, true, 30);
}

TEST(Ferromagnet, OnAGridUniformAcrossGaussCollocationGivesTheLineAndAClosedLedger) {
  expect_the_line_on_a_grid<grid::Gauss4, Gauss4>(grid::cosine_solver, false,
                                                  0.2);  // short enough that neither cuts it
}

}  // namespace
}  // namespace vitrispin::dynamics
