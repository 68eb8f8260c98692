#include "vitrispin/app/terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace vitrispin::app {
namespace {

void put(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
}

std::string coloured(const char* code, const std::string& text) {
  return colour_allowed() ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
}

std::string line_of(const std::string& file, int number) {
  std::ifstream stream(file);
  std::string text;
  for (int i = 0; i < number; ++i) {
    if (!std::getline(stream, text)) return {};
  }
  std::replace(text.begin(), text.end(), '\t', ' ');
  constexpr std::size_t longest = 400;
  return text.size() > longest ? std::string() : text;
}

/// The line that a fault stands on, with a caret below the place.
void show_excerpt(const Fault& fault) {
  if (fault.file.empty() || fault.line <= 0) return;
  const std::string text = line_of(fault.file, fault.line);
  if (text.empty()) return;
  const std::string number = std::to_string(fault.line);
  put(fmt::format("  {} | {}\n", number, text));
  // Columns count characters; a caret stands below the first byte of its character.
  const auto column = static_cast<std::size_t>(std::max(fault.column, 1) - 1);
  put(fmt::format("  {} | {}{}\n", std::string(number.size(), ' '), std::string(column, ' '), coloured("31;1", "^")));
}

}  // namespace

bool error_stream_is_terminal() {
  return isatty(STDERR_FILENO) == 1;
}

bool colour_allowed() {
  const char* no_colour = std::getenv("NO_COLOR");
  return error_stream_is_terminal() && (no_colour == nullptr || *no_colour == '\0');
}

void show_faults(const InputError& error) {
  const bool excerpt = error_stream_is_terminal();
  for (const Fault& fault : error.faults()) {
    const std::string text = fault.text();
    const std::string head = text.substr(0, text.size() - fault.message.size());
    put((head.empty() ? coloured("31;1", "vitrispin: ") : coloured("1", head)) + fault.message + '\n');
    if (excerpt) show_excerpt(fault);
  }
}

void show_error(const std::string& message) {
  put(coloured("31;1", "vitrispin: ") + message + '\n');
}

void show_warning(const std::string& message) {
  put(coloured("33;1", "warning: ") + message + '\n');
}

std::string duration_text(double seconds) {
  if (seconds < 0.0095) return fmt::format("{:.0f} ms", 1e3 * seconds);
  if (seconds < 9.95) return fmt::format("{:.2g} s", seconds);
  const auto whole = std::llround(seconds);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

ProgressDisplay::ProgressDisplay(bool quiet, std::function<void(const std::string&)> on_line)
    : quiet_(quiet), terminal_(error_stream_is_terminal()), on_line_(std::move(on_line)) {}

void ProgressDisplay::clear_bar() {
  if (bar_shown_) put("\r\x1b[K");
  bar_shown_ = false;
}

void ProgressDisplay::line(const std::string& text) {
  if (on_line_) on_line_(text);
  if (quiet_) return;
  clear_bar();
  put(text + '\n');
}

void ProgressDisplay::begin(const std::string& experiment, const std::string& kind, std::size_t points) {
  experiment_ = experiment;
  kind_ = kind;
  points_ = points;
  started_ = drawn_ = Clock::now();
}

void ProgressDisplay::update(std::size_t done, std::size_t total) {
  if (quiet_ || !terminal_ || total < 2) return;
  const auto now = Clock::now();
  if (now - drawn_ < std::chrono::milliseconds(100)) return;
  drawn_ = now;
  constexpr std::size_t width = 30;
  const double elapsed = std::chrono::duration<double>(now - started_).count();
  const double left = elapsed * static_cast<double>(total - done) / static_cast<double>(done);
  const std::size_t filled = width * done / total;
  put(fmt::format("\r\x1b[K  {} [{}{}] {} of {}, {} left", experiment_, std::string(filled, '#'),
                  std::string(width - filled, '.'), done, total, duration_text(left)));
  bar_shown_ = true;
}

void ProgressDisplay::end() {
  const double elapsed = std::chrono::duration<double>(Clock::now() - started_).count();
  line(fmt::format("  {:<20} {:<13}{:>9}  {}", experiment_, kind_, duration_text(elapsed),
                   points_ > 1 ? fmt::format("{} points", points_) : ""));
}

void ProgressDisplay::reused(const std::string& experiment) {
  line(fmt::format("  {:<20} finished by an earlier run, kept", experiment));
}

}  // namespace vitrispin::app
