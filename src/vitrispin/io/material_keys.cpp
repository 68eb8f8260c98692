#include "vitrispin/io/material_keys.hpp"

namespace vitrispin::io {

const std::vector<MaterialKey>& material_keys() {
  using Specification = physics::MaterialSpecification;
  static const std::vector<MaterialKey> keys{
      {"gamma", &Specification::gamma},
      {"chi_M", &Specification::chi_M},
      {"chi_m", &Specification::chi_m, "xi"},
      {"xi", &Specification::xi, "chi_m"},
      {"tau_ML", &Specification::tau_ML},
      {"tau_mL", &Specification::tau_mL},
      {"tau_Mm", &Specification::tau_Mm, "tau_mM"},
      {"tau_mM", &Specification::tau_mM, "tau_Mm"},
      {"D", &Specification::D},
      {"rho_s", &Specification::rho_s},
      {"K", &Specification::K},
      {"alpha", &Specification::alpha},
      {"spin_hall_angle", &Specification::spin_hall_angle},
      {"conductivity", &Specification::conductivity},
      {"C", &Specification::C},
      {"kappa", &Specification::kappa},
  };
  return keys;
}

const MaterialKey* find_material_key(std::string_view name) {
  for (const MaterialKey& key : material_keys()) {
    if (name == key.name) return &key;
  }
  return nullptr;
}

void replace_value(physics::MaterialSpecification& specification, const MaterialKey& key, double value) {
  specification.*key.value = value;
  if (!key.alternative) return;
  // With chi_M missing, chi_m and xi are two different statements: then neither replaces the other.
  const bool susceptibility =
      key.value == &physics::MaterialSpecification::chi_m || key.value == &physics::MaterialSpecification::xi;
  if (susceptibility && !specification.chi_M) return;
  (specification.*find_material_key(key.alternative)->value).reset();
}

}  // namespace vitrispin::io
