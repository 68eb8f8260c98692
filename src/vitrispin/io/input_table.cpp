#include "vitrispin/io/input_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vitrispin/io/printable.hpp"
#include "vitrispin/io/suggestion.hpp"

namespace vitrispin::io {
namespace {

std::vector<std::string> quoted(const std::vector<const char*>& words) {
  std::vector<std::string> result;
  for (const char* word : words) result.push_back(fmt::format("\"{}\"", word));
  return result;
}

}  // namespace

TableReader::TableReader(FaultList& faults, const TomlNode& table, std::string path, const Section& section)
    : faults_(faults), table_(table), path_(std::move(path)), section_(section) {
  faults_.remember(path_, table_.place);
  for (const TomlEntry& entry : table_.entries) faults_.remember(path_of(entry.key), entry.value.place);
  report_unknown_keys();
  for (const KeyRule& rule : section_.keys) {
    if (!rule.required || has(rule.name) || faulty_.contains(rule.name)) continue;
    faulty_.insert(rule.name);
    faults_.add(table_.place, path_of(rule.name),
                path_.empty() && std::string_view(rule.name) == "experiments"
                    ? std::string("there are no [[experiments]]: nothing to compute")
                    : fmt::format("{} is missing in {}: {}", rule.name, header(), rule.meaning));
  }
}

std::string TableReader::header() const {
  const std::string_view general = section_.header;
  const bool of_its_own = general.starts_with("[[") || !general.starts_with("[");
  return of_its_own ? std::string(general) : "[" + printable(path_) + "]";
}

void TableReader::report_unknown_keys() {
  std::vector<Candidate> known;
  std::vector<std::string> names;
  for (const KeyRule& rule : section_.keys) {
    known.push_back({rule.name, has(rule.name)});
    names.emplace_back(rule.name);
  }
  for (const TomlEntry& entry : table_.entries) {
    if (section_.find(entry.key) || faults_.full()) continue;
    if (const char* subject = schema::not_in_this_version(path_, entry.key)) {
      faults_.add(entry.place, path_of(entry.key),
                  fmt::format("{} belongs to {}, which this version does not have", printable(entry.key), subject));
      continue;
    }
    const std::vector<std::string> meant = nearest(entry.key, known);
    for (const std::string& word : meant) faulty_.insert(word);
    const std::string suggestion =
        meant.empty() ? "; its keys are " + either(names) : fmt::format("; did you mean {}?", either(meant));
    faults_.add(entry.place, path_of(entry.key),
                fmt::format("unknown key {} in {}{}", printable(toml_key(entry.key)), header(), suggestion));
  }
}

void TableReader::complain(const std::string& key, const std::string& message) {
  const TomlNode* value = table_.find(key);
  faulty_.insert(key);
  faults_.add(value ? value->place : table_.place, path_of(key), message);
}

template <class Value>
std::optional<Value> TableReader::noted(const char* key, std::optional<Value> value) {
  if (!value) faulty_.insert(key);
  return value;
}

std::optional<double> TableReader::number(const char* key, bool check_range) {
  const TomlNode* node = find(key);
  if (!node) return std::nullopt;
  return noted(key, read_number({faults_, path_of(key)}, *node, *section_.find(key), check_range));
}

std::optional<std::int64_t> TableReader::integer(const char* key) {
  const TomlNode* node = find(key);
  if (!node) return std::nullopt;
  const KeyRule& rule = *section_.find(key);
  const std::string allowed = fmt::format("must be a whole number from {} to {}", rule.least, rule.most);
  if (node->kind != TomlNode::Kind::integer) {
    complain(key, fmt::format("{} {}, not {}", key, allowed, node->description()));
    return std::nullopt;
  }
  if (node->real < rule.least || node->real > rule.most) {
    complain(key, fmt::format("{} = {} {}", key, node->integer, allowed));
    return std::nullopt;
  }
  return node->integer;
}

std::optional<std::string> TableReader::text(const char* key) {
  const TomlNode* node = find(key);
  if (!node) return std::nullopt;
  if (node->kind == TomlNode::Kind::text) return node->text;
  complain(key, fmt::format("{} must be a string in quotes, not {}", key, node->description()));
  return std::nullopt;
}

std::optional<std::string> TableReader::word(const char* key) {
  const TomlNode* node = find(key);
  if (!node) return std::nullopt;
  const KeyRule& rule = *section_.find(key);
  const std::string allowed = either(quoted(rule.words));
  if (node->kind != TomlNode::Kind::text) {
    complain(key, fmt::format("{} must be {}, not {}", key, allowed, node->description()));
    return std::nullopt;
  }
  for (const char* word : rule.words) {
    if (node->text == word) return node->text;
  }
  if (const char* subject = schema::not_in_this_version(key, node->text)) {
    complain(key, fmt::format("{} = \"{}\" asks for {}, which this version does not have; it knows {}", key, node->text,
                              subject, allowed));
    return std::nullopt;
  }
  std::vector<std::string> words(rule.words.begin(), rule.words.end());
  complain(key, fmt::format("{} = \"{}\" must be {}{}", key, printable(node->text), allowed,
                            did_you_mean(node->text, words)));
  return std::nullopt;
}

std::optional<bool> TableReader::flag(const char* key) {
  const TomlNode* node = find(key);
  if (!node) return std::nullopt;
  if (node->kind == TomlNode::Kind::flag) return node->flag;
  complain(key, fmt::format("{} must be true or false, not {}", key, node->description()));
  return std::nullopt;
}

std::optional<std::complex<double>> TableReader::component(const TomlNode& node, const KeyRule& rule, std::size_t index,
                                                           bool check_range) {
  const ValueContext context{faults_, fmt::format("{}.{}", path_of(rule.name), "xyz"[index])};
  faults_.remember(context.path, node.place);
  if (node.kind != TomlNode::Kind::list || rule.type == ValueType::vector) {
    const auto real = read_number(context, node, rule, check_range);
    return real ? std::optional<std::complex<double>>(*real) : std::nullopt;
  }
  if (node.items.size() != 2) {
    faults_.add(node.place, context.path, fmt::format("an amplitude is [re, im], not {}", node.description()));
    return std::nullopt;
  }
  const auto re = read_number(context, node.items[0], rule, check_range);
  const auto im = read_number(context, node.items[1], rule, check_range);
  return re && im ? std::optional(std::complex<double>(*re, *im)) : std::nullopt;
}

std::optional<physics::ComplexVector> TableReader::components(const char* key, bool check_range) {
  const TomlNode* node = find(key);
  if (!node) return std::nullopt;
  const KeyRule& rule = *section_.find(key);
  if (node->kind != TomlNode::Kind::list || node->items.size() != 3) {
    complain(key, fmt::format("{} must be a vector [x, y, z] in {}, not {}", key, rule.unit, node->description()));
    return std::nullopt;
  }
  physics::ComplexVector vector;
  bool complete = true;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto value = component(node->items[i], rule, i, check_range);
    if (value) vector[i] = *value;
    complete = complete && value;
  }
  return noted(key, complete ? std::optional(vector) : std::nullopt);
}

