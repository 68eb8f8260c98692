#pragma once

#include <cstdint>
#include <vector>

#include "vitrispin/dynamics/grid/grid.hpp"

/// Rows of cells along x, cut where anything but the values changes: loops run along spans with constants. A box of one
/// material has one span a row; the links of all rows stand once in a table.
namespace vitrispin::dynamics::grid {

/// Cells of one domain in a row, whose neighbours across x are of one domain each.
struct Span {
  std::uint32_t begin = 0, end = 0;  ///< along x
  std::uint16_t domain = 0;
  /// Into Spans::links: across the faces at either end, and to the rows before and after in y and in z.
  std::uint32_t first = 0, last = 0;
  std::array<std::uint32_t, 4> beside{};
};

/// The rows beside a row: before and after in y, before and after in z.
enum Beside : std::size_t { y_before, y_after, z_before, z_after };

class Spans {
public:
  explicit Spans(const Grid& grid);

  /// The spans of row j + k count(1); vacuum has none.
  const Span* begin(std::size_t row) const { return spans_.data() + rows_[row]; }
  const Span* end(std::size_t row) const { return spans_.data() + rows_[row + 1]; }
  std::size_t rows() const { return rows_.size() - 1; }
  /// Conductances per area; 0 at outer faces and vacuum.
  const Link& link(std::uint32_t index) const { return links_[index]; }
  /// One over the distance between centres, at face i below cell i, and one over the width of cell i, along x [1/m].
  const double* inverse_distance() const { return inverse_distance_.data(); }
  const double* inverse_width() const { return inverse_width_.data(); }

private:
  std::vector<Span> spans_;
  std::vector<std::size_t> rows_;
  std::vector<Link> links_;
  std::vector<double> inverse_distance_, inverse_width_;
};

}  // namespace vitrispin::dynamics::grid
