#include "vitrispin/io/toml_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/io/printable.hpp"
#include "vitrispin/io/toml_limits.hpp"

// toml++ is compiled here, once, so that sanitizers see it too; Debian's pkg-config file would have it linked.
#undef TOML_HEADER_ONLY
#undef TOML_SHARED_LIB
#define TOML_HEADER_ONLY 1
#define TOML_FLOAT_CHARCONV 1  // std::from_chars: exactly rounded, and tells what is out of range
#define TOML_ENABLE_FORMATTERS 0
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#include <toml++/toml.h>
#pragma GCC diagnostic pop

namespace vitrispin::io {
namespace {

Place place_of(const toml::source_region& region) {
  return {static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
}

/// Numbers that do not fit a double (or an integer 64 bits), by line and column, as written. toml++ calls them syntax
/// errors; to TOML they are well formed, so they are faults of content, reported with all others.
using OutOfRange = std::map<std::pair<int, int>, std::string>;

class Translator {
public:
  explicit Translator(const OutOfRange& out_of_range) : out_of_range_(out_of_range) {}

  TomlNode translate(const toml::node& node) const {
    TomlNode result;
    result.place = place_of(node.source());
    node.visit([&](const auto& value) { fill(result, value); });
    return result;
  }

private:
  void fill(TomlNode& result, const toml::table& table) const {
    result.kind = TomlNode::Kind::table;
    for (const auto& [key, value] : table) {
      result.entries.push_back({std::string(key.str()), place_of(key.source()), translate(value)});
    }
    std::stable_sort(result.entries.begin(), result.entries.end(), [](const TomlEntry& a, const TomlEntry& b) {
      return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
    });
  }

  void fill(TomlNode& result, const toml::array& array) const {
    result.kind = TomlNode::Kind::list;
    result.items.reserve(array.size());
    for (const auto& item : array) result.items.push_back(translate(item));
  }

  void fill(TomlNode& result, const toml::value<std::string>& value) const {
    result.kind = TomlNode::Kind::text;
    result.text = *value;
  }

  void fill(TomlNode& result, const toml::value<std::int64_t>& value) const {
    result.kind = TomlNode::Kind::integer;
    result.integer = *value;
    result.real = static_cast<double>(*value);
  }

  void fill(TomlNode& result, const toml::value<double>& value) const {
    result.kind = TomlNode::Kind::real;
    result.real = *value;
    const auto found = out_of_range_.find({result.place.line, result.place.column});
    if (found == out_of_range_.end()) return;
    result.out_of_range = true;
    result.text = found->second;
  }

  void fill(TomlNode& result, const toml::value<bool>& value) const {
    result.kind = TomlNode::Kind::flag;
    result.flag = *value;
  }

  template <class Moment>
  void fill(TomlNode& result, const toml::value<Moment>&) const {
    result.kind = TomlNode::Kind::date;
  }

  const OutOfRange& out_of_range_;
};

constexpr int most_out_of_range = 1000;

/// Byte offset of a line and column, which counts UTF-8 characters.
std::size_t offset_of(const std::string& text, int line, int column) {
  std::size_t at = 0;
  for (int i = 1; i < line && at != std::string::npos; ++i) {
    at = text.find('\n', at);
    if (at != std::string::npos) ++at;
  }
  if (at == std::string::npos) return text.size();
  for (int i = 1; i < column && at < text.size(); ++i) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  }
  return std::min(at, text.size());
}

/// Blanks out the number that toml++ could not represent, keeping every other character at its place: `nan` and spaces.
/// False if there is no number at the place of the error.
bool replace_number(std::string& text, const toml::parse_error& error, OutOfRange& out_of_range) {
  const Place place = place_of(error.source());
  const auto part_of_number = [&](std::size_t at) {
    return at < text.size() &&
           std::string_view("0123456789+-._eExabcdfABCDFo").find(text[at]) != std::string_view::npos;
  };
  std::size_t begin = offset_of(text, place.line, place.column);
  std::size_t end = begin;
  while (begin > 0 && part_of_number(begin - 1)) --begin;
  while (part_of_number(end)) ++end;
  if (end - begin < 3) return false;
  const std::size_t line_start = text.rfind('\n', begin == 0 ? 0 : begin - 1);
  const std::size_t first = begin == 0 || line_start == std::string::npos ? 0 : line_start + 1;
  const auto column = 1 + std::count_if(text.begin() + static_cast<std::ptrdiff_t>(first),
                                        text.begin() + static_cast<std::ptrdiff_t>(begin),
                                        [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  out_of_range[{place.line, static_cast<int>(column)}] = text.substr(begin, end - begin);
  text.replace(begin, end - begin, "nan" + std::string(end - begin - 3, ' '));
  return true;
}

Fault syntax_fault(const toml::parse_error& error, const std::string& file) {
  const Place place = place_of(error.source());
  return {file, place.line, place.column, {}, printable(error.description(), 300)};
}

}  // namespace

TomlNode parse_toml(const std::string& text, const std::string& file) {
  if (const auto fault = broken_limit(text, file)) throw InputError({*fault});
  OutOfRange out_of_range;
  std::string readable = text;
  for (int attempt = 0;; ++attempt) {
    try {
      const toml::table root = toml::parse(std::string_view(readable), std::string_view(file));
      TomlNode node = Translator(out_of_range).translate(root);
      node.place = {1, 1};
      return node;
    } catch (const toml::parse_error& error) {
      const bool number = std::string_view(error.description()).find("not representable") != std::string_view::npos;
      if (number && attempt < most_out_of_range && replace_number(readable, error, out_of_range)) continue;
      throw InputError({syntax_fault(error, file)});
    }
  }
}

const TomlEntry* TomlNode::entry(const std::string& key) const {
  for (const TomlEntry& candidate : entries) {
    if (candidate.key == key) return &candidate;
  }
  return nullptr;
}

const TomlNode* TomlNode::find(const std::string& key) const {
  const TomlEntry* found = entry(key);
  return found ? &found->value : nullptr;
}

std::string TomlNode::description() const {
  switch (kind) {
    case Kind::text: return fmt::format("the string \"{}\"", printable(text));
    case Kind::integer: return fmt::format("the number {}", integer);
    case Kind::real: return out_of_range ? "the number " + printable(text) : fmt::format("the number {}", real);
    case Kind::flag: return flag ? "true" : "false";
    case Kind::date: return "a date or time";
    case Kind::list: return fmt::format("a list of {} value{}", items.size(), items.size() == 1 ? "" : "s");
    case Kind::table: return "a table";
  }
  return {};
}

}  // namespace vitrispin::io
