// Prints modes, wavenumbers, perturbation theory and response at the points that tests/modes/twin_test.py asks for: one JSON
// object per line of standard input with the material, k, omega and sigma Omega, one JSON object per line of output.
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "vitrispin/modes/dispersion.hpp"
#include "vitrispin/modes/exceptional_points.hpp"
#include "vitrispin/modes/perturbation.hpp"
#include "vitrispin/modes/response.hpp"
#include "vitrispin/modes/wavenumbers.hpp"

namespace {

using nlohmann::json;
namespace modes = vitrispin::modes;
namespace physics = vitrispin::physics;

json pair(const std::complex<double>& z) {
  return {z.real(), z.imag()};
}

/// A missing or null time is infinite.
double time_of(const json& p, const char* key) {
  return p[key].is_null() ? std::numeric_limits<double>::infinity() : p[key].get<double>();
}

physics::Material<double> material_of(const json& p) {
  physics::Material<double> material;
  material.gyromagnetic_ratio = p["gamma"];
  material.equilibrium_susceptibility = p["chi_M"];
  material.accumulation_susceptibility = p["chi_m"];
  material.lattice_relaxation_time = time_of(p, "tau_ML");
  material.accumulation_lattice_relaxation_time = time_of(p, "tau_mL");
  material.cross_relaxation_time = time_of(p, "tau_Mm");
  material.diffusivity = p["D"];
  material.spin_stiffness = p["rho_s"];
  material.anisotropy = p["K"];
  material.damping = p["alpha"];
  return material;
}

json at_wavenumber(const physics::Material<double>& material, double k, double rotation) {
  json list = json::array();
  for (const modes::Mode& mode : modes::modes_at_wavenumber(material, k, rotation)) {
    list.push_back({{"omega", pair(mode.omega)},
                    {"weights", mode.weights},
                    {"group_velocity", pair(mode.group_velocity)},
                    {"condition", mode.condition},
                    {"diffusion_share", mode.shares.diffusion}});
  }
  return list;
}

json perturbation(const physics::Material<double>& material, double omega) {
  const modes::WeakCoupling got = modes::weak_coupling(material, omega);
  return {{"eq58", pair(got.spin_wave.stiffened_anisotropy)},
          {"eq60", pair(got.spin_wave.theta_over_M)},
          {"eq62", pair(got.spin_wave.m_over_M)},
          {"eq65", pair(got.diffusion.k_squared)},
          {"eq66", pair(got.diffusion.stiffened_anisotropy)},
          {"eq69", pair(got.diffusion.M_over_m)},
          {"eq70", pair(got.diffusion.theta_over_m)},
          {"eq71", pair(got.diffusion.M_plus_m_over_m)}};
}

}  // namespace

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    const json point = json::parse(line);
    const auto material = material_of(point["material"]);
    const double k = point["k"], omega = point["omega"], rotation = point["rotation"];
    json out{{"modes", at_wavenumber(material, k, rotation)}, {"perturbation", perturbation(material, omega)}};
    for (const modes::Wavenumber& solution : modes::wavenumbers(material, omega, rotation)) {
      out["k2"].push_back(pair(solution.k_squared));
      out["k2_condition"].push_back(solution.condition);
    }
    const modes::Response response = modes::response(material, k, omega, rotation);
    out["chi_M"] = pair(response.M);
    out["chi_m"] = pair(response.m);
    out["chi_total"] = pair(response.total);
    for (const modes::ExceptionalPoint& at : modes::exceptional_points(material, rotation, 1e4, 1e10)) {
      out["exceptional_points"].push_back({{"k", pair(at.k)}, {"omega", pair(at.omega)}, {"order", at.order}});
    }
    std::cout << out.dump() << '\n';
  }
}
