#pragma once

#include <cstddef>
#include <vector>

#include "vitrispin/dynamics/grid/helmholtz.hpp"

namespace vitrispin::distributed {

/// What holds p and theta of a cell beside its links, times the volume, and the two diagonals with the links. Of a field that a cell
/// lacks both are 1.
struct CellBlock {
  double ground_p = 0, joint = 0, ground_theta = 0;
  double p = 0, theta = 0;
  double det = 0;  ///< of the block with the links, formed without differences
  bool has_p = false, has_theta = false;
};

/// What ties a cell to one beside it; both of this slab, or of the planes before and after it.
struct CellLink {
  std::size_t cell = 0;
  std::ptrdiff_t beside = 0;
  double p = 0, theta = 0;
};

/// The matrix of helmholtz.hpp times the cells' volumes, for this rank's slab.
struct SlabMatrix {
  std::vector<CellBlock> blocks;
  std::vector<CellLink> links;  ///< of each cell to all beside it
};
SlabMatrix slab_matrix(const dynamics::grid::Grid& grid, const dynamics::grid::HelmholtzSystem& system);

}  // namespace vitrispin::distributed
