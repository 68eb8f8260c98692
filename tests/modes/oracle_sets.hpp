#pragma once

#include <complex>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "vitrispin/physics/material_build.hpp"

/// The sets of tests/oracles/reference.json (50-digit arithmetic) as SI materials.
namespace vitrispin::modes {

/// One set in one system of units. Dimensionless sets (mu0 = gamma = 1) are mapped to SI in two ways: only gamma mu0/chi_M,
/// gamma K' and alpha gamma K' occur, so gamma = 1/mu0, K -> mu0 K, rho_s -> mu0 rho_s leaves every frequency unchanged; the
/// second mapping also rescales length, time and magnetization, so that no parameter keeps its value.
struct OracleSet {
  std::string name;
  nlohmann::json data;
  physics::Material<double> material;
  double length = 1, time = 1, energy = 1, angle = 1;  ///< factors from the set's numbers to SI

  double k(const nlohmann::json& value) const { return value.get<double>() / length; }
  double omega(const nlohmann::json& value) const { return value.get<double>() / time; }
};

inline std::complex<double> complex_of(const nlohmann::json& value) {
  return {value.at("re").get<double>(), value.at("im").get<double>()};
}

inline OracleSet mapped(const nlohmann::json& data, bool dimensionless, double length, double time,
                        double magnetization) {
  const auto& p = data.at("params");
  const auto value = [&](const char* key) { return p.at(key).get<double>(); };
  const double mu0 = dimensionless ? constants::vacuum_permeability : 1.0;
  OracleSet set{data.at("name"), data, {}, length, time, mu0 * magnetization * magnetization, 1.0 / magnetization};
  physics::MaterialSpecification s;
  s.gamma = value("gamma") / (mu0 * magnetization * time);
  s.chi_M = value("chi_M");
  s.chi_m = value("chi_m");
  s.tau_ML = value("tau_ML") * time;
  s.tau_mL = value("tau_mL") * time;
  s.tau_Mm = value("tau_Mm") * time;
  s.D = value("D") * length * length / time;
  s.rho_s = value("rho_s") * set.energy * length * length;
  s.K = value("K") * set.energy;
  s.alpha = value("alpha") / magnetization;
  set.material = physics::make_material(s);
  if (!dimensionless) set.energy = 1.0;
  return set;
}

inline std::vector<OracleSet> oracle_sets() {
  std::ifstream file(VITRISPIN_SOURCE_DIR "/tests/oracles/reference.json");
  std::vector<OracleSet> sets;
  const auto reference = nlohmann::json::parse(file);
  for (const auto& data : reference.at("sets")) {
    const bool dimensionless = data.at("params").at("mu0").get<double>() == 1.0;
    sets.push_back(mapped(data, dimensionless, 1.0, 1.0, 1.0));
    if (dimensionless) sets.push_back(mapped(data, true, 3.7e-9, 2.3e-12, 41.0));
  }
  return sets;
}

}  // namespace vitrispin::modes
