#pragma once

#include <functional>

namespace vitrispin::app {

/// The program: parses the command line, runs the command, turns every failure into a message and an exit status:
/// 0 done; 1 a bug; 2 bad input, bad usage, or a file that cannot be read or written; 3 a solver that did not converge;
/// 130 and 143 after Ctrl-C and SIGTERM.
int command_line(int argc, const char* const* argv);

/// Does the work and returns its status; what it throws becomes a message on standard error and the status above.
int exit_status_of(const std::function<int()>& work);

}  // namespace vitrispin::app
