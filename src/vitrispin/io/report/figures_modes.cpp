#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/io/report/figures.hpp"

namespace vitrispin::io {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<Line, 3> line_of_helicity = {Line::solid, Line::dashed, Line::dotted};

/// Values of each continuous branch along a dimension: [branch][point].
struct Branches {
  std::vector<Complexes> values;
  std::vector<std::string> names;
};

std::string text_at(const Record& record, const Quantity& labels, std::size_t sigma, std::size_t point,
                    std::size_t mode) {
  const auto* texts = std::get_if<TextArray>(&labels.data);
  if (texts == nullptr || labels.dimensions.size() < 3) return {};
  const std::size_t modes = record.size_of(labels.dimensions.back());
  const std::size_t points = record.size_of(labels.dimensions[labels.dimensions.size() - 2]);
  return texts->values.at((sigma * points + point) * modes + mode);
}

/// The name that a branch has at most of its points.
std::string commonest(const std::vector<std::string>& names) {
  std::map<std::string, int> counts;
  for (const std::string& name : names) ++counts[name];
  std::string best;
  int most = 0;
  for (const auto& [name, count] : counts) {
    if (count > most) {
      most = count;
      best = name;
    }
  }
  return best;
}

/// Follows `branch` through the modes, whose own order is by damping.
Branches branches_of(const Record& record, const Quantity& quantity, const std::string& dimension, std::size_t sigma) {
  const std::size_t points = record.size_of(dimension);
  const std::size_t modes = record.size_of(quantity.dimensions.back());
  const Quantity* branch = record.find("branch");
  const Quantity* label = record.find("label");
  Branches branches;
  branches.values.assign(modes, Complexes(points, {nan, nan}));
  std::vector<std::vector<std::string>> names(modes);
  for (std::size_t point = 0; point < points; ++point) {
    for (std::size_t mode = 0; mode < modes; ++mode) {
      const std::map<std::string, std::size_t> at = {
          {"sigma", sigma}, {dimension, point}, {quantity.dimensions.back(), mode}};
      std::size_t line = mode;
      if (branch != nullptr && branch->dimensions.size() == quantity.dimensions.size()) {
        const double number = value_at(record, *branch, at).real();
        if (number >= 0 && number < static_cast<double>(modes)) line = static_cast<std::size_t>(number);
      }
      branches.values[line][point] = value_at(record, quantity, at);
      if (label != nullptr && label->dimensions.size() == quantity.dimensions.size()) {
        names[line].push_back(text_at(record, *label, sigma, point, mode));
      }
    }
  }
  for (std::size_t mode = 0; mode < modes; ++mode) {
    const std::string name = commonest(names[mode]);
    branches.names.push_back(name.empty() ? fmt::format("mode {}", mode + 1) : name);
  }
  return branches;
}

std::string helicity_text(const Record& record, std::size_t sigma) {
  const Dimension* helicities = find_dimension(record, "sigma");
  if (helicities == nullptr || helicities->size < 2) return {};
  const double value = helicities->values.at(sigma);
  return fmt::format(", σ = {}", value > 0 ? "+1" : value < 0 ? "−1" : "0");
}

/// Two branches of one name are told apart by the sign of Re omega.
void number_equal_names(std::vector<std::string>& names, const std::vector<Complexes>& values) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (std::count(names.begin(), names.end(), names[i]) < 2) continue;
    double sum = 0;
    for (const auto& value : values[i]) sum += std::isfinite(value.real()) ? value.real() : 0;
    std::vector<std::string> equal;
    for (std::size_t j = i + 1; j < names.size(); ++j) {
      if (names[j] != names[i]) continue;
      names[j] += sum > 0 ? " (ω < 0)" : sum < 0 ? " (ω > 0)" : fmt::format(" {}", j + 1);
    }
    names[i] += sum > 0 ? " (ω > 0)" : sum < 0 ? " (ω < 0)" : fmt::format(" {}", i + 1);
  }
}

