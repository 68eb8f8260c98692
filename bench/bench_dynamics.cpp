// Time experiments on a line: one run, one line of JSON. bench/peers_dynamics.py runs them in turn with their peers.
//
//     bench_dynamics reference CASE FILE             converged state at the end, by Gauss collocation with Richardson's extrapolation
//     bench_dynamics adaptive CASE FILE RTOL         seconds, error against FILE
//     bench_dynamics exact CASE FILE                 the same without steps, of case "linear"
//     bench_dynamics midpoint|gauss4 CASE FILE STEPS seconds, error, nanoseconds a cell and step, ledger
//     bench_dynamics triad                           plain a = b + s c, GB/s

#include <memory>

#include "dynamics_cases.hpp"
#include "vitrispin/dynamics/simulation.hpp"

namespace {

using namespace vitrispin;

struct Run {
  std::vector<double> values;
  double seconds = 0, imbalance = 0;
  long steps = 0, rejected = 0;
};

Run run(const std::string& name, const dynamics::SimulationSettings& settings) {
  const dynamics::Line line(bench::stack_of(name));
  const dynamics::DrivenForcing forcing(line, {}, std::vector<std::string>(line.segments().size()));
  Run result;
  std::unique_ptr<dynamics::Simulation> simulation;
  result.seconds = bench::seconds_of([&] {
    simulation = std::make_unique<dynamics::Simulation>(line, forcing, settings, bench::start_of(line, name));
    simulation->advance_to(bench::end_of_run, {});
  });
  const auto& values = simulation->state().values();
  result.values.assign(values.begin(), values.end());
  result.imbalance = simulation->ledger().imbalance() / simulation->ledger().balance.dissipated.total();
  result.steps = simulation->steps();
  result.rejected = simulation->rejected();
  return result;
}

Run fixed(const std::string& name, dynamics::Method method, double steps) {
  dynamics::SimulationSettings settings;
  settings.method = method;
  settings.dt = bench::end_of_run / steps;
  return run(name, settings);
}

void reference(const std::string& name, const std::string& file) {
  const Run coarse = fixed(name, dynamics::Method::gauss4, 4000);
  const Run fine = fixed(name, dynamics::Method::gauss4, 8000);
  std::vector<double> values = fine.values;
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += (fine.values[i] - coarse.values[i]) / 15;
  bench::write_state(file, values);
  std::printf("{\"last_halving\": %.3g}\n", bench::error_against(coarse.values, fine.values));
}

void triad() {
  constexpr std::size_t n = 1 << 22;
  std::vector<double> a(n, 1.0), b(n, 2.0), c(n, 3.0);
  double best = 1e9;
  for (int round = 0; round < 8; ++round) {
    best = std::min(best, bench::seconds_of([&] {
                      for (std::size_t i = 0; i < n; ++i) a[i] = b[i] + 1.5 * c[i];
                    }));
    if (a[n / 2] != 6.5) std::abort();
  }
  std::printf("{\"triad_GB_s\": %.3g}\n", 24e-9 * static_cast<double>(n) / best);
}

}  // namespace

int main(int count, char** argument) {
  const std::string what = count > 1 ? argument[1] : "";
  if (what == "triad") {
    triad();
    return 0;
  }
  if (count < 4) {
    std::fputs("see the head of bench_dynamics.cpp\n", stderr);
    return 2;
  }
  const std::string name = argument[2], file = argument[3];
  if (what == "reference") {
    reference(name, file);
    return 0;
  }
  const double setting = count > 4 ? std::atof(argument[4]) : 0;
  Run result;
  if (what == "exact") {
    dynamics::SimulationSettings settings;
    settings.method = dynamics::Method::exact;
    result = run(name, settings);
  } else if (what == "adaptive") {
    dynamics::SimulationSettings settings;
    settings.bounds.relative = setting;
    result = run(name, settings);
  } else {
    result = fixed(name, what == "gauss4" ? dynamics::Method::gauss4 : dynamics::Method::midpoint, setting);
  }
  const double cells = static_cast<double>(result.values.size()) / 9;
  const double error = bench::error_against(result.values, bench::read_state(file, result.values.size()));
  std::printf(
      "{\"seconds\": %.6g, \"error\": %.4g, \"steps\": %ld, \"rejected\": %ld, \"imbalance\": %.3g, \"ns\": %.4g}\n",
      result.seconds, error, result.steps, result.rejected, result.imbalance,
      1e9 * result.seconds / (cells * static_cast<double>(result.steps)));
}
