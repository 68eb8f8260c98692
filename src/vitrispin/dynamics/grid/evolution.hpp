#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vitrispin/core/ranks.hpp"
#include "vitrispin/dynamics/archive.hpp"
#include "vitrispin/dynamics/grid/problem.hpp"
#include "vitrispin/dynamics/simulation.hpp"

/// A run on a grid, as the program sees it: the solvers behind it, PETSc and MPI are a module that is loaded when an
/// experiment needs it (docs/decisions/).
namespace vitrispin::dynamics::grid {

struct EvolutionSettings {
  SimulationSettings time;              ///< method, dt, error bounds
  std::string petsc;                    ///< options passed on to PETSc
  std::optional<double> temperature{};  ///< at the start, where heat is followed [K]
};

/// Cells in the order of Problem::domain, whole grid, on the first rank; empty on others. Full M and m [A/m], theta [rad]; NaN where a
/// domain lacks the field.
struct Snapshot {
  std::array<std::vector<double>, 3> M, m, theta;
  std::vector<double> entropy_production;  ///< T R_s [W/m^3]
  std::vector<double> temperature;         ///< [K]; empty where heat is not followed
};

/// What a step did, for the progress line.
struct StepReport {
  double time = 0, step = 0;
  long steps = 0, iterations = 0;
  bool held = false;  ///< by stability, in an explicit method
};

/// Every rank calls every function; what is returned is the same on all but where said otherwise.
/// Errors  ConvergenceError (iterations, residual, field, place, time), InputError for what a grid cannot do
class Evolution {
public:
  virtual ~Evolution() = default;
  /// The state at the start, as deviations from equilibrium in the order of Problem::domain (nine arrays M, m, theta by component).
  virtual void start(const std::vector<double>& deviations) = 0;
  /// The state as start() takes it, on the first rank; empty on others.
  virtual std::vector<double> deviations() = 0;
  virtual void advance_to(double time, const std::function<void(const StepReport&)>& watch) = 0;
  virtual double time() const = 0;
  virtual long steps() const = 0;
  virtual long iterations() const = 0;
  /// Steps of an explicit method that its stability held.
  virtual long held() const { return 0; }
  /// Of Method::exact: ExactRun::left_out().
  virtual double left_out() const { return 0; }
  virtual const LedgerEntry& ledger() const = 0;
  virtual Snapshot snapshot() = 0;
  /// All that the future depends on, gathered on the first rank: reads back on any number of ranks, to the same bits on the same number.
  virtual void exchange(Archive& archive) = 0;
};

/// Who makes runs.
struct Engine {
  Ranks& (*ranks)();
  std::unique_ptr<Evolution> (*evolution)(const Problem&, const EvolutionSettings&);
};
/// One rank, the solvers of this folder.
const Engine& serial_engine();
/// The engine for this run: the serial one unless there are several ranks or options of PETSc. The others are in a module
/// (distribution.hpp), which is loaded here.
/// Errors  InputError if that cannot be had
const Engine& engine(const std::string& petsc_options);

/// All ranks that this program was started as: more than one starts MPI.
/// Errors  as engine()
Ranks& all_ranks();
/// nullptr while MPI has not been started.
Ranks* running_ranks();

}  // namespace vitrispin::dynamics::grid
