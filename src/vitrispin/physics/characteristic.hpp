#pragma once

#include <cmath>
#include <complex>
#include <limits>

#include "vitrispin/physics/material.hpp"

/// Closed forms that set the scales of a spin glass: frequencies, velocities and lengths.
namespace vitrispin::physics {

/// v = gamma sqrt(mu0 rho_s/chi_M)   Eqs. (36), (37); [m/s]. Spin-wave velocity with m dropped and no damping.
inline double spin_wave_velocity(const Material<double>& material) {
  return material.gyromagnetic_ratio * std::sqrt(constants::vacuum_permeability / material.equilibrium_susceptibility) *
         std::sqrt(material.spin_stiffness);
}

/// omega_0 = gamma sqrt(mu0 K/chi_M)   Eq. (38); [rad/s]. Gap of the spin waves.
inline double anisotropy_frequency(const Material<double>& material) {
  return material.gyromagnetic_ratio * std::sqrt(constants::vacuum_permeability / material.equilibrium_susceptibility) *
         std::sqrt(material.anisotropy);
}

/// g = gamma mu0/chi_M [rad/s per A/m of dM]: rotation rate of the texture per deviation of M.
inline double texture_coupling(const Material<double>& material) {
  return material.gyromagnetic_ratio * (constants::vacuum_permeability / material.equilibrium_susceptibility);
}

/// l_n = sqrt(rho_s/K) [m], the nondissipative twist length; infinite for K = 0.
inline double twist_length(const Material<double>& material) {
  return std::sqrt(material.spin_stiffness / material.anisotropy);
}

/// l = sqrt(D tau_m) [m], Eq. (39): spin diffusion with delta M = 0. Exact at dc for alpha = 0.
inline double pure_diffusion_length(const Material<double>& material) {
  return std::sqrt(material.diffusivity / relaxation_rates(material).m_total);
}

/// dM/dm of the steady state with a pinned texture: alpha d/(alpha (a + c - i sigma Omega) + g).
/// `rotation` = sigma Omega [rad/s]. Without damping dM = 0.
inline std::complex<double> pinned_magnetization_ratio(const Material<double>& material, double rotation) {
  const auto rates = relaxation_rates(material);
  const double alpha = material.damping;
  const double g = texture_coupling(material);
  return alpha * rates.m_from_M / (alpha * std::complex<double>(rates.M_total, -rotation) + g);
}

/// 1/l^2 at dc with a pinned texture [1/m^2], complex in a field if alpha > 0.
/// Equation  1/l^2 = (1/D) [1/tau_m - c d/(a + c - i sigma Omega + g/alpha)]
///           written as (1/D) [b + d (alpha (a - i sigma Omega) + g)/(alpha (a + c - i sigma Omega) + g)], free of cancellation
/// Units     `rotation` = sigma Omega [rad/s]
/// Valid     any K > 0, or K = 0 with a clamped face; a ferromagnet (alpha = g = 0) has [a b + a d + c b]/(a + c);
///           a metal or paramagnet has (1/tau_mL - i sigma gamma mu0 H)/D, with `rotation` = sigma gamma mu0 H
inline std::complex<double> inverse_square_decay_length(const Material<double>& material, double rotation) {
  using Complex = std::complex<double>;
  const double D = material.diffusivity;
  if (!material.has_equilibrium_magnetization()) {
    return Complex(1.0 / material.accumulation_lattice_relaxation_time, -rotation) / D;
  }
  const auto rates = relaxation_rates(material);
  const double a = rates.M_to_lattice;
  const double c = rates.M_from_m;
  if (rates.m_from_M == 0.0) return Complex(rates.m_to_lattice / D);
  const double alpha = material.has_texture() ? material.damping : 1.0;
  const double g = material.has_texture() ? texture_coupling(material) : 0.0;
  const Complex held = alpha * Complex(a, -rotation) + g;
  const Complex fraction = held / (held + alpha * c);
  return (rates.m_to_lattice + rates.m_from_M * fraction) / D;
}

/// Decay length 1/Re sqrt(1/l^2) [m] of the dc spin accumulation, infinite if nothing relaxes.
inline double decay_length(const Material<double>& material, double rotation) {
  return 1.0 / std::sqrt(inverse_square_decay_length(material, rotation)).real();
}

/// D_theta = gamma rho_s [alpha + g (b + d)/(a b + a d + b c)] [m^2/s]: twist diffusion of the long waves at K = 0, and the
/// length L_alpha = beta D_theta/rho_s of spin superfluid transport.
inline double twist_diffusivity(const Material<double>& material) {
  const auto rates = relaxation_rates(material);
  const double a = rates.M_to_lattice;
  const double b = rates.m_to_lattice;
  const double d = rates.m_from_M;
  const double g = texture_coupling(material);
  const double relaxed = d == 0.0 ? g / a : g * (b + d) / (a * b + a * d + b * rates.M_from_m);
  return material.gyromagnetic_ratio * material.spin_stiffness * (material.damping + relaxed);
}

}  // namespace vitrispin::physics
