#pragma once

#include <cstddef>
#include <vector>

#include "vitrispin/film/layer_equation.hpp"
#include "vitrispin/physics/stack.hpp"

namespace vitrispin::film {

/// Neighbouring layers whose texture is one: theta and rho_s theta' are continuous between spin glasses with stiffness.
/// A spin glass with rho_s = 0 is a group of its own, in which every point turns by itself.
struct TextureGroup {
  std::size_t first = 0, last = 0;           ///< layers, inclusive
  TwistMotion motion = TwistMotion::pinned;  ///< of the steady state
  bool uniform = true;                       ///< false where rho_s = 0

  bool contains(std::size_t layer) const { return first <= layer && layer <= last; }
};

/// The groups from left to right, each `pinned` if K > 0 in any of its layers or one of its faces is clamped, else
/// `rotating` (docs/theory.md, section 5: at K = 0 with a free twist there is no static state).
std::vector<TextureGroup> texture_groups(const physics::Stack& stack);

/// Motion of each layer's texture at angular frequency omega; `pinned` for layers without texture.
std::vector<TwistMotion> twist_motions(const std::vector<TextureGroup>& groups, std::size_t layers, double omega);

const char* to_string(TwistMotion motion);

}  // namespace vitrispin::film
