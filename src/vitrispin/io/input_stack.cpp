#include <fmt/format.h>

#include <algorithm>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/io/input_sections.hpp"
#include "vitrispin/io/printable.hpp"
#include "vitrispin/io/suggestion.hpp"

namespace vitrispin::io {
namespace {

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// The layer's name, complained about if it cannot serve in paths and in interface keys.
std::string read_layer_name(TableReader& table, const NamesInFile& names, std::size_t index) {
  std::string fallback = fmt::format("layer {}", index + 1);
  const auto name = table.text("name");
  if (!name) return fallback;
  if (name->empty() || name->size() > 100 || name->find('|') != std::string::npos || printable(*name, 200) != *name) {
    table.complain("name", fmt::format("name = \"{}\" must have from 1 to 100 printable characters, none of them |",
                                       printable(*name)));
    return fallback;
  }
  if (contains(names.layers, *name)) {
    table.complain("name",
                   fmt::format("name = \"{}\" is taken by another layer: names must be unique", printable(*name)));
  }
  return *name;
}

void read_layer(const TomlNode& node, std::size_t index, FaultList& faults, NamesInFile& names, Input& input) {
  const TomlNode* given = node.find("name");
  const std::string shown =
      given && given->kind == TomlNode::Kind::text ? given->text : fmt::format("layer {}", index + 1);
  TableReader table(faults, node, joined_path({"layers", shown}), schema::layer());
  physics::Layer layer;
  layer.name = read_layer_name(table, names, index);
  names.layers.push_back(layer.name);
  layer.material_name = table.text("material").value_or("");
  layer.thickness = table.number("thickness").value_or(0);
  layer.cells = static_cast<int>(table.integer("cells").value_or(0));
  layer.ratio = table.number("ratio").value_or(1);
  if (layer.ratio > 1e6 || layer.ratio < 1e-6)
    table.complain("ratio", fmt::format("ratio = {} must be between 1e-6 and 1e6", layer.ratio));
  if (table.has("ratio") && !table.has("cells"))
    table.complain("ratio", "ratio has no meaning without cells, whose widths it gives");
  const bool named = table.has("material") && !table.faulty().contains("material");
  if (named && !contains(names.materials, layer.material_name)) {
    const std::string known =
        names.materials.empty() ? "; the file has no [materials.NAME]" : "; it has " + either(names.materials);
    table.complain("material", fmt::format("material = \"{}\" is not in this file{}{}", printable(layer.material_name),
                                           did_you_mean(layer.material_name, names.materials), printable(known, 300)));
  }
  if (layer.thickness > 1e-2) {
    input.warnings.push_back(
        fmt::format("layer {} is {} m thick: was a unit forgotten, as in \"200 nm\"?", layer.name, layer.thickness));
  }
  for (const NamedMaterial& material : input.materials) {
    if (material.name != layer.material_name) continue;
    layer.material = material.material;
    layer.table = material.table;
  }
  input.stack.layers.push_back(std::move(layer));
}

/// Index of the interface that a key "LEFT|RIGHT" names; complains if it is none.
std::optional<std::size_t> interface_index(const TomlEntry& entry, FaultList& faults, const NamesInFile& names) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i + 1 < names.layers.size(); ++i) {
    const std::string name = names.layers[i] + "|" + names.layers[i + 1];
    if (name == entry.key) return i;
    all.push_back(name);
  }
  const std::size_t bar = entry.key.find('|');
  const std::string reversed =
      bar == std::string::npos ? "" : entry.key.substr(bar + 1) + "|" + entry.key.substr(0, bar);
  const std::string path = joined_path({"interfaces", entry.key});
  if (!reversed.empty() && contains(all, reversed)) {
    faults.add(
        entry.place, path,
        fmt::format("interface \"{}\" is named from left to right: \"{}\"", printable(entry.key), printable(reversed)));
    return std::nullopt;
  }
  const std::string known = all.empty() ? "; the file has fewer than two layers" : "; it has " + either(all);
  faults.add(entry.place, path,
             fmt::format("interface \"{}\" is not between neighbouring layers of this file{}{}", printable(entry.key),
                         did_you_mean(entry.key, all), printable(known, 300)));
  return std::nullopt;
}

}  // namespace

const TomlNode* table_at(const TomlNode& parent, const char* key, FaultList& faults, const std::string& shown) {
  const TomlNode* node = parent.find(key);
  if (!node || node->kind == TomlNode::Kind::table) return node;
  faults.add(node->place, key, fmt::format("{} must be given as {}, not {}", key, shown, node->description()));
  return nullptr;
}

std::vector<const TomlNode*> tables_at(const TomlNode& root, const char* key, FaultList& faults) {
  std::vector<const TomlNode*> tables;
  const TomlNode* node = root.find(key);
  if (!node) return tables;
  if (node->kind != TomlNode::Kind::list) {
    faults.add(node->place, key, fmt::format("{} must be given as [[{}]], not {}", key, key, node->description()));
    return tables;
  }
  for (const TomlNode& item : node->items) {
    if (item.kind == TomlNode::Kind::table) {
      tables.push_back(&item);
    } else {
      faults.add(item.place, key, fmt::format("{} must hold tables, [[{}]], not {}", key, key, item.description()));
    }
  }
  return tables;
}

void read_layers(const TomlNode& root, FaultList& faults, NamesInFile& names, Input& input) {
  const std::vector<const TomlNode*> tables = tables_at(root, "layers", faults);
  for (std::size_t i = 0; i < tables.size() && !faults.full(); ++i) read_layer(*tables[i], i, faults, names, input);
  input.stack.interfaces.resize(input.stack.layers.empty() ? 0 : input.stack.layers.size() - 1);
}

void read_interfaces(const TomlNode& root, FaultList& faults, const NamesInFile& names, Input& input) {
  const TomlNode* interfaces = table_at(root, "interfaces", faults, "[interfaces]");
  if (!interfaces) return;
  for (const TomlEntry& entry : interfaces->entries) {
    if (faults.full()) return;
    if (read_region_interface(entry, faults, names, input)) continue;
    const auto index = interface_index(entry, faults, names);
    const std::string path = joined_path({"interfaces", entry.key});
    if (entry.value.kind != TomlNode::Kind::table) {
      faults.add(entry.value.place, path,
                 fmt::format("an interface is a table {{ conductance = ..., mixing = ... }}, not {}",
                             entry.value.description()));
      continue;
    }
    TableReader table(faults, entry.value, path, schema::interface());
    const auto conductance = table.number("conductance");
    const auto mixing = table.number("mixing");
    if (!index || *index >= input.stack.interfaces.size()) continue;
    const auto thermal = table.number("thermal_conductance");
    input.stack.interfaces[*index] = {conductance.value_or(physics::perfect), mixing.value_or(0),
                                      thermal.value_or(physics::perfect)};
  }
}

void read_field(const TomlNode& root, FaultList& faults, Input& input) {
  const TomlNode* node = table_at(root, "field", faults, "[field]");
  if (!node) return;
  TableReader table(faults, *node, "field", schema::field());
  const auto H = table.vector("H");
  const auto B = table.vector("B");
  if (table.has("H") && table.has("B")) {
    table.complain("B", "B beside H: give one of the two (B = mu0 H)");
  } else if (H) {
    input.stack.H = *H;
  } else if (B) {
    for (std::size_t i = 0; i < 3; ++i) input.stack.H[i] = (*B)[i] / constants::vacuum_permeability;
  }
}

}  // namespace vitrispin::io
