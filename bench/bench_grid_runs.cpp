// Time experiments on grids: one run, one line of JSON. bench/peers_grid.py runs them in turn with their peers.
//
//     bench_grid_runs reference CASE FILE          the end of the run, by the adaptive method at 1e-10, and how far 1e-9 is from it
//     bench_grid_runs adaptive CASE FILE RTOL      seconds, error against FILE
//     bench_grid_runs midpoint CASE FILE STEPS     seconds, error
//     bench_grid_runs costs N                      N^3 cells, two glasses: rates and a midpoint step, nanoseconds a cell; triad

#include "grid_cases.hpp"
#include "vitrispin/dynamics/grid/adaptive.hpp"
#include "vitrispin/dynamics/grid/midpoint.hpp"
#include "vitrispin/dynamics/grid/multigrid.hpp"

namespace {

using namespace vitrispin;
namespace grid = dynamics::grid;

struct Run {
  std::vector<double> values;
  double seconds = 0;
  long steps = 0, iterations = 0;
};

/// By the adaptive method to `rtol`, or the midpoint rule if `steps` is given.
Run run(const std::string& name, double rtol, long steps) {
  const grid::Problem problem = bench::grid_of(name);
  auto z = bench::grid_start(problem);
  Run result;
  result.seconds = bench::seconds_of([&] {
    const grid::Grid cells(problem);
    const grid::Halo halo;
    grid::Equations equations(cells, halo);
    const grid::DrivenForcing drives(cells);
    dynamics::Balance balance;
    if (steps == 0) {
      dynamics::ErrorBounds bounds;
      bounds.relative = rtol;
      grid::Adaptive method(equations, drives, grid::helmholtz_solver, bounds);
      method.advance(0, bench::end_of_grid_run, z, balance, [&](double, double) { ++result.steps; });
      result.iterations = method.solves();
    } else {
      grid::Midpoint method(equations, drives, grid::helmholtz_solver);
      const double h = bench::end_of_grid_run / static_cast<double>(steps);
      for (long i = 0; i < steps; ++i) method.step(static_cast<double>(i) * h, h, z, balance);
      result.steps = steps;
      result.iterations = method.solves();
    }
  });
  result.values.assign(z.values().begin(), z.values().end());
  return result;
}

void reference(const std::string& name, const std::string& file) {
  const Run coarse = run(name, 1e-9, 0), fine = run(name, 1e-10, 0);
  bench::write_state(file, fine.values);
  std::printf("{\"last_tightening\": %.3g}\n", bench::error_against(coarse.values, fine.values));
}

double best_of(int rounds, const std::function<void()>& work) {
  double best = HUGE_VAL;
  for (int round = 0; round < rounds; ++round) best = std::min(best, bench::seconds_of(work));
  return best;
}

void costs(std::size_t n) {
  grid::Problem problem = bench::grid_of("cube");
  for (grid::Axis& axis : problem.axes) {
    axis.faces.clear();
    for (std::size_t i = 0; i <= n; ++i) axis.faces.push_back(1e-9 * static_cast<double>(i));
  }
  problem.domain.clear();
  for (std::size_t cell = 0; cell < n * n * n; ++cell) {
    const auto at = [&](std::size_t i) { return (static_cast<double>(i) + 0.5) / static_cast<double>(n) - 0.5; };
    const double x = at(cell % n), y = at(cell / n % n);
    problem.domain.push_back(x * x + y * y < 0.09 ? std::uint16_t{1} : std::uint16_t{0});
  }
  const grid::Grid cells(problem);
  const grid::Halo halo;
  grid::Equations equations(cells, halo);
  const grid::DrivenForcing drives(cells);
  grid::Forcing forcing;
  drives.at(0, forcing);
  auto z = bench::grid_start(problem);
  dynamics::Fields<double> result(cells.cells());
  const auto rates = [&] { equations.rates(grid::StateView(z), forcing, true, result); };
  const double before = best_of(5, rates);
  grid::Midpoint method(equations, drives, grid::multigrid_solver);
  dynamics::Balance balance;
  const double h = 2 * 25 * 1e-18 / 2.5e-5;  // D w/dx^2 = 25
  double t = 0;
  const auto step = [&] {
    method.step(t, h, z, balance);
    t += h;
  };
  for (int i = 0; i < 3; ++i) step();
  const long solves = method.solves();
  std::vector<double> seconds;
  for (int i = 0; i < 5; ++i) seconds.push_back(bench::seconds_of(step));
  std::sort(seconds.begin(), seconds.end());
  const double of_rates = std::min(before, best_of(5, rates));
  const std::size_t m = 1 << 24;
  dynamics::Values<double> a(m, 1.0), b(m, 2.0), c(m, 3.0);
  const double of_triad = best_of(8, [&] {
    for (std::size_t i = 0; i < m; ++i) a[i] = b[i] + 1.5 * c[i];
  });
  if (a[m / 2] != 6.5) std::abort();
  const double count = static_cast<double>(cells.cells());
  const double triad = 24 * static_cast<double>(m) / of_triad;
  std::printf(
      "{\"rates_ns\": %.4g, \"rates_of_triad\": %.3g, \"step_ns\": %.4g, \"step_in_rates\": %.4g, \"iterations\": "
      "%.3g, "
      "\"triad_GB_s\": %.3g}\n",
      1e9 * of_rates / count, 144 * count / of_rates / triad, 1e9 * seconds[2] / count, seconds[2] / of_rates,
      static_cast<double>(method.solves() - solves) / 5, 1e-9 * triad);
}

}  // namespace

int main(int count, char** argument) {
  const std::string what = count > 2 ? argument[1] : "";
  if (what == "costs") {
    costs(static_cast<std::size_t>(std::atoi(argument[2])));
    return 0;
  }
  if (count < 4 || (what != "reference" && count < 5)) {
    std::fputs("see the head of bench_grid_runs.cpp\n", stderr);
    return 2;
  }
  if (what == "reference") {
    reference(argument[2], argument[3]);
    return 0;
  }
  const double setting = std::atof(argument[4]);
  const Run result = what == "adaptive" ? run(argument[2], setting, 0) : run(argument[2], 0, std::lround(setting));
  std::printf("{\"seconds\": %.6g, \"error\": %.4g, \"steps\": %ld, \"iterations\": %ld}\n", result.seconds,
              bench::error_against(result.values, bench::read_state(argument[3], result.values.size())), result.steps,
              result.iterations);
}
