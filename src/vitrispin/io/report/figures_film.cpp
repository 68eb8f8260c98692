#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/io/report/figures.hpp"

namespace vitrispin::io {
namespace {

constexpr std::size_t most_curves = 6;

/// The vector's component that is largest anywhere, so that a current along any axis is drawn.
std::size_t main_component(const Record& record, const Quantity& quantity) {
  if (!has_dimension(quantity, "component")) return 0;
  const std::size_t components = record.size_of("component");
  std::vector<double> largest(components, 0);
  std::size_t i = 0;
  const auto put = [&](double size) {
    double& known = largest[i++ % components];
    if (std::isfinite(size)) known = std::max(known, size);
  };
  if (quantity.dimensions.back() != "component") return components - 1;
  if (const auto* real = std::get_if<RealArray>(&quantity.data)) {
    for (const double value : real->values) put(std::abs(value));
  } else if (const auto* complex = std::get_if<ComplexArray>(&quantity.data)) {
    for (const auto& value : complex->values) put(std::abs(value));
  }
  const auto best = std::max_element(largest.begin(), largest.end());
  return *best > 0 ? static_cast<std::size_t>(best - largest.begin()) : components - 1;
}

/// Curves of one quantity over `x`, one for each value of the other axis of a two-dimensional sweep.
void add_family(Figure& figure, const Record& record, const Quantity& quantity, const Dimension& x,
                const Dimension* family, const std::string& name) {
  const std::vector<std::size_t> shown = spread(family == nullptr ? 1 : family->size, most_curves);
  for (const std::size_t i : shown) {
    std::map<std::string, std::size_t> at;
    if (family != nullptr) at[family->name] = i;
    figure.curves.push_back({family == nullptr ? name : place_text(*family, i),
                             magnitude(along(record, quantity, x.name, at)), static_cast<int>(figure.curves.size()),
                             Line::solid, false, false});
  }
}

std::vector<const Dimension*> varied_axes(const Record& record) {
  std::vector<const Dimension*> axes;
  for (const Dimension* axis : sweep_axes(record)) {
    if (axis->size > 1) axes.push_back(axis);
  }
  return axes;
}

const Dimension* other_axis(const std::vector<const Dimension*>& axes, const Dimension* x) {
  for (const Dimension* axis : axes) {
    if (axis != x && axis->size > 1) return axis;
  }
  return nullptr;
}

Figure transmission_figure(const Record& record, const Dimension& x, const Dimension* family) {
  Figure figure;
  figure.title = "Transmission";
  figure.caption = "Spin current out of the stack over spin current in.";
  figure.x = x.values;
  figure.x_axis = axis_of(x);
  figure.y_axis = {"Transmission |J_{out}/J_{in}|", "1", true};
  const Quantity* headline = headline_transmission(record);
  if (headline != nullptr) {
    add_family(
        figure, record, *headline, x, family,
        headline->group.empty() ? "total current" : "into " + headline->name.substr(headline->name.find('|') + 1));
  }
  const Quantity* diffusive = record.find("transmission_m");
  if (diffusive != nullptr && family == nullptr) {
    add_family(figure, record, *diffusive, x, nullptr, "diffusive part alone");
    figure.curves.back().line = Line::dashed;
  }
  for (const Quantity& quantity : record.quantities) {
    if (family != nullptr || quantity.group != "interface_transmission" || &quantity == headline) continue;
    figure.curves.push_back({"into " + quantity.name.substr(quantity.name.find('|') + 1),
                             magnitude(along(record, quantity, x.name, {})), static_cast<int>(figure.curves.size()),
                             Line::solid, false, false});
  }
  return figure;
}

Figure current_figure(const Record& record, const Dimension& x) {
  Figure figure;
  figure.title = "Currents and their parts";
  figure.caption =
      "J = j + j_{θ}: j is carried by diffusion of m, j_{θ} = γρ_{s} dθ/dx by the twist of the texture; in at the left "
      "face, out at the right.";
  figure.x = x.values;
  figure.x_axis = axis_of(x);
  figure.y_axis = {"|J|", "A s-1", true};
  struct Part {
    const char* quantity;
    const char* name;
    int colour;
    Line line;
  };
  constexpr Part parts[] = {
      {"current_in", "in, total", 0, Line::solid},        {"current_in_m", "in, j", 0, Line::dashed},
      {"current_in_theta", "in, j_{θ}", 0, Line::dotted}, {"current_out", "out, total", 1, Line::solid},
      {"current_out_m", "out, j", 1, Line::dashed},       {"current_out_theta", "out, j_{θ}", 1, Line::dotted}};
  for (const Part& part : parts) {
    const Quantity* quantity = record.find(part.quantity);
    if (quantity == nullptr) continue;
    const std::size_t component = main_component(record, *quantity);
    figure.curves.push_back({part.name, magnitude(along(record, *quantity, x.name, {{"component", component}})),
                             part.colour, part.line, false, false});
  }
  for (const Quantity& quantity : record.quantities) {
    if (quantity.group != "interface_current") continue;
    const std::size_t component = main_component(record, quantity);
    figure.curves.push_back({"at " + quantity.name,
                             magnitude(along(record, quantity, x.name, {{"component", component}})),
                             2 + static_cast<int>(figure.curves.size()) % 6, Line::solid, false, false});
  }
  return figure;
}

Figure transmission_map(const Record& record, const Quantity& quantity, const Dimension& x, const Dimension& y) {
  Figure figure;
  figure.title = "Transmission map";
  figure.caption = "Spin current out of the stack over spin current in.";
  figure.x = x.values;
  figure.x_axis = axis_of(x);
  figure.y_axis = axis_of(y);
  figure.heat_map.y = y.values;
  figure.heat_map.value_label = "Transmission";
  figure.heat_map.logarithmic = true;
  for (std::size_t row = 0; row < y.size; ++row) {
    for (const double value : magnitude(along(record, quantity, x.name, {{y.name, row}}))) {
      figure.heat_map.values.push_back(value);
    }
  }
  return figure;
}

/// Phase of exp(-i omega t), a lag being positive, without jumps of full turns. NaN from where neighbours differ by more
/// than 2.2 rad, or where the amplitude is below the smallest normal number: the number of turns is unknown beyond.
std::vector<double> continued_phase(const Complexes& values) {
  constexpr double largest_step = 2.2;
  std::vector<double> phases(values.size(), std::nan(""));
  double last = std::nan("");
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(std::abs(values[i]) > std::numeric_limits<double>::min())) break;
    double angle = std::arg(values[i]);
    if (std::isfinite(last)) {
      const double step = std::remainder(angle - last, 2 * constants::pi);
      if (std::abs(step) > largest_step) break;
      angle = last + step;
    }
    phases[i] = last = angle;
  }
  return phases;
}

}  // namespace

