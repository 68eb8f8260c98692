#pragma once

#include "vitrispin/film/helicity_solution.hpp"

namespace vitrispin::film {

/// theta(x) of a steadily rotating group, theta = w t + profile with zero mean over the group: integrates
/// gamma rho_s theta' = J2 exactly, node to node. In local equilibrium p = rest_fraction phi, so
///
///     J2(x) = J2(0) - drag chi x - rest_fraction (J1(x) - J1(0)),   drag = Z/N + turn exchange m_to_lattice/(exchange + m_to_lattice)
///
/// and the integral of J1 is -D chi_m (p(x) - p(0)).
void add_rotating_profile(HelicitySolution& solution, const TextureGroup& group);

}  // namespace vitrispin::film
