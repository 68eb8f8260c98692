#include "vitrispin/film/film_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "vitrispin/core/errors.hpp"

namespace vitrispin::film {
namespace {

bool is_real(const ComplexVector& v) {
  return v.x().imag() == 0 && v.y().imag() == 0 && v.z().imag() == 0;
}

bool is_real(const physics::Boundary& boundary) {
  return is_real(boundary.current) && is_real(boundary.potential) && is_real(boundary.torque);
}

/// Real fields have v_- = conj(v_+).
HelicitySolution mirrored(const HelicitySolution& plus) {
  HelicitySolution minus = plus;
  minus.sigma = -1;
  const auto flip = [](Complex& z) { z = std::conj(z); };
  for (LayerSolution& layer : minus.layers) {
    LayerEquation& e = layer.equation;
    for (Complex* z : {&e.exchange, &e.m_to_lattice, &e.twist_to_lattice, &e.turn, &e.dM_from_p, &e.dM_from_chi,
                       &e.m_from_gap, &e.m_from_p, &e.M_from_p, &e.m_exchange_rate, &e.rate, &e.twist_relaxation,
                       &layer.p_integral, &layer.chi_integral}) {
      flip(*z);
    }
    LayerAdmittance& a = layer.admittance;
    for (Admittance* part : {&a.shunt, &a.driving}) flip(part->edge), flip(part->m_ground), flip(part->twist_ground);
    for (Complex* z : {&a.transfer_m, &a.transfer_cross, &a.transfer_twist, &a.mean_mm, &a.mean_mt, &a.mean_tm,
                       &a.mean_tt, &a.rest_fraction}) {
      flip(*z);
    }
    for (Complex* z : {&layer.roots.q1, &layer.roots.q2, &layer.roots.separation, &layer.roots.shift}) flip(*z);
    for (FaceState& node : layer.nodes) {
      for (Complex* z : {&node.p, &node.chi, &node.theta, &node.j, &node.twist}) flip(*z);
    }
  }
  return minus;
}

void check(const physics::Stack& stack) {
  if (stack.layers.empty()) throw InputError("layers: steady and harmonic experiments need at least one layer");
  if (stack.interfaces.size() + 1 != stack.layers.size()) {
    throw std::logic_error(fmt::format("{} interfaces for {} layers", stack.interfaces.size(), stack.layers.size()));
  }
  for (const physics::Layer& layer : stack.layers) {
    if (!(layer.thickness > 0) || !std::isfinite(layer.thickness)) {
      throw InputError(
          fmt::format("layers.{}.thickness = {} m must be positive and finite", layer.name, layer.thickness));
    }
  }
}

bool is_finite(const Complex& z) {
  return std::isfinite(z.real()) && std::isfinite(z.imag());
}

bool is_finite(const LayerSolution& layer) {
  const LayerEquation& e = layer.equation;
  return is_finite(e.m_to_lattice * layer.p_integral + e.twist_to_lattice * layer.chi_integral) &&
         std::all_of(layer.nodes.begin(), layer.nodes.end(), [](const FaceState& node) {
           return is_finite(node.p) && is_finite(node.j) && is_finite(node.theta) && is_finite(node.chi) &&
                  is_finite(node.twist);
         });
}

/// A pinned texture turns by a torque over K: for K = 1e-300 J/m^3 that may exceed any double. So may products of other
/// parameters on the way to the currents.
[[noreturn]] void refuse(const physics::Layer& layer, int sigma, double omega) {
  const double K = layer.material.has_texture() ? layer.material.anisotropy : 0;
  if (K > 0 && K < 1e-100) {
    throw InputError(fmt::format(
        "layers.{}: the solution exceeds the largest number of the computer, 1.8e308: reduce the drive, or give K = 0 "
        "in place of K = {} J/m^3 for a texture that nothing pins",
        layer.name, K));
  }
  const physics::Material<double>& m = layer.material;
  std::string sizes = fmt::format("thickness = {:.3g} m, chi_m = {:.3g}, D = {:.3g} m^2/s", layer.thickness,
                                  m.accumulation_susceptibility, m.diffusivity);
  if (m.has_texture()) sizes += fmt::format(", rho_s = {:.3g} J/m, K = {:.3g} J/m^3", m.spin_stiffness, K);
  const std::string when = omega == 0             ? "at dc"
                           : std::isfinite(omega) ? fmt::format("at {:.3g} rad/s", omega)
                                                  : "at a frequency beyond 1.8e308 rad/s";
  throw ConvergenceError(
      fmt::format("layers.{}: the numbers of the solution leave double precision, 1e-308 to 1e308, {} for helicity {} "
                  "({}): take parameters of less extreme size; the film's solution",
                  layer.name, when, sigma, sizes),
      0, std::numeric_limits<double>::quiet_NaN(), 0);
}

void check(const physics::Stack& stack, const FilmState& state) {
  for (std::size_t i = 0; i < stack.layers.size(); ++i) {
    for (const HelicitySolution& helicity : state.helicities) {
      if (!is_finite(helicity.layers[i])) refuse(stack.layers[i], helicity.sigma, state.omega);
    }
  }
}

}  // namespace

FilmState solve_film(const physics::Stack& stack, double omega, std::span<const int> steps) {
  check(stack);
  FilmState state;
  state.axis = field_axis(stack);
  state.groups = texture_groups(stack);
  state.omega = omega;
  const FilmProblem problem{stack, state.axis, state.groups, omega};
  state.helicities[1] = solve_helicity(problem, 0, steps);
  state.helicities[2] = solve_helicity(problem, 1, steps);
  const bool real = omega == 0 && is_real(stack.left) && is_real(stack.right);
  state.helicities[0] = real ? mirrored(state.helicities[2]) : solve_helicity(problem, -1, steps);
  check(stack, state);
  return state;
}

FilmState solve_film(const physics::Stack& stack, double omega) {
  const std::vector<int> steps(stack.layers.size(), 1);
  return solve_film(stack, omega, steps);
}

SpinCurrent spin_current(const FilmState& state, std::size_t layer, Side side) {
  const std::size_t node = state.face(layer, side);
  return {state.at(layer, node, [](const LayerSolution&, const FaceState& face) { return face.j; }),
          state.at(layer, node, [](const LayerSolution&, const FaceState& face) { return face.twist; })};
}

Vector3<double> rotation(const FilmState& state, const TextureGroup& group) {
  if (state.omega != 0 || group.motion != TwistMotion::rotating) return {};
  if (!group.uniform) {
    const double undefined = std::numeric_limits<double>::quiet_NaN();
    return {undefined, undefined, undefined};
  }
  return real_part(state.at(group.first, 0, [](const LayerSolution&, const FaceState& face) { return -face.chi; }));
}

bool turns_point_by_point(const FilmState& state, std::size_t layer) {
  if (state.omega != 0) return false;
  return std::any_of(state.groups.begin(), state.groups.end(), [&](const TextureGroup& group) {
    return group.contains(layer) && group.motion == TwistMotion::rotating && !group.uniform;
  });
}

Complex transmission(const ComplexVector& in, const ComplexVector& out) {
  // Scaled by the largest component, so that squares of currents of any size neither overflow nor vanish.
  double scale = 0;
  for (std::size_t i = 0; i < 3; ++i) scale = std::max(scale, std::abs(in[i]));
  if (scale == 0) return {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
  Complex product = 0;
  double square = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const Complex unit = in[i] / scale;
    product += std::conj(unit) * (out[i] / scale);
    square += std::norm(unit);
  }
  return product / square;
}

Vector3<double> real_part(const ComplexVector& v) {
  return {v.x().real(), v.y().real(), v.z().real()};
}

}  // namespace vitrispin::film
