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

/// Cells of 1 m width in each of a thousand directions are no sensible wish: memory ends long before.
constexpr double most_cells = 2e9;

std::string shown(double metres) {
  return engineering(metres, "m", 4);
}

double cell_count(const Input& input) {
  double x = 0;
  for (const physics::Layer& layer : input.stack.layers) x += layer.cells;
  for (const Region& region : input.geometry.regions) x += region.cells;
  return x * std::max(1, input.geometry.y.cells) * std::max(1, input.geometry.z.cells);
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

bool has_a_cell(const Region& region, const Faces& faces) {
  const physics::RegionCells cells(region, faces);
  for (std::size_t k = cells.begin(2); k < cells.end(2); ++k) {
    for (std::size_t j = cells.begin(1); j < cells.end(1); ++j) {
      for (std::size_t i = cells.begin(0); i < cells.end(0); ++i) {
        if (cells.holds(i, j, k)) return true;
      }
    }
  }
  return false;
}

void check_region(const Region& region, const Geometry& geometry, const Faces& faces, std::vector<Problem>& problems) {
  const std::string path = joined_path({"regions", region.name});
  const std::string what = "region " + region.name;
  if (!region.is_vacuum() && region.material.kind == physics::MaterialKind::ferromagnet) {
    problems.push_back(
        {path + ".material", fmt::format("region {} is a ferromagnet: only its longitudinal channel has equations, "
                                         "which a time experiment does not solve",
                                         region.name)});
  }
  const std::size_t before = problems.size();
  check_inside(region.ranges, geometry, what, path, problems);
  if (problems.size() > before || is_thinner_than_a_cell(region.ranges, faces, what, path, problems)) return;
  if (region.shape == Region::Shape::box || has_a_cell(region, faces)) return;
  if (region.shape == Region::Shape::labels && region.labels.empty()) return;  // told with the file
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
  if (cell_count(input) > most_cells) {
    problems.push_back(
        {"grid", fmt::format("the grid has {:.3g} cells, more than {:.3g}", cell_count(input), most_cells)});
    return;
  }
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
