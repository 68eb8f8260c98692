#pragma once

#include <cmath>
#include <vector>

#include "vitrispin/dynamics/fields.hpp"
#include "vitrispin/dynamics/forcing.hpp"
#include "vitrispin/physics/contact.hpp"
#include "vitrispin/physics/dynamics.hpp"
#include "vitrispin/physics/stack.hpp"

/// The equations of a stack cut into cells, cell by cell from the pointwise functions of physics/, the boundary and
/// interface conditions as they stand there; in numbers of 113 bits, so that full M and H may be subtracted.
namespace vitrispin::test {

using Quad = __float128;
using QuadVector = Vector3<Quad>;

struct QuadState {
  std::vector<QuadVector> M, m, theta;  ///< deviations, as in dynamics::Fields
  explicit QuadState(std::size_t nodes) : M(nodes), m(nodes), theta(nodes) {}
};

inline QuadState widened(const dynamics::Fields<double>& z) {
  QuadState wide(z.nodes());
  for (std::size_t i = 0; i < z.nodes(); ++i) {
    for (std::size_t k = 0; k < 3; ++k) {
      wide.M[i][k] = z.M(k)[i];
      wide.m[i][k] = z.m(k)[i];
      wide.theta[i][k] = z.theta(k)[i];
    }
  }
  return wide;
}

inline physics::Material<Quad> widened(const physics::Material<double>& material) {
  physics::Material<Quad> wide;
  wide.kind = material.kind;
  wide.gyromagnetic_ratio = material.gyromagnetic_ratio;
  wide.equilibrium_susceptibility = material.equilibrium_susceptibility;
  wide.accumulation_susceptibility = material.accumulation_susceptibility;
  wide.lattice_relaxation_time = material.lattice_relaxation_time;
  wide.accumulation_lattice_relaxation_time = material.accumulation_lattice_relaxation_time;
  wide.cross_relaxation_time = material.cross_relaxation_time;
  wide.diffusivity = material.diffusivity;
  wide.spin_stiffness = material.spin_stiffness;
  wide.anisotropy = material.anisotropy;
  wide.damping = material.damping;
  for (std::size_t k = 0; k < 3; ++k) wide.remanence[k] = material.remanence[k];
  return wide;
}

class ReferenceEquations {
public:
  explicit ReferenceEquations(const physics::Stack& stack) : stack_(stack) {
    for (std::size_t k = 0; k < 3; ++k) H_[k] = stack.H[k];
    if (mixes(stack.left, stack.layers.front())) nodes_.push_back({});
    for (std::size_t s = 0; s < stack.layers.size(); ++s) {
      for (int i = 0; i < stack.layers[s].cells; ++i) {
        nodes_.push_back({true, s, Quad(stack.layers[s].thickness) / stack.layers[s].cells});
      }
      if (s + 1 < stack.layers.size() && mixes(s)) nodes_.push_back({});
    }
    if (mixes(stack.right, stack.layers.back())) nodes_.push_back({});
    for (const physics::Layer& layer : stack.layers) materials_.push_back(widened(layer.material));
  }

  std::size_t nodes() const { return nodes_.size(); }

  /// dz/dt; without precession what is linear in z and in the forcing.
  QuadState rates(const dynamics::Forcing& forcing, const QuadState& z, bool with_precession) const {
    const std::size_t n = nodes();
    for (std::size_t s = 0; s < materials_.size(); ++s) materials_[s].anisotropy = forcing.anisotropy[s];
    std::vector<physics::State<Quad>> states(n);
    std::vector<physics::EffectiveFields<Quad>> fields(n);
    for (std::size_t i = 0; i < n; ++i) {
      if (!nodes_[i].cell) continue;
      QuadVector H = H_;
      for (std::size_t k = 0; k < 3; ++k) {
        if (!forcing.field[k].empty()) H[k] += Quad(forcing.field[k][i]);
      }
      states[i] = {equilibrium_M(i) + z.M[i], equilibrium_m(i) + z.m[i], z.theta[i]};
      fields[i] = physics::effective_fields(material(i), states[i], QuadVector{}, H);
    }
    std::vector<QuadVector> inflow(n), pull(n);  // of m [A/s], of torque [J/m^2], into each node
    QuadState rates(n);
    const auto two_cells = [&](std::size_t i) {
      const Quad g = in_series(in_series(half_cell(i), interface_between(i)), half_cell(i + 1));
      const QuadVector j = physics::interface_current(g, fields[i].h_star, fields[i + 1].h_star);
      inflow[i] = inflow[i] - j;
      inflow[i + 1] = inflow[i + 1] + j;
      const QuadVector t = in_series(half_stiffness(i), half_stiffness(i + 1)) * (z.theta[i + 1] - z.theta[i]);
      pull[i] = pull[i] + t;
      pull[i + 1] = pull[i + 1] - t;
    };
    // theta of a contact that turns by rho_s d_n theta = -beta (rate - gamma mu0 h_c); returns J_c
    const auto turn = [&](std::size_t contact, std::size_t glass, double mixing, const QuadVector& h_c) {
      const QuadVector torque = half_stiffness(glass) * (z.theta[contact] - z.theta[glass]);
      pull[glass] = pull[glass] + torque;
      const Quad beta = physics::mixing_coefficient(Quad(mixing));
      const Quad gamma = material(glass).gyromagnetic_ratio;
      // mixing_torque is affine in the rate
      const QuadVector at_rest = physics::mixing_torque(beta, gamma, QuadVector{}, h_c);
      rates.theta[contact] = (1 / beta) * (at_rest - torque);
    };
    for (std::size_t i = 0; i + 1 < n; ++i) {
      if (nodes_[i].cell && nodes_[i + 1].cell) two_cells(i);
    }
    for (std::size_t i = 1; i + 1 < n; ++i) {
      if (nodes_[i].cell) continue;
      const bool glass_left = material(i - 1).has_texture();
      const std::size_t glass = glass_left ? i - 1 : i + 1, metal = glass_left ? i + 1 : i - 1;
      const physics::Interface& interface = stack_.interfaces[nodes_[i - 1].layer];
      const Quad Y = in_series(half_cell(glass), Quad(interface.conductance));
      const Quad G = half_cell(metal);
      const QuadVector J_c =
          (material(glass).gyromagnetic_ratio * half_stiffness(glass)) * (z.theta[i] - z.theta[glass]);
      // Y (h_c - h_glass) + J_c = G (h_metal - h_c)
      const QuadVector h_c = (1 / (Y + G)) * (Y * fields[glass].h_star + G * fields[metal].h_star - J_c);
      // along the normal from glass to metal
      const QuadVector from_glass = physics::interface_current(Y, fields[glass].h_star, h_c);
      const QuadVector into_metal = physics::interface_current(G, h_c, fields[metal].h_star);
      inflow[glass] = inflow[glass] - from_glass;
      inflow[metal] = inflow[metal] + into_metal;
      turn(i, glass, interface.mixing, h_c);
    }
    outer_face(stack_.left, 0, forcing.left_current, forcing.left_potential, z, fields, inflow, pull, turn);
    outer_face(stack_.right, n - 1, forcing.right_current, forcing.right_potential, z, fields, inflow, pull, turn);
    for (std::size_t i = 0; i < n; ++i) {
      if (!nodes_[i].cell) continue;
      const auto& glass = material(i);
      const QuadVector divergence = -((1 / nodes_[i].width) * inflow[i]);
      physics::State<Quad> state = states[i];
      if (!with_precession) state.M = state.m = QuadVector{};
      if (glass.has_texture()) {
        fields[i].torque = (1 / nodes_[i].width) * pull[i] - glass.anisotropy * z.theta[i];
        rates.M[i] = physics::magnetization_rate(glass, state, fields[i]);
        rates.theta[i] = physics::texture_rotation_rate(glass, fields[i]);
      }
      rates.m[i] = physics::accumulation_rate(glass, state, fields[i], divergence);
    }
    return rates;
  }

