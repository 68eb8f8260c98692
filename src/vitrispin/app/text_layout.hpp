#pragma once

#include <string>
#include <vector>

/// Text in columns on a screen; UTF-8, none of the characters wide.
namespace vitrispin::app {

/// `text` followed by spaces up to `width` characters, at least one.
std::string padded(const std::string& text, std::size_t width);

/// Lines of at most `width` characters, the first of at most `first_width`, broken at spaces.
std::vector<std::string> wrapped(const std::string& text, std::size_t width, std::size_t first_width);
std::vector<std::string> wrapped(const std::string& text, std::size_t width);

std::size_t width_of(const std::string& text);

/// `count` characters from the character `first` on.
std::string characters(const std::string& text, std::size_t first, std::size_t count);

}  // namespace vitrispin::app
