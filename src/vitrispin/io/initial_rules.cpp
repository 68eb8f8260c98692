#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "vitrispin/io/input_sections.hpp"
#include "vitrispin/io/printable.hpp"

/// Rules that tie the state at the start of a time experiment to the rest of the file.
namespace vitrispin::io {
namespace {

std::set<std::string> materials_in_space(const Input& input) {
  std::set<std::string> names;
  for (const physics::Layer& layer : input.stack.layers) names.insert(layer.material_name);
  for (const physics::Region& region : input.geometry.regions) {
    if (!region.is_vacuum()) names.insert(region.material_name);
  }
  return names;
}

/// A mode belongs to one material, about its equilibrium along one axis.
void check_mode(const Input& input, const InitialChange& change, const std::string& who, const std::string& path,
                std::vector<Problem>& problems) {
  const std::set<std::string> names = materials_in_space(input);
  if (names.size() > 1) {
    problems.push_back({path, fmt::format("a mode is one of a uniform material, but there are {} and {}: use one "
                                          "material, or give the state by bumps",
                                          printable(*names.begin()), printable(*std::next(names.begin())))});
    return;
  }
  const auto found = std::find_if(input.materials.begin(), input.materials.end(),
                                  [&](const NamedMaterial& material) { return names.contains(material.name); });
  if (found == input.materials.end()) return;  // told when it was read
  const physics::Material<double>& material = found->material;
  check_common_axis(input, {found->name}, "the mode at the start of experiment " + who, problems);
  if (!material.has_texture()) {
    const bool pair = material.has_equilibrium_magnetization();
    if (change.mode > (pair ? 1U : 0U)) {
      problems.push_back(
          {path, fmt::format("mode = {} does not exist in {}, a {}: it has {}", change.mode, printable(found->name),
                             physics::to_string(material.kind), pair ? "modes 0 and 1" : "mode 0 alone")});
    }
    return;
  }
  if (material.anisotropy + material.spin_stiffness * change.k * change.k > 0) return;
  problems.push_back({path, fmt::format("k = {} rad/m leaves theta without energy, K + rho_s k^2 = 0, so that the "
                                        "amplitude of a mode is not defined: choose another k, or K > 0",
                                        change.k)});
}

}  // namespace

void check_initial(const Input& input, const Experiment& experiment, std::vector<Problem>& problems) {
  const std::string path = joined_path({"experiments", experiment.name}) + ".initial";
  const std::size_t dimensions = input.geometry.dimensions();
  for (const InitialChange& change : std::get<TimeExperiment>(experiment.body).initial) {
    if (change.shape == InitialChange::Shape::mode) check_mode(input, change, experiment.name, path, problems);
    if (change.directions <= dimensions) continue;
    problems.push_back({path, fmt::format("center has {} numbers, but the file has {} dimension{}", change.directions,
                                          dimensions, dimensions == 1 ? "" : "s")});
  }
}

}  // namespace vitrispin::io
