#pragma once

#include <string>
#include <vector>

/// Text in columns on a screen; UTF-8, none of the characters wide.
namespace vitrispin::app {

/// `text` followed by spaces up to `width` characters, at least one.
std::string padded(const std::string& text, std::size_t width);

/// Lines of at most `width` characters, broken at spaces.
std::vector<std::string> wrapped(const std::string& text, std::size_t width);

std::size_t width_of(const std::string& text);

}  // namespace vitrispin::app
