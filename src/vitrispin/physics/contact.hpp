#pragma once

#include "vitrispin/physics/material.hpp"

/// Laws of contacts and interfaces (docs/theory.md, boundary and interface conditions).
namespace vitrispin::physics {

/// beta = hbar g_mix/(4 pi) [J s/m^2], g_mix [1/m^2]: strength of the coherent exchange of a contact with the texture.
/// Source  Tserkovnyak, Brataas & Bauer, PRB 66, 224403 (2002); Ochoa, Zarzuela & Tserkovnyak, PRB 98, 054424 (2018)
template <class Scalar>
constexpr auto mixing_coefficient(const Scalar& mixing_conductance) {
  return (constants::reduced_planck / (4.0 * constants::pi)) * mixing_conductance;
}

/// Flux of m out of the film into a contact: j.n = Y (h_c - h*) [A/s]; Y in m/s, fields in A/m.
template <class Scalar, class Field>
constexpr auto contact_current(const Scalar& conductance, const Field& h_star, const Field& contact_potential) {
  return conductance * (contact_potential - h_star);
}

/// Current through an interface along its normal from left to right: j = Y_int (h*_right - h*_left) [A/s].
template <class Scalar, class Field>
constexpr auto interface_current(const Scalar& conductance, const Field& h_star_left, const Field& h_star_right) {
  return conductance * (h_star_right - h_star_left);
}

/// Torque of a mixing contact on the texture: rho_s d_n theta = -beta (d_t theta - gamma mu0 h_c) [J/m^2], n outward.
template <class Scalar, class Rate, class Field>
constexpr auto mixing_torque(const Scalar& beta, const Scalar& gamma, const Rate& rotation_rate,
                             const Field& contact_potential) {
  return -(beta * (rotation_rate - (gamma * constants::vacuum_permeability) * contact_potential));
}

/// Dissipation at a contact or interface: mu0 Y |jump of h*|^2 >= 0 [W/m^2].
template <class Scalar>
constexpr auto contact_dissipation(const Scalar& conductance, const Scalar& jump_squared) {
  return constants::vacuum_permeability * conductance * jump_squared;
}

/// Dissipation of coherent exchange: beta |d_t theta - gamma mu0 h_c|^2 >= 0 [W/m^2].
template <class Scalar>
constexpr auto mixing_dissipation(const Scalar& beta, const Scalar& slip_squared) {
  return beta * slip_squared;
}

/// Power that enters through an outer face, -mu0 h*.(flux of m into the film) + rho_s d_n theta . d_t theta [W/m^2], n
/// outward: the work W_b of the ledger. The sign is that of dF/dm = -mu0 h*: feeding m along -h* costs energy.
/// At a contact it is -(what the contact dissipates) + mu0 h_c.(total magnetization current out of the film).
template <class Field, class Current, class Torque, class Rate>
constexpr auto boundary_power(const Vector3<Field>& h_star, const Vector3<Current>& current_in,
                              const Vector3<Torque>& torque, const Vector3<Rate>& rotation_rate) {
  return dot(torque, rotation_rate) - constants::vacuum_permeability * dot(h_star, current_in);
}

}  // namespace vitrispin::physics
