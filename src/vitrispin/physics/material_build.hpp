#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "vitrispin/physics/material.hpp"

namespace vitrispin::physics {

/// What a user may state of a material; the keys of an input file's [materials.NAME] (SI values).
struct MaterialSpecification {
  MaterialKind kind = MaterialKind::spin_glass;
  std::optional<double> gamma, chi_M, chi_m, xi, tau_ML, tau_mL, tau_Mm, tau_mM, D, rho_s, K, alpha;
  std::optional<double> spin_hall_angle, conductivity;
  std::optional<double> C, kappa;  ///< of every kind, for experiments with heat
  std::optional<Vector3<double>> M0;
};

/// One broken rule: the key it is about (`chi_m`, ...) and a full sentence with value, rule and reason.
/// A missing parameter has `missing` set: its place in a file is the table's header.
struct Violation {
  std::string key;
  std::string message;
  bool missing = false;
};

struct MaterialBuild {
  Material<double> material;
  std::vector<Violation> violations;  ///< empty: the material is valid
};

/// Builds a material and enforces every inequality of the theory: finite parameters, signs, xi = chi_m/chi_M < 1 (the
/// free energy has a minimum), the Onsager relation tau_mM = xi tau_Mm, Eq. (33), and the positive semidefinite Onsager
/// matrix 1/(tau_M tau_m) >= 1/(tau_mM tau_Mm). Redundant parameters (xi beside chi_m, tau_mM beside tau_Mm) must agree
/// to `redundancy_tolerance` relative. A spin glass needs chi_M, chi_m or xi, tau_ML, tau_mL, tau_Mm (or tau_mM), D, rho_s,
/// K, alpha; a ferromagnet chi_M, chi_m or xi, tau_ML, tau_mL, tau_Mm (or tau_mM), D; a metal or paramagnet chi_m, tau_mL, D.
/// Parameters that the kind does not have are violations too. All violations are reported at once.
MaterialBuild build_material(const MaterialSpecification& specification);

inline constexpr double redundancy_tolerance = 1e-9;  ///< decimal input with ten digits agrees

/// As build_material, but throws InputError with every violation.
Material<double> make_material(const MaterialSpecification& specification);

/// `spin-glass`, `metal`, `paramagnet`, `ferromagnet`: the words of an input file.
const char* to_string(MaterialKind kind);
std::optional<MaterialKind> material_kind_from(const std::string& word);

}  // namespace vitrispin::physics
