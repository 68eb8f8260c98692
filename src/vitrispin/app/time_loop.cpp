#include "vitrispin/app/time_loop.hpp"

#include <fmt/format.h>

#include "vitrispin/app/interruption.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/io/number_text.hpp"

namespace vitrispin::app {

TimeLoop::TimeLoop(const io::TimeExperiment& experiment, const Progress& progress, const CheckpointStore* checkpoint,
                   Ranks& ranks, std::function<void(dynamics::Archive&)> exchange)
    : experiment_(experiment),
      progress_(progress),
      checkpoint_(checkpoint),
      ranks_(ranks),
      exchange_(std::move(exchange)) {
  if (checkpoint == nullptr || ranks.largest({checkpoint->earlier.empty() ? 0 : 1})[0] == 0) return;
  dynamics::Archive archive(checkpoint->earlier);
  exchange_(archive);
}

void TimeLoop::save() {
  if (checkpoint_ == nullptr) return;
  dynamics::Archive archive;
  exchange_(archive);
  checkpoint_->save(archive.bytes());
  ranks_.told(0);  // the others wait for the first, which alone writes
}

std::string TimeLoop::note(double time, const Step& step) const {
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
  const auto own = static_cast<double>(step.steps - first_steps_);
  std::string text = fmt::format("t = {}, step {}, dt = {}", io::engineering(time, "s", 3), step.steps,
                                 io::engineering(step.step, "s", 2));
  if (step.iterations > 0) {
    text += fmt::format(", {:.2g} iterations a step",
                        static_cast<double>(step.iterations) / static_cast<double>(step.steps));
  }
  if (step.held) text += ", held by stability (method = \"auto\" is not)";
  if (seconds > 0) text += fmt::format(", {:.2g} cell steps/s", own * static_cast<double>(step.cells) / seconds);
  return text;
}

void TimeLoop::step_done(double time, const Step& step) {
  if (first_steps_ < 0) first_steps_ = step.steps - 1;
  stop_if_interrupted();
  const auto done = static_cast<std::size_t>(parts * (time / experiment_.duration));
  if (progress_ && done > shown_ && done < parts) progress_(shown_ = done, parts, note(time, step));
  const auto now = std::chrono::steady_clock::now();
  const bool due = std::chrono::duration<double>(now - saved_).count() >= experiment_.checkpoint_every;
  if (ranks_.largest({ranks_.first() && due ? 1 : 0})[0] == 0) return;
  save();
  saved_ = now;
}

void TimeLoop::run(const std::function<std::size_t()>& kept, const std::function<void(double time)>& advance_to,
                   const std::function<void()>& keep, const std::function<double()>& time) {
  try {
    const long first = ranks_.largest({static_cast<long>(kept())})[0];
    for (auto i = static_cast<std::size_t>(first); i < experiment_.output.size(); ++i) {
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
