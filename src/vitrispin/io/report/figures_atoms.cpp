#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "vitrispin/io/number_text.hpp"
#include "vitrispin/io/report/field_map.hpp"
#include "vitrispin/io/report/figures.hpp"

namespace vitrispin::io {
namespace {

const std::vector<double>* reals(const Record& record, const char* name, const char* group = "") {
  const Quantity* quantity = record.find(name, group);
  if (quantity == nullptr || !std::holds_alternative<RealArray>(quantity->data)) return nullptr;
  return &std::get<RealArray>(quantity->data).values;
}

/// A quantity over its one dimension.
void add_histogram(std::vector<Figure>& figures, const Record& record, const char* name, const char* dimension,
                   const char* title, const std::string& caption, const char* label) {
  const std::vector<double>* values = reals(record, name);
  const Dimension* axis = find_dimension(record, dimension);
  if (values == nullptr || axis == nullptr) return;
  Figure figure;
  figure.title = title;
  figure.caption = caption;
  figure.x = axis->values;
  figure.x_axis = axis_of(*axis);
  figure.x_axis.logarithmic = false;
  figure.y_axis = {label, record.find(name)->unit, false};
  figure.curves.push_back({title, *values, 0, Line::solid, false, false});
  if (shows_something(figure)) figures.push_back(std::move(figure));
}

/// The samples' values of a constant, with the mean and its standard error.
void add_samples(std::vector<Figure>& figures, const Record& record, const char* name, const char* title) {
  const std::vector<double>* values = reals(record, "of_samples", name);
  if (values == nullptr || values->size() < 2) return;
  const double mean = reals(record, "mean", name)->front();
  const double error = reals(record, "sem", name)->front();
  if (std::all_of(values->begin(), values->end(), [](double value) { return value == 0; })) return;
  Figure figure;
  figure.title = title;
  figure.caption = "Each sample's mean over its minima; the mean of all, and one standard error to either side.";
  for (std::size_t s = 0; s < values->size(); ++s) figure.x.push_back(static_cast<double>(s));
  figure.x_axis = {"Sample", "1", false};
  figure.y_axis = {title, record.find("mean", name)->unit, false};
  const auto level = [&](double value) { return std::vector<double>(values->size(), value); };
  figure.curves.push_back({"samples", *values, 0, Line::solid, true, false});
  figure.curves.push_back({"mean", level(mean), 1, Line::solid, false, false});
  figure.curves.push_back({"mean + error", level(mean + error), 1, Line::dotted, false, false});
  figure.curves.push_back({"mean − error", level(mean - error), 1, Line::dotted, false, false});
  figures.push_back(std::move(figure));
}

void add_energies(std::vector<Figure>& figures, const Record& record) {
  const std::vector<double>* energies = reals(record, "energy");
  const std::size_t samples = energies == nullptr ? 0 : record.size_of("sample");
  const std::size_t minima = energies == nullptr ? 0 : record.size_of("minimum");
  if (samples < 2) return;
  Figure figure;
  figure.title = "Energies of the minima";
  figure.caption = "Energy per spin of every metastable state that was found, above the lowest one of its sample.";
  for (std::size_t s = 0; s < samples; ++s) figure.x.push_back(static_cast<double>(s));
  figure.x_axis = {"Sample", "1", false};
  figure.y_axis = {"Energy above the lowest", "J", false};
  constexpr std::size_t most = 8;
  std::vector<std::vector<double>> sorted;
  for (std::size_t s = 0; s < samples; ++s) {
    const auto begin = energies->begin() + static_cast<std::ptrdiff_t>(s * minima);
    sorted.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(minima));
    std::sort(sorted.back().begin(), sorted.back().end());
  }
  for (std::size_t m = 0; m < std::min(minima, most); ++m) {
    Curve curve{fmt::format("minimum {}", m + 1), {}, static_cast<int>(m), Line::solid, true, false};
    for (std::size_t s = 0; s < samples; ++s) curve.values.push_back(sorted[s][m] - sorted[s][0]);
    figure.curves.push_back(std::move(curve));
  }
  if (minima > 1) figures.push_back(std::move(figure));
}

/// S(k, omega) at the box's wave numbers, a curve each: waves move up with k.
void add_waves(std::vector<Figure>& figures, const Record& record) {
  const std::vector<double>* map = reals(record, "structure_factor");
  const Dimension* k = find_dimension(record, "wave_number");
  const Dimension* omega = find_dimension(record, "wave_frequency");
  if (map == nullptr || k == nullptr || omega == nullptr) return;
  Figure figure;
  figure.title = "Spin waves: structure factor";
  figure.caption =
      "S(k, ω) of the magnetization, without the anisotropy, at the longest waves of the box; beside each, the speed "
      "of "
      "sound of Halperin and Saslow puts it at ω = vk.";
  figure.x = omega->values;
  figure.x_axis = axis_of(*omega);
  figure.x_axis.logarithmic = false;
  figure.y_axis = {"S(k, ω)", "s rad-1", false};
  const double velocity = reals(record, "mean", "spin_wave_velocity")->front();
  for (std::size_t m = 0; m < k->size; ++m) {
    const auto begin = map->begin() + static_cast<std::ptrdiff_t>(m * omega->size);
    figure.curves.push_back({"k = " + engineering(k->values[m], "rad m-1", 3),
                             {begin, begin + static_cast<std::ptrdiff_t>(omega->size)},
                             static_cast<int>(m),
                             Line::solid,
                             false,
                             false});
    if (!(velocity * k->values[m] <= omega->values.back())) continue;
    const double top = *std::max_element(map->begin(), map->end());
    figure.marks.push_back({velocity * k->values[m], top, fmt::format("vk, m = {}", m + 1)});
  }
  if (shows_something(figure)) figures.push_back(std::move(figure));
}

}  // namespace

