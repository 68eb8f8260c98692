#include "vitrispin/dynamics/turn.hpp"

#include <algorithm>
#include <cmath>

#include "vitrispin/core/constants.hpp"

namespace vitrispin::dynamics {

bool resolves_texture(const Line& line, const std::vector<double>& anisotropy, double w) {
  double fastest = 0;
  for (std::size_t s = 0; s < line.segments().size(); ++s) {
    const Segment& segment = line.segments()[s];
    const auto& material = segment.material;
    if (!material.has_texture()) continue;
    const double K = anisotropy[s] + 4 * material.spin_stiffness / (segment.width * segment.width);
    const double gamma = material.gyromagnetic_ratio;
    const double wave = gamma * std::sqrt(constants::vacuum_permeability * K / material.equilibrium_susceptibility);
    fastest = std::max({fastest, wave, material.damping * gamma * K});
  }
  return w * fastest < 1;
}

}  // namespace vitrispin::dynamics
