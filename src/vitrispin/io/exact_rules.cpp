#include <fmt/format.h>

#include "vitrispin/io/input_sections.hpp"
#include "vitrispin/io/printable.hpp"

/// What stands in the way of method = "exact", which takes one uniform material in a closed or periodic box, left to itself.
namespace vitrispin::io {
namespace {

class Obstacles {
public:
  Obstacles(const std::string& experiment, std::vector<Problem>& problems)
      : experiment_(experiment), problems_(problems) {}

  void add(const std::vector<std::string>& path, const std::string& what) {
    problems_.push_back(
        {joined_path(path), fmt::format("{}, but experiment {} has method = \"exact\", which solves one uniform "
                                        "material in a closed or periodic box; method = \"auto\" solves this",
                                        what, printable(experiment_))});
  }

private:
  const std::string& experiment_;
  std::vector<Problem>& problems_;
};

void check_face(const physics::Boundary& boundary, const std::string& name, Obstacles& obstacles) {
  const auto at = [&](const char* key) { return std::vector<std::string>{"boundary", name, key}; };
  if (boundary.accumulation == physics::AccumulationBoundary::current)
    obstacles.add(at("current"), fmt::format("boundary {} has a current", printable(name)));
  if (boundary.accumulation == physics::AccumulationBoundary::contact)
    obstacles.add(at("conductance"), fmt::format("boundary {} is a contact", printable(name)));
  if (boundary.twist == physics::TwistBoundary::clamped)
    obstacles.add(at("twist"), fmt::format("boundary {} clamps theta", printable(name)));
  if (boundary.twist == physics::TwistBoundary::torque)
    obstacles.add(at("twist"), fmt::format("boundary {} has a torque", printable(name)));
}

}  // namespace

void check_exact(const Input& input, const Experiment& experiment, std::vector<Problem>& problems) {
  const auto& time = std::get<TimeExperiment>(experiment.body);
  if (time.method != "exact") return;
  Obstacles obstacles(experiment.name, problems);
  const physics::Geometry& geometry = input.geometry;
  for (std::size_t i = 0; i < input.stack.layers.size(); ++i) {
    const physics::Layer& layer = input.stack.layers[i];
    if (i > 0)
      obstacles.add({"layers", layer.name}, fmt::format("layer {} is not the only one", printable(layer.name)));
    if (layer.material.kind == physics::MaterialKind::ferromagnet)
      obstacles.add({"layers", layer.name, "material"},
                    fmt::format("layer {} is a ferromagnet", printable(layer.name)));
    if (layer.ratio != 1)
      obstacles.add({"layers", layer.name, "ratio"},
                    fmt::format("the cells of layer {} are graded", printable(layer.name)));
  }
  for (const auto& [axis, name] : {std::pair{&geometry.y, "y"}, std::pair{&geometry.z, "z"}}) {
    if (axis->ratio != 1) obstacles.add({"grid", name, "ratio"}, fmt::format("the cells along {} are graded", name));
  }
  for (const physics::Region& region : geometry.regions)
    obstacles.add({"regions", region.name}, fmt::format("there is a region {}", printable(region.name)));
  for (std::size_t f = 0; f < 2 * geometry.dimensions(); ++f)
    check_face(*find_boundary(input, physics::face_names[f]), physics::face_names[f], obstacles);
  for (std::size_t p = 0; p < geometry.patches.size(); ++p)
    check_face(geometry.patches[p].boundary, patch_key(geometry, p), obstacles);
  if (!time.drives.empty()) obstacles.add({"experiments", experiment.name, "drives"}, "drives change in time");
}

}  // namespace vitrispin::io
