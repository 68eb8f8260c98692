#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "vitrispin/io/input_sections.hpp"

/// Rules that tie parts of the input together.
namespace vitrispin::io {
namespace {

using physics::AccumulationBoundary;
using physics::Boundary;
using physics::MaterialKind;
using physics::TwistBoundary;

/// Sines of angles below this count as parallel: rounding of vectors given to nine digits.
constexpr double parallel_tolerance = 1e-9;

struct NamedVector {
  std::string path;
  Vector3<double> value;
};

/// Length without overflow or underflow of the squares.
double length(const Vector3<double>& v) {
  return std::hypot(v.x(), v.y(), v.z());
}

}  // namespace

bool is_parallel(const Vector3<double>& a, const Vector3<double>& b) {
  const double scale_a = length(a);
  const double scale_b = length(b);
  if (scale_a == 0 || scale_b == 0) return true;
  const auto unit_a = Vector3<double>(a.x() / scale_a, a.y() / scale_a, a.z() / scale_a);
  const auto unit_b = Vector3<double>(b.x() / scale_b, b.y() / scale_b, b.z() / scale_b);
  return length(cross(unit_a, unit_b)) <= parallel_tolerance;
}

namespace {

std::string shown(const Vector3<double>& v) {
  return fmt::format("[{}, {}, {}]", v.x(), v.y(), v.z());
}

/// Complains about the first vector that is not parallel to the first nonzero one; returns the latter.
std::optional<Vector3<double>> common_axis(const std::vector<NamedVector>& vectors, const std::string& who,
                                           std::vector<Problem>& problems) {
  const NamedVector* axis = nullptr;
  for (const NamedVector& vector : vectors) {
    if (length(vector.value) == 0) continue;
    if (!axis) {
      axis = &vector;
    } else if (!is_parallel(axis->value, vector.value)) {
      problems.push_back(
          {vector.path, fmt::format("{} = {} A/m is not parallel to {} = {} A/m: {} is linear about M_eq along "
                                    "one axis, so H and every M0 must be parallel",
                                    vector.path, shown(vector.value), axis->path, shown(axis->value), who)});
    }
  }
  return axis ? std::optional(axis->value) : std::nullopt;
}

void check_transverse(const Boundary& boundary, const std::string& side, const Vector3<double>& axis,
                      std::vector<Problem>& problems) {
  if (boundary.accumulation != AccumulationBoundary::current) return;
  for (const bool real : {true, false}) {
    Vector3<double> part;
    for (std::size_t i = 0; i < 3; ++i) part[i] = real ? boundary.current[i].real() : boundary.current[i].imag();
    if (is_parallel(part, axis)) continue;
    problems.push_back(
        {fmt::format("boundary.{}.current", side),
         fmt::format("the current {} A/s has a part transverse to {}: the outermost layer is a ferromagnet, which "
                     "carries longitudinal spin only",
                     shown(part), shown(axis))});
    return;
  }
}

void check_face(const Boundary& boundary, const physics::Layer& layer, const std::string& side,
                const Vector3<double>& axis, std::vector<Problem>& problems) {
  const std::string path = "boundary." + side;
  if (layer.material.kind == MaterialKind::ferromagnet) check_transverse(boundary, side, axis, problems);
  if (layer.material.has_texture()) return;
  const std::string kind = physics::to_string(layer.material.kind);
  if (boundary.mixing != 0) {
    problems.push_back(
        {path + ".mixing", fmt::format("mixing = {} m-2 couples to theta, which layer {} (a {}) does not have: "
                                       "mixing belongs to a face of a spin glass",
                                       boundary.mixing, layer.name, kind)});
  }
  if (boundary.twist != TwistBoundary::free) {
    problems.push_back(
        {path + ".twist",
         fmt::format("twist acts on theta, which layer {} (a {}) does not have: leave it out", layer.name, kind)});
  }
}

void check_contact(const Boundary& boundary, const std::string& side, std::vector<Problem>& problems) {
  const std::string path = joined_path({"boundary", side});
  if (boundary.mixing == 0 || boundary.twist == TwistBoundary::free) return;
  problems.push_back(
      {path + ".twist",
       fmt::format("twist is prescribed, but the contact's mixing = {} m-2 sets the torque on theta: leave out one "
                   "of the two",
                   boundary.mixing)});
}

const NamedMaterial* find_material(const Input& input, const std::string& name) {
  for (const NamedMaterial& material : input.materials) {
    if (material.name == name) return &material;
  }
  return nullptr;
}

std::string material_of(const Experiment& experiment) {
  if (const auto* modes = std::get_if<ModesExperiment>(&experiment.body)) return modes->material;
  if (const auto* response = std::get_if<ResponseExperiment>(&experiment.body)) return response->material;
  if (const auto* perturbation = std::get_if<PerturbationExperiment>(&experiment.body)) return perturbation->material;
  return {};
}

bool uses_layers(const Experiment& experiment) {
  return experiment.kind == "steady" || experiment.kind == "harmonic";
}

bool is_real(const physics::ComplexVector& v) {
  return v[0].imag() == 0 && v[1].imag() == 0 && v[2].imag() == 0;
}

void check_real_drives(const Input& input, const std::string& experiment, const char* what,
                       std::vector<Problem>& problems) {
  for (const char* side : {"left", "right"}) {
    const Boundary& boundary = side[0] == 'l' ? input.stack.left : input.stack.right;
    const auto check = [&](const char* key, const physics::ComplexVector& value) {
      if (is_real(value)) return;
      problems.push_back(
          {fmt::format("boundary.{}.{}", side, key),
           fmt::format("{} has a complex amplitude, but experiment {} {}: only a harmonic experiment has phases", key,
                       experiment, what)});
    };
    check("current", boundary.current);
    check("potential", boundary.potential);
    check("twist", boundary.torque);
  }
}

std::vector<NamedVector> vectors_of(const Input& input, const std::vector<std::string>& materials) {
  std::vector<NamedVector> vectors{{"field.H", input.stack.H}};
  for (const std::string& name : materials) {
    const NamedMaterial* material = find_material(input, name);
    if (material) vectors.push_back({joined_path({"materials", name, "M0"}), material->material.remanence});
  }
  return vectors;
}

void check_material_experiment(const Input& input, const Experiment& experiment, std::vector<Problem>& problems) {
  const NamedMaterial* material = find_material(input, material_of(experiment));
  if (!material) return;
  common_axis(vectors_of(input, {material->name}), "experiment " + experiment.name, problems);
  const MaterialKind kind = material->material.kind;
  const std::string path = joined_path({"experiments", experiment.name});
  if (experiment.kind == "perturbation" && kind != MaterialKind::spin_glass) {
    problems.push_back({path + ".material", fmt::format("material = \"{}\" is a {}, but {} needs a spin glass",
                                                        material->name, physics::to_string(kind), experiment.kind)});
  }
  const auto* modes = std::get_if<ModesExperiment>(&experiment.body);
  const auto* response = std::get_if<ResponseExperiment>(&experiment.body);
  const std::vector<int>* sigma = modes ? &modes->sigma : response ? &response->sigma : nullptr;
  if (sigma && kind == MaterialKind::ferromagnet && *sigma != std::vector<int>{0}) {
    problems.push_back(
        {path + ".sigma", fmt::format("material = \"{}\" is a ferromagnet, which carries longitudinal spin only: "
                                      "sigma must be [0]",
                                      material->name)});
  }
}

}  // namespace

void check_common_axis(const Input& input, const std::vector<std::string>& materials, const std::string& who,
                       std::vector<Problem>& problems) {
  common_axis(vectors_of(input, materials), who, problems);
}

void check_mixing(const physics::Material<double>& first, const std::string& first_name,
                  const physics::Material<double>& second, const std::string& second_name, double mixing,
                  const std::string& path, std::vector<Problem>& problems) {
  if (mixing == 0) return;
  const bool fits = (first.has_texture() && second.kind == MaterialKind::metal) ||
                    (second.has_texture() && first.kind == MaterialKind::metal);
  if (fits) return;
  problems.push_back(
      {path, fmt::format("mixing = {} m-2 exists between a spin glass and a metal only; {} is a {} and {} a {}", mixing,
                         first_name, physics::to_string(first.kind), second_name, physics::to_string(second.kind))});
}

std::vector<Problem> broken_stack_rules(const Input& input) {
  std::vector<Problem> problems;
  const physics::Stack& stack = input.stack;
  check_contact(stack.left, "left", problems);
  check_contact(stack.right, "right", problems);
  for (std::size_t f = 2; f < physics::face_names.size(); ++f) {
    check_contact(input.geometry.faces[f - 2], physics::face_names[f], problems);
  }
  for (std::size_t p = 0; p < input.geometry.patches.size(); ++p) {
    check_contact(input.geometry.patches[p].boundary, patch_key(input.geometry, p), problems);
  }
  check_geometry(input, problems);
  if (stack.layers.empty()) return problems;
  std::vector<Problem> untold;
  std::vector<std::string> names;
  for (const physics::Layer& layer : stack.layers) names.push_back(layer.material_name);
  const auto axis = common_axis(vectors_of(input, names), "", untold).value_or(Vector3<double>(0, 0, 1));
  // While a file is read, a layer's material may be faulty; its faults are told already.
  const auto known = [&](const physics::Layer& layer) { return find_material(input, layer.material_name) != nullptr; };
  // On a grid regions and patches decide what a face meets.
  const bool line = input.geometry.dimensions() == 1;
  if (line && known(stack.layers.front())) check_face(stack.left, stack.layers.front(), "left", axis, problems);
  if (line && known(stack.layers.back())) check_face(stack.right, stack.layers.back(), "right", axis, problems);
  for (std::size_t i = 0; i + 1 < stack.layers.size() && i < stack.interfaces.size(); ++i) {
    if (!known(stack.layers[i]) || !known(stack.layers[i + 1])) continue;
    const physics::Layer& left = stack.layers[i];
    const physics::Layer& right = stack.layers[i + 1];
    check_mixing(left.material, left.name, right.material, right.name, stack.interfaces[i].mixing,
                 joined_path({"interfaces", left.name + "|" + right.name, "mixing"}), problems);
  }
  return problems;
}

std::vector<Problem> broken_experiment_rules(const Input& input) {
  std::vector<Problem> problems;
  std::vector<std::string> layer_materials;
  for (const physics::Layer& layer : input.stack.layers) layer_materials.push_back(layer.material_name);
  bool stack_checked = false;
  for (const Experiment& experiment : input.experiments) {
    if (experiment.kind == "atoms") continue;
    if (experiment.kind == "time") {
      check_time_experiment(input, experiment, problems);
      check_real_drives(input, experiment.name, "is in real time", problems);
      continue;
    }
    if (!uses_layers(experiment)) {
      check_material_experiment(input, experiment, problems);
      continue;
    }
    if (input.stack.layers.empty()) {
      problems.push_back(
          {joined_path({"experiments", experiment.name}),
           fmt::format("experiment {} is {}, which needs layers: add [[layers]]", experiment.name, experiment.kind)});
    }
    if (experiment.kind == "steady") check_real_drives(input, experiment.name, "is steady", problems);
    if (!stack_checked) common_axis(vectors_of(input, layer_materials), "experiment " + experiment.name, problems);
    stack_checked = true;
  }
  return problems;
}

}  // namespace vitrispin::io
