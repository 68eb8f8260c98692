#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vitrispin/io/input_table.hpp"
#include "vitrispin/io/printable.hpp"

namespace vitrispin::io {
namespace {

/// The last part of a path is what a message calls the value; a component of a vector keeps its vector's name.
std::string short_name(const std::string& path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string::npos) return path;
  std::string last = path.substr(dot + 1);
  if (last != "x" && last != "y" && last != "z") return last;
  const std::size_t before = path.rfind('.', dot - 1);
  return before == std::string::npos ? path : path.substr(before + 1);
}

std::string with_unit(double value, const char* unit) {
  const bool bare = std::string_view(unit) == "1";
  return fmt::format("{}{}{}", value, bare ? "" : " ", bare ? "" : unit);
}

std::string expected(const KeyRule& rule) {
  if (std::string_view(rule.unit) == "1") return "a number";
  return fmt::format("a number in {} or a string with a unit", rule.unit);
}

}  // namespace

std::optional<double> read_number(const ValueContext& context, const TomlNode& node, const KeyRule& rule,
                                  bool check_range) {
  const std::string name = short_name(context.path);
  const auto complain = [&](const std::string& message) {
    context.faults.add(node.place, context.path, message);
    return std::nullopt;
  };
  double value = 0;
  if (node.kind == TomlNode::Kind::text) {
    const Reading reading = read_quantity(node.text, rule.unit, rule.angle);
    if (!reading.problem.empty()) return complain(fmt::format("{} = {}", name, reading.problem));
    value = reading.value;
  } else if (node.is_number() && !node.out_of_range) {
    value = node.real;
  } else if (node.out_of_range) {
    return complain(
        fmt::format("{} = {} is beyond double precision (about 1e-308 to 1e308)", name, printable(node.text)));
  } else {
    return complain(fmt::format("{} must be {}, not {}", name, expected(rule), node.description()));
  }
  if (check_range && std::isnan(value)) {
    return complain(fmt::format("{} = nan is not a number; it {}", name, describe(rule.allowed)));
  }
  if (check_range && !is_allowed(rule.allowed, value)) {
    return complain(fmt::format("{} = {} {}", name, with_unit(value, rule.unit), describe(rule.allowed)));
  }
  return value;
}

std::vector<double> spread(double from, double to, std::size_t points, bool logarithmic) {
  std::vector<double> values(points);
  // The logarithm of the quotient is the more accurate one, where the quotient fits a double.
  const double quotient = to / from;
  const double ratio = !logarithmic              ? 0.0
                       : std::isnormal(quotient) ? std::log(quotient)
                                                 : std::log(std::abs(to)) - std::log(std::abs(from));
  for (std::size_t i = 0; i < points; ++i) {
    const double part = static_cast<double>(i) / static_cast<double>(points - 1);
    values[i] = logarithmic ? from * std::exp(part * ratio) : from * (1.0 - part) + to * part;
  }
  values.front() = from;
  values.back() = to;
  return values;
}

namespace {

std::optional<RangeValues> read_list(const ValueContext& context, const TomlNode& node, const KeyRule& rule,
                                     bool check_range) {
  if (node.items.empty() || node.items.size() > most_points) {
    context.faults.add(node.place, context.path,
                       fmt::format("{} must have from 1 to {} values, not {}", short_name(context.path), most_points,
                                   node.items.size()));
    return std::nullopt;
  }
  RangeValues range{{}, "list"};
  range.values.reserve(node.items.size());
  for (const TomlNode& item : node.items) {
    const auto value = read_number(context, item, rule, check_range);
    if (value) range.values.push_back(*value);
    if (context.faults.full()) break;
  }
  return range.values.size() == node.items.size() ? std::optional(range) : std::nullopt;
}

std::optional<RangeValues> read_from_to(const ValueContext& context, const TomlNode& node, const KeyRule& rule,
                                        bool check_range) {
  TableReader table(context.faults, node, context.path, schema::range());
  const auto end = [&](const char* key) -> std::optional<double> {
    const TomlNode* value = table.find(key);
    if (!value) return std::nullopt;
    const auto number = read_number({context.faults, table.path_of(key)}, *value, rule, check_range);
    if (!number || std::isfinite(*number)) return number;
    context.faults.add(value->place, table.path_of(key),
                       fmt::format("{} = {}: a range ends at finite values", key, *number));
    return std::nullopt;
  };
  const auto from = end("from");
  const auto to = end("to");
  const auto points = table.integer("points");
  const auto scale = table.word("scale");
  if (!from || !to || !points || (table.has("scale") && !scale)) return std::nullopt;
  const bool logarithmic = scale == "log";
  if (logarithmic && (std::signbit(*from) != std::signbit(*to) || *from == 0 || *to == 0)) {
    context.faults.add(node.place, context.path,
                       fmt::format("a range with scale = \"log\" needs ends of one sign, not 0; it goes from {} to {}",
                                   with_unit(*from, rule.unit), with_unit(*to, rule.unit)));
    return std::nullopt;
  }
  return RangeValues{spread(*from, *to, static_cast<std::size_t>(*points), logarithmic),
                     logarithmic ? "log" : "linear"};
}

}  // namespace

std::optional<RangeValues> read_range(const ValueContext& context, const TomlNode& node, const KeyRule& rule,
                                      bool check_range) {
  if (node.kind == TomlNode::Kind::list) return read_list(context, node, rule, check_range);
  if (node.kind == TomlNode::Kind::table) return read_from_to(context, node, rule, check_range);
  if (node.is_number() || node.kind == TomlNode::Kind::text) {
    const auto value = read_number(context, node, rule, check_range);
    return value ? std::optional(RangeValues{{*value}, "list"}) : std::nullopt;
  }
  context.faults.add(node.place, context.path,
                     fmt::format("{} must be a list or {{ from, to, points, scale }}, not {}", short_name(context.path),
                                 node.description()));
  return std::nullopt;
}

}  // namespace vitrispin::io
