#include "vitrispin/app/time_loop.hpp"

#include <fmt/format.h>

#include "vitrispin/app/interruption.hpp"
#include "vitrispin/core/errors.hpp"

namespace vitrispin::app {

TimeLoop::TimeLoop(const io::TimeExperiment& experiment, const Progress& progress, const CheckpointStore* checkpoint,
                   std::function<void(dynamics::Archive&)> exchange)
    : experiment_(experiment), progress_(progress), checkpoint_(checkpoint), exchange_(std::move(exchange)) {
  if (checkpoint == nullptr || checkpoint->earlier.empty()) return;
  dynamics::Archive archive(checkpoint->earlier);
  exchange_(archive);
}

void TimeLoop::save() {
  if (checkpoint_ == nullptr) return;
  dynamics::Archive archive;
  exchange_(archive);
  checkpoint_->save(archive.bytes());
}

void TimeLoop::step_done(double time) {
  stop_if_interrupted();
  const auto done = static_cast<std::size_t>(parts * (time / experiment_.duration));
  if (progress_ && done > shown_ && done < parts) progress_(shown_ = done, parts);
  const auto now = std::chrono::steady_clock::now();
  if (std::chrono::duration<double>(now - saved_).count() < experiment_.checkpoint_every) return;
  save();
  saved_ = now;
}

void TimeLoop::run(const std::function<std::size_t()>& kept, const std::function<void(double time)>& advance_to,
                   const std::function<void()>& keep, const std::function<double()>& time) {
  try {
    for (std::size_t i = kept(); i < experiment_.output.size(); ++i) {
      advance_to(experiment_.output[i]);
      keep();
    }
    if (time() < experiment_.duration) advance_to(experiment_.duration);
  } catch (const Interrupted&) {
    save();
    throw;
  } catch (const ConvergenceError& error) {
    save();  // the last good state
    const std::string what = error.what();
    throw ConvergenceError(
        fmt::format("{}, {:.6g} s into the run,", what.substr(0, what.find(" did not converge")), time()),
        error.iterations(), error.residual(), error.tolerance(), error.last_good_state());
  }
}

}  // namespace vitrispin::app