std::vector<Figure> film_figures(const Record& record) {
  const std::vector<const Dimension*> axes = sweep_axes(record);
  const Dimension* x = longest_axis(axes);
  std::vector<Figure> figures;
  if (x != nullptr && x->size > 1) {
    const Dimension* family = other_axis(axes, x);
    figures.push_back(transmission_figure(record, *x, family));
    if (family == nullptr) figures.push_back(current_figure(record, *x));
    const Quantity* total = headline_transmission(record);
    if (family != nullptr && family->size > 4 && total != nullptr) {
      figures.push_back(transmission_map(record, *total, *x, *family));
    }
  }
  for (Figure& figure : profile_figures(record)) figures.push_back(std::move(figure));
  return figures;
}

std::vector<Figure> harmonic_figures(const Record& record) {
  const Quantity* transmission = record.find("transmission");
  const Dimension* frequency = find_dimension(record, "frequency");
  if (transmission == nullptr || frequency == nullptr || frequency->values.empty()) return {};
  const std::vector<const Dimension*> axes = sweep_axes(record);
  const Dimension* family = other_axis(axes, nullptr);

  Figure amplitude;
  amplitude.title = "Transmission against frequency";
  amplitude.caption = "Amplitude of the spin current that leaves the stack over that which enters.";
  amplitude.x = frequency->values;
  amplitude.x_axis = {"Frequency", "Hz", axis_of(*frequency).logarithmic};
  amplitude.y_axis = {"Transmission |J_{out}/J_{in}|", "1", true};
  Figure phase = amplitude;
  phase.title = "Phase against frequency";
  phase.caption =
      "Phase by which the current out lags the current in, continued over full turns; a phase that grows as √ω is "
      "diffusion, one that grows as ω a wave. A curve ends where the phase turns too far from one point to the next to "
      "count the turns.";
  phase.y_axis = {"Phase lag", "rad", false};

  const auto add = [&](const Quantity& quantity, const std::string& name,
                       const std::map<std::string, std::size_t>& at) {
    const Complexes values = along(record, quantity, "frequency", at);
    // A closed face lets nothing out, and zero has no phase.
    if (std::all_of(values.begin(), values.end(), [](const auto& value) { return value == 0.0; })) return;
    const int colour = static_cast<int>(amplitude.curves.size());
    amplitude.curves.push_back({name, magnitude(values), colour, Line::solid, false, false});
    phase.curves.push_back({name, continued_phase(values), colour, Line::solid, false, false});
  };
  for (const std::size_t i : spread(family == nullptr ? 1 : family->size, most_curves)) {
    std::map<std::string, std::size_t> at;
    if (family != nullptr) at[family->name] = i;
    add(*transmission, family == nullptr ? "out of the stack" : place_text(*family, i), at);
  }
  for (const Quantity& quantity : record.quantities) {
    if (family != nullptr || quantity.group != "interface_transmission") continue;
    add(quantity, "into " + quantity.name.substr(quantity.name.find('|') + 1), {});
  }
  return {amplitude, phase};
}

