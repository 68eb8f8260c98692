#include <array>

#include "vitrispin/io/number_text.hpp"
#include "vitrispin/io/report/field_map.hpp"
#include "vitrispin/io/report/figures.hpp"

/// Figures of experiments that follow heat.
namespace vitrispin::io {
namespace {

const std::vector<double>& real_values(const Quantity& quantity) {
  return std::get<RealArray>(quantity.data).values;
}

/// T less that at the start.
std::vector<double> warming(const Record& record, const char* name) {
  const Quantity *quantity = record.find(name), *start = record.find("start_temperature");
  if (quantity == nullptr || start == nullptr) return {};
  std::vector<double> values = real_values(*quantity);
  for (double& value : values) value -= real_values(*start)[0];
  return values;
}

std::string start_text(const Record& record) {
  return engineering(real_values(*record.find("start_temperature"))[0], "K", 6);
}

/// Warming of a line over position and time.
Figure space_time(const Record& record, const std::vector<double>& values, const Dimension& time, const Dimension& x) {
  Figure figure;
  figure.title = "Warming in space and time";
  figure.caption = "Temperature less that at the start (" + start_text(record) + ") over position and time.";
  figure.x_axis = {"Position x", "m", false};
  figure.y_axis = {"Time t", "s", false};
  const std::vector<std::size_t> columns = spread(x.size, std::min<std::size_t>(x.size, 240));
  const std::vector<std::size_t> rows = spread(time.size, std::min<std::size_t>(time.size, 160));
  for (const std::size_t i : columns) figure.x.push_back(x.values[i]);
  for (const std::size_t t : rows) {
    figure.heat_map.y.push_back(time.values[t]);
    for (const std::size_t i : columns) figure.heat_map.values.push_back(values[t * x.size + i]);
  }
  figure.heat_map.value_label = "ΔT";
  figure.heat_map.value_unit = "K";
  figure.heat_map.diverging = true;
  return figure;
}

Figure probes_over_time(const Record& record, const Dimension& time) {
  Figure figure;
  const std::vector<double> values = warming(record, "probe_temperature");
  const Dimension* probes = find_dimension(record, "probe");
  if (values.empty() || probes == nullptr) return figure;
  figure.title = "Warming at the probes";
  figure.caption = "Temperature less that at the start (" + start_text(record) + ").";
  figure.x_axis = {"Time t", "s", false};
  figure.y_axis = {"ΔT", "K", false};
  figure.x = time.values;
  for (std::size_t p = 0; p < std::min<std::size_t>(probes->size, 6); ++p) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(p * time.size);
    Curve curve;
    curve.name = probe_place(record, p);
    curve.values.assign(begin, begin + static_cast<std::ptrdiff_t>(time.size));
    curve.colour = static_cast<int>(p);
    figure.curves.push_back(std::move(curve));
  }
  return figure;
}

/// Where the heat went, beside what was dissipated.
Figure heat_ledger(const Record& record, const Dimension& time) {
  static constexpr std::array<std::pair<const char*, const char*>, 3> parts{
      {{"heat_held", "held by the cells"},
       {"heat_to_baths", "got by the baths"},
       {"dissipated", "dissipated by the spins"}}};
  Figure figure;
  figure.title = "Ledger of heat";
  figure.x_axis = {"Time t", "s", false};
  figure.x = time.values;
  int colour = 0;
  for (const auto& [name, text] : parts) {
    const Quantity* quantity = record.find(name, "ledger.series");
    if (quantity == nullptr) return {};
    const std::string energy = quantity->unit == "J m-2"   ? "Energy per area"
                               : quantity->unit == "J m-1" ? "Energy per length"
                                                           : "Energy";
    figure.y_axis = {energy, quantity->unit, false};
    figure.caption =
        energy + " since the start. What the cells hold and what the baths got add up to what was dissipated.";
    const bool total = std::string(name) == "dissipated";
    figure.curves.push_back({text, real_values(*quantity), colour++, total ? Line::dashed : Line::solid, false, false});
  }
  return figure;
}

}  // namespace

std::vector<Figure> heat_figures(const Record& record) {
  const Dimension *time = find_dimension(record, "time"), *x = find_dimension(record, "x");
  if (time == nullptr || x == nullptr || record.find("start_temperature") == nullptr) return {};
  std::vector<Figure> figures;
  if (!has_grid(record)) figures.push_back(space_time(record, warming(record, "temperature"), *time, *x));
  figures.push_back(probes_over_time(record, *time));
  figures.push_back(heat_ledger(record, *time));
  return figures;
}

}  // namespace vitrispin::io
