#include "vitrispin/app/time_loop.hpp"

#include <fmt/format.h>

#include "vitrispin/app/interruption.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/io/number_text.hpp"

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

std::string TimeLoop::note(double time, const Step& step) const {
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
  const auto own = static_cast<double>(step.steps - first_steps_);
  std::string text = fmt::format("t = {}, step {}, dt = {}", io::engineering(time, "s", 3), step.steps,
                                 io::engineering(step.step, "s", 2));
  if (step.iterations > 0) {
    text += fmt::format(", {:.2g} iterations a step",
                        static_cast<double>(step.iterations) / static_cast<double>(step.steps));
  }
  if (seconds > 0) text += fmt::format(", {:.2g} cell steps/s", own * static_cast<double>(step.cells) / seconds);
  return text;
}

void TimeLoop::step_done(double time, const Step& step) {
  if (first_steps_ < 0) first_steps_ = step.steps - 1;
  stop_if_interrupted();
  const auto done = static_cast<std::size_t>(parts * (time / experiment_.duration));
  if (progress_ && done > shown_ && done < parts) progress_(shown_ = done, parts, note(time, step));
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
