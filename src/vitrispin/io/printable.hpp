#pragma once

#include <string>
#include <string_view>

namespace vitrispin::io {

/// A user's text fit for a message: control characters and broken UTF-8 escaped as \xNN, cut after `longest` bytes.
std::string printable(std::string_view text, std::size_t longest = 60);

/// A TOML basic string in quotes, with what must be escaped escaped.
std::string toml_string(std::string_view text);

/// A TOML key: bare if it may be, else in quotes.
std::string toml_key(std::string_view text);

/// A TOML number that reads back to the same double: shortest form; `inf`, `nan`; a float even for whole numbers.
std::string toml_number(double value);

}  // namespace vitrispin::io
