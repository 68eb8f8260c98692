#pragma once

#include <string>
#include <vector>

#include "vitrispin/physics/material_build.hpp"

/// What a material's numbers are called, mean and amount to, for `check`, `materials`, the summary and the report.
namespace vitrispin::io {

struct NamedNumber {
  std::string key;      ///< as in an input file, or a plain name of a derived scale
  std::string symbol;   ///< for the eye: "χ_M", "τ_ML"
  std::string unit;     ///< UDUNITS spelling
  double value = 0;     ///< SI
  std::string meaning;  ///< one line
};

/// The parameters that this kind of material has, in the order of docs/theory.md. Times may be infinite.
std::vector<NamedNumber> parameters_of(const physics::Material<double>& material);

/// Frequencies, times and lengths that follow: omega_0, v, Omega in the field `H`, tau_M, tau_m, tau_mM, the dc decay
/// length with a pinned texture for each helicity, the twist length, twist diffusion.
std::vector<NamedNumber> derived_scales(const physics::Material<double>& material, const Vector3<double>& H);

/// What the scales mean for this material, one sentence each: overdamped or propagating, pinned or free, in a field or not.
std::vector<std::string> regime_hints(const physics::Material<double>& material, const Vector3<double>& H);

}  // namespace vitrispin::io
