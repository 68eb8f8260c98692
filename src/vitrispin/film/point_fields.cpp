#include "vitrispin/film/point_fields.hpp"

#include <cmath>

#include "vitrispin/film/divided_differences.hpp"

namespace vitrispin::film {
namespace {

/// A value with the sum of the moduli of what was added to form it: its roundings are that many times epsilon.
struct Estimate {
  Complex value;
  double size = 0;

  friend Estimate operator+(const Estimate& x, const Estimate& y) { return {x.value + y.value, x.size + y.size}; }
  friend Estimate operator-(const Estimate& x, const Estimate& y) { return {x.value - y.value, x.size + y.size}; }
  friend Estimate operator*(const Complex& factor, const Estimate& x) {
    return {factor * x.value, std::abs(factor) * x.size};
  }
};

Estimate exactly(const Complex& value) {
  return {value, std::abs(value)};
}

/// The one whose terms are smaller; `y` may have failed to be finite.
const Estimate& better(const Estimate& x, const Estimate& y) {
  return y.size < x.size ? y : x;
}

/// x/y where both carry roundings.
Estimate quotient(const Estimate& x, const Estimate& y) {
  const Complex value = x.value / y.value;
  return {value, (x.size + std::abs(value) * y.size) / std::abs(y.value)};
}

/// f(x) of f'' = q f from its slopes at the two faces: a mode that decays within the layer leaves no rounding of its
/// surroundings behind.
Estimate from_slopes(const Complex& q, double thickness, double x, const Estimate& left, const Estimate& right) {
  const double phase = std::abs(std::sqrt(q));
  const Estimate from_left = -slope_response(q, thickness, thickness - x) * left;
  const Estimate from_right = slope_response(q, thickness, x) * right;
  return {from_left.value + from_right.value,
          from_left.size * (1 + phase * x) + from_right.size * (1 + phase * (thickness - x))};
}

/// x/d of a node.
double place(const LayerSolution& layer, std::size_t n) {
  return static_cast<double>(n) / static_cast<double>(layer.nodes.size() - 1);
}

/// p - phi, and m if the modes give it.
struct Gap {
  Estimate gap{};
  bool has_m = false;
  Estimate m{};
};

/// Steady rotation: p - rest_fraction phi is one mode, whose slope is the current.
Gap rotating_gap(const LayerSolution& layer, const FaceState& node, double x, const Estimate& direct) {
  const LayerEquation& e = layer.equation;
  const auto slope = [&](const FaceState& face) { return exactly(-face.j / e.m_stiffness); };
  const Estimate mode =
      from_slopes(layer.roots.q1, layer.thickness, x, slope(layer.nodes.front()), slope(layer.nodes.back()));
  const Complex total = e.exchange + e.m_to_lattice;
  const Complex lost = total == 0.0 ? Complex(0) : e.m_to_lattice / total;
  return {better(direct, mode - exactly(lost * e.turn * node.chi))};
}

/// Steady rotation: gamma Gamma' = J2', from the currents at the faces (rotating_profile.hpp).
Estimate rotating_torque(const LayerSolution& layer, double u) {
  const FaceState& left = layer.nodes.front();
  const FaceState& right = layer.nodes.back();
  const Complex& q = layer.roots.q1;
  const Complex& rest = layer.admittance.rest_fraction;
  const Estimate change = exactly(right.twist) - exactly(left.twist) +
                          exactly(rest * bow(q, layer.thickness, 1 - u).slope * left.j) -
                          exactly(rest * bow(q, layer.thickness, u).slope * right.j);
  return (1.0 / layer.thickness) * change;
}

/// Oscillation: with the faster root q and the slower one q', f = (p - phi) + c p, c = (T11 - q')/(exchange/m_stiffness), is the
/// amplitude of the faster mode alone, f'' = q f, and
///
///     m (s + (1-xi) d) = m_stiffness p'' - chi_m b p = exchange f + (m_stiffness q' - chi_m b) p
Gap oscillating_gap(const LayerSolution& layer, const FaceState& node, double x, const Estimate& direct) {
  const LayerEquation& e = layer.equation;
  const bool first_is_faster = std::abs(layer.roots.q1) >= std::abs(layer.roots.q2);
  const Complex& fast = first_is_faster ? layer.roots.q1 : layer.roots.q2;
  const Complex& slow = first_is_faster ? layer.roots.q2 : layer.roots.q1;
  const Estimate m_leak = exactly(e.m_to_lattice / e.m_stiffness);
  const Estimate twist_leak = exactly(e.twist_to_lattice / e.twist_stiffness);
  // (fast - T11 + exchange/m_stiffness) c = m_leak - twist_leak is the same c by the characteristic equation.
  const Estimate c = better((e.m_stiffness / e.exchange) * (m_leak - exactly(slow)),
                            quotient(m_leak - twist_leak, exactly(fast) - m_leak));
  const auto slope = [&](const FaceState& face) {
    return (-face.j / e.m_stiffness) * (exactly(1.0) + c) + exactly(e.turn * face.twist / e.twist_stiffness);
  };
  const Estimate mode = from_slopes(fast, layer.thickness, x, slope(layer.nodes.front()), slope(layer.nodes.back()));
  const Estimate slow_loss = exactly(e.m_stiffness * slow) - exactly(e.m_relaxation);
  return {better(direct, mode - node.p * c), true, e.m_from_gap * mode + (node.p / e.m_exchange_rate) * slow_loss};
}

Gap gap_at(const LayerSolution& layer, std::size_t n) {
  const LayerEquation& e = layer.equation;
  const FaceState& node = layer.nodes[n];
  const Complex phi = e.turn * node.chi;
  const Estimate direct = exactly(node.p) - exactly(phi);
  if (e.turn == 0.0) return {direct};
  if (!e.carries_m) {  // p is local
    const Complex total = e.exchange + e.m_to_lattice;
    return {total == 0.0 ? direct : exactly(-phi * (e.m_to_lattice / total))};
  }
  const double x = layer.thickness * place(layer, n);
  if (!e.carries_twist) {  // chi is local
    const Complex total = e.exchange * e.turn + e.twist_to_lattice;
    return {total == 0.0 ? direct : exactly(node.p * (e.twist_to_lattice / total))};
  }
  return e.motion == TwistMotion::rotating ? rotating_gap(layer, node, x, direct)
                                           : oscillating_gap(layer, node, x, direct);
}

}  // namespace

PointFields point_fields(const LayerSolution& layer, std::size_t n) {
  const LayerEquation& e = layer.equation;
  const FaceState& node = layer.nodes[n];
  PointFields fields;
  fields.delta_m = e.chi_m * node.p;
  if (!e.has_M) {
    fields.m = fields.delta_m;
    return fields;
  }
  const Estimate delta_M = exactly(e.dM_from_p * node.p) + exactly(e.dM_from_chi * node.chi);
  const Gap gap = e.has_twist ? gap_at(layer, n) : Gap{};
  Estimate m = e.m_from_gap * gap.gap + exactly(e.m_from_p * node.p);
  if (gap.has_m) m = better(m, gap.m);
  const Estimate M = exactly(e.M_from_p * node.p) + exactly(e.dM_from_chi * node.chi) - e.m_from_gap * gap.gap;
  fields.delta_M = delta_M.value;
  fields.m = m.value;
  fields.M = better(M, delta_M - m).value;
  if (e.has_twist) {
    Estimate torque = e.exchange * gap.gap - exactly(e.twist_relaxation * node.chi);
    if (e.motion == TwistMotion::rotating && e.carries_twist) {
      torque = better(torque, rotating_torque(layer, place(layer, n)));
    }
    fields.torque = torque.value / e.gamma;
  }
  return fields;
}

}  // namespace vitrispin::film
