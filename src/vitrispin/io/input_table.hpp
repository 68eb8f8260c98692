#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "vitrispin/io/input_faults.hpp"
#include "vitrispin/io/schema.hpp"
#include "vitrispin/physics/stack.hpp"

namespace vitrispin::io {

/// Where a value stands and what it is called: "layers.film.thickness".
struct ValueContext {
  FaultList& faults;
  std::string path;
};

/// One number in the unit and range of `rule`; reports what is wrong and returns nothing then. `check_range` is off
/// for the parameters of materials, whose ranges physics::build_material enforces.
std::optional<double> read_number(const ValueContext& context, const TomlNode& node, const KeyRule& rule,
                                  bool check_range = true);

/// The values of a range with their scale: "log", "linear" or "list".
struct RangeValues {
  std::vector<double> values;
  std::string scale;
};
std::optional<RangeValues> read_range(const ValueContext& context, const TomlNode& node, const KeyRule& rule,
                                      bool check_range = true);

/// `points` values from `from` to `to`, both exact; the reader and to_toml agree on this formula.
std::vector<double> spread(double from, double to, std::size_t points, bool logarithmic);

/// Reads the keys of one table by the rules of its section. Keys that the section does not have are reported at once.
class TableReader {
public:
  TableReader(FaultList& faults, const TomlNode& table, std::string path, const Section& section);

  const TomlNode* find(const char* key) const { return table_.find(key); }
  bool has(const char* key) const { return table_.find(key) != nullptr; }
  std::string path_of(const std::string& key) const { return path_.empty() ? key : path_ + "." + key; }
  const std::string& path() const { return path_; }
  const Place& place() const { return table_.place; }
  FaultList& faults() { return faults_; }
  /// Keys that are there but wrong, or that a misspelled key was probably meant to be.
  const std::set<std::string>& faulty() const { return faulty_; }

  std::optional<double> number(const char* key, bool check_range = true);
  std::optional<std::int64_t> integer(const char* key);
  std::optional<std::string> text(const char* key);
  std::optional<std::string> word(const char* key);
  std::optional<bool> flag(const char* key);
  std::optional<physics::ComplexVector> complex_vector(const char* key);
  std::optional<Vector3<double>> vector(const char* key, bool check_range = true);
  std::optional<RangeValues> range(const char* key);
  std::optional<std::vector<int>> helicities(const char* key);
  /// A list of `least` to `most` numbers; one alone where `least` is 1.
  std::optional<std::vector<double>> numbers(const char* key, std::size_t least, std::size_t most);

  /// Complains at the value of `key`, or at the table if it is not there.
  void complain(const std::string& key, const std::string& message);

private:
  std::optional<std::complex<double>> component(const TomlNode& node, const KeyRule& rule, std::size_t index,
                                                bool check_range);
  std::optional<physics::ComplexVector> components(const char* key, bool check_range);
  /// The table's header as in the file, `[materials.glass]`, or what kind of table it is.
  std::string header() const;
  void report_unknown_keys();
  template <class Value>
  std::optional<Value> noted(const char* key, std::optional<Value> value);

  FaultList& faults_;
  const TomlNode& table_;
  std::string path_;
  const Section& section_;
  std::set<std::string> faulty_;
};

}  // namespace vitrispin::io
