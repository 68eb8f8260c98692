#pragma once

#include "vitrispin/atoms/energy.hpp"
#include "vitrispin/atoms/lattice.hpp"

/// The macroscopic constants by second differences of relaxed energies and moments in small but finite fields, twists and
/// rotations: what `response` and `rotation` give by linear response, on another way.
namespace vitrispin::atoms {

/// Sum of du/d(field), the orientation held, mean over the axes that turn the state. [1/J]
double finite_susceptibility(const Couplings& exchange, const Spins& spins);

/// d^2E/dq^2, the orientation held, mean over directions and axes. [J m^2]
double finite_stiffness(const physics::SpinModel& model, const Sites& sites, std::uint32_t sample, const Spins& spins,
                        std::size_t directions);

/// d^2E/dtheta^2 at a given mean angle, the rest relaxed, mean over the axes; `rigid`: not relaxed. [J]
double finite_rotation(const Couplings& couplings, const Spins& spins, bool rigid);

}  // namespace vitrispin::atoms
