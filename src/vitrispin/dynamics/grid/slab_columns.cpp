#include "vitrispin/dynamics/grid/slab_columns.hpp"

#include <algorithm>

namespace vitrispin::dynamics::grid {

SlabColumns::SlabColumns(const Grid& grid, const Halo& halo, std::size_t places, std::size_t unit)
    : halo_(halo), places_(places), unit_(unit), plane_(places * unit) {
  std::vector<double> first(halo.size());
  first[halo.rank()] = static_cast<double>(grid.slab().begin);
  halo.sum(first);
  for (const double plane : first) planes_.push_back(static_cast<std::size_t>(plane));
  planes_.push_back(grid.problem().axes[grid.slowest()].cells());
  for (auto& column : columns_) column.resize((end() - begin()) * unit * planes_.back());
}

SlabColumns::Arrays SlabColumns::columns() {
  Arrays all{};
  for (std::size_t a = 0; a < 6; ++a) all[a] = columns_[a].data();
  return all;
}

void SlabColumns::take(const ConstArrays& slabs) {
  const std::size_t planes = planes_[halo_.rank() + 1] - planes_[halo_.rank()];
  std::vector<std::vector<double>> parts(halo_.size());
  for (std::size_t r = 0; r < parts.size(); ++r) {
    parts[r].reserve(6 * planes * (end(r) - begin(r)) * unit_);
    for (const double* slab : slabs)
      for (std::size_t s = 0; s < planes; ++s)
        parts[r].insert(parts[r].end(), slab + s * plane_ + begin(r) * unit_, slab + s * plane_ + end(r) * unit_);
  }
  parts = halo_.exchanged(std::move(parts));
  const std::size_t width = (end() - begin()) * unit_;
  for (std::size_t r = 0; r < parts.size(); ++r) {
    const std::size_t count = (planes_[r + 1] - planes_[r]) * width;
    for (std::size_t a = 0; a < 6; ++a)
      std::copy_n(parts[r].data() + a * count, count, columns_[a].data() + planes_[r] * width);
  }
}

void SlabColumns::give(const Arrays& slabs) const {
  const std::size_t width = (end() - begin()) * unit_;
  std::vector<std::vector<double>> parts(halo_.size());
  for (std::size_t r = 0; r < parts.size(); ++r) {
    for (const auto& column : columns_)
      parts[r].insert(parts[r].end(), column.data() + planes_[r] * width, column.data() + planes_[r + 1] * width);
  }
  parts = halo_.exchanged(std::move(parts));
  const std::size_t planes = planes_[halo_.rank() + 1] - planes_[halo_.rank()];
  for (std::size_t r = 0; r < parts.size(); ++r) {
    const double* from = parts[r].data();
    const std::size_t of_rank = (end(r) - begin(r)) * unit_;
    for (double* slab : slabs) {
      for (std::size_t s = 0; s < planes; ++s, from += of_rank)
        std::copy_n(from, of_rank, slab + s * plane_ + begin(r) * unit_);
    }
  }
}

}  // namespace vitrispin::dynamics::grid
