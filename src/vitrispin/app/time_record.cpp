#include "vitrispin/app/time_record.hpp"

#include <fmt/format.h>

#include <cmath>
#include <complex>
#include <nlohmann/json.hpp>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/modes/frequencies.hpp"
#include "vitrispin/physics/characteristic.hpp"

namespace vitrispin::app {
namespace {

using Json = nlohmann::ordered_json;

/// Uniform in (0, 1] from a counter: SplitMix64, the same on every machine.
double uniform_number(std::uint64_t seed, std::uint64_t counter) {
  std::uint64_t z = seed * 0x9e3779b97f4a7c15ULL + (counter + 1) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  z ^= z >> 31;
  return (static_cast<double>(z >> 11) + 1) * 0x1.0p-53;
}

/// |Re omega|/2 pi of the three modes at k = 0 for helicities 0 and +1, M_eq taken along its own axis; NaN for those that only decay.
std::vector<double> uniform_modes(const ProbeMaterial& place) {
  std::vector<double> lines(6, std::nan(""));
  if (!place.material.has_texture()) return lines;
  const double M_eq = std::sqrt(dot(place.M_eq, place.M_eq));
  const double Omega = physics::precession_rate(place.material, M_eq);
  for (const int sigma : {0, 1}) {
    const auto omega = modes::frequencies(physics::energy_matrix(place.material, 0.0, sigma, Omega));
    for (std::size_t i = 0; i < omega.size(); ++i) {
      const double line = std::abs(omega[i].real()) / (2 * constants::pi);
      if (line > 1e-9 * std::abs(omega[i])) lines[static_cast<std::size_t>(3 * sigma) + i] = line;
    }
  }
  return lines;
}

/// One-sided amplitude spectrum under a Hann window: a sine of amplitude A gives a peak of height A.
std::vector<double> amplitude_spectrum(const std::vector<double>& signal) {
  const std::size_t n = signal.size();
  double mean = 0;
  for (const double value : signal) mean += value / static_cast<double>(n);
  std::vector<double> spectrum(n / 2 + 1);
  std::vector<double> windowed(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double window = 1 - std::cos(2 * constants::pi * static_cast<double>(i) / static_cast<double>(n));
    windowed[i] = (signal[i] - mean) * window;
  }
  for (std::size_t f = 0; f < spectrum.size(); ++f) {
    // sums over i of windowed[i] exp(-2 pi i f i/n), the exponential by its exact period
    std::complex<double> sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
      sum +=
          windowed[i] * std::polar(1.0, -2 * constants::pi * static_cast<double>(f * i % n) / static_cast<double>(n));
    }
    spectrum[f] = 2 * std::abs(sum) / static_cast<double>(n);
  }
  return spectrum;
}

}  // namespace

double normal(std::uint64_t seed, std::uint64_t counter) {
  const double radius = std::sqrt(-2 * std::log(uniform_number(seed, 2 * counter)));
  return radius * std::cos(2 * constants::pi * uniform_number(seed, 2 * counter + 1));
}

double shape_at(const io::InitialChange& change, const Vector3<double>& place) {
  using enum io::InitialChange::Shape;
  if (change.shape == cosine) return std::cos(change.k * place[0]);
  if (change.shape != gaussian) return 1.0;
  double squared = 0;
  for (std::size_t a = 0; a < change.directions; ++a) {
    const double distance = (place[a] - change.center[a]) / change.width;
    squared += distance * distance;
  }
  return std::exp(-0.5 * squared);
}

dynamics::SimulationSettings settings_of(const io::TimeExperiment& time) {
  dynamics::SimulationSettings settings;
  if (time.method == "midpoint") settings.method = dynamics::Method::midpoint;
  if (time.method == "explicit") settings.method = dynamics::Method::explicit_adaptive;
  if (time.method == "exact") settings.method = dynamics::Method::exact;
  if (time.method == "gauss4") settings.method = dynamics::Method::gauss4;
  settings.dt = time.dt;
  settings.bounds = {time.rtol, time.atol_M, time.atol_m, time.atol_theta};
  return settings;
}

