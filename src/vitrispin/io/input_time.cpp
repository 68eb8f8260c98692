#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/io/input_sections.hpp"
#include "vitrispin/io/input_time_tables.hpp"
#include "vitrispin/io/printable.hpp"
#include "vitrispin/io/suggestion.hpp"
#include "vitrispin/io/waveform_file.hpp"

/// Reading of time experiments.
namespace vitrispin::io {
namespace {

using physics::Drive;
using physics::DriveTarget;
using physics::WaveShape;

/// The table at `key`; complains about anything else.
const TomlNode* table_at(TableReader& table, const char* key, const char* what) {
  const TomlNode* node = table.find(key);
  if (!node || node->kind == TomlNode::Kind::table) return node;
  table.complain(key, fmt::format("{} must be {}, not {}", key, what, node->description()));
  return nullptr;
}

bool ascends(const std::vector<double>& values) {
  return std::adjacent_find(values.begin(), values.end(), std::greater_equal<>()) == values.end();
}

/// A probe's place: x, and the directions that the grid has.
Vector3<double> read_probe(TableReader& table, std::size_t dimensions) {
  Vector3<double> place(table.number("x").value_or(0), 0, 0);
  for (std::size_t a = 1; a < 3; ++a) {
    const char* key = a == 1 ? "y" : "z";
    place[a] = table.number(key).value_or(0);
    if (a >= dimensions && table.has(key)) {
      table.complain(key, fmt::format("{} has no meaning: the file has no [grid.{}]", key, key));
    } else if (a < dimensions && !table.has(key) && !table.faulty().contains(key)) {
      table.faults().add(table.place(), table.path_of(key),
                         fmt::format("{} is missing: the file has [grid.{}]", key, key));
    }
  }
  return place;
}

LineCut read_cut(TableReader& table, std::size_t dimensions) {
  LineCut cut;
  const auto axis = table.word("axis");
  if (axis) cut.axis = static_cast<std::size_t>((*axis)[0] - 'x');
  if (axis && cut.axis >= dimensions) {
    table.complain("axis", fmt::format("axis = \"{}\" is not there: the file has no [grid.{}]", *axis, *axis));
    return cut;
  }
  for (std::size_t a = 0; a < 3; ++a) {
    const std::string key(1, "xyz"[a]);
    cut.place[a] = table.number(key.c_str()).value_or(0);
    if (!axis) continue;
    if (a == cut.axis && table.has(key.c_str())) {
      table.complain(key.c_str(), fmt::format("{} has no meaning for a line along {}: leave it out", key, key));
    } else if (a >= dimensions && table.has(key.c_str())) {
      table.complain(key.c_str(), fmt::format("{} has no meaning: the file has no [grid.{}]", key, key));
    } else if (a < dimensions && a != cut.axis && !table.has(key.c_str()) && !table.faulty().contains(key)) {
      table.faults().add(table.place(), table.path_of(key.c_str()),
                         fmt::format("{} is missing: a line along {} needs its place", key, *axis));
    }
  }
  return cut;
}

void read_snapshots(TableReader& table, TimeExperiment& time, std::size_t dimensions) {
  const auto snapshots = table.range("snapshots");
  time.vtk = table.flag("vtk").value_or(false);
  time.petsc = table.text("petsc").value_or("");
  for (const char* key : {"snapshots", "vtk", "petsc", "cuts"}) {
    if (dimensions == 1 && table.has(key)) {
      table.complain(key, fmt::format("{} has no meaning in one dimension: the file has no [grid.y]", key));
    }
  }
  if (!snapshots || time.output.empty()) return;
  time.snapshots = snapshots->values;
  if (!ascends(time.snapshots))
    table.complain("snapshots", "snapshots must ascend: each time later than the one before");
  for (double& t : time.snapshots) {
    // Times written in other units, or as a range, differ by rounding from those of `output`.
    const auto nearest = std::min_element(time.output.begin(), time.output.end(),
                                          [&](double a, double b) { return std::abs(a - t) < std::abs(b - t); });
    if (std::abs(*nearest - t) > 1e-9 * time.duration) {
      table.complain("snapshots", fmt::format("snapshots has {} s, which is none of the output times", t));
      return;
    }
    t = *nearest;
  }
}

class DriveReader {
public:
  DriveReader(TableReader& table, const NamesInFile& names, double duration)
      : table_(table), names_(names), duration_(duration) {}