std::vector<Figure> comparison_figures(const std::vector<ExperimentResult>& results) {
  std::map<std::string, std::vector<const ExperimentResult*>> groups;
  for (const ExperimentResult& result : results) {
    // Axes of one value set the state of an experiment and are no axes of its curve.
    const std::vector<const Dimension*> axes = varied_axes(result.record);
    if (result.kind == "steady" && axes.size() == 1 && headline_transmission(result.record) != nullptr) {
      groups[axes.front()->name].push_back(&result);
    }
  }
  std::vector<Figure> figures;
  for (const auto& [path, members] : groups) {
    if (members.size() < 2) continue;
    // Curves share their x: the union of all points, with gaps that the others' curves are drawn across.
    Figure figure;
    const Dimension& axis = *varied_axes(members.front()->record).front();
    figure.title = "Regimes compared: transmission";
    figure.caption = "All steady experiments of this run that sweep " + readable_path(path) +
                     ". An exponential falls ever faster on these axes, a power law is a straight line.";
    figure.x_axis = axis_of(axis);
    figure.y_axis = {"Transmission |J_{out}/J_{in}|", "1", true};
    for (const ExperimentResult* member : members) {
      const Dimension& own = *varied_axes(member->record).front();
      figure.x.insert(figure.x.end(), own.values.begin(), own.values.end());
    }
    std::sort(figure.x.begin(), figure.x.end());
    figure.x.erase(std::unique(figure.x.begin(), figure.x.end()), figure.x.end());
    for (const ExperimentResult* member : members) {
      const Dimension& own = *varied_axes(member->record).front();
      const std::vector<double> values =
          magnitude(along(member->record, *headline_transmission(member->record), path, {}));
      Curve curve{member->name,
                  std::vector<double>(figure.x.size(), std::nan("")),
                  static_cast<int>(figure.curves.size()),
                  Line::solid,
                  false,
                  false};
      for (std::size_t i = 0; i < values.size(); ++i) {
        const auto place = std::lower_bound(figure.x.begin(), figure.x.end(), own.values[i]);
        curve.values[static_cast<std::size_t>(place - figure.x.begin())] = values[i];
      }
      figure.curves.push_back(std::move(curve));
    }
    figures.push_back(std::move(figure));
  }
  return figures;
}

}  // namespace vitrispin::io
