#include "vitrispin/io/report/figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>

#include "vitrispin/io/number_text.hpp"

namespace vitrispin::io {
namespace {

using Json = nlohmann::ordered_json;

/// Points drawn along a curve at most: more than the pixels of a screen are not seen.
constexpr std::size_t most_points = 1600;
constexpr std::size_t most_cells = 160;

/// Six digits are more than a screen shows, and a third of the bytes.
Json number(double value) {
  if (!std::isfinite(value)) return nullptr;
  return std::strtod(fmt::format("{:.6g}", value).c_str(), nullptr);
}

Json numbers(const std::vector<double>& values, const std::vector<std::size_t>& kept) {
  Json list = Json::array();
  for (const std::size_t i : kept) list.push_back(number(values[i]));
  return list;
}

Json axis_json(const FigureAxis& axis) {
  return {{"label", axis.label},
          {"unit", readable_unit(axis.unit)},
          {"prefix", takes_prefix(axis.unit)},
          {"log", axis.logarithmic}};
}

Json heat_json(const Figure& figure, const std::vector<std::size_t>& columns) {
  const HeatMap& map = figure.heat_map;
  const std::vector<std::size_t> rows = spread(map.y.size(), most_cells);
  Json values = Json::array();
  Json outlined = Json::array();
  for (const std::size_t row : rows) {
    for (const std::size_t column : columns) {
      const std::size_t i = row * figure.x.size() + column;
      values.push_back(number(map.values[i]));
      if (!map.outlined.empty()) outlined.push_back(map.outlined[i] != 0 ? 1 : 0);
    }
  }
  Json json = {{"y", numbers(map.y, rows)},
               {"values", std::move(values)},
               {"label", map.value_label},
               {"unit", readable_unit(map.value_unit)},
               {"prefix", takes_prefix(map.value_unit)},
               {"log", map.logarithmic},
               {"diverging", map.diverging}};
  if (!outlined.empty()) {
    json["outlined"] = std::move(outlined);
    json["outline_label"] = map.outline_label;
  }
  return json;
}

/// Position in the flat array of a quantity.
std::size_t position(const Record& record, const Quantity& quantity, const std::map<std::string, std::size_t>& at) {
  std::size_t flat = 0;
  for (const std::string& dimension : quantity.dimensions) {
    const auto known = at.find(dimension);
    flat = flat * record.size_of(dimension) + (known == at.end() ? 0 : known->second);
  }
  return flat;
}

std::complex<double> flat_value(const Quantity& quantity, std::size_t i) {
  if (const auto* real = std::get_if<RealArray>(&quantity.data)) return real->values[i];
  if (const auto* complex = std::get_if<ComplexArray>(&quantity.data)) return complex->values[i];
  if (const auto* flags = std::get_if<FlagArray>(&quantity.data)) return flags->values[i] != 0 ? 1.0 : 0.0;
  if (const auto* numbers = std::get_if<IntegerArray>(&quantity.data)) return static_cast<double>(numbers->values[i]);
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

Json to_json(const Figure& figure) {
  const bool is_map = !figure.heat_map.values.empty();
  const std::vector<std::size_t> kept = spread(figure.x.size(), is_map ? most_cells : most_points);
  Json json = {{"title", figure.title},
               {"x_axis", axis_json(figure.x_axis)},
               {"y_axis", axis_json(figure.y_axis)},
               {"x", numbers(figure.x, kept)}};
  if (is_map) {
    json["heat"] = heat_json(figure, kept);
    return json;
  }
  Json curves = Json::array();
  for (const Curve& curve : figure.curves) {
    Json entry = {{"name", curve.name}, {"colour", curve.colour}, {"values", numbers(curve.values, kept)}};
    if (curve.line != Line::solid) entry["dash"] = curve.line == Line::dashed ? "dashed" : "dotted";
    if (curve.points) entry["points"] = true;
    if (curve.joined) entry["joined"] = true;
    curves.push_back(std::move(entry));
  }
  json["curves"] = std::move(curves);
  Json marks = Json::array();
  for (const Mark& mark : figure.marks)
    marks.push_back({{"x", number(mark.x)}, {"y", number(mark.y)}, {"text", mark.text}});
  if (!marks.empty()) json["marks"] = std::move(marks);
  if (!figure.faces.empty()) {
    Json faces = Json::array();
    for (const double face : figure.faces) faces.push_back(number(face));
    json["faces"] = std::move(faces);
  }
  return json;
}

namespace {

bool is_seen(const Curve& curve, bool logarithmic) {
  return std::any_of(curve.values.begin(), curve.values.end(),
                     [&](double value) { return std::isfinite(value) && (!logarithmic || value > 0); });
}

}  // namespace

void drop_invisible_curves(Figure& figure) {
  const bool logarithmic = figure.y_axis.logarithmic;
  figure.curves.erase(std::remove_if(figure.curves.begin(), figure.curves.end(),
                                     [&](const Curve& curve) { return !is_seen(curve, logarithmic); }),
                      figure.curves.end());
}

const Quantity* headline_transmission(const Record& record) {
  const Dimension* layers = find_dimension(record, "layer");
  if (layers != nullptr && layers->labels.size() > 1) {
    const std::string last = layers->labels.back();
    const std::string face = layers->labels[layers->labels.size() - 2] + "|" + last;
    const Quantity* into = record.find(face, "interface_transmission");
    if (into != nullptr && record.find("mean_current", "detector." + last) != nullptr) return into;
  }
  return record.find("transmission");
}

bool shows_something(const Figure& figure) {
  if (figure.x.size() < 2) return false;
  if (!figure.heat_map.values.empty()) {
    return figure.heat_map.y.size() > 1 && std::any_of(figure.heat_map.values.begin(), figure.heat_map.values.end(),
                                                       [](double value) { return std::isfinite(value); });
  }
  return std::any_of(figure.curves.begin(), figure.curves.end(),
                     [&](const Curve& curve) { return is_seen(curve, figure.y_axis.logarithmic); });
}

Complexes along(const Record& record, const Quantity& quantity, const std::string& dimension,
                const std::map<std::string, std::size_t>& at) {
  std::map<std::string, std::size_t> place = at;
  Complexes values(record.size_of(dimension));
  for (std::size_t i = 0; i < values.size(); ++i) {
    place[dimension] = i;
    values[i] = flat_value(quantity, position(record, quantity, place));
  }
  return values;
}

std::complex<double> value_at(const Record& record, const Quantity& quantity,
                              const std::map<std::string, std::size_t>& at) {
  return flat_value(quantity, position(record, quantity, at));
}

std::vector<double> real_part(const Complexes& values) {
  std::vector<double> parts;
  for (const auto& value : values) parts.push_back(value.real());
  return parts;
}

std::vector<double> imaginary_part(const Complexes& values) {
  std::vector<double> parts;
  for (const auto& value : values) parts.push_back(value.imag());
  return parts;
}

std::vector<double> magnitude(const Complexes& values) {
  std::vector<double> parts;
  for (const auto& value : values) parts.push_back(std::abs(value));
  return parts;
}

const Dimension* find_dimension(const Record& record, const std::string& name) {
  for (const Dimension& dimension : record.dimensions) {
    if (dimension.name == name) return &dimension;
  }
  return nullptr;
}

bool has_dimension(const Quantity& quantity, const std::string& name) {
  return std::find(quantity.dimensions.begin(), quantity.dimensions.end(), name) != quantity.dimensions.end();
}

std::vector<const Dimension*> sweep_axes(const Record& record) {
  std::vector<const Dimension*> axes;
  for (const Dimension& dimension : record.dimensions) {
    if (dimension.sweep) axes.push_back(&dimension);
  }
  return axes;
}

const Dimension* longest_axis(const std::vector<const Dimension*>& axes) {
  const auto found = std::max_element(axes.begin(), axes.end(),
                                      [](const Dimension* a, const Dimension* b) { return a->size < b->size; });
  return found == axes.end() ? nullptr : *found;
}

std::vector<std::size_t> spread(std::size_t size, std::size_t count) {
  std::vector<std::size_t> indices;
  if (size <= count) {
    for (std::size_t i = 0; i < size; ++i) indices.push_back(i);
  } else {
    for (std::size_t i = 0; i < count; ++i) indices.push_back(i * (size - 1) / (count - 1));
  }
  return indices;
}

namespace {

/// The symbol of a parameter, as it is written in a formula.
std::string readable_key(const std::string& key) {
  static const std::map<std::string, std::string> symbols = {{"gamma", "γ"},
                                                             {"chi_M", "χ_{M}"},
                                                             {"chi_m", "χ_{m}"},
                                                             {"xi", "ξ"},
                                                             {"tau_ML", "τ_{ML}"},
                                                             {"tau_mL", "τ_{mL}"},
                                                             {"tau_Mm", "τ_{Mm}"},
                                                             {"tau_mM", "τ_{mM}"},
                                                             {"rho_s", "ρ_{s}"},
                                                             {"alpha", "α"},
                                                             {"M0", "M_{0}"},
                                                             {"spin_hall_angle", "spin Hall angle"},
                                                             {"mixing", "spin mixing conductance"},
                                                             {"kappa", "κ"},
                                                             {"thermal_conductance", "thermal conductance"}};
  const auto known = symbols.find(key);
  return known == symbols.end() ? key : known->second;
}

}  // namespace

std::string readable_path(const std::string& path) {
  std::vector<std::string> parts(1);
  for (const char c : path) {
    if (c == '.') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  if (parts.size() < 2) return path;
  // A component of a vector: B along z, potential along z.
  std::string key = readable_key(parts.back());
  parts.pop_back();
  if (key.size() == 1 && key >= "x" && key <= "z" && parts.size() > 1) {
    key = fmt::format("{} along {}", readable_key(parts.back()), key);
    parts.pop_back();
  }
  if (parts.front() == "field" || parts.size() < 2) return key;
  std::string place = parts[1];
  for (std::size_t i = 2; i < parts.size(); ++i) place += "." + parts[i];
  return parts.front() == "boundary" ? fmt::format("{} of the {} contact", key, place)
                                     : fmt::format("{} of {}", key, place);
}

std::string place_text(const Dimension& axis, std::size_t index) {
  std::string name = axis.sweep ? readable_path(axis.name) : axis.name;
  if (!axis.sweep && name == "probe") name = "x";
  if (!axis.sweep && name == "time") name = "t";
  return fmt::format("{} = {}", name, engineering(axis.values.at(index), axis.unit, 3));
}

FigureAxis axis_of(const Dimension& dimension) {
  std::string label = dimension.sweep ? readable_path(dimension.name) : dimension.long_name;
  if (label.empty()) label = dimension.name;
  const bool is_word = label.size() > 2 && label[1] >= 'a' && label[1] <= 'z';
  if (is_word && label[0] >= 'a' && label[0] <= 'z') {
    label[0] = static_cast<char>(label[0] - 'a' + 'A');
  }
  const bool positive =
      !dimension.values.empty() && *std::min_element(dimension.values.begin(), dimension.values.end()) > 0;
  return {label, dimension.unit, dimension.logarithmic && positive};
}

}  // namespace vitrispin::io
