#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "vitrispin/physics/material_build.hpp"

namespace vitrispin::io {

/// Name of a material's number in an input file, and where its value goes. M0, a vector, is not among them.
struct MaterialKey {
  const char* name;
  std::optional<double> physics::MaterialSpecification::*value;
  /// The key that says the same in another way (xi for chi_m, tau_mM for tau_Mm): giving one drops what a preset says of
  /// the other.
  const char* alternative = nullptr;
};

const std::vector<MaterialKey>& material_keys();
const MaterialKey* find_material_key(std::string_view name);

/// Sets one number as a file would over a preset: the alternative, if set, is dropped.
void replace_value(physics::MaterialSpecification& specification, const MaterialKey& key, double value);

}  // namespace vitrispin::io
