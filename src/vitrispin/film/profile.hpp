#pragma once

#include "vitrispin/film/film_state.hpp"

namespace vitrispin::film {

/// All fields at one node of a layer, Cartesian.
struct ProfilePoint {
  ComplexVector M, m, theta;         ///< changes from equilibrium [A/m], [A/m], [rad]
  ComplexVector delta_M, delta_m;    ///< -chi_M H*, -chi_m h* [A/m]
  ComplexVector h_star;              ///< [A/m]
  ComplexVector j, texture_current;  ///< j_x and gamma rho_s d_x theta [A/s]
  ComplexVector torque;              ///< Gamma' [J/m^3]
};
ProfilePoint profile_point(const FilmState& state, std::size_t layer, std::size_t node);

/// Local dissipation T R_s by mechanism, Eq. (26) [W/m^3]; at omega != 0 its average over a period.
struct LocalDissipation {
  double M_to_lattice = 0, m_to_lattice = 0, exchange = 0, diffusion = 0, damping = 0;
  double total() const { return M_to_lattice + m_to_lattice + exchange + diffusion + damping; }
};
LocalDissipation local_dissipation(const physics::Material<double>& material, const ProfilePoint& point, double omega);

}  // namespace vitrispin::film
