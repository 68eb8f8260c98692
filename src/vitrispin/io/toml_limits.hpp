#pragma once

#include <optional>
#include <string>

#include "vitrispin/core/errors.hpp"

namespace vitrispin::io {

inline constexpr std::size_t largest_text = 64u << 20;  ///< bytes
inline constexpr int longest_dotted_key = 32;           ///< parts

/// The first place where a text breaks a limit that toml++ does not guard: its size, and the number of parts of a dotted
/// key (each part nests a table, and tables are destroyed recursively). Knows strings and comments, nothing else of TOML.
std::optional<Fault> broken_limit(const std::string& text, const std::string& file);

}  // namespace vitrispin::io
