#pragma once

#include <exception>

/// Ctrl-C and SIGTERM end a run between two points, with what was finished kept.
namespace vitrispin::app {

/// Thrown where work may stop once a signal has come.
class Interrupted : public std::exception {
public:
  explicit Interrupted(int signal) : signal_(signal) {}
  int signal() const { return signal_; }
  const char* what() const noexcept override { return "interrupted"; }

private:
  int signal_;
};

/// From here on SIGINT and SIGTERM are remembered; a second one ends the program at once. A closed pipe is an error of
/// the write that meets it, not a signal.
void remember_signals();

/// Throws Interrupted if a signal has come.
void stop_if_interrupted();

}  // namespace vitrispin::app
