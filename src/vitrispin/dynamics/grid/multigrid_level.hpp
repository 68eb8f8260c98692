#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "vitrispin/dynamics/fields.hpp"
#include "vitrispin/dynamics/grid/halo.hpp"
#include "vitrispin/dynamics/grid/multigrid_rows.hpp"
#include "vitrispin/dynamics/grid/multigrid_stage.hpp"

/// One grid of multigrid in memory: its matrix as rows of numbers of some precision, and vectors on it. Planes are the layers
/// across the direction that slabs cut; a vector has one more at either end.
namespace vitrispin::dynamics::grid {

template <class Real>
class LevelVector;

/// What turns the matrix of a stage into numbers near 1: p stays, theta is in units of `theta`, and all is times `matrix`.
struct LevelScale {
  double matrix = 1, theta = 1;
};

template <class Real>
class Level {
public:
  /// The planes [begin, end) of a stage cut across `plane_axis`, 1 or 2.
  Level(const Stage& stage, std::size_t plane_axis, std::size_t begin, std::size_t end);
  void fill(const LevelScale& scale);

  const Stage& stage() const { return *stage_; }
  std::size_t cells_along() const { return n_; }
  std::size_t rows() const { return rows_; }
  std::size_t planes() const { return planes_; }
  std::size_t begin() const { return begin_; }
  bool around() const { return stage_->periodic[plane_axis_]; }  ///< the planes close a period
  bool around_rows() const { return plane_axis_ == 2 && stage_->periodic[1]; }
  bool around_x() const { return stage_->periodic[0]; }
  bool whole() const { return planes_ == whole_planes_; }
  /// Whether there is a plane p, -1 and planes() being those beside; and its place in the whole stage.
  bool has_plane(std::ptrdiff_t p) const;
  std::size_t place(std::ptrdiff_t p) const;
  static constexpr std::size_t no_slot = static_cast<std::size_t>(-1);
  /// Where a vector has the plane at this place, beside the ends too; no_slot if this rank has it not.
  std::size_t slot(std::size_t place) const;
  std::size_t row_index(std::size_t place, std::size_t j) const {
    return plane_axis_ == 2 ? j + stage_->count[1] * place : place;
  }
  RowMatrix<Real> matrix(std::ptrdiff_t p, std::size_t j) const;
  /// Row j of a component in a plane and the rows beside it; planes by their slots in the vector.
  RowValues<Real> beside(const LevelVector<Real>& vector, std::size_t plane, std::size_t plane_before,
                         std::size_t plane_after, std::size_t j, std::size_t component) const;
  /// The diagonal of the matrix, p and theta, of row j.
  const Real* diagonal(std::ptrdiff_t p, std::size_t j, std::size_t field) const;

  /// Values beyond the ends of a row.
  void close_row(Real* row) const {
    if (!around_x()) return;
    row[-1] = row[n_ - 1];
    row[n_] = row[0];
  }
  /// The planes beyond the ends of a vector.
  void fill_ends(LevelVector<Real>& vector, const Halo& halo) const;

private:
  enum Extra : std::size_t {
    inverse_pp = RowTable::ground_det,
    inverse_pt,
    inverse_tt,
    diagonal_pp,
    diagonal_tt,
    arrays
  };
  const Real* table(std::ptrdiff_t p, std::size_t j) const {
    return tables_[stage_->row[row_index(place(p), j)]].data();
  }

  const Stage* stage_;
  std::size_t plane_axis_, n_, rows_, planes_, begin_, whole_planes_;
  std::vector<Values<Real>> tables_;
};

/// Six fields on planes -1 to `planes`, rows with one value more at either end. The fields of a row follow one another, so that a
/// walk over rows reads memory in order.
template <class Real>
class LevelVector {
public:
  LevelVector() = default;
  LevelVector(std::size_t cells_along, std::size_t rows, std::size_t planes)
      : stride_(cells_along + 2), rows_(rows), values_(fields * stride_ * rows * (planes + 2)) {}
  explicit LevelVector(const Level<Real>& level) : LevelVector(level.cells_along(), level.rows(), level.planes()) {}

  /// `slot`: 0 is the plane before the first.
  Real* row(std::size_t field, std::size_t slot, std::size_t j) {
    return values_.data() + ((slot * rows_ + j) * fields + field) * stride_ + 1;
  }
  const Real* row(std::size_t field, std::size_t slot, std::size_t j) const {
    return values_.data() + ((slot * rows_ + j) * fields + field) * stride_ + 1;
  }
  /// All values of a plane.
  std::size_t plane_size() const { return fields * rows_ * stride_; }
  Real* plane(std::size_t slot) { return values_.data() + slot * plane_size(); }
  void clear() { std::fill(values_.begin(), values_.end(), Real(0)); }

private:
  std::size_t stride_ = 0, rows_ = 0;
  Values<Real> values_;
};

}  // namespace vitrispin::dynamics::grid
