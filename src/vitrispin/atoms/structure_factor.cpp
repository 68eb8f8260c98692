#include "vitrispin/atoms/structure_factor.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <utility>

#include "vitrispin/atoms/macroscopic.hpp"
#include "vitrispin/core/constants.hpp"

namespace vitrispin::atoms {
namespace {

void scale(Spins& v, double factor) {
  for (auto& x : v) x = factor * x;
}

/// The plane wave of one component and phase, across the spins.
Spins wave(const Spins& spins, const Sites& sites, double k, std::size_t direction, std::size_t component, bool sine) {
  Spins f(spins.size());
  for (std::size_t i = 0; i < f.size(); ++i) {
    const double angle = k * sites.positions[i][direction];
    f[i][component] = sine ? std::sin(angle) : std::cos(angle);
  }
  project(spins, f);
  return f;
}

/// Lanczos' recursion for M from x, in the scalar product of H. Every vector is made orthogonal to all before it, twice:
/// without, rounding brings found frequencies back.
class Recursion {
public:
  Recursion(const Couplings& exchange, const Spins& spins)
      : exchange_(exchange), spins_(spins), h_(fields(exchange, spins)) {}

  /// Adds the weights of f at the frequencies that it excites; returns f.H^-1 f.
  double add(const Spins& f, std::size_t steps, std::vector<std::pair<double, double>>& lines) {
    Spins x = constrained_solve(exchange_, spins_, f);
    Spins Hx = curvature(exchange_, spins_, h_, x);
    const double response = inner(x, Hx);
    if (!(response > 0)) return 0;
    std::vector<Spins> vectors;
    std::vector<Spins> images;
    std::vector<double> beta;
    const double first = std::sqrt(response);
    double size = first;
    while (true) {
      scale(x, 1 / size);
      scale(Hx, 1 / size);
      vectors.push_back(std::move(x));
      images.push_back(std::move(Hx));
      if (vectors.size() == steps) break;
      x.assign(spins_.size(), {});
      for (std::size_t i = 0; i < x.size(); ++i) x[i] = -cross(spins_[i], images.back()[i]);
      for (int twice = 0; twice < 2; ++twice) {
        for (std::size_t p = 0; p < vectors.size(); ++p) {
          const double share = inner(images[p], x);
          for (std::size_t i = 0; i < x.size(); ++i) x[i] = x[i] - share * vectors[p][i];
        }
      }
      Hx = curvature(exchange_, spins_, h_, x);
      size = std::sqrt(std::max(0.0, inner(x, Hx)));
      if (!(size > 1e-9 * largest_)) break;  // all that f excites is found
      largest_ = std::max(largest_, size);
      beta.push_back(size);
    }
    const auto count = static_cast<Eigen::Index>(vectors.size());
    const Eigen::VectorXd diagonal = Eigen::VectorXd::Zero(count);
    const Eigen::VectorXd beside = Eigen::Map<const Eigen::VectorXd>(beta.data(), count - 1);
    Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver;
    solver.computeFromTridiagonal(diagonal, beside);
    for (Eigen::Index j = 0; j < count; ++j) {
      lines.emplace_back(std::abs(solver.eigenvalues()(j)), response * std::pow(solver.eigenvectors()(0, j), 2));
    }
    return response;
  }

private:
  const Couplings& exchange_;
  const Spins& spins_;
  Spins h_;
  double largest_ = 0;
};

}  // namespace

double Lines::median() const {
  double below = 0;
  for (std::size_t i = 0; i < frequency.size(); ++i) {
    below += weight[i];
    if (below >= 0.5) return frequency[i];
  }
  return 0;
}

std::vector<Lines> structure_factor(const Couplings& exchange, const Spins& spins, const Sites& sites,
                                    std::size_t count, std::size_t steps) {
  double edge = sites.box[0];
  if (!sites.line) edge = std::max({sites.box[0], sites.box[1], sites.box[2]});
  std::vector<Lines> all;
  for (std::size_t m = 1; m <= count; ++m) {
    Lines lines;
    lines.k = 2 * constants::pi * static_cast<double>(m) / edge;
    std::vector<std::pair<double, double>> found;
    double sum = 0;
    double waves = 0;
    for (std::size_t a = 0; a < (sites.line ? 1U : 3U); ++a) {
      if (sites.box[a] < edge * (1 - 1e-9)) continue;
      for (std::size_t component = 0; component < 3; ++component) {
        for (const bool sine : {false, true}) {
          sum += Recursion(exchange, spins).add(wave(spins, sites, lines.k, a, component, sine), steps, found);
          waves += 1;
        }
      }
    }
    std::sort(found.begin(), found.end());
    for (const auto& [frequency, weight] : found) {
      lines.frequency.push_back(frequency);
      lines.weight.push_back(weight / sum);
    }
    lines.static_response = 2 * sum / waves;
    all.push_back(std::move(lines));
  }
  return all;
}

}  // namespace vitrispin::atoms
