#include "vitrispin/atoms/free_turns.hpp"

#include <algorithm>
#include <cmath>

namespace vitrispin::atoms {
namespace {

/// The turns of some spins about x, y, z, made orthonormal; what is left of one below a millionth of the spins is none.
std::vector<Spins> turns_of(const Spins& spins) {
  std::vector<Spins> turns;
  const std::size_t most = turning_axes(spins);
  std::vector<Spins> left;
  for (std::size_t k = 0; k < 3; ++k) {
    Vector3<double> axis;
    axis[k] = 1;
    Spins turn;
    for (const Vector3<double>& u : spins) turn.push_back(cross(axis, u));
    left.push_back(std::move(turn));
  }
  while (turns.size() < most) {
    // The largest one that is left, as in a factorisation with pivots.
    const auto next = std::max_element(left.begin(), left.end(),
                                       [](const Spins& a, const Spins& b) { return inner(a, a) < inner(b, b); });
    const double size = std::sqrt(inner(*next, *next));
    Spins unit = *next;
    for (auto& v : unit) v = (1 / size) * v;
    for (Spins& other : left) {
      const double share = inner(other, unit);
      for (std::size_t i = 0; i < other.size(); ++i) other[i] = other[i] - share * unit[i];
    }
    turns.push_back(std::move(unit));
  }
  return turns;
}

}  // namespace

std::size_t turning_axes(const Spins& spins) {
  double across = 0;
  for (const Vector3<double>& u : spins) {
    const Vector3<double> c = cross(spins.front(), u);
    across = std::max(across, dot(c, c));
  }
  return across < 1e-14 ? 2 : 3;
}

FreeTurns::FreeTurns(const Couplings& couplings, const Spins& spins, bool also_held) {
  const std::vector<std::size_t> number = clusters(couplings);
  for (const std::size_t n : number) cluster_count_ = std::max(cluster_count_, n + 1);
  if (couplings.axial != 0 && !also_held) return;  // an axis at every spin
  std::vector<char> held(cluster_count_, 0);
  std::vector<std::vector<std::uint32_t>> members(cluster_count_);
  for (std::size_t i = 0; i < spins.size(); ++i) {
    members[number[i]].push_back(static_cast<std::uint32_t>(i));
    if (couplings.D.empty() || also_held) continue;
    for (std::size_t e = couplings.first[i]; e < couplings.first[i + 1]; ++e) {
      if (couplings.D[e] != Vector3<double>()) held[number[i]] = 1;
    }
  }
  for (std::size_t c = 0; c < cluster_count_; ++c) {
    if (held[c] != 0) continue;
    Spins own;
    for (const std::uint32_t i : members[c]) own.push_back(spins[i]);
    clusters_.push_back({std::move(members[c]), turns_of(own)});
    count_ += clusters_.back().turns.size();
  }
}

void FreeTurns::take_out(Spins& v) const {
  for (const Cluster& cluster : clusters_) {
    for (const Spins& turn : cluster.turns) {
      double share = 0;
      for (std::size_t k = 0; k < turn.size(); ++k) share += dot(turn[k], v[cluster.members[k]]);
      for (std::size_t k = 0; k < turn.size(); ++k) {
        Vector3<double>& x = v[cluster.members[k]];
        x = x - share * turn[k];
      }
    }
  }
}

}  // namespace vitrispin::atoms
