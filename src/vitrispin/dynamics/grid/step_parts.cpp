#include "vitrispin/dynamics/grid/step_parts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "vitrispin/core/constants.hpp"

namespace vitrispin::dynamics::grid {

bool resolves_texture(const Grid& grid, const std::vector<double>& anisotropy, double w) {
  double inverse_squares = 0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (grid.problem().axes[axis].cells() == 1) continue;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < grid.problem().axes[axis].cells(); ++i)
      least = std::min(least, grid.problem().axes[axis].width(i));
    inverse_squares += 1 / (least * least);
  }
  double fastest = 0;
  for (std::size_t d = 0; d < grid.domains().size(); ++d) {
    const auto& material = grid.domains()[d].material;
    if (!material.has_texture()) continue;
    const double K = anisotropy[d] + 4 * material.spin_stiffness * inverse_squares;
    const double gamma = material.gyromagnetic_ratio;
    const double wave = gamma * std::sqrt(constants::vacuum_permeability * K / material.equilibrium_susceptibility);
    fastest = std::max({fastest, wave, material.damping * gamma * K});
  }
  return w * fastest < 1;
}

void exchange_number(Archive& archive, const Halo& halo, double& value) {
  if (halo.first()) archive.value(value);
  if (!archive.reads()) return;
  std::vector<double> of_first{halo.first() ? value : 0.0};
  halo.sum(of_first);
  value = of_first[0];
}

void exchange_whole(Archive& archive, const Grid& grid, const Halo& halo, double* values) {
  std::vector<double> whole;
  if (!archive.reads()) whole = halo.gathered(values, grid.cells());
  if (halo.first()) archive.values(whole);
  if (archive.reads()) halo.scatter(whole, values, grid.cells());
}

}  // namespace vitrispin::dynamics::grid
