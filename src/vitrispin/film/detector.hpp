#pragma once

#include "vitrispin/film/film_state.hpp"

namespace vitrispin::film {

/// What a metal with a spin Hall angle measures.
struct DetectorReading {
  ComplexVector mean_current;       ///< j averaged over the thickness [A/s]
  ComplexVector angular_momentum;   ///< the same as -j/gamma [J/m^2]
  ComplexVector inverse_spin_hall;  ///< open-circuit field E [V/m]: the voltage per metre between contacts
};

bool is_detector(const physics::Material<double>& material);

/// Equation  <j> = D chi_m (h*(right) - h*(left))/d exactly;  E = -theta_SH <x_hat x (2e/hbar) J_s>/sigma
/// Source    physics::inverse_spin_hall_field
DetectorReading detector_reading(const FilmState& state, const physics::Layer& layer, std::size_t index);

/// -J/gamma [J/m^2] for the interface to the right of layer i: gamma of that layer, of its neighbour for a ferromagnet.
double gamma_at_interface(const physics::Stack& stack, std::size_t i);

}  // namespace vitrispin::film
