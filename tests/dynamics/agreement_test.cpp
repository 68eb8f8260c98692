// Lines against the solvers that are exact in space: films at dc and ac, modes in time.
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <complex>

#include "dynamics/random_lines.hpp"
#include "vitrispin/dynamics/equations.hpp"
#include "vitrispin/dynamics/gauss4.hpp"
#include "vitrispin/dynamics/implicit_solver.hpp"
#include "vitrispin/film/film_state.hpp"
#include "vitrispin/film/profile.hpp"
#include "vitrispin/modes/frequencies.hpp"

namespace vitrispin::dynamics {
namespace {

using Complex = std::complex<double>;

/// Glass, metal and two more glasses, some decay lengths thick, an interface with a resistance and one with mixing;
/// every layer is cut into cells of another width.
physics::Stack layered(int refinement) {
  physics::MaterialSpecification given;
  given.chi_M = 0.02;
  given.xi = 0.3;
  given.tau_ML = 2e-10;
  given.tau_mL = 1e-11;
  given.tau_Mm = 3e-11;
  given.D = 1e-5;
  given.rho_s = 4e-14;
  given.K = 200;
  given.alpha = 1e-6;
  physics::Stack stack;
  stack.layers.push_back({"first", "first", physics::make_material(given), 2e-8, 4 * refinement});
  stack.layers.push_back({"again", "first", physics::make_material(given), 1e-8, 5 * refinement});
  given.xi = 0.6;
  given.rho_s = 1e-14;
  given.D = 3e-6;
  stack.layers.push_back({"second", "second", physics::make_material(given), 1.5e-8, 3 * refinement});
  physics::MaterialSpecification metal;
  metal.kind = physics::MaterialKind::metal;
  metal.chi_m = 0.004;
  metal.tau_mL = 5e-12;
  metal.D = 1e-4;
  stack.layers.push_back({"metal", "metal", physics::make_material(metal), 2e-8, 3 * refinement});
  stack.interfaces.resize(3);
  stack.interfaces[1].conductance = 40;
  stack.interfaces[2].conductance = 100;
  stack.interfaces[2].mixing = 3e18;
  stack.left.accumulation = physics::AccumulationBoundary::current;
  stack.left.current = {1, -0.5, 0.7};
  stack.right.accumulation = physics::AccumulationBoundary::contact;
  stack.right.conductance = 300;
  return stack;
}

/// z = sources/s + L z/s: the settled state at s = -i omega, and at dc in the limit of a small s.
Fields<Complex> settled(const Line& line, Complex s) {
  const Forcing forcing = constant_forcing(line);
  const Fields<double> zero(line.nodes());
  Fields<double> sources(line.nodes());
  Potentials<double> q(line.nodes());
  potentials(line, forcing, zero, q);
  linear_rates(line, forcing, zero, q, sources);
  Fields<Complex> r(line.nodes()), z(line.nodes());
  for (std::size_t i = 0; i < r.values().size(); ++i) r.values()[i] = sources.values()[i] / s;
  ImplicitSolver<Complex> solver(line);
  solver.factorise(1.0 / s, forcing.anisotropy);
  solver.solve(r, z);
  return z;
}

/// Largest difference from the film at the cells' centres, over the largest value, the worst of M, m and theta.
double distance_from_film(const physics::Stack& stack, double omega) {
  const Line line(stack);
  std::vector<int> halves;
  for (const physics::Layer& layer : stack.layers) halves.push_back(2 * layer.cells);
  const film::FilmState film = film::solve_film(stack, omega, halves);
  // at dc a rate far below every other stands for none
  const Fields<Complex> z = settled(line, omega == 0 ? Complex(1e-3) : Complex(0, -omega));
  std::array<double, 3> error{}, size{};
  for (std::size_t l = 0; l < stack.layers.size(); ++l) {
    for (int i = 0; i < stack.layers[l].cells; ++i) {
      const auto point = film::profile_point(film, l, static_cast<std::size_t>(2 * i + 1));
      const std::size_t node = line.segments()[l].begin + static_cast<std::size_t>(i);
      for (std::size_t k = 0; k < 3; ++k) {
        const auto add = [&](std::size_t field, Complex expected, Complex got) {
          error[field] = std::max(error[field], std::abs(expected - got));
          size[field] = std::max(size[field], std::abs(expected));
        };
        add(1, point.m[k], z.m(k)[node]);
        if (!stack.layers[l].material.has_texture()) continue;
        add(0, point.M[k], z.M(k)[node]);
        add(2, point.theta[k], z.theta(k)[node]);
      }
    }
  }
  double worst = 0;
  for (std::size_t f = 0; f < 3; ++f) worst = std::max(worst, error[f] / size[f]);
  return worst;
}

TEST(SpaceOrder, SettledLinesApproachTheExactFilmAtSecondOrderAcrossJumpsAndChangesOfWidth) {
  for (const double omega : {0.0, 1e9, 1e11}) {
    std::vector<double> errors;
    for (const int refinement : {4, 8, 16, 32}) errors.push_back(distance_from_film(layered(refinement), omega));
    const double order = (3 * std::log2(errors[0] / errors[3]) + std::log2(errors[1] / errors[2])) / 10;
    EXPECT_NEAR(order, 2, 0.1) << omega << ": " << errors[0] << " " << errors[1] << " " << errors[2] << " "
                               << errors[3];
    EXPECT_LE(errors[3], 1e-2);
  }
}

/// A closed glass in which cos(k x) of a helicity is an eigenvector of the grid; k is that of the grid's Laplacian.
TEST(RingDown, OfACosineModeHasTheFrequencyAndDampingOfTheModeSolver) {
  for (const double H : {0.0, 3e3, -2e4}) {
    for (const int sigma : {-1, 1}) {
      physics::MaterialSpecification given;
      given.chi_M = 0.02;
      given.xi = 0.3;
      given.tau_ML = 2e-10;
      given.tau_mL = 1e-10;
      given.tau_Mm = 3e-10;
      given.D = 1e-6;
      given.rho_s = 4e-14;
      given.K = 5;
      given.alpha = 1e-7;
      if (H != 0) given.M0 = Vector3<double>{0, 0, 100};
      const auto material = physics::make_material(given);
      physics::Stack stack;
      stack.layers = {{"glass", "glass", material, 1e-7, 24}};
      stack.H = {0, 0, H};
      const Line line(stack);
      const double width = 1e-7 / 24, k = 2 * constants::pi / 1e-7;
      const double k_grid = 2 / width * std::sin(k * width / 2);
      const double Omega = physics::precession_rate(material, line.segments()[0].M_eq[2]);
      const auto expected = modes::frequencies(physics::energy_matrix(material, k_grid * k_grid, sigma, Omega));
      const auto G = physics::linear_matrix(material, k_grid * k_grid, sigma, Omega);
      Eigen::Matrix3cd matrix;
      for (int r = 0; r < 3; ++r) {
        for (int c = 0; c < 3; ++c) matrix(r, c) = G[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)];
      }
      // M and theta of like size: the eigenvectors are found to rounding
      const Eigen::Vector3d scale(1, 1, 1e-6);
      const Eigen::ComplexEigenSolver<Eigen::Matrix3cd> solver(scale.asDiagonal().inverse() * matrix *
                                                               scale.asDiagonal());
      for (const Complex omega : expected) {
        const Complex s = Complex(0, -1) * omega;
        Eigen::Index nearest = 0;
        (solver.eigenvalues().array() - s).abs().minCoeff(&nearest);
        const Eigen::Vector3cd y = scale.asDiagonal() * solver.eigenvectors().col(nearest);
        Fields<double> z(line.nodes());
        // so small that products of deviations vanish beside 1e-6
        const double amplitude = 1e-9;
        for (std::size_t i = 0; i < line.nodes(); ++i) {
          const double wave = amplitude * std::cos(k * line.positions()[i]);
          // v_x + i sigma v_y = y
          const auto put = [&](double* x, double* other, Complex value) {
            x[i] = wave * value.real();
            other[i] = sigma * wave * value.imag();
          };
          put(z.M(0), z.M(1), y[0]);
          put(z.m(0), z.m(1), y[1]);
          put(z.theta(0), z.theta(1), y[2]);
        }
        const double start = z.M(0)[0], start_y = z.M(1)[0];
        Gauss4 method(
            line, [&](double, Forcing& f) { f = constant_forcing(line); }, true);
        Balance balance;
        const int steps = 400;
        const double duration = 1 / std::abs(s), h = duration / steps;
        for (int n = 0; n < steps; ++n) method.step(n * h, h, z, balance);
        const Complex before(start, sigma * start_y), after(z.M(0)[0], sigma * z.M(1)[0]);
        const Complex measured = std::log(after / before) / duration;
        // (h s)^4/720 of the method, and the modes that rounding excites
        EXPECT_LE(std::abs(measured - s), 1e-8 * std::abs(s)) << "H " << H << " sigma " << sigma << " omega " << omega;
      }
    }
  }
}

}  // namespace
}  // namespace vitrispin::dynamics
