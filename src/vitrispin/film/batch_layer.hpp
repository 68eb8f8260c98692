#pragma once

#include "vitrispin/core/constants.hpp"
#include "vitrispin/film/batch.hpp"
#include "vitrispin/film/batch_math.hpp"

/// layer_equation, layer_roots, layer_admittance and the steps of face_network and face_junction, one point per lane. The
/// formulas are those of the scalar code, which documents them; what a lane cannot do well it says so (`trusted`).
namespace vitrispin::film {

template <class Machine>
struct LoadLanes {
  Cartesian<Lanes<Machine>> edge, m_ground, twist_ground;
};
template <class Machine>
struct PotentialLanes {
  Cartesian<Lanes<Machine>> p, chi;
};

template <class Machine>
inline Cartesian<Lanes<Machine>> reciprocal(const Cartesian<Lanes<Machine>>& z) {
  const auto inverse = Lanes<Machine>::all(1.0) / squared_modulus(z);
  return {z.re * inverse, -(z.im * inverse)};
}
template <class Machine>
inline Cartesian<Lanes<Machine>> choose(LaneMask<Machine> condition, const Cartesian<Lanes<Machine>>& yes,
                                        const Cartesian<Lanes<Machine>>& no) {
  return {choose(condition, yes.re, no.re), choose(condition, yes.im, no.im)};
}
/// turn z = -i rate z, rate = omega/(gamma mu0).
template <class Machine>
inline Cartesian<Lanes<Machine>> turned(Lanes<Machine> rate, const Cartesian<Lanes<Machine>>& z) {
  return {rate * z.im, -(rate * z.re)};
}

/// What a layer's equation needs besides omega.
template <class Machine>
struct DerivedLanes {
  bool twist = false;
  Lanes<Machine> a, b, d, xi, inverse_rest, rotation, alpha, g, gamma_mu0, gamma_K, chi_m, m_stiffness, twist_stiffness,
      inverse_m_stiffness, inverse_twist_stiffness, thickness;
};

/// `gather` fetches a column's values for this block.
template <class Machine, class Gather>
DerivedLanes<Machine> derive_layer(const LayerColumns& columns, Lanes<Machine> H, int sigma, const Gather& gather) {
  using L = Lanes<Machine>;
  const L one = L::all(1.0);
  const double mu0 = constants::vacuum_permeability;
  DerivedLanes<Machine> layer{};
  layer.twist = columns.kind == physics::MaterialKind::spin_glass;
  layer.b = one / gather(columns.tau_mL);
  layer.chi_m = gather(columns.chi_m);
  layer.m_stiffness = gather(columns.D) * layer.chi_m;
  layer.inverse_m_stiffness = one / layer.m_stiffness;
  layer.thickness = gather(columns.thickness);
  const L gamma = gather(columns.gamma);
  layer.gamma_mu0 = mu0 * gamma;
  if (!layer.twist) {
    layer.rotation = static_cast<double>(sigma) * (layer.gamma_mu0 * H);
    return layer;
  }
  const L chi_M = gather(columns.chi_M);
  layer.xi = layer.chi_m / chi_M;
  layer.inverse_rest = chi_M / (chi_M - layer.chi_m);
  layer.a = one / gather(columns.tau_ML);
  layer.d = (chi_M / layer.chi_m) / gather(columns.tau_Mm);
  layer.alpha = gather(columns.alpha);
  layer.g = layer.gamma_mu0 / chi_M;
  layer.rotation = static_cast<double>(sigma) * (layer.g * (gather(columns.M0) + chi_M * H));
  layer.gamma_K = gamma * gather(columns.K);
  layer.twist_stiffness = gamma * gather(columns.rho_s);
  layer.inverse_twist_stiffness = one / layer.twist_stiffness;
  return layer;
}

/// The two nodes of a face, as FaceNodes.
template <class Machine>
struct NodeLanes {
  using C = Cartesian<Lanes<Machine>>;
  C mm, tm, tt;
  NodeLanes() = default;
  NodeLanes(const LoadLanes<Machine>& y, Lanes<Machine> rate) {
    const C twist = turned(rate, y.edge) + y.twist_ground;
    const C inverse = reciprocal(y.edge * (turned(rate, y.m_ground) + y.twist_ground) + y.m_ground * y.twist_ground);
    mm = twist * inverse;
    tm = y.edge * inverse;
    tt = (y.edge + y.m_ground) * inverse;
  }
};

/// tanh(kappa d/2)/kappa and kappa csch(kappa d) of one mode.
template <class Machine>
struct ModeLanes {
  Cartesian<Lanes<Machine>> mean, transfer;

