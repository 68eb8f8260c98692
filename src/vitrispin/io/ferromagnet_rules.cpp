#include <fmt/format.h>

#include <set>

#include "vitrispin/io/input_sections.hpp"
#include "vitrispin/io/printable.hpp"

/// What a ferromagnet asks of a time experiment. It carries spin along one axis only; how transverse spin of its neighbours would go
/// on in time at its interfaces is no part of the theory, so that everything keeps to the axis.
namespace vitrispin::io {
namespace {

class Longitudinal {
public:
  Longitudinal(std::string who, std::string ferromagnet, std::vector<Problem>& problems)
      : who_(std::move(who)), ferromagnet_(std::move(ferromagnet)), problems_(problems) {}

  /// The first vector that is not zero sets the axis; z if all vanish.
  void set_axis(const std::string& path, const Vector3<double>& v) {
    if (has_axis_) return check(path, path, v);
    if (v.x() == 0 && v.y() == 0 && v.z() == 0) return;
    axis_ = v;
    has_axis_ = true;
  }

  void check(const std::string& path, const std::string& what, const Vector3<double>& v) {
    if (!is_parallel(v, axis_)) complain(path, fmt::format("{} = [{}, {}, {}]", what, v.x(), v.y(), v.z()));
  }
  void check(const std::string& path, const std::string& what, const physics::ComplexVector& v) {
    check(path, what, Vector3<double>{v[0].real(), v[1].real(), v[2].real()});
  }
  void check_component(const std::string& path, const std::string& what, std::size_t component) {
    Vector3<double> v;
    v[component] = 1;
    if (!is_parallel(v, axis_)) complain(path, fmt::format("{} along {}", what, "xyz"[component]));
  }
  void complain(const std::string& path, const std::string& what) {
    problems_.push_back(
        {path,
         fmt::format("{} is not along [{}, {}, {}]: experiment {} has {}, a ferromagnet, which carries longitudinal "
                     "spin only; in time everything beside it must keep to the axis of H and M0",
                     what, axis_.x(), axis_.y(), axis_.z(), who_, ferromagnet_)});
  }

private:
  std::string who_, ferromagnet_;
  std::vector<Problem>& problems_;
  Vector3<double> axis_{0, 0, 1};
  bool has_axis_ = false;
};

void check_boundary(const physics::Boundary& boundary, const std::string& name, Longitudinal& rule) {
  const std::string path = joined_path({"boundary", name});
  if (boundary.accumulation == physics::AccumulationBoundary::current)
    rule.check(path + ".current", "the current", boundary.current);
  if (boundary.accumulation == physics::AccumulationBoundary::contact)
    rule.check(path + ".potential", "the potential", boundary.potential);
  if (boundary.twist == physics::TwistBoundary::torque) rule.check(path + ".twist", "the torque", boundary.torque);
}

void check_start(const InitialChange& change, const std::string& path, Longitudinal& rule) {
  using enum InitialChange::Shape;
  if (change.shape == random) rule.complain(path, "a random vector");
  if (change.shape == mode && change.sigma != 0) rule.complain(path, fmt::format("a mode of sigma = {}", change.sigma));
  if (change.shape == gaussian || change.shape == cosine || change.shape == uniform)
    rule.check_component(path, "a deviation", change.component);
}

}  // namespace

void check_ferromagnets(const Input& input, const Experiment& experiment, std::vector<Problem>& problems) {
  const auto& time = std::get<TimeExperiment>(experiment.body);
  const physics::Geometry& geometry = input.geometry;
  std::string ferromagnet;
  std::set<std::string> used;
  const auto use = [&](const char* what, const auto& place) {
    used.insert(place.material_name);
    if (ferromagnet.empty() && place.material.kind == physics::MaterialKind::ferromagnet)
      ferromagnet = fmt::format("{} {}", what, printable(place.name));
  };
  for (const physics::Layer& layer : input.stack.layers) use("layer", layer);
  for (const physics::Region& region : geometry.regions) {
    if (!region.is_vacuum()) use("region", region);
  }
  if (ferromagnet.empty()) return;
  Longitudinal rule(printable(experiment.name), ferromagnet, problems);
  rule.set_axis("field.H", input.stack.H);
  for (const NamedMaterial& material : input.materials) {
    if (used.contains(material.name))
      rule.set_axis(joined_path({"materials", material.name, "M0"}), material.material.remanence);
  }
  for (std::size_t f = 0; f < 2 * geometry.dimensions(); ++f)
    check_boundary(*find_boundary(input, physics::face_names[f]), physics::face_names[f], rule);
  for (std::size_t p = 0; p < geometry.patches.size(); ++p)
    check_boundary(geometry.patches[p].boundary, patch_key(geometry, p), rule);
  const std::string path = joined_path({"experiments", experiment.name});
  for (const physics::Drive& drive : time.drives) {
    if (drive.target != physics::DriveTarget::anisotropy)
      rule.check_component(path + ".drives", "a drive", drive.component);
  }
  for (const InitialChange& change : time.initial) check_start(change, path + ".initial", rule);
}

}  // namespace vitrispin::io
