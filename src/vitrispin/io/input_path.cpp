#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <type_traits>
#include <utility>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/io/input_sections.hpp"
#include "vitrispin/io/material_keys.hpp"
#include "vitrispin/io/printable.hpp"
#include "vitrispin/io/suggestion.hpp"

/// Paths into the file, as in `layers.film.thickness`: what they stand for, and setting a value there.
namespace vitrispin::io {
namespace {

/// Finds what a path stands for; in an Input that is not const, also sets it to a value. One walk for both, so that they
/// cannot disagree.
template <class AnyInput>
class PathWalk {
  static constexpr bool sets = !std::is_const_v<AnyInput>;

public:
  PathWalk(AnyInput& input, const std::string& path, double value = 0)
      : input_(input), parts_(split_path(path)), value_(value) {}

  PathTarget walk() {
    if (parts_.size() < 3) return refuse("a sweep's path has at least three parts, as in layers.film.thickness");
    if (parts_[0] == "materials") return in_material();
    if (parts_[0] == "layers") return in_layer();
    if (parts_[0] == "interfaces") return in_interface();
    if (parts_[0] == "boundary") return in_boundary();
    if (parts_[0] == "field") return in_field();
    if (parts_[0] == "grid") return in_grid();
    const std::vector<std::string> parts{"materials", "layers", "interfaces", "boundary", "field", "grid"};
    return refuse(fmt::format("no part of the file that can be swept is called {}{}; choose {}", printable(parts_[0]),
                              did_you_mean(parts_[0], parts), either(parts)));
  }

private:
  PathTarget refuse(const std::string& message) const { return {nullptr, message}; }

  PathTarget unknown_name(const char* what, const std::vector<std::string>& names) const {
    const std::string known = names.empty() ? fmt::format("; the file has no {}", what) : "; it has " + either(names);
    return refuse(fmt::format("the file has no {} called {}{}{}", what, printable(parts_[1]),
                              did_you_mean(parts_[1], names), printable(known, 300)));
  }

  /// The rule of the last key, with its component where the key is a vector; complains otherwise.
  PathTarget key_in(const Section& section, std::size_t at) {
    const KeyRule* rule = section.find(parts_[at]);
    std::vector<std::string> keys;
    for (const KeyRule& candidate : section.keys) {
      if (candidate.sweepable) keys.emplace_back(candidate.name);
    }
    if (!rule || !rule->sweepable) {
      return refuse(fmt::format("{} has no number called {}{}; choose {}", section.header, printable(parts_[at]),
                                did_you_mean(parts_[at], keys), either(keys)));
    }
    const bool is_vector = rule->type != ValueType::number;
    if (!is_vector && parts_.size() > at + 1)
      return refuse(fmt::format("{} is one number and has no parts", rule->name));
    if (is_vector) {
      const bool good =
          parts_.size() == at + 2 && (parts_[at + 1] == "x" || parts_[at + 1] == "y" || parts_[at + 1] == "z");
      if (!good) {
        return refuse(fmt::format("{} is a vector: the path ends in one component, {}.x, {}.y or {}.z", rule->name,
                                  rule->name, rule->name, rule->name));
      }
      component_ = static_cast<std::size_t>(parts_[at + 1][0] - 'x');
    }
    return {rule, {}};
  }

  PathTarget in_material() {
    std::vector<std::string> names;
    for (auto& material : input_.materials) {
      if (material.name == parts_[1]) return set_material(material);
      names.push_back(material.name);
    }
    return unknown_name("material", names);
  }

  template <class AnyMaterial>
  PathTarget set_material(AnyMaterial& material) {
    PathTarget target = key_in(schema::material(), 2);
    if constexpr (sets) {
      if (!target.rule) return target;
      if (const MaterialKey* key = find_material_key(target.rule->name)) {
        replace_value(material.specification, *key, value_);
      } else {
        if (!material.specification.M0) material.specification.M0 = Vector3<double>{};
        (*material.specification.M0)[component_] = value_;
      }
    }
    return target;
  }