std::vector<Mark> exceptional_marks(const Record& record, bool damping) {
  std::vector<Mark> marks;
  for (const auto& [name, text] : record.extras) {
    if (name != "exceptional_points") continue;
    const auto points = nlohmann::json::parse(text, nullptr, false);
    if (!points.is_array()) continue;
    for (const auto& point : points) {
      if (!point.is_object() || !point.contains("k") || !point.contains("omega") || !point["k"].is_number()) continue;
      const auto& omega = point["omega"];
      if (!omega.is_array() || omega.size() != 2 || !omega[0].is_number() || !omega[1].is_number()) continue;
      const double y = damping ? -omega[1].get<double>() : std::abs(omega[0].get<double>()) / (2 * constants::pi);
      marks.push_back({point["k"].get<double>(), y, "EP"});
    }
  }
  return marks;
}

std::vector<double> scaled(std::vector<double> values, double factor) {
  for (double& value : values) value *= factor;
  return values;
}

std::vector<Figure> dispersion_figures(const Record& record, const Quantity& omega, const Dimension& k) {
  Figure frequency;
  frequency.title = "Dispersion: frequency";
  frequency.caption =
      "Real part of ω/2π of the three modes at real wave number k. Where a mode does not oscillate it has no "
      "curve here. EP marks exceptional points, at which two modes merge.";
  frequency.x_axis = axis_of(k);
  frequency.y_axis = {"|Re ω|/2π", "Hz", true};
  frequency.x = k.values;
  Figure damping = frequency;
  damping.title = "Dispersion: damping";
  damping.caption = "Decay rate −Im ω of the same modes; 1/(−Im ω) is the amplitude's decay time.";
  damping.y_axis = {"−Im ω", "s-1", true};

  const Dimension* helicities = find_dimension(record, "sigma");
  const std::size_t count = helicities == nullptr ? 1 : helicities->size;
  for (std::size_t sigma = 0; sigma < count; ++sigma) {
    Branches branches = branches_of(record, omega, k.name, sigma);
    number_equal_names(branches.names, branches.values);
    for (std::size_t b = 0; b < branches.values.size(); ++b) {
      const Complexes& values = branches.values[b];
      Curve curve;
      curve.name = branches.names[b] + helicity_text(record, sigma);
      curve.colour = static_cast<int>(b);
      curve.line = line_of_helicity[sigma % 3];
      curve.values = scaled(imaginary_part(values), -1);
      const std::vector<double> rates = curve.values;
      double largest = 0;
      for (const auto& value : values) largest = std::max(largest, std::abs(value));
      curve.values.clear();
      bool forward = false;
      bool always = true;
      for (const auto& value : values) {
        const bool oscillates =
            std::abs(value.real()) > 1e-9 * std::abs(value) && std::abs(value.real()) > 1e-14 * largest;
        curve.values.push_back(oscillates ? std::abs(value.real()) / (2 * constants::pi) : nan);
        forward = forward || (oscillates && value.real() > 0);
        always = always && oscillates;
      }
      // At zero helicity the partner at negative frequency repeats the curve; the damping differs where neither oscillates.
      const bool mirrored = !forward && (helicities == nullptr || helicities->values.at(sigma) == 0);
      if (!mirrored) frequency.curves.push_back(curve);
      curve.values = rates;
      if (!mirrored || !always) damping.curves.push_back(std::move(curve));
    }
  }
  frequency.marks = exceptional_marks(record, false);
  damping.marks = exceptional_marks(record, true);
  return {frequency, damping};
}

std::vector<Figure> wavenumber_figures(const Record& record, const Quantity& k2, const Dimension& omega) {
  Figure real;
  real.title = "Wave number at real frequency";
  real.caption = "Re k of the two modes that a source at frequency ω/2π drives into the material.";
  real.x = scaled(omega.values, 1 / (2 * constants::pi));
  real.x_axis = {"Frequency ω/2π", "Hz", axis_of(omega).logarithmic};
  real.y_axis = {"|Re k|", "rad m-1", true};
  Figure decay = real;
  decay.title = "Decay length at real frequency";
  decay.caption = "1/Im k: how far from the source each mode reaches.";
  decay.y_axis = {"Decay length 1/Im k", "m", true};
  const Dimension* helicities = find_dimension(record, "sigma");
  const std::size_t count = helicities == nullptr ? 1 : helicities->size;
  for (std::size_t sigma = 0; sigma < count; ++sigma) {
    Branches branches = branches_of(record, k2, omega.name, sigma);
    for (std::size_t b = 0; b < branches.values.size(); ++b) {
      Curve curve;
      const bool repeated = std::count(branches.names.begin(), branches.names.end(), branches.names[b]) > 1;
      curve.name = branches.names[b] + (repeated ? fmt::format(" {}", b + 1) : "") + helicity_text(record, sigma);
      curve.colour = static_cast<int>(b);
      curve.line = line_of_helicity[sigma % 3];
      Curve length = curve;
      for (const auto& value : branches.values[b]) {
        const std::complex<double> k = std::sqrt(value);
        curve.values.push_back(std::abs(k.real()) > 1e-12 * std::abs(k) ? std::abs(k.real()) : nan);
        length.values.push_back(k.imag() != 0 ? 1 / std::abs(k.imag()) : nan);
      }
      real.curves.push_back(std::move(curve));
      decay.curves.push_back(std::move(length));
    }
  }
  return {decay, real};
}

}  // namespace

