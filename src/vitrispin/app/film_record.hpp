#pragma once

#include <string>
#include <vector>

#include "vitrispin/film/film_state.hpp"
#include "vitrispin/io/input.hpp"
#include "vitrispin/io/record.hpp"

/// From solved films to records: what `steady` and `harmonic` have in common.
namespace vitrispin::app {

/// Columns of results that grow by one film state (one frequency) at a time.
class FilmColumns {
public:
  struct Heading {
    std::string name, group, unit, long_name, reason;
    std::vector<std::string> dimensions;  ///< behind the frequency
    bool always_real = false;
    bool in_summary = true;
  };
  using Headings = std::vector<Heading>;

  /// `sweep`: headings of the first point of a sweep, by which the other points need not write theirs; the first point,
  /// which finds it empty, fills it. May be null.
  explicit FilmColumns(Headings* sweep) : sweep_(sweep), brief_(sweep != nullptr && !sweep->empty()) {}

  /// `heading` makes the column's heading, where it is needed.
  template <class MakeHeading>
  void append(const MakeHeading& heading, const std::vector<film::Complex>& values) {
    append_values(next_column(heading), values.data(), values.size());
  }
  template <class MakeHeading>
  void append(const MakeHeading& heading, const film::ComplexVector& value) {
    const film::Complex values[3] = {value.x(), value.y(), value.z()};
    append_values(next_column(heading), values, 3);
  }
  /// Adds all columns to the record, real ones as real arrays; `leading` is {} or {"frequency"}.
  void flush(io::Record& record, const std::vector<std::string>& leading, bool real);

private:
  struct Column {
    Heading heading;
    std::vector<film::Complex> values;
  };

  template <class MakeHeading>
  std::vector<film::Complex>& next_column(const MakeHeading& heading) {
    if (next_ == columns_.size()) columns_.push_back({brief_ ? Heading{} : heading(), {}});
    return columns_[next_++].values;
  }
  static void append_values(std::vector<film::Complex>& column, const film::Complex* values, std::size_t count);

  std::vector<Column> columns_;
  std::size_t next_ = 0;  ///< columns come in the same order at every frequency
  Headings* sweep_;
  bool brief_;

public:
  void next_state() { next_ = 0; }
};

/// An empty quantity under a heading.
io::Quantity quantity(FilmColumns::Heading heading, std::vector<std::string> dimensions);

/// Dimensions layer, sigma, component, group; the regimes, layers_of_group and twist_length: what does not depend on frequency.
void describe_film(io::Record& record, const physics::Stack& stack);

/// Currents, transmissions, interfaces, detectors, balance, angles of one state. Returns the largest angle of each group.
std::vector<double> append_state(FilmColumns& columns, const physics::Stack& stack, double omega);

/// M, m, theta, h*, both currents and the local entropy production at `points` points per layer. `full_M`: add M_eq.
void append_profiles(FilmColumns& columns, io::Record& record, const physics::Stack& stack, double omega, int points,
                     bool full_M);

}  // namespace vitrispin::app
