#pragma once

#include "vitrispin/physics/dynamics.hpp"

/// Entropy production, Eqs. (21), (26), term by term: each is a square with a positive factor. By the energy balance,
/// Eqs. (20), (25), it is what the free energy loses, but for what enters through faces (boundary_power).
namespace vitrispin::physics {

/// T R_s, split by mechanism [W/m^3].
template <class Scalar>
struct Dissipation {
  Scalar M_to_lattice{};  ///< mu0 (chi_M/tau_ML)|H*|^2
  Scalar m_to_lattice{};  ///< mu0 (chi_m/tau_mL)|h*|^2
  Scalar exchange{};      ///< mu0 (chi_M/tau_Mm)|H* - h*|^2
  Scalar diffusion{};     ///< mu0 D chi_m |d_i h*|^2
  Scalar damping{};       ///< alpha gamma |Gamma'|^2

  constexpr Scalar total() const { return M_to_lattice + m_to_lattice + exchange + diffusion + damping; }
};

/// Equation  T R_s = mu0 [ (chi_M/tau_ML)|H*|^2 + (chi_m/tau_mL)|h*|^2 + (chi_M/tau_Mm)|H*-h*|^2 + D chi_m |d_i h*|^2 ]
///                   + alpha gamma |Gamma'|^2 >= 0                                              Eq. (26) [corrected]
/// Units     [A/m], [A/m^2], [J/m^3] -> [W/m^3]
/// Valid     `h_star_gradient_squared` is the sum over directions and components of (d_i h*)^2
/// Errors    none
/// Source    Sun & Saslow 2023
template <class Parameter, class Scalar>
constexpr Dissipation<Scalar> dissipation(const Material<Parameter>& material, const EffectiveFields<Scalar>& fields,
                                          const Scalar& h_star_gradient_squared) {
  const double mu0 = constants::vacuum_permeability;
  const auto& chi_M = material.equilibrium_susceptibility;
  const auto& chi_m = material.accumulation_susceptibility;
  Dissipation<Scalar> parts;
  parts.m_to_lattice =
      mu0 * (chi_m / material.accumulation_lattice_relaxation_time) * dot(fields.h_star, fields.h_star);
  parts.diffusion = mu0 * material.diffusivity * chi_m * h_star_gradient_squared;
  if (material.has_equilibrium_magnetization()) {
    const auto difference = fields.H_star - fields.h_star;
    parts.M_to_lattice = mu0 * (chi_M / material.lattice_relaxation_time) * dot(fields.H_star, fields.H_star);
    parts.exchange = mu0 * (chi_M / material.cross_relaxation_time) * dot(difference, difference);
  }
  if (material.has_texture()) {
    parts.damping = material.damping * material.gyromagnetic_ratio * dot(fields.torque, fields.torque);
  }
  return parts;
}

}  // namespace vitrispin::physics
