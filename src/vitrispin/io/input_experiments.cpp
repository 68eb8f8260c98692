#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "vitrispin/io/input_sections.hpp"
#include "vitrispin/io/printable.hpp"
#include "vitrispin/io/suggestion.hpp"

namespace vitrispin::io {
namespace {

/// Names become file names (NAME.nc) and keys of the summary.
bool is_file_name(const std::string& name) {
  return !name.empty() && name.size() <= 100 && name.front() != '.' && name.front() != ' ' &&
         name.find_first_of("/\\") == std::string::npos && printable(name, 200) == name;
}

class ExperimentReader {
public:
  ExperimentReader(TableReader& table, FaultList& faults, const NamesInFile& names)
      : table_(table), faults_(faults), names_(names) {}

  void read(Experiment& experiment) {
    if (experiment.kind == "modes") experiment.body = modes();
    if (experiment.kind == "response") experiment.body = response();
    if (experiment.kind == "perturbation") experiment.body = perturbation();
    if (experiment.kind == "steady")
      experiment.body = SteadyExperiment{profile_points(SteadyExperiment{}.profile_points)};
    if (experiment.kind == "time") experiment.body = read_time_experiment(table_, faults_, names_);
    if (experiment.kind == "atoms") experiment.body = read_atoms_experiment(table_);
    if (experiment.kind == "harmonic") {
      experiment.body = HarmonicExperiment{values("frequency"), profile_points(HarmonicExperiment{}.profile_points)};
    }
  }

private:
  ModesExperiment modes() {
    ModesExperiment modes{material(), values("k"), values("omega"), sigma()};
    const bool k = table_.has("k") || table_.faulty().contains("k");
    const bool omega = table_.has("omega") || table_.faulty().contains("omega");
    if (k && omega && table_.has("k") && table_.has("omega")) {
      table_.complain("omega", "omega beside k: give k for omega(k), or omega for k(omega)");
    } else if (!k && !omega) {
      faults_.add(table_.place(), table_.path(), "k or omega is missing: give k for omega(k), or omega for k(omega)");
    }
    return modes;
  }

  ResponseExperiment response() { return {material(), values("k"), values("omega"), sigma()}; }
  PerturbationExperiment perturbation() { return {material(), values("omega")}; }

  std::vector<double> values(const char* key) {
    auto range = table_.range(key);
    return range ? std::move(range->values) : std::vector<double>{};
  }

  std::vector<int> sigma() { return table_.helicities("sigma").value_or(std::vector<int>{0}); }

  int profile_points(int fallback) { return static_cast<int>(table_.integer("profile_points").value_or(fallback)); }

  std::string material() {
    const auto name = table_.text("material");
    const auto& known = names_.materials;
    const std::string list = known.empty() ? "; the file has no [materials.NAME]" : "; it has " + either(known);
    if (name) {
      if (std::find(known.begin(), known.end(), *name) == known.end()) {
        table_.complain("material", fmt::format("material = \"{}\" is not in this file{}{}", printable(*name),
                                                did_you_mean(*name, known), printable(list, 300)));
      }
      return *name;
    }
    if (table_.has("material") || table_.faulty().contains("material")) return {};
    if (known.size() == 1) return known.front();
    faults_.add(
        table_.place(), table_.path_of("material"),
        fmt::format("material is missing: it may be left out if the file has just one{}", printable(list, 300)));
    return {};
  }

