#pragma once

#include "vitrispin/dynamics/cosine_transform.hpp"
#include "vitrispin/dynamics/grid/helmholtz.hpp"

/// The systems along x that are left once cosine waves have taken the other directions, one for each pair of waves.
namespace vitrispin::dynamics::grid {

#if defined(__GNUC__)
using Lane __attribute__((vector_size(64), may_alias)) = double;
#endif

/// Per area across x.
struct Ground {
  double m = 0, twist = 0;
  friend bool operator==(const Ground&, const Ground&) = default;
};

/// Of one domain and one wave number in y, for each wave in z.
struct Block {
  Lane pp, pt, tt, det;
};

/// What waves across x add to the grounds of a domain, per volume.
struct Across {
  Lane p, theta;
};

struct LineCell {
  double width = 0, m_after = 0, twist_after = 0;  ///< links to the next cell
  Ground outer;
  std::size_t domain = 0;
};

/// The lines along x of one register of waves: right-hand sides of three components, p and theta, become the solution. Value i
/// of array a stands at lines[a stride + 2 i] (every other register).
struct Lines {
  std::size_t n;
  const LineCell* cells;
  const Block* blocks;
  Lane* inverses;  ///< three for each cell: scratch
  Lane* values;
  std::size_t stride;
};

/// By elimination from both ends, without differences.
void solve_lines(const Lines& lines);
/// The same where x has waves as well.
void solve_waves(const Lines& lines, const Ground& link, const CosineTransform& along, const LocalBlock& local,
                 const Across& across);

}  // namespace vitrispin::dynamics::grid
