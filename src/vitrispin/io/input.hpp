#pragma once

#include <complex>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "vitrispin/physics/drive.hpp"
#include "vitrispin/physics/geometry.hpp"
#include "vitrispin/physics/material_build.hpp"
#include "vitrispin/physics/spin_model.hpp"
#include "vitrispin/physics/stack.hpp"

/// What an input file says, after reading and validation: SI values, defaults filled in. docs/input.md describes the file.
namespace vitrispin::io {

/// A number with what is known of it. For values written in the file, standing is "input".
struct Provenance {
  std::string standing;  ///< "measured", "estimated", "assumed", "derived", "input"
  std::string source;    ///< citation, or the reasoning of a choice
};

/// Parameters that depend on temperature, as a file gives them.
struct TableSpecification {
  std::vector<double> T{};                              ///< [K], ascending
  std::map<std::string, std::vector<double>> values{};  ///< by key, one per T
};

struct NamedMaterial {
  std::string name;
  std::string preset;  ///< empty: none
  std::string from;    ///< experiment on atoms whose constants it takes; empty: none
  std::vector<std::string>
      taken;  ///< keys that it takes: until they are computed, their values only stand for valid ones
  physics::MaterialSpecification specification;
  physics::Material<double> material;
  std::map<std::string, Provenance> provenance;  ///< by key: chi_M, tau_ML, ...
  TableSpecification table_specification{};      ///< empty: none
  std::shared_ptr<const physics::TemperatureTable> table{};
};

/// One key of a sweep: a path into the file and the SI values it takes.
struct SweepAxis {
  std::string path;   ///< "layers.film.thickness"
  std::string unit;   ///< SI unit of the value, "m"
  std::string scale;  ///< "log", "linear" or "list": how to draw it
  std::vector<double> values;
};

struct ModesExperiment {
  std::string material;
  std::vector<double> k;      ///< [rad/m]; either k or omega is given
  std::vector<double> omega;  ///< [rad/s]
  std::vector<int> sigma{0};
};

struct ResponseExperiment {
  std::string material;
  std::vector<double> k, omega;
  std::vector<int> sigma{0};
};

/// Perturbation theory against omega, optionally as a map over one parameter of the material (by a sweep).
struct PerturbationExperiment {
  std::string material;
  std::vector<double> omega;
};

struct SteadyExperiment {
  int profile_points = 201;  ///< points per layer of the profiles in the .nc file; the reader sets 0 for a large sweep
};

struct HarmonicExperiment {
  std::vector<double> frequency;  ///< [Hz]
  int profile_points = 0;         ///< 0: no profiles
};

/// A part of the state at the start, added to equilibrium.
struct InitialChange {
  enum class Field { M, m, theta };
  enum class Shape { gaussian, cosine, uniform, random, mode, file };
  Field field = Field::m;
  Shape shape = Shape::gaussian;
  std::size_t component = 2;
  double amplitude =
      0;  ///< [A/m] or [rad]; of random numbers the standard deviation, of a mode the larger of |M| and |m|
  Vector3<double> center{};    ///< [m]
  std::size_t directions = 1;  ///< of a gaussian: it depends on x alone, x and y, or all three
  double width = 0;            ///< [m]
  double k = 0;                ///< [rad/m]
  std::uint32_t seed = 1;
  std::size_t mode = 0;          ///< number of a mode, in the order of `modes`
  int sigma = 0;                 ///< its helicity
  bool travelling = false;       ///< exp(ikx) instead of cos(kx)
  std::string file{};            ///< of an earlier result, absolute
  std::optional<double> time{};  ///< of it [s]; else its last output time
  int line = 0, column = 0;      ///< where the file is named, for what turns out wrong when it is read
};

/// A line of cells along one direction of a grid.
struct LineCut {
  std::size_t axis = 0;
  Vector3<double> place{};  ///< of the line, across it [m]
};

struct TimeExperiment {
  double duration = 0;                     ///< [s]
  std::vector<double> output;              ///< [s], ascending
  std::string method = "auto";             ///< "auto", "imex", "explicit", "midpoint", "gauss4", "exact"
  int method_line = 0, method_column = 0;  ///< where it is, for what turns out wrong when ranks are counted
  double dt = 0;                           ///< [s]; 0: not given
  double rtol = 1e-6;
  double atol_M = 0, atol_m = 0, atol_theta = 0;
  std::vector<InitialChange> initial;
  std::vector<physics::Drive> drives;
  std::vector<Vector3<double>> probes;  ///< x, y, z [m]; 0 along a direction that there is not
  std::vector<LineCut> cuts;            ///< of two and three dimensions; empty: chosen
  std::vector<double>
      snapshots;     ///< of two and three dimensions: times at which whole fields are kept; empty: chosen [s]
  bool vtk = false;  ///< and written for ParaView
  double checkpoint_every = 600;      ///< [s] of the clock
  std::optional<double> temperature;  ///< at the start, where heat is followed [K]
  std::string petsc;                  ///< options passed on to PETSc
};

struct AtomsExperiment {
  physics::SpinModel model;
  std::uint32_t samples = 8;
  std::uint32_t minima = 4;
  bool spectrum = true;
};

struct Experiment {
  std::string name;
  std::string kind;  ///< "modes", "response", "perturbation", "steady", "harmonic", "time", "atoms"
  std::variant<ModesExperiment, ResponseExperiment, PerturbationExperiment, SteadyExperiment, HarmonicExperiment,
               TimeExperiment, AtomsExperiment>
      body;
  std::vector<SweepAxis> sweep;  ///< in the order of the file
};

struct Input {
  std::string file;
  std::string title;
  std::vector<NamedMaterial> materials;  ///< in the order of the file
  physics::Stack stack;                  ///< H is given even without layers
  physics::Geometry geometry;            ///< of two and three dimensions
  std::vector<Experiment> experiments;
  std::vector<std::string> warnings;

  const NamedMaterial& material(const std::string& name) const;
};

/// Reads and validates a file; throws InputError with every fault (file:line:column), ExternalError never escapes for
/// content. `text` variant for tests and the fuzzer.
Input read_input(const std::string& path);
Input parse_input(const std::string& text, const std::string& file_name);

/// A copy of `input` with the value at `path` (a sweep's path, checked when the file was read) replaced and everything
/// that depends on it validated again; throws InputError (naming path and value) if the result is not valid.
/// Cheap: microseconds, no file access.
Input with_value(const Input& input, const std::string& path, double value_in_si);

/// As with_value for several paths at once: only the result has to be valid, not what lies between.
Input with_values(const Input& input, const std::vector<std::string>& paths, const std::vector<double>& values_in_si);

/// The resolved input as TOML that reads back to the same Input, with a header of version and build.
std::string to_toml(const Input& input, const std::string& header);

}  // namespace vitrispin::io
