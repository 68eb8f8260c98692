#include "vitrispin/film/rotating_profile.hpp"

namespace vitrispin::film {
namespace {

/// Advance of theta over one step, and the integral of theta - theta(0) over it.
struct Advance {
  Complex theta, integral;
};

Advance advance(const LayerSolution& layer, const FaceState& from, const FaceState& to) {
  const LayerEquation& equation = layer.equation;
  const double h = layer.piece;
  const Complex& rest = layer.admittance.rest_fraction;
  const Complex drag = equation.twist_leak_with_local_m() * from.chi;
  const Complex start = from.twist + rest * from.j;
  const Complex stiffness = rest * equation.m_stiffness;
  const Complex p_rest = rest * equation.turn * from.chi;
  const Complex p_integral = layer.admittance.mean_mm * (from.p + to.p - 2.0 * p_rest) + p_rest * h;
  const Complex theta = start * h - drag * (0.5 * h * h) + stiffness * (to.p - from.p);
  const Complex integral = start * (0.5 * h * h) - drag * (h * h * h / 6) + stiffness * (p_integral - from.p * h);
  return {theta / equation.twist_stiffness, integral / equation.twist_stiffness};
}

}  // namespace

void add_rotating_profile(HelicitySolution& solution, const TextureGroup& group) {
  Complex theta = 0;
  Complex integral = 0;
  double thickness = 0;
  for (std::size_t i = group.first; i <= group.last; ++i) {
    LayerSolution& layer = solution.layers[i];
    layer.nodes.front().theta = theta;
    for (std::size_t n = 0; n + 1 < layer.nodes.size(); ++n) {
      const Advance step = advance(layer, layer.nodes[n], layer.nodes[n + 1]);
      integral += theta * layer.piece + step.integral;
      theta += step.theta;
      layer.nodes[n + 1].theta = theta;
      thickness += layer.piece;
    }
  }
  const Complex mean = integral / thickness;
  for (std::size_t i = group.first; i <= group.last; ++i) {
    for (FaceState& node : solution.layers[i].nodes) node.theta -= mean;
  }
}

}  // namespace vitrispin::film
