#pragma once

#include <array>
#include <complex>

#include "vitrispin/dynamics/ledger.hpp"
#include "vitrispin/physics/material.hpp"

namespace vitrispin::dynamics {

/// One helicity of one wave: M - M_eq, m [A/m], theta [rad]; v_1 + i v_2 for sigma = 1, v_3 for sigma = 0.
using WaveAmplitude = std::array<std::complex<double>, 3>;

/// What a wave is after a time, and what it has dissipated on the way, per volume and per square of the wave's shape [J/m^3].
struct WaveAfter {
  WaveAmplitude amplitude;
  DissipatedPower dissipated;  ///< integrated over the time
};

/// The linear dynamics of one wave, exactly, for any time.
/// Equation  y(t) = exp(G t) y(0), G of Eq. (52), as the polynomial that takes exp(s t) at the modes' s = -i omega; the integrals of
///           T R_s, Eq. (26), by the same modes
/// Units     `k_squared` [1/m^2], `Omega` = gamma mu0 M_eq/chi_M [rad/s] (metal: gamma mu0 H), `time` [s], SI throughout
/// Valid     spin glass, metal or paramagnet; sigma = 0, 1; rounding is multiplied by up to the largest |s| times `time`
/// Errors    none
/// Source    Sun & Saslow 2023, Eqs. (26), (52); docs/dynamics.md
WaveAfter wave_after(const physics::Material<double>& material, double k_squared, int sigma, double Omega,
                     const WaveAmplitude& amplitude, double time);

/// The amplitude alone, to the same bits, at a fraction of the cost.
WaveAmplitude wave_amplitude_after(const physics::Material<double>& material, double k_squared, int sigma, double Omega,
                                   const WaveAmplitude& amplitude, double time);

}  // namespace vitrispin::dynamics
