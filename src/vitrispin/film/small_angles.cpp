#include "vitrispin/film/small_angles.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "vitrispin/film/face_network.hpp"
#include "vitrispin/film/rotating_profile.hpp"

namespace vitrispin::film {

double largest_over_phase(const ComplexVector& v) {
  double scale = 0;
  for (std::size_t i = 0; i < 3; ++i) scale = std::max(scale, std::abs(v[i]));
  if (scale == 0 || !std::isfinite(scale)) return scale;
  const ComplexVector unit = (1.0 / scale) * v;
  const double square = std::norm(unit.x()) + std::norm(unit.y()) + std::norm(unit.z());
  return scale * std::sqrt(0.5 * (square + std::abs(dot(unit, unit))));
}

namespace {

/// theta anywhere in a layer. A place between two nodes is a face, and what lies to either side of it up to the nodes are
/// layers by themselves; where the texture rotates as one, theta follows from the currents at the nodes.
class AngleInside {
public:
  AngleInside(const FilmState& state, std::size_t layer)
      : state_(state),
        layer_(layer),
        intervals_(state.face(layer, Side::right)),
        width_(state.helicities[1].layers[layer].thickness / static_cast<double>(intervals_)) {}

  std::size_t intervals() const { return intervals_; }
  double width() const { return width_; }
  double at_node(std::size_t node) const {
    return largest_over_phase(
        state_.at(layer_, node, [](const LayerSolution&, const FaceState& face) { return face.theta; }));
  }

  /// Length of theta, at its largest over the phase, at distance x from the left face.
  double operator()(double x) const {
    const std::size_t node = std::min(static_cast<std::size_t>(x / width_), intervals_ - 1);
    const double inside = x - static_cast<double>(node) * width_;
    if (!(inside > 0)) return at_node(node);
    if (!(inside < width_)) return at_node(node + 1);
    std::array<Complex, 3> theta;
    for (std::size_t h = 0; h < 3; ++h) {
      const LayerSolution& layer = state_.helicities[h].layers[layer_];
      if (!state_.helicities[h].driven) continue;
      theta[h] = layer.equation.motion == TwistMotion::rotating ? rotating_theta(layer, node, inside / width_)
                                                                : -chi(h, node, inside);
    }
    return largest_over_phase(state_.axis.vector(theta[0], theta[1], theta[2]));
  }

private:
  Complex chi(std::size_t h, std::size_t node, double x) const {
    const LayerSolution& solution = state_.helicities[h].layers[layer_];
    const LayerEquation& layer = solution.equation;
    const FaceState& left = solution.nodes[node];
    const FaceState& right = solution.nodes[node + 1];
    const LayerAdmittance a = layer_admittance(layer, solution.roots, x);
    const LayerAdmittance b = layer_admittance(layer, solution.roots, width_ - x);
    const FaceNodes nodes(a.driving + b.driving, layer.turn, !layer.carries_m, !layer.carries_twist);
    const Complex m = a.transfer_m * left.p + b.transfer_m * right.p +
                      layer.turn * (a.transfer_cross * left.chi + b.transfer_cross * right.chi);
    const Complex twist = a.transfer_cross * left.p + b.transfer_cross * right.p + a.transfer_twist * left.chi +
                          b.transfer_twist * right.chi;
    const Potentials u = nodes.solve(m, twist);
    return layer.carries_twist ? u.chi : layer.local_chi(u.p);
  }

