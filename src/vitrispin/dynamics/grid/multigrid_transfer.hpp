#pragma once

#include <cstdint>
#include <vector>

#include "vitrispin/dynamics/grid/multigrid_level.hpp"

namespace vitrispin::dynamics::grid {

/// Between two levels, one direction after the other: across the planes first, then the rows of a plane, then along x.
/// Corrections are interpolated as resistances divide the potential, residuals are restricted by the transpose.
template <class Real>
class Transfer {
public:
  /// `merged`: in that order, or nullptr where a direction stays as it is. They and the levels outlive it.
  Transfer(const Level<Real>& fine, const Level<Real>& coarse, std::size_t plane_axis,
           const std::array<const Coarsening*, 3>& merged);
  void fill();

  /// What the planes of `fine` give to plane K of the whole coarse stage: those that this rank holds, of which the first
  /// `planes_for` are needed, and those beside them if ranks share `coarse`.
  void restrict_plane(std::size_t K, const LevelVector<Real>& fine, LevelVector<Real>& coarse);
  std::size_t planes_for(std::size_t K) const;
  /// to = row j of plane p (-1 and planes() too) of `fine`, corrected.
  void begin_corrections() { tags_[0] = tags_[1] = tags_[2] = none; }
  void add_correction(const LevelVector<Real>& coarse, const LevelVector<Real>& fine, std::ptrdiff_t p, std::size_t j,
                      Real* const to[fields]);

private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  enum Direction : std::size_t { planes, rows, along };
  struct Shares {
    Values<Real> first[2], second[2];
    /// Not as (of_second ? second : first)[field % 2]: g++ 12 with -fsanitize=undefined takes another one then.
    const Values<Real>& of(bool of_second, std::size_t field) const {
      return of_second ? second[field % 2] : first[field % 2];
    }
  };
  /// What a finer plane or row gives to a merged one.
  struct Part {
    std::size_t from;
    const Coarsening* merged;
    std::size_t table_row;  ///< of the merged stage
    bool second, rest;
  };
  const Shares& shares(Direction direction, std::size_t row) const {
    return shares_[direction][merged_[direction]->coarse.row[row]];
  }
  std::size_t row_index(std::size_t place, std::size_t j, std::size_t rows_of_stage) const {
    return plane_axis_ == 2 ? j + rows_of_stage * place : place;
  }
  std::vector<Part> parts(Direction direction, std::size_t index, bool around) const;
  void add_part(const Part& part, const Shares& shares, std::size_t field, const Real* from, Real* to) const;
  std::size_t corrections_of(const LevelVector<Real>& coarse, std::size_t plane, std::size_t keep);

  const Level<Real>&fine_, &coarse_;
  std::size_t plane_axis_;
  std::array<const Coarsening*, 3> merged_;
  std::vector<Shares> shares_[3];
  std::vector<std::int32_t> parent_, beside_, children_[2], leaning_[2];
  RowMerging along_;
  LevelVector<Real> work_;         ///< slot 0: rows of a merged plane
  LevelVector<Real> corrections_;  ///< three planes of `coarse` at the finer rows
  std::array<std::size_t, 3> tags_{none, none, none};
  std::size_t oldest_ = 0;
  Values<Real> scratch_;
};

}  // namespace vitrispin::dynamics::grid