std::vector<Figure> atoms_figures(const Record& record) {
  std::vector<Figure> figures;
  add_histogram(figures, record, "internal_field_density", "internal_field", "Internal fields P(h)",
                "How often a spin sees a field of this size, over all minima; 5 % are in larger ones. RKKY glasses "
                "have none near zero: a spin in "
                "a weak field would turn the others.",
                "P(h)");
  add_histogram(figures, record, "density_of_states", "omega", "Density of states",
                "Modes of precession per spin and frequency, over all minima; 5 % are faster.", "g(ω)");
  add_histogram(figures, record, "participation_ratio", "omega", "Participation",
                "Share of the spins that take part in a mode: 1 if all do alike, 1/N for one alone.",
                "Participation ratio");
  add_waves(figures, record);
  add_energies(figures, record);
  add_samples(figures, record, "chi_M", "χ_{M} of the samples");
  add_samples(figures, record, "rho_s", "ρ_{s} of the samples");
  add_samples(figures, record, "K", "K of the samples");
  return figures;
}

MapFigure texture_figure(const Record& record) {
  MapFigure figure{"Spin texture", {}, "texture", {}};
  const std::vector<double>* positions = reals(record, "position");
  const std::vector<double>* directions = reals(record, "direction");
  const std::vector<double>* box = reals(record, "box");
  if (positions == nullptr || directions == nullptr || box == nullptr) return figure;
  constexpr std::size_t most = 4000;
  const std::size_t spins = record.size_of("spin");
  const std::size_t shown = std::min(spins, most);
  const double largest = *std::max_element(box->begin(), box->end());
  nlohmann::ordered_json data = {{"map", "texture"}};
  const auto rounded = [](double value) { return std::round(value * 1e4) / 1e4; };
  for (const double edge : *box) data["box"].push_back(rounded(edge / largest));
  // Spins are stored along a curve that fills the box: every n-th of them is spread over it.
  for (std::size_t i = 0; i < shown; ++i) {
    const std::size_t spin = i * spins / shown;
    for (std::size_t a = 0; a < 3; ++a) {
      data["position"].push_back(rounded(positions->at(3 * spin + a) / largest));
      data["direction"].push_back(rounded(directions->at(3 * spin + a)));
    }
  }
  figure.caption =
      "The first minimum of the first sample; colours tell the direction, across z by hue, along z by "
      "lightness. Drag or use the arrow keys to turn the box, the wheel to come closer.";
  if (shown < spins) figure.caption += fmt::format(" {} of the {} spins are drawn.", shown, spins);
  figure.json = data.dump();
  return figure;
}

}  // namespace vitrispin::io
