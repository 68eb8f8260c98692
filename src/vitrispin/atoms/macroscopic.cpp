#include "vitrispin/atoms/macroscopic.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "vitrispin/atoms/free_turns.hpp"
#include "vitrispin/atoms/harmonic.hpp"
#include "vitrispin/core/errors.hpp"

namespace vitrispin::atoms {
namespace {

/// Dense algebra, where conjugate gradients do not get there.
constexpr std::size_t most_dense = 2000;

Vector3<double> unit_axis(std::size_t k) {
  Vector3<double> n;
  n[k] = 1;
  return n;
}

void add(Spins& to, double factor, const Spins& v) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = to[i] + factor * v[i];
}

/// Conjugate gradients, scaled by the local fields, without the free turns. The error of b.x is of second order in the
/// residual left.
class Solver {
public:
  Solver(const Couplings& couplings, const Spins& spins)
      : couplings_(couplings), spins_(spins), fields_(fields(couplings, spins)), turns_(couplings, spins) {
    double mean = 0;
    for (std::size_t i = 0; i < spins.size(); ++i) mean += std::abs(dot(spins[i], fields_[i]));
    mean /= static_cast<double>(spins.size());
    for (std::size_t i = 0; i < spins.size(); ++i) {
      const double own = dot(spins[i], fields_[i]);
      scale_.push_back(1 / (own > 1e-6 * mean ? own : mean));
    }
  }

  const FreeTurns& turns() const { return turns_; }

  /// That of spins in their local fields alone.
  double typical_susceptibility() const {
    double sum = 0;
    for (const double scale : scale_) sum += scale;
    return sum;
  }

  Spins solve(Spins b) const {
    project(spins_, b);
    turns_.take_out(b);
    const double size = std::sqrt(inner(b, b));
    Spins x(b.size());
    if (!(size > 0)) return x;
    Spins r = b;
    Spins z = scaled(r);
    Spins d = z;
    double rz = inner(r, z);
    const int most = 200 + 20 * static_cast<int>(std::min<std::size_t>(b.size(), 100000));
    int iteration = 0;
    for (; iteration < most; ++iteration) {
      if (std::sqrt(inner(r, r)) <= tolerance * size) {
        turns_.take_out(x);  // the scaling mixes them in
        return x;
      }
      const Spins Hd = curvature(couplings_, spins_, fields_, d);
      const double dHd = inner(d, Hd);
      if (!(dHd > 1e-14 * std::abs(inner(d, d)) / scale_.front())) break;  // flat, and no turn
      const double alpha = rz / dHd;
      add(x, alpha, d);
      add(r, -alpha, Hd);
      if (iteration % 50 == 49) turns_.take_out(r);  // what rounding brings back
      z = scaled(r);
      const double now = inner(r, z);
      for (std::size_t i = 0; i < d.size(); ++i) d[i] = z[i] + (now / rz) * d[i];
      rz = now;
    }
    if (b.size() <= most_dense) return dense_solve(couplings_, spins_, b);
    throw ConvergenceError("the linear response of the spins", iteration, std::sqrt(inner(r, r)) / size, tolerance);
  }

private:
  static constexpr double tolerance = 1e-9;

  Spins scaled(const Spins& r) const {
    Spins z(r.size());
    for (std::size_t i = 0; i < r.size(); ++i) z[i] = scale_[i] * r[i];
    return z;
  }

