// Three dimensions on one core: the nine rates and the midpoint step, each over a plain triad of the same run.
//
//     bench_grid [--benchmark_filter=...]
//
// Bytes are counted as 144 a cell for the rates (nine arrays read, nine written) and 24 an element for the triad
// a = b + s c, whose stores are plain: the ratio of the two bytes_per_second is the figure.

#include <benchmark/benchmark.h>

#include "dynamics_cases.hpp"
#include "vitrispin/dynamics/grid/cosine_solver.hpp"
#include "vitrispin/dynamics/grid/equations.hpp"
#include "vitrispin/dynamics/grid/midpoint.hpp"

namespace {

using namespace vitrispin;
namespace grid = dynamics::grid;

/// A closed box of one nanometre cells, two materials apart at half its length if asked for.
grid::Problem box(std::size_t n, bool two) {
  grid::Problem problem;
  problem.H = {0, 0, 4.5e4};
  for (grid::Axis& axis : problem.axes) {
    axis.faces.clear();
    for (std::size_t i = 0; i <= n; ++i) axis.faces.push_back(1e-9 * static_cast<double>(i));
  }
  for (const auto& material :
       {bench::glass(1e-2, 0.3, 1.7e-5, 2.3e-12, 25), bench::glass(2e-2, 0.2, 2.5e-5, 1.2e-12, 40)})
    problem.domains.push_back(
        {"glass", "glass", material, physics::equilibrium_magnetization(material, problem.H), {}});
  for (std::size_t cell = 0; cell < n * n * n; ++cell)
    problem.domain.push_back(two && cell % n >= n / 2 ? std::uint16_t{1} : std::uint16_t{0});
  return problem;
}

dynamics::Fields<double> bumps(const grid::Problem& problem) {
  const std::size_t n = problem.axes[0].cells();
  dynamics::Fields<double> z(problem.cells());
  for (std::size_t cell = 0; cell < z.nodes(); ++cell) {
    const auto at = [&](std::size_t i) { return (static_cast<double>(i) + 0.5) / static_cast<double>(n) - 0.45; };
    const double x = at(cell % n), y = at(cell / n % n), w = at(cell / (n * n));
    const double bump = std::exp(-30 * (x * x + y * y + w * w)), size = 0.3 * problem.domains[0].M_eq[2];
    z.M(0)[cell] = size * bump;
    z.M(1)[cell] = -0.5 * size * bump;
    z.m(2)[cell] = 0.4 * size * bump;
    z.theta(0)[cell] = 0.1 * bump;
  }
  return z;
}

void triad(benchmark::State& state) {
  const std::size_t n = 1 << 23;
  dynamics::Values<double> a(n, 1.0), b(n, 2.0), c(n, 3.0);
  for ([[maybe_unused]] auto turn : state) {
    for (std::size_t i = 0; i < n; ++i) a[i] = b[i] + 1.5 * c[i];
    benchmark::DoNotOptimize(a.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(24 * n) * state.iterations());
}

void rates(benchmark::State& state) {
  const grid::Problem problem = box(static_cast<std::size_t>(state.range(0)), state.range(1) == 2);
  const grid::Grid cells(problem);
  const grid::Halo halo;
  grid::Equations equations(cells, halo);
  const grid::DrivenForcing drives(cells);
  grid::Forcing forcing;
  drives.at(0, forcing);
  const auto z = bumps(problem);
  dynamics::Fields<double> result(cells.cells());
  for ([[maybe_unused]] auto turn : state) {
    equations.rates(grid::StateView(z), forcing, true, result);
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(144 * cells.cells()) * state.iterations());
}

void midpoint_step(benchmark::State& state) {
  const grid::Problem problem = box(static_cast<std::size_t>(state.range(0)), state.range(1) == 2);
  const grid::Grid cells(problem);
  const grid::Halo halo;
  grid::Equations equations(cells, halo);
  const grid::DrivenForcing drives(cells);
  grid::Midpoint method(equations, drives, grid::cosine_solver);
  auto z = bumps(problem);
  dynamics::Balance balance;
  const double h = 1e-12;
  double t = 0;
  for (int i = 0; i < 3; ++i, t += h) method.step(t, h, z, balance);
  const long before = method.solves();
  for ([[maybe_unused]] auto turn : state) {
    method.step(t, h, z, balance);
    t += h;
  }
  state.counters["solves_a_step"] =
      static_cast<double>(method.solves() - before) / static_cast<double>(state.iterations());
  state.counters["ns_a_cell"] =
      benchmark::Counter(static_cast<double>(cells.cells()) * 1e-9 * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

BENCHMARK(triad)->Unit(benchmark::kMillisecond);
BENCHMARK(rates)->Args({64, 1})->Args({128, 1})->Args({128, 2})->Unit(benchmark::kMillisecond);
BENCHMARK(midpoint_step)->Args({64, 1})->Args({128, 1})->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
