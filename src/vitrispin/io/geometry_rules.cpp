#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vitrispin/io/input_sections.hpp"
#include "vitrispin/io/number_text.hpp"
#include "vitrispin/io/printable.hpp"

/// Rules that tie regions, patches and the grid together.
namespace vitrispin::io {
namespace {

using physics::Geometry;
using physics::Patch;
using physics::Region;
using Faces = std::array<std::vector<double>, 3>;

constexpr double most_cells = 2e9;  ///< more than the memory of any machine that would run it

std::string shown(double metres) {
  return engineering(metres, "m", 4);
}

Faces faces_of(const Input& input) {
  Faces faces;
  for (std::size_t a = 0; a < 3; ++a) faces[a] = physics::faces_along(input.stack, input.geometry, a);
  return faces;
}

/// Along y and z, where the box has given ends; along x a region makes the box as long as it needs.
void check_inside(const physics::Ranges& ranges, const Geometry& geometry, const std::string& what,
                  const std::string& path, std::vector<Problem>& problems) {
  for (std::size_t a = 1; a < geometry.dimensions(); ++a) {
    const double length = a == 1 ? geometry.y.length : geometry.z.length;
    const double slack = 1e-9 * length;
    for (const double end : {ranges[a].from, ranges[a].to}) {
      if (!std::isfinite(end) || (end >= -slack && end <= length + slack)) continue;
      const char axis = "xyz"[a];
      problems.push_back(
          {path + "." + axis, fmt::format("{} reaches to {} = {}, outside of the box, which spans 0 to {}", what, axis,
                                          shown(end), shown(length))});
    }
  }
}

bool is_thinner_than_a_cell(const physics::Ranges& ranges, const Faces& faces, const std::string& what,
                            const std::string& path, std::vector<Problem>& problems) {
  bool thin = false;
  for (std::size_t a = 0; a < 3; ++a) {
    const physics::CellRange cells = physics::nearest_cells(faces[a], ranges[a]);
    if (cells.begin != cells.end) continue;
    thin = true;
    const std::size_t at = std::min(cells.begin, faces[a].size() - 2);
    const char axis = "xyz"[a];
    problems.push_back(
        {path + "." + axis,
         fmt::format("{} spans {} along {} and covers no cell: the cells there are {} wide", what,
                     shown(ranges[a].to - ranges[a].from), axis, shown(faces[a][at + 1] - faces[a][at]))});
  }
  return thin;
}

/// In each direction the cell next to the cylinder's middle is the best, whatever the others are.
bool has_a_cell_in_cylinder(const Region& region, const Faces& faces, const physics::RegionCells& cells) {
  std::array<std::size_t, 3> nearest{cells.begin(0), cells.begin(1), cells.begin(2)};
  std::size_t direction = 0;
  for (std::size_t a = 0; a < 3; ++a) {
    if (a == region.axis) continue;
    const double middle = region.center[direction++];
    const auto after = std::upper_bound(faces[a].begin(), faces[a].end(), middle);
    const auto cell = std::max<std::ptrdiff_t>(std::distance(faces[a].begin(), after) - 1, 0);
    nearest[a] = std::clamp(static_cast<std::size_t>(cell), cells.begin(a), cells.end(a) - 1);
  }
  return cells.holds(nearest[0], nearest[1], nearest[2]);
}

bool has_a_labelled_cell(const Region& region, const physics::RegionCells& cells) {
  std::array<std::vector<char>, 3> taken;  // numbers that a cell takes, along each direction
  for (std::size_t a = 0; a < 3; ++a) {
    taken[a].assign(region.size[a], 0);
    for (std::size_t i = cells.begin(a); i < cells.end(a); ++i) taken[a][cells.label_along(a, i)] = 1;
  }
  std::size_t flat = 0;
  for (std::size_t k = 0; k < region.size[2]; ++k) {
    for (std::size_t j = 0; j < region.size[1]; ++j) {
      for (std::size_t i = 0; i < region.size[0]; ++i, ++flat) {
        if (region.labels[flat] == region.label && taken[0][i] && taken[1][j] && taken[2][k]) return true;
      }
    }
  }
  return false;
}

bool has_a_cell(const Region& region, const Faces& faces) {
  const physics::RegionCells cells(region, faces);
  if (region.shape == Region::Shape::cylinder) return has_a_cell_in_cylinder(region, faces, cells);
  return region.shape == Region::Shape::box || has_a_labelled_cell(region, cells);
}

void check_region(const Region& region, const Geometry& geometry, const Faces& faces, std::vector<Problem>& problems) {
  const std::string path = joined_path({"regions", region.name});
  const std::string what = "region " + region.name;
  const std::size_t before = problems.size();
  check_inside(region.ranges, geometry, what, path, problems);
  if (problems.size() > before || is_thinner_than_a_cell(region.ranges, faces, what, path, problems)) return;
  if (region.shape == Region::Shape::labels && region.labels.empty()) return;  // told with the file
  if (has_a_cell(region, faces)) return;
  problems.push_back(
      {path, region.shape == Region::Shape::cylinder
                 ? fmt::format("{} holds no cell's centre: its radius is {}, its center [{}, {}] m", what,
                               shown(region.radius), region.center[0], region.center[1])
                 : fmt::format("{} holds no cell: no number of the file that a cell takes is {}", what, region.label)});
}

void check_patch(const Patch& patch, const std::string& name, const Geometry& geometry, const Faces& faces,
                 std::vector<Problem>& problems) {
  const std::string path = joined_path({"boundary", name});
  const std::size_t axis = patch.face / 2;
  const bool periodic = (axis == 1 && geometry.y.periodic) || (axis == 2 && geometry.z.periodic);
  if (periodic) {
    problems.push_back({path + ".face", fmt::format("face = \"{}\" is not there: {} is periodic",
                                                    physics::face_names[patch.face], "xyz"[axis])});
    return;
  }
  const std::size_t before = problems.size();
  const std::string what = patch.name.empty() ? name : "patch " + name;
  check_inside(patch.ranges, geometry, what, path, problems);
  if (patch.ranges[0].from > faces[0].back() || patch.ranges[0].to < faces[0].front()) {
    problems.push_back({path + ".x", fmt::format("{} is outside of the box, which spans {} to {} along x", what,
                                                 shown(faces[0].front()), shown(faces[0].back()))});
  }
  if (problems.size() == before) is_thinner_than_a_cell(patch.ranges, faces, what, path, problems);
}

const physics::Material<double>* material_of(const Input& input, const std::string& name) {
  for (const physics::Layer& layer : input.stack.layers) {
    if (layer.name == name) return &layer.material;
  }
  for (const Region& region : input.geometry.regions) {
    if (region.name == name && !region.is_vacuum()) return &region.material;
  }
  return nullptr;
}

/// Faults of layers and directions are told already; what depends on them is not judged.
bool is_sound(const Input& input) {
  const Geometry& geometry = input.geometry;
  if (!(geometry.y.length > 0) || (geometry.z.cells > 0 && !(geometry.z.length > 0))) return false;
  const auto known = [&](const std::string& name) {
    return std::any_of(input.materials.begin(), input.materials.end(),
                       [&](const NamedMaterial& material) { return material.name == name; });
  };
  return std::all_of(input.stack.layers.begin(), input.stack.layers.end(), [&](const physics::Layer& layer) {
    return layer.thickness > 0 && layer.cells > 0 && known(layer.material_name);
  });
}

std::string moved_text(const std::string& what, double moved) {
  return fmt::format("{} does not end on faces of the grid: its ends are moved by up to {}", what, shown(moved));
}

}  // namespace

void check_geometry(const Input& input, std::vector<Problem>& problems) {
  const Geometry& geometry = input.geometry;
  if (geometry.dimensions() == 1) return;
  for (const physics::NamedInterface& interface : geometry.interfaces) {
    const auto* first = material_of(input, interface.first);
    const auto* second = material_of(input, interface.second);
    const std::string path = joined_path({"interfaces", interface.first + "|" + interface.second});
    if (first && second) {
      check_mixing(*first, interface.first, *second, interface.second, interface.interface.mixing, path + ".mixing",
                   problems);
    }
  }
  if (!is_sound(input) || input.stack.layers.empty()) return;  // told elsewhere
  const Faces faces = faces_of(input);
  double cells = 1;
  for (const auto& along : faces) cells *= static_cast<double>(along.size() - 1);
  if (cells > most_cells || faces[0].size() > physics::most_cells_along_x) {
    problems.push_back(
        {"grid",
         fmt::format("the grid would have {:.3g} cells, {} of them along x: at most {:.3g} and {:.3g} are allowed",
                     cells, faces[0].size() - 1, most_cells, static_cast<double>(physics::most_cells_along_x))});
    return;
  }
  for (const Region& region : geometry.regions) check_region(region, geometry, faces, problems);
  for (std::size_t p = 0; p < geometry.patches.size(); ++p) {
    check_patch(geometry.patches[p], patch_key(geometry, p), geometry, faces, problems);
  }
}

std::vector<std::string> geometry_warnings(const Input& input) {
  std::vector<std::string> warnings;
  const Geometry& geometry = input.geometry;
  if (geometry.dimensions() == 1) return warnings;
  for (const Experiment& experiment : input.experiments) {
    if (experiment.kind != "steady" && experiment.kind != "harmonic") continue;
    warnings.push_back(
        fmt::format("experiment {} is {}: it sees the layers along x alone, not the grid, regions and patches",
                    experiment.name, experiment.kind));
  }
  if (!is_sound(input) || input.stack.layers.empty()) return warnings;
  const Faces faces = faces_of(input);
  constexpr double noticed = 1e-6;  // of a cell; less is rounding of what was written
  const auto noticeable = [&](const physics::Ranges& ranges) {
    double moved = 0;
    for (std::size_t a = 0; a < 3; ++a) {
      const physics::CellRange cells = physics::nearest_cells(faces[a], ranges[a]);
      if (cells.begin == cells.end) continue;
      const double width = faces[a][cells.begin + 1] - faces[a][cells.begin];
      if (cells.moved > noticed * width) moved = std::max(moved, cells.moved);
    }
    return moved;
  };
  for (const Region& region : geometry.regions) {
    const double moved = noticeable(region.ranges);
    if (moved > 0) warnings.push_back(moved_text("region " + region.name, moved));
  }
  for (std::size_t p = 0; p < geometry.patches.size(); ++p) {
    physics::Ranges ranges = geometry.patches[p].ranges;
    const double moved = noticeable(ranges);
    if (moved > 0)
      warnings.push_back(
          moved_text((geometry.patches[p].name.empty() ? "" : "patch ") + patch_key(geometry, p), moved));
  }
  for (std::size_t a = 0; a < geometry.regions.size(); ++a) {
    for (std::size_t b = a + 1; b < geometry.regions.size(); ++b) {
      if (geometry.regions[b].shape != Region::Shape::box) continue;
      const physics::RegionCells below(geometry.regions[a], faces);
      const physics::RegionCells above(geometry.regions[b], faces);
      bool hidden = true;
      for (std::size_t axis = 0; axis < 3; ++axis) {
        hidden = hidden && above.begin(axis) <= below.begin(axis) && above.end(axis) >= below.end(axis);
      }
      if (!hidden) continue;
      warnings.push_back(fmt::format("region {} is hidden by {}, which is later in the file", geometry.regions[a].name,
                                     geometry.regions[b].name));
      break;
    }
  }
  return warnings;
}

}  // namespace vitrispin::io
