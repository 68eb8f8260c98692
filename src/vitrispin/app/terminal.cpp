#include "vitrispin/app/terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>
#include <utility>

#include "vitrispin/app/text_layout.hpp"

namespace vitrispin::app {
namespace {

constexpr std::size_t name_width = 25;

/// There is one screen: whatever is written next begins by wiping the bar away.
bool bar_on_screen = false;

bool hushed = false;
std::string kept;

void put(const std::string& text) {
  if (hushed) {
    kept += text;
    return;
  }
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void clear_bar() {
  if (bar_on_screen) put("\r\x1b[K");
  bar_on_screen = false;
}

std::string coloured(const char* code, const std::string& text) {
  return colour_allowed() ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
}

/// Columns of the terminal; without end where lines are not for a screen, or where it does not tell its size.
std::size_t screen_width() {
  constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();
  winsize size{};
  if (!error_stream_is_terminal() || ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return unlimited;
  constexpr unsigned short narrowest = 40;
  return std::max(size.ws_col, narrowest);
}

/// A message after its head. On a screen lines are broken between words, where the screen itself would break words; in a
/// file or a pipe a message stays on its line, for other programs to find.
void put_message(const char* code, const std::string& head, const std::string& message) {
  clear_bar();
  const std::size_t width = screen_width();
  std::istringstream lines(message);
  std::string shown_head = head;
  for (std::string line; std::getline(lines, line); shown_head.clear()) {
    const std::size_t head_width = width_of(shown_head);
    if (!shown_head.empty()) put(coloured(code, shown_head));
    if (width_of(line) + head_width <= width) {
      put(line + '\n');
      continue;
    }
    const std::size_t left = width > head_width ? width - head_width : 0;
    std::string text;
    for (const std::string& part : wrapped(line, width - 2, left)) text += (text.empty() ? "" : "\n  ") + part;
    put(text + '\n');
  }
}

std::string line_of(const std::string& file, int number) {
  std::ifstream stream(file);
  std::string text;
  for (int i = 0; i < number; ++i) {
    if (!std::getline(stream, text)) return {};
  }
  std::replace(text.begin(), text.end(), '\t', ' ');
  return text;
}

/// The line that a fault stands on, with a caret below the place.
void show_excerpt(const Fault& fault) {
  if (fault.file.empty() || fault.line <= 0) return;
  const std::string text = line_of(fault.file, fault.line);
  if (text.empty()) return;
  const std::string number = std::to_string(fault.line);
  // Of a line longer than the screen the part about the caret is shown, its place a third of the way along.
  const std::size_t room = std::min<std::size_t>(screen_width(), 400) - 5 - number.size();
  auto column = static_cast<std::size_t>(std::max(fault.column, 1) - 1);  // columns count characters
  const std::size_t first = width_of(text) <= room || column < room / 2 ? 0 : column - room / 3;
  column -= first;
  put(fmt::format("  {} | {}\n", number, characters(text, first, room)));
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

void hush() {
  hushed = true;
}

bool is_hushed() {
  return hushed;
}

std::string unhush() {
  hushed = false;
  return std::exchange(kept, {});
}

void show_faults(const InputError& error) {
  const bool excerpt = error_stream_is_terminal();
  for (const Fault& fault : error.faults()) {
    const std::string text = fault.text();
    const std::string head = text.substr(0, text.size() - fault.message.size());
    put_message(head.empty() ? "31;1" : "1", head.empty() ? "vitrispin: " : head, fault.message);
    if (excerpt) show_excerpt(fault);
  }
}

void show_error(const std::string& message) {
  put_message("31;1", "vitrispin: ", message);
}

void show_warning(const std::string& message) {
  put_message("33;1", "warning: ", message);
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
  first_done_ = 0;
}

void ProgressDisplay::update(std::size_t done, std::size_t total, const std::string& note) {
  if (quiet_ || total < 2) return;
  const auto now = Clock::now();
  if (first_done_ == 0) {  // the first point also makes room for all: the pace is that of the points after it
    first_done_ = done;
    first_update_ = now;
  }
  // In a file, a line a minute of a run that has something to say.
  if (!terminal_ && note.empty()) return;
  const std::chrono::milliseconds pause(terminal_ ? 100 : 60'000);
  if (done == first_done_ || now - drawn_ < pause) return;
  drawn_ = now;
  constexpr std::size_t width = 30;
  const double elapsed = std::chrono::duration<double>(now - first_update_).count();
  const double left = elapsed * static_cast<double>(total - done) / static_cast<double>(done - first_done_);
  const std::size_t filled = width * done / total;
  const std::string count = note.empty() ? fmt::format("{} of {}", done, total) : note;
  if (!terminal_) {
    return line(fmt::format("  {}  {} %, {}, {} left", experiment_, 100 * done / total, count, duration_text(left)));
  }
  const std::size_t shown = note.empty() ? width : width / 3;  // a note needs the room
  const std::string bar = fmt::format(" [{}{}] {}, {} left", std::string(filled * shown / width, '#'),
                                      std::string(shown - filled * shown / width, '.'), count, duration_text(left));
  // A bar that ran into a second line could not be wiped away again.
  const std::size_t screen = screen_width();
  const std::size_t used = width_of(bar) + 3;
  put("\r\x1b[K  " + characters(experiment_, 0, screen > used ? screen - used : 0) + bar);
  bar_on_screen = true;
}

void ProgressDisplay::end() {
  const double elapsed = std::chrono::duration<double>(Clock::now() - started_).count();
  std::string text =
      "  " + padded(experiment_, name_width) + padded(kind_, 13) + fmt::format("{:>8}", duration_text(elapsed));
  if (points_ > 1) text += fmt::format("  {} points", points_);
  line(text);
}

void ProgressDisplay::reused(const std::string& experiment) {
  line("  " + padded(experiment, name_width) + "finished by an earlier run, kept");
}

}  // namespace vitrispin::app
