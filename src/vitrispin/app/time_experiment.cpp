#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <complex>
#include <nlohmann/json.hpp>

#include "vitrispin/app/experiments.hpp"
#include "vitrispin/app/interruption.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/simulation.hpp"
#include "vitrispin/modes/frequencies.hpp"
#include "vitrispin/physics/characteristic.hpp"

namespace vitrispin::app {
namespace {

using dynamics::Fields;
using dynamics::Line;
using dynamics::Segment;
using Json = nlohmann::ordered_json;

constexpr double small_angle = 0.3;  ///< [rad]; the theory is linear in rotations

/// Uniform in (0, 1] from a counter: SplitMix64, the same on every machine.
double uniform(std::uint64_t seed, std::uint64_t counter) {
  std::uint64_t z = seed * 0x9e3779b97f4a7c15ULL + (counter + 1) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  z ^= z >> 31;
  return (static_cast<double>(z >> 11) + 1) * 0x1.0p-53;
}

double normal(std::uint64_t seed, std::uint64_t counter) {
  const double radius = std::sqrt(-2 * std::log(uniform(seed, 2 * counter)));
  return radius * std::cos(2 * constants::pi * uniform(seed, 2 * counter + 1));
}

void add_random(const Line& line, const io::InitialChange& change, Fields<double>& state) {
  for (const Segment& segment : line.segments()) {
    for (std::size_t i = segment.begin; i < segment.end; ++i) {
      for (std::size_t k = 0; k < 3; ++k) {
        if (segment.material.has_texture()) state.M(k)[i] += change.amplitude * normal(change.seed, 6 * i + k);
        state.m(k)[i] += change.amplitude * normal(change.seed, 6 * i + 3 + k);
      }
    }
  }
}

void add_change(const Line& line, const io::InitialChange& change, Fields<double>& state) {
  using enum io::InitialChange::Shape;
  using Field = io::InitialChange::Field;
  if (change.shape == random) return add_random(line, change, state);
  const auto shape = [&](double x) {
    if (change.shape == gaussian)
      return std::exp(-0.5 * ((x - change.center[0]) / change.width) * ((x - change.center[0]) / change.width));
    return change.shape == cosine ? std::cos(change.k * x) : 1.0;
  };
  const std::size_t k = change.component;
  double* field = change.field == Field::M ? state.M(k) : change.field == Field::m ? state.m(k) : state.theta(k);
  for (const Segment& segment : line.segments()) {
    if (change.field != Field::m && !segment.material.has_texture()) continue;
    for (std::size_t i = segment.begin; i < segment.end; ++i) field[i] += change.amplitude * shape(line.positions()[i]);
  }
  if (change.field != Field::theta) return;
  for (const dynamics::ContactNode& contact : line.contacts()) {
    field[contact.node] += change.amplitude * shape(line.positions()[contact.node]);
  }
}

dynamics::SimulationSettings settings_of(const io::TimeExperiment& time) {
  dynamics::SimulationSettings settings;
  if (time.method == "midpoint") settings.method = dynamics::Method::midpoint;
  if (time.method == "gauss4") settings.method = dynamics::Method::gauss4;
  settings.dt = time.dt;
  settings.bounds = {time.rtol, time.atol_M, time.atol_m, time.atol_theta};
  return settings;
}

/// |Re omega|/2 pi of the three modes at k = 0 for helicities 0 and +1, M_eq taken along its own axis; NaN for those that only decay.
std::vector<double> uniform_modes(const Segment& segment) {
  std::vector<double> lines(6, std::nan(""));
  if (!segment.material.has_texture()) return lines;
  const double M_eq = std::sqrt(dot(segment.M_eq, segment.M_eq));
  const double Omega = physics::precession_rate(segment.material, M_eq);
  for (const int sigma : {0, 1}) {
    const auto omega = modes::frequencies(physics::energy_matrix(segment.material, 0.0, sigma, Omega));
    for (std::size_t i = 0; i < omega.size(); ++i) {
      const double line = std::abs(omega[i].real()) / (2 * constants::pi);
      if (line > 1e-9 * std::abs(omega[i])) lines[static_cast<std::size_t>(3 * sigma) + i] = line;
    }
  }
  return lines;
}

/// What is kept at every output time.
class Recorder {
public:
  Recorder(const physics::Stack& stack, const Line& line, const io::TimeExperiment& time) : line_(line), time_(time) {
    for (const Segment& segment : line.segments()) {
      for (std::size_t i = segment.begin; i < segment.end; ++i) {
        cells_.push_back(i);
        segment_of_cell_.push_back(&segment);
      }
    }
    for (const physics::Layer& layer : stack.layers) layers_.push_back(layer.name);
    probes_.resize(time.probes.size());
  }

