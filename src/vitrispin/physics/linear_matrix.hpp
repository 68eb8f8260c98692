#pragma once

#include <array>
#include <complex>

#include "vitrispin/physics/material.hpp"

namespace vitrispin::physics {

/// Matrix of the linear dynamics of one helicity component about equilibrium.
/// Equation  s y = G y,  y = (M - M_eq, m, theta),  s = -i omega,  exp(i(kx - omega t))      Eqs. (44)-(46), (51), (52)
///           with + i sigma Omega in G[0][0], G[0][1] when M_eq is not zero (corrections to Eqs. (41)-(52) in a field)
/// Shapes    3 x 3, row-major; rows and columns (M, m, theta)
/// Units     k^2 [1/m^2], Omega [rad/s]; entries [1/s], [A/(m s)] per rad and the inverse
/// Valid     sigma = -1, 0, +1 for v_x - i v_y, v_z, v_x + i v_y; a spin glass
/// Errors    none
/// Source    Sun & Saslow 2023, Eq. (52)
template <class Parameter, class Wavenumber>
constexpr auto linear_matrix(const Material<Parameter>& material, const Wavenumber& k_squared, int sigma,
                             const Parameter& Omega) {
  using Complex = std::complex<double>;
  const auto rates = relaxation_rates(material);
  const auto& gamma = material.gyromagnetic_ratio;
  const auto A = material.diffusivity * k_squared + rates.m_to_lattice;
  const auto K_prime = stiffened_anisotropy(material, k_squared);
  const auto g = gamma * constants::vacuum_permeability / material.equilibrium_susceptibility;
  const Complex rotation(0.0, static_cast<double>(sigma) * Omega);
  return std::array<std::array<Complex, 3>, 3>{{
      {Complex(-rates.M_to_lattice) + rotation, Complex(rates.exchange - rates.M_to_lattice) + rotation,
       Complex(gamma * K_prime)},
      {Complex(-material.susceptibility_ratio() * A), Complex(-(A + rates.exchange)), Complex(0.0)},
      {Complex(-g), Complex(-g), Complex(-material.damping * gamma * K_prime)},
  }};
}

/// The numbers that fix the linear dynamics of one helicity component at one k: what the mode solvers work on.
/// In energy coordinates  u = ((M-M_eq+m)/sqrt(chi_M), m sqrt((1/xi-1)/chi_M), theta sqrt(K'/mu0))  the energy is
/// mu0 |u|^2/2 and the matrix is an antisymmetric part (w, Omega) minus a symmetric positive semidefinite one:
///
///     |  -(a + xi A) + i sigma Omega    -q A              w  |
///     |  -q A                           -(1-xi)(A + d)    0  |        q = sqrt(xi (1 - xi))
///     |  -w                              0               -p  |
struct EnergyMatrix {
  double a;             ///< 1/tau_ML [1/s]
  double A;             ///< D k^2 + 1/tau_mL [1/s]
  double d;             ///< 1/tau_mM [1/s]
  double xi;            ///< chi_m/chi_M
  double one_minus_xi;  ///< (chi_M - chi_m)/chi_M, without cancellation
  double w_squared;     ///< gamma^2 mu0 K'/chi_M [1/s^2]
  double p;             ///< alpha gamma K' [1/s]
  double rotation;      ///< sigma Omega [rad/s]
};

/// The energy matrix at wavenumber squared `k_squared` [1/m^2] (real) and precession rate `Omega` [rad/s], sigma = -1, 0, 1.
/// Equation  Eq. (52) in energy coordinates
/// Valid     a built spin glass
inline EnergyMatrix energy_matrix(const Material<double>& material, double k_squared, int sigma, double Omega) {
  const double a = 1.0 / material.lattice_relaxation_time;
  const double A = material.diffusivity * k_squared + 1.0 / material.accumulation_lattice_relaxation_time;
  const double chi_M = material.equilibrium_susceptibility;
  const double chi_m = material.accumulation_susceptibility;
  const double d = (chi_M / chi_m) / material.cross_relaxation_time;
  const double gamma_K = material.gyromagnetic_ratio * stiffened_anisotropy(material, k_squared);
  const double g = material.gyromagnetic_ratio * (constants::vacuum_permeability / chi_M);
  return {a, A, d, chi_m / chi_M, (chi_M - chi_m) / chi_M, g * gamma_K, material.damping * gamma_K, sigma * Omega};
}

}  // namespace vitrispin::physics