  bool is_cell(std::size_t i) const { return nodes_[i].cell; }
  const physics::Material<Quad>& material(std::size_t i) const { return materials_[nodes_[i].layer]; }

private:
  struct Node {
    bool cell = false;
    std::size_t layer = 0;
    Quad width = 0;
  };

  static bool stiff(const physics::Layer& layer) {
    return layer.material.has_texture() && layer.material.spin_stiffness > 0;
  }
  static bool mixes(const physics::Boundary& face, const physics::Layer& layer) {
    return face.mixing != 0 && stiff(layer);
  }
  bool mixes(std::size_t interface) const {
    return stack_.interfaces[interface].mixing != 0 &&
           (stiff(stack_.layers[interface]) || stiff(stack_.layers[interface + 1]));
  }
  static Quad in_series(Quad a, Quad b) { return a == 0 || b == 0 ? Quad(0) : 1 / (1 / a + 1 / b); }
  Quad half_cell(std::size_t i) const {
    return 2 * material(i).diffusivity * material(i).accumulation_susceptibility / nodes_[i].width;
  }
  Quad half_stiffness(std::size_t i) const {
    return material(i).has_texture() ? 2 * material(i).spin_stiffness / nodes_[i].width : Quad(0);
  }
  Quad interface_between(std::size_t i) const {
    return nodes_[i].layer == nodes_[i + 1].layer ? Quad(physics::perfect)
                                                  : Quad(stack_.interfaces[nodes_[i].layer].conductance);
  }
  QuadVector equilibrium_M(std::size_t i) const {
    return material(i).has_texture() ? physics::equilibrium_magnetization(material(i), H_) : QuadVector{};
  }
  QuadVector equilibrium_m(std::size_t i) const {
    return material(i).has_texture() ? QuadVector{} : material(i).accumulation_susceptibility * H_;
  }

  template <class Turn>
  void outer_face(const physics::Boundary& face, std::size_t end, const Vector3<double>& current,
                  const Vector3<double>& potential, const QuadState& z,
                  const std::vector<physics::EffectiveFields<Quad>>& fields, std::vector<QuadVector>& inflow,
                  std::vector<QuadVector>& pull, const Turn& turn) const {
    const bool contact = !nodes_[end].cell;
    const std::size_t cell = !contact ? end : end == 0 ? 1 : end - 1;
    const auto wide = [](const Vector3<double>& v) { return QuadVector(v[0], v[1], v[2]); };
    if (face.accumulation == physics::AccumulationBoundary::current) inflow[cell] = inflow[cell] + wide(current);
    if (face.accumulation == physics::AccumulationBoundary::contact) {
      const Quad Y = in_series(half_cell(cell), Quad(face.conductance));
      inflow[cell] = inflow[cell] - physics::contact_current(Y, fields[cell].h_star, wide(potential));
    }
    if (contact) turn(end, cell, face.mixing, wide(potential));
    if (face.twist == physics::TwistBoundary::clamped) pull[cell] = pull[cell] - half_stiffness(cell) * z.theta[cell];
    if (face.twist == physics::TwistBoundary::torque) {
      pull[cell] = pull[cell] + QuadVector(face.torque[0].real(), face.torque[1].real(), face.torque[2].real());
    }
  }

  physics::Stack stack_;
  QuadVector H_;
  std::vector<Node> nodes_;
  mutable std::vector<physics::Material<Quad>> materials_;
};

}  // namespace vitrispin::test
