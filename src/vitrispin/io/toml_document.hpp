#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// A TOML file as a tree that remembers where everything stands. The only place that knows toml++ is its .cpp file.
namespace vitrispin::io {

/// Line and column, counted from 1; columns count characters, not bytes.
struct Place {
  int line = 1;
  int column = 1;
};

struct TomlEntry;

struct TomlNode {
  enum class Kind { text, integer, real, flag, date, list, table };

  Kind kind = Kind::table;
  Place place;       ///< of the value; of the header for a table with a header
  std::string text;  ///< a string's value; for a number beyond double precision, as written
  std::int64_t integer = 0;
  double real = 0;  ///< also of integers
  bool flag = false;
  bool out_of_range = false;       ///< a number beyond double precision (1e400, 1e-400, a 20-digit integer)
  std::vector<TomlNode> items;     ///< of a list
  std::vector<TomlEntry> entries;  ///< of a table, in the order of the file

  bool is_number() const { return kind == Kind::integer || kind == Kind::real; }
  const TomlNode* find(const std::string& key) const;
  const TomlEntry* entry(const std::string& key) const;
  /// What the value is, for a message: `a string`, `the list of 3 values`, `the number 7`.
  std::string description() const;
};

struct TomlEntry {
  std::string key;
  Place place;  ///< of the key
  TomlNode value;
};

/// Parses a TOML 1.0 text. Throws InputError with one fault for a syntax error; `file` is its name in the fault.
/// Limits, so that no text can exhaust the stack: 64 MB, 32 parts of a dotted key, 256 nested values.
TomlNode parse_toml(const std::string& text, const std::string& file);

}  // namespace vitrispin::io
