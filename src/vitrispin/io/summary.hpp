#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "vitrispin/io/input.hpp"
#include "vitrispin/io/record.hpp"

/// summary.json: everything a script needs of a run but the profiles. docs/results.md describes it.
namespace vitrispin::io {

/// Where the numbers come from.
struct RunDescription {
  std::string version;  ///< "0.1.0"
  std::string commit;   ///< of the source, "unknown" outside a repository
  std::string build;    ///< compiler and build type
  std::string time;     ///< of the run, ISO 8601, UTC
};

struct ExperimentResult {
  std::string name;
  std::string kind;
  Record record;
};

/// Snapshots of a sweep's points are in the .nc file alone.
bool is_written_for_paraview(const Experiment& experiment);

nlohmann::ordered_json summarize(const Input& input, const RunDescription& run,
                                 const std::vector<ExperimentResult>& results);

/// A material for the summary: kind, preset, `parameters` and `scales`, each number with unit, meaning and what is known.
nlohmann::ordered_json describe_material(const NamedMaterial& material, const Vector3<double>& H);

/// JSON as text that people can read: objects indented, rows of numbers on one line, numbers in the shortest form that
/// reads back to the same bits.
std::string to_text(const nlohmann::ordered_json& json);

}  // namespace vitrispin::io
