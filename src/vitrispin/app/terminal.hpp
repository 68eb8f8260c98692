#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

#include "vitrispin/core/errors.hpp"

/// Standard error: progress, log lines, warnings and faults. Standard output is for results alone.
namespace vitrispin::app {

bool error_stream_is_terminal();

/// True if standard error is a terminal and NO_COLOR is not set.
bool colour_allowed();

/// From here on nothing is written but kept: of several ranks the first alone speaks.
void hush();
bool is_hushed();
/// Ends that, and gives what was kept.
std::string unhush();

/// One fault a line as file:line:column: message; on a terminal the line of the file and a caret below.
void show_faults(const InputError& error);
void show_error(const std::string& message);
void show_warning(const std::string& message);

/// Progress of a run: a bar with the remaining time on a terminal, plain lines otherwise.
class ProgressDisplay {
public:
  /// `on_line` receives every plain line (for run.log); `quiet` keeps all from the screen.
  ProgressDisplay(bool quiet, std::function<void(const std::string&)> on_line);

  void begin(const std::string& experiment, const std::string& kind, std::size_t points);
  /// `note` takes the place of the count.
  void update(std::size_t done, std::size_t total, const std::string& note);
  void end();
  void reused(const std::string& experiment);
  void line(const std::string& text);

private:
  using Clock = std::chrono::steady_clock;
  bool quiet_;
  bool terminal_;
  std::function<void(const std::string&)> on_line_;
  std::string experiment_, kind_;
  std::size_t points_ = 0, first_done_ = 0;
  Clock::time_point started_, first_update_, drawn_;
};

/// "0.4 s", "12 s", "3 min 5 s".
std::string duration_text(double seconds);

}  // namespace vitrispin::app
