#pragma once

#include "vitrispin/film/helicity_solution.hpp"

namespace vitrispin::film {

/// theta(x) of a steadily rotating group, theta = w t + profile with zero mean over the group, node to node:
/// J2 + rest_fraction J1 is linear in x (drag alone changes it) and the integral of J1 over a step is
/// tanh(kappa h/2)/kappa (J1(0) + J1(h)), hence exactly
///
///     gamma rho_s (theta(h) - theta(0)) = (h/2) [J2(0) + J2(h) + rest_fraction (1 - tanh(x)/x) (J1(0) + J1(h))],  x = kappa h/2
void add_rotating_profile(HelicitySolution& solution, const TextureGroup& group);

}  // namespace vitrispin::film
