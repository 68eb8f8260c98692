#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "vitrispin/io/input_sections.hpp"
#include "vitrispin/io/input_time_tables.hpp"
#include "vitrispin/io/printable.hpp"
#include "vitrispin/io/suggestion.hpp"

/// Reading of experiments on atoms.
namespace vitrispin::io {
namespace {

using physics::CouplingKind;
using physics::LatticeKind;
using physics::SpinAnisotropyKind;
using physics::SpinModel;

template <class Kind, std::size_t count>
Kind kind_of(const std::string& word, const std::array<std::pair<const char*, Kind>, count>& kinds, Kind fallback) {
  for (const auto& [name, kind] : kinds) {
    if (word == name) return kind;
  }
  return fallback;
}

/// A parameter without which there is nothing: 0 is a fault.
void refuse_zero(TableReader& table, const char* key) {
  if (table.has(key) && !table.faulty().contains(key) && table.number(key) == 0.0) {
    table.complain(key, fmt::format("{} = 0 couples nothing: it must not be 0", key));
  }
}

class AtomsReader {
public:
  explicit AtomsReader(TableReader& table) : table_(table) {}

  AtomsExperiment read() {
    SpinModel& model = atoms_.model;
    model.lattice = kind_of(table_.word("lattice").value_or("fcc"), lattices, LatticeKind::fcc);
    model.constant = table_.number("constant").value_or(1);
    read_size();
    model.open = table_.flag("open").value_or(false);
    model.concentration = table_.number("concentration").value_or(1);
    model.spin = table_.number("spin").value_or(1);
    model.gamma = table_.number("gamma").value_or(model.gamma);
    model.seed = static_cast<std::uint32_t>(table_.integer("seed").value_or(1));
    atoms_.samples = static_cast<std::uint32_t>(table_.integer("samples").value_or(atoms_.samples));
    atoms_.minima = static_cast<std::uint32_t>(table_.integer("minima").value_or(atoms_.minima));
    read_coupling();
    read_anisotropy();
    check_spins();
    check_bonds();
    read_spectrum();
    return atoms_;
  }

private:
  static constexpr std::array<std::pair<const char*, LatticeKind>, 3> lattices{
      {{"fcc", LatticeKind::fcc}, {"cubic", LatticeKind::cubic}, {"chain", LatticeKind::chain}}};
  static constexpr std::array<std::pair<const char*, CouplingKind>, 5> couplings{
      {{"rkky", CouplingKind::rkky},
       {"gaussian", CouplingKind::gaussian},
       {"plus-minus", CouplingKind::plus_minus},
       {"ferromagnet", CouplingKind::ferromagnet},
       {"mattis", CouplingKind::mattis}}};

  const TomlNode* inner_table(const char* key) {
    const TomlNode* node = table_.find(key);
    if (!node || node->kind == TomlNode::Kind::table) return node;
    table_.complain(key, fmt::format("{} must be a table {{ kind = ... }}, not {}", key, node->description()));
    return nullptr;
  }

  bool good(const char* key) const { return !table_.faulty().contains(key); }

  void read_size() {
    const bool chain = atoms_.model.lattice == LatticeKind::chain;
    const auto size = table_.numbers("size", chain ? 1 : 3, 3);
    if (!size) return;
    for (std::size_t a = 0; a < size->size(); ++a) {
      const double number = (*size)[a];
      if (number != std::floor(number) || number > 1e6) {
        table_.complain("size", fmt::format("size has {}, which is no whole number of cells up to 1e6", number));
        return;
      }
      if (chain && a > 0 && number != 1) {
        table_.complain("size", fmt::format("size has {} cells across: a chain is 1 wide", number));
        return;
      }
      atoms_.model.size[a] = static_cast<int>(number);
    }
  }

