#include "vitrispin/modes/tracking.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace vitrispin::modes {
namespace {

using Permutation = std::vector<int>;  ///< solution i here is solution p[i] at the next point

struct Match {
  Permutation best;
  bool certain = false;
};

bool finite(const TrackedPoint& point) {
  return std::all_of(point.values.begin(), point.values.end(), [](const std::complex<double>& value) {
    return std::isfinite(value.real()) && std::isfinite(value.imag());
  });
}

/// Distance between solution i of `here` and j of `there`, both extrapolated to the middle of the interval; a slope that is
/// not finite (an exceptional point) predicts nothing.
double distance(const TrackedPoint& here, const TrackedPoint& there, std::size_t i, std::size_t j, double step) {
  std::complex<double> from = here.values[i] + 0.5 * step * here.slopes[i];
  std::complex<double> to = there.values[j] - 0.5 * step * there.slopes[j];
  if (!std::isfinite(std::abs(from))) from = here.values[i];
  if (!std::isfinite(std::abs(to))) to = there.values[j];
  return std::abs(from - to);
}

/// The assignment that no exchange of two solutions improves. Pairs are compared rather than sums over all solutions: a fast
/// diffusive mode's prediction error must not drown the difference between two slow modes.
Match match(const TrackedPoint& here, const TrackedPoint& there, double step) {
  const std::size_t count = here.values.size();
  Match result{Permutation(count), true};
  std::iota(result.best.begin(), result.best.end(), 0);
  if (count < 2 || count != there.values.size() || !finite(here) || !finite(there)) return result;
  const auto cost = [&](std::size_t i, std::size_t slot) {
    return distance(here, there, i, static_cast<std::size_t>(result.best[slot]), step);
  };
  for (std::size_t round = 0; round < count; ++round) {
    result.certain = true;
    bool exchanged = false;
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t j = i + 1; j < count; ++j) {
        const double straight = cost(i, i) + cost(j, j);
        const double swapped = cost(i, j) + cost(j, i);
        if (swapped < straight) {
          std::swap(result.best[i], result.best[j]);
          exchanged = true;
        }
        if (!(3.0 * std::min(straight, swapped) < std::max(straight, swapped))) result.certain = false;
      }
    }
    if (!exchanged) break;
  }
  return result;
}

Permutation compose(const Permutation& first, const Permutation& then) {
  Permutation both(first.size());
  for (std::size_t i = 0; i < first.size(); ++i) both[i] = then[static_cast<std::size_t>(first[i])];
  return both;
}

constexpr int halvings = 30;  // 1e-9 of an interval

/// Halves an interval until its match is certain and agrees with the certain matches of its two halves, or until `depth` or
/// the budget of solutions is used up.
class Follower {
public:
  explicit Follower(const std::function<TrackedPoint(double)>& solve) : solve_(solve) {}

  Permutation follow(double x, const TrackedPoint& here, double x_next, const TrackedPoint& there, int depth) {
    const Match direct = match(here, there, x_next - x);
    if (depth == 0 || budget_ == 0 || here.values.size() < 2) return direct.best;
    --budget_;
    const double middle = 0.5 * (x + x_next);
    const TrackedPoint between = solve_(middle);
    if (between.values.size() != here.values.size()) return direct.best;
    const Match first = match(here, between, middle - x);
    const Match second = match(between, there, x_next - middle);
    // a tenth of a decade may hide an avoided crossing from both ends: such steps are always divided
    const bool coarse = std::abs(x_next - x) > 0.1 * std::abs(middle) && depth > halvings - 5;
    if (!coarse && direct.certain && first.certain && second.certain &&
        compose(first.best, second.best) == direct.best) {
      return direct.best;
    }
    return compose(follow(x, here, middle, between, depth - 1), follow(middle, between, x_next, there, depth - 1));
  }

private:
  const std::function<TrackedPoint(double)>& solve_;
  int budget_ = 300;  ///< solutions per interval: modes that coincide all along the sweep must not cost 2^depth of them
};

}  // namespace

std::vector<std::vector<int>> track_branches(const std::vector<double>& sweep,
                                             const std::function<TrackedPoint(double)>& solve) {
  std::vector<std::vector<int>> branches;
  TrackedPoint here;
  for (std::size_t i = 0; i < sweep.size(); ++i) {
    TrackedPoint next = solve(sweep[i]);
    std::vector<int> branch(next.values.size());
    std::iota(branch.begin(), branch.end(), 0);
    if (i > 0 && next.values.size() == here.values.size()) {
      const Permutation moved = Follower(solve).follow(sweep[i - 1], here, sweep[i], next, halvings);
      for (std::size_t mode = 0; mode < moved.size(); ++mode) {
        branch[static_cast<std::size_t>(moved[mode])] = branches.back()[mode];
      }
    }
    branches.push_back(std::move(branch));
    here = std::move(next);
  }
  return branches;
}

}  // namespace vitrispin::modes