void TimeHistory::exchange(dynamics::Archive& archive) {
  archive.value(largest_angle);
  for (ProbeTrace& probe : probes) {
    for (auto* values : {&probe.M, &probe.m, &probe.theta, &probe.temperature}) archive.values(*values);
  }
  std::uint64_t entries = ledger.size();
  archive.value(entries);
  ledger.resize(entries);
  for (dynamics::LedgerEntry& entry : ledger) entry.exchange(archive);
}

io::Quantity real_quantity(std::string name, std::vector<std::string> dimensions, std::vector<double> values,
                           std::string unit, std::string long_name, std::string group) {
  io::Quantity quantity;
  quantity.name = std::move(name);
  quantity.dimensions = std::move(dimensions);
  quantity.data = io::RealArray{std::move(values)};
  quantity.unit = std::move(unit);
  quantity.long_name = std::move(long_name);
  quantity.group = std::move(group);
  return quantity;
}

io::Quantity count_quantity(std::string name, long value, std::string long_name) {
  io::Quantity quantity = real_quantity(std::move(name), {}, {}, "1", std::move(long_name));
  quantity.data = io::IntegerArray{{value}};
  return quantity;
}

namespace {

void write_probes(io::Record& record, const io::TimeExperiment& time, const TimeHistory& history,
                  std::size_t dimensions) {
  if (history.probes.empty()) return;
  Json list = Json::array();
  const std::size_t times = history.ledger.size();
  for (std::size_t a = 0; a < dimensions; ++a) {
    std::vector<double> places;
    for (const Vector3<double>& place : time.probes) places.push_back(place[a]);
    if (a == 0) {
      record.add_dimension({"probe", places.size(), places, {}, "m", "Position of the probe", false, false});
      continue;
    }
    io::Quantity place = real_quantity(
        std::string("probe_") + "xyz" [a], { "probe" }, places, "m", "Position of the probe");
    place.in_summary = false;
    record.add(std::move(place));
  }
  const auto values = [&](const std::vector<double>& flat) {
    Json rows = Json::array();
    for (std::size_t t = 0; t < times; ++t) {
      Json row = Json::array();
      for (std::size_t k = 0; k < 3; ++k) {
        const double value = flat[3 * t + k];
        row.push_back(std::isfinite(value) ? Json(value) : Json());
      }
      rows.push_back(row);
    }
    return rows;
  };
  std::vector<double> M, m, theta, temperature;
  for (std::size_t p = 0; p < history.probes.size(); ++p) {
    const ProbeTrace& probe = history.probes[p];
    Json entry = Json::object();
    for (std::size_t a = 0; a < dimensions; ++a) entry[std::string(1, "xyz"[a])] = time.probes[p][a];
    entry["M"] = values(probe.M);
    entry["m"] = values(probe.m);
    entry["theta"] = values(probe.theta);
    if (!probe.temperature.empty()) {
      entry["temperature"] = Json::array();
      for (const double T : probe.temperature) entry["temperature"].push_back(std::isfinite(T) ? Json(T) : Json());
      temperature.insert(temperature.end(), probe.temperature.begin(), probe.temperature.end());
    }
    list.push_back(std::move(entry));
    M.insert(M.end(), probe.M.begin(), probe.M.end());
    m.insert(m.end(), probe.m.begin(), probe.m.end());
    theta.insert(theta.end(), probe.theta.begin(), probe.theta.end());
  }
  record.extras.emplace_back("probes", list.dump());
  const auto add = [&](const char* name, std::vector<double> flat, const char* unit, const char* long_name) {
    io::Quantity trace = real_quantity(name, {"probe", "time", "component"}, std::move(flat), unit, long_name);
    trace.in_summary = false;
    trace.reason = "a metal has neither M nor theta";
    record.add(std::move(trace));
  };
  add("probe_M", std::move(M), "A m-1", "Equilibrium magnetization at the probe");
  add("probe_m", std::move(m), "A m-1", "Nonequilibrium spin accumulation at the probe");
  add("probe_theta", std::move(theta), "rad", "Rotation angle of the texture at the probe");
  if (temperature.empty()) return;
  io::Quantity T =
      real_quantity("probe_temperature", {"probe", "time"}, std::move(temperature), "K", "Temperature at the probe");
  T.in_summary = false;
  T.reason = "vacuum";
  record.add(std::move(T));
}

/// Spectra of M at the probes, where output times are evenly spaced, with the frequencies of the uniform modes there.
void write_spectra(io::Record& record, const io::TimeExperiment& time, const TimeHistory& history,
                   const std::vector<ProbeMaterial>& materials) {
  constexpr std::size_t fewest = 16, most = 4096;
  const std::size_t n = time.output.size();
  if (history.probes.empty() || n < fewest || n > most) return;
  const double step = (time.output.back() - time.output.front()) / static_cast<double>(n - 1);
  for (std::size_t i = 0; i < n; ++i) {
    if (std::abs(time.output[i] - time.output.front() - step * static_cast<double>(i)) > 1e-6 * step) return;
  }
  std::vector<double> frequencies;
  for (std::size_t f = 0; f <= n / 2; ++f)
    frequencies.push_back(static_cast<double>(f) / (step * static_cast<double>(n)));
  std::vector<double> all;
  std::vector<double> lines;
  for (std::size_t p = 0; p < history.probes.size(); ++p) {
    std::vector<double> components[3];
    for (std::size_t k = 0; k < 3; ++k) {
      std::vector<double> signal;
      for (std::size_t i = 0; i < n; ++i) signal.push_back(history.probes[p].M[3 * i + k]);
      components[k] = amplitude_spectrum(signal);
    }
    for (std::size_t f = 0; f < frequencies.size(); ++f) {
      for (const auto& component : components) all.push_back(component[f]);
    }
    for (const double line : uniform_modes(materials[p])) lines.push_back(line);
  }
  record.add_dimension({"frequency", frequencies.size(), frequencies, {}, "Hz", "Frequency", false, false});
  record.add_dimension({"uniform_mode", 6, {}, {}, "", "Mode", false, false});
  io::Quantity spectrum = real_quantity("spectrum_M", {"probe", "frequency", "component"}, std::move(all), "A m-1",
                                        "Amplitude spectrum of M at the probe (Hann window)");
  spectrum.in_summary = false;
  spectrum.reason = "a metal has no M";
  record.add(std::move(spectrum));
  io::Quantity modes =
      real_quantity("uniform_mode_frequency", {"probe", "uniform_mode"}, std::move(lines), "Hz",
                    "Frequencies of the uniform modes of the material at the probe, helicities 0 and +1");
  modes.in_summary = false;
  modes.reason = "the mode does not oscillate";
  record.add(std::move(modes));
}

void write_ledger(io::Record& record, const std::vector<dynamics::LedgerEntry>& entries, std::size_t dimensions,
                  bool with_heat) {
  const std::string unit = dimensions == 1 ? "J m-2" : dimensions == 2 ? "J m-1" : "J";
  using Entry = dynamics::LedgerEntry;
  struct Column {
    const char* name;
    const char* long_name;
    double (*read)(const Entry&);
  };
  static const std::vector<Column> of_spins{
      {"free_energy_change", "Change of the free energy since the start",
       [](const Entry& e) { return e.free_energy_change; }},
      {"dissipated", "Energy dissipated since the start", [](const Entry& e) { return e.balance.dissipated.total(); }},
      {"work", "Work done by faces and drives since the start", [](const Entry& e) { return e.balance.work.total(); }},
      {"imbalance", "free_energy_change + dissipated - work", [](const Entry& e) { return e.imbalance(); }},
      {"dissipated_M_to_lattice", "Dissipated by relaxation of M to the lattice",
       [](const Entry& e) { return e.balance.dissipated.M_to_lattice; }},
      {"dissipated_m_to_lattice", "Dissipated by relaxation of m to the lattice",
       [](const Entry& e) { return e.balance.dissipated.m_to_lattice; }},
      {"dissipated_exchange", "Dissipated by exchange between M and m",
       [](const Entry& e) { return e.balance.dissipated.exchange; }},
      {"dissipated_diffusion", "Dissipated by diffusion of m",
       [](const Entry& e) { return e.balance.dissipated.diffusion; }},
      {"dissipated_damping", "Dissipated by damping of the texture",
       [](const Entry& e) { return e.balance.dissipated.damping; }},
      {"dissipated_interfaces", "Dissipated at interfaces",
       [](const Entry& e) { return e.balance.dissipated.interfaces; }},
      {"dissipated_contacts", "Dissipated at contacts of the outer faces",
       [](const Entry& e) { return e.balance.dissipated.contacts; }},
      {"dissipated_mixing", "Dissipated by spin mixing", [](const Entry& e) { return e.balance.dissipated.mixing; }},
      {"boundary_work", "Work done at the outer faces", [](const Entry& e) { return e.balance.work.boundary; }},
      {"drive_work", "Work done by changing fields and anisotropies",
       [](const Entry& e) { return e.balance.work.drive; }}};
  static const std::vector<Column> of_heat{
      {"heat_held", "Heat that the cells hold more than at the start", [](const Entry& e) { return e.heat_held; }},
      {"heat_to_baths", "Heat that baths have got since the start", [](const Entry& e) { return e.heat_to_baths; }},
      {"of_temperature", "What F gained as its parameters followed T, (dF/dT) dT/dt since the start",
       [](const Entry& e) { return e.of_temperature; }},
      {"total_imbalance", "free_energy_change + heat_held + heat_to_baths - work - of_temperature",
       [](const Entry& e) { return e.total_imbalance(); }}};
  std::vector<Column> columns = of_spins;
  if (with_heat) columns.insert(columns.end(), of_heat.begin(), of_heat.end());
  for (const Column& column : columns) {
    record.add(real_quantity(column.name, {}, {column.read(entries.back())}, unit, column.long_name, "ledger"));
  }
  for (const Column& column : columns) {
    std::vector<double> series;
    for (const Entry& entry : entries) series.push_back(column.read(entry));
    record.add(real_quantity(column.name, {"time"}, std::move(series), unit, column.long_name, "ledger.series"));
  }
}

}  // namespace

