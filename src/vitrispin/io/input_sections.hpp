#pragma once

#include <set>
#include <string>
#include <vector>

#include "vitrispin/io/input.hpp"
#include "vitrispin/io/input_table.hpp"

/// The parts of a file, each read by a function that adds to `input` what it says and to `faults` what is wrong with it.
namespace vitrispin::io {

/// Names as written, also of what turned out to be faulty: so that one mistake is not reported twice.
struct NamesInFile {
  std::vector<std::string> materials;
  std::vector<std::string> layers;
};

void read_materials(const TomlNode& root, FaultList& faults, NamesInFile& names, Input& input);
void read_layers(const TomlNode& root, FaultList& faults, NamesInFile& names, Input& input);
void read_interfaces(const TomlNode& root, FaultList& faults, const NamesInFile& names, Input& input);
void read_boundaries(const TomlNode& root, FaultList& faults, Input& input);
void read_field(const TomlNode& root, FaultList& faults, Input& input);
void read_experiments(const TomlNode& root, FaultList& faults, const NamesInFile& names, Input& input);
/// The keys of a time experiment; what ties it to the stack is in broken_experiment_rules.
TimeExperiment read_time_experiment(TableReader& table, FaultList& faults, const NamesInFile& names);
/// Rules between a time experiment and the rest of the file.
void check_time_experiment(const Input& input, const Experiment& experiment, std::vector<Problem>& problems);
/// Needs everything else read, and without faults: every corner of each sweep is tried.
void check_sweeps(FaultList& faults, const Input& input);

/// A table where one must stand; complains and returns nullptr if it is something else. nullptr if it is not there.
const TomlNode* table_at(const TomlNode& parent, const char* key, FaultList& faults, const std::string& shown);
/// The tables of `[[key]]`; complains if it is something else.
std::vector<const TomlNode*> tables_at(const TomlNode& root, const char* key, FaultList& faults);

/// A path into the file with quotes where a name needs them: `interfaces."a|b".mixing`.
std::string joined_path(const std::vector<std::string>& parts);
/// Its parts; empty if it is no path.
std::vector<std::string> split_path(const std::string& path);

/// Rules that tie parts of the input together; used when a file is read and after each change of a value.
std::vector<Problem> broken_stack_rules(const Input& input);
std::vector<Problem> broken_experiment_rules(const Input& input);

/// What a path of a sweep stands for: its unit and range, or why it cannot be swept.
struct PathTarget {
  const KeyRule* rule = nullptr;
  std::string problem;
};
PathTarget find_path(const Input& input, const std::string& path);

}  // namespace vitrispin::io
