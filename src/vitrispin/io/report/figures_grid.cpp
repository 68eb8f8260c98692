#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "vitrispin/io/number_text.hpp"
#include "vitrispin/io/report/field_map.hpp"

namespace vitrispin::io {
namespace {

struct Field {
  const char* name;
  const char* text;
  const char* title;
  const char* mean_title;
  const char* unit;
};
constexpr Field fields[] = {
    {"m", "Δm", "Change of the spin accumulation along ", "Spin accumulation of layers and regions", "A m-1"},
    {"M", "ΔM", "Change of the magnetization along ", "Magnetization of layers and regions", "A m-1"},
    {"theta", "θ", "Rotation of the texture along ", "Rotation of layers and regions", "rad"}};

const std::vector<double>& real_values(const Quantity& quantity) {
  return std::get<RealArray>(quantity.data).values;
}

double largest(const std::vector<double>& values) {
  double most = 0;
  for (const double value : values) {
    if (std::isfinite(value)) most = std::max(most, std::abs(value));
  }
  return most;
}

std::size_t cell_at(const Dimension& faces, double x) {
  const auto after = std::upper_bound(faces.values.begin(), faces.values.end(), x);
  const auto i = std::max<std::ptrdiff_t>(std::distance(faces.values.begin(), after) - 1, 0);
  return std::min(static_cast<std::size_t>(i), faces.size - 2);
}

struct Place {
  std::array<std::size_t, 3> cell{};
  std::array<std::size_t, 3> count{1, 1, 1};
  std::array<const Dimension*, 3> centers{};
  std::size_t index(std::size_t axis, std::size_t i) const {
    std::array<std::size_t, 3> at = cell;
    at[axis] = i;
    return at[0] + count[0] * (at[1] + count[1] * at[2]);
  }
};

/// The cell of a probe, or of the middle of the grid.
Place place_of(const Record& record, const std::size_t* probe) {
  Place place;
  for (std::size_t a = 0; a < 3; ++a) {
    const std::string name(1, "xyz"[a]);
    const Dimension* faces = find_dimension(record, name + "_face");
    if (faces == nullptr) break;
    place.centers[a] = find_dimension(record, name);
    place.count[a] = faces->size - 1;
    double x = (faces->values.front() + faces->values.back()) / 2;
    if (probe != nullptr) {
      const Quantity* others = a == 0 ? nullptr : record.find("probe_" + name);
      x = a == 0 ? find_dimension(record, "probe")->values.at(*probe) : real_values(*others).at(*probe);
    }
    place.cell[a] = cell_at(*faces, x);
  }
  return place;
}

/// Deviations from equilibrium along a line, [time][cell].
std::vector<double> cut_deviations(const Record& record, const std::string& cut, const std::string& field,
                                   const std::vector<std::size_t>& cells, std::size_t component) {
  const auto& all = real_values(*record.find(cut + "_" + field));
  const auto& domains = std::get<IntegerArray>(record.find("domain")->data).values;
  const Quantity* equilibrium = record.find("equilibrium_" + field);
  std::vector<double> values;
  for (std::size_t i = 0; i < all.size() / 3; ++i) {
    const std::int64_t domain = domains[cells[i % cells.size()]];
    const bool stands = equilibrium != nullptr && domain >= 0;
    const double rest = stands ? real_values(*equilibrium)[3 * static_cast<std::size_t>(domain) + component] : 0;
    const double change = all[3 * i + component] - rest;
    values.push_back(std::abs(change) < 1e-13 * std::abs(rest) ? 0 : change);
  }
  return values;
}

/// A field along a line of cells over all output times: its largest component.
Figure line_over_time(const Record& record, const Field& field, const nlohmann::json& cut) {
  Figure figure;
  const auto name = cut["name"].get<std::string>(), along = cut["axis"].get<std::string>();
  const Dimension& time = *find_dimension(record, "time");
  const Dimension& line = *find_dimension(record, name);
  Place place = place_of(record, nullptr);
  std::string where;
  for (std::size_t a = 0; a < 3; ++a) {
    const std::string axis(1, "xyz"[a]);
    if (axis == along || !cut.contains(axis)) continue;
    place.cell[a] = cell_at(*find_dimension(record, axis + "_face"), cut[axis].get<double>());
    where += fmt::format("{}{} = {}", where.empty() ? "" : ", ", axis, engineering(cut[axis].get<double>(), "m", 3));
  }
  std::vector<std::size_t> cells;
  for (std::size_t i = 0; i < line.size; ++i) cells.push_back(place.index(std::string("xyz").find(along), i));
  std::vector<double> best;
  std::size_t component = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    std::vector<double> values = cut_deviations(record, name, field.name, cells, c);
    if (!(largest(values) > largest(best) * (1 + 1e-9))) continue;
    best = std::move(values);
    component = c;
  }
  if (!(largest(best) > 0)) return figure;
  figure.title = field.title + along;
  const std::string text = std::string(field.text) + "_{" + "xyz"[component] + "}";
  figure.caption = fmt::format(
      "{}, its largest component, over position and time at {}. Blank: the field does not exist there.", text, where);
  figure.x_axis = {"Position " + along, "m", false};
  figure.y_axis = {"Time t", "s", false};
  const std::vector<std::size_t> columns = spread(line.size, std::min<std::size_t>(line.size, 240));
  const std::vector<std::size_t> rows = spread(time.size, std::min<std::size_t>(time.size, 160));
  for (const std::size_t i : columns) figure.x.push_back(line.values[i]);
  for (const std::size_t t : rows) {
    figure.heat_map.y.push_back(time.values[t]);
    for (const std::size_t i : columns) figure.heat_map.values.push_back(best[t * line.size + i]);
  }
  figure.heat_map.value_label = text;
  figure.heat_map.value_unit = field.unit;
  figure.heat_map.diverging = true;
  return figure;
}

Figure means(const Record& record, const Field& field) {
  Figure figure;
  const Dimension* domains = find_dimension(record, "domain_name");
  const Dimension* time = find_dimension(record, "time");
  if (domains == nullptr || time == nullptr) return figure;
  figure.title = field.mean_title;
  figure.caption = fmt::format("|{}| of the mean over each of them.", field.text);
  figure.x_axis = {"Time t", "s", false};
  figure.y_axis = {fmt::format("|{}|", field.text), field.unit, true};
  figure.x = time->values;
  double most = 0;
  for (std::size_t d = 0; d < domains->size; ++d) {
    Curve curve{
        domains->labels[d], mean_deviation(record, field.name, d), static_cast<int>(d), Line::solid, false, false};
    most = std::max(most, largest(curve.values));
    figure.curves.push_back(std::move(curve));
  }
  // Eight decades: what is below them is not seen beside the rest, and is often rounding.
  for (Curve& curve : figure.curves) {
    for (double& value : curve.values) {
      if (!(value > 1e-8 * most)) value = std::numeric_limits<double>::quiet_NaN();
    }
  }
  return figure;
}

}  // namespace

