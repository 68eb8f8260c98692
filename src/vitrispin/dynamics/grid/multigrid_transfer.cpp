#include "vitrispin/dynamics/grid/multigrid_transfer.hpp"

#include <algorithm>

namespace vitrispin::dynamics::grid {

template <class Real>
Transfer<Real>::Transfer(const Level<Real>& fine, const Level<Real>& coarse, std::size_t plane_axis,
                         const std::array<const Coarsening*, 3>& merged)
    : fine_(fine),
      coarse_(coarse),
      plane_axis_(plane_axis),
      merged_(merged),
      work_(fine.cells_along(), std::max(fine.rows(), coarse.rows()), 2),
      corrections_(fine.cells_along(), fine.rows(), 1),
      scratch_(2 * (fine.cells_along() + 1)) {
  if (merged_[along] == nullptr) return;
  const Merging& begin = merged_[along]->begin;
  const std::size_t n = fine.cells_along(), m = begin.size() - 1;
  const auto index = [](std::size_t i) { return static_cast<std::int32_t>(i); };
  for (auto* list : {&children_[0], &children_[1], &leaning_[0], &leaning_[1]}) list->assign(m, index(n));
  for (std::size_t I = 0; I < m; ++I) {
    const bool two = begin[I + 1] - begin[I] == 2;
    const bool first = I == 0 && !fine.around_x(), last = I + 1 == m && !fine.around_x();
    const std::size_t before = first ? I : (I + m - 1) % m, after = last ? I : (I + 1) % m;
    children_[0][I] = index(begin[I]);
    parent_.push_back(index(I));
    beside_.push_back(index(two ? before : I));
    if (!two) continue;
    children_[1][I] = index(begin[I] + 1);
    parent_.push_back(index(I));
    beside_.push_back(index(after));
    leaning_[1][before] = first ? leaning_[1][before] : index(begin[I]);
    leaning_[0][after] = last ? leaning_[0][after] : index(begin[I] + 1);
  }
  along_ = {parent_.data(),
            beside_.data(),
            {children_[0].data(), children_[1].data()},
            {leaning_[0].data(), leaning_[1].data()}};
}

template <class Real>
void Transfer<Real>::fill() {
  for (const Direction direction : {planes, rows, along}) {
    if (merged_[direction] == nullptr) continue;
    const std::vector<Leaning>& leaning = merged_[direction]->leaning;
    shares_[direction].resize(leaning.size());
    for (std::size_t t = 0; t < leaning.size(); ++t) {
      const auto copy = [](const std::vector<double>& from, Values<Real>& to) {
        to.resize(from.size());
        std::transform(from.begin(), from.end(), to.begin(), [](double share) { return static_cast<Real>(share); });
      };
      copy(leaning[t].first_p, shares_[direction][t].first[0]);
      copy(leaning[t].first_t, shares_[direction][t].first[1]);
      copy(leaning[t].second_p, shares_[direction][t].second[0]);
      copy(leaning[t].second_t, shares_[direction][t].second[1]);
    }
  }
}

/// `index`: of the merged plane or row. In the order of the finer ones but for a period's ends.
template <class Real>
std::vector<typename Transfer<Real>::Part> Transfer<Real>::parts(Direction direction, std::size_t index,
                                                                 bool around) const {
  const Coarsening* merged = merged_[direction];
  if (merged == nullptr) return {{index, nullptr, 0, false, true}};
  const Merging& begin = merged->begin;
  const std::size_t n = begin.size() - 1;
  const auto two = [&](std::size_t I) { return begin[I + 1] - begin[I] == 2; };
  std::vector<Part> parts;
  const std::size_t before = (index + n - 1) % n, after = (index + 1) % n;
  if ((index > 0 || around) && two(before)) parts.push_back({begin[before] + 1, merged, before, true, false});
  parts.push_back({begin[index], two(index) ? merged : nullptr, index, false, true});
  if (two(index)) parts.push_back({begin[index] + 1, merged, index, true, true});
  if ((index + 1 < n || around) && two(after)) parts.push_back({begin[after], merged, after, false, false});
  return parts;
}

template <class Real>
void Transfer<Real>::add_part(const Part& part, const Shares& shares, std::size_t field, const Real* from,
                              Real* to) const {
  const Values<Real>& share = shares.of(part.second, field);
  add_share_row(fine_.cells_along(), share.data(), part.rest, from, to);
}

template <class Real>
std::size_t Transfer<Real>::planes_for(std::size_t K) const {
  if (fine_.around() || merged_[planes] == nullptr)
    return fine_.around() ? fine_.planes() : std::min(K + 1, fine_.planes());
  const Merging& begin = merged_[planes]->begin;
  const std::size_t end = begin[K + 1] + (K + 2 < begin.size() ? 1 : 0);
  return end <= fine_.begin() ? 0 : std::min(end - fine_.begin(), fine_.planes());
}

template <class Real>
void Transfer<Real>::restrict_plane(std::size_t K, const LevelVector<Real>& fine, LevelVector<Real>& coarse) {
  const std::size_t n = fine_.cells_along(), m = coarse_.cells_along();
  std::vector<Part> of_planes = parts(planes, K, fine_.around());
  // Ranks that share `coarse` have what they need of their neighbours; else each gives its part to a sum.
  const auto here = [&](const Part& part) {
    const std::size_t slot = fine_.slot(part.from);
    return coarse_.whole() ? slot > 0 && slot <= fine_.planes() : slot != Level<Real>::no_slot;
  };
  std::erase_if(of_planes, [&](const Part& part) { return !here(part); });
  for (std::size_t j = 0; j < fine_.rows(); ++j) {
    for (std::size_t f = 0; f < fields; ++f) {
      Real* row = work_.row(f, 0, j);
      std::fill_n(row, n, Real(0));
      for (const Part& part : of_planes) {
        const Real* from = fine.row(f, fine_.slot(part.from), j);
        if (part.merged == nullptr)
          add_row(n, Real(1), from, row);
        else
          add_part(part, shares(planes, row_index(part.table_row, j, fine_.rows())), f, from, row);
      }
    }
  }
  for (std::size_t J = 0; J < coarse_.rows(); ++J) {
    const std::vector<Part> of_rows = parts(rows, J, fine_.around_rows());
    for (std::size_t f = 0; f < fields; ++f) {
      Real* sum = work_.row(f, 1, 0);
      std::fill_n(sum, n, Real(0));
      for (const Part& part : of_rows) {
        const Real* row = work_.row(f, 0, part.from);
        if (part.merged == nullptr)
          add_row(n, Real(1), row, sum);
        else
          add_part(part, shares(rows, row_index(K, part.table_row, coarse_.rows())), f, row, sum);
      }
      Real* to = coarse.row(f, coarse_.slot(K), J);
      if (merged_[along] == nullptr) {
        std::copy_n(sum, n, to);
        continue;
      }
      const Shares& share = shares_[along][merged_[along]->coarse.row[row_index(K, J, coarse_.rows())]];
      restrict_row(n, m, along_, share.first[f % 2].data(), sum, scratch_.data(), to);
    }
  }
}

/// The correction on plane `plane` of `coarse`, at the finer rows; its slot. That of plane `keep` stays.
template <class Real>
std::size_t Transfer<Real>::corrections_of(const LevelVector<Real>& coarse, std::size_t plane, std::size_t keep) {
  for (std::size_t slot = 0; slot < 3; ++slot)
    if (tags_[slot] == plane) return slot;
  std::size_t slot = oldest_;
  if (tags_[slot] == keep && keep != none) slot = (slot + 1) % 3;
  oldest_ = (slot + 1) % 3;
  tags_[slot] = plane;
  const std::size_t n = fine_.cells_along();
  for (std::size_t f = 0; f < fields; ++f) {
    const auto at_fine_x = [&](std::size_t J) -> const Real* {
      const Real* row = coarse.row(f, coarse_.slot(plane), J);
      if (merged_[along] == nullptr) return row;
      const Shares& share = shares_[along][merged_[along]->coarse.row[row_index(plane, J, coarse_.rows())]];
      Real* to = work_.row(f, 0, J);
      interpolate_row(n, along_, share.first[f % 2].data(), row, to);
      return to;
    };
    std::vector<const Real*> merged_rows;
    for (std::size_t J = 0; J < coarse_.rows(); ++J) merged_rows.push_back(at_fine_x(J));
    for (std::size_t j = 0; j < fine_.rows(); ++j) {
      Real* to = corrections_.row(f, slot, j);
      if (merged_[rows] == nullptr) {
        std::copy_n(merged_rows[j], n, to);
        continue;
      }
      const Merging& begin = merged_[rows]->begin;
      const std::size_t J = merged_[rows]->parent[j], last = begin.size() - 2;
      const bool second = j > begin[J];
      const std::size_t other = second ? (J < last              ? J + 1
                                          : fine_.around_rows() ? 0
                                                                : J)
                                       : (J > 0                 ? J - 1
                                          : fine_.around_rows() ? last
                                                                : J);
      const Shares& share = shares(rows, row_index(plane, J, coarse_.rows()));
      blend_row(n, share.of(second, f).data(), merged_rows[J], merged_rows[other], to);
    }
  }
  return slot;
}

template <class Real>
void Transfer<Real>::add_correction(const LevelVector<Real>& coarse, const LevelVector<Real>& fine, std::ptrdiff_t p,
                                    std::size_t j, Real* const to[fields]) {
  const auto from = [&](std::size_t f) { return fine.row(f, static_cast<std::size_t>(p + 1), j); };
  const std::size_t n = fine_.cells_along(), place = fine_.place(p);
  if (merged_[planes] == nullptr) {
    const std::size_t slot = corrections_of(coarse, place, none);
    for (std::size_t f = 0; f < fields; ++f) {
      std::copy_n(from(f), n, to[f]);
      add_row(n, Real(1), corrections_.row(f, slot, j), to[f]);
    }
    return;
  }
  const Merging& begin = merged_[planes]->begin;
  const std::size_t K = merged_[planes]->parent[place], last = begin.size() - 2;
  const bool second = place > begin[K],
             alone = begin[K + 1] - begin[K] == 1;  // leans nowhere: none beside is asked for
  const std::size_t other = alone    ? K
                            : second ? (K < last         ? K + 1
                                        : fine_.around() ? 0
                                                         : K)
                                     : (K > 0            ? K - 1
                                        : fine_.around() ? last
                                                         : K);
  const std::size_t own = corrections_of(coarse, K, other), beside = corrections_of(coarse, other, K);
  const Shares& share = shares(planes, row_index(K, j, fine_.rows()));
  for (std::size_t f = 0; f < fields; ++f) {
    const Values<Real>& leaning = share.of(second, f);
    correct_row(n, leaning.data(), corrections_.row(f, own, j), corrections_.row(f, beside, j), from(f), to[f]);
  }
}

template class Transfer<float>;
template class Transfer<double>;

}  // namespace vitrispin::dynamics::grid
