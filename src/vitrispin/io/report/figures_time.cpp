#include <algorithm>
#include <cmath>
#include <limits>

#include "vitrispin/io/report/field_map.hpp"
#include "vitrispin/io/report/figures.hpp"

namespace vitrispin::io {
namespace {

struct Field {
  const char* name;  ///< in the record
  const char* text;  ///< in the report
  const char* title;
  const char* unit;
};

constexpr Field fields[] = {{"m", "m", "Spin accumulation", "A m-1"},
                            {"M", "ΔM", "Change of the magnetization", "A m-1"},
                            {"theta", "θ", "Rotation of the texture", "rad"}};

std::string component_text(std::size_t component) {
  static const char* const names[] = {"_{x}", "_{y}", "_{z}"};
  return names[component];
}

/// Values over time and space of one component; M as its change since the first output time.
std::vector<double> values_of(const Record& record, const Field& field, std::size_t component) {
  const Quantity* quantity = record.find(field.name);
  if (quantity == nullptr) return {};
  const auto& all = std::get<RealArray>(quantity->data).values;
  const std::size_t cells = record.size_of("x");
  std::vector<double> values;
  values.reserve(all.size() / 3);
  const bool as_change = std::string(field.name) == "M";
  for (std::size_t i = 0; i < all.size() / 3; ++i) {
    values.push_back(all[3 * i + component] - (as_change ? all[3 * (i % cells) + component] : 0.0));
  }
  return values;
}

double largest(const std::vector<double>& values) {
  double most = 0;
  for (const double value : values) {
    if (std::isfinite(value)) most = std::max(most, std::abs(value));
  }
  return most;
}

std::size_t largest_component(const Record& record, const Field& field) {
  std::size_t best = 2;
  double most = 0;
  for (std::size_t component = 0; component < 3; ++component) {
    const double size = largest(values_of(record, field, component));
    if (size > most * (1 + 1e-9)) {
      most = size;
      best = component;
    }
  }
  return best;
}

/// Every n-th, so that at most `most` remain, the first and the last among them.
std::vector<std::size_t> thinned(std::size_t size, std::size_t most) {
  return spread(size, std::min(size, most));
}

Figure space_time(const Record& record, const Field& field, const Dimension& time, const Dimension& x) {
  const std::size_t component = largest_component(record, field);
  const std::vector<double> values = values_of(record, field, component);
  Figure figure;
  const std::string text = field.text + component_text(component);
  figure.title = std::string(field.title) + " in space and time";
  figure.caption = text + " (its largest component) over position and time.";
  figure.x_axis = {"Position x", "m", false};
  figure.y_axis = {"Time t", "s", false};
  const std::vector<std::size_t> columns = thinned(x.size, 240);
  const std::vector<std::size_t> rows = thinned(time.size, 160);
  for (const std::size_t i : columns) figure.x.push_back(x.values[i]);
  for (const std::size_t t : rows) {
    figure.heat_map.y.push_back(time.values[t]);
    for (const std::size_t i : columns) figure.heat_map.values.push_back(values.empty() ? 0.0 : values[t * x.size + i]);
  }
  figure.heat_map.value_label = text;
  figure.heat_map.value_unit = field.unit;
  figure.heat_map.diverging = true;
  return figure;
}

/// The field over x at some output times.
Figure snapshots(const Record& record, const Field& field, const Dimension& time, const Dimension& x) {
  const std::size_t component = largest_component(record, field);
  const std::vector<double> values = values_of(record, field, component);
  Figure figure;
  const std::string text = field.text + component_text(component);
  figure.title = std::string(field.title) + " at some times";
  figure.caption = text + " over the film.";
  figure.x_axis = {"Position x", "m", false};
  figure.y_axis = {text, field.unit, false};
  figure.x = x.values;
  int colour = 0;
  for (const std::size_t t : spread(time.size, std::min<std::size_t>(6, time.size))) {
    Curve curve;
    curve.name = place_text(time, t);
    curve.values.assign(values.begin() + static_cast<std::ptrdiff_t>(t * x.size),
                        values.begin() + static_cast<std::ptrdiff_t>((t + 1) * x.size));
    curve.colour = colour++;
    figure.curves.push_back(std::move(curve));
  }
  return figure;
}

/// Components often lie on each other: each has its own kind of line.
Line component_line(std::size_t component) {
  return component == 0 ? Line::solid : component == 1 ? Line::dotted : Line::dashed;
}

Figure probe_traces(const Record& record, const Field& field, const Dimension& time, std::size_t probe) {
  const Quantity* quantity = record.find(std::string("probe_") + field.name);
  Figure figure;
  if (quantity == nullptr) return figure;
  const auto& all = std::get<RealArray>(quantity->data).values;
  const bool grid = has_grid(record);  // then from equilibrium, which a metal has a large m in
  const std::string symbol = grid && std::string(field.name) == "m" ? "Δm" : field.text;
  figure.title = std::string(field.title) + " at " + probe_place(record, probe);
  figure.caption = grid ? "Components over time, as deviations from equilibrium." : "Components over time.";
  figure.x_axis = {"Time t", "s", false};
  figure.y_axis = {symbol, field.unit, false};
  figure.x = time.values;
  const bool as_change = std::string(field.name) == "M";
  for (std::size_t component = 0; component < 3; ++component) {
    Curve curve;
    curve.name = symbol + component_text(component);
    curve.colour = static_cast<int>(component);
    curve.line = component_line(component);
    if (grid) curve.values = probe_deviations(record, field.name, probe, component);
    for (std::size_t t = 0; t < time.size && !grid; ++t) {
      const double first = as_change ? all[(probe * time.size) * 3 + component] : 0.0;
      curve.values.push_back(all[(probe * time.size + t) * 3 + component] - first);
    }
    if (largest(curve.values) > 0) figure.curves.push_back(std::move(curve));
  }
  return figure;
}

/// Amplitude spectrum of M at a probe, with the frequencies of the uniform modes of the material there.
Figure probe_spectrum(const Record& record, std::size_t probe) {
  const Dimension* frequency = find_dimension(record, "frequency");
  const Dimension* places = find_dimension(record, "probe");
  const Quantity* spectrum = record.find("spectrum_M");
  Figure figure;
  if (frequency == nullptr || spectrum == nullptr) return figure;
  figure.title = "Spectrum of M at " + probe_place(record, probe);
  figure.x_axis = {"Frequency", "Hz", true};
  figure.y_axis = {"|ΔM(f)|", "A m-1", true};
  figure.x.assign(frequency->values.begin() + 1, frequency->values.end());  // the mean is taken off
  const auto& all = std::get<RealArray>(spectrum->data).values;
  double most = 0;
  for (std::size_t component = 0; component < 3; ++component) {
    Curve curve;
    curve.name = std::string("ΔM") + component_text(component);
    curve.colour = static_cast<int>(component);
    curve.line = component_line(component);
    for (std::size_t i = 1; i < frequency->size; ++i) {
      const double value = all[(probe * frequency->size + i) * 3 + component];
      curve.values.push_back(value > 0 ? value : std::numeric_limits<double>::quiet_NaN());
      most = std::isfinite(value) ? std::max(most, value) : most;
    }
    if (largest(curve.values) > 0) figure.curves.push_back(std::move(curve));
  }
  figure.caption = "Amplitude of the oscillations over the run, by a Hann window.";
  const Quantity* modes = record.find("uniform_mode_frequency");
  if (modes == nullptr) return figure;
  const std::size_t count = std::get<RealArray>(modes->data).values.size() / places->size;
  struct Line {
    double frequency;
    bool turns;  ///< of sigma = +-1
  };
  std::vector<Line> lines;
  for (std::size_t i = 0; i < count; ++i) {
    const double line = std::get<RealArray>(modes->data).values[probe * count + i];
    if (!std::isfinite(line) || line < figure.x.front() || line > figure.x.back()) continue;
    const bool told = std::any_of(lines.begin(), lines.end(), [&](const Line& other) {
      return other.turns == (i >= 3) && std::abs(other.frequency - line) < 1e-6 * line;
    });
    if (!told) lines.push_back({line, i >= 3});
  }
  std::sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.frequency < b.frequency; });
  // Lines so close that their names would lie on each other have one name together, at the last of them.
  bool straight = false, turning = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    (lines[i].turns ? turning : straight) = true;
    const bool last = i + 1 == lines.size() || lines[i + 1].frequency > 1.15 * lines[i].frequency;
    const char* name = straight && turning ? "σ = 0, ±1" : turning ? "σ = ±1" : "σ = 0";
    figure.marks.push_back({lines[i].frequency, 3 * most, last ? name : ""});
    if (last) straight = turning = false;
  }
  if (!figure.marks.empty())
    figure.caption += " Marks: frequencies of the uniform modes (k = 0) of the material there.";
  return figure;
}

