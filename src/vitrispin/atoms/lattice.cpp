#include "vitrispin/atoms/lattice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "vitrispin/atoms/random.hpp"
#include "vitrispin/core/errors.hpp"

namespace vitrispin::atoms {
namespace {

using physics::LatticeKind;

/// Every third bit, from 21 bits of x.
std::uint64_t spread_bits(std::uint64_t x) {
  std::uint64_t spread = 0;
  for (unsigned bit = 0; bit < 21; ++bit) spread |= (x >> bit & 1) << (3 * bit);
  return spread;
}

/// Positions inside the cell in half constants.
std::vector<std::array<std::uint64_t, 3>> basis(LatticeKind kind) {
  if (kind == LatticeKind::fcc) return {{0, 0, 0}, {0, 1, 1}, {1, 0, 1}, {1, 1, 0}};
  return {{0, 0, 0}};
}

}  // namespace

Sites occupy(const physics::SpinModel& model, std::uint32_t sample) {
  const auto cell = basis(model.lattice);
  std::array<std::uint64_t, 3> size{};
  for (std::size_t a = 0; a < 3; ++a) size[a] = static_cast<std::uint64_t>(model.size[a]);
  Sites sites;
  sites.open = model.open;
  sites.line = model.lattice == LatticeKind::chain;
  sites.site_count = cell.size() * size[0] * size[1] * size[2];
  sites.nearest = model.lattice == LatticeKind::fcc ? model.constant / std::sqrt(2.0) : model.constant;
  sites.half_constant = model.constant / 2;
  for (std::size_t a = 0; a < 3; ++a) {
    sites.half_box[a] = 2 * static_cast<std::int64_t>(size[a]);
    sites.box[a] = model.constant * static_cast<double>(size[a]);
  }
  sites.volume = sites.box[0] * sites.box[1] * sites.box[2];
  const auto count =
      static_cast<std::uint64_t>(std::llround(model.concentration * static_cast<double>(sites.site_count)));
  if (count < 2) {
    throw DomainError(fmt::format(
        "{} spin{} on {} sites at a concentration of {}: at least 2 are needed; raise size or concentration", count,
        count == 1 ? "" : "s", sites.site_count, model.concentration));
  }

  // The sites with the smallest random numbers are occupied.
  const Random random(model.seed, sample, Purpose::occupation);
  std::vector<std::pair<double, std::uint64_t>> drawn(sites.site_count);
  for (std::uint64_t s = 0; s < sites.site_count; ++s) drawn[s] = {random.uniform(s).first, s};
  if (count < sites.site_count) {
    std::nth_element(drawn.begin(), drawn.begin() + static_cast<std::ptrdiff_t>(count), drawn.end());
    drawn.resize(count);
  }

  struct Placed {
    std::uint64_t morton, number;
    std::array<std::uint64_t, 3> half;
  };
  std::vector<Placed> placed;
  placed.reserve(count);
  for (const auto& [key, s] : drawn) {
    const auto& inside = cell[s % cell.size()];
    std::uint64_t rest = s / cell.size();
    Placed p{0, s, {}};
    for (std::size_t a = 0; a < 3; ++a) {
      p.half[a] = 2 * (rest % size[a]) + inside[a];
      rest /= size[a];
      p.morton |= spread_bits(p.half[a]) << a;
    }
    placed.push_back(p);
  }
  std::sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) { return a.morton < b.morton; });
  for (const Placed& p : placed) {
    sites.numbers.push_back(p.number);
    Vector3<double> position;
    for (std::size_t a = 0; a < 3; ++a) position[a] = sites.half_constant * static_cast<double>(p.half[a]);
    sites.positions.push_back(position);
    sites.half.push_back({static_cast<std::int64_t>(p.half[0]), static_cast<std::int64_t>(p.half[1]),
                          static_cast<std::int64_t>(p.half[2])});
  }
  return sites;
}

}  // namespace vitrispin::atoms
