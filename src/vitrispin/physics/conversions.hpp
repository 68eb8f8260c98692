#pragma once

#include "vitrispin/physics/material.hpp"

/// From the program's currents and fields to what experimenters quote, one function per convention.
namespace vitrispin::physics {

/// Angular-momentum current -j/gamma [J/m^2] of a magnetization current j [A/s], from M = -gamma S (Sun & Saslow 2023).
template <class Current>
constexpr auto angular_momentum_current(const Current& magnetization_current, double gamma) {
  return (-1.0 / gamma) * magnetization_current;
}

/// Spin chemical potential mu_s = mu0 gamma hbar h* [J] of an effective field h* [A/m]; a texture in equilibrium with a
/// contact turns at mu_s/hbar. Convention: mu_s per hbar of angular momentum (Tserkovnyak, Brataas & Bauer 2002).
template <class Field>
constexpr auto spin_chemical_potential(const Field& h_star, double gamma) {
  return (constants::vacuum_permeability * gamma * constants::reduced_planck) * h_star;
}

/// Spin current in units of charge current, (2e/hbar) J_s [A/m^2] of an angular-momentum current J_s [J/m^2]
/// (Sinova et al., Rev. Mod. Phys. 87, 1213 (2015)): the convention in which theta_SH = j_c/j_s.
template <class Current>
constexpr auto spin_current_as_charge_current(const Current& angular_momentum_current_density) {
  return (2.0 * constants::elementary_charge / constants::reduced_planck) * angular_momentum_current_density;
}

/// Open-circuit inverse spin Hall field E = -theta_SH <x_hat x (2e/hbar) J_s>/sigma [V/m], averaged over a detector, whose
/// mean angular-momentum current along x is `mean_current` [J/m^2], polarised along the vector's direction.
/// Equation  j_c = theta_SH (2e/hbar) J_s x s  (Sinova et al. 2015, their equation 3); E = -j_c/sigma in an open circuit
template <class Scalar>
constexpr auto inverse_spin_hall_field(const Vector3<Scalar>& mean_current, double spin_hall_angle,
                                       double conductivity) {
  const auto js = spin_current_as_charge_current(mean_current);
  const double scale = spin_hall_angle / conductivity;
  return Vector3<Scalar>(Scalar{}, scale * js[2], -(scale * js[1]));
}

}  // namespace vitrispin::physics
