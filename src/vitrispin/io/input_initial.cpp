#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "vitrispin/io/input_time_tables.hpp"
#include "vitrispin/io/printable.hpp"
#include "vitrispin/io/suggestion.hpp"

/// Reading of the state at the start of time experiments.
namespace vitrispin::io {
namespace {

/// The amplitude in a unit of its own; 0 if it is not there or faulty.
double amplitude_in(TableReader& table, const char* unit) {
  const TomlNode* node = table.find("amplitude");
  if (node == nullptr) return 0;
  KeyRule rule = *schema::initial().find("amplitude");
  rule.unit = unit;
  return read_number({table.faults(), table.path_of("amplitude")}, *node, rule).value_or(0);
}

InitialChange read_mode(TableReader& table) {
  InitialChange change;
  change.shape = InitialChange::Shape::mode;
  change.mode = static_cast<std::size_t>(table.integer("mode").value_or(0));
  change.k = table.number("k").value_or(0);
  change.sigma = static_cast<int>(table.integer("sigma").value_or(0));
  change.travelling = table.word("wave").value_or("standing") == "travelling";
  change.amplitude = amplitude_in(table, "A m-1");
  check_keys(table, "a mode", {"mode", "k", "amplitude"}, {"sigma", "wave"}, {}, schema::initial());
  return change;
}

InitialChange read_state_file(TableReader& table) {
  InitialChange change;
  change.shape = InitialChange::Shape::file;
  if (const auto file = table.text("file")) {
    const auto folder = std::filesystem::path(table.faults().file()).parent_path();
    std::error_code ignored;
    change.file = std::filesystem::absolute(folder / *file, ignored).lexically_normal().string();
    const TomlNode* node = table.find("file");
    change.line = node->place.line;
    change.column = node->place.column;
    if (!std::filesystem::exists(change.file, ignored)) {
      table.complain("file", fmt::format("file = {} cannot be read: there is no such file ({})", printable(*file),
                                         printable(change.file, 300)));
    }
  }
  if (table.has("time")) change.time = table.number("time");
  check_keys(table, "a state from a file", {"file"}, {"time"}, {}, schema::initial());
  return change;
}

InitialChange read_change(TableReader& table) {
  InitialChange change;
  const Section& section = schema::initial();
  if (table.has("random")) {
    change.shape = InitialChange::Shape::random;
    change.amplitude = table.number("random").value_or(0);
    change.seed = static_cast<std::uint32_t>(table.integer("seed").value_or(1));
    check_keys(table, "a random state", {"random"}, {"seed"}, {}, section);
    return change;
  }
  if (table.has("mode")) return read_mode(table);
  if (table.has("file")) return read_state_file(table);
  const std::string field = table.word("field").value_or("m");
  const std::string shape = table.word("shape").value_or("gaussian");
  change.field = field == "M"   ? InitialChange::Field::M
                 : field == "m" ? InitialChange::Field::m
                                : InitialChange::Field::theta;
  change.shape = shape == "cosine"    ? InitialChange::Shape::cosine
                 : shape == "uniform" ? InitialChange::Shape::uniform
                                      : InitialChange::Shape::gaussian;
  change.component = component_of(table);
  if (!table.faulty().contains("field"))  // the field gives the unit
    change.amplitude = amplitude_in(table, field == "theta" ? "rad" : "A m-1");
  if (const auto center = table.numbers("center", 1, 3)) {
    change.directions = center->size();
    for (std::size_t a = 0; a < center->size(); ++a) change.center[a] = (*center)[a];
  }
  change.width = table.number("width").value_or(0);
  change.k = table.number("k").value_or(0);
  std::vector<const char*> needed{"field", "amplitude"};
  if (shape == "gaussian") needed.insert(needed.end(), {"center", "width"});
  if (shape == "cosine") needed.emplace_back("k");
  if (table.faulty().contains("shape")) return change;  // which keys it needs is not known
  check_keys(table, "a " + shape + " bump", needed, {}, {"shape", "component"}, section);
  return change;
}

}  // namespace

void read_initial(TableReader& table, TimeExperiment& time) {
  const TomlNode* node = table.find("initial");
  if (!node) return;
  constexpr const char* what = "\"equilibrium\", a table { field, component, shape, amplitude, ... } or a list of them";
  if (node->kind == TomlNode::Kind::text) {
    if (node->text == "equilibrium") return;
    table.complain("initial", fmt::format("initial must be {}, not {}{}", what, node->description(),
                                          did_you_mean(node->text, std::vector<std::string>{"equilibrium"})));
    return;
  }
  bool has_file = false;
  for (const TomlNode* item : tables_in(table, "initial", what)) {
    TableReader inner(table.faults(), *item, table.path_of("initial"), schema::initial());
    time.initial.push_back(read_change(inner));
    if (time.initial.back().shape == InitialChange::Shape::file && std::exchange(has_file, true))
      inner.complain("file", "initial has two files: a run starts from one state");
  }
}

}  // namespace vitrispin::io