void write_held_steps(io::Record& record, const io::TimeExperiment& time, long steps, long held) {
  if (time.method != "explicit") return;
  record.add(count_quantity("held_steps", held, "Steps held by the stability of the explicit method, not by accuracy"));
  if (2 * held <= steps) return;
  record.warnings.push_back(
      fmt::format("the problem is stiff: stability held {} of {} steps of method = \"explicit\", which accuracy would "
                  "have let be longer; method = \"auto\" has no such limit",
                  held, steps));
}

void write_left_out(io::Record& record, const io::TimeExperiment& time, double left_out) {
  if (time.method != "exact") return;
  record.add(real_quantity("left_out", {}, {left_out}, "1",
                           "Estimated largest relative error, in the norm of the free energy, by the products of "
                           "deviations that linear equations leave out"));
  if (left_out <= most_left_out) return;
  record.warnings.push_back(
      fmt::format("the deviations are not small: products of them, which method = \"exact\" leaves out, may change the "
                  "result by {:.2g} of the state at the start, in the norm of the free energy (more than {} is told); "
                  "method = \"auto\" has them",
                  left_out, most_left_out));
}

void write_history(io::Record& record, const io::TimeExperiment& time, const TimeHistory& history,
                   const std::vector<ProbeMaterial>& materials, std::size_t dimensions) {
  record.add_dimension({"time", time.output.size(), time.output, {}, "s", "Time", false, false});
  record.add_dimension({"component", 3, {}, {"x", "y", "z"}, "", "Component", false, false});
  record.add(
      real_quantity("largest_angle", {}, {history.largest_angle}, "rad", "Largest rotation angle at any output time"));
  if (time.temperature)
    record.add(real_quantity("start_temperature", {}, {*time.temperature}, "K", "Temperature at the start"));
  write_ledger(record, history.ledger, dimensions, time.temperature.has_value());
  write_probes(record, time, history, dimensions);
  write_spectra(record, time, history, materials);
  if (history.largest_angle > small_angle) {
    record.warnings.push_back(
        fmt::format("the texture turns by up to {:.3g} rad: the theory holds for small angles, below {} rad",
                    history.largest_angle, small_angle));
  }
}

}  // namespace vitrispin::app
