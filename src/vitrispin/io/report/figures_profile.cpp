#include <algorithm>
#include <cmath>

#include "vitrispin/io/number_text.hpp"
#include "vitrispin/io/report/figures.hpp"

namespace vitrispin::io {
namespace {

/// What is drawn together over x: fields of one unit.
struct Panel {
  const char* title;
  const char* caption;
  const char* label;
  const char* unit;
  std::vector<std::pair<const char*, const char*>> quantities;  ///< name in the record, name in the legend
};

const std::vector<Panel>& panels() {
  static const std::vector<Panel> all = {
      {"Profile: magnetizations",
       "Deviation of M from equilibrium and spin accumulation m across the stack.",
       "δM, m",
       "A m-1",
       {{"dM", "δM"}, {"delta_M", "δM"}, {"m", "m"}}},
      {"Profile: effective field",
       "h* drives the diffusive current; at a perfect sink it vanishes.",
       "h*",
       "A m-1",
       {{"h_star", "h*"}}},
      {"Profile: texture", "Rotation angle θ of the texture.", "θ", "rad", {{"theta", "θ"}}},
      {"Profile: spin currents",
       "j is carried by diffusion of m, j_{θ} by the twist of the texture; the slope of the total is what relaxes.",
       "J",
       "A s-1",
       {{"j", "j, diffusive"}, {"texture_current", "j_{θ}, reactive"}}},
      {"Profile: entropy production",
       "Where the spin current's free energy turns into heat.",
       "Dissipation T R_{s}",
       "W m-3",
       {{"entropy_production", "T R_{s}"}, {"dissipation", "T R_{s}"}}}};
  return all;
}

/// The dimension of positions: `x`, or its stacked form, or one a layer has to itself.
bool is_position(const std::string& name) {
  return name == "x" || name == "x_point";
}

std::size_t largest_component(const Record& record, const Quantity& quantity, const std::string& position,
                              std::map<std::string, std::size_t> at) {
  if (!has_dimension(quantity, "component")) return 0;
  std::size_t best = record.size_of("component") - 1;
  double most = 0;
  for (std::size_t component = 0; component < record.size_of("component"); ++component) {
    at["component"] = component;
    for (const double value : magnitude(along(record, quantity, position, at))) {
      if (std::isfinite(value) && value > most) {
        most = value;
        best = component;
      }
    }
  }
  return best;
}

/// Faces between layers: each layer has points at both of its ends, so that the place of a face occurs twice.
std::vector<double> faces_between_layers(const std::vector<double>& x) {
  std::vector<double> faces;
  for (std::size_t i = 1; i < x.size(); ++i) {
    if (std::abs(x[i] - x[i - 1]) <= 1e-12 * std::abs(x[i])) faces.push_back(x[i]);
  }
  return faces;
}

std::string names_of_faces(const Record& record, std::size_t count) {
  const Dimension* layers = find_dimension(record, "layer");
  if (layers == nullptr || layers->labels.size() != count + 1) return {};
  std::string names = count == 1 ? " Dotted: the face " : " Dotted: the faces ";
  for (std::size_t i = 0; i < count; ++i) {
    names += (i == 0 ? "" : ", ") + layers->labels[i] + "|" + layers->labels[i + 1];
  }
  return names + ".";
}

/// The two currents added up; where there is no texture the diffusive one is all.
void add_total(Figure& figure) {
  Curve total{"total", figure.curves[0].values, 2, Line::dashed, false, false};
  for (std::size_t i = 0; i < total.values.size(); ++i) {
    const double reactive = figure.curves[1].values[i];
    if (std::isfinite(reactive)) total.values[i] += reactive;
  }
  figure.curves.push_back(std::move(total));
}

}  // namespace

std::vector<Figure> profile_figures(const Record& record) {
  const Dimension* position = nullptr;
  for (const Dimension& dimension : record.dimensions) {
    if (is_position(dimension.name)) position = &dimension;
  }
  if (position == nullptr || position->size < 20) return {};  // too few for a curve: profiles were not asked for
  // Of a sweep the middle point is drawn.
  std::map<std::string, std::size_t> at;
  std::string where;
  for (const Dimension* axis : sweep_axes(record)) {
    at[axis->name] = axis->size / 2;
    where += (where.empty() ? " Here " : ", ") + place_text(*axis, axis->size / 2);
  }
  if (!where.empty()) where += ", the middle of the sweep.";

  std::vector<double> x = position->values;
  if (x.empty()) {
    const Quantity* coordinate = record.find("x");
    if (coordinate == nullptr || !has_dimension(*coordinate, position->name)) return {};
    x = real_part(along(record, *coordinate, position->name, at));
  }
  const std::vector<double> faces = faces_between_layers(x);
  if (!faces.empty()) where += names_of_faces(record, faces.size());
  std::vector<Figure> figures;
  for (const Panel& panel : panels()) {
    Figure figure;
    figure.title = panel.title;
    figure.caption = panel.caption + where;
    figure.x = x;
    figure.faces = faces;
    figure.x_axis = {"Position x", "m", false};
    figure.y_axis = {panel.label, panel.unit, false};
    for (const auto& [name, text] : panel.quantities) {
      const Quantity* quantity = record.find(name);
      if (quantity == nullptr) quantity = record.find(name, "profile");
      if (quantity == nullptr) quantity = record.find(name, "profiles");
      if (quantity == nullptr || !has_dimension(*quantity, position->name)) continue;
      at["component"] = largest_component(record, *quantity, position->name, at);
      figure.curves.push_back({text, real_part(along(record, *quantity, position->name, at)),
                               static_cast<int>(figure.curves.size()), Line::solid, false, false});
    }
    if (figure.curves.size() == 2 && panel.label == std::string("J")) add_total(figure);
    figures.push_back(std::move(figure));
  }
  return figures;
}

namespace {

std::vector<Figure> figures_without_errors(const ExperimentResult& result) {
  std::vector<Figure> figures;
  if (result.kind == "modes") {
    const std::vector<const Dimension*> axes = sweep_axes(result.record);
    if (!axes.empty()) figures = swept_modes_figures(result.record);
    // Curves over k or omega are drawn at the first point of a sweep.
    std::string where;
    for (const Dimension* axis : axes) where += (where.empty() ? " Here " : ", ") + place_text(*axis, 0);
    for (Figure& figure : modes_figures(result.record)) {
      if (!axes.empty()) figure.caption += where + ", the first point of the sweep.";
      if (axes.empty() || figure.x.size() >= 20) figures.push_back(std::move(figure));
    }
  }
  if (result.kind == "response") figures = response_figures(result.record);
  if (result.kind == "perturbation") figures = perturbation_figures(result.record);
  if (result.kind == "steady") figures = film_figures(result.record);
  if (result.kind == "harmonic") figures = harmonic_figures(result.record);
  if (result.kind == "time") figures = time_figures(result.record);
  if (result.kind == "atoms") figures = atoms_figures(result.record);
  for (Figure& figure : figures) drop_invisible_curves(figure);
  figures.erase(
      std::remove_if(figures.begin(), figures.end(), [](const Figure& figure) { return !shows_something(figure); }),
      figures.end());
  return figures;
}

/// The result with every quantity that has a standard error moved by it, up or down.
ExperimentResult moved(const ExperimentResult& result, double sign) {
  ExperimentResult copy = result;
  for (Quantity& quantity : copy.record.quantities) {
    const Quantity* error = result.record.find(quantity.name + "_sem", quantity.group);
    if (error == nullptr || error->data.index() != quantity.data.index()) continue;
    const auto move = [&](auto& values, const auto& by) {
      for (std::size_t i = 0; i < values.size() && i < by.size(); ++i) values[i] += sign * by[i];
    };
    if (auto* real = std::get_if<RealArray>(&quantity.data))
      move(real->values, std::get<RealArray>(error->data).values);
    if (auto* complex = std::get_if<ComplexArray>(&quantity.data))
      move(complex->values, std::get<ComplexArray>(error->data).values);
  }
  return copy;
}

/// Bands of one standard error, as dotted lines of their curve's colour, where there are few curves.
void add_bands(std::vector<Figure>& figures, const ExperimentResult& result) {
  constexpr std::size_t most_curves = 4;
  const std::vector<Figure> above = figures_without_errors(moved(result, 1));
  const std::vector<Figure> below = figures_without_errors(moved(result, -1));
  if (above.size() != figures.size() || below.size() != figures.size()) return;
  for (std::size_t f = 0; f < figures.size(); ++f) {
    const std::size_t curves = figures[f].curves.size();
    if (curves > most_curves || above[f].curves.size() != curves || below[f].curves.size() != curves) continue;
    if (above[f].x != figures[f].x || below[f].x != figures[f].x) continue;
    for (std::size_t c = 0; c < curves; ++c) {
      if (figures[f].curves[c].points) continue;
      for (const auto& [other, name] :
           {std::pair{&above[f].curves[c], " + error"}, {&below[f].curves[c], " − error"}}) {
        if (other->values == figures[f].curves[c].values) continue;
        Curve band = *other;
        band.name = figures[f].curves[c].name + name;
        band.line = Line::dotted;
        figures[f].curves.push_back(std::move(band));
      }
    }
    if (figures[f].curves.size() > curves)
      figures[f].caption += " Dotted: one standard error of the constants that atoms gave.";
  }
}

}  // namespace

std::vector<Figure> figures_of(const ExperimentResult& result) {
  std::vector<Figure> figures = figures_without_errors(result);
  const auto& quantities = result.record.quantities;
  if (std::any_of(quantities.begin(), quantities.end(), [](const Quantity& q) { return q.name.ends_with("_sem"); }))
    add_bands(figures, result);
  return figures;
}

}  // namespace vitrispin::io
