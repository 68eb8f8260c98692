#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vitrispin/io/units.hpp"

/// Every key of an input file, once: the reader, the paths of sweeps, suggestions for misspelled keys and docs/input.md
/// are all made from these tables.
namespace vitrispin::io {

enum class ValueType {
  text,            ///< a string
  word,            ///< one of `words`
  number,          ///< a number in SI, or a string with a unit
  integer,         ///< a whole number
  flag,            ///< true or false
  vector,          ///< three numbers
  complex_vector,  ///< three numbers or [re, im] pairs
  twist,           ///< "free", "clamped" or a complex vector
  range,           ///< a number, a list, or { from, to, points, scale }
  helicities,      ///< a list out of -1, 0, 1
  interval,        ///< [from, to]
  place,           ///< one number or a list of up to three
  table,           ///< described in a section of its own
};

enum class Allowed { anything, finite, positive, positive_or_infinite, non_negative, non_negative_or_infinite };

struct KeyRule {
  const char* name;
  ValueType type = ValueType::number;
  const char* unit = "";  ///< UDUNITS spelling of the SI unit
  Allowed allowed = Allowed::anything;
  AngleRule angle = AngleRule::lenient;
  std::vector<const char*> words = {};  ///< for ValueType::word
  const char* fallback = "";            ///< default as shown in the documentation; empty: none
  bool required = false;
  bool sweepable = false;  ///< may be the end of a sweep's path
  const char* meaning = "";
  double least = 0, most = 0;  ///< of an integer
};

struct Section {
  const char* header;  ///< as written in a file: `[materials.NAME]`
  const char* intro;
  std::vector<KeyRule> keys;

  const KeyRule* find(std::string_view name) const;
};

namespace schema {
const Section& root();
const Section& material();
const Section& material_table();
const Section& layer();
const Section& interface();
const Section& boundaries();  ///< the keys left, right and those of two and three dimensions
const Section& boundary();
const Section& field();
const Section& grid();       ///< the keys y and z
const Section& grid_axis();  ///< tables of two and three dimensions
const Section& region();
const Section& patch();
const Section& range();
const Section& tolerances();  ///< tables inside a time experiment
const Section& initial();
const Section& drive();
const Section& probe();
const Section& line_cut();
const Section& heat();
const Section& checkpoint();
const Section& spin_coupling();  ///< tables inside an experiment on atoms
const Section& spin_anisotropy();
const Section& atoms_keys();  ///< of an experiment on atoms, without those that every experiment has
const Section& time_keys();   ///< of a time experiment, without those that every experiment has
/// Keys of one kind of experiment, with those that every experiment has first.
const Section& experiment(std::string_view kind);
const std::vector<const char*>& experiment_kinds();
/// Words that later versions give a meaning to, with the reason why they are refused; nullptr otherwise.
const char* not_in_this_version(std::string_view section, std::string_view key);
}  // namespace schema

inline constexpr int most_points = 1'000'000;               ///< of one range or list
inline constexpr double most_points_with_profiles = 1'000;  ///< of a sweep whose `profile_points` is not given
inline constexpr double most_sweep_points = 1'000'000;      ///< product over the axes of a sweep
inline constexpr double most_values = 20'000'000;           ///< sweep points times points of the experiment

/// `must be positive`, with what is said of infinity.
const char* describe(Allowed allowed);
bool is_allowed(Allowed allowed, double value);

}  // namespace vitrispin::io