std::vector<double> probe_deviations(const Record& record, const std::string& field, std::size_t probe,
                                     std::size_t component) {
  const Quantity* quantity = record.find("probe_" + field);
  const Dimension* time = find_dimension(record, "time");
  if (quantity == nullptr || time == nullptr) return {};
  const auto& all = real_values(*quantity);
  double rest = 0;
  const Quantity* equilibrium = record.find("equilibrium_" + field);
  if (equilibrium != nullptr) {
    const std::int64_t domain = std::get<IntegerArray>(record.find("domain")->data)
                                    .values[place_of(record, &probe).index(0, place_of(record, &probe).cell[0])];
    if (domain >= 0) rest = real_values(*equilibrium)[3 * static_cast<std::size_t>(domain) + component];
  }
  std::vector<double> values;
  for (std::size_t t = 0; t < time->size; ++t) {
    const double change = all[(probe * time->size + t) * 3 + component] - rest;
    values.push_back(std::abs(change) < 1e-13 * std::abs(rest) ? 0 : change);
  }
  return values;
}

std::vector<double> mean_deviation(const Record& record, const std::string& field, std::size_t domain) {
  const Quantity* quantity = record.find("mean_" + field);
  const Dimension* time = find_dimension(record, "time");
  const Quantity* equilibrium = record.find("equilibrium_" + field);
  std::vector<double> values;
  if (quantity == nullptr || time == nullptr) return values;
  const auto& all = real_values(*quantity);
  for (std::size_t t = 0; t < time->size; ++t) {
    double square = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      const double rest = equilibrium == nullptr ? 0 : real_values(*equilibrium)[3 * domain + c];
      const double change = all[(domain * time->size + t) * 3 + c] - rest;
      // A mean of equal numbers is not quite that number.
      if (std::abs(change) > 1e-12 * std::abs(rest) || std::isnan(change)) square += change * change;
    }
    values.push_back(std::sqrt(square));
  }
  return values;
}

std::vector<Figure> grid_figures(const Record& record) {
  std::vector<Figure> figures;
  nlohmann::json cuts = nlohmann::json::array();
  for (const auto& [name, text] : record.extras) {
    if (name == "cuts") cuts = nlohmann::json::parse(text);
  }
  for (const Field& field : fields) {
    for (const nlohmann::json& cut : cuts) figures.push_back(line_over_time(record, field, cut));
    figures.push_back(means(record, field));
  }
  return figures;
}

}  // namespace vitrispin::io
