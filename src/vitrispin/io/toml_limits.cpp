#include "vitrispin/io/toml_limits.hpp"

#include <fmt/format.h>

#include <string_view>

namespace vitrispin::io {
namespace {

/// Walks over a text once, counting the dots of each run of key characters.
class DotCounter {
public:
  explicit DotCounter(std::string_view text) : text_(text) {}

  /// True if a dotted key of more parts than allowed was met; then line() and column() say where.
  bool finds_long_key() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        skip_string(c);
        continue;
      }
      if (c == '#') {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
        continue;
      }
      if (c == '\n') {
        ++line_;
        line_start_ = at_ + 1;
      }
      if (c == '.') {
        if (++dots_ >= longest_dotted_key) return true;
      } else if (std::string_view(",=[]{}\n").find(c) != std::string_view::npos) {
        dots_ = 0;
      }
      ++at_;
    }
    return false;
  }

  int line() const { return line_; }
  int column() const { return static_cast<int>(at_ - line_start_) + 1; }

private:
  void skip_string(char quote) {
    const std::string fence(3, quote);
    const bool long_string = text_.substr(at_, 3) == fence;
    at_ += long_string ? 3 : 1;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n') {
        if (!long_string) return;  // an unclosed string: toml++ reports it
        ++line_;
        line_start_ = at_ + 1;
      }
      if (c == '\\' && quote == '"') {
        ++at_;  // the escaped character is no closing quote
      } else if (c == quote && (!long_string || text_.substr(at_, 3) == fence)) {
        at_ += long_string ? 3 : 1;
        return;
      }
      ++at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  int line_ = 1;
  int dots_ = 0;
};

}  // namespace

std::optional<Fault> broken_limit(const std::string& text, const std::string& file) {
  if (text.size() > largest_text) {
    return Fault{file, 0, 0, {}, fmt::format("the file has {} bytes; at most {} are read", text.size(), largest_text)};
  }
  DotCounter counter(text);
  if (!counter.finds_long_key()) return std::nullopt;
  return Fault{file,
               counter.line(),
               counter.column(),
               {},
               fmt::format("a dotted key may have at most {} parts", longest_dotted_key)};
}

}  // namespace vitrispin::io
