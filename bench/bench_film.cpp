// Three-layer harmonic films, one helicity: batches against the scalar solver and against Eigen's LU of the 12 x 12 system
// of mode amplitudes. Each reports solutions per second on one core and, for the batches, the largest deviation from the
// scalar solver.
#include <benchmark/benchmark.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <random>

#include "vitrispin/film/batch.hpp"
#include "vitrispin/film/helicity_solution.hpp"
#include "vitrispin/physics/material_build.hpp"

namespace {

using namespace vitrispin;
using film::Complex;

constexpr std::size_t points = 4096;

physics::Material<double> glass(double chi_M, double xi, double D, double rho_s, double K, double alpha) {
  physics::MaterialSpecification given;
  given.chi_M = chi_M;
  given.xi = xi;
  given.tau_ML = 2e-10;
  given.tau_mL = 1e-12;
  given.tau_Mm = 5e-11;
  given.D = D;
  given.rho_s = rho_s;
  given.K = K;
  given.alpha = alpha;
  return physics::make_material(given);
}

physics::Stack three_layers() {
  physics::Stack stack;
  const auto add = [&](const char* name, const physics::Material<double>& material, double thickness) {
    stack.layers.push_back({name, name, material, thickness});
  };
  add("a", glass(1.4e-2, 0.1, 1e-5, 1.5e-12, 100, 1e-6), 20e-9);
  add("b", glass(2.0e-2, 0.2, 4e-5, 1.0e-12, 300, 3e-6), 60e-9);
  add("c", glass(0.8e-2, 0.3, 2e-5, 2.5e-12, 50, 1e-7), 15e-9);
  stack.interfaces.resize(2);
  stack.left.accumulation = physics::AccumulationBoundary::current;
  stack.left.current = {1, 0, 1};
  stack.right.accumulation = physics::AccumulationBoundary::contact;
  stack.right.conductance = 1e3;
  stack.right.mixing = 1e18;
  return stack;
}

std::vector<double> angular_frequencies() {
  std::vector<double> omega(points);
  for (std::size_t i = 0; i < points; ++i) {
    omega[i] = 2 * constants::pi * std::pow(10.0, 6.0 + 6.0 * static_cast<double>(i) / points);
  }
  return omega;
}

/// Each parameter of each layer spread by a factor of two either way.
struct SpreadColumns {
  std::vector<std::vector<double>> storage;
  film::StackColumns columns;

