#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/io/input_sections.hpp"
#include "vitrispin/io/material_keys.hpp"
#include "vitrispin/io/preset.hpp"
#include "vitrispin/io/printable.hpp"
#include "vitrispin/io/suggestion.hpp"

namespace vitrispin::io {
namespace {

const Preset* read_preset_name(TableReader& table) {
  const auto name = table.text("preset");
  if (!name) return nullptr;
  const Preset* preset = find_preset(*name);
  if (!preset) {
    table.complain("preset", fmt::format("preset = \"{}\" is not known{}; choose {}", printable(*name),
                                         did_you_mean(*name, preset_names()), either(preset_names())));
  }
  return preset;
}

/// The preset's kind stands; a different one would leave parameters without meaning.
void read_kind(TableReader& table, const Preset* preset, NamedMaterial& material) {
  const auto word = table.word("kind");
  if (!word) return;
  const auto kind = *physics::material_kind_from(*word);
  if (preset && kind != preset->specification.kind) {
    table.complain(
        "kind", fmt::format("kind = \"{}\" contradicts preset \"{}\", which is a {}: leave out one of the two", *word,
                            preset->name, physics::to_string(preset->specification.kind)));
    return;
  }
  material.specification.kind = kind;
}

/// What an experiment on atoms computes before the material is used.
constexpr std::array<const char*, 4> computed_keys{"gamma", "chi_M", "rho_s", "K"};

/// Until then its keys have values that stand for valid ones: the rules between the others are checked with them.
void read_from(TableReader& table, NamedMaterial& material) {
  const auto name = table.text("from");
  if (!name) return;
  if (material.specification.kind != physics::MaterialKind::spin_glass) {
    table.complain("from", fmt::format("from belongs to a spin glass, not to a {}",
                                       physics::to_string(material.specification.kind)));
    return;
  }
  if (name->empty()) {
    table.complain("from", "from = \"\" must name an experiment of kind atoms");
    return;
  }
  if (table.has("table")) {
    table.complain("from", "from has no meaning beside a table: what it takes belongs to one temperature");
    return;
  }
  material.from = *name;
  for (const char* key : computed_keys) {
    if (!table.has(key)) material.taken.emplace_back(key);
  }
}

/// A chi_M above any chi_m that is given or swept, unless others fix it; the computed one is checked when it is known.
double stand_in_for_chi_M(const physics::MaterialSpecification& given) {
  if (given.chi_m && given.xi) return *given.chi_m / *given.xi;
  if (given.chi_m && given.tau_Mm && given.tau_mM) return *given.chi_m * *given.tau_Mm / *given.tau_mM;
  return 1e3;
}

void stand_in(NamedMaterial& material) {
  physics::MaterialSpecification& specification = material.specification;
  for (const std::string& key : material.taken) {
    material.provenance[key] = {"derived", "computed by experiment " + material.from};
    if (key == "gamma") specification.gamma = constants::electron_gyromagnetic_ratio;
    if (key == "chi_M") specification.chi_M = stand_in_for_chi_M(specification);
    if (key == "rho_s") specification.rho_s = 1e-13;
    if (key == "K") specification.K = 0;
  }
}

/// A value that repeats the preset's keeps the preset's standing, so that a resolved input reads back to itself.
void read_numbers(TableReader& table, const Preset* preset, NamedMaterial& material) {
  const physics::MaterialSpecification start = material.specification;
  for (const MaterialKey& key : material_keys()) {
    const auto value = table.number(key.name, false);
    if (!value) continue;
    const bool repeated = preset && start.*key.value == *value;
    const bool both = key.alternative && table.has(key.alternative);
    if (both) {
      material.specification.*key.value = *value;
    } else {
      replace_value(material.specification, key, *value);
    }
    if (!repeated) material.provenance[key.name] = {"input", "given in the input file"};
  }
  std::erase_if(material.provenance, [&](const auto& known) {
    const MaterialKey* key = find_material_key(known.first);
    return key && !(material.specification.*key->value).has_value();
  });
  if (const auto M0 = table.vector("M0")) {
    material.specification.M0 = *M0;
    material.provenance["M0"] = {"input", "given in the input file"};
  }
}

/// True if a missing parameter is there after all, but misspelled, of the wrong type, or under its other name.
bool excused(const std::set<std::string>& faulty, const std::string& key) {
  if (faulty.contains(key) || faulty.contains("preset") || faulty.contains("kind")) return true;
  const MaterialKey* number = find_material_key(key);
  if (key == "chi_M" && faulty.contains("xi")) return true;
  return number && number->alternative && faulty.contains(number->alternative);
}

void report(TableReader& table, const std::vector<physics::Violation>& violations) {
  const std::set<std::string> faulty = table.faulty();
  for (const physics::Violation& violation : violations) {
    if (violation.missing && excused(faulty, violation.key)) continue;
    if (table.has(violation.key.c_str()) && !violation.missing) {
      if (!faulty.contains(violation.key)) table.complain(violation.key, violation.message);
      continue;
    }
    // A rule may be broken by the other of two values, when one is the preset's.
    const MaterialKey* key = find_material_key(violation.key);
    const char* other = violation.key == "chi_m" || violation.key == "xi" ? "chi_M" : key ? key->alternative : nullptr;
    const bool at_other = !violation.missing && other && table.has(other);
    table.complain(at_other ? other : violation.key, violation.message);
  }
}

/// Lists beside T, one value per temperature. False if anything is wrong with them.
bool read_table(TableReader& table, FaultList& faults, NamedMaterial& material) {
  const TomlNode* node = table.find("table");
  if (node == nullptr) return true;
  if (node->kind != TomlNode::Kind::table) {
    table.complain("table",
                   fmt::format("table must be a table {{ T = [...], K = [...], ... }}, not {}", node->description()));
    return false;
  }
  TableReader inner(faults, *node, table.path_of("table"), schema::material_table());
  TableSpecification& read = material.table_specification;
  if (auto T = inner.range("T")) read.T = std::move(T->values);
  if (inner.faulty().empty() &&
      (read.T.size() < 2 || !std::is_sorted(read.T.begin(), read.T.end(), std::less_equal<>())))
    inner.complain("T", "T must be two temperatures or more, each above the one before");
  for (const KeyRule& rule : schema::material_table().keys) {
    if (std::string_view(rule.name) == "T" || !inner.has(rule.name)) continue;
    auto values = inner.range(rule.name);
    if (!values) continue;
    if (values->values.size() != read.T.size() && !inner.faulty().contains("T"))
      inner.complain(rule.name, fmt::format("{} has {} values, but T has {}: give one per temperature", rule.name,
                                            values->values.size(), read.T.size()));
    read.values[rule.name] = std::move(values->values);
  }
  if (inner.faulty().empty() && read.values.empty())
    inner.complain("T", "the table has no parameter beside T, such as K = [...]");
  if (inner.faulty().empty() && table.faulty().empty()) {
    TableBuild build = build_table(material);
    for (const auto& [key, message] : build.problems) inner.complain(key, message);
    material.table = std::move(build.table);
  }
  return inner.faulty().empty();
}

void read_material(const TomlEntry& entry, FaultList& faults, Input& input) {
  const std::string path = joined_path({"materials", entry.key});
  const bool plain = !entry.key.empty() && entry.key.size() <= 100 && printable(entry.key, 200) == entry.key;
  if (!plain) {
    faults.add(entry.place, path, "the name of a material must have from 1 to 100 printable characters");
    return;
  }
  if (entry.value.kind != TomlNode::Kind::table) {
    faults.add(entry.value.place, path,
               fmt::format("materials.{} must be a table [materials.{}], not {}", entry.key, entry.key,
                           entry.value.description()));
    return;
  }
  TableReader table(faults, entry.value, path, schema::material());
  NamedMaterial material;
  material.name = entry.key;
  const Preset* preset = read_preset_name(table);
  if (preset) {
    material.preset = preset->name;
    material.specification = preset->specification;
    for (const PresetNumber& number : preset->numbers) material.provenance[number.key] = number.provenance;
  }
  read_kind(table, preset, material);
  read_from(table, material);
  read_numbers(table, preset, material);
  stand_in(material);
  const physics::MaterialBuild build = physics::build_material(material.specification);
  report(table, build.violations);
  if (!read_table(table, faults, material) || !table.faulty().empty()) return;
  material.material = build.material;
  input.materials.push_back(std::move(material));
}

}  // namespace

TableBuild build_table(const NamedMaterial& material) {
  TableBuild result;
  auto table = std::make_shared<physics::TemperatureTable>();
  const TableSpecification& given = material.table_specification;
  table->T = given.T;
  for (std::size_t i = 0; i < given.T.size(); ++i) {
    physics::MaterialSpecification at = material.specification;
    for (const auto& [key, values] : given.values) replace_value(at, *find_material_key(key), values[i]);
    const physics::MaterialBuild build = physics::build_material(at);
    for (const physics::Violation& violation : build.violations) {
      const bool of_table = given.values.contains(violation.key);
      result.problems.emplace_back(of_table ? violation.key : "T",
                                   fmt::format("at T = {} K: {}", given.T[i], violation.message));
    }
    if (!result.problems.empty()) return result;
    table->materials.push_back(build.material);
  }
  result.table = std::move(table);
  return result;
}

void read_materials(const TomlNode& root, FaultList& faults, NamesInFile& names, Input& input) {
  const TomlNode* materials = table_at(root, "materials", faults, "[materials.NAME]");
  if (!materials) return;
  for (const TomlEntry& entry : materials->entries) {
    names.materials.push_back(entry.key);
    if (!faults.full()) read_material(entry, faults, input);
  }
}

}  // namespace vitrispin::io
