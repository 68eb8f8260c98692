#include "vitrispin/film/profile.hpp"

#include "vitrispin/physics/entropy.hpp"

namespace vitrispin::film {
namespace {

PointFields fields_at(const LayerSolution& layer, const FaceState& face) {
  return point_fields(layer.equation, face.p, face.chi);
}

Vector3<double> part(const ComplexVector& v, bool imaginary) {
  const auto take = [&](const Complex& z) { return imaginary ? z.imag() : z.real(); };
  return {take(v.x()), take(v.y()), take(v.z())};
}

}  // namespace

ProfilePoint profile_point(const FilmState& state, std::size_t layer, std::size_t node) {
  const auto read = [&](auto member) {
    return state.at(layer, node, [&](const LayerSolution& solution, const FaceState& face) {
      return fields_at(solution, face).*member;
    });
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
