#pragma once

#include <array>
#include <complex>
#include <vector>

#include "vitrispin/physics/material.hpp"

/// Modes: solutions y exp(i(kx - omega t)) of the linear equations, with what one wants to know of each.
namespace vitrispin::modes {

enum class Label {
  spin_wave,  ///< at given k: |Re omega| > |Im omega|. At given omega: not diffusive, and |Re k| > |Im k|
  diffusive,  ///< the D term is at least half of the mode's T R_s
  relaxing,   ///< neither
  absent,     ///< no such mode: a k^2 that D = 0 or rho_s = 0 takes away
};

/// `spin-wave`, `diffusive`, `relaxing`, `absent`: the words of a result.
const char* to_string(Label label);

/// Fractions of T R_s, Eq. (26), that each mechanism makes up; all zero for a mode without dissipation.
struct DissipationShares {
  double M_to_lattice = 0, m_to_lattice = 0, exchange = 0, diffusion = 0, damping = 0;
};

/// One mode. Amplitudes are in energy units, (M/sqrt(chi_M), m/sqrt(chi_m), theta sqrt(|K'|/mu0)), normalised to unit
/// length with the largest one real and positive; weights are their squares and add up to 1.
struct Mode {
  std::complex<double> omega;                 ///< [rad/s]
  std::complex<double> k_squared;             ///< [1/m^2]; infinite for a mode that a given omega does not have
  std::complex<double> k;                     ///< [rad/m], Im k >= 0
  std::complex<double> stiffened_anisotropy;  ///< K' [J/m^3]
  std::array<std::complex<double>, 3> amplitudes;
  std::array<double, 3> weights{};  ///< of M, m, theta
  DissipationShares shares;
  Label label = Label::relaxing;
  std::complex<double> group_velocity;  ///< d omega/dk [m/s]; the real part is the velocity of a weakly damped packet
  double decay_time = 0;                ///< 1/|Im omega| [s]; infinite if undamped. At given k
  double decay_length = 0;              ///< 1/Im k [m] at given omega; |Re d omega/dk| times the decay time at given k
  double condition =
      0;  ///< of the eigenvalue: at given k, |change of omega|/|change of the matrix| in the energy norm,
          ///< infinite at an exceptional point; at given omega, of k^2 against the polynomial's terms
};

/// Number of modes of a material at given k: 3 for a spin glass, 2 for a ferromagnet, 1 for a metal or paramagnet.
std::size_t mode_count_at_wavenumber(const physics::Material<double>& material);
/// Number of k^2 at given omega: 2, 1, 1.
std::size_t mode_count_at_frequency(const physics::Material<double>& material);

/// All modes at a real wavenumber k, in the order of `frequencies`: ascending Im omega, then Re omega.
/// Equation  s y = G y, s = -i omega, Eqs. (51), (52); ferromagnet: without theta; metal: s = i sigma gamma mu0 H - D k^2 - 1/tau_mL
///           d omega/dk = -2 i k (dP/dq)/(dP/ds), condition |u|^2/|u_1^2 + u_2^2 - u_3^2| in energy coordinates, where the
///           left vector is (u_1, u_2, -u_3)
/// Units     k [rad/m]; `rotation` = sigma Omega (metal: sigma gamma mu0 H) [rad/s]
/// Valid     any built material; a ferromagnet for sigma = 0
/// Source    Sun & Saslow 2023; docs/modes.md
std::vector<Mode> modes_at_wavenumber(const physics::Material<double>& material, double k, double rotation);

/// ds/d(k^2) of a spin glass's mode of frequency omega at real k, -(dP/dq)/(dP/ds) [m^2/s], where omega need be known to double
/// precision only.
std::complex<long double> rate_slope_at_wavenumber(const physics::Material<double>& material, double k, double rotation,
                                                   const std::complex<double>& omega);

/// All modes at a real frequency omega, in the order of `wavenumbers`: ascending Im k.
std::vector<Mode> modes_at_frequency(const physics::Material<double>& material, double omega, double rotation);

}  // namespace vitrispin::modes
