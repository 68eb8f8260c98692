#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "vitrispin/app/experiments.hpp"
#include "vitrispin/core/ranks.hpp"
#include "vitrispin/dynamics/archive.hpp"
#include "vitrispin/io/input.hpp"

namespace vitrispin::app {

/// Takes a run from output time to output time: restarts from a checkpoint, writes checkpoints, stops on signals, shows progress.
class TimeLoop {
public:
  static constexpr std::size_t parts = 1000;  ///< of the progress

  /// `exchange` walks over all that the run's future and its results depend on. All ranks have a loop for the same run; what the
  /// first has saved counts.
  TimeLoop(const io::TimeExperiment& experiment, const Progress& progress, const CheckpointStore* checkpoint,
           Ranks& ranks, std::function<void(dynamics::Archive&)> exchange);

  /// `kept`: outputs kept so far, also by an interrupted run. Saves the last good state on interruption and failure.
  void run(const std::function<std::size_t()>& kept, const std::function<void(double time)>& advance_to,
           const std::function<void()>& keep, const std::function<double()>& time);

  /// What is shown of a step.
  struct Step {
    double step = 0;  ///< [s]
    long steps = 0, iterations = 0;
    std::size_t cells = 0;
    bool held = false;  ///< by the stability of an explicit method
  };
  /// To be called after every step.
  void step_done(double time, const Step& step);

private:
  std::string note(double time, const Step& step) const;
  void save();

  const io::TimeExperiment& experiment_;
  const Progress& progress_;
  const CheckpointStore* checkpoint_;
  Ranks& ranks_;
  std::function<void(dynamics::Archive&)> exchange_;
  std::size_t shown_ = 0;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point saved_ = begun_;
  long first_steps_ = -1;  ///< steps of an interrupted run before this one
};

}  // namespace vitrispin::app