  ModeLanes(const Cartesian<Lanes<Machine>>& q, Lanes<Machine> d, LaneMask<Machine>& trusted) {
    using L = Lanes<Machine>;
    using C = Cartesian<L>;
    const C kappa = square_root(q);
    const C y = d * kappa;
    const Decay<Machine> across = decay(y);
    C sum = -across.complement;
    sum.re = sum.re + L::all(2.0);  // 1 + exp(-y)
    const C inverse = reciprocal(across.complement * (kappa * sum));
    // A weakly damped wave that fits half its wavelength in resonates: there the scalar solver cuts the layer.
    const L resonance = squared_modulus(across.complement) * squared_modulus(sum);
    const L phase = modulus(y.im);
    trusted = trusted & ((L::all(0.01) < resonance) | (phase < L::all(1.5))) & (phase < L::all(largest_phase));
    mean = across.complement * (across.complement * inverse);
    const C twice = kappa * across.value;
    transfer = (twice + twice) * (kappa * inverse);
  }
};

template <class Machine>
struct SlopeLanes {
  Cartesian<Lanes<Machine>> mean, transfer;
};

/// Divided differences of both functions in series, for |q d^2| < 0.3: 11 terms in z/pi^2 reach rounding.
template <class Machine>
SlopeLanes<Machine> series_slopes(const Cartesian<Lanes<Machine>>& q1, const Cartesian<Lanes<Machine>>& q2,
                                  Lanes<Machine> d) {
  using C = Cartesian<Lanes<Machine>>;
  constexpr int terms = 11;
  // tanh(x)/x in powers of z = 4 x^2, y/sinh(y) in powers of z = y^2.
  constexpr double tanh_terms[terms] = {
      1.0,
      -0.0833333333333333333,
      0.00833333333333333333,
      -0.000843253968253968254,
      0.000085427689594356261,
      -8.65550344717011384e-6,
      8.76984383928828373e-7,
      -8.88570792878001873e-8,
      9.00310426247537203e-9,
      -9.12205178236207891e-10,
      9.24257083599991829e-11,
  };
  constexpr double csch_terms[terms] = {
      1.0,
      -0.166666666666666667,
      0.0194444444444444444,
      -0.00205026455026455026,
      0.000209986772486772487,
      -0.0000213360456416011972,
      2.16334744277865971e-6,
      -2.19232713445676409e-7,
      2.22139308539204146e-8,
      -2.25076747955678673e-9,
      2.28051077072182117e-10,
  };
  const auto square = d * d;
  const C z1 = square * q1;
  const C z2 = square * q2;
  const auto slope = [&](const double(&series)[terms]) {
    C value{Lanes<Machine>::all(series[terms - 1]), {}};
    C result{};
    for (int n = terms - 1; n-- > 0;) {
      result = result * z1 + value;
      value = value * z2;
      value.re = value.re + Lanes<Machine>::all(series[n]);
    }
    return result;
  };
  return {(0.5 * (square * d)) * slope(tanh_terms), d * slope(csch_terms)};
}

/// One layer of a block: its admittance, the step through it, and the way back.
template <class Machine>
class LayerLanes {
  using L = Lanes<Machine>;
  using C = Cartesian<L>;
  using Mask = LaneMask<Machine>;

public:
  bool glass(const LayerColumns& columns) const { return columns.kind == physics::MaterialKind::spin_glass; }
  L rate() const { return rate_; }

