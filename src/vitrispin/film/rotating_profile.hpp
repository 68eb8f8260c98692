#pragma once

#include "vitrispin/film/helicity_solution.hpp"

namespace vitrispin::film {

/// theta(x) of a steadily rotating group, theta = w t + profile with zero mean over the group, and both currents inside the layers.
/// J2 + rest_fraction J1 is linear in x (drag alone changes it), and J1'' = q J1 in a layer, hence with u = x/d and the bow S
/// (divided_differences.hpp)
///
///     J1 = (1-u) J1(0) + u J1(d) + S(1-u) J1(0) + S(u) J1(d)
///     gamma rho_s theta' = J2 = (1-u) J2(0) + u J2(d) - rest_fraction [S(1-u) J1(0) + S(u) J1(d)]
///
/// from the currents at the layer's faces alone. In a layer much thinner than its decay length J2 is of order (d kappa)^2 J1,
/// and would be lost in the roundings of J1 if it were had from the currents at the nodes.
void add_rotating_profile(HelicitySolution& solution, const TextureGroup& group);

/// theta of a layer whose nodes have their profile, at `share` of the way from one node to the next.
Complex rotating_theta(const LayerSolution& layer, std::size_t node, double share);

}  // namespace vitrispin::film