std::optional<physics::ComplexVector> TableReader::complex_vector(const char* key) {
  return components(key, true);
}

std::optional<Vector3<double>> TableReader::vector(const char* key, bool check_range) {
  const auto complex = components(key, check_range);
  if (!complex) return std::nullopt;
  return Vector3<double>((*complex)[0].real(), (*complex)[1].real(), (*complex)[2].real());
}

std::optional<RangeValues> TableReader::range(const char* key) {
  const TomlNode* node = find(key);
  if (!node) return std::nullopt;
  return noted(key, read_range({faults_, path_of(key)}, *node, *section_.find(key)));
}

std::optional<std::vector<double>> TableReader::numbers(const char* key, std::size_t least, std::size_t most) {
  const TomlNode* node = find(key);
  if (!node) return std::nullopt;
  const KeyRule& rule = *section_.find(key);
  if (least == 1 && node->kind != TomlNode::Kind::list) {
    const auto one = noted(key, read_number({faults_, path_of(key)}, *node, rule));
    return one ? std::optional(std::vector<double>{*one}) : std::nullopt;
  }
  if (node->kind != TomlNode::Kind::list || node->items.size() < least || node->items.size() > most) {
    const std::string count = least == most ? std::to_string(least) : fmt::format("{} to {}", least, most);
    complain(key, fmt::format("{} must be a list of {} numbers, not {}", key, count, node->description()));
    return std::nullopt;
  }
  std::vector<double> values;
  for (const TomlNode& item : node->items) {
    if (const auto value = read_number({faults_, path_of(key)}, item, rule)) values.push_back(*value);
  }
  return noted(key, values.size() == node->items.size() ? std::optional(values) : std::nullopt);
}

std::optional<std::vector<int>> TableReader::helicities(const char* key) {
  const TomlNode* node = find(key);
  if (!node) return std::nullopt;
  const bool single = node->kind == TomlNode::Kind::integer;
  if (!single && (node->kind != TomlNode::Kind::list || node->items.empty())) {
    complain(key, fmt::format("{} must be a list out of -1, 0, 1, not {}", key, node->description()));
    return std::nullopt;
  }
  std::vector<int> values;
  bool good = true;
  const std::vector<TomlNode> alone = single ? std::vector<TomlNode>{*node} : std::vector<TomlNode>{};
  for (const TomlNode& item : single ? alone : node->items) {
    const bool helicity = item.kind == TomlNode::Kind::integer && item.integer >= -1 && item.integer <= 1;
    if (!helicity) {
      faults_.add(item.place, path_of(key), fmt::format("a helicity is -1, 0 or 1, not {}", item.description()));
    } else if (std::find(values.begin(), values.end(), static_cast<int>(item.integer)) != values.end()) {
      faults_.add(item.place, path_of(key), fmt::format("the helicity {} is listed twice", item.integer));
    } else {
      values.push_back(static_cast<int>(item.integer));
      continue;
    }
    good = false;
    if (faults_.full()) break;
  }
  return noted(key, good ? std::optional(values) : std::nullopt);
}

}  // namespace vitrispin::io