std::vector<Figure> modes_figures(const Record& record) {
  const Quantity* omega = record.find("omega");
  const Dimension* k = find_dimension(record, "k");
  if (omega != nullptr && k != nullptr && !k->values.empty() && has_dimension(*omega, "k")) {
    return dispersion_figures(record, *omega, *k);
  }
  const Quantity* k2 = record.find("k2");
  const Dimension* frequency = find_dimension(record, "omega");
  if (k2 != nullptr && frequency != nullptr && !frequency->values.empty()) {
    return wavenumber_figures(record, *k2, *frequency);
  }
  return {};
}

double resonance_frequency(const Record& record, const Quantity& omega, std::map<std::string, std::size_t> at) {
  double highest = 0;
  for (std::size_t mode = 0; mode < record.size_of("mode"); ++mode) {
    at["mode"] = mode;
    const std::complex<double> value = value_at(record, omega, at);
    if (std::abs(value.real()) > 1e-9 * std::abs(value)) highest = std::max(highest, value.real());
  }
  return highest;
}

std::vector<Figure> swept_modes_figures(const Record& record) {
  const Quantity* omega = record.find("omega");
  const Quantity* law = record.find("undamped_frequency");
  const Dimension* helicities = find_dimension(record, "sigma");
  const Dimension* k = find_dimension(record, "k");
  const std::vector<const Dimension*> axes = sweep_axes(record);
  const Dimension* axis = longest_axis(axes);
  if (omega == nullptr || axis == nullptr || axis->size < 2 || !has_dimension(*omega, "mode")) return {};
  Figure figure;
  figure.title = "Resonance frequencies";
  figure.caption = "Re ω/2π of the mode that oscillates, Re ω > 0";
  if (k != nullptr && !k->values.empty()) figure.caption += ", at " + place_text(*k, 0);
  for (const Dimension* other : axes) {
    if (other != axis) figure.caption += ", " + place_text(*other, 0);
  }
  figure.caption += ". A mode of helicity σ at Re ω < 0 is the mode of helicity −σ at Re ω > 0 and is not drawn again.";
  if (law != nullptr) {
    figure.caption +=
        " Dotted: the law without damping and without m, ω(ω + σΩ) = ω₀² + v²k², Eqs. (37), (38) in a field; at k = 0 "
        "the product of the two lines σ = ±1 is ω₀², whatever the field.";
  }
  figure.x = axis->values;
  figure.x_axis = axis_of(*axis);
  figure.y_axis = {"Re ω/2π", "Hz", false};
  std::vector<Curve> laws;
  for (std::size_t sigma = 0; sigma < (helicities == nullptr ? 1 : helicities->size); ++sigma) {
    const std::string suffix = helicity_text(record, sigma);
    const int colour = static_cast<int>(sigma);
    Curve line{"resonance" + suffix, std::vector<double>(axis->size, nan), colour, Line::solid, false, false};
    Curve undamped{"law" + suffix, line.values, 6, Line::dotted, false, false};
    for (std::size_t i = 0; i < axis->size; ++i) {
      const std::map<std::string, std::size_t> at = {{axis->name, i}, {"sigma", sigma}};
      const double frequency = resonance_frequency(record, *omega, at);
      if (frequency > 0) line.values[i] = frequency / (2 * constants::pi);
      if (law != nullptr) undamped.values[i] = value_at(record, *law, at).real() / (2 * constants::pi);
    }
    figure.curves.push_back(std::move(line));
    if (law != nullptr) laws.push_back(std::move(undamped));
  }
  for (Curve& curve : laws) figure.curves.push_back(std::move(curve));
  return {figure};
}

}  // namespace vitrispin::io