  TableReader& table_;
  FaultList& faults_;
  const NamesInFile& names_;
};

/// Values of one experiment at one point of its sweep, for the limit on all of them.
double value_count(const Experiment& experiment) {
  const auto count = [](const auto& list) { return std::max(1.0, static_cast<double>(list.size())); };
  if (const auto* modes = std::get_if<ModesExperiment>(&experiment.body)) {
    return count(modes->k) * count(modes->omega) * count(modes->sigma);
  }
  if (const auto* response = std::get_if<ResponseExperiment>(&experiment.body)) {
    return count(response->k) * count(response->omega) * count(response->sigma);
  }
  if (const auto* perturbation = std::get_if<PerturbationExperiment>(&experiment.body))
    return count(perturbation->omega);
  if (const auto* harmonic = std::get_if<HarmonicExperiment>(&experiment.body)) {
    return count(harmonic->frequency) * std::max(1, harmonic->profile_points);
  }
  if (const auto* time = std::get_if<TimeExperiment>(&experiment.body)) return count(time->output);
  if (const auto* atoms = std::get_if<AtomsExperiment>(&experiment.body)) {
    return 3 * physics::spin_count(atoms->model) * atoms->samples * atoms->minima;
  }
  return std::max(1, std::get<SteadyExperiment>(experiment.body).profile_points);
}

/// True if a path leads into a material that is in the file but has faults, which are told already.
bool leads_into_faulty_material(const std::string& path, const NamesInFile& names, const Input& input) {
  const std::vector<std::string> parts = split_path(path);
  if (parts.size() < 2 || parts[0] != "materials") return false;
  const bool named = std::find(names.materials.begin(), names.materials.end(), parts[1]) != names.materials.end();
  return named && std::none_of(input.materials.begin(), input.materials.end(),
                               [&](const NamedMaterial& material) { return material.name == parts[1]; });
}

void read_sweep(TableReader& table, FaultList& faults, const NamesInFile& names, const Input& input,
                Experiment& experiment) {
  const TomlNode* node = table.find("sweep");
  if (!node) return;
  if (node->kind != TomlNode::Kind::table || node->entries.empty()) {
    table.complain("sweep", fmt::format("sweep must be a table {{ \"PATH\" = range }}, not {}",
                                        node->kind == TomlNode::Kind::table ? "an empty one" : node->description()));
    return;
  }
  double points = 1;
  for (const TomlEntry& entry : node->entries) {
    if (faults.full()) return;
    const std::string path = table.path_of("sweep") + "." + joined_path({entry.key});
    // A dotted key without quotes nests tables: layers.film.thickness = {...}
    const PathTarget target = find_path(input, entry.key);
    if (!target.rule && leads_into_faulty_material(entry.key, names, input)) continue;
    if (!target.rule) {
      faults.add(entry.place, path,
                 fmt::format("sweep over {}: {}{}", printable(entry.key), target.problem,
                             entry.key.find('.') == std::string::npos ? " (a path is written in quotes)" : ""));
      continue;
    }
    const auto range = read_range({faults, path}, entry.value, *target.rule);
    if (!range) continue;
    points *= static_cast<double>(range->values.size());
    experiment.sweep.push_back({entry.key, target.rule->unit, range->scale, range->values});
  }
  if (points > most_sweep_points) {
    table.complain("sweep", fmt::format("the sweep has {} points; at most {} are allowed", points, most_sweep_points));
  }
}

/// Profiles at every point of a large sweep would be most of its time and a file of gigabytes: unless asked for, none.
void keep_no_profiles_of_large_sweep(const TableReader& table, Input& input, Experiment& experiment) {
  auto* steady = std::get_if<SteadyExperiment>(&experiment.body);
  if (!steady || table.has("profile_points") || table.faulty().contains("profile_points")) return;
  double points = 1;
  for (const SweepAxis& axis : experiment.sweep) points *= static_cast<double>(axis.values.size());
  if (points <= most_points_with_profiles) return;
  input.warnings.push_back(
      fmt::format("experiment {}: no profiles are kept, as its sweep has {} points, more than {}; profile_points = {} "
                  "keeps them",
                  experiment.name, points, most_points_with_profiles, steady->profile_points));
  steady->profile_points = 0;
}

void check_size(TableReader& table, const Experiment& experiment) {
  double values = value_count(experiment);
  for (const SweepAxis& axis : experiment.sweep) values *= static_cast<double>(axis.values.size());
  if (values <= most_values) return;
  table.complain(
      "", fmt::format("experiment {} has {} points in all (sweep, k, omega, frequency, sigma, profile_points); at "
                      "most {} are allowed",
                      experiment.name, values, most_values));
}

/// The name given, or the kind with a number if it is taken.
std::string read_name(TableReader& table, const std::string& kind, const std::set<std::string>& taken) {
  const auto name = table.text("name");
  if (name && !is_file_name(*name)) {
    table.complain(
        "name", fmt::format("name = \"{}\" names the file of results: from 1 to 100 printable characters, no / or \\, "
                            "no . or blank in front",
                            printable(*name)));
  } else if (name && taken.contains(*name)) {
    table.complain("name",
                   fmt::format("name = \"{}\" is taken by another experiment: names must be unique", printable(*name)));
  }
  if (name) return *name;
  std::string fallback = kind;
  for (int number = 2; taken.contains(fallback); ++number) fallback = fmt::format("{}-{}", kind, number);
  return fallback;
}

/// The kind decides which keys there are, so it is read before the table.
std::optional<std::string> kind_of(const TomlNode& node) {
  const TomlNode* kind = node.find("kind");
  if (!kind || kind->kind != TomlNode::Kind::text) return std::nullopt;
  for (const char* known : schema::experiment_kinds()) {
    if (kind->text == known) return kind->text;
  }
  return std::nullopt;
}

/// Without a kind the keys of all kinds are let pass, so that the kind is the one fault.
const Section& any_kind() {
  static const Section section = [] {
    Section all{"[[experiments]]", "", {}};
    for (const char* kind : schema::experiment_kinds()) {
      for (const KeyRule& rule : schema::experiment(kind).keys) {
        if (!all.find(rule.name)) all.keys.push_back(rule);
      }
    }
    for (KeyRule& rule : all.keys) rule.required = std::string_view(rule.name) == "kind";
    return all;
  }();
  return section;
}

void read_experiment(const TomlNode& node, std::size_t index, FaultList& faults, const NamesInFile& names,
                     std::set<std::string>& taken, Input& input) {
  const auto kind = kind_of(node);
  const TomlNode* word = node.find("kind");
  if (word && schema::not_in_this_version("kind", word->text)) {
    // Its other keys are that version's: only the kind is a fault.
    TomlNode bare = node;
    std::erase_if(bare.entries, [](const TomlEntry& entry) { return entry.key != "kind"; });
    TableReader(faults, bare, joined_path({"experiments", word->text}), any_kind()).word("kind");
    return;
  }
  const TomlNode* given = node.find("name");
  const bool named = given && given->kind == TomlNode::Kind::text;
  const std::string shown = named ? given->text : kind ? *kind : fmt::format("experiment {}", index + 1);
  TableReader table(faults, node, joined_path({"experiments", shown}), kind ? schema::experiment(*kind) : any_kind());
  Experiment experiment;
  experiment.kind = kind.value_or("");
  if (!kind) {
    table.word("kind");
    return;
  }
  experiment.name = read_name(table, *kind, taken);
  taken.insert(experiment.name);
  faults.remember(joined_path({"experiments", experiment.name}), node.place);
  ExperimentReader(table, faults, names).read(experiment);
  if (*kind == "atoms" && table.has("sweep")) {
    table.complain("sweep", "sweep has no meaning here: no path leads into an experiment on atoms");
  } else {
    read_sweep(table, faults, names, input, experiment);
  }
  keep_no_profiles_of_large_sweep(table, input, experiment);
  check_size(table, experiment);
  input.experiments.push_back(std::move(experiment));
}

}  // namespace

void read_experiments(const TomlNode& root, FaultList& faults, const NamesInFile& names, Input& input) {
  std::set<std::string> taken;
  const std::vector<const TomlNode*> tables = tables_at(root, "experiments", faults);
  for (std::size_t i = 0; i < tables.size() && !faults.full(); ++i) {
    read_experiment(*tables[i], i, faults, names, taken, input);
  }
}

void check_sweeps(FaultList& faults, const Input& input) {
  constexpr std::size_t most_axes = 8;
  for (const Experiment& experiment : input.experiments) {
    const std::size_t axes = experiment.sweep.size();
    if (axes == 0) continue;
    const std::string path = joined_path({"experiments", experiment.name}) + ".sweep";
    if (axes > most_axes) {
      faults.add({path, fmt::format("a sweep may have at most {} paths, not {}", most_axes, axes)});
      continue;
    }
    std::vector<std::string> paths;
    for (const SweepAxis& axis : experiment.sweep) paths.push_back(axis.path);
    for (std::size_t corner = 0; corner < (std::size_t{1} << axes); ++corner) {
      std::vector<double> values;
      for (std::size_t i = 0; i < axes; ++i) {
        const auto [least, most] =
            std::minmax_element(experiment.sweep[i].values.begin(), experiment.sweep[i].values.end());
        values.push_back((corner >> i & 1) != 0 ? *most : *least);
      }
      try {
        with_values(input, paths, values);
      } catch (const InputError& error) {
        faults.add({axes == 1 ? path + "." + joined_path({paths[0]}) : path,
                    fmt::format("the sweep leads to {}", error.faults().front().message)});
        break;
      }
    }
  }
}

}  // namespace vitrispin::io