  PathTarget in_layer() {
    std::vector<std::string> names;
    for (auto& layer : input_.stack.layers) {
      names.push_back(layer.name);
      if (layer.name != parts_[1]) continue;
      PathTarget target = key_in(schema::layer(), 2);
      if constexpr (sets) {
        if (target.rule) layer.thickness = value_;
      }
      return target;
    }
    return unknown_name("layer", names);
  }

  PathTarget in_interface() {
    std::vector<std::string> names;
    const auto& layers = input_.stack.layers;
    for (std::size_t i = 0; i + 1 < layers.size(); ++i) {
      names.push_back(layers[i].name + "|" + layers[i + 1].name);
      if (names.back() != parts_[1]) continue;
      PathTarget target = key_in(schema::interface(), 2);
      auto& face = input_.stack.interfaces[i];
      if constexpr (sets) {
        if (target.rule) value_of(face) = value_;
      }
      return target;
    }
    for (auto& face : input_.geometry.interfaces) {
      names.push_back(face.first + "|" + face.second);
      if (names.back() != parts_[1]) continue;
      PathTarget target = key_in(schema::interface(), 2);
      if constexpr (sets) {
        if (target.rule) value_of(face.interface) = value_;
      }
      return target;
    }
    return unknown_name("interface", names);
  }

  double& value_of(physics::Interface& interface) const {
    return parts_[2] == "mixing"                ? interface.mixing
           : parts_[2] == "thermal_conductance" ? interface.thermal_conductance
                                                : interface.conductance;
  }

  PathTarget in_boundary() {
    auto* found = boundary_called(parts_[1]);
    if (found == nullptr) {
      return refuse(fmt::format("the boundaries are boundary.left and boundary.right{}, not {}",
                                input_.geometry.dimensions() == 1 ? "" : ", the grid's other faces and named patches",
                                printable(parts_[1])));
    }
    auto& face = *found;
    PathTarget target = key_in(schema::boundary(), 2);
    if (!target.rule) return target;
    const std::string& key = parts_[2];
    const bool is_contact = face.accumulation == physics::AccumulationBoundary::contact;
    const bool thermal = key == "temperature" || key == "thermal_conductance";
    const bool fits = thermal            ? face.temperature > 0
                      : key == "twist"   ? face.twist == physics::TwistBoundary::torque
                      : key == "current" ? face.accumulation == physics::AccumulationBoundary::current
                                         : is_contact;
    if (!fits) {
      const char* needed = thermal            ? "the temperature of a bath"
                           : key == "twist"   ? "a torque vector"
                           : key == "current" ? "a current"
                                              : "a contact (conductance)";
      return refuse(fmt::format("boundary.{} does not give {}, so {} cannot be swept", parts_[1], needed, key));
    }
    if constexpr (sets) {
      if (key == "conductance") face.conductance = value_;
      if (key == "mixing") face.mixing = value_;
      if (key == "current") face.current[component_] = value_;
      if (key == "potential") face.potential[component_] = value_;
      if (key == "twist") face.torque[component_] = value_;
      if (key == "temperature") face.temperature = value_;
      if (key == "thermal_conductance") face.thermal_conductance = value_;
    }
    return target;
  }

  auto boundary_called(const std::string& name) -> decltype(&std::declval<AnyInput&>().stack.left) {
    if (name == "left") return &input_.stack.left;
    if (name == "right") return &input_.stack.right;
    for (std::size_t f = 2; f < 2 * input_.geometry.dimensions(); ++f) {
      if (name == physics::face_names[f]) return &input_.geometry.faces[f - 2];
    }
    for (auto& patch : input_.geometry.patches) {
      if (!patch.name.empty() && patch.name == name) return &patch.boundary;
    }
    return nullptr;
  }

  PathTarget in_grid() {
    auto& y = input_.geometry.y;
    auto& z = input_.geometry.z;
    const bool is_y = parts_[1] == "y";
    if ((!is_y && parts_[1] != "z") || (is_y ? y : z).cells == 0) {
      return refuse(fmt::format("the file has no [grid.{}]", printable(parts_[1])));
    }
    PathTarget target = key_in(schema::grid_axis(), 2);
    if constexpr (sets) {
      if (target.rule) (is_y ? y : z).length = value_;
    }
    return target;
  }

