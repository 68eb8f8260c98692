#include "vitrispin/atoms/quench.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "vitrispin/atoms/free_turns.hpp"
#include "vitrispin/atoms/random.hpp"
#include "vitrispin/core/errors.hpp"

namespace vitrispin::atoms {
namespace {

void align(const Couplings& couplings, Spins& spins, const Vector3<double>& field) {
  for (std::size_t i = 0; i < spins.size(); ++i) {
    const Vector3<double> h = field_at(couplings, spins, i, field);
    const double size = std::sqrt(dot(h, h));
    if (size > 0) spins[i] = (1 / size) * h;
  }
}

/// Half a turn about the field: keeps the energy, moves the state on.
void overrelax(const Couplings& couplings, Spins& spins, const Vector3<double>& field) {
  for (std::size_t i = 0; i < spins.size(); ++i) {
    const Vector3<double> h = field_at(couplings, spins, i, field);
    const double squared = dot(h, h);
    if (squared == 0) continue;
    const Vector3<double> u = (2 * dot(h, spins[i]) / squared) * h - spins[i];
    spins[i] = (1 / std::sqrt(dot(u, u))) * u;
  }
}

void add(Spins& to, double factor, const Spins& v) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = to[i] + factor * v[i];
}

/// The largest root t of |p + t d| = radius.
double to_boundary(const Spins& p, const Spins& d, double radius) {
  const double a = inner(d, d);
  const double b = inner(p, d);
  const double c = inner(p, p) - radius * radius;
  return (-b + std::sqrt(std::max(0.0, b * b - a * c))) / a;
}

/// Local fields, the energy's gradient, and the largest torque that is left.
struct Slope {
  Spins h, g;
  std::optional<FreeTurns> turns;
  double torque = 0;
};

Slope slope_at(const Couplings& couplings, const Spins& spins, const Vector3<double>& field, bool held) {
  Slope slope{fields(couplings, spins, field), {}, {}, 0};
  slope.g = slope.h;
  project(spins, slope.g);
  for (auto& v : slope.g) v = -v;
  slope.torque = residual_torque(spins, slope.h);
  if (!held) return slope;
  slope.turns.emplace(couplings, spins, true);
  slope.turns->take_out(slope.g);
  slope.torque = 0;
  for (std::size_t i = 0; i < spins.size(); ++i) {
    const double size = dot(slope.h[i], slope.h[i]);
    if (size > 0) slope.torque = std::max(slope.torque, std::sqrt(dot(slope.g[i], slope.g[i]) / size));
  }
  return slope;
}

struct Step {
  Spins p;
  bool at_boundary = false;
};

/// Steihaug's conjugate gradients for H p = -g within |p| < radius.
Step solve_step(const Couplings& couplings, const Spins& spins, const Spins& h, const Spins& g, double radius,
                const std::optional<FreeTurns>& held) {
  Step step{Spins(g.size()), false};
  Spins r = g;
  Spins d(g.size());
  add(d, -1, g);
  double rr = inner(r, r);
  // Superlinear: the closer to the minimum, the more exact.
  const double goal = rr * std::min(0.01, std::sqrt(rr / std::max(inner(h, h), 1e-300)));
  // Below this the residual is rounding of the local fields, which has parts along turns of the whole state.
  const double noise = 1e-30 * inner(h, h);
  const std::size_t most = 4 * g.size() + 50;
  for (std::size_t iteration = 0; iteration < most && rr > std::max(goal, noise); ++iteration) {
    Spins Hd = curvature(couplings, spins, h, d);
    if (held) held->take_out(Hd);
    const double dHd = inner(d, Hd);
    const double flat = 1e-14 * inner(d, d) * std::sqrt(inner(h, h) / static_cast<double>(h.size()));
    if (iteration > 0 && std::abs(dHd) <= flat) return step;
    if (dHd <= flat) {
      add(step.p, to_boundary(step.p, d, radius), d);
      step.at_boundary = true;
      return step;
    }
    const double alpha = rr / dHd;
    Spins next = step.p;
    add(next, alpha, d);
    if (inner(next, next) >= radius * radius) {
      add(step.p, to_boundary(step.p, d, radius), d);
      step.at_boundary = true;
      return step;
    }
    step.p = std::move(next);
    add(r, alpha, Hd);
    const double now = inner(r, r);
    for (std::size_t i = 0; i < d.size(); ++i) d[i] = (now / rr) * d[i] - r[i];
    rr = now;
  }
  return step;
}

/// E(moved) - E(spins), each part relative to the step p: no difference of two large sums. With s = sqrt(1 + p^2) the change
/// of a spin is d = (p - u p^2/(1 + s))/s, and that of the energy -d.h - d.L d/2, L d the field of d.
double energy_change(const Couplings& couplings, const Spins& spins, const Spins& h, const Spins& g, const Spins& p) {
  Spins d(p.size());
  double change = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    const double squared = dot(p[i], p[i]);
    const double s = std::sqrt(1 + squared);
    const double back = squared / (1 + s);
    d[i] = (1 / s) * (p[i] - back * spins[i]);
    change += (dot(p[i], g[i]) + back * dot(spins[i], h[i])) / s;
  }
  return change - 0.5 * inner(d, fields(couplings, d));
}

}  // namespace

