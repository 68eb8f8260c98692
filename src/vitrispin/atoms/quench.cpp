#include "vitrispin/atoms/quench.hpp"

#include <algorithm>
#include <cmath>

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

struct Step {
  Spins p;
  bool at_boundary = false;
};

/// Steihaug's conjugate gradients for H p = -g within |p| < radius.
Step solve_step(const Couplings& couplings, const Spins& spins, const Spins& h, const Spins& g, double radius) {
  Step step{Spins(g.size()), false};
  Spins r = g;
  Spins d(g.size());
  add(d, -1, g);
  double rr = inner(r, r);
  // Superlinear: the closer to the minimum, the more exact.
  const double goal = rr * std::min(0.01, rr / std::max(inner(h, h), 1e-300));
  const std::size_t most = 4 * g.size() + 50;
  for (std::size_t iteration = 0; iteration < most && rr > std::max(goal, 1e-300); ++iteration) {
    const Spins Hd = curvature(couplings, spins, h, d);
    const double dHd = inner(d, Hd);
    if (dHd <= 1e-15 * inner(d, d) * std::sqrt(inner(h, h) / static_cast<double>(h.size()))) {
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

/// E(moved) - E(spins) without the cancellation of two large sums: half the sum of differences times sums.
double energy_change(const Couplings& couplings, const Spins& from, const Spins& to, const Vector3<double>& field) {
  Spins difference(from.size());
  Spins mean(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    difference[i] = to[i] - from[i];
    mean[i] = 0.5 * (to[i] + from[i]);
  }
  return -inner(difference, fields(couplings, mean, field));
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
  double radius = 0.1 * std::sqrt(static_cast<double>(spins.size()));
  const double widest = 10 * radius;
  Spins h = fields(couplings, spins, field);
  result.residual_torque = residual_torque(spins, h);
  while (result.residual_torque > settings.tolerance) {
    if (++result.steps > settings.most_steps || radius < 1e-14) {
      throw ConvergenceError("the quench", result.steps, result.residual_torque, settings.tolerance);
    }
    Spins g = h;
    project(spins, g);
    for (auto& v : g) v = -v;
    const Step step = solve_step(couplings, spins, h, g, radius);
    const double expected = inner(g, step.p) + 0.5 * inner(step.p, curvature(couplings, spins, h, step.p));
    Spins next = moved(spins, step.p);
    const Spins next_h = fields(couplings, next, field);
    const double change = energy_change(couplings, spins, next, field);
    const double torque = residual_torque(next, next_h);
    // Near the minimum both changes are rounding: there the torque decides.
    const bool rounding = std::sqrt(inner(step.p, step.p)) < 1e-6 && torque < result.residual_torque;
    const double ratio = rounding ? 1.0 : change / expected;
    if (ratio < 0.25 || !std::isfinite(ratio)) {
      radius = std::min(radius, std::sqrt(inner(step.p, step.p))) / 4;
    } else if (ratio > 0.75 && step.at_boundary) {
      radius = std::min(2 * radius, widest);
    }
    if (!(ratio > 0.05)) continue;
    spins = std::move(next);
    h = next_h;
    result.residual_torque = torque;
  }
  result.energy = energy(couplings, spins, field);
  return result;
}

}  // namespace vitrispin::atoms
