#include "vitrispin/film/texture_groups.hpp"

namespace vitrispin::film {

std::vector<TextureGroup> texture_groups(const physics::Stack& stack) {
  std::vector<TextureGroup> groups;
  const std::size_t count = stack.layers.size();
  for (std::size_t i = 0; i < count; ++i) {
    const auto& material = stack.layers[i].material;
    if (!material.has_texture()) continue;
    const bool stiff = material.spin_stiffness > 0;
    const bool joined = stiff && !groups.empty() && groups.back().last + 1 == i && groups.back().uniform;
    if (joined) {
      groups.back().last = i;
    } else {
      groups.push_back({i, i, TwistMotion::rotating, stiff});
    }
    const bool clamped = (i == 0 && stack.left.twist == physics::TwistBoundary::clamped) ||
                         (i + 1 == count && stack.right.twist == physics::TwistBoundary::clamped);
    if (material.anisotropy > 0 || (stiff && clamped)) groups.back().motion = TwistMotion::pinned;
  }
  return groups;
}

std::vector<TwistMotion> twist_motions(const std::vector<TextureGroup>& groups, std::size_t layers, double omega) {
  std::vector<TwistMotion> motions(layers, omega == 0 ? TwistMotion::pinned : TwistMotion::oscillating);
  if (omega != 0) return motions;
  for (const TextureGroup& group : groups) {
    for (std::size_t i = group.first; i <= group.last; ++i) motions[i] = group.motion;
  }
  return motions;
}

const char* to_string(TwistMotion motion) {
  switch (motion) {
    case TwistMotion::oscillating: return "oscillating";
    case TwistMotion::pinned: return "pinned";
    case TwistMotion::rotating: return "rotating";
  }
  return "";
}

}  // namespace vitrispin::film