Spins random_spins(std::uint32_t seed, std::uint32_t sample, std::uint32_t start, const Sites& sites) {
  const Random random(seed, sample, Purpose::start);
  Spins spins;
  for (const std::uint64_t site : sites.numbers) spins.push_back(random.direction(site, start));
  return spins;
}

Quench quench(const Couplings& couplings, Spins start, const Vector3<double>& field, const QuenchSettings& settings) {
  Quench result{std::move(start), 0, 0, 0};
  Spins& spins = result.spins;
  for (int sweep = 0; sweep < settings.sweeps; ++sweep) {
    align(couplings, spins, field);
    overrelax(couplings, spins, field);
  }
  if (settings.sweeps > 0) align(couplings, spins, field);
  const double widest = std::sqrt(static_cast<double>(spins.size()));
  double radius = settings.first_step * widest;
  Slope slope = slope_at(couplings, spins, field, settings.held);
  const double scale =
      std::sqrt(inner(slope.h, slope.h) * static_cast<double>(spins.size()));  // about the energy's size
  result.residual_torque = slope.torque;
  while (result.residual_torque > settings.tolerance) {
    if (++result.steps > settings.most_steps || radius < 1e-14) {
      throw ConvergenceError("the quench", result.steps, result.residual_torque, settings.tolerance);
    }
    const Step step = solve_step(couplings, spins, slope.h, slope.g, radius, slope.turns);
    const double expected = inner(slope.g, step.p) + 0.5 * inner(step.p, curvature(couplings, spins, slope.h, step.p));
    Spins next = moved(spins, step.p);
    Slope next_slope = slope_at(couplings, next, field, settings.held);
    const double change = energy_change(couplings, spins, slope.h, slope.g, step.p);
    // At the minimum itself both changes are rounding: there the torque decides.
    const bool rounding = -expected < 1e-26 * scale && next_slope.torque < slope.torque;
    const double ratio = rounding ? 1.0 : change / expected;
    if (ratio < 0.25 || !std::isfinite(ratio)) {
      radius = std::min(radius, std::sqrt(inner(step.p, step.p))) / 4;
    } else if (ratio > 0.75 && step.at_boundary) {
      radius = std::min(2 * radius, widest);
    }
    if (!(ratio > 0.05)) continue;
    spins = std::move(next);
    slope = std::move(next_slope);
    result.residual_torque = slope.torque;
  }
  result.energy = energy(couplings, spins, field);
  return result;
}

}  // namespace vitrispin::atoms
