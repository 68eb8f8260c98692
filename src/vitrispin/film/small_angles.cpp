#include "vitrispin/film/small_angles.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vitrispin::film {

double largest_over_phase(const ComplexVector& v) {
  double scale = 0;
  for (std::size_t i = 0; i < 3; ++i) scale = std::max(scale, std::abs(v[i]));
  if (scale == 0 || !std::isfinite(scale)) return scale;
  const ComplexVector unit = (1.0 / scale) * v;
  const double square = std::norm(unit.x()) + std::norm(unit.y()) + std::norm(unit.z());
  return scale * std::sqrt(0.5 * (square + std::abs(dot(unit, unit))));
}

double largest_angle(const FilmState& state, const TextureGroup& group) {
  if (turns_point_by_point(state, group.first)) return std::numeric_limits<double>::quiet_NaN();
  double largest = 0;
  for (std::size_t i = group.first; i <= group.last; ++i) {
    for (std::size_t n = 0; n <= state.face(i, Side::right); ++n) {
      const ComplexVector theta =
          state.at(i, n, [](const LayerSolution&, const FaceState& face) { return face.theta; });
      largest = std::max(largest, largest_over_phase(theta));
    }
  }
  return largest;
}

}  // namespace vitrispin::film