  Drive read() {
    read_target();
    const std::string shape = table_.word("shape").value_or("");
    static const std::vector<std::pair<const char*, WaveShape>> shapes{{"sine", WaveShape::sine},
                                                                       {"pulse", WaveShape::pulse},
                                                                       {"ramp", WaveShape::ramp},
                                                                       {"chirp", WaveShape::chirp},
                                                                       {"table", WaveShape::table}};
    for (const auto& [word, value] : shapes) {
      if (shape == word) drive_.wave.shape = value;
    }
    drive_.component = component_of(table_);
    physics::Waveform& wave = drive_.wave;
    wave.amplitude = value("amplitude");
    wave.from = value("from");
    wave.to = value("to");
    wave.frequency = table_.number("frequency").value_or(0);
    wave.end_frequency = table_.number("end_frequency").value_or(0);
    wave.phase = table_.number("phase").value_or(0);
    wave.center = table_.number("center").value_or(0);
    wave.width = table_.number("width").value_or(1);
    wave.start = table_.number("start").value_or(0);
    wave.end = shape == "chirp" ? duration_ : table_.number("end").value_or(0);
    drive_.k = table_.number("k").value_or(0);
    read_table();
    if (!shape.empty() && knows_target_) check(shape);
    return drive_;
  }

private:
  void read_target() {
    const auto target = table_.text("target");
    if (!target) return;  // said by the table's own rules
    static const std::vector<std::pair<const char*, DriveTarget>> targets{
        {"field.H", DriveTarget::field},
        {"boundary.left.current", DriveTarget::left_current},
        {"boundary.right.current", DriveTarget::right_current},
        {"boundary.left.potential", DriveTarget::left_potential},
        {"boundary.right.potential", DriveTarget::right_potential}};
    knows_target_ = true;
    std::vector<std::string> choices;
    for (const auto& [word, value] : targets) {
      choices.emplace_back(word);
      if (*target != word) continue;
      drive_.target = value;
      unit_ =
          value == DriveTarget::field || value == DriveTarget::left_potential || value == DriveTarget::right_potential
              ? "A m-1"
              : "A s-1";
      return;
    }
    for (const std::string& name : names_.materials) {
      choices.push_back(joined_path({"materials", name, "K"}));
      if (*target != choices.back()) continue;
      drive_.target = DriveTarget::anisotropy;
      drive_.material = name;
      unit_ = "J m-3";
      return;
    }
    for (const std::string& name : names_.faces) {
      for (const auto kind : {DriveTarget::face_current, DriveTarget::face_potential}) {
        choices.push_back(joined_path({"boundary", name, kind == DriveTarget::face_current ? "current" : "potential"}));
        if (*target != choices.back()) continue;
        drive_.target = kind;
        drive_.face = name;
        unit_ = kind == DriveTarget::face_current ? "A s-1" : "A m-1";
        return;
      }
    }
    knows_target_ = false;
    table_.complain("target", fmt::format("target = \"{}\" cannot be driven{}; choose {}", printable(*target),
                                          did_you_mean(*target, choices), printable(either(choices), 500)));
  }

  /// A number in the target's unit; a field also in tesla.
  std::optional<double> number(const TomlNode& node, const char* key) {
    KeyRule rule = *schema::drive().find(key);
    rule.unit = unit_;
    if (drive_.target == DriveTarget::field && node.kind == TomlNode::Kind::text) {
      const Reading tesla = read_quantity(node.text, "T");
      const double H = tesla.value / constants::vacuum_permeability;
      if (tesla.problem.empty() && std::isfinite(H)) return H;
      if (tesla.problem.empty()) {
        table_.faults().add(node.place, table_.path_of(key),
                            fmt::format("{} = {} must be finite", key, printable(node.text)));
        return std::nullopt;
      }
    }
    return read_number({table_.faults(), table_.path_of(key)}, node, rule);
  }

  double value(const char* key) {
    const TomlNode* node = table_.find(key);
    return node && knows_target_ ? number(*node, key).value_or(0) : 0;
  }

  /// The table's times and values from a CSV file.
  void read_file() {
    const auto file = table_.text("file");
    if (!file || !knows_target_) return;
    std::vector<ValueUnit> units{{unit_, 1}};
    if (drive_.target == DriveTarget::field) units.push_back({"T", 1 / constants::vacuum_permeability});
    WaveformFile read = read_waveform_file(*file, table_.faults().file(), units);
    if (!read.problem.empty())
      table_.complain("file", fmt::format("file = {} {}", printable(*file), printable(read.problem, 300)));
    for (const Fault& fault : read.faults) table_.faults().add(fault);
    drive_.wave.times = std::move(read.times);
    drive_.wave.values = std::move(read.values);
  }

