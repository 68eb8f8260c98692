#pragma once

#include <array>

#include "vitrispin/dynamics/fields.hpp"
#include "vitrispin/dynamics/grid/grid.hpp"
#include "vitrispin/dynamics/grid/halo.hpp"

namespace vitrispin::dynamics::grid {

/// Six arrays on slabs, turned so that each rank has whole columns across the slabs: of `places` in a plane, each of `unit` values, an
/// equal share. Every rank calls everything.
class SlabColumns {
public:
  using Arrays = std::array<double*, 6>;
  using ConstArrays = std::array<const double*, 6>;

  SlabColumns(const Grid& grid, const Halo& halo, std::size_t places, std::size_t unit);

  /// The places [begin, end) of a rank.
  std::size_t begin(std::size_t rank) const { return places_ * rank / halo_.size(); }
  std::size_t end(std::size_t rank) const { return begin(rank + 1); }
  std::size_t begin() const { return begin(halo_.rank()); }
  std::size_t end() const { return end(halo_.rank()); }

  /// Own places of all planes, plane after plane.
  Arrays columns();
  void take(const ConstArrays& slabs);   ///< columns from slabs
  void give(const Arrays& slabs) const;  ///< and back

private:
  const Halo& halo_;
  std::size_t places_, unit_, plane_;
  std::vector<std::size_t> planes_;  ///< each rank's first, and how many there are
  std::array<Values<double>, 6> columns_;
};

}  // namespace vitrispin::dynamics::grid
