#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <tuple>
#include <vector>

#include "vitrispin/dynamics/grid/helmholtz.hpp"

/// The matrices of multigrid (multigrid.hpp), from the fine grid to a few cells: conductances and grounds of cells merged two by
/// two along one direction at a time. Rows along x with the same numbers stand once in a table: a box of one
/// material has nine, and its matrix costs no memory traffic.
namespace vitrispin::dynamics::grid {

/// Arrays of a row, `cells + 1` values each; names end in p or t for theta. `x`: the link below cell i, times the face's
/// area; `y_before` and so on: to the rows beside; the rest: the ground of a cell, times its volume, and its determinant.
struct RowTable {
  enum Array : std::size_t {
    x_p,
    x_t,
    y_before_p,
    y_before_t,
    y_after_p,
    y_after_t,
    z_before_p,
    z_before_t,
    z_after_p,
    z_after_t,
    ground_pp,
    ground_pt,
    ground_tt,
    ground_det,
    arrays
  };
  RowTable() = default;
  explicit RowTable(std::size_t cells) : stride(cells + 1), values(arrays * (cells + 1), 0.0) {}
  double* operator[](std::size_t array) { return values.data() + array * stride; }
  const double* operator[](std::size_t array) const { return values.data() + array * stride; }
  std::size_t stride = 0;
  std::vector<double> values;
};

/// Ground of a cell: a symmetric block and its determinant, summed without differences.
struct GroundBlock {
  double pp = 0, pt = 0, tt = 0, det = 0;
  void add(const GroundBlock& other) {
    det = det + other.det + (pp * other.tt + tt * other.pp - 2 * (pt * other.pt));
    pp += other.pp;
    pt += other.pt;
    tt += other.tt;
  }
};

/// What a row of merged rows is made of: tables of the finer stage, -1 where there is none.
struct MergedRow {
  std::int32_t first = -1, second = -1;                                                     ///< the merged rows
  std::int32_t before_first = -1, before_second = -1, after_first = -1, after_second = -1;  ///< in those beside
  auto tied() const { return std::tie(first, second, before_first, before_second, after_first, after_second); }
  friend bool operator<(const MergedRow& a, const MergedRow& b) { return a.tied() < b.tied(); }
};

/// How far a merged cell's values lean towards the merged cells before (first) and after (second): from resistances.
struct Leaning {
  std::vector<double> first_p, first_t, second_p, second_t;  ///< along x: `first` alone, of each finer cell
};

/// A matrix on a rectilinear grid of merged cells. The whole grid, whatever a rank holds of it.
class Stage {
public:
  std::array<std::size_t, 3> count{1, 1, 1};
  std::array<bool, 3> periodic{};
  std::vector<std::uint32_t> row;  ///< table of row j + k count[1]
  std::vector<RowTable> tables;

  std::size_t cells() const { return count[0] * count[1] * count[2]; }
};

/// Cells [begin[I], begin[I + 1]), one or two, become cell I.
using Merging = std::vector<std::size_t>;

/// One direction of a stage merged: what it takes to go from one to the other, and its numbers again for another step.
class Coarsening {
public:
  Coarsening(const Stage& fine, std::size_t axis, Merging merging);

  /// Forms the tables of `coarse` from those of the finer stage.
  void fill(const Stage& fine);

  std::size_t axis = 0;
  Merging begin;
  std::vector<std::uint32_t> parent;  ///< of each finer cell
  std::vector<Leaning> leaning;       ///< of each table: of `coarse`; along x of the finer stage
  Stage coarse;

private:
  void fill_along_x(const Stage& fine);
  void fill_across(const Stage& fine);

  std::vector<MergedRow> made_of_;
};

/// The fine grid's own matrix.
class FineStage {
public:
  explicit FineStage(const Grid& whole);
  void fill(const Grid& whole, const HelmholtzSystem& system);
  Stage stage;

private:
  std::vector<std::size_t> example_;     ///< a row of each table
  std::vector<std::size_t> outer_rows_;  ///< Grid::outer_faces() of each row from here
};

/// What to merge on the way to few cells: all directions' cells become about equally wide, widths doubling from stage to
/// stage. Faces where materials change stay for one stage longer: then cells so much thinner than the rest are tied across
/// them more strongly than along them, and errors would not be smooth where the rest is merged. One entry per stage: of each
/// direction, empty if it stays.
std::vector<std::array<Merging, 3>> merging_plan(const Grid& whole, std::size_t few);

}  // namespace vitrispin::dynamics::grid
