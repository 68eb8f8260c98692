#include "vitrispin/film/rotating_profile.hpp"

#include "vitrispin/film/divided_differences.hpp"

namespace vitrispin::film {
namespace {

/// theta from the left end of a layer, or of a stretch of it, and J2.
class LayerTwist {
public:
  explicit LayerTwist(const LayerSolution& layer)
      : LayerTwist(layer, layer.nodes.front(), layer.nodes.back(), layer.thickness) {}
  LayerTwist(const LayerSolution& layer, const FaceState& left, const FaceState& right, double thickness)
      : left_(left),
        right_(right),
        q_(layer.roots.q1),
        d_(thickness),
        rest_(layer.admittance.rest_fraction),
        stiffness_(layer.equation.twist_stiffness),
        whole_(bow(q_, d_, 1).integral) {}

  struct Flow {
    Complex j, twist;
  };
  Flow currents(double u) const {
    const Complex bent = bow(q_, d_, 1 - u).value * left_.j + bow(q_, d_, u).value * right_.j;
    return {(1 - u) * left_.j + u * right_.j + bent, (1 - u) * left_.twist + u * right_.twist - rest_ * bent};
  }

  Complex theta(double u) const {
    const Complex bent = (whole_ - bow(q_, d_, 1 - u).integral) * left_.j + bow(q_, d_, u).integral * right_.j;
    const Complex straight = u * (1 - 0.5 * u) * left_.twist + 0.5 * u * u * right_.twist;
    return (straight - rest_ * bent) * (d_ / stiffness_);
  }

  Complex mean() const {
    const Complex twice = bow_twice_integrated(q_, d_);
    const Complex bent = (whole_ - twice) * left_.j + twice * right_.j;
    return (left_.twist / 3.0 + right_.twist / 6.0 - rest_ * bent) * (d_ / stiffness_);
  }

private:
  FaceState left_, right_;
  Complex q_;
  double d_;
  Complex rest_;
  double stiffness_;
  Complex whole_;
};

}  // namespace

Complex rotating_theta(const LayerSolution& layer, std::size_t node, double share) {
  const double width = layer.thickness / static_cast<double>(layer.nodes.size() - 1);
  return layer.nodes[node].theta + LayerTwist(layer, layer.nodes[node], layer.nodes[node + 1], width).theta(share);
}

void add_rotating_profile(HelicitySolution& solution, const TextureGroup& group) {
  Complex start = 0;
  Complex integral = 0;
  double thickness = 0;
  for (std::size_t i = group.first; i <= group.last; ++i) {
    LayerSolution& layer = solution.layers[i];
    const LayerTwist twist(layer);
    const std::size_t last = layer.nodes.size() - 1;
    for (std::size_t n = 0; n <= last; ++n) {
      const double u = static_cast<double>(n) / static_cast<double>(last);
      layer.nodes[n].theta = start + twist.theta(u);
      if (n == 0 || n == last) continue;
      const auto [j, current] = twist.currents(u);
      layer.nodes[n].j = j;
      layer.nodes[n].twist = current;
    }
    integral += (start + twist.mean()) * layer.thickness;
    thickness += layer.thickness;
    start = layer.nodes[last].theta;
  }
  const Complex mean = integral / thickness;
  for (std::size_t i = group.first; i <= group.last; ++i) {
    for (FaceState& node : solution.layers[i].nodes) node.theta -= mean;
  }
}

}  // namespace vitrispin::film
