#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vitrispin/io/input_sections.hpp"
#include "vitrispin/io/printable.hpp"

/// Rules that tie time experiments to the rest of the file.
namespace vitrispin::io {
namespace {

using physics::AccumulationBoundary;
using physics::DriveTarget;

/// Probes and lines lie in the box.
void check_places(const Input& input, const TimeExperiment& time, const std::string& path, double length,
                  std::vector<Problem>& problems) {
  const physics::Geometry& geometry = input.geometry;
  std::array<std::pair<double, double>, 3> box{std::pair{0.0, length}, std::pair{0.0, geometry.y.length},
                                               std::pair{0.0, geometry.z.length}};
  for (const physics::Region& region : geometry.regions) {
    if (std::isfinite(region.ranges[0].from)) box[0].first = std::min(box[0].first, region.ranges[0].from);
    if (std::isfinite(region.ranges[0].to)) box[0].second = std::max(box[0].second, region.ranges[0].to);
  }
  const auto check = [&](const char* key, const char* what, const Vector3<double>& place, std::size_t a) {
    const double slack = 1e-12 * (box[a].second - box[a].first);
    if (place[a] >= box[a].first - slack && place[a] <= box[a].second + slack) return;
    problems.push_back(
        {path + key, fmt::format("a {} at {} = {} m is outside the {}, which reaches from {} to {} m", what, "xyz"[a],
                                 place[a], geometry.dimensions() == 1 ? "stack" : "box", box[a].first, box[a].second)});
  };
  for (const Vector3<double>& probe : time.probes) {
    for (std::size_t a = 0; a < geometry.dimensions(); ++a) check(".probes", "probe", probe, a);
  }
  for (const LineCut& cut : time.cuts) {
    for (std::size_t a = 0; a < geometry.dimensions(); ++a) {
      if (a != cut.axis) check(".cuts", "line", cut.place, a);
    }
  }
}

/// Contact nodes exist on a line alone.
void check_no_mixing(const Input& input, const std::string& experiment, std::vector<Problem>& problems) {
  const auto check = [&](double mixing, const std::vector<std::string>& path) {
    if (mixing == 0) return;
    problems.push_back(
        {joined_path(path), fmt::format("mixing = {} m-2 belongs to one dimension, but experiment {} is on a grid of "
                                        "{}: leave it out",
                                        mixing, experiment, input.geometry.dimensions() == 2 ? "two" : "three")});
  };
  for (std::size_t f = 0; f < physics::face_names.size(); ++f) {
    check(find_boundary(input, physics::face_names[f])->mixing, {"boundary", physics::face_names[f], "mixing"});
  }
  for (std::size_t p = 0; p < input.geometry.patches.size(); ++p) {
    check(input.geometry.patches[p].boundary.mixing, {"boundary", patch_key(input.geometry, p), "mixing"});
  }
  const auto& layers = input.stack.layers;
  for (std::size_t i = 0; i + 1 < layers.size() && i < input.stack.interfaces.size(); ++i) {
    check(input.stack.interfaces[i].mixing, {"interfaces", layers[i].name + "|" + layers[i + 1].name, "mixing"});
  }
  for (const physics::NamedInterface& named : input.geometry.interfaces) {
    check(named.interface.mixing, {"interfaces", named.first + "|" + named.second, "mixing"});
  }
}

/// Heat needs to know what the materials hold and conduct.
void check_heat(const Input& input, const Experiment& experiment, std::vector<Problem>& problems) {
  std::vector<std::string> used;
  for (const physics::Layer& layer : input.stack.layers) used.push_back(layer.material_name);
  for (const physics::Region& region : input.geometry.regions) {
    if (!region.is_vacuum()) used.push_back(region.material_name);
  }
  const double start = *std::get<TimeExperiment>(experiment.body).temperature;
  for (const NamedMaterial& material : input.materials) {
    if (std::find(used.begin(), used.end(), material.name) == used.end()) continue;
    if (!(material.material.heat_capacity > 0)) {
      problems.push_back({joined_path({"materials", material.name}),
                          fmt::format("C is missing in material {}: experiment {} follows heat, which needs its heat "
                                      "capacity (J m-3 K-1)",
                                      printable(material.name), printable(experiment.name))});
    }
    if (material.table && !material.table->holds(start)) {
      problems.push_back(
          {joined_path({"experiments", experiment.name, "heat"}),
           fmt::format("temperature = {} K is outside the table of material {}, which goes from {} to {} K", start,
                       printable(material.name), material.table->T.front(), material.table->T.back())});
    }
  }
}

}  // namespace

void check_time_experiment(const Input& input, const Experiment& experiment, std::vector<Problem>& problems) {
  const auto& time = std::get<TimeExperiment>(experiment.body);
  const std::string path = joined_path({"experiments", experiment.name});
  const auto& layers = input.stack.layers;
  if (layers.empty()) {
    problems.push_back(
        {path, fmt::format("experiment {} is in time, which needs layers: add [[layers]]", experiment.name)});
    return;
  }
  double length = 0;
  for (const physics::Layer& layer : layers) {
    length += layer.thickness;
    const std::string layer_path = joined_path({"layers", layer.name});
    if (layer.cells == 0) {
      problems.push_back({layer_path, fmt::format("cells is missing in layer {}: experiment {} is on a grid",
                                                  layer.name, experiment.name)});
    }
  }
  check_places(input, time, path, length, problems);
  check_initial(input, experiment, problems);
  check_exact(input, experiment, problems);
  check_ferromagnets(input, experiment, problems);
  if (time.temperature) check_heat(input, experiment, problems);
  if (input.geometry.dimensions() > 1) check_no_mixing(input, experiment.name, problems);
  for (const physics::Drive& drive : time.drives) {
    const bool left = drive.target == DriveTarget::left_current || drive.target == DriveTarget::left_potential;
    const bool current = drive.target == DriveTarget::left_current || drive.target == DriveTarget::right_current ||
                         drive.target == DriveTarget::face_current;
    if (drive.target == DriveTarget::field) continue;
    if (drive.target == DriveTarget::anisotropy) {
      const bool used = std::any_of(layers.begin(), layers.end(), [&](const physics::Layer& layer) {
        return layer.material_name == drive.material && layer.material.has_texture();
      });
      if (!used) {
        problems.push_back({path + ".drives", fmt::format("no layer is a spin glass of material {}, whose K is driven",
                                                          printable(drive.material))});
      }
      continue;
    }
    const std::string name = !drive.face.empty() ? drive.face : left ? "left" : "right";
    const physics::Boundary* found = find_boundary(input, name);
    if (found == nullptr) continue;  // told when it was read
    const physics::Boundary& face = *found;
    const auto needed = current ? AccumulationBoundary::current : AccumulationBoundary::contact;
    if (face.accumulation == needed) continue;
    problems.push_back(
        {path + ".drives", fmt::format("boundary.{0}.{1} is driven, but boundary.{0} gives no {2}: add {2} = {3}",
                                       printable(name), current ? "current" : "potential",
                                       current ? "current" : "conductance", current ? "[0, 0, 0]" : "inf")});
  }
}

}  // namespace vitrispin::io
