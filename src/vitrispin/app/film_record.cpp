#include "vitrispin/app/film_record.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "vitrispin/film/balance.hpp"
#include "vitrispin/film/detector.hpp"
#include "vitrispin/film/small_angles.hpp"
#include "vitrispin/physics/characteristic.hpp"
#include "vitrispin/physics/conversions.hpp"

namespace vitrispin::app {
namespace {

using Heading = FilmColumns::Heading;

using film::Complex;
using film::ComplexVector;
using film::Side;
using film::SpinCurrent;

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
constexpr int angle_steps = 8;             // intervals per layer in which the largest angle is sought
constexpr int rotating_angle_steps = 128;  // in a rotating group cubics between the nodes serve
const std::vector<std::string> per_component{"component"};

/// J and its two parts under `name`, `name_m`, `name_theta`.
void append_current(FilmColumns& columns, const std::string& name, const std::string& where,
                    const SpinCurrent& current) {
  columns.append([&] { return Heading{name, "", "A s-1", "Spin current " + where, "", per_component}; },
                 current.total());
  columns.append(
      [&] { return Heading{name + "_m", "", "A s-1", "Diffusive spin current " + where, "", per_component}; },
      current.m);
  columns.append(
      [&] { return Heading{name + "_theta", "", "A s-1", "Spin current of the texture " + where, "", per_component}; },
      current.theta);
}

void append_faces(FilmColumns& columns, const physics::Stack& stack, const film::FilmState& state) {
  const std::size_t last = stack.layers.size() - 1;
  const SpinCurrent in = spin_current(state, 0, Side::left);
  const SpinCurrent out = spin_current(state, last, Side::right);
  append_current(columns, "current_in", "through the left face", in);
  append_current(columns, "current_out", "through the right face", out);
  columns.append(
      [&] {
        return Heading{
            "transmission", "", "1", "Spin current out over in", "no spin current enters at the left face", {}};
      },
      std::vector{film::transmission(in.total(), out.total())});
  columns.append(
      [&] {
        return Heading{"transmission_m",
                       "",
                       "1",
                       "Diffusive spin current out over in",
                       "no diffusive spin current enters at the left face",
                       {}};
      },
      std::vector{film::transmission(in.m, out.m)});
  const double gamma_in = film::gamma_at_interface(stack, 0);
  const double gamma_out = film::gamma_at_interface(stack, last);
  columns.append(
      [&] {
        return Heading{"angular_momentum_current_in",
                       "",
                       "J m-2",
                       "Angular-momentum current -J/gamma through the left face",
                       "",
                       per_component};
      },
      physics::angular_momentum_current(in.total(), gamma_in));
  columns.append(
      [&] {
        return Heading{"angular_momentum_current_out",
                       "",
                       "J m-2",
                       "Angular-momentum current -J/gamma through the right face",
                       "",
                       per_component};
      },
      physics::angular_momentum_current(out.total(), gamma_out));
}

void append_interfaces(FilmColumns& columns, const physics::Stack& stack, const film::FilmState& state) {
  const ComplexVector in = spin_current(state, 0, Side::left).total();
  for (std::size_t i = 0; i + 1 < stack.layers.size(); ++i) {
    const std::string name = stack.layers[i].name + "|" + stack.layers[i + 1].name;
    const SpinCurrent current = spin_current(state, i, Side::right);
    const std::string where = " at interface " + name;
    columns.append(
        [&] { return Heading{name, "interface_current", "A s-1", "Spin current" + where, "", per_component}; },
        current.total());
    columns.append(
        [&] {
          return Heading{name, "interface_current_m", "A s-1", "Diffusive spin current" + where, "", per_component};
        },
        current.m);
    columns.append(
        [&] {
          return Heading{name,         "interface_current_theta", "A s-1", "Spin current of the texture" + where, "",
                         per_component};
        },
        current.theta);
    columns.append(
        [&] {
          return Heading{name,    "interface_angular_momentum_current",
                         "J m-2", "Angular-momentum current -J/gamma" + where,
                         "",      per_component};
        },
        physics::angular_momentum_current(current.total(), film::gamma_at_interface(stack, i)));
    columns.append(
        [&] {
          return Heading{name,
                         "interface_transmission",
                         "1",
                         "Spin current" + where + " over that in",
                         "no spin current enters at the left face",
                         {}};
        },
        std::vector{film::transmission(in, current.total())});
  }
}

void append_detectors(FilmColumns& columns, const physics::Stack& stack, const film::FilmState& state) {
  for (std::size_t i = 0; i < stack.layers.size(); ++i) {
    const physics::Layer& layer = stack.layers[i];
    if (!film::is_detector(layer.material)) continue;
    const auto reading = film::detector_reading(state, layer, i);
    const std::string group = "detector." + layer.name;
    columns.append(
        [&] {
          return Heading{"mean_current", group, "A s-1", "Spin current averaged over detector " + layer.name, "",
                         per_component};
        },
        reading.mean_current);
    columns.append(
        [&] {
          return Heading{"mean_angular_momentum_current",
                         group,
                         "J m-2",
                         "Angular-momentum current averaged over detector " + layer.name,
                         "",
                         per_component};
        },
        reading.angular_momentum);
    columns.append(
        [&] {
          return Heading{"inverse_spin_hall_field",
                         group,
                         "V m-1",
                         "Inverse spin Hall voltage per metre of detector " + layer.name,
                         "",
                         per_component};
        },
        reading.inverse_spin_hall);
  }
}

void append_balance(FilmColumns& columns, const film::FilmState& state) {
  const film::Balance balance = film::balance(state);
  columns.append([&] { return Heading{"in", "balance", "A s-1", "Spin current in", "", per_component}; }, balance.in);
  columns.append([&] { return Heading{"out", "balance", "A s-1", "Spin current out", "", per_component}; },
                 balance.out);
  columns.append(
      [&] { return Heading{"relaxed", "balance", "A s-1", "Spin current lost to the lattice", "", per_component}; },
      balance.relaxed);
  columns.append([&] { return Heading{"residual", "balance", "A s-1", "in - out - relaxed", "", per_component}; },
                 balance.residual);
}

/// The largest angles need nodes inside the layers; the currents come from the solution without them.
std::vector<double> append_angles(FilmColumns& columns, const physics::Stack& stack, const film::FilmState& state) {
  std::vector<double> largest;
  if (state.groups.empty()) return largest;
  std::vector<int> steps;
  for (const auto& layer : stack.layers) steps.push_back(layer.material.has_texture() ? angle_steps : 1);
  for (const film::TextureGroup& group : state.groups) {
    if (group.motion != film::TwistMotion::rotating) continue;
    for (std::size_t i = group.first; i <= group.last; ++i) steps[i] = rotating_angle_steps;
  }
  const film::FilmState fine = film::solve_film(stack, state.omega, steps);
  std::vector<Complex> rates, angles, scale, verdict;
  for (const film::TextureGroup& group : state.groups) {
    const auto w = film::rotation(state, group);
    for (std::size_t c = 0; c < 3; ++c) rates.emplace_back(w[c]);
    largest.push_back(film::largest_angle(fine, group));
    angles.emplace_back(largest.back());
    verdict.emplace_back(largest.back() <= film::small_angle_limit ? 1.0 : 0.0);
    scale.emplace_back(largest.back() > 0 ? film::small_angle_limit / largest.back() : undefined);
  }
  const ComplexVector in = spin_current(state, 0, Side::left).total();
  const double drive = film::largest_over_phase(in);
  std::vector<Complex> critical;
  for (const Complex& factor : scale) critical.push_back(drive > 0 ? drive * factor : undefined);
  columns.append(
      [&] {
        return Heading{"rotation",
                       "",
                       "rad s-1",
                       "Rotation rate of the texture",
                       "rho_s = 0: every point of the texture turns at its own rate",
                       {"group", "component"},
                       true};
      },
      rates);
  const std::string unbounded =
      "rho_s = 0: every point of the texture turns at its own rate, angles grow without bound";
  columns.append(
      [&] {
        return Heading{"largest_angle", "", "rad", "Largest rotation angle of the texture", unbounded, {"group"}, true};
      },
      angles);
  columns.append(
      [&] {
        return Heading{"small_angle_factor",
                       "",
                       "1",
                       "Factor on all drives at which the largest angle is 0.3 rad",
                       "the texture is not turned, or rho_s = 0 and its angles grow without bound",
                       {"group"},
                       true};
      },
      scale);
  columns.append(
      [&] {
        return Heading{"critical_current",
                       "",
                       "A s-1",
                       "Current in at which the largest angle is 0.3 rad",
                       "the texture is not turned, no spin current enters at the left face, or rho_s = 0 and angles "
                       "grow without bound",
                       {"group"},
                       true};
      },
      critical);
  return largest;
}

}  // namespace

io::Quantity quantity(FilmColumns::Heading heading, std::vector<std::string> dimensions) {
  io::Quantity result;
  result.name = std::move(heading.name);
  result.dimensions = std::move(dimensions);
  result.unit = std::move(heading.unit);
  result.long_name = std::move(heading.long_name);
  result.reason = std::move(heading.reason);
  result.in_summary = heading.in_summary;
  result.group = std::move(heading.group);
  return result;
}

void FilmColumns::append_values(std::vector<Complex>& column, const Complex* values, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) column.push_back(values[i] + Complex(0, 0));  // no negative zeros
}

