#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/io/report/figures.hpp"

namespace vitrispin::io {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct Ratio {
  const char* group;
  const char* name;
  const char* text;
};

/// What is drawn of each weakly coupled mode: its wave number and the admixture of the other field.
constexpr Ratio ratios[] = {{"spin_wave", "m_over_M", "m/M of the spin wave"},
                            {"diffusion", "M_over_m", "M/m of the diffusion mode"}};
constexpr Ratio wavenumbers[] = {{"spin_wave", "k2", "k² of the spin wave"},
                                 {"diffusion", "k2", "k² of the diffusion mode"}};

std::vector<double> as_frequencies(const Dimension& omega) {
  std::vector<double> frequencies;
  for (const double value : omega.values) frequencies.push_back(value / (2 * constants::pi));
  return frequencies;
}

FigureAxis frequency_axis(const Dimension& omega) {
  return {"Frequency ω/2π", "Hz", axis_of(omega).logarithmic};
}

/// Approximate and exact values side by side over frequency.
Figure against_exact(const Record& record, const Dimension& omega, const Ratio (&shown)[2], const std::string& title,
                     const FigureAxis& y_axis) {
  Figure figure;
  figure.title = title;
  figure.caption = "Weak-coupling formulas (dashed) beside the exact modes (solid), Eqs. (57)–(71) as corrected.";
  figure.x = as_frequencies(omega);
  figure.x_axis = frequency_axis(omega);
  figure.y_axis = y_axis;
  int colour = 0;
  for (const Ratio& ratio : shown) {
    const Quantity* approximate = record.find(ratio.name, ratio.group);
    const Quantity* exact = record.find(std::string("exact_") + ratio.name, ratio.group);
    if (approximate != nullptr && exact != nullptr) {
      figure.curves.push_back({fmt::format("|{}|, exact", ratio.text), magnitude(along(record, *exact, "omega", {})),
                               colour, Line::solid, false, false});
      figure.curves.push_back({"perturbation theory", magnitude(along(record, *approximate, "omega", {})), colour,
                               Line::dashed, false, false});
    }
    ++colour;
  }
  return figure;
}

/// Relative error of a perturbative ratio over (omega, the swept parameter), with the region judged valid outlined.
Figure validity_map(const Record& record, const Dimension& omega, const Dimension& parameter, const Ratio& ratio,
                    const std::string& where, bool first) {
  Figure figure;
  const Quantity* approximate = record.find(ratio.name, ratio.group);
  const Quantity* exact = record.find(std::string("exact_") + ratio.name, ratio.group);
  if (approximate == nullptr || exact == nullptr) return figure;
  const Quantity* valid = record.find("valid");
  figure.title = fmt::format("Where perturbation theory holds: {}", ratio.text);
  figure.caption =
      first ? "Colour, on a logarithmic scale: relative error of the weak-coupling formula against the exact mode. "
              "Inside the "
              "white line every ratio that the expansion takes to be small (m/M; M/m and scaled θ/m) is small, so that "
              "the "
              "formula is known to hold. Outside, the error may still be small, because a large admixture that acts "
              "back only "
              "weakly does little harm; but this is seen from the exact solution alone, not from the expansion."
            : "Relative error of the formula, drawn in the same way.";
  if (!where.empty()) figure.caption += " Here " + where + ".";
  figure.x = as_frequencies(omega);
  figure.x_axis = frequency_axis(omega);
  figure.y_axis = axis_of(parameter);
  HeatMap& map = figure.heat_map;
  map.y = parameter.values;
  map.value_label = "Relative error";
  map.logarithmic = true;
  map.outline_label = "valid";
  for (std::size_t row = 0; row < parameter.size; ++row) {
    const std::map<std::string, std::size_t> at = {{parameter.name, row}};
    const Complexes a = along(record, *approximate, "omega", at);
    const Complexes e = along(record, *exact, "omega", at);
    for (std::size_t i = 0; i < a.size(); ++i) map.values.push_back(std::abs(a[i] - e[i]) / std::abs(e[i]));
    if (valid == nullptr) continue;
    for (const auto& flag : along(record, *valid, "omega", at)) {
      map.outlined.push_back(flag.real() != 0 ? 1 : 0);
    }
  }
  for (double& value : map.values) {
    if (!(value > 0)) value = value == 0 ? 1e-16 : nan;
  }
  return figure;
}

/// m/M of the one mode and M/m of the other are wrong by the same factor as long as both expansions are of first order: then
/// one map says it all.
bool same_picture(const Figure& one, const Figure& other) {
  const std::vector<double>& a = one.heat_map.values;
  const std::vector<double>& b = other.heat_map.values;
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) {
           return std::isnan(x) || std::isnan(y) ? std::isnan(x) == std::isnan(y) : std::abs(x - y) <= 1e-3 * x + 1e-12;
         });
}

}  // namespace

std::vector<Figure> perturbation_figures(const Record& record) {
  const Dimension* omega = find_dimension(record, "omega");
  if (omega == nullptr || omega->values.empty()) return {};
  const std::vector<const Dimension*> axes = sweep_axes(record);
  std::vector<Figure> figures;
  const Dimension* parameter = longest_axis(axes);
  if (parameter != nullptr && parameter->size > 1) {
    // Of further keys the first value is shown.
    std::string where;
    for (const Dimension* axis : axes) {
      if (axis != parameter) where += (where.empty() ? "" : ", ") + place_text(*axis, 0);
    }
    for (const auto& [first, second] : {std::pair{ratios[0], ratios[1]}, std::pair{wavenumbers[0], wavenumbers[1]}}) {
      figures.push_back(validity_map(record, *omega, *parameter, first, where, figures.empty()));
      Figure other = validity_map(record, *omega, *parameter, second, where, false);
      if (!same_picture(figures.back(), other)) figures.push_back(std::move(other));
    }
    return figures;
  }
  figures.push_back(
      against_exact(record, *omega, ratios, "Admixture of the other field", {"Ratio of amplitudes", "1", true}));
  figures.push_back(against_exact(record, *omega, wavenumbers, "Wave number", {"|k²|", "m-2", true}));
  return figures;
}

}  // namespace vitrispin::io