  void keep(const dynamics::Simulation& run) {
    const Fields<double>& state = run.state();
    double angle = 0;
    for (std::size_t c = 0; c < cells_.size(); ++c) {
      const std::size_t i = cells_[c];
      const Segment& segment = *segment_of_cell_[c];
      const bool glass = segment.material.has_texture();
      double squared = 0;
      for (std::size_t k = 0; k < 3; ++k) {
        M_.push_back(glass ? segment.M_eq[k] + state.M(k)[i] : std::nan(""));
        m_.push_back(segment.m_eq[k] + state.m(k)[i]);
        theta_.push_back(glass ? state.theta(k)[i] : std::nan(""));
        squared += state.theta(k)[i] * state.theta(k)[i];
      }
      angle = std::max(angle, std::sqrt(squared));
    }
    largest_angle_ = std::max(largest_angle_, angle);
    for (std::size_t p = 0; p < probes_.size(); ++p) keep_probe(state, time_.probes[p][0], probes_[p]);
    ledger_.push_back(run.ledger());
  }

  double largest_angle() const { return largest_angle_; }
  std::size_t kept() const { return ledger_.size(); }

  void exchange(dynamics::Archive& archive) {
    archive.value(largest_angle_);
    for (auto* values : {&M_, &m_, &theta_}) archive.values(*values);
    for (Probe& probe : probes_) {
      for (auto* values : {&probe.M, &probe.m, &probe.theta}) archive.values(*values);
    }
    std::uint64_t entries = ledger_.size();
    archive.value(entries);
    ledger_.resize(entries);
    for (dynamics::LedgerEntry& entry : ledger_) entry.exchange(archive);
  }
  void write(io::Record& record, const dynamics::Simulation& run) const;

private:
  struct Probe {
    std::vector<double> M, m, theta;
  };

  const Segment& segment_at(double x) const {
    const Segment* found = &line_.segments().front();
    for (const Segment& segment : line_.segments()) {
      if (x >= line_.positions()[segment.begin] - segment.width / 2) found = &segment;
    }
    return *found;
  }

  void keep_probe(const Fields<double>& state, double x, Probe& probe) const {
    const Segment& segment = segment_at(x);
    const bool glass = segment.material.has_texture();
    for (std::size_t k = 0; k < 3; ++k) {
      probe.M.push_back(glass ? segment.M_eq[k] + dynamics::value_at(line_, state.M(k), x) : std::nan(""));
      probe.m.push_back(segment.m_eq[k] + dynamics::value_at(line_, state.m(k), x));
      probe.theta.push_back(glass ? dynamics::value_at(line_, state.theta(k), x) : std::nan(""));
    }
  }

  void write_fields(io::Record& record) const;
  void write_probes(io::Record& record) const;
  void write_spectra(io::Record& record) const;
  void write_ledger(io::Record& record) const;

