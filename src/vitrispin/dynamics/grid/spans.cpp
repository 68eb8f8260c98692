#include "vitrispin/dynamics/grid/spans.hpp"

#include <unordered_map>

namespace vitrispin::dynamics::grid {
namespace {

/// The links of a grid, each once.
class LinkTable {
public:
  LinkTable(const Grid& grid, std::vector<Link>& links) : grid_(grid), links_(links) { links_.push_back({}); }

  std::uint32_t index(std::size_t axis, std::size_t face, std::uint16_t lower, std::uint16_t upper) {
    if (lower == vacuum || upper == vacuum) return 0;
    const std::uint64_t key =
        (std::uint64_t{axis} << 62) | (std::uint64_t{face} << 32) | (std::uint64_t{lower} << 16) | upper;
    const auto [found, fresh] = known_.try_emplace(key, static_cast<std::uint32_t>(links_.size()));
    if (fresh) links_.push_back(grid_.link(axis, face, lower, upper));
    return found->second;
  }

private:
  const Grid& grid_;
  std::vector<Link>& links_;
  std::unordered_map<std::uint64_t, std::uint32_t> known_;
};

/// Domains of the cells beside those of a row, which starts at cell `row`; nullptr beyond an outer face.
const std::uint16_t* beside(const Grid& grid, std::size_t axis, std::size_t place, std::size_t row, bool after) {
  const bool at_end = place == (after ? grid.count(axis) - 1 : 0);
  if (at_end && !(after ? grid.open_after(axis) : grid.open_before(axis))) return nullptr;
  const std::uint16_t* here = grid.domain() + row;
  const auto stride = static_cast<std::ptrdiff_t>(grid.stride(axis));
  if (at_end && axis != grid.slowest()) {  // around
    const auto across = stride * static_cast<std::ptrdiff_t>(grid.count(axis) - 1);
    return after ? here - across : here + across;
  }
  return after ? here + stride : here - stride;
}

}  // namespace

Spans::Spans(const Grid& grid) {
  LinkTable table(grid, links_);
  const std::size_t nx = grid.count(0);
  for (std::size_t i = 0; i <= nx; ++i) {
    const auto face = static_cast<std::ptrdiff_t>(i);
    inverse_distance_.push_back(1 / (0.5 * grid.width(0, face - 1) + 0.5 * grid.width(0, face)));
    if (i < nx) inverse_width_.push_back(1 / grid.width(0, face));
  }
  rows_.push_back(0);
  for (std::size_t k = 0; k < grid.count(2); ++k) {
    for (std::size_t j = 0; j < grid.count(1); ++j) {
      const std::size_t row = grid.stride(1) * j + grid.stride(2) * k;
      const std::uint16_t* here = grid.domain() + row;
      const std::uint16_t* around[4] = {beside(grid, 1, j, row, false), beside(grid, 1, j, row, true),
                                        beside(grid, 2, k, row, false), beside(grid, 2, k, row, true)};
      const std::uint16_t* left = beside(grid, 0, 0, row, false);
      const std::uint16_t* right = beside(grid, 0, nx - 1, row + nx - 1, true);
      const auto same = [&](std::size_t a, std::size_t b) {
        bool equal = here[a] == here[b];
        for (const std::uint16_t* other : around) equal = equal && (other == nullptr || other[a] == other[b]);
        return equal;
      };
      for (std::size_t begin = 0; begin < nx;) {
        std::size_t end = begin + 1;
        while (end < nx && same(begin, end)) ++end;
        if (here[begin] != vacuum) {
          Span span;
          span.begin = static_cast<std::uint32_t>(begin);
          span.end = static_cast<std::uint32_t>(end);
          span.domain = here[begin];
          const std::uint16_t before = begin > 0 ? here[begin - 1] : (left != nullptr ? *left : vacuum);
          const std::uint16_t after = end < nx ? here[end] : (right != nullptr ? *right : vacuum);
          span.first = table.index(0, begin, before, span.domain);
          span.last = table.index(0, end, span.domain, after);
          const std::size_t places[2] = {j, k};
          for (std::size_t side = 0; side < 4; ++side) {
            const std::size_t axis = 1 + side / 2, upper = side % 2;
            const std::uint16_t other = around[side] != nullptr ? around[side][begin] : vacuum;
            span.beside[side] = upper == 1 ? table.index(axis, places[side / 2] + 1, span.domain, other)
                                           : table.index(axis, places[side / 2], other, span.domain);
          }
          spans_.push_back(span);
        }
        begin = end;
      }
      rows_.push_back(spans_.size());
    }
  }
  spans_.shrink_to_fit();
}

}  // namespace vitrispin::dynamics::grid