  void read_coupling() {
    physics::SpinCoupling& coupling = atoms_.model.coupling;
    const TomlNode* node = inner_table("coupling");
    if (!node) return;
    TableReader table(table_.faults(), *node, table_.path_of("coupling"), schema::spin_coupling());
    const auto word = table.word("kind");
    coupling.kind = kind_of(word.value_or("rkky"), couplings, CouplingKind::rkky);
    coupling.A = table.number("A").value_or(1);
    coupling.k_F = table.number("k_F").value_or(1);
    coupling.phase = table.number("phase").value_or(0);
    const double path = table.number("mean_free_path").value_or(INFINITY);
    coupling.mean_free_path = std::isfinite(path) ? path : 0;
    coupling.cutoff = table.number("cutoff").value_or(0);
    coupling.J = table.number("J").value_or(1);
    refuse_zero(table, "A");
    refuse_zero(table, "J");
    if (!word) {
      known_coupling_ = false;
      return;
    }
    const bool rkky = coupling.kind == CouplingKind::rkky;
    const std::vector<const char*> needed =
        rkky ? std::vector<const char*>{"A", "k_F", "cutoff"} : std::vector<const char*>{"J"};
    const std::vector<const char*> optional =
        rkky ? std::vector<const char*>{"phase", "mean_free_path"} : std::vector<const char*>{};
    check_keys(table, *word + " couplings", needed, optional, {"kind"}, schema::spin_coupling());
    if (rkky) coupling.J = 0;
    if (!rkky) coupling.A = coupling.k_F = 0;
    known_coupling_ = table.faulty().empty();
  }

  void read_anisotropy() {
    physics::SpinAnisotropy& anisotropy = atoms_.model.anisotropy;
    const TomlNode* node = inner_table("anisotropy");
    if (!node) return;
    TableReader table(table_.faults(), *node, table_.path_of("anisotropy"), schema::spin_anisotropy());
    const auto word = table.word("kind");
    const double strength = table.number("strength").value_or(0);
    const auto cutoff = table.number("cutoff");
    const double J = table.number("J").value_or(0);
    refuse_zero(table, "J");
    if (!word) return;
    const bool dm = *word == "dm";
    check_keys(table, *word + " anisotropy", {dm ? "strength" : "J"},
               dm ? std::vector<const char*>{"cutoff"} : std::vector<const char*>{}, {"kind"},
               schema::spin_anisotropy());
    if (!known_coupling_ || !table.faulty().empty()) return;
    if (!dm) {
      anisotropy = {SpinAnisotropyKind::single_ion, 0, 0, J};
      return;
    }
    if (atoms_.model.coupling.kind != CouplingKind::rkky) {
      table.complain("kind", "kind = \"dm\" is relative to A: it needs rkky couplings");
      return;
    }
    if (strength == 0) return;
    anisotropy = {SpinAnisotropyKind::dzyaloshinsky_moriya, strength,
                  cutoff.value_or(physics::usual_anisotropy_cutoff(atoms_.model)), 0};
    if (cutoff && *cutoff > atoms_.model.coupling.cutoff) {
      table.complain("cutoff", fmt::format("cutoff = {} m is beyond the coupling's cutoff = {} m: bonds end there",
                                           *cutoff, atoms_.model.coupling.cutoff));
    }
  }

  void check_spins() {
    const SpinModel& model = atoms_.model;
    if (!good("concentration") || !good("size")) return;
    if (model.concentration > 1) {
      table_.complain("concentration", fmt::format("concentration = {} must be at most 1: it is the fraction of sites "
                                                   "that carry a spin",
                                                   model.concentration));
      return;
    }
    const double sites = physics::site_count(model);
    const double count = physics::spin_count(model);
    const std::string found = fmt::format("{} spin{} on {} sites at a concentration of {}", count,
                                          count == 1 ? "" : "s", sites, model.concentration);
    if (count < 2) table_.complain("concentration", found + ": at least 2 are needed; raise size or concentration");
    if (sites > most_sites)
      table_.complain("size", fmt::format("size makes {} sites; at most {} are allowed", sites, most_sites));
    known_spins_ = count >= 2 && sites <= most_sites;
  }

