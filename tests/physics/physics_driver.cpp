// Prints every formula of the physics at the points that tests/physics/twin_test.py asks for: one JSON object per line of
// standard input with the material, the state and the gradients, one JSON object per line of output.
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "vitrispin/physics/characteristic.hpp"
#include "vitrispin/physics/entropy.hpp"
#include "vitrispin/physics/linear_matrix.hpp"

namespace {

using nlohmann::json;
using vitrispin::Vector3;
namespace physics = vitrispin::physics;

Vector3<double> vector(const json& list) {
  return {list[0], list[1], list[2]};
}
json list(const Vector3<double>& v) {
  return {v[0], v[1], v[2]};
}
json pair(const std::complex<double>& z) {
  return {z.real(), z.imag()};
}

physics::Material<double> material_of(const json& p) {
  physics::Material<double> material;
  material.gyromagnetic_ratio = p["gamma"];
  material.equilibrium_susceptibility = p["chi_M"];
  material.accumulation_susceptibility = p["chi_m"];
  material.lattice_relaxation_time = p["tau_ML"];
  material.accumulation_lattice_relaxation_time = p["tau_mL"];
  material.cross_relaxation_time = p["tau_Mm"];
  material.diffusivity = p["D"];
  material.spin_stiffness = p["rho_s"];
  material.anisotropy = p["K"];
  material.damping = p["alpha"];
  material.remanence = vector(p["M0"]);
  return material;
}

json local_formulas(const physics::Material<double>& material, const json& point) {
  const physics::State<double> state{vector(point["M"]), vector(point["m"]), vector(point["theta"])};
  const auto H = vector(point["H"]);
  const auto fields = physics::effective_fields(material, state, vector(point["laplacian"]), H);
  const auto parts = physics::dissipation(material, fields, point["h_star_gradient_squared"].get<double>());
  return {{"free_energy", physics::free_energy_density(material, state, H)},
          {"twist_energy", physics::twist_energy_density(material, vector(point["gradient"]))},
          {"H_star", list(fields.H_star)},
          {"h_star", list(fields.h_star)},
          {"torque", list(fields.torque)},
          {"delta_M", list(physics::magnetization_deviation(material, fields.H_star))},
          {"delta_m", list(physics::accumulation_deviation(material, fields.h_star))},
          {"R_M", list(physics::magnetization_relaxation(material, fields))},
          {"R_m", list(physics::accumulation_relaxation(material, fields))},
          {"dM", list(physics::magnetization_rate(material, state, fields))},
          {"dm", list(physics::accumulation_rate(material, state, fields, vector(point["divergence"])))},
          {"dtheta", list(physics::texture_rotation_rate(material, fields))},
          {"current", list(physics::spin_current(material, vector(point["gradient"])))},
          {"texture_current", list(physics::texture_current(material, vector(point["gradient"])))},
          {"dissipation", {parts.M_to_lattice, parts.m_to_lattice, parts.exchange, parts.diffusion, parts.damping}}};
}

json linear_formulas(const physics::Material<double>& material, const json& point) {
  const int sigma = point["sigma"];
  const double k_squared = point["k"].get<double>() * point["k"].get<double>();
  const double Omega =
      physics::precession_rate(material, physics::equilibrium_magnetization(material, vector(point["H"])).z());
  json matrix = json::array();
  for (const auto& row : physics::linear_matrix(material, k_squared, sigma, Omega)) {
    matrix.push_back({pair(row[0]), pair(row[1]), pair(row[2])});
  }
  return {{"Omega", Omega},
          {"matrix", matrix},
          {"inverse_square_decay_length", pair(physics::inverse_square_decay_length(material, sigma * Omega))},
          {"pinned_ratio", pair(physics::pinned_magnetization_ratio(material, sigma * Omega))},
          {"twist_diffusivity", physics::twist_diffusivity(material)},
          {"v", physics::spin_wave_velocity(material)},
          {"omega_0", physics::anisotropy_frequency(material)}};
}

}  // namespace

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    const json point = json::parse(line);
    const auto material = material_of(point["material"]);
    json answer = local_formulas(material, point);
    answer.update(linear_formulas(material, point));
    std::cout << answer << '\n';
  }
  return 0;
}