  void read_table() {
    if (table_.has("file")) return read_file();
    if (auto times = table_.range("times")) drive_.wave.times = std::move(times->values);
    const TomlNode* node = table_.find("values");
    if (node && node->kind != TomlNode::Kind::list) {
      table_.complain("values", fmt::format("values must be a list of numbers, not {}", node->description()));
    } else if (node && knows_target_) {
      for (const TomlNode& item : node->items) {
        if (const auto one = number(item, "values")) drive_.wave.values.push_back(*one);
      }
    }
    if (drive_.wave.times.empty() || drive_.wave.values.empty()) return;
    if (drive_.wave.times.size() != drive_.wave.values.size() && node->items.size() == drive_.wave.values.size()) {
      table_.complain("values", fmt::format("values has {} numbers, but times has {}: give one per time",
                                            drive_.wave.values.size(), drive_.wave.times.size()));
    }
    if (drive_.wave.times.size() < 2 || !ascends(drive_.wave.times)) {
      table_.complain("times", "times must be two or more, each later than the one before");
    }
  }

  void check(const std::string& shape) {
    std::vector<const char*> needed, optional;
    if (shape == "sine") needed = {"amplitude", "frequency"}, optional = {"phase"};
    if (shape == "chirp") needed = {"amplitude", "frequency", "end_frequency"}, optional = {"phase"};
    if (shape == "pulse") needed = {"amplitude", "center", "width"};
    if (shape == "ramp") needed = {"from", "to", "start", "end"};
    if (shape == "table" && table_.has("file")) needed = {"file"};
    if (shape == "table" && !table_.has("file")) needed = {"times", "values"};
    if (drive_.target == DriveTarget::field) optional.emplace_back("k");
    if (drive_.target != DriveTarget::anisotropy) optional.emplace_back("component");
    check_keys(table_, fmt::format("a {} of {}", shape, printable(table_.text("target").value_or("its target"))),
               needed, optional, {"target", "shape"}, schema::drive());
    const bool both_known = table_.has("start") && table_.has("end") && !table_.faulty().contains("start") &&
                            !table_.faulty().contains("end");
    if (shape == "ramp" && both_known && drive_.wave.end <= drive_.wave.start) {
      table_.complain("end", fmt::format("end = {} s is not after start = {} s", drive_.wave.end, drive_.wave.start));
    }
  }

