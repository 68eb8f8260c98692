#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vitrispin/io/input_sections.hpp"
#include "vitrispin/io/number_text.hpp"
#include "vitrispin/io/printable.hpp"
#include "vitrispin/io/suggestion.hpp"

/// Reading of two and three dimensions: directions, regions, patches.
namespace vitrispin::io {
namespace {

using physics::Geometry;
using physics::GridAxis;
using physics::Patch;
using physics::Region;

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// A name that can serve in paths and in the keys of interfaces.
bool is_good_name(const std::string& name) {
  return !name.empty() && name.size() <= 100 && name.find('|') == std::string::npos && printable(name, 200) == name;
}

void read_axis(const TomlNode& node, const char* axis, FaultList& faults, GridAxis& direction) {
  TableReader table(faults, node, fmt::format("grid.{}", axis), schema::grid_axis());
  direction.length = table.number("length").value_or(0);
  direction.cells = static_cast<int>(table.integer("cells").value_or(1));
  direction.periodic = table.flag("periodic").value_or(false);
  direction.ratio = table.number("ratio").value_or(1);
  if (table.faulty().contains("cells")) direction.length = 0;  // not to be judged by
  if (direction.ratio > 1e6 || direction.ratio < 1e-6) {
    table.complain("ratio", fmt::format("ratio = {} must be between 1e-6 and 1e6", direction.ratio));
  }
}

/// The ranges at x, y, z; an axis that the file lacks has none.
void read_ranges(TableReader& table, const Geometry& geometry, physics::Ranges& ranges) {
  for (std::size_t a = 0; a < 3; ++a) {
    const std::string key(1, "xyz"[a]);
    if (!table.has(key.c_str()) || table.faulty().contains(key)) continue;
    const auto ends = table.numbers(key.c_str(), 2, 2);
    if (a >= geometry.dimensions() && a > 0) {
      table.complain(key, fmt::format("{} has no meaning: the file has no [grid.{}]", key, key));
    } else if (ends && (*ends)[0] >= (*ends)[1]) {
      table.complain(key, fmt::format("{} = [{}, {}] m must ascend: from where to where", key, (*ends)[0], (*ends)[1]));
    } else if (ends) {
      ranges[a] = {(*ends)[0], (*ends)[1]};
    }
  }
}

std::string read_region_name(TableReader& table, const NamesInFile& names, std::size_t index) {
  std::string fallback = fmt::format("region {}", index + 1);
  const auto name = table.text("name");
  if (!name) return fallback;
  if (!is_good_name(*name)) {
    table.complain("name", fmt::format("name = \"{}\" must have from 1 to 100 printable characters, none of them |",
                                       printable(*name)));
    return fallback;
  }
  if (contains(names.layers, *name) || contains(names.regions, *name)) {
    table.complain("name", fmt::format("name = \"{}\" is taken by another {}: names must be unique", printable(*name),
                                       contains(names.layers, *name) ? "layer" : "region"));
  }
  return *name;
}

void read_region_material(TableReader& table, const NamesInFile& names, const Input& input, Region& region) {
  region.material_name = table.text("material").value_or("");
  if (!table.has("material") || table.faulty().contains("material")) return;
  for (const NamedMaterial& material : input.materials) {
    if (material.name != region.material_name) continue;
    region.material = material.material;
    region.table = material.table;
  }
  if (contains(names.materials, region.material_name) || region.is_vacuum()) return;
  std::vector<std::string> known = names.materials;
  known.emplace_back("vacuum");
  table.complain("material",
                 fmt::format("material = \"{}\" is not in this file{}; it has {}", printable(region.material_name),
                             did_you_mean(region.material_name, known), printable(either(known), 300)));
}

void need(TableReader& table, const char* key, const std::string& what) {
  if (table.has(key) || table.faulty().contains(key)) return;
  table.faults().add(table.place(), table.path_of(key),
                     fmt::format("{} is missing: {} needs it ({})", key, what, schema::region().find(key)->meaning));
}

void refuse(TableReader& table, const std::vector<const char*>& keys, const std::string& what) {
  for (const char* key : keys) {
    if (table.has(key)) table.complain(key, fmt::format("{} has no meaning for {}: leave it out", key, what));
  }
}

void read_cylinder(TableReader& table, const Geometry& geometry, Region& region) {
  for (const char* key : {"axis", "center", "radius"}) need(table, key, "a cylinder");
  const auto axis = table.word("axis");
  if (axis) region.axis = static_cast<std::size_t>((*axis)[0] - 'x');
  if (const auto center = table.numbers("center", 2, 2)) region.center = {(*center)[0], (*center)[1]};
  region.radius = table.number("radius").value_or(1);
  if (axis && geometry.dimensions() == 2 && region.axis != 2) {
    table.complain("axis",
                   fmt::format("axis = \"{}\" needs three dimensions: in two, a disc has its axis along z", *axis));
  }
}

void read_labels(TableReader& table, const Geometry& geometry, Region& region) {
  for (const char* key : {"file", "size"}) need(table, key, "a region of labels");
  region.label = static_cast<int>(table.integer("label").value_or(1));
  const auto size = table.numbers("size", geometry.dimensions(), geometry.dimensions());
  const auto file = table.text("file");
  if (!size || !file) return;
  std::size_t count = 1;
  region.size = {1, 1, 1};
  for (std::size_t a = 0; a < size->size(); ++a) {
    const double number = (*size)[a];
    if (number != std::floor(number) || number > 1e5) {
      table.complain("size", fmt::format("size has {}, which is no whole number up to 1e5", number));
      return;
    }
    region.size[a] = static_cast<std::size_t>(number);
    count *= region.size[a];
  }
  const LabelFile read = read_label_file(*file, table.faults().file());
  region.file = read.path;
  if (!read.problem.empty()) {
    table.complain("file", fmt::format("file = \"{}\" {}", printable(*file), read.problem));
  } else if (read.labels.size() != count) {
    table.complain("size",
                   fmt::format("size asks for {} numbers, but {} has {}", count, printable(*file), read.labels.size()));
  } else {
    region.labels = read.labels;
  }
}

void read_region(const TomlNode& node, std::size_t index, FaultList& faults, NamesInFile& names, Input& input) {
  const TomlNode* given = node.find("name");
  const std::string shown =
      given && given->kind == TomlNode::Kind::text ? given->text : fmt::format("region {}", index + 1);
  TableReader table(faults, node, joined_path({"regions", shown}), schema::region());
  Region region;
  region.name = read_region_name(table, names, index);
  names.regions.push_back(region.name);
  read_region_material(table, names, input, region);
  read_ranges(table, input.geometry, region.ranges);
  region.cells = static_cast<int>(table.integer("cells").value_or(0));
  const std::string shape = table.word("shape").value_or("box");
  const bool shape_is_known = !table.faulty().contains("shape");
  if (shape == "cylinder") {
    region.shape = Region::Shape::cylinder;
    read_cylinder(table, input.geometry, region);
  } else if (shape_is_known) {
    refuse(table, {"axis", "center", "radius"}, "a region of this shape");
  }
  if (shape == "labels") {
    region.shape = Region::Shape::labels;
    read_labels(table, input.geometry, region);
  } else if (shape_is_known) {
    refuse(table, {"file", "size", "label"}, "a region of this shape");
  }
  input.geometry.regions.push_back(std::move(region));
}

std::string unnamed_patch(std::size_t index) {
  return fmt::format("patch {}", index + 1);
}

void read_patch(const TomlNode& node, std::size_t index, FaultList& faults, NamesInFile& names, Input& input) {
  const TomlNode* given = node.find("name");
  const std::string shown = given && given->kind == TomlNode::Kind::text ? given->text : unnamed_patch(index);
  TableReader table(faults, node, joined_path({"boundary", shown}), schema::patch());
  Patch patch;
  if (const auto name = table.text("name")) {
    const bool is_face = std::any_of(physics::face_names.begin(), physics::face_names.end(),
                                     [&](const char* face) { return *name == face; });
    if (!is_good_name(*name) || is_face || *name == "patches" || contains(names.faces, *name)) {
      table.complain("name",
                     fmt::format("name = \"{}\" must be unique, printable and not that of a face", printable(*name)));
    } else {
      patch.name = *name;
      names.faces.push_back(*name);
    }
  }
  const auto face = table.word("face");
  if (face) {
    for (std::size_t f = 0; f < physics::face_names.size(); ++f) {
      if (*face == physics::face_names[f]) patch.face = f;
    }
    const std::size_t axis = patch.face / 2;
    const std::string normal(1, "xyz"[axis]);
    if (axis >= input.geometry.dimensions()) {
      table.complain("face", fmt::format("face = \"{}\" is not there: the file has no [grid.{}]", *face, normal));
    }
    refuse(table, {normal.c_str()}, fmt::format("a patch of the {} face, which lies across {}", *face, normal));
  }
  read_ranges(table, input.geometry, patch.ranges);
  read_boundary_keys(table, patch.boundary);
  input.geometry.patches.push_back(std::move(patch));
}

}  // namespace

std::string patch_key(const Geometry& geometry, std::size_t index) {
  const std::string& name = geometry.patches[index].name;
  return name.empty() ? unnamed_patch(index) : name;
}

const physics::Boundary* find_boundary(const Input& input, const std::string& name) {
  if (name == "left") return &input.stack.left;
  if (name == "right") return &input.stack.right;
  for (std::size_t f = 2; f < physics::face_names.size(); ++f) {
    if (name == physics::face_names[f]) return &input.geometry.faces[f - 2];
  }
  for (const Patch& patch : input.geometry.patches) {
    if (!patch.name.empty() && patch.name == name) return &patch.boundary;
  }
  return nullptr;
}

void read_grid(const TomlNode& root, FaultList& faults, NamesInFile& names, Input& input) {
  if (const TomlNode* grid = table_at(root, "grid", faults, "[grid.y] and [grid.z]")) {
    TableReader table(faults, *grid, "grid", schema::grid());
    const TomlNode* y = table_at(*grid, "y", faults, "[grid.y]");
    const TomlNode* z = table_at(*grid, "z", faults, "[grid.z]");
    if (y) read_axis(*y, "y", faults, input.geometry.y);
    if (z) read_axis(*z, "z", faults, input.geometry.z);
    if (z && !grid->find("y")) {
      faults.add(z->place, "grid.z", "[grid.z] needs [grid.y]: two dimensions are x and y");
    }
  }
  names.dimensions = input.geometry.dimensions();
  const std::vector<const TomlNode*> regions = tables_at(root, "regions", faults);
  if (!regions.empty() && input.geometry.dimensions() == 1 && !root.find("grid")) {
    faults.add(regions.front()->place, "regions", "[[regions]] need two dimensions: add [grid.y]");
    return;
  }
  for (std::size_t i = 0; i < regions.size() && !faults.full(); ++i) read_region(*regions[i], i, faults, names, input);
}

bool read_region_interface(const TomlEntry& entry, FaultList& faults, const NamesInFile& names, Input& input) {
  const std::size_t bar = entry.key.find('|');
  if (bar == std::string::npos || names.regions.empty()) return false;
  const std::string first = entry.key.substr(0, bar);
  const std::string second = entry.key.substr(bar + 1);
  if (contains(names.layers, first) && contains(names.layers, second)) return false;
  const std::string path = joined_path({"interfaces", entry.key});
  std::vector<std::string> all = names.layers;
  all.insert(all.end(), names.regions.begin(), names.regions.end());
  for (const std::string& name : {first, second}) {
    if (contains(all, name)) continue;
    faults.add(entry.place, path,
               fmt::format("interface \"{}\": no layer or region is called {}{}", printable(entry.key), printable(name),
                           did_you_mean(name, all)));
  }
  if (first == second) {
    faults.add(entry.place, path,
               fmt::format("interface \"{}\" is of {} with itself", printable(entry.key), printable(first)));
  }
  for (const physics::NamedInterface& other : input.geometry.interfaces) {
    if ((other.first != first || other.second != second) && (other.first != second || other.second != first)) continue;
    faults.add(entry.place, path,
               fmt::format("interface \"{}\" is given twice: also as \"{}|{}\"", printable(entry.key),
                           printable(other.first), printable(other.second)));
  }
  if (entry.value.kind != TomlNode::Kind::table) {
    faults.add(entry.value.place, path,
               fmt::format("an interface is a table {{ conductance = ..., mixing = ... }}, not {}",
                           entry.value.description()));
    return true;
  }
  TableReader table(faults, entry.value, path, schema::interface());
  const auto conductance = table.number("conductance");
  const auto mixing = table.number("mixing");
  const auto thermal = table.number("thermal_conductance");
  input.geometry.interfaces.push_back(
      {first,
       second,
       {conductance.value_or(physics::perfect), mixing.value_or(0), thermal.value_or(physics::perfect)}});
  return true;
}

void read_further_boundaries(const TomlNode& boundary, FaultList& faults, NamesInFile& names, Input& input) {
  const Geometry& geometry = input.geometry;
  for (std::size_t f = 2; f < physics::face_names.size(); ++f) {
    const char* side = physics::face_names[f];
    const TomlNode* node = table_at(boundary, side, faults, fmt::format("[boundary.{}]", side));
    const std::size_t axis = f / 2;
    if (axis < geometry.dimensions()) names.faces.emplace_back(side);
    if (!node) continue;
    const std::string path = fmt::format("boundary.{}", side);
    TableReader keys(faults, *node, path, schema::boundary());
    read_boundary_keys(keys, input.geometry.faces[f - 2]);
    const GridAxis& direction = axis == 1 ? geometry.y : geometry.z;
    if (axis >= geometry.dimensions()) {
      faults.add(node->place, path,
                 fmt::format("[boundary.{}] is not there: the file has no [grid.{}]", side, "xyz"[axis]));
    } else if (direction.periodic) {
      faults.add(node->place, path, fmt::format("[boundary.{}] is not there: {} is periodic", side, "xyz"[axis]));
    }
  }
  const TomlNode* patches = boundary.find("patches");
  if (!patches) return;
  const std::vector<const TomlNode*> tables = tables_at(boundary, "patches", faults);
  if (!tables.empty() && geometry.dimensions() == 1) {
    faults.add(tables.front()->place, "boundary.patches", "[[boundary.patches]] need two dimensions: add [grid.y]");
    return;
  }
  for (std::size_t i = 0; i < tables.size() && !faults.full(); ++i) read_patch(*tables[i], i, faults, names, input);
}

}  // namespace vitrispin::io