  /// Sums over images are finite, but may be beyond what a machine holds.
  void check_bonds() {
    const SpinModel& model = atoms_.model;
    if (!known_spins_ || !known_coupling_ || !good("constant") || !table_.faulty().empty()) return;
    if (model.coupling.kind != CouplingKind::rkky) return;
    const double density = physics::spin_count(model) / physics::volume(model);
    const auto within = [&](double r) { return 4 * constants::pi / 3 * density * r * r * r; };
    const double bonds = physics::spin_count(model) * within(model.coupling.cutoff);
    if (bonds > most_bonds) {
      table_.complain("coupling",
                      fmt::format("the coupling's cutoff = {} m makes about {:.2g} bonds; at most {:.2g} are "
                                  "allowed",
                                  model.coupling.cutoff, bonds, most_bonds));
    }
    const double triples = physics::spin_count(model) * std::pow(within(model.anisotropy.cutoff), 2);
    if (triples > 100 * most_bonds) {
      table_.complain("anisotropy",
                      fmt::format("the anisotropy's cutoff = {} m makes about {:.2g} triples of spins; at "
                                  "most {:.2g} are allowed",
                                  model.anisotropy.cutoff, triples, 100 * most_bonds));
    }
  }

  void read_spectrum() {
    const auto asked = table_.flag("spectrum");
    if (!known_spins_) return;
    const double count = physics::spin_count(atoms_.model);
    atoms_.spectrum = asked.value_or(count <= usual_spectrum);
    if (asked && *asked && count > most_spectrum) {
      table_.complain("spectrum",
                      fmt::format("spectrum = true is for at most {} spins, by dense algebra, but there are "
                                  "{}",
                                  most_spectrum, count));
    }
  }

  static constexpr double most_sites = 1e8, most_bonds = 1e8, usual_spectrum = 400, most_spectrum = 3000;

  TableReader& table_;
  AtomsExperiment atoms_;
  bool known_coupling_ = false, known_spins_ = false;
};

}  // namespace

AtomsExperiment read_atoms_experiment(TableReader& table) {
  return AtomsReader(table).read();
}

TableEntries entries_of(const physics::SpinCoupling& coupling) {
  TableEntries entries{{"kind", fmt::format("\"{}\"", physics::to_string(coupling.kind))}};
  if (coupling.kind != CouplingKind::rkky) {
    entries.emplace_back("J", toml_number(coupling.J));
    return entries;
  }
  entries.emplace_back("A", toml_number(coupling.A));
  entries.emplace_back("k_F", toml_number(coupling.k_F));
  entries.emplace_back("phase", toml_number(coupling.phase));
  if (coupling.mean_free_path > 0) entries.emplace_back("mean_free_path", toml_number(coupling.mean_free_path));
  entries.emplace_back("cutoff", toml_number(coupling.cutoff));
  return entries;
}

TableEntries entries_of(const physics::SpinAnisotropy& anisotropy) {
  switch (anisotropy.kind) {
    case SpinAnisotropyKind::none: return {};
    case SpinAnisotropyKind::single_ion: return {{"kind", "\"single-ion\""}, {"J", toml_number(anisotropy.J)}};
    case SpinAnisotropyKind::dzyaloshinsky_moriya:
      return {{"kind", "\"dm\""},
              {"strength", toml_number(anisotropy.strength)},
              {"cutoff", toml_number(anisotropy.cutoff)}};
  }
  return {};
}

void check_atoms_names(const Input& input, std::vector<Problem>& problems) {
  std::vector<std::string> names;
  for (const Experiment& experiment : input.experiments) {
    if (experiment.kind == "atoms") names.push_back(experiment.name);
  }
  for (const NamedMaterial& material : input.materials) {
    if (material.from.empty() || std::find(names.begin(), names.end(), material.from) != names.end()) continue;
    const std::string known = names.empty() ? "; the file has none" : "; the file has " + printable(either(names), 300);
    problems.push_back({joined_path({"materials", material.name}) + ".from",
                        fmt::format("from = \"{}\" must name an experiment of kind atoms{}{}", printable(material.from),
                                    did_you_mean(material.from, names), known)});
  }
}

}  // namespace vitrispin::io
