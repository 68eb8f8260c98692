#pragma once

#include <exception>

#include "vitrispin/core/ranks.hpp"

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

/// Throws Interrupted if a signal has come; while a Together lives, to any rank.
void stop_if_interrupted();

/// All ranks are at the same work: each asks as often as the others, and they stop at the same place.
class Together {
public:
  explicit Together(Ranks& ranks);
  Together(const Together&) = delete;
  Together& operator=(const Together&) = delete;
  ~Together();
};

}  // namespace vitrispin::app