  TableReader& table_;
  const NamesInFile& names_;
  double duration_;
  Drive drive_;
  bool knows_target_ = false;  ///< without it the values have no unit
  const char* unit_ = "A m-1";
};

void read_output(TableReader& table, TimeExperiment& time) {
  if (auto output = table.range("output")) {
    time.output = std::move(output->values);
    if (!ascends(time.output)) table.complain("output", "output must ascend: each time later than the one before");
    if (time.duration > 0 && !time.output.empty() && time.output.back() > time.duration * (1 + 1e-12)) {
      table.complain("output",
                     fmt::format("output goes to {} s, past the duration of {} s", time.output.back(), time.duration));
    }
    for (double& t : time.output) t = std::min(t, time.duration);
  } else if (!table.has("output") && time.duration > 0) {
    time.output = spread(0, time.duration, 201, false);
  }
}

}  // namespace

std::size_t component_of(TableReader& table) {
  return static_cast<std::size_t>(table.word("component").value_or("z")[0] - 'x');
}

std::vector<const TomlNode*> tables_in(TableReader& table, const char* key, const char* what) {
  const TomlNode* node = table.find(key);
  if (!node) return {};
  if (node->kind == TomlNode::Kind::table) return {node};
  std::vector<const TomlNode*> found;
  if (node->kind != TomlNode::Kind::list) {
    table.complain(key, fmt::format("{} must be {}, not {}", key, what, node->description()));
    return found;
  }
  for (const TomlNode& item : node->items) {
    if (item.kind == TomlNode::Kind::table) {
      found.push_back(&item);
    } else {
      table.faults().add(item.place, table.path_of(key),
                         fmt::format("{} must be {}, not {}", key, what, item.description()));
    }
  }
  return found;
}

void check_keys(TableReader& table, const std::string& what, const std::vector<const char*>& needed,
                const std::vector<const char*>& optional, const std::vector<const char*>& always,
                const Section& section) {
  for (const char* key : needed) {
    if (table.has(key) || table.faulty().contains(key)) continue;
    table.faults().add(table.place(), table.path_of(key),
                       fmt::format("{} is missing: {} needs it ({})", key, what, section.find(key)->meaning));
  }
  const auto in = [](const std::vector<const char*>& list, std::string_view key) {
    return std::any_of(list.begin(), list.end(), [&](const char* item) { return key == item; });
  };
  for (const KeyRule& rule : section.keys) {
    if (!table.has(rule.name) || in(needed, rule.name) || in(optional, rule.name) || in(always, rule.name)) continue;
    table.complain(rule.name, fmt::format("{} has no meaning for {}: leave it out", rule.name, what));
  }
}

TimeExperiment read_time_experiment(TableReader& table, FaultList& faults, const NamesInFile& names) {
  TimeExperiment time;
  time.duration = table.number("duration").value_or(0);
  read_output(table, time);
  time.method = table.word("method").value_or(time.method);
  if (const TomlNode* node = table.find("method")) {
    time.method_line = node->place.line;
    time.method_column = node->place.column;
  }
  time.dt = table.number("dt").value_or(0);
  time.rtol = table.number("rtol").value_or(time.rtol);
  if (time.rtol >= 1)
    table.complain("rtol", fmt::format("rtol = {} must be below 1: it is a relative error", time.rtol));
  const bool fixed = time.method == "midpoint" || time.method == "gauss4";
  if (fixed && !table.has("dt") && !table.faulty().contains("dt")) {
    faults.add(table.place(), table.path_of("dt"),
               fmt::format("dt is missing: method = \"{}\" has a fixed step", time.method));
  }
  if (!fixed && table.has("dt") && !table.faulty().contains("method")) {
    table.complain("dt", fmt::format("dt has no meaning for method = \"{}\", which {}: leave it out", time.method,
                                     time.method == "exact" ? "takes no steps" : "chooses its steps by rtol and atol"));
  }
  if ((time.method == "explicit" || time.method == "exact") && table.has("petsc")) {
    table.complain("petsc",
                   fmt::format("petsc has no meaning for method = \"{}\", which solves no linear system: leave it out",
                               time.method));
  }
  if (const TomlNode* node = table_at(table, "atol", "a table { M, m, theta }")) {
    TableReader inner(faults, *node, table.path_of("atol"), schema::tolerances());
    time.atol_M = inner.number("M").value_or(0);
    time.atol_m = inner.number("m").value_or(0);
    time.atol_theta = inner.number("theta").value_or(0);
  }
  if (const TomlNode* node = table_at(table, "checkpoint", "a table { every = ... }")) {
    TableReader inner(faults, *node, table.path_of("checkpoint"), schema::checkpoint());
    time.checkpoint_every = inner.number("every").value_or(time.checkpoint_every);
  }
  if (const TomlNode* node = table_at(table, "heat", "a table { temperature = ... }")) {
    TableReader inner(faults, *node, table.path_of("heat"), schema::heat());
    time.temperature = inner.number("temperature");
    if (time.method == "exact") {
      table.complain("heat",
                     "heat has no meaning for method = \"exact\", which follows waves of a uniform box: choose "
                     "another method");
    }
  }
  read_initial(table, time);
  read_snapshots(table, time, names.dimensions);
  for (const TomlNode* node : tables_in(table, "drives", "a list of tables { target, shape, ... }")) {
    if (faults.full()) break;
    TableReader inner(faults, *node, table.path_of("drives"), schema::drive());
    time.drives.push_back(DriveReader(inner, names, time.duration).read());
  }
  for (const TomlNode* node : tables_in(table, "probes", "a list of tables { x = ... }")) {
    if (faults.full()) break;
    TableReader inner(faults, *node, table.path_of("probes"), schema::probe());
    time.probes.push_back(read_probe(inner, names.dimensions));
  }
  for (const TomlNode* node : tables_in(table, "cuts", "a list of tables { axis = ... }")) {
    if (faults.full() || names.dimensions == 1) break;
    TableReader inner(faults, *node, table.path_of("cuts"), schema::line_cut());
    time.cuts.push_back(read_cut(inner, names.dimensions));
  }
  return time;
}

}  // namespace vitrispin::io
