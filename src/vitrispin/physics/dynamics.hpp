#pragma once

#include "vitrispin/physics/free_energy.hpp"

/// The equations of motion, Eqs. (22)-(24), as sums of named terms. With z = (M, m, theta) they have the form
/// dz/dt = (J(z) - R) grad F + divergence of the current: J antisymmetric (precession, and the coupling gamma of M and
/// theta), R symmetric and positive semidefinite (relaxation, exchange, damping).
namespace vitrispin::physics {

/// Precession of a magnetization about its own effective field: -gamma mu0 M x H*   Eq. (22); [A/m] -> [A/(m s)].
template <class Parameter, class Scalar>
constexpr auto precession(const Material<Parameter>& material, const Vector3<Scalar>& magnetization,
                          const Vector3<Scalar>& effective_field) {
  return -((material.gyromagnetic_ratio * constants::vacuum_permeability) * cross(magnetization, effective_field));
}

/// Torque of the texture on M: -gamma Gamma'   Eq. (22), alone in Eq. (34); [J/m^3] -> [A/(m s)].
template <class Parameter, class Scalar>
constexpr auto texture_source(const Material<Parameter>& material, const Vector3<Scalar>& torque) {
  return -(material.gyromagnetic_ratio * torque);
}

/// Relaxation of M to the lattice and exchange with m.
/// Equation  R_M = -dM/tau_M + dm/tau_mM = (chi_M/tau_M) H* - (chi_m/tau_mM) h*     Eq. (28)
///           written as chi_M H*/tau_ML + (chi_M/tau_Mm)(H* - h*) by Eq. (33): equal and opposite exchange
/// Units     [A/m] -> [A/(m s)]
/// Valid     near equilibrium: linear in the effective fields
/// Errors    none
/// Source    Sun & Saslow 2023
template <class Parameter, class Scalar>
constexpr auto magnetization_relaxation(const Material<Parameter>& material, const EffectiveFields<Scalar>& fields) {
  const auto rates = relaxation_rates(material);
  const auto& chi_M = material.equilibrium_susceptibility;
  return (chi_M * rates.M_to_lattice) * fields.H_star + (chi_M * rates.M_from_m) * (fields.H_star - fields.h_star);
}

/// Relaxation of m to the lattice and exchange with M.
/// Equation  R_m = -dm/tau_m + dM/tau_Mm = (chi_m/tau_m) h* - (chi_M/tau_Mm) H*     Eq. (29)
/// Units     [A/m] -> [A/(m s)]
/// Valid     near equilibrium; a metal or paramagnet has (chi_m/tau_mL) h*
/// Errors    none
/// Source    Sun & Saslow 2023
template <class Parameter, class Scalar>
constexpr auto accumulation_relaxation(const Material<Parameter>& material, const EffectiveFields<Scalar>& fields) {
  const auto& chi_m = material.accumulation_susceptibility;
  auto relaxation = (chi_m / material.accumulation_lattice_relaxation_time) * fields.h_star;
  if (material.has_equilibrium_magnetization()) {
    const auto exchange = material.equilibrium_susceptibility / material.cross_relaxation_time;
    relaxation = relaxation - exchange * (fields.H_star - fields.h_star);
  }
  return relaxation;
}

/// Spin current of the nonequilibrium magnetization through a face.
/// Equation  j = D chi_m grad h* = -D grad dm          Eq. (30) [corrected]
/// Units     gradient of h* [A/m^2] -> j [A/s]
/// Valid     near equilibrium: linear in gradients
/// Errors    none
/// Source    Sun & Saslow 2023; docs/theory.md, table of corrections
template <class Parameter, class Gradient>
constexpr auto spin_current(const Material<Parameter>& material, const Gradient& h_star_gradient) {
  return (material.diffusivity * material.accumulation_susceptibility) * h_star_gradient;
}

/// Reactive current of magnetization carried by the texture: gamma rho_s d_x theta; [rad/m] -> [A/s].
template <class Parameter, class Gradient>
constexpr auto texture_current(const Material<Parameter>& material, const Gradient& theta_gradient) {
  return (material.gyromagnetic_ratio * material.spin_stiffness) * theta_gradient;
}

/// dtheta/dt = gamma mu0 H* + alpha gamma Gamma'   Eqs. (24), (31), (32), and undamped Eq. (35); [rad/s].
template <class Parameter, class Scalar>
constexpr auto texture_rotation_rate(const Material<Parameter>& material, const EffectiveFields<Scalar>& fields) {
  const auto& gamma = material.gyromagnetic_ratio;
  return (gamma * constants::vacuum_permeability) * fields.H_star + (material.damping * gamma) * fields.torque;
}

/// dM/dt = -gamma mu0 M x H* - gamma Gamma' + R_M   Eq. (22); [A/(m s)].
template <class Parameter, class Scalar>
constexpr auto magnetization_rate(const Material<Parameter>& material, const State<Scalar>& state,
                                  const EffectiveFields<Scalar>& fields) {
  auto rate = precession(material, state.M, fields.H_star) + magnetization_relaxation(material, fields);
  if (material.has_texture()) rate = rate + texture_source(material, fields.torque);
  return rate;
}

/// dm/dt = -gamma mu0 m x h* - d_i j_i + R_m   Eq. (23); `current_divergence` and the rate in [A/(m s)].
template <class Parameter, class Scalar>
constexpr auto accumulation_rate(const Material<Parameter>& material, const State<Scalar>& state,
                                 const EffectiveFields<Scalar>& fields, const Vector3<Scalar>& current_divergence) {
  return precession(material, state.m, fields.h_star) - current_divergence + accumulation_relaxation(material, fields);
}

/// Heat current -kappa grad T; j^s = -(kappa/T) grad T is Eq. (27). [K/m] -> [W/m^2].
template <class Conductivity, class Gradient>
constexpr auto heat_current(const Conductivity& thermal_conductivity, const Gradient& temperature_gradient) {
  return -(thermal_conductivity * temperature_gradient);
}

}  // namespace vitrispin::physics
