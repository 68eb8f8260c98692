#include "vitrispin/film/rotating_profile.hpp"

#include "vitrispin/film/divided_differences.hpp"

namespace vitrispin::film {
namespace {

/// Advance of theta over one step, and the integral of theta - theta(0) over it.
struct Advance {
  Complex theta, integral;
};

Advance advance(const LayerSolution& layer, const Complex& deficit, const FaceState& from, const FaceState& to) {
  const LayerEquation& equation = layer.equation;
  const double h = layer.piece;
  const Complex& rest = layer.admittance.rest_fraction;
  const Complex& mean = layer.admittance.mean_mm;
  const Complex j_sum = from.j + to.j;
  const Complex p_rest = rest * equation.turn * from.chi;
  // D chi_m (p(0) - p(h)) = tanh(kappa h/2)/kappa (J1(0) + J1(h)): from the currents, since the p hardly differ.
  const Complex theta = 0.5 * h * (from.twist + to.twist + rest * deficit * j_sum);
  const Complex start = from.twist + rest * from.j;
  const Complex drag = equation.twist_leak_with_local_m() * from.chi;
  const Complex integral = start * (0.5 * h * h) - drag * (h * h * h / 6) -
                           rest * (equation.m_stiffness * (from.p - p_rest) * h * deficit + mean * mean * j_sum);
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
    const Complex deficit = layer.equation.carries_m ? mean_deficit(layer.roots.q1, layer.piece) : Complex(0);
    for (std::size_t n = 0; n + 1 < layer.nodes.size(); ++n) {
      const Advance step = advance(layer, deficit, layer.nodes[n], layer.nodes[n + 1]);
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
