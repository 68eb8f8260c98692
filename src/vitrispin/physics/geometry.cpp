#include "vitrispin/physics/geometry.hpp"

#include <algorithm>
#include <cmath>

namespace vitrispin::physics {
namespace {

double total_thickness(const Stack& stack) {
  double sum = 0;
  for (const Layer& layer : stack.layers) sum += layer.thickness;
  return sum;
}

/// Beyond the layers, between `from` and `to`: every end of a region is a face, and between two of them the cells are as wide as the
/// narrowest that a region there asks for, else as `layer_cell`.
void add_beyond(std::vector<double>& faces, const Geometry& geometry, double from, double to, double layer_cell) {
  std::vector<double> ends{from, to};
  for (const Region& region : geometry.regions) {
    for (const double x : {region.ranges[0].from, region.ranges[0].to}) {
      if (x > from && x < to) ends.push_back(x);
    }
  }
  std::sort(ends.begin(), ends.end());
  // Ends that differ by rounding of the units they were given in are one.
  const double rounding = 1e-9 * (to - from);
  ends.erase(std::unique(ends.begin(), ends.end(), [&](double a, double b) { return b - a < rounding; }), ends.end());
  for (std::size_t e = 0; e + 1 < ends.size(); ++e) {
    double width = 0;
    for (const Region& region : geometry.regions) {
      const double begin = std::max(region.ranges[0].from, from);
      const double end = std::min(region.ranges[0].to, to);
      const double middle = 0.5 * (ends[e] + ends[e + 1]);
      if (region.cells == 0 || middle < begin || middle > end) continue;
      const double own = (end - begin) / region.cells;
      width = width == 0 ? own : std::min(width, own);
    }
    if (width == 0) width = layer_cell;
    const double count = std::clamp(std::round((ends[e + 1] - ends[e]) / width), 1.0, 1e9);
    for (double i = 0; i < count && faces.size() <= most_cells_along_x; ++i)
      faces.push_back(ends[e] + (ends[e + 1] - ends[e]) * (i / count));
  }
}

std::vector<double> faces_along_x(const Stack& stack, const Geometry& geometry) {
  std::vector<double> faces;
  if (stack.layers.empty()) return {0.0, 1.0};
  const double thickness = total_thickness(stack);
  double lowest = 0, highest = thickness;
  for (const Region& region : geometry.regions) {
    if (std::isfinite(region.ranges[0].from)) lowest = std::min(lowest, region.ranges[0].from);
    if (std::isfinite(region.ranges[0].to)) highest = std::max(highest, region.ranges[0].to);
  }
  const auto faces_of = [](const Layer& layer) {
    return graded_faces(layer.thickness, std::max(layer.cells, 1), layer.ratio);
  };
  const double first = faces_of(stack.layers.front())[1];
  const std::vector<double> of_last = faces_of(stack.layers.back());
  const double last = of_last.back() - of_last[of_last.size() - 2];
  // What reaches beyond by rounding alone does not.
  if (lowest < -1e-9 * first) add_beyond(faces, geometry, lowest, 0, first);
  double x = 0;
  for (const Layer& layer : stack.layers) {
    const std::vector<double> own = faces_of(layer);
    for (std::size_t i = 0; i + 1 < own.size(); ++i) faces.push_back(x + own[i]);
    x += layer.thickness;
  }
  if (highest > thickness + 1e-9 * last) {
    add_beyond(faces, geometry, thickness, highest, last);
    x = highest;
  }
  faces.push_back(x);
  return faces;
}

}  // namespace

std::vector<double> graded_faces(double length, int cells, double ratio) {
  const auto n = static_cast<std::size_t>(cells);
  std::vector<double> faces(n + 1, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    const double width = n == 1 ? 1.0 : std::pow(ratio, static_cast<double>(i) / static_cast<double>(n - 1));
    faces[i + 1] = faces[i] + width;
  }
  const double sum = faces.back();
  for (std::size_t i = 0; i <= n; ++i) {
    faces[i] = ratio == 1 ? length * (static_cast<double>(i) / static_cast<double>(n)) : length * (faces[i] / sum);
  }
  return faces;
}

std::vector<double> faces_along(const Stack& stack, const Geometry& geometry, std::size_t axis) {
  if (axis == 0) return faces_along_x(stack, geometry);
  const GridAxis& direction = axis == 1 ? geometry.y : geometry.z;
  if (direction.cells == 0) return {0.0, 1.0};
  return graded_faces(direction.length, direction.cells, direction.ratio);
}

CellRange nearest_cells(const std::vector<double>& faces, const Interval& interval) {
  CellRange range{0, faces.size() - 1, 0};
  const auto nearest = [&](double x) {
    const auto after = std::upper_bound(faces.begin(), faces.end(), x);
    std::size_t i = static_cast<std::size_t>(std::distance(faces.begin(), after));
    if (i == faces.size() || (i > 0 && x - faces[i - 1] <= faces[i] - x)) --i;
    return i;
  };
  if (std::isfinite(interval.from)) {
    range.begin = nearest(interval.from);
    range.moved = std::abs(faces[range.begin] - interval.from);
  }
  if (std::isfinite(interval.to)) {
    range.end = nearest(interval.to);
    range.moved = std::max(range.moved, std::abs(faces[range.end] - interval.to));
  }
  if (range.end < range.begin) range.end = range.begin;
  return range;
}

RegionCells::RegionCells(const Region& region, const std::array<std::vector<double>, 3>& faces)
    : region_(region), faces_(faces) {
  for (std::size_t a = 0; a < 3; ++a) ranges_[a] = nearest_cells(faces[a], region.ranges[a]);
}

double RegionCells::center(std::size_t axis, std::size_t cell) const {
  return 0.5 * (faces_[axis][cell] + faces_[axis][cell + 1]);
}

std::size_t RegionCells::label_along(std::size_t axis, std::size_t cell) const {
  const double from = faces_[axis][ranges_[axis].begin];
  const double to = faces_[axis][ranges_[axis].end];
  const std::size_t size = region_.size[axis];
  const double share = (center(axis, cell) - from) / (to - from) * static_cast<double>(size);
  return std::min(static_cast<std::size_t>(share), size - 1);
}

bool RegionCells::holds(std::size_t i, std::size_t j, std::size_t k) const {
  const std::array<std::size_t, 3> at{i, j, k};
  for (std::size_t a = 0; a < 3; ++a) {
    if (at[a] < ranges_[a].begin || at[a] >= ranges_[a].end) return false;
  }
  if (region_.shape == Region::Shape::cylinder) {
    const std::size_t u = region_.axis == 0 ? 1 : 0;
    const std::size_t v = region_.axis == 2 ? 1 : 2;
    return std::hypot(center(u, at[u]) - region_.center[0], center(v, at[v]) - region_.center[1]) <= region_.radius;
  }
  if (region_.shape == Region::Shape::labels) {
    std::size_t flat = 0;
    for (std::size_t a = 3; a-- > 0;) flat = flat * region_.size[a] + label_along(a, at[a]);
    return region_.labels[flat] == region_.label;
  }
  return true;
}

}  // namespace vitrispin::physics
