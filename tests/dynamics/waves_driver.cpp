// Prints what waves are after a time, and what they have dissipated, at the points that tests/dynamics/waves_twin_test.py asks for:
// one JSON object per line of standard input, one per line of output.
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "vitrispin/dynamics/wave_propagator.hpp"

namespace {

using nlohmann::json;
using namespace vitrispin;

/// A missing or null time is infinite.
double time_of(const json& p, const char* key) {
  return p.value(key, json()).is_null() ? std::numeric_limits<double>::infinity() : p[key].get<double>();
}

physics::Material<double> material_of(const json& p) {
  physics::Material<double> material;
  material.gyromagnetic_ratio = p["gamma"];
  material.accumulation_susceptibility = p["chi_m"];
  material.accumulation_lattice_relaxation_time = time_of(p, "tau_mL");
  material.diffusivity = p["D"];
  if (p["kind"] == "metal") {
    material.kind = physics::MaterialKind::metal;
    return material;
  }
  material.equilibrium_susceptibility = p["chi_M"];
  material.lattice_relaxation_time = time_of(p, "tau_ML");
  material.cross_relaxation_time = time_of(p, "tau_Mm");
  material.spin_stiffness = p["rho_s"];
  material.anisotropy = p["K"];
  material.damping = p["alpha"];
  return material;
}

}  // namespace

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    const json point = json::parse(line);
    const physics::Material<double> material = material_of(point["material"]);
    dynamics::WaveAmplitude start;
    for (std::size_t f = 0; f < 3; ++f) start[f] = {point["start"][f][0], point["start"][f][1]};
    const double k = point["k"], Omega = point["Omega"], t = point["t"];
    const auto [amplitude, lost] = dynamics::wave_after(material, k * k, point["sigma"], Omega, start, t);
    const bool same = amplitude == dynamics::wave_amplitude_after(material, k * k, point["sigma"], Omega, start, t);
    json values = json::array();
    for (const auto& value : amplitude) values.push_back({value.real(), value.imag()});
    std::cout << json{{"amplitude", values},
                      {"alone", same},
                      {"M_to_lattice", lost.M_to_lattice},
                      {"m_to_lattice", lost.m_to_lattice},
                      {"exchange", lost.exchange},
                      {"diffusion", lost.diffusion},
                      {"damping", lost.damping},
                      {"faces", lost.interfaces + lost.contacts + lost.mixing}}
                     .dump()
              << "\n";
  }
}