  void set(const DerivedLanes<Machine>& layer, L omega, Mask& trusted) {
    twist_ = layer.twist;
    if (twist_) {
      set_glass(layer, omega, trusted);
    } else {
      const C ground{layer.chi_m * layer.b, -(layer.chi_m * (omega + layer.rotation))};
      const ModeLanes<Machine> mode(layer.inverse_m_stiffness * ground, layer.thickness, trusted);
      shunt_.m_ground = ground * mode.mean;
      transfer_m_ = layer.m_stiffness * mode.transfer;
      driving_.m_ground = shunt_.m_ground + transfer_m_;
    }
  }

  LoadLanes<Machine> through(const LoadLanes<Machine>& right, bool perfect, bool clamped) {
    LoadLanes<Machine> left{};
    const C m_ground = shunt_.m_ground + right.m_ground;
    if (!twist_) {
      if (perfect) {
        nodes_ = {};
        left.m_ground = shunt_.m_ground + transfer_m_;
      } else {
        nodes_.mm = reciprocal(driving_.m_ground + right.m_ground);
        left.m_ground = shunt_.m_ground + transfer_m_ * (nodes_.mm * m_ground);
      }
      return left;
    }
    const C twist_ground = shunt_.twist_ground + right.twist_ground;
    const LoadLanes<Machine> total{driving_.edge + right.edge, driving_.m_ground + right.m_ground,
                                   driving_.twist_ground + right.twist_ground};
    const PotentialLanes<Machine> kept = eliminate(total, m_ground, twist_ground, perfect, clamped);
    const C cross_turned = turned(rate_, transfer_cross_);
    left.m_ground = shunt_.m_ground + transfer_m_ * kept.p + transfer_cross_ * kept.chi;
    left.twist_ground = shunt_.twist_ground + cross_turned * kept.p + transfer_twist_ * kept.chi;
    left.edge = driving_.edge + transfer_m_ * (nodes_.mm * transfer_cross_ + nodes_.tm * transfer_twist_) +
                transfer_cross_ * (cross_turned * nodes_.tm + nodes_.tt * transfer_twist_);
    return left;
  }

  PotentialLanes<Machine> cross(const PotentialLanes<Machine>& u) const {
    if (!twist_) return {nodes_.mm * (transfer_m_ * u.p), {}};
    const C m_in = m_arriving(u);
    const C twist_in = transfer_cross_ * u.p + transfer_twist_ * u.chi;
    return {nodes_.mm * m_in + turned(rate_, nodes_.tm * twist_in), nodes_.tm * m_in + nodes_.tt * twist_in};
  }

  /// At a face where p, or theta, is held at 0.
  C current_into_sink(const PotentialLanes<Machine>& left, const PotentialLanes<Machine>& right) const {
    if (!twist_) return transfer_m_ * left.p;
    return m_arriving(left) + driving_.edge * turned(rate_, right.chi);
  }
  C twist_into_clamp(const PotentialLanes<Machine>& left, const PotentialLanes<Machine>& right) const {
    return transfer_cross_ * left.p + transfer_twist_ * left.chi + driving_.edge * right.p;
  }

private:
  C m_arriving(const PotentialLanes<Machine>& u) const {
    return transfer_m_ * u.p + turned(rate_, transfer_cross_ * u.chi);
  }

  /// As FaceNodes: the inverse, and the fractions of unit potential that the nodes keep.
  PotentialLanes<Machine> eliminate(const LoadLanes<Machine>& total, const C& m_ground, const C& twist_ground,
                                    bool perfect, bool clamped) {
    const C one{L::all(1.0), L::all(0.0)};
    if (!perfect && !clamped) {
      nodes_ = NodeLanes<Machine>(total, rate_);
      return {nodes_.mm * m_ground + nodes_.tm * twist_ground,
              turned(rate_, nodes_.tm * m_ground) + nodes_.tt * twist_ground};
    }
    nodes_ = {};
    PotentialLanes<Machine> kept{one, one};
    if (!clamped) {
      const C edge = turned(rate_, total.edge);
      nodes_.tt = reciprocal(edge + total.twist_ground);
      kept.chi = nodes_.tt * (edge + twist_ground);
    } else if (!perfect) {
      nodes_.mm = reciprocal(total.edge + total.m_ground);
      kept.p = nodes_.mm * (total.edge + m_ground);
    }
    return kept;
  }

