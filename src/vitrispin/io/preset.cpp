#include "vitrispin/io/preset.hpp"

#include <fmt/format.h>

#include <map>
#include <mutex>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/io/input_table.hpp"
#include "vitrispin/io/material_keys.hpp"
#include "vitrispin/io/preset_files.hpp"
#include "vitrispin/io/schema.hpp"
#include "vitrispin/io/suggestion.hpp"

namespace vitrispin::io {
namespace {

const Section& preset_section() {
  using enum ValueType;
  static const Section section{"a preset",
                               "",
                               {{.name = "title", .type = text, .required = true, .meaning = "one line"},
                                {.name = "summary", .type = text, .required = true, .meaning = "what it stands for"},
                                {.name = "kind",
                                 .type = word,
                                 .words = schema::material().find("kind")->words,
                                 .required = true,
                                 .meaning = "the kind of material"},
                                {.name = "references", .type = table, .required = true, .meaning = "list of citations"},
                                {.name = "numbers", .type = table, .required = true, .meaning = "the parameters"}}};
  return section;
}

const Section& number_section() {
  using enum ValueType;
  static const Section section{
      "a preset's number",
      "",
      {{.name = "value", .required = true, .meaning = "in `unit`"},
       {.name = "unit", .type = text, .required = true, .meaning = "SI unit"},
       {.name = "standing",
        .type = word,
        .words = {"measured", "estimated", "assumed", "derived"},
        .required = true,
        .meaning = "how it is known"},
       {.name = "source", .type = text, .required = true, .meaning = "citation or reasoning"}}};
  return section;
}

void read_number_of(Preset& preset, FaultList& faults, const TomlEntry& entry) {
  const std::string path = "numbers." + entry.key;
  TableReader table(faults, entry.value, path, number_section());
  const MaterialKey* key = find_material_key(entry.key);
  const KeyRule* rule = schema::material().find(entry.key);
  if (!key || !rule) {
    faults.add(entry.place, path, entry.key + " is not a number of a material");
    return;
  }
  const auto unit = table.text("unit");
  const TomlNode* value = table.find("value");
  if (!unit || !value || !table.faulty().empty()) return;
  if (*unit != rule->unit) table.complain("unit", fmt::format("the unit must be {}", rule->unit));
  const auto number = read_number({faults, path}, *value, *rule);
  if (!number) return;
  preset.specification.*key->value = *number;
  preset.numbers.push_back(
      {entry.key, *number, *unit, {table.word("standing").value_or(""), table.text("source").value_or("")}});
}

}  // namespace

Preset read_preset(const std::string& text, const std::string& file, const std::string& name) {
  const TomlNode root = parse_toml(text, file);
  FaultList faults(file);
  TableReader table(faults, root, "", preset_section());
  Preset preset;
  preset.name = name;
  preset.title = table.text("title").value_or("");
  preset.summary = table.text("summary").value_or("");
  const auto kind = table.word("kind");
  if (kind) preset.specification.kind = *physics::material_kind_from(*kind);
  if (const TomlNode* references = table.find("references")) {
    for (const TomlNode& reference : references->items) preset.references.push_back(reference.text);
  }
  if (const TomlNode* numbers = table.find("numbers")) {
    for (const TomlEntry& entry : numbers->entries) read_number_of(preset, faults, entry);
  }
  for (const physics::Violation& violation : physics::build_material(preset.specification).violations) {
    faults.add({"numbers." + violation.key, violation.message});
  }
  if (!faults.empty()) throw InputError(faults.sorted());
  return preset;
}

const std::vector<std::string>& preset_names() {
  static const std::vector<std::string> names{"ayig", "cumn-1pct", "agmn", "pt", "cu", "py"};
  return names;
}

const Preset* find_preset(const std::string& name) {
  static std::mutex lock;
  static std::map<std::string, Preset> read;
  const std::lock_guard guard(lock);
  if (const auto found = read.find(name); found != read.end()) return &found->second;
  for (const PresetFile& file : preset_files()) {
    if (file.name != name) continue;
    return &read.emplace(name, read_preset(std::string(file.text), "materials/" + name + ".toml", name)).first->second;
  }
  return nullptr;
}

}  // namespace vitrispin::io
