#include "vitrispin/app/interruption.hpp"

#include <csignal>

namespace vitrispin::app {
namespace {

volatile std::sig_atomic_t received = 0;
Ranks* together = nullptr;

extern "C" void remember(int signal) {
  received = signal;
}

}  // namespace

void remember_signals() {
  struct sigaction action {};
  action.sa_handler = remember;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

void stop_if_interrupted() {
  const int own = received;
  const int signal = together == nullptr ? own : static_cast<int>(together->largest({own})[0]);
  if (signal != 0) throw Interrupted(signal);
}

Together::Together(Ranks& ranks) {
  if (ranks.size() > 1) together = &ranks;
}

Together::~Together() {
  together = nullptr;
}

}  // namespace vitrispin::app