  void set_glass(const DerivedLanes<Machine>& layer, L omega, Mask& trusted) {
    const L w = omega * layer.inverse_rest;
    rate_ = omega / layer.gamma_mu0;
    const C P{layer.d, -w};
    const C Z{layer.a, -(omega + layer.rotation)};
    const C Q = Z + layer.xi * P;
    const C inverse_N = reciprocal(C{layer.g + layer.alpha * Q.re, layer.alpha * Q.im});
    const C P_over_N = P * inverse_N;
    const C Z_over_N = Z * inverse_N;
    const C r = (layer.gamma_mu0 * layer.xi) * P_over_N;
    const C damped = layer.alpha * (P * Z_over_N);
    const C m_ground{layer.chi_m * (layer.b + damped.re), layer.chi_m * damped.im};
    const C twist_ground{layer.gamma_K + omega * Z_over_N.im, -(omega * Z_over_N.re)};
    const C r_turned = turned(rate_, r);

    const L scale = layer.inverse_m_stiffness * layer.inverse_twist_stiffness;
    const C t1 = layer.inverse_m_stiffness * (r + m_ground);
    const C t2 = layer.inverse_twist_stiffness * (r_turned + twist_ground);
    const C coupling = scale * (r * r_turned);
    const C determinant = scale * (r * twist_ground + m_ground * (r_turned + twist_ground));
    const C difference = t1 - t2;
    C root = square_root(difference * difference + L::all(4.0) * coupling);
    const Mask opposite = difference.re * root.re + difference.im * root.im < L::all(0.0);
    root = choose(opposite, -root, root);
    const C shift = (coupling + coupling) * reciprocal(difference + root);
    C q1 = t1 + shift;
    C q2 = t2 - shift;
    const Mask first_larger = squared_modulus(q2) <= squared_modulus(q1);
    const C smaller = determinant * reciprocal(choose(first_larger, q1, q2));
    q1 = choose(first_larger, q1, smaller);
    q2 = choose(first_larger, smaller, q2);
    set_admittance(layer, r, r_turned, m_ground, twist_ground, q1, q2, root, shift, trusted);
  }

  void set_admittance(const DerivedLanes<Machine>& layer, const C& r, const C& r_turned, const C& m_ground,
                      const C& twist_ground, const C& q1, const C& q2, const C& separation, const C& shift,
                      Mask& trusted) {
    const L d = layer.thickness;
    const ModeLanes<Machine> one(q1, d, trusted);
    const ModeLanes<Machine> two(q2, d, trusted);
    const C inverse = reciprocal(separation);
    C mean_slope = (one.mean - two.mean) * inverse;
    C transfer_slope = (one.transfer - two.transfer) * inverse;
    const L largest = larger(squared_modulus(q1), squared_modulus(q2));
    const Mask thin = (d * d) * (d * d) * largest < L::all(0.09);
    const Mask apart = 1e-4 * largest < squared_modulus(separation);
    trusted = trusted & (thin | apart);
    if (bits(thin) != 0) {
      const SlopeLanes<Machine> series = series_slopes<Machine>(q1, q2, d);
      mean_slope = choose(thin, series.mean, mean_slope);
      transfer_slope = choose(thin, series.transfer, transfer_slope);
    }
    const Mask first_smaller = squared_modulus(q1) <= squared_modulus(q2);
    const C shunt_slope = choose(first_smaller, q1, q2) * mean_slope + choose(first_smaller, two.mean, one.mean);
    const C shifted_mean = shift * mean_slope;
    const C shifted_transfer = shift * transfer_slope;
    shunt_.edge = r * shunt_slope;
    shunt_.m_ground =
        (one.mean - shifted_mean) * m_ground - mean_slope * r * (layer.inverse_twist_stiffness * twist_ground);
    shunt_.twist_ground =
        (two.mean + shifted_mean) * twist_ground - mean_slope * r_turned * (layer.inverse_m_stiffness * m_ground);
    transfer_m_ = layer.m_stiffness * (one.transfer - shifted_transfer);
    transfer_twist_ = layer.twist_stiffness * (two.transfer + shifted_transfer);
    transfer_cross_ = -(r * transfer_slope);
    driving_.edge = shunt_.edge - transfer_cross_;
    driving_.m_ground = shunt_.m_ground + transfer_m_ + transfer_cross_;
    driving_.twist_ground = shunt_.twist_ground + turned(rate_, transfer_cross_) + transfer_twist_;
  }

