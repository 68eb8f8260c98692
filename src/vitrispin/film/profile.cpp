#include "vitrispin/film/profile.hpp"

#include <array>

#include "vitrispin/film/point_fields.hpp"
#include "vitrispin/physics/entropy.hpp"

namespace vitrispin::film {
namespace {

Vector3<double> part(const ComplexVector& v, bool imaginary) {
  const auto take = [&](const Complex& z) { return imaginary ? z.imag() : z.real(); };
  return {take(v.x()), take(v.y()), take(v.z())};
}

}  // namespace

ProfilePoint profile_point(const FilmState& state, std::size_t layer, std::size_t node) {
  std::array<PointFields, 3> fields;
  for (std::size_t h = 0; h < 3; ++h) fields[h] = point_fields(state.helicities[h].layers[layer], node);
  const auto read = [&](auto member) {
    return state.axis.vector(fields[0].*member, fields[1].*member, fields[2].*member);
  };
  ProfilePoint point;
  point.M = read(&PointFields::M);
  point.m = read(&PointFields::m);
  point.delta_M = read(&PointFields::delta_M);
  point.delta_m = read(&PointFields::delta_m);
  point.theta = state.at(layer, node, [](const LayerSolution&, const FaceState& face) { return face.theta; });
  point.h_star = state.at(layer, node, [](const LayerSolution&, const FaceState& face) { return -face.p; });
  point.j = state.at(layer, node, [](const LayerSolution&, const FaceState& face) { return face.j; });
  point.texture_current = state.at(layer, node, [](const LayerSolution&, const FaceState& face) { return face.twist; });
  point.torque = read(&PointFields::torque);
  return point;
}

LocalDissipation local_dissipation(const physics::Material<double>& material, const ProfilePoint& point, double omega) {
  LocalDissipation result;
  const double stiffness = material.diffusivity * material.accumulation_susceptibility;
  // Amplitudes: the average over a period is half the sum for real and imaginary parts.
  const double weight = omega == 0 ? 1.0 : 0.5;
  for (const bool imaginary : {false, true}) {
    physics::EffectiveFields<double> fields;
    fields.h_star = part(point.h_star, imaginary);
    if (material.has_equilibrium_magnetization()) {
      fields.H_star = (-1.0 / material.equilibrium_susceptibility) * part(point.delta_M, imaginary);
    }
    fields.torque = part(point.torque, imaginary);
    Vector3<double> gradient;
    if (stiffness > 0) gradient = (1.0 / stiffness) * part(point.j, imaginary);
    const auto terms = physics::dissipation(material, fields, dot(gradient, gradient));
    result.M_to_lattice += weight * terms.M_to_lattice;
    result.m_to_lattice += weight * terms.m_to_lattice;
    result.exchange += weight * terms.exchange;
    result.diffusion += weight * terms.diffusion;
    result.damping += weight * terms.damping;
  }
  return result;
}

}  // namespace vitrispin::film
