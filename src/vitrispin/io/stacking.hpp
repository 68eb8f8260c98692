#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

#include "vitrispin/io/record.hpp"

namespace vitrispin::io {

/// Gathers the records of a sweep's points, in any order and from several threads (each point once), into one record
/// with leading dimensions `axes`.
///
/// All points have the quantities and shapes of the first; a point that differs is a bug (std::logic_error). A scalar
/// text (the material's name) stays as it is. A coordinate that differs from point to point (positions in a film whose
/// thickness is swept) becomes a quantity of that name, and its dimension is renamed NAME_point, since a coordinate
/// variable has to be one-dimensional. Warnings that differ only in their numbers are reported once, with their count. Where values are null for different
/// reasons at different points, the reason is "this, or that".
class Stacking {
public:
  /// `first` gives the shapes; it is not yet a point.
  Stacking(std::vector<Dimension> axes, const Record& first);

  /// Point `index`, row-major over the axes.
  void put(std::size_t index, Record&& point);

  /// The stacked record; to be called once, when every point has been put.
  Record finish();

private:
  void add_reason(std::size_t quantity, std::size_t index, const Quantity& from);
  std::string reason_of(std::size_t quantity) const;

  std::vector<Dimension> axes_;
  std::size_t points_ = 1;
  Record result_;                                   ///< arrays of the full size, written point by point
  std::vector<std::vector<double>> coordinates_;    ///< of each dimension, all points; empty: no coordinate
  std::vector<std::vector<std::string>> warnings_;  ///< by point
  std::vector<std::vector<std::string>> extras_;    ///< by extra, by point
  /// By quantity: why values are null, with the first point that says so and whether any such point has a null.
  struct Reason {
    std::string text;
    std::size_t first;
    bool needed;
  };
  std::vector<std::vector<Reason>> reasons_;
  std::mutex reason_lock_;
};

}  // namespace vitrispin::io