  bool twist_ = false;
  L rate_{};
  LoadLanes<Machine> shunt_{}, driving_{};
  C transfer_m_{}, transfer_cross_{}, transfer_twist_{};
  NodeLanes<Machine> nodes_{};
};

/// As JunctionStep, without sources.
template <class Machine>
struct JointLanes {
  using L = Lanes<Machine>;
  using C = Cartesian<L>;
  L conductance{}, G{}, rate{};
  C p_from_p{}, p_from_chi{}, chi_from_p{};

  LoadLanes<Machine> through(const LoadLanes<Machine>& beyond, bool transparent, bool left_glass, bool right_glass) {
    if (left_glass && right_glass) return transparent ? beyond : behind_conductance(beyond);
    return right_glass ? from_metal_into_texture(beyond, transparent) : into_metal(beyond, transparent);
  }

  PotentialLanes<Machine> cross(const PotentialLanes<Machine>& u, bool transparent, bool left_glass,
                                bool right_glass) const {
    if (left_glass && right_glass) {
      if (transparent) return u;
      return {p_from_p * u.p + p_from_chi * u.chi, u.chi};
    }
    if (right_glass) return {transparent ? u.p : p_from_p * u.p, chi_from_p * u.p};
    if (transparent) return {u.p, {}};
    return {p_from_p * u.p + p_from_chi * u.chi, {}};
  }

private:
  LoadLanes<Machine> behind_conductance(const LoadLanes<Machine>& beyond) {
    C total = beyond.edge + beyond.m_ground;
    total.re = total.re + conductance;
    const C inverse = reciprocal(total);
    p_from_p = conductance * inverse;
    p_from_chi = turned(rate, beyond.edge * inverse);
    return {p_from_p * beyond.edge, p_from_p * beyond.m_ground, beyond.twist_ground + p_from_chi * beyond.m_ground};
  }

  LoadLanes<Machine> into_metal(const LoadLanes<Machine>& beyond, bool transparent) {
    if (transparent) return {{G, L::all(0.0)}, beyond.m_ground, {}};
    C total = beyond.m_ground;
    total.re = total.re + conductance + G;
    const C inverse = reciprocal(total);
    p_from_p = conductance * inverse;
    p_from_chi = turned(rate, G * inverse);
    return {G * p_from_p, p_from_p * beyond.m_ground, p_from_chi * beyond.m_ground};
  }

  LoadLanes<Machine> from_metal_into_texture(const LoadLanes<Machine>& beyond, bool transparent) {
    LoadLanes<Machine> total = beyond;
    if (transparent) {
      total.edge.re = total.edge.re + G;
      chi_from_p = reciprocal(turned(rate, total.edge) + total.twist_ground) * total.edge;
      return {{}, beyond.m_ground + chi_from_p * beyond.twist_ground, {}};
    }
    total.m_ground.re = total.m_ground.re + conductance;
    total.twist_ground.im = total.twist_ground.im - rate * G;
    const NodeLanes<Machine> nodes(total, rate);
    const C lost_p = nodes.mm * beyond.m_ground + nodes.tm * beyond.twist_ground;
    const C lost_phi = turned(rate, nodes.tm * beyond.m_ground) + nodes.tt * beyond.twist_ground;
    p_from_p = conductance * nodes.mm + G * turned(rate, nodes.tm);
    chi_from_p = conductance * nodes.tm + G * nodes.tt;
    return {{}, conductance * lost_p + G * lost_phi, {}};
  }
};

}  // namespace vitrispin::film