  const Line& line_;
  const io::TimeExperiment& time_;
  std::vector<std::string> layers_;
  std::vector<std::size_t> cells_;
  std::vector<const Segment*> segment_of_cell_;
  std::vector<double> M_, m_, theta_;
  std::vector<Probe> probes_;
  std::vector<dynamics::LedgerEntry> ledger_;
  double largest_angle_ = 0;
};

io::Quantity real(std::string name, std::vector<std::string> dimensions, std::vector<double> values, std::string unit,
                  std::string long_name, std::string group = {}) {
  io::Quantity quantity;
  quantity.name = std::move(name);
  quantity.dimensions = std::move(dimensions);
  quantity.data = io::RealArray{std::move(values)};
  quantity.unit = std::move(unit);
  quantity.long_name = std::move(long_name);
  quantity.group = std::move(group);
  return quantity;
}

io::Quantity count(std::string name, long value, std::string long_name) {
  io::Quantity quantity = real(std::move(name), {}, {}, "1", std::move(long_name));
  quantity.data = io::IntegerArray{{value}};
  return quantity;
}

void Recorder::write_fields(io::Record& record) const {
  std::vector<double> x;
  for (const std::size_t i : cells_) x.push_back(line_.positions()[i]);
  record.add_dimension({"x", x.size(), x, {}, "m", "Position of the cell's centre, from the left face", false, false});
  const auto add = [&](const char* name, const std::vector<double>& values, const char* unit, const char* long_name) {
    io::Quantity field = real(name, {"time", "x", "component"}, values, unit, long_name);
    field.in_summary = false;
    field.reason = "a metal has neither M nor theta";
    record.add(std::move(field));
  };
  add("M", M_, "A m-1", "Equilibrium magnetization");
  add("m", m_, "A m-1", "Nonequilibrium spin accumulation");
  add("theta", theta_, "rad", "Rotation angle of the texture");
}

void Recorder::write_probes(io::Record& record) const {
  if (probes_.empty()) return;
  Json list = Json::array();
  const std::size_t times = ledger_.size();
  std::vector<double> places;
  for (const Vector3<double>& place : time_.probes) places.push_back(place[0]);
  record.add_dimension({"probe", probes_.size(), places, {}, "m", "Position of the probe", false, false});
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
  std::vector<double> M, m, theta;
  for (std::size_t p = 0; p < probes_.size(); ++p) {
    const Probe& probe = probes_[p];
    list.push_back(
        {{"x", time_.probes[p][0]}, {"M", values(probe.M)}, {"m", values(probe.m)}, {"theta", values(probe.theta)}});
    M.insert(M.end(), probe.M.begin(), probe.M.end());
    m.insert(m.end(), probe.m.begin(), probe.m.end());
    theta.insert(theta.end(), probe.theta.begin(), probe.theta.end());
  }
  record.extras.emplace_back("probes", list.dump());
  const auto add = [&](const char* name, std::vector<double> flat, const char* unit, const char* long_name) {
    io::Quantity trace = real(name, {"probe", "time", "component"}, std::move(flat), unit, long_name);
    trace.in_summary = false;
    trace.reason = "a metal has neither M nor theta";
    record.add(std::move(trace));
  };
  add("probe_M", std::move(M), "A m-1", "Equilibrium magnetization at the probe");
  add("probe_m", std::move(m), "A m-1", "Nonequilibrium spin accumulation at the probe");
  add("probe_theta", std::move(theta), "rad", "Rotation angle of the texture at the probe");
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

/// Spectra of M at the probes, where output times are evenly spaced, with the frequencies of the uniform modes there.
void Recorder::write_spectra(io::Record& record) const {
  constexpr std::size_t fewest = 16, most = 4096;
  const std::size_t n = time_.output.size();
  if (probes_.empty() || n < fewest || n > most) return;
  const double step = (time_.output.back() - time_.output.front()) / static_cast<double>(n - 1);
  for (std::size_t i = 0; i < n; ++i) {
    if (std::abs(time_.output[i] - time_.output.front() - step * static_cast<double>(i)) > 1e-6 * step) return;
  }
  std::vector<double> frequencies;
  for (std::size_t f = 0; f <= n / 2; ++f)
    frequencies.push_back(static_cast<double>(f) / (step * static_cast<double>(n)));
  std::vector<double> all;
  std::vector<double> lines;
  for (std::size_t p = 0; p < probes_.size(); ++p) {
    std::vector<double> components[3];
    for (std::size_t k = 0; k < 3; ++k) {
      std::vector<double> signal;
      for (std::size_t i = 0; i < n; ++i) signal.push_back(probes_[p].M[3 * i + k]);
      components[k] = amplitude_spectrum(signal);
    }
    for (std::size_t f = 0; f < frequencies.size(); ++f) {
      for (const auto& component : components) all.push_back(component[f]);
    }
    for (const double line : uniform_modes(segment_at(time_.probes[p][0]))) lines.push_back(line);
  }
  record.add_dimension({"frequency", frequencies.size(), frequencies, {}, "Hz", "Frequency", false, false});
  record.add_dimension({"uniform_mode", 6, {}, {}, "", "Mode", false, false});
  io::Quantity spectrum = real("spectrum_M", {"probe", "frequency", "component"}, std::move(all), "A m-1",
                               "Amplitude spectrum of M at the probe (Hann window)");
  spectrum.in_summary = false;
  spectrum.reason = "a metal has no M";
  record.add(std::move(spectrum));
  io::Quantity modes = real("uniform_mode_frequency", {"probe", "uniform_mode"}, std::move(lines), "Hz",
                            "Frequencies of the uniform modes of the material at the probe, helicities 0 and +1");
  modes.in_summary = false;
  modes.reason = "the mode does not oscillate";
  record.add(std::move(modes));
}

void Recorder::write_ledger(io::Record& record) const {
  using Entry = dynamics::LedgerEntry;
  struct Column {
    const char* name;
    const char* long_name;
    double (*read)(const Entry&);
  };
  static const Column columns[] = {
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
  for (const Column& column : columns) {
    record.add(real(column.name, {}, {column.read(ledger_.back())}, "J m-2", column.long_name, "ledger"));
  }
  for (const Column& column : columns) {
    std::vector<double> series;
    for (const Entry& entry : ledger_) series.push_back(column.read(entry));
    record.add(real(column.name, {"time"}, std::move(series), "J m-2", column.long_name, "ledger.series"));
  }
}

void Recorder::write(io::Record& record, const dynamics::Simulation& run) const {
  record.add_dimension({"time", time_.output.size(), time_.output, {}, "s", "Time", false, false});
  record.add_dimension({"component", 3, {}, {"x", "y", "z"}, "", "Component", false, false});
  record.add(count("steps", run.steps(), "Steps taken"));
  record.add(count("rejected_steps", run.rejected(), "Steps tried and given up"));
  record.add(real("largest_angle", {}, {largest_angle_}, "rad", "Largest rotation angle at any output time"));
  write_ledger(record);
  write_fields(record);
  write_probes(record);
  write_spectra(record);
}

}  // namespace

io::Record run_time(const io::Input& input, const io::TimeExperiment& experiment, const Progress& progress,
                    const CheckpointStore* checkpoint) {
  if (input.geometry.dimensions() > 1) {
    throw InputError({Fault{input.file, 0, 0, "grid", "two and three dimensions cannot be run by this version"}});
  }
  const Line line(input.stack);
  std::vector<std::string> materials;
  for (const physics::Layer& layer : input.stack.layers) materials.push_back(layer.material_name);
  const dynamics::DrivenForcing forcing(line, experiment.drives, materials);
  Fields<double> start(line.nodes());
  for (const io::InitialChange& change : experiment.initial) add_change(line, change, start);
  dynamics::Simulation run(line, forcing, settings_of(experiment), std::move(start));
  Recorder recorder(input.stack, line, experiment);
  const auto exchange = [&](dynamics::Archive& archive) {
    run.exchange(archive);
    recorder.exchange(archive);
  };
  if (checkpoint != nullptr && !checkpoint->earlier.empty()) {
    dynamics::Archive archive(checkpoint->earlier);
    exchange(archive);
  }
  const auto save = [&] {
    if (checkpoint == nullptr) return;
    dynamics::Archive archive;
    exchange(archive);
    checkpoint->save(archive.bytes());
  };
  constexpr std::size_t parts = 1000;
  std::size_t shown = 0;
  auto saved = std::chrono::steady_clock::now();
  const auto watch = [&](double time, double) {
    stop_if_interrupted();
    const auto done = static_cast<std::size_t>(parts * (time / experiment.duration));
    if (progress && done > shown && done < parts) progress(shown = done, parts);
    const auto now = std::chrono::steady_clock::now();
    if (std::chrono::duration<double>(now - saved).count() < experiment.checkpoint_every) return;
    save();
    saved = now;
  };
  try {
    for (std::size_t i = recorder.kept(); i < experiment.output.size(); ++i) {
      run.advance_to(experiment.output[i], watch);
      recorder.keep(run);
    }
    if (run.time() < experiment.duration) run.advance_to(experiment.duration, watch);
  } catch (const Interrupted&) {
    save();
    throw;
  } catch (const ConvergenceError& error) {
    save();  // the last good state
    const std::string what = error.what();
    throw ConvergenceError(
        fmt::format("{}, {:.6g} s into the run,", what.substr(0, what.find(" did not converge")), run.time()),
        error.iterations(), error.residual(), error.tolerance(), error.last_good_state());
  }
  io::Record record;
  recorder.write(record, run);
  if (recorder.largest_angle() > small_angle) {
    record.warnings.push_back(
        fmt::format("the texture turns by up to {:.3g} rad: the theory holds for small angles, below {} rad",
                    recorder.largest_angle(), small_angle));
  }
  if (progress) progress(parts, parts);
  return record;
}

}  // namespace vitrispin::app
