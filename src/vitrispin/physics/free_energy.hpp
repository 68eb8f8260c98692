#pragma once

#include "vitrispin/physics/material.hpp"

/// Free energy of Eqs. (3), (4), (12), its derivatives and the deviations from local equilibrium. All fields are
/// pointwise; a layer that is a metal or a paramagnet carries m alone, a ferromagnet M and m.
namespace vitrispin::physics {

/// Pointwise state. Vector fields in A/m (M, m) and rad (theta, a small rotation vector).
template <class Scalar>
struct State {
  Vector3<Scalar> M, m, theta;
};

/// Thermodynamic conjugates: H* and h* [A/m], Gamma' [J/m^3].
/// Equation  d epsilon = T ds - mu0 H*.dM - mu0 h*.dm - Gamma'.d theta, up to a divergence     Eqs. (5), (8)
template <class Scalar>
struct EffectiveFields {
  Vector3<Scalar> H_star, h_star, torque;
};

/// Local part of the free energy density, without the gradient term.
/// Equation  mu0 [ |M-M0|^2/(2 chi_M) - M.H + |m|^2/(2 chi_m) - m.H + m.(M-M0)/chi_M ] + K|theta|^2/2
///           Eqs. (3) [corrected], (4), (12); mu0 multiplies the magnetic terms alone
/// Units     [A/m], [rad] -> [J/m^3]
/// Valid     small rotations; a metal or paramagnet has mu0 [ |m|^2/(2 chi_m) - m.H ]
/// Errors    none; the material was validated when it was built
/// Source    Sun & Saslow 2023; docs/theory.md, table of corrections
template <class Parameter, class Scalar, class Field>
constexpr auto free_energy_density(const Material<Parameter>& material, const State<Scalar>& state,
                                   const Vector3<Field>& H) {
  const double mu0 = constants::vacuum_permeability;
  const auto& chi_M = material.equilibrium_susceptibility;
  const auto& chi_m = material.accumulation_susceptibility;
  auto energy = mu0 * (dot(state.m, state.m) / (2.0 * chi_m) - dot(state.m, H));
  if (material.has_equilibrium_magnetization()) {
    const auto M_change = state.M - material.remanence;
    energy += mu0 * (dot(M_change, M_change) / (2.0 * chi_M) - dot(state.M, H) + dot(state.m, M_change) / chi_M);
  }
  if (material.has_texture()) energy += 0.5 * material.anisotropy * dot(state.theta, state.theta);
  return energy;
}

/// Gradient part: rho_s |d_i theta|^2/2 for one direction i   Eq. (3) [corrected]; [rad/m] -> [J/m^3].
template <class Parameter, class Scalar>
constexpr auto twist_energy_density(const Material<Parameter>& material, const Vector3<Scalar>& theta_gradient) {
  return 0.5 * material.spin_stiffness * dot(theta_gradient, theta_gradient);
}

/// H* = H - (M - M0)/chi_M - m/chi_M = -(1/mu0) dF/dM   Eqs. (9), (15); [A/m].
template <class Parameter, class Scalar, class Field>
constexpr auto magnetization_effective_field(const Material<Parameter>& material, const Vector3<Scalar>& M,
                                             const Vector3<Scalar>& m, const Vector3<Field>& H) {
  return H - (1.0 / material.equilibrium_susceptibility) * (M - material.remanence + m);
}

/// h* = H - (M - M0)/chi_M - m/chi_m = -(1/mu0) dF/dm   Eqs. (11)-(13); [A/m]. In a metal or paramagnet h* = H - m/chi_m.
template <class Parameter, class Scalar, class Field>
constexpr auto accumulation_effective_field(const Material<Parameter>& material, const Vector3<Scalar>& M,
                                            const Vector3<Scalar>& m, const Vector3<Field>& H) {
  auto h_star = H - (1.0 / material.accumulation_susceptibility) * m;
  if (material.has_equilibrium_magnetization()) {
    h_star = h_star - (1.0 / material.equilibrium_susceptibility) * (M - material.remanence);
  }
  return h_star;
}

/// Gamma' = -K theta + rho_s laplacian(theta) = -dF/dtheta   Eqs. (6), (7), (47); [J/m^3].
template <class Parameter, class Scalar>
constexpr auto texture_torque(const Material<Parameter>& material, const Vector3<Scalar>& theta,
                              const Vector3<Scalar>& theta_laplacian) {
  return material.spin_stiffness * theta_laplacian - material.anisotropy * theta;
}

/// All conjugates at once, H* and h* [A/m], Gamma' [J/m^3]. For the parts that a kind does not have the field is zero.
template <class Parameter, class Scalar, class Field>
constexpr auto effective_fields(const Material<Parameter>& material, const State<Scalar>& state,
                                const Vector3<Scalar>& theta_laplacian, const Vector3<Field>& H) {
  EffectiveFields<Scalar> fields{};
  fields.h_star = accumulation_effective_field(material, state.M, state.m, H);
  if (material.has_equilibrium_magnetization()) {
    fields.H_star = magnetization_effective_field(material, state.M, state.m, H);
  }
  if (material.has_texture()) fields.torque = texture_torque(material, state.theta, theta_laplacian);
  return fields;
}

/// delta M = -chi_M H* = (M - M0 - chi_M H) + m   Eqs. (10), (16), (19); [A/m]. Without H and M0 it is M + m, Eq. (40).
template <class Parameter, class Scalar>
constexpr auto magnetization_deviation(const Material<Parameter>& material, const Vector3<Scalar>& H_star) {
  return -(material.equilibrium_susceptibility * H_star);
}

/// delta m = -chi_m h* = m + xi (M - M0 - chi_M H)   Eqs. (14) [corrected], (18); [A/m]. Without H and M0: xi M + m, Eq. (40).
template <class Parameter, class Scalar>
constexpr auto accumulation_deviation(const Material<Parameter>& material, const Vector3<Scalar>& h_star) {
  return -(material.accumulation_susceptibility * h_star);
}

}  // namespace vitrispin::physics
