#pragma once

#include <string>
#include <vector>

#include "vitrispin/dynamics/simulation.hpp"
#include "vitrispin/io/input.hpp"
#include "vitrispin/io/record.hpp"

/// What experiments in time keep in any number of dimensions, and how it becomes a record.
namespace vitrispin::app {

inline constexpr double small_angle = 0.3;  ///< [rad]; the theory is linear in rotations

inline constexpr double most_left_out = 1e-3;  ///< a line's width in a figure

/// M, m, theta at a place at the output times, [time][component].
struct ProbeTrace {
  std::vector<double> M, m, theta;
  std::vector<double> temperature;  ///< [time]; empty where heat is not followed
};

/// What a probe stands in.
struct ProbeMaterial {
  physics::Material<double> material;
  Vector3<double> M_eq{};
};

struct TimeHistory {
  std::vector<ProbeTrace> probes;
  std::vector<dynamics::LedgerEntry> ledger;
  double largest_angle = 0;

  std::size_t kept() const { return ledger.size(); }
  void exchange(dynamics::Archive& archive);
};

io::Quantity real_quantity(std::string name, std::vector<std::string> dimensions, std::vector<double> values,
                           std::string unit, std::string long_name, std::string group = {});
io::Quantity count_quantity(std::string name, long value, std::string long_name);

/// Times, ledger, probes with their spectra; `dimensions` of space give the unit of energies.
void write_history(io::Record& record, const io::TimeExperiment& time, const TimeHistory& history,
                   const std::vector<ProbeMaterial>& materials, std::size_t dimensions);

/// Of an explicit method: how many steps stability held, with a warning if most.
void write_held_steps(io::Record& record, const io::TimeExperiment& time, long steps, long held);

/// Of the exact method: what its linear equations leave out (ExactRun::left_out), with a warning if it may be seen.
void write_left_out(io::Record& record, const io::TimeExperiment& time, double left_out);

dynamics::SimulationSettings settings_of(const io::TimeExperiment& time);

/// Standard normal numbers from a counter, the same on every machine.
double normal(std::uint64_t seed, std::uint64_t counter);

/// A bump's height at a place, without its amplitude.
double shape_at(const io::InitialChange& change, const Vector3<double>& place);

}  // namespace vitrispin::app
