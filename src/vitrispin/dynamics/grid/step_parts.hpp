#pragma once

#include "vitrispin/dynamics/archive.hpp"
#include "vitrispin/dynamics/grid/helmholtz.hpp"

/// What the integrators on a grid share.
namespace vitrispin::dynamics::grid {

/// As dynamics::resolves_texture: whether a step of weight w [s] resolves the texture's waves and its damped return.
bool resolves_texture(const Grid& grid, const std::vector<double>& anisotropy, double w);

/// Three arrays of `cells`, one after the other.
inline Components three(double* values, std::size_t cells) {
  return {values, values + cells, values + 2 * cells};
}
inline ConstComponents constant(const Components& c) {
  return {c[0], c[1], c[2]};
}

/// Values of a slab, on all ranks as one: what an integrator remembers is written for the whole grid, on the first rank.
void exchange_whole(Archive& archive, const Grid& grid, const Halo& halo, double* values);
/// A number that every rank has.
void exchange_number(Archive& archive, const Halo& halo, double& value);

}  // namespace vitrispin::dynamics::grid