void FilmColumns::flush(io::Record& record, const std::vector<std::string>& leading, bool real) {
  if (brief_ && sweep_->size() != columns_.size()) {
    throw std::logic_error(fmt::format("the points of a sweep differ in shape: {} columns, {} at the first point",
                                       columns_.size(), sweep_->size()));
  }
  if (sweep_ != nullptr && !brief_) {
    for (const Column& column : columns_) sweep_->push_back(column.heading);
  }
  record.quantities.reserve(record.quantities.size() + columns_.size());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    Column& column = columns_[i];
    const Heading& heading = brief_ ? (*sweep_)[i] : column.heading;
    io::Quantity result;
    if (real || heading.always_real) {
      io::RealArray array;
      array.values.reserve(column.values.size());
      for (const Complex& value : column.values) array.values.push_back(value.real());
      result.data = std::move(array);
    } else {
      result.data = io::ComplexArray{std::move(column.values)};
    }
    if (brief_) {  // units, names and dimensions of a sweep are those of its first point
      result.name = heading.name;
      result.group = heading.group;
      if (!io::is_finite(result)) result.reason = heading.reason;
      record.quantities.push_back(std::move(result));
      continue;
    }
    std::vector<std::string> dimensions = leading;
    dimensions.insert(dimensions.end(), heading.dimensions.begin(), heading.dimensions.end());
    auto data = std::move(result.data);
    result = quantity(std::move(column.heading), std::move(dimensions));
    result.data = std::move(data);
    record.add(std::move(result));
  }
  columns_.clear();
  next_ = 0;
}

