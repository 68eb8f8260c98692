#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "vitrispin/io/input.hpp"
#include "vitrispin/io/input_table.hpp"

/// The parts of a file, each read by a function that adds to `input` what it says and to `faults` what is wrong with it.
namespace vitrispin::io {

/// Names as written, also of what turned out to be faulty: so that one mistake is not reported twice.
struct NamesInFile {
  std::vector<std::string> materials;
  std::vector<std::string> layers;
  std::vector<std::string> regions;
  std::size_t dimensions = 1;
  std::vector<std::string> faces;  ///< that the file has beside left and right: front, ..., and named patches
};

void read_materials(const TomlNode& root, FaultList& faults, NamesInFile& names, Input& input);
void read_grid(const TomlNode& root, FaultList& faults, NamesInFile& names, Input& input);
void read_layers(const TomlNode& root, FaultList& faults, NamesInFile& names, Input& input);
void read_interfaces(const TomlNode& root, FaultList& faults, const NamesInFile& names, Input& input);
/// Whole numbers of a text file beside the input file, or why they cannot be read.
struct LabelFile {
  std::string path;  ///< absolute
  std::vector<int> labels;
  std::string problem;
};
LabelFile read_label_file(const std::string& name, const std::string& input_file);
/// One that names a region; false if it does not.
bool read_region_interface(const TomlEntry& entry, FaultList& faults, const NamesInFile& names, Input& input);
void read_boundaries(const TomlNode& root, FaultList& faults, NamesInFile& names, Input& input);
/// The keys of an outer face or a patch, for m and for theta.
void read_boundary_keys(TableReader& table, physics::Boundary& boundary);
/// The faces beside left and right, and the patches.
void read_further_boundaries(const TomlNode& boundary, FaultList& faults, NamesInFile& names, Input& input);
void read_field(const TomlNode& root, FaultList& faults, Input& input);
void read_experiments(const TomlNode& root, FaultList& faults, const NamesInFile& names, Input& input);
/// The keys of a time experiment; what ties it to the stack is in broken_experiment_rules.
TimeExperiment read_time_experiment(TableReader& table, FaultList& faults, const NamesInFile& names);
/// The keys of an experiment on atoms, with the rules between them.
AtomsExperiment read_atoms_experiment(TableReader& table);
/// The tables inside one, as they are written; empty: none.
using TableEntries = std::vector<std::pair<const char*, std::string>>;
TableEntries entries_of(const physics::SpinCoupling& coupling);
TableEntries entries_of(const physics::SpinAnisotropy& anisotropy);
/// Materials that take constants from experiments on atoms name ones that are there.
void check_atoms_names(const Input& input, std::vector<Problem>& problems);
/// Rules between a time experiment and the rest of the file.
void check_time_experiment(const Input& input, const Experiment& experiment, std::vector<Problem>& problems);
/// What stands in the way of its method = "exact".
void check_exact(const Input& input, const Experiment& experiment, std::vector<Problem>& problems);
/// With a ferromagnet in it, an experiment in time keeps to the axis of H and M0.
void check_ferromagnets(const Input& input, const Experiment& experiment, std::vector<Problem>& problems);
/// Rules between the state at its start and the rest of the file.
void check_initial(const Input& input, const Experiment& experiment, std::vector<Problem>& problems);
/// Complains unless H and the M0 of these materials are parallel; `who` needs it.
void check_common_axis(const Input& input, const std::vector<std::string>& materials, const std::string& who,
                       std::vector<Problem>& problems);
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

/// To within rounding of vectors given to nine digits; a vector of zeros is parallel to all.
bool is_parallel(const Vector3<double>& a, const Vector3<double>& b);
/// Rules that tie parts of the input together; used when a file is read and after each change of a value.
std::vector<Problem> broken_stack_rules(const Input& input);
/// Of a patch in paths: its name, or `patch 2`.
std::string patch_key(const physics::Geometry& geometry, std::size_t index);
void check_geometry(const Input& input, std::vector<Problem>& problems);
/// What is not wrong but may not be meant.
std::vector<std::string> geometry_warnings(const Input& input);
/// The material at each T of its table; what is wrong, with the key of the table that it is about.
struct TableBuild {
  std::shared_ptr<const physics::TemperatureTable> table;
  std::vector<std::pair<std::string, std::string>> problems;
};
TableBuild build_table(const NamedMaterial& material);

void check_mixing(const physics::Material<double>& first, const std::string& first_name,
                  const physics::Material<double>& second, const std::string& second_name, double mixing,
                  const std::string& path, std::vector<Problem>& problems);
/// The boundary of a face or of a patch by its name; nullptr if there is none.
const physics::Boundary* find_boundary(const Input& input, const std::string& name);
std::vector<Problem> broken_experiment_rules(const Input& input);

/// What a path of a sweep stands for: its unit and range, or why it cannot be swept.
struct PathTarget {
  const KeyRule* rule = nullptr;
  std::string problem;
};
PathTarget find_path(const Input& input, const std::string& path);

}  // namespace vitrispin::io