  PathTarget in_field() {
    PathTarget target = key_in(schema::field(), 1);
    if constexpr (sets) {
      if (target.rule) input_.stack.H[component_] = parts_[1] == "B" ? value_ / constants::vacuum_permeability : value_;
    }
    return target;
  }

  AnyInput& input_;
  std::vector<std::string> parts_;
  double value_;
  std::size_t component_ = 0;
};

std::string shown_value(const Input& input, const std::string& path, double value) {
  const PathTarget target = find_path(input, path);
  const bool bare = !target.rule || std::string_view(target.rule->unit) == "1";
  return fmt::format("{} = {}{}{}", path, value, bare ? "" : " ", bare ? "" : target.rule->unit);
}

/// Builds a material again and hands it to its layers.
void rebuild(Input& input, NamedMaterial& material, std::vector<std::string>& messages) {
  physics::MaterialBuild build = physics::build_material(material.specification);
  if (!build.violations.empty()) {
    messages.push_back(build.violations.front().message);
    return;
  }
  material.material = build.material;
  if (material.table) {
    TableBuild table = build_table(material);
    if (!table.problems.empty()) {
      messages.push_back(table.problems.front().second);
      return;
    }
    material.table = std::move(table.table);
  }
  const auto hand_over = [&](auto& to) {
    if (to.material_name != material.name) return;
    to.material = material.material;
    to.table = material.table;
  };
  std::for_each(input.stack.layers.begin(), input.stack.layers.end(), hand_over);
  std::for_each(input.geometry.regions.begin(), input.geometry.regions.end(), hand_over);
}

}  // namespace

std::string joined_path(const std::vector<std::string>& parts) {
  std::string path;
  for (const std::string& part : parts) {
    if (!path.empty()) path += '.';
    const bool plain = !part.empty() && part.find_first_of(".\"' ") == std::string::npos;
    path += plain ? part : toml_string(part);
  }
  return path;
}

std::vector<std::string> split_path(const std::string& path) {
  std::vector<std::string> parts(1);
  char quote = 0;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    if (quote != 0) {
      if (c == '\\' && quote == '"' && i + 1 < path.size()) {
        parts.back() += path[++i];
      } else if (c == quote) {
        quote = 0;
      } else {
        parts.back() += c;
      }
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '.') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return quote == 0 ? parts : std::vector<std::string>{};
}

PathTarget find_path(const Input& input, const std::string& path) {
  return PathWalk<const Input>(input, path).walk();
}

Input with_values(const Input& input, const std::vector<std::string>& paths, const std::vector<double>& values_in_si) {
  Input changed = input;
  std::string shown;
  std::vector<std::string> messages;
  for (std::size_t i = 0; i < paths.size() && i < values_in_si.size(); ++i) {
    shown += (i == 0 ? "" : ", ") + shown_value(input, paths[i], values_in_si[i]);
    PathWalk<Input> walk(changed, paths[i], values_in_si[i]);
    const PathTarget target = walk.walk();
    if (!target.rule) {
      messages.push_back(target.problem);
    } else if (!is_allowed(target.rule->allowed, values_in_si[i])) {
      messages.push_back(fmt::format("{} {}", target.rule->name, describe(target.rule->allowed)));
    }
  }
  // Only the whole has to be valid: chi_m and chi_M may cross on the way when both are swept.
  for (NamedMaterial& material : changed.materials) rebuild(changed, material, messages);
  for (const Problem& problem : broken_stack_rules(changed)) messages.push_back(problem.message);
  for (const Problem& problem : broken_experiment_rules(changed)) messages.push_back(problem.message);
  if (messages.empty()) return changed;
  throw InputError(
      {Fault{{}, 0, 0, paths.empty() ? "" : paths.front(), fmt::format("{}: {}", shown, messages.front())}});
}

Input with_value(const Input& input, const std::string& path, double value_in_si) {
  return with_values(input, {path}, {value_in_si});
}

}  // namespace vitrispin::io