  const Couplings& couplings_;
  const Spins& spins_;
  Spins fields_;
  FreeTurns turns_;
  std::vector<double> scale_;
};

using Matrix = std::array<std::array<double, 3>, 3>;

/// trace of G P^-1 G, P symmetric and positive; along axes where P vanishes nothing turns.
double trace_through(const Matrix& G, Matrix P) {
  // Gauss elimination of [P | G] with the identity added where a turn does not exist.
  double largest = 0;
  for (std::size_t k = 0; k < 3; ++k) largest = std::max(largest, P[k][k]);
  if (!(largest > 0)) return 0;
  for (std::size_t k = 0; k < 3; ++k) {
    if (P[k][k] < 1e-14 * largest) P[k][k] = largest;
  }
  Matrix X = G;
  for (std::size_t k = 0; k < 3; ++k) {
    for (std::size_t row = k + 1; row < 3; ++row) {
      const double share = P[row][k] / P[k][k];
      for (std::size_t c = 0; c < 3; ++c) {
        P[row][c] -= share * P[k][c];
        X[row][c] -= share * X[k][c];
      }
    }
  }
  for (std::size_t k = 3; k-- > 0;) {
    for (std::size_t c = 0; c < 3; ++c) {
      for (std::size_t j = k + 1; j < 3; ++j) X[k][c] -= P[k][j] * X[j][c];
      X[k][c] /= P[k][k];
    }
  }
  double trace = 0;
  for (std::size_t a = 0; a < 3; ++a) {
    for (std::size_t b = 0; b < 3; ++b) trace += G[a][b] * X[b][a];
  }
  return trace;
}

/// Slope of the field in a twist about n along direction a, and the curvature of the energy with the spins only turned.
struct TwistTerms {
  Spins slope;
  double bare = 0;
};

TwistTerms twist_terms(const Couplings& exchange, const Spins& spins, std::size_t a, std::size_t k) {
  TwistTerms terms{Spins(spins.size()), 0};
  const Vector3<double> n = unit_axis(k);
  for (std::size_t i = 0; i < spins.size(); ++i) {
    const Vector3<double>& u = spins[i];
    if (!exchange.own_J.empty()) terms.bare += exchange.own_Jdd[i][a] * (1 - u[k] * u[k]) / 2;
    for (std::size_t e = exchange.first[i]; e < exchange.first[i + 1]; ++e) {
      const Vector3<double>& w = spins[exchange.neighbour[e]];
      terms.bare += exchange.Jdd[e][a] * (dot(u, w) - u[k] * w[k]) / 2;
      terms.slope[i] = terms.slope[i] - exchange.Jd[e][a] * cross(n, w);
    }
  }
  return terms;
}

}  // namespace

Spins constrained_solve(const Couplings& couplings, const Spins& spins, const Spins& b) {
  return Solver(couplings, spins).solve(b);
}

Response response(const Couplings& exchange, const Spins& spins, std::size_t directions) {
  const Solver solver(exchange, spins);
  Response result;
  result.transverse = turning_axes(spins);
  const auto axes = static_cast<double>(result.transverse);
  for (std::size_t k = 0; k < 3; ++k) {
    const Spins uniform(spins.size(), unit_axis(k));
    result.susceptibility += inner(uniform, solver.solve(uniform)) / axes;
    for (std::size_t a = 0; a < directions; ++a) {
      const TwistTerms terms = twist_terms(exchange, spins, a, k);
      const double share = 1 / (axes * static_cast<double>(directions));
      result.bare_stiffness += share * terms.bare;
      result.stiffness += share * (terms.bare - inner(terms.slope, solver.solve(terms.slope)));
    }
  }
  // What is left of parts that cancel, as in a ferromagnet's field or in clusters that a twist only turns, is none.
  double bonds = 0;
  for (const auto& Jdd : exchange.Jdd) bonds += (std::abs(Jdd[0]) + std::abs(Jdd[1]) + std::abs(Jdd[2])) / 6;
  if (std::abs(result.stiffness) < 1e-12 * bonds) result.stiffness = 0;
  if (!(result.susceptibility > 1e-12 * solver.typical_susceptibility())) result.susceptibility = 0;
  return result;
}

Rotation rotation(const Couplings& couplings, const Spins& spins) {
  Rotation result;
  if (couplings.isotropic()) return result;
  const Solver solver(couplings, spins);
  const Spins h = fields(couplings, spins);
  std::array<Spins, 3> turns;
  for (std::size_t k = 0; k < 3; ++k) {
    for (const Vector3<double>& u : spins) turns[k].push_back(cross(unit_axis(k), u));
    result.rigid += inner(turns[k], curvature(couplings, spins, h, turns[k])) / 3;
    solver.turns().take_out(turns[k]);
  }
  // The energy at a given mean angle theta is theta G (T H^-1 T)^-1 G theta/2, G = T T.
  Matrix G{};
  Matrix P{};
  for (std::size_t a = 0; a < 3; ++a) {
    const Spins relaxed = solver.solve(turns[a]);
    for (std::size_t b = 0; b < 3; ++b) {
      G[a][b] = inner(turns[a], turns[b]);
      P[b][a] = inner(turns[b], relaxed);
    }
  }
  result.relaxed = trace_through(G, P) / 3;
  return result;
}

Spins turned(const Spins& spins, const Vector3<double>& axis, double angle) {
  Spins result;
  for (const Vector3<double>& u : spins) {
    result.push_back(std::cos(angle) * u + std::sin(angle) * cross(axis, u) +
                     ((1 - std::cos(angle)) * dot(axis, u)) * axis);
  }
  return result;
}

}  // namespace vitrispin::atoms