void describe_film(io::Record& record, const physics::Stack& stack) {
  io::Dimension layers{"layer", stack.layers.size(), {}, {}, "", "Layer"};
  for (const auto& layer : stack.layers) layers.labels.push_back(layer.name);
  record.add_dimension(std::move(layers));
  record.add_dimension({"sigma", 3, {-1, 0, 1}, {}, "1", "Helicity"});
  record.add_dimension({"component", 3, {}, {"x", "y", "z"}, "", "Cartesian component"});

  io::RealArray twist;
  for (const auto& layer : stack.layers) {
    const auto& material = layer.material;
    const bool defined = material.has_texture() && material.anisotropy > 0;
    twist.values.push_back(defined ? physics::twist_length(material) : undefined);
  }
  io::Quantity lengths = quantity({"twist_length",
                                   "",
                                   "m",
                                   "Twist length sqrt(rho_s/K)",
                                   "infinite for K = 0; a layer without texture has none",
                                   {}},
                                  {"layer"});
  lengths.data = std::move(twist);
  record.add(std::move(lengths));

  const auto groups = film::texture_groups(stack);
  std::string layers_of_group;
  io::TextArray regimes;
  for (const auto& group : groups) {
    regimes.values.emplace_back(to_string(group.motion));
    std::string members;
    for (std::size_t i = group.first; i <= group.last; ++i)
      members += fmt::format("{}{}", members.empty() ? "" : ",", i);
    layers_of_group += fmt::format("{}[{}]", layers_of_group.empty() ? "" : ",", members);
  }
  record.extras.emplace_back("layers_of_group", "[" + layers_of_group + "]");
  if (groups.empty()) {  // netCDF has no dimension without places
    for (const char* name : {"regime", "rotation", "largest_angle"}) record.extras.emplace_back(name, "[]");
    return;
  }
  record.add_dimension({"group", groups.size(), {}, {}, "", "Group of layers with one texture"});
  io::Quantity regime = quantity({"regime", "", "", "State of the texture at dc", "", {}}, {"group"});
  regime.data = std::move(regimes);
  record.add(std::move(regime));
}

std::vector<double> append_state(FilmColumns& columns, const physics::Stack& stack, double omega) {
  const film::FilmState state = film::solve_film(stack, omega);
  append_faces(columns, stack, state);
  append_interfaces(columns, stack, state);
  append_detectors(columns, stack, state);
  append_balance(columns, state);
  return append_angles(columns, stack, state);
}

}  // namespace vitrispin::app
