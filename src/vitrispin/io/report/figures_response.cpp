#include <fmt/format.h>

#include <cmath>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/io/number_text.hpp"
#include "vitrispin/io/report/figures.hpp"

namespace vitrispin::io {
namespace {

constexpr std::size_t most_curves = 6;

std::string helicity_suffix(const Dimension* helicities, std::size_t index) {
  if (helicities == nullptr || helicities->size < 2) return {};
  const double value = helicities->values.at(index);
  return fmt::format(", σ = {}", value > 0 ? "+1" : value < 0 ? "−1" : "0");
}

}  // namespace

std::vector<Figure> response_figures(const Record& record) {
  const Quantity* total = record.find("chi_total");
  const Dimension* omega = find_dimension(record, "omega");
  const Dimension* k = find_dimension(record, "k");
  const Dimension* helicities = find_dimension(record, "sigma");
  if (total == nullptr || omega == nullptr || omega->values.empty()) return {};

  Figure size;
  size.title = "Response of M + m: size";
  size.caption = "|χ(k, ω)| of the total magnetization to a field of wave number k and frequency ω/2π.";
  for (const double value : omega->values) size.x.push_back(value / (2 * constants::pi));
  size.x_axis = {"Frequency ω/2π", "Hz", axis_of(*omega).logarithmic};
  size.y_axis = {"|χ|", "1", true};
  Figure loss = size;
  loss.title = "Response of M + m: absorption";
  loss.caption =
      "Im χ(k, ω): the power taken from the field is μ₀ω Im χ |H|²/2. The peak is the resonance. Never negative "
      "for ω > 0: the material is passive.";
  loss.y_axis = {"Im χ", "1", false};

  const std::size_t sigmas = helicities == nullptr ? 1 : helicities->size;
  // A family over the wave number, or, at the first of them, over a swept key.
  const std::vector<const Dimension*> axes = sweep_axes(record);
  const Dimension* family = !axes.empty() && axes.front()->size > 1 ? axes.front() : k;
  const std::vector<std::size_t> shown = spread(family == nullptr ? 1 : family->size, most_curves);
  int colour = 0;
  for (const std::size_t i : shown) {
    for (std::size_t sigma = 0; sigma < sigmas; ++sigma) {
      std::map<std::string, std::size_t> at{{"sigma", sigma}};
      if (family != nullptr) at[family->name] = i;
      const Complexes values = along(record, *total, "omega", at);
      Curve curve;
      curve.name = (family == nullptr || family->values.empty() ? "χ" : place_text(*family, i)) +
                   helicity_suffix(helicities, sigma);
      curve.colour = colour;
      curve.line = sigma == 0 ? Line::solid : sigma == 1 ? Line::dashed : Line::dotted;
      curve.values = magnitude(values);
      size.curves.push_back(curve);
      curve.values = imaginary_part(values);
      loss.curves.push_back(std::move(curve));
    }
    ++colour;
  }
  return {loss, size};
}

}  // namespace vitrispin::io
