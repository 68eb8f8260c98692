#include "vitrispin/modes/field_axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vitrispin/core/errors.hpp"

namespace vitrispin::modes {
namespace {

double largest_component(const Vector3<double>& v) {
  return std::max({std::abs(v[0]), std::abs(v[1]), std::abs(v[2])});
}

/// Unit vector along v, either way; scaled first so that 1e-200 A/m neither under- nor overflows.
Vector3<double> direction_of(const Vector3<double>& v) {
  const Vector3<double> scaled = (1.0 / largest_component(v)) * v;
  const Vector3<double> unit = (1.0 / std::sqrt(dot(scaled, scaled))) * scaled;
  std::size_t largest = 2;
  for (const std::size_t i : {std::size_t{1}, std::size_t{0}}) {
    if (std::abs(unit[i]) > std::abs(unit[largest])) largest = i;
  }
  return unit[largest] > 0.0 ? unit : -unit;
}

}  // namespace

Vector3<double> field_axis(const Vector3<double>& H, const std::vector<Vector3<double>>& remanences) {
  std::vector<Vector3<double>> all{H};
  all.insert(all.end(), remanences.begin(), remanences.end());
  std::erase_if(all, [](const Vector3<double>& v) { return largest_component(v) == 0.0; });
  if (all.empty()) return {0.0, 0.0, 1.0};
  const Vector3<double> axis = direction_of(all.front());
  for (const Vector3<double>& v : all) {
    if (largest_component(cross(axis, direction_of(v))) > 1e-9) {
      throw InputError(fmt::format(
          "H and every M0 must be parallel to one axis, which defines the helicities: [{}, {}, {}] A/m is not parallel "
          "to [{}, {}, {}] A/m; modes about equilibria that point different ways do not separate into helicities",
          v[0], v[1], v[2], all.front()[0], all.front()[1], all.front()[2]));
    }
  }
  return axis;
}

double precession_about_axis(const physics::Material<double>& material, const Vector3<double>& H,
                             const Vector3<double>& axis) {
  switch (material.kind) {
    case physics::MaterialKind::spin_glass:
      return physics::precession_rate(material, dot(physics::equilibrium_magnetization(material, H), axis));
    case physics::MaterialKind::metal:
    case physics::MaterialKind::paramagnet:
      return material.gyromagnetic_ratio * constants::vacuum_permeability * dot(H, axis);
    case physics::MaterialKind::ferromagnet: return 0.0;
  }
  return 0.0;
}

}  // namespace vitrispin::modes