/// Where the energy went: what each mechanism has dissipated, one on top of the other, beside what the free energy lost and the work.
Figure ledger(const Record& record, const Dimension& time) {
  static const std::pair<const char*, const char*> parts[] = {{"dissipated_M_to_lattice", "M to the lattice"},
                                                              {"dissipated_m_to_lattice", "m to the lattice"},
                                                              {"dissipated_exchange", "exchange of M and m"},
                                                              {"dissipated_diffusion", "diffusion"},
                                                              {"dissipated_damping", "damping of the texture"},
                                                              {"dissipated_interfaces", "interfaces"},
                                                              {"dissipated_contacts", "contacts"},
                                                              {"dissipated_mixing", "spin mixing"}};
  Figure figure;
  const Quantity* total = record.find("work", "ledger.series");
  const std::string unit = total == nullptr ? "J m-2" : total->unit;
  const std::string energy = unit == "J m-2" ? "Energy per area" : unit == "J m-1" ? "Energy per length" : "Energy";
  figure.title = "Ledger of energy";
  figure.caption = energy +
                   " since the start. Solid: dissipated by each mechanism, added up from below. Dashed: work done "
                   "minus change of the "
                   "free energy, which the uppermost solid line must meet.";
  figure.x_axis = {"Time t", "s", false};
  figure.y_axis = {energy, unit, false};
  figure.x = time.values;
  std::vector<double> sum(time.size, 0.0);
  int colour = 0;
  for (const auto& [name, text] : parts) {
    const Quantity* quantity = record.find(name, "ledger.series");
    if (quantity == nullptr) continue;
    const auto& values = std::get<RealArray>(quantity->data).values;
    if (largest(values) == 0) continue;
    for (std::size_t t = 0; t < time.size; ++t) sum[t] += values[t];
    figure.curves.push_back({std::string("+ ") + text, sum, colour++, Line::solid, false, false});
  }
  const Quantity* change = record.find("free_energy_change", "ledger.series");
  const Quantity* work = record.find("work", "ledger.series");
  if (change == nullptr || work == nullptr) return figure;
  Curve source{"work − change of F", {}, colour, Line::dashed, false, false};
  for (std::size_t t = 0; t < time.size; ++t) {
    source.values.push_back(std::get<RealArray>(work->data).values[t] - std::get<RealArray>(change->data).values[t]);
  }
  figure.curves.push_back(std::move(source));
  return figure;
}

}  // namespace

std::vector<Figure> time_figures(const Record& record) {
  const Dimension* time = find_dimension(record, "time");
  const Dimension* x = find_dimension(record, "x");
  if (time == nullptr || x == nullptr || !sweep_axes(record).empty()) return {};
  std::vector<Figure> figures;
  if (has_grid(record)) figures = grid_figures(record);
  for (const Field& field : fields) {
    if (has_grid(record) || largest(values_of(record, field, largest_component(record, field))) == 0) continue;
    figures.push_back(space_time(record, field, *time, *x));
    figures.push_back(snapshots(record, field, *time, *x));
  }
  for (Figure& figure : heat_figures(record)) figures.push_back(std::move(figure));
  const Dimension* probes = find_dimension(record, "probe");
  for (std::size_t probe = 0; probes != nullptr && probe < std::min<std::size_t>(probes->size, 4); ++probe) {
    for (const Field& field : fields) figures.push_back(probe_traces(record, field, *time, probe));
    figures.push_back(probe_spectrum(record, probe));
  }
  figures.push_back(ledger(record, *time));
  return figures;
}

}  // namespace vitrispin::io