  explicit SpreadColumns(const std::vector<double>& omega) : columns(film::columns_of(three_layers(), 0, omega)) {
    std::mt19937_64 random(20230509);
    std::uniform_real_distribution<double> exponent(-1, 1);
    storage.reserve(64);
    for (film::LayerColumns& layer : columns.layers) {
      for (film::Column* column : {&layer.tau_ML, &layer.tau_mL, &layer.tau_Mm, &layer.D, &layer.rho_s, &layer.K,
                                   &layer.alpha, &layer.chi_M, &layer.chi_m, &layer.thickness}) {
        auto& values = storage.emplace_back(points);
        const double reach = column == &layer.chi_m ? 0.3 : 1.0;
        for (double& value : values) value = column->uniform * std::exp2(reach * exponent(random));
        column->values = values.data();
      }
    }
  }
};

Complex scalar(const physics::Stack& stack, double omega, int sigma) {
  static const film::FieldAxis axis;
  const auto groups = film::texture_groups(stack);
  const std::vector<int> steps(stack.layers.size(), 1);
  const auto solution = film::solve_helicity({stack, axis, groups, omega}, sigma, steps);
  return solution.layers.back().nodes.back().j;
}

void report(benchmark::State& state) {
  state.counters["solutions/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * points, benchmark::Counter::kIsRate);
}

void batch_of_frequencies(benchmark::State& state, const char* instruction_set) {
  const auto omega = angular_frequencies();
  const physics::Stack stack = three_layers();
  const auto columns = film::columns_of(stack, 0, omega);
  film::Transmissions result;
  if (!film::solve_batch_on(instruction_set, columns, result)) return state.SkipWithError("not on this processor");
  for (auto _ : state) {
    film::solve_batch_on(instruction_set, columns, result);
    benchmark::DoNotOptimize(result.m.data());
  }
  report(state);
  double worst = 0;
  for (std::size_t i = 0; i < points; ++i) {
    const Complex expected = scalar(stack, omega[i], 0);
    worst = std::max(worst, std::abs(result.m[i] - expected) / std::abs(expected));
  }
  state.counters["deviation"] = worst;
  state.counters["singly"] = static_cast<double>(result.solved_singly);
}

void batch_of_materials(benchmark::State& state, const char* instruction_set) {
  const auto omega = angular_frequencies();
  const SpreadColumns spread(omega);
  film::Transmissions result;
  if (!film::solve_batch_on(instruction_set, spread.columns, result))
    return state.SkipWithError("not on this processor");
  for (auto _ : state) {
    film::solve_batch_on(instruction_set, spread.columns, result);
    benchmark::DoNotOptimize(result.m.data());
  }
  report(state);
  state.counters["singly"] = static_cast<double>(result.solved_singly);
}

void one_by_one(benchmark::State& state) {
  const auto omega = angular_frequencies();
  const physics::Stack stack = three_layers();
  for (auto _ : state) {
    for (const double w : omega) benchmark::DoNotOptimize(scalar(stack, w, 0));
  }
  report(state);
}

/// The textbook way: amplitudes of exp(-kappa x), exp(-kappa (d - x)) of both modes in each layer, 12 equations.
Complex by_lu(const physics::Stack& stack, double omega) {
  using Matrix = Eigen::Matrix<Complex, 12, 12>;
  Matrix A = Matrix::Zero();
  Eigen::Matrix<Complex, 12, 1> b = Eigen::Matrix<Complex, 12, 1>::Zero();
  const Complex s(0, -omega);
  double gamma = 0;
  Complex out_row[4];
  for (int i = 0; i < 3; ++i) {
    const auto& layer = stack.layers[static_cast<std::size_t>(i)];
    gamma = layer.material.gyromagnetic_ratio;
    const auto e = film::layer_equation(layer.material, 0, 0, 0, s, film::TwistMotion::oscillating);
    const Complex t1 = e.p_curvature(), t2 = e.chi_curvature(),
                  root = std::sqrt((t1 - t2) * (t1 - t2) + 4.0 * e.coupling());
    for (int mode = 0; mode < 2; ++mode) {
      const Complex q = 0.5 * (t1 + t2 + (mode == 0 ? root : -root));
      const Complex kappa = std::sqrt(q), decay = std::exp(-kappa * layer.thickness);
      const Complex p = mode == 0 ? Complex(1) : e.exchange * e.turn / e.m_stiffness / (t1 - q);
      const Complex chi = mode == 0 ? e.exchange / e.twist_stiffness / (t2 - q) : Complex(1);
      for (int way = 0; way < 2; ++way) {
        const int column = 4 * i + 2 * mode + way;
        const Complex left = way == 0 ? Complex(1) : decay, right = way == 0 ? decay : Complex(1);
        const Complex slope = way == 0 ? kappa : -kappa;
        const Complex j = e.m_stiffness * slope * p, twist = e.twist_stiffness * slope * chi;
        const Complex at_left[4] = {p * left, chi * left, j * left, twist * left};
        const Complex at_right[4] = {p * right, chi * right, j * right, twist * right};
        if (i == 0) {
          A(0, column) = at_left[2];
          A(1, column) = at_left[3];
        } else {
          for (int r = 0; r < 4; ++r) A(2 + 4 * (i - 1) + r, column) = -at_left[r];
        }
        if (i < 2) {
          for (int r = 0; r < 4; ++r) A(2 + 4 * i + r, column) = at_right[r];
        } else {
          const double G = film::mixing_conductance_of_potential(gamma, stack.right.mixing);
          A(10, column) = at_right[2] - stack.right.conductance * at_right[0];
          A(11, column) = at_right[3] - G * e.turn * at_right[1];
          out_row[2 * mode + way] = at_right[2];
        }
      }
    }
  }
  b(0) = 1;
  const Eigen::Matrix<Complex, 12, 1> x = A.partialPivLu().solve(b);
  Complex j = 0;
  for (int c = 0; c < 4; ++c) j += out_row[c] * x(8 + c);
  return j;
}

void eigen_lu(benchmark::State& state) {
  const auto omega = angular_frequencies();
  const physics::Stack stack = three_layers();
  for (auto _ : state) {
    for (const double w : omega) benchmark::DoNotOptimize(by_lu(stack, w));
  }
  report(state);
  double worst = 0;
  for (const double w : omega) {
    const Complex expected = scalar(stack, w, 0);
    worst = std::max(worst, std::abs(by_lu(stack, w) - expected) / std::abs(expected));
  }
  state.counters["deviation"] = worst;
}

BENCHMARK_CAPTURE(batch_of_frequencies, avx512, "AVX-512");
BENCHMARK_CAPTURE(batch_of_frequencies, avx2, "AVX2");
BENCHMARK_CAPTURE(batch_of_frequencies, sse2, "SSE2");
BENCHMARK_CAPTURE(batch_of_materials, avx512, "AVX-512");
BENCHMARK_CAPTURE(batch_of_materials, avx2, "AVX2");
BENCHMARK_CAPTURE(batch_of_materials, sse2, "SSE2");
BENCHMARK(one_by_one);
BENCHMARK(eigen_lu);

}  // namespace

BENCHMARK_MAIN();
