#pragma once

#include <limits>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/core/vector3.hpp"

namespace vitrispin::physics {

/// What a layer is made of, i.e. which of M, m, theta live in it.
enum class MaterialKind {
  spin_glass,   ///< M, m and theta
  metal,        ///< m alone, with a spin Hall angle and a charge conductivity
  paramagnet,   ///< m alone
  ferromagnet,  ///< the longitudinal pair (M, m), without theta; helicity 0 only
};

/// Parameters of a material, valid once built (see build_material): every inequality of Sun & Saslow 2023, and xi < 1,
/// holds. Parameters that a kind does not have hold the value that takes their terms out of every formula.
template <class Parameter>
struct Material {
  MaterialKind kind = MaterialKind::spin_glass;
  Parameter gyromagnetic_ratio{constants::electron_gyromagnetic_ratio};  ///< gamma [rad/(s T)], > 0
  Parameter equilibrium_susceptibility{};                                ///< chi_M [1], > 0
  Parameter accumulation_susceptibility{};                               ///< chi_m [1], 0 < chi_m < chi_M
  Parameter lattice_relaxation_time{};                                   ///< tau_ML of M [s], > 0, infinity allowed
  Parameter accumulation_lattice_relaxation_time{};                      ///< tau_mL of m [s], > 0, infinity allowed
  Parameter cross_relaxation_time{};  ///< tau_Mm, M fed by m [s], > 0, infinity allowed
  Parameter diffusivity{};            ///< D [m^2/s], >= 0
  Parameter spin_stiffness{};         ///< rho_s [J/m], >= 0
  Parameter anisotropy{};             ///< K [J/m^3], >= 0
  Parameter damping{};                ///< alpha [m/A], >= 0
  Vector3<Parameter> remanence{};     ///< M0 [A/m]
  double spin_hall_angle = 0;         ///< theta_SH [1], metals
  double conductivity = 0;            ///< charge conductivity [S/m], metals
  double heat_capacity = 0;           ///< C [J/(m^3 K)], > 0; 0: not given
  double thermal_conductivity = 0;    ///< kappa [W/(m K)], >= 0

  /// xi = chi_m/chi_M, Eq. (17).
  constexpr Parameter susceptibility_ratio() const { return accumulation_susceptibility / equilibrium_susceptibility; }
  constexpr bool has_texture() const { return kind == MaterialKind::spin_glass; }
  constexpr bool has_equilibrium_magnetization() const {
    return kind == MaterialKind::spin_glass || kind == MaterialKind::ferromagnet;
  }
};

/// Rates that the equations are written in, Eqs. (33), (49), (50). All [1/s].
template <class Parameter>
struct RelaxationRates {
  Parameter M_to_lattice;  ///< a = 1/tau_ML
  Parameter m_to_lattice;  ///< b = 1/tau_mL
  Parameter M_from_m;      ///< c = 1/tau_Mm
  Parameter m_from_M;      ///< d = 1/tau_mM = c/xi, the Onsager relation Eq. (33)
  Parameter M_total;       ///< 1/tau_M = a + c, Eq. (49)
  Parameter m_total;       ///< 1/tau_m = b + d, Eq. (49)
  Parameter exchange;      ///< r = 1/tau_mM - 1/tau_Mm = (1 - xi) d > 0, Eq. (50)
};

/// Equation  1/tau_mM = 1/(xi tau_Mm), 1/tau_M = 1/tau_ML + 1/tau_Mm, 1/tau_m = 1/tau_mL + 1/tau_mM   Eqs. (33), (49), (50)
/// Units     [s] -> [1/s]; an infinite time gives rate 0
/// Valid     any built material; r is formed as (1 - xi) d with 1 - xi = (chi_M - chi_m)/chi_M, without cancellation;
///           without exchange (also in a metal, whose chi_M is infinite) d = r = 0
/// Source    Sun & Saslow 2023
template <class Parameter>
constexpr RelaxationRates<Parameter> relaxation_rates(const Material<Parameter>& material) {
  const Parameter one{1.0};
  const Parameter& chi_M = material.equilibrium_susceptibility;
  const Parameter& chi_m = material.accumulation_susceptibility;
  const Parameter a = one / material.lattice_relaxation_time;
  const Parameter b = one / material.accumulation_lattice_relaxation_time;
  const Parameter c = one / material.cross_relaxation_time;
  if (c == Parameter{0.0}) return {a, b, c, c, a, b, c};
  const Parameter d = c * (chi_M / chi_m);
  return {a, b, c, d, a + c, b + d, d * ((chi_M - chi_m) / chi_M)};
}

/// K' = K + rho_s k^2   Eq. (48) [J/m^3].
template <class Parameter, class Wavenumber>
constexpr auto stiffened_anisotropy(const Material<Parameter>& material, const Wavenumber& k_squared) {
  return material.anisotropy + material.spin_stiffness * k_squared;
}

/// M_eq = M0 + chi_M H   Eqs. (1), (2) [A/m]; m_eq = 0 and theta_eq = 0 for any H (corrections to the text after Eq. (19)).
template <class Parameter, class Scalar>
constexpr auto equilibrium_magnetization(const Material<Parameter>& material, const Vector3<Scalar>& H) {
  return material.remanence + material.equilibrium_susceptibility * H;
}

/// Omega = gamma mu0 (M_eq . z)/chi_M, at which M precesses about M_eq [rad/s]. `M_eq_along_z` in A/m.
template <class Parameter, class Scalar>
constexpr auto precession_rate(const Material<Parameter>& material, const Scalar& M_eq_along_z) {
  return material.gyromagnetic_ratio * (constants::vacuum_permeability / material.equilibrium_susceptibility) *
         M_eq_along_z;
}

}  // namespace vitrispin::physics
