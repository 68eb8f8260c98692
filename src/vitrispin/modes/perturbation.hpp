#pragma once

#include <complex>

#include "vitrispin/physics/material.hpp"

/// Weakly coupled modes: perturbation theory at given omega, Eqs. (53)-(71) as corrected, beside the exact modes.
namespace vitrispin::modes {

/// Eq. (57): frequencies of the M-theta mode with m = 0, at a stiffened anisotropy K' [J/m^3].
/// Equation  omega = -(i/2)(1/tau_ML + alpha gamma K') +- sqrt(gamma^2 mu0 K'/chi_M - (1/tau_ML - alpha gamma K')^2/4)
/// Shapes    the two roots of Eq. (56), the + root first; the slow one of an overdamped pair from their product
/// Units     [rad/s]
struct SpinWaveFrequencies {
  std::complex<double> plus, minus;
};
SpinWaveFrequencies spin_wave_frequencies(const physics::Material<double>& material, double stiffened_anisotropy);

/// The spin-wave mode (m = 0 in zeroth order) and the m it carries.
struct SpinWave {
  std::complex<double> k_squared;             ///< (K' - K)/rho_s [1/m^2]
  std::complex<double> stiffened_anisotropy;  ///< K', Eq. (58) [J/m^3]
  std::complex<double> theta_over_M;          ///< Eq. (60) [corrected] [rad m/A]
  std::complex<double> m_over_M;              ///< Eq. (62) [corrected]
};

/// The diffusion mode (M = 0 in zeroth order) and the M and theta it carries.
struct Diffusion {
  std::complex<double> k_squared;             ///< Eq. (65) [corrected] [1/m^2]
  std::complex<double> stiffened_anisotropy;  ///< K', Eq. (66) [corrected] [J/m^3]
  std::complex<double> M_over_m;              ///< Eq. (69)
  std::complex<double> theta_over_m;          ///< Eq. (70) [rad m/A]
  std::complex<double> M_plus_m_over_m;       ///< Eq. (71), in its simplified form, free of cancellation
};

/// Equations (58), (60) [corrected], (62) [corrected]. Infinite (real part) where a denominator vanishes: theta/M at omega =
/// 0, k^2 if rho_s = 0.
SpinWave spin_wave_mode(const physics::Material<double>& material, double omega);

/// Equations (65), (66) [corrected], (69)-(71). k^2 is infinite if D = 0.
/// At omega -> 0 M/m goes to static_M_over_m, however weak the coupling: the expansion in M/m fails at dc.
Diffusion diffusion_mode(const physics::Material<double>& material, double omega);

/// -1 + alpha r/(alpha/tau_ML + gamma mu0/chi_M), the limit of Eq. (69) for omega -> 0 (corrections, section IX.B at dc).
double static_M_over_m(const physics::Material<double>& material);

/// Eq. (71) as printed, 1 + M/m with the two-term fraction: equal to Diffusion::M_plus_m_over_m but for rounding.
std::complex<double> total_over_m_two_terms(const physics::Material<double>& material, double omega,
                                            std::complex<double> stiffened_anisotropy);

/// An exact mode at this omega, with the ratios of its vector from the rows of Eq. (52):
/// m/M = -xi A/(s + A + r), theta/M = -g (1 + m/M)/(s + alpha gamma K').
struct ExactMode {
  std::complex<double> k_squared, stiffened_anisotropy;
  std::complex<double> m_over_M, theta_over_M;                   ///< as a spin wave
  std::complex<double> M_over_m, theta_over_m, M_plus_m_over_m;  ///< as a diffusion mode
};

/// Everything at one frequency. The ratios that must be small are compared in the same unit: theta sqrt(chi_M |K'|/mu0)
/// with M or m (corrections to Eqs. (60), (70)).
struct WeakCoupling {
  SpinWave spin_wave;
  ExactMode exact_spin_wave;  ///< the exact k^2 nearest to Eq. (58)
  double spin_wave_ratio;     ///< |m/M|, Eq. (62): what spin-wave perturbation theory assumes to be small
  double spin_wave_error;     ///< |k^2 - exact k^2|/|exact k^2|
  bool spin_wave_valid;

  Diffusion diffusion;
  ExactMode exact_diffusion;  ///< the exact k^2 nearest to Eq. (65)
  double diffusion_ratio;     ///< the larger of |M/m| and |theta/m| sqrt(chi_M |K'|/mu0), Eqs. (69), (70)
  double diffusion_error;     ///< |k^2 - exact k^2|/|exact k^2|
  bool diffusion_valid;

  bool valid() const { return spin_wave_valid && diffusion_valid; }
};

/// A mode is "valid" if its scaled ratios are below this, and the two approximations belong to different exact modes.
/// What is neglected is of the second order in them: 0.3 squared is a tenth.
inline constexpr double largest_valid_ratio = 0.3;

/// Valid   spin glasses (others have nothing to perturb about), sigma Omega = 0, real omega
WeakCoupling weak_coupling(const physics::Material<double>& material, double omega);

}  // namespace vitrispin::modes
