#include "vitrispin/app/text_layout.hpp"

#include <algorithm>
#include <sstream>

namespace vitrispin::app {
namespace {

/// Every byte but the continuation bytes of UTF-8 begins a character.
bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

}  // namespace

std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

std::string characters(const std::string& text, std::size_t first, std::size_t count) {
  std::string part;
  std::size_t begun = 0;
  for (const char c : text) {
    if (begins_character(c)) ++begun;
    if (begun > first && begun <= first + count) part += c;
  }
  return part;
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t shown = width_of(text);
  return text + std::string(shown < width ? width - shown : 1, ' ');
}

std::vector<std::string> wrapped(const std::string& text, std::size_t width, std::size_t first_width) {
  std::vector<std::string> lines;
  std::string line;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (!line.empty() && width_of(line) + 1 + width_of(word) > (lines.empty() ? first_width : width)) {
      lines.push_back(line);
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty()) lines.push_back(line);
  return lines;
}

std::vector<std::string> wrapped(const std::string& text, std::size_t width) {
  return wrapped(text, width, width);
}

}  // namespace vitrispin::app
