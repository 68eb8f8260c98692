#pragma once

#include <complex>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <variant>
#include <vector>

/// Results of an experiment as named, dimensioned quantities, from which summary.json, the netCDF file and the report
/// are made. Quantities keep the order in which they were added.
namespace vitrispin::io {

/// A dimension with its coordinate, `k` with 200 values in rad/m. A dimension without values (`component`, `mode`)
/// counts.
struct Dimension {
  std::string name;
  std::size_t size = 0;
  std::vector<double> values;       ///< empty: no numeric coordinate
  std::vector<std::string> labels;  ///< e.g. x, y, z or layer names; empty: none
  std::string unit;
  std::string long_name;
  bool logarithmic = false;  ///< how to draw it
  bool sweep = false;        ///< an axis of the experiment's sweep, named by its path
};

/// Real numbers, row-major over `dimensions`; NaN stands for "undefined" and is null in the summary with `reason`.
struct RealArray {
  std::vector<double> values;
};
/// Complex numbers, row-major; [re, im] in the summary, a last dimension `reim` in the netCDF file.
struct ComplexArray {
  std::vector<std::complex<double>> values;
};
struct TextArray {
  std::vector<std::string> values;
};
struct FlagArray {
  std::vector<char> values;
};  ///< booleans
struct IntegerArray {
  std::vector<std::int64_t> values;
};  ///< counts and numbers of things

struct Quantity {
  std::string name;
  std::vector<std::string> dimensions;  ///< names of dimensions of the record, slowest first; empty: a scalar
  std::variant<RealArray, ComplexArray, TextArray, FlagArray, IntegerArray> data;
  std::string unit;        ///< SI, UDUNITS spelling: "A s-1", "rad m-1", "1"
  std::string long_name;   ///< "Spin current through the left face"
  std::string reason;      ///< why values are null, where they are; empty: only double precision can be the reason
  bool in_summary = true;  ///< profiles are not
  bool in_netcdf = true;
  std::string group;  ///< path inside the summary, e.g. "spin_wave" or "interface_current.a|b"; empty: top
};

/// Why a number is null that the formulas do not leave undefined.
inline constexpr const char* beyond_double =
    "outside of double precision: this number, or one on the way to it, is larger than 1e308 or smaller than 1e-308";

/// Whether every number of the quantity is finite.
bool is_finite(const Quantity& quantity);

/// Results of one experiment (at one point of its sweep, or stacked over the sweep).
struct Record {
  std::vector<Dimension> dimensions;
  std::vector<Quantity> quantities;
  std::vector<std::string> warnings;
  /// Things without a fixed shape (the list of exceptional points, ...): JSON text under a name.
  std::vector<std::pair<std::string, std::string>> extras;

  void add_dimension(Dimension dimension);  ///< ignored if a dimension of that name is there (sizes must agree)
  void add(Quantity quantity);              ///< throws std::logic_error if the shape does not fit
  const Quantity* find(const std::string& name, const std::string& group = {}) const;
  std::size_t size_of(const std::string& dimension) const;
};

/// Stacks the records of all sweep points (row-major over `axes`) along new leading dimensions; see stacking.hpp.
Record stack(const std::vector<Dimension>& axes, std::vector<Record> points);

/// The experiment's object of summary.json: coordinates, then quantities as nested arrays. What is not finite is `null`
/// with the reason beside it under NAME_reason; the axes of a sweep come first, as `sweep` = {PATH: [values]}.
nlohmann::ordered_json to_json(const Record& record);

}  // namespace vitrispin::io
