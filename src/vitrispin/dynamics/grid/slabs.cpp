#include "vitrispin/dynamics/grid/slabs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/grid/multigrid_stage.hpp"

namespace vitrispin::dynamics::grid {
namespace {

/// Each end at the one of `places`, ascending from 0, that is nearest to an equal share; empty if two would fall together.
std::vector<Slab> nearest(const std::vector<std::size_t>& places, std::size_t ranks) {
  std::vector<Slab> slabs;
  std::size_t begin = 0;
  const std::size_t planes = places.back();
  for (std::size_t r = 1; r <= ranks; ++r) {
    const std::size_t wanted = planes * r / ranks;
    const auto after = std::lower_bound(places.begin(), places.end(), wanted);
    std::size_t end = *after;
    if (after != places.begin() && wanted - *std::prev(after) < *after - wanted) end = *std::prev(after);
    if (end <= begin) return {};
    slabs.push_back({begin, end});
    begin = end;
  }
  return slabs;
}

std::size_t most_planes(const std::vector<Slab>& slabs) {
  std::size_t most = 0;
  for (const Slab& slab : slabs) most = std::max(most, slab.end - slab.begin);
  return most;
}

}  // namespace

std::vector<Slab> slabs_of(const Problem& problem, std::size_t ranks) {
  const Grid whole(problem);
  const std::size_t axis = whole.slowest(), planes = problem.axes[axis].cells();
  if (planes < ranks) {
    throw InputError(
        fmt::format("{} ranks cannot share {} cells along {}, the direction that is cut into slabs: run on {} or fewer",
                    ranks, planes, "xyz"[axis], planes));
  }
  std::vector<std::size_t> places;
  for (std::size_t p = 0; p <= planes; ++p) places.push_back(p);
  std::vector<Slab> best = nearest(places, ranks);
  const std::size_t bearable = most_planes(best) + most_planes(best) / 20;
  constexpr std::size_t few_cells = 24;  // as multigrid's last level
  if (ranks == 1 || whole.cells() <= few_cells) return best;
  for (const auto& merging : merging_plan(whole, few_cells)) {
    if (merging[axis].empty()) continue;
    std::vector<std::size_t> merged;
    for (const std::size_t begin : merging[axis]) merged.push_back(places[begin]);
    places = std::move(merged);
    const std::vector<Slab> slabs = nearest(places, ranks);
    if (slabs.empty() || most_planes(slabs) > bearable) break;
    best = slabs;
  }
  return best;
}

}  // namespace vitrispin::dynamics::grid
