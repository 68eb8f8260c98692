#include "vitrispin/film/layer_admittance.hpp"

#include <algorithm>
#include <cmath>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/film/divided_differences.hpp"

namespace vitrispin::film {
namespace {

/// Where the answer of a channel that is alone goes.
struct Channel {
  Complex Admittance::*ground;
  Complex LayerAdmittance::*transfer;
  Complex LayerAdmittance::*mean;
};
/// m alone moves: metals, ferromagnets, glasses without stiffness.
constexpr Channel m_alone{&Admittance::m_ground, &LayerAdmittance::transfer_m, &LayerAdmittance::mean_mm};
/// The texture alone moves: a glass without diffusion.
constexpr Channel twist_alone{&Admittance::twist_ground, &LayerAdmittance::transfer_twist, &LayerAdmittance::mean_tt};

LayerAdmittance one_channel(const Channel& channel, const Complex& leak, double stiffness, const Complex& q, double d) {
  const SingleFunctions functions = layer_functions(q, d);
  LayerAdmittance admittance;
  admittance.shunt.*channel.ground = functions.mean * leak;
  admittance.*channel.transfer = stiffness * functions.transfer;
  admittance.driving = admittance.shunt;
  admittance.driving.*channel.ground += admittance.*channel.transfer;
  admittance.*channel.mean = functions.mean;
  return admittance;
}

LayerAdmittance both_channels(const LayerEquation& layer, const LayerRoots& roots, double d) {
  const LayerFunctions functions = layer_functions(roots.q1, roots.q2, roots.separation, d);
  const auto& [mean, transfer, shunt_slope] = functions;
  const Complex& r = layer.exchange;
  LayerAdmittance admittance;
  admittance.mean_mm = mean.at_1 - roots.shift * mean.slope;
  admittance.mean_tt = mean.at_2 + roots.shift * mean.slope;
  admittance.mean_mt = -(r * layer.turn / layer.m_stiffness) * mean.slope;
  admittance.mean_tm = -(r / layer.twist_stiffness) * mean.slope;
  admittance.shunt.edge = r * shunt_slope;
  admittance.shunt.m_ground =
      admittance.mean_mm * layer.m_to_lattice - mean.slope * r * (layer.twist_to_lattice / layer.twist_stiffness);
  admittance.shunt.twist_ground = admittance.mean_tt * layer.twist_to_lattice -
                                  mean.slope * r * layer.turn * (layer.m_to_lattice / layer.m_stiffness);
  admittance.transfer_m = layer.m_stiffness * (transfer.at_1 - roots.shift * transfer.slope);
  admittance.transfer_twist = layer.twist_stiffness * (transfer.at_2 + roots.shift * transfer.slope);
  admittance.transfer_cross = -r * transfer.slope;
  admittance.driving.edge = admittance.shunt.edge - admittance.transfer_cross;
  admittance.driving.m_ground = admittance.shunt.m_ground + admittance.transfer_m + admittance.transfer_cross;
  admittance.driving.twist_ground =
      admittance.shunt.twist_ground + layer.turn * admittance.transfer_cross + admittance.transfer_twist;
  return admittance;
}

/// The texture turns as one: p relaxes towards p_rest = rest_fraction phi, and the layer drags the texture.
LayerAdmittance rotating(const LayerEquation& layer, double d) {
  LayerAdmittance admittance;
  const Complex& r = layer.exchange;
  if (!layer.carries_m) {
    admittance.shunt.twist_ground = d * layer.twist_leak_with_local_m();
    return admittance;
  }
  const Complex q = layer.p_curvature();
  const SingleFunctions functions = layer_functions(q, d);
  const Complex total = r + layer.m_to_lattice;
  admittance.rest_fraction = total == 0.0 ? Complex(0) : r / total;
  const Complex lost_fraction = total == 0.0 ? Complex(0) : layer.m_to_lattice / total;
  admittance.mean_mm = functions.mean;
  admittance.shunt.edge = r * functions.mean;
  admittance.shunt.m_ground = layer.m_to_lattice * functions.mean;
  admittance.shunt.twist_ground = d * (layer.twist_to_lattice + layer.turn * r * lost_fraction * mean_deficit(q, d));
  admittance.transfer_m = layer.m_stiffness * functions.transfer;
  return admittance;
}

/// Smallest distance of the wave phases from a multiple of pi, as a sine, when the layer is cut into n pieces.
double distance_from_resonance(const Complex& y, int n) {
  const Complex phase = y / static_cast<double>(n);
  if (phase.real() > 0.5 || std::abs(phase.imag()) < 1.5) return 1.0;
  return std::max(std::abs(std::sin(phase.imag())), phase.real());
}

}  // namespace

LayerRoots layer_roots(const LayerEquation& layer) {
  LayerRoots roots{};
  if (layer.motion == TwistMotion::rotating && layer.carries_twist) {
    if (layer.carries_m) roots.q1 = layer.p_curvature();
    return roots;
  }
  if (!layer.carries_twist) {
    if (layer.carries_m) roots.q1 = layer.m_leak_with_local_twist() / layer.m_stiffness;
    return roots;
  }
  if (!layer.carries_m) {
    roots.q2 = layer.twist_leak_with_local_m() / layer.twist_stiffness;
    return roots;
  }
  const Complex t1 = layer.p_curvature();
  const Complex t2 = layer.chi_curvature();
  const Complex coupling = layer.coupling();
  const Complex difference = t1 - t2;
  Complex root = std::sqrt(difference * difference + 4.0 * coupling);
  if ((std::conj(difference) * root).real() < 0) root = -root;
  roots.separation = root;
  roots.shift = coupling == 0.0 ? Complex(0) : 2.0 * coupling / (difference + root);
  roots.q1 = t1 + roots.shift;
  roots.q2 = t2 - roots.shift;
  if (coupling == 0.0) return roots;
  if (std::abs(roots.q1) >= std::abs(roots.q2)) {
    roots.q2 = layer.determinant() / roots.q1;
  } else {
    roots.q1 = layer.determinant() / roots.q2;
  }
  return roots;
}

LayerAdmittance layer_admittance(const LayerEquation& layer, const LayerRoots& roots, double thickness) {
  if (layer.motion == TwistMotion::rotating && layer.carries_twist) return rotating(layer, thickness);
  if (layer.carries_m && layer.carries_twist) return both_channels(layer, roots, thickness);
  if (layer.carries_m) {
    return one_channel(m_alone, layer.m_leak_with_local_twist(), layer.m_stiffness, roots.q1, thickness);
  }
  if (layer.carries_twist) {
    return one_channel(twist_alone, layer.twist_leak_with_local_m(), layer.twist_stiffness, roots.q2, thickness);
  }
  return {};
}

int pieces_away_from_resonance(const LayerEquation& layer, const LayerRoots& roots, double thickness) {
  if (layer.motion != TwistMotion::oscillating) return 1;
  const Complex y1 = std::sqrt(roots.q1) * thickness;
  const Complex y2 = std::sqrt(roots.q2) * thickness;
  int best = 1;
  double best_distance = 0;
  for (int n = 1; n <= 5; ++n) {
    const double distance = std::min(distance_from_resonance(y1, n), distance_from_resonance(y2, n));
    if (distance > best_distance) {
      best = n;
      best_distance = distance;
    }
    if (best_distance > 0.5) break;
  }
  return best;
}

}  // namespace vitrispin::film
