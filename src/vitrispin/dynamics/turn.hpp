#pragma once

#include <vector>

#include "vitrispin/dynamics/line.hpp"

namespace vitrispin::dynamics {

/// Whether a step of weight w [s] resolves the texture's own motion, its waves and its damped return, K per segment [J/m^3]. What turns
/// theta during a step is had from how far it turns, so that rounding of theta is rounding of H* divided by gamma mu0 w: where this
/// holds, a step is solved for the turn alone, its torque at the start put among the sources.
bool resolves_texture(const Line& line, const std::vector<double>& anisotropy, double w);

}  // namespace vitrispin::dynamics
