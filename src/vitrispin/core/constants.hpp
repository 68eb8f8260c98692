#pragma once

/// Physical constants, CODATA 2018, SI units.
namespace vitrispin::constants {

inline constexpr double vacuum_permeability = 1.25663706212e-6;          ///< mu0 [N/A^2]
inline constexpr double bohr_magneton = 9.2740100783e-24;                ///< mu_B [J/T]
inline constexpr double electron_gyromagnetic_ratio = 1.76085963023e11;  ///< gamma [rad/(s T)]
inline constexpr double planck = 6.62607015e-34;                         ///< h [J s], exact
inline constexpr double reduced_planck = 1.054571817646156391e-34;       ///< hbar = h/(2 pi) [J s], exact to rounding
inline constexpr double elementary_charge = 1.602176634e-19;             ///< e [C], exact
inline constexpr double boltzmann = 1.380649e-23;                        ///< k_B [J/K], exact
inline constexpr double pi = 3.14159265358979323846;

}  // namespace vitrispin::constants
