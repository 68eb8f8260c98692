#pragma once

#include "vitrispin/film/film_state.hpp"

namespace vitrispin::film {

inline constexpr double small_angle_limit =
    0.3;  ///< [rad]; beyond it theta is no small rotation (docs/theory.md, section 2)

/// The largest length of the vector theta that is reached in a group, over positions and over the phase of an oscillation [rad].
/// In a rotating group theta is the profile, of zero mean; NaN where rho_s = 0, since every point then turns at its own rate and angles
/// grow without bound. Between nodes it is sought to 1e-12; for a rotating
/// group as accurately as cubics through the nodes of `state` allow.
double largest_angle(const FilmState& state, const TextureGroup& group);

/// Largest length over a period of Re(v exp(-i omega t)): sqrt((|v|^2 + |v.v|)/2).
double largest_over_phase(const ComplexVector& v);

}  // namespace vitrispin::film