  const FilmState& state_;
  std::size_t layer_, intervals_;
  double width_;
};

/// Places between two nodes at which a sum of decaying waves of these wave numbers can be large: dense at both ends, on the scale of
/// each decay, and along weakly damped waves.
std::vector<double> places(const std::vector<Complex>& kappas, double width) {
  std::vector<double> x{0.5 * width};
  for (const Complex& kappa : kappas) {
    const double size = std::abs(kappa);
    if (!(size * width > 0.05)) continue;
    for (double decays = 0.125; decays < 40; decays *= 2) {
      const double place = decays / size;
      if (place >= width) break;
      x.push_back(place);
      x.push_back(width - place);
    }
    if (kappa.real() > 0.3 * std::abs(kappa.imag())) continue;
    const double turns = std::min(64.0, std::ceil(2 * std::abs(kappa.imag()) * width));
    for (double i = 1; i < turns; ++i) x.push_back(width * i / turns);
  }
  std::sort(x.begin(), x.end());
  x.erase(std::unique(x.begin(), x.end()), x.end());
  return x;
}

/// A place and the angle there.
struct Sample {
  double x, angle;
};

/// The largest value of a function that is larger at b than at a and c: by parabolas through three places, golden sections where a
/// parabola does not serve. At a maximum an error of 1e-7 in the place is one of 1e-14 in the value.
double refined(const AngleInside& angle, Sample a, Sample b, Sample c) {
  constexpr double golden = 0.3819660112501051;
  for (int i = 0; i < 60 && c.x - a.x > 1e-7 * c.x; ++i) {
    const double left = (b.x - a.x) * (b.angle - c.angle);
    const double right = (c.x - b.x) * (b.angle - a.angle);
    const double step = 0.5 * ((c.x - b.x) * right - (b.x - a.x) * left) / (left + right);
    double x = b.x + step;
    // What a parabola would still gain.
    const double gain = left + right > 0 ? step * step * (left + right) / ((b.x - a.x) * (c.x - b.x) * (c.x - a.x)) : 1;
    if (i > 2 && gain < 1e-14 * b.angle) break;
    const bool serves = std::isfinite(x) && x > a.x && x < c.x && x != b.x && i % 4 != 3;
    if (!serves) x = b.x - a.x > c.x - b.x ? b.x - golden * (b.x - a.x) : b.x + golden * (c.x - b.x);
    const Sample next{x, angle(x)};
    if (next.angle > b.angle) {
      (x < b.x ? c : a) = b;
      b = next;
    } else {
      (x < b.x ? a : c) = next;
    }
  }
  return b.angle;
}

/// Wave numbers of a layer for the helicities that are driven.
std::vector<Complex> wave_numbers(const FilmState& state, std::size_t layer) {
  std::vector<Complex> kappas;
  for (const HelicitySolution& helicity : state.helicities) {
    if (!helicity.driven) continue;
    for (const Complex& q : {helicity.layers[layer].roots.q1, helicity.layers[layer].roots.q2}) {
      const Complex kappa = std::sqrt(q);
      const bool known = std::any_of(kappas.begin(), kappas.end(), [&](const Complex& other) {
        return std::abs(other - kappa) <= 0.01 * std::abs(kappa);
      });
      if (!known && std::abs(kappa) > 0 && std::isfinite(std::abs(kappa))) kappas.push_back(kappa);
    }
  }
  return kappas;
}

/// What theta inside an interval can come to, from its ends: theta there and what p there drives.
double bound(const FilmState& state, std::size_t layer, std::size_t node) {
  double sum = 0;
  for (const HelicitySolution& helicity : state.helicities) {
    const LayerSolution& solution = helicity.layers[layer];
    if (!helicity.driven) continue;
    const Complex& q1 = solution.roots.q1;
    const Complex& q2 = solution.roots.q2;
    const double drive = solution.equation.carries_twist
                             ? std::abs(solution.equation.exchange) / solution.equation.twist_stiffness
                             : 0.0;
    const double stiffness = std::max({std::abs(q1 - q2), std::abs(q2), 1e-300});
    for (const std::size_t n : {node, node + 1}) {
      sum += std::abs(solution.nodes[n].chi) + drive / stiffness * std::abs(solution.nodes[n].p);
    }
  }
  return 2 * sum;
}

}  // namespace

double largest_angle(const FilmState& state, const TextureGroup& group) {
  if (turns_point_by_point(state, group.first)) return std::numeric_limits<double>::quiet_NaN();
  double largest = 0;
  for (std::size_t i = group.first; i <= group.last; ++i) {
    for (std::size_t n = 0; n <= state.face(i, Side::right); ++n) {
      const ComplexVector theta =
          state.at(i, n, [](const LayerSolution&, const FaceState& face) { return face.theta; });
      largest = std::max(largest, largest_over_phase(theta));
    }
  }
  if (!std::isfinite(largest)) return largest;
  const bool rotating = group.motion == TwistMotion::rotating;
  for (std::size_t i = group.first; i <= group.last; ++i) {
    const AngleInside angle(state, i);
    const std::vector<double> inside = places(wave_numbers(state, i), angle.width());
    std::vector<Sample> samples;
    for (std::size_t n = 0; n <= angle.intervals(); ++n) {
      const double start = static_cast<double>(n) * angle.width();
      samples.push_back({start, angle.at_node(n)});
      if (n == angle.intervals()) continue;
      if (rotating ? !state.helicities[1].layers[i].equation.carries_twist : bound(state, i, n) <= largest) continue;
      for (const double x : inside) samples.push_back({start + x, angle(start + x)});
    }
    for (std::size_t k = 0; k < samples.size(); ++k) {
      largest = std::max(largest, samples[k].angle);
      if (samples[k].angle <= 0.8 * largest) continue;
      if (k > 0 && samples[k].angle < samples[k - 1].angle) continue;
      if (k + 1 < samples.size() && samples[k].angle < samples[k + 1].angle) continue;
      if (k > 0 && k + 1 < samples.size()) {
        largest = std::max(largest, refined(angle, samples[k - 1], samples[k], samples[k + 1]));
        continue;
      }
      // Largest at a face: or just inside, where a current turns the texture first one way and then the other.
      const Sample& next = k == 0 ? samples[1] : samples[k - 1];
      constexpr double closest = 1e-6;  // what grows over less than this of the way gains less than rounding
      if (!(angle(samples[k].x + closest * (next.x - samples[k].x)) > samples[k].angle)) continue;
      Sample outer = next;
      for (double part = 0.5; part > closest; part *= 0.5) {
        const double x = samples[k].x + part * (next.x - samples[k].x);
        const Sample inner{x, angle(x)};
        if (inner.angle > samples[k].angle && inner.angle >= outer.angle) {
          const Sample& low = k == 0 ? samples[k] : outer;
          const Sample& high = k == 0 ? outer : samples[k];
          largest = std::max(largest, refined(angle, low, inner, high));
          break;
        }
        outer = inner;
      }
    }
  }
  return largest;
}

}  // namespace vitrispin::film
