#include <fmt/format.h>

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
Figure validity_map(const Record& record, const Dimension& omega, const Dimension& parameter, const Ratio& ratio) {
  Figure figure;
  const Quantity* approximate = record.find(ratio.name, ratio.group);
  const Quantity* exact = record.find(std::string("exact_") + ratio.name, ratio.group);
  if (approximate == nullptr || exact == nullptr) return figure;
  const Quantity* valid = record.find("valid");
  figure.title = fmt::format("Where perturbation theory holds: {}", ratio.text);
  figure.caption =
      "Relative error of the weak-coupling formula against the exact mode. Inside the white line the theory's own "
      "small ratios are small, so that it may be trusted.";
  figure.x = as_frequencies(omega);
  figure.x_axis = frequency_axis(omega);
  figure.y_axis = axis_of(parameter);
  HeatMap& map = figure.heat_map;
  map.y = parameter.values;
  map.value_label = "Relative error";
  map.logarithmic = true;
  map.outline_label = "valid";
  for (std::size_t row = 0; row < parameter.size; ++row) {
    const Complexes a = along(record, *approximate, "omega", {{parameter.name, row}});
    const Complexes e = along(record, *exact, "omega", {{parameter.name, row}});
    for (std::size_t i = 0; i < a.size(); ++i) map.values.push_back(std::abs(a[i] - e[i]) / std::abs(e[i]));
    if (valid == nullptr) continue;
    for (const auto& flag : along(record, *valid, "omega", {{parameter.name, row}})) {
      map.outlined.push_back(flag.real() != 0 ? 1 : 0);
    }
  }
  for (double& value : map.values) {
    if (!(value > 0)) value = value == 0 ? 1e-16 : nan;
  }
  return figure;
}

}  // namespace

std::vector<Figure> perturbation_figures(const Record& record) {
  const Dimension* omega = find_dimension(record, "omega");
  if (omega == nullptr || omega->values.empty()) return {};
  const std::vector<const Dimension*> axes = sweep_axes(record);
  std::vector<Figure> figures;
  if (axes.size() == 1 && axes.front()->size > 1) {
    for (const Ratio& ratio : ratios) figures.push_back(validity_map(record, *omega, *axes.front(), ratio));
    return figures;
  }
  figures.push_back(
      against_exact(record, *omega, ratios, "Admixture of the other field", {"Ratio of amplitudes", "1", true}));
  figures.push_back(against_exact(record, *omega, wavenumbers, "Wave number", {"|k²|", "m-2", true}));
  return figures;
}

}  // namespace vitrispin::io
