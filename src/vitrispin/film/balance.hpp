#pragma once

#include "vitrispin/film/film_state.hpp"

namespace vitrispin::film {

/// Where the spin goes: in = out + relaxed + residual, vectors in A/s.
struct Balance {
  ComplexVector in, out;  ///< J through the left and the right outer face, along +x
  ComplexVector relaxed;  ///< taken by the lattice, and stored per second at omega != 0
  ComplexVector residual;
};

/// Equation  relaxed = sum over layers of the integral of b dm + (a - i sigma Omega + s) dM - gamma K theta,
///           a metal: (b - i sigma gamma mu0 H + s) dm; plus (gamma_left - gamma_right) rho_s d_x theta where gamma changes
///           between two spin glasses, since J counts magnetization and the texture passes on angular momentum
/// Valid     the integrals are those of the profiles, not differences of the currents
Balance balance(const FilmState& state);

/// The spin that one layer gives to the lattice [A/s].
ComplexVector relaxed_in_layer(const FilmState& state, std::size_t layer);

}  // namespace vitrispin::film
