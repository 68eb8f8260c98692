#include "vitrispin/film/face_network.hpp"

namespace vitrispin::film {
namespace {

bool is_rotating(const LayerEquation& layer) {
  return layer.motion == TwistMotion::rotating && layer.carries_twist;
}

/// Nodes of the right face of a layer: its own driving admittance and the load.
FaceNodes right_face(const LayerEquation& layer, const LayerAdmittance& admittance, const Load& right) {
  return {admittance.driving + right.admittance, layer.turn, right.m_held || !layer.carries_m,
          right.twist_held || !layer.carries_twist};
}

/// Rotating group: the face's p alone is unknown, chi = -w is the same everywhere. Conductance that p is attached to.
Complex rotating_total(const LayerAdmittance& admittance, const Load& right) {
  return admittance.transfer_m + (admittance.shunt.edge + right.admittance.edge) +
         (admittance.shunt.m_ground + right.admittance.m_ground);
}

Load through_rotating_layer(const LayerEquation& layer, const LayerAdmittance& admittance, const Load& right) {
  Load left;
  left.admittance = admittance.shunt;
  left.admittance.twist_ground += right.admittance.twist_ground;
  left.twist_source = right.twist_source;
  if (!layer.carries_m) return left;
  const Complex edge = admittance.shunt.edge + right.admittance.edge;
  const Complex& b = admittance.transfer_m;
  if (right.m_held) {
    left.admittance.m_ground += b;
    left.admittance.twist_ground += layer.turn * edge;
    left.m_source = -b * right.m_value;
    left.twist_source -= edge * right.m_value;
    return left;
  }
  const Complex ground = admittance.shunt.m_ground + right.admittance.m_ground;
  const Complex total = rotating_total(admittance, right);
  left.admittance.edge += b * (edge / total);
  left.admittance.m_ground += b * (ground / total);
  left.admittance.twist_ground += layer.turn * edge * (ground / total);
  left.m_source = right.m_source * (b / total);
  left.twist_source += right.m_source * (edge / total);
  return left;
}

}  // namespace

namespace {

/// What passes between the nodes p and phi, and the size of what was subtracted.
struct Exchange {
  Complex value;
  double terms;
};
Exchange exchange(const Complex& edge, const Complex& p, const Complex& phi) {
  return {edge * (p - phi), std::abs(edge) * (std::abs(p) + std::abs(phi))};
}

}  // namespace

CurrentEstimate Load::currents(const Potentials& u, const Complex& turn) const {
  const Complex leak = admittance.m_ground * u.p;
  const Complex twist_leak = admittance.twist_ground * u.chi;
  const auto [exchanged, terms] = exchange(admittance.edge, u.p, turn * u.chi);
  return {{leak + exchanged + m_source, twist_leak - exchanged + twist_source},
          std::abs(leak) + terms + std::abs(m_source),
          std::abs(twist_leak) + terms + std::abs(twist_source)};
}

Complex FaceNodes::invert_if_loaded(const Complex& conductance, bool& empty) const {
  empty = conductance == 0.0;
  return empty ? Complex(0) : 1.0 / conductance;
}

FaceNodes::FaceNodes(const Admittance& total, const Complex& turn, bool m_held, bool twist_held)
    : y_(total), turn_(turn), m_held_(m_held), twist_held_(twist_held) {
  if (m_held_ || twist_held_) {
    if (!m_held_) mm = invert_if_loaded(y_.edge + y_.m_ground, m_empty_);
    if (!twist_held_) tt = invert_if_loaded(y_.edge * turn_ + y_.twist_ground, twist_empty_);
    return;
  }
  const Complex determinant = y_.edge * (y_.m_ground * turn_ + y_.twist_ground) + y_.m_ground * y_.twist_ground;
  if (determinant != 0.0) {
    mm = (y_.edge * turn_ + y_.twist_ground) / determinant;
    tm = y_.edge / determinant;
    tt = (y_.edge + y_.m_ground) / determinant;
  } else if (y_.edge == 0.0) {
    mm = invert_if_loaded(y_.m_ground, m_empty_);
    tt = invert_if_loaded(y_.twist_ground, twist_empty_);
  } else {
    m_empty_ = twist_empty_ = true;
  }
}

Potentials FaceNodes::solve(const Complex& m_current, const Complex& twist_current, const Complex& m_value) const {
  if ((m_empty_ && m_current != 0.0) || (twist_empty_ && twist_current != 0.0)) throw NoSteadyState{};
  if (m_held_) {
    return {m_value, twist_held_ ? Complex(0) : tt * (twist_current + y_.edge * m_value)};
  }
  return {mm * m_current + turn_ * tm * twist_current, tm * m_current + tt * twist_current};
}

Potentials FaceNodes::kept(const Complex& m_ground, const Complex& twist_ground) const {
  if (m_held_ && twist_held_) return {1.0, 1.0};
  if (m_held_) return {1.0, tt * (y_.edge * turn_ + twist_ground)};
  if (twist_held_) return {mm * (y_.edge + m_ground), 1.0};
  return {mm * m_ground + tm * twist_ground, turn_ * tm * m_ground + tt * twist_ground};
}

Load through_layer(const LayerEquation& layer, const LayerAdmittance& admittance, const Load& right) {
  if (is_rotating(layer)) return through_rotating_layer(layer, admittance, right);
  const FaceNodes nodes = right_face(layer, admittance, right);
  const Complex& b = admittance.transfer_m;
  const Complex& x = admittance.transfer_cross;
  const Complex& t = admittance.transfer_twist;
  const Potentials kept = nodes.kept(admittance.shunt.m_ground + right.admittance.m_ground,
                                     admittance.shunt.twist_ground + right.admittance.twist_ground);
  Load left;
  left.admittance.m_ground = admittance.shunt.m_ground + b * kept.p + x * kept.chi;
  left.admittance.twist_ground = admittance.shunt.twist_ground + layer.turn * x * kept.p + t * kept.chi;
  left.admittance.edge =
      admittance.driving.edge + b * (nodes.mm * x + nodes.tm * t) + x * (layer.turn * nodes.tm * x + nodes.tt * t);
  if (right.m_source != 0.0 || right.twist_source != 0.0 || right.m_value != 0.0) {
    const Potentials at_rest = nodes.solve(-right.m_source, -right.twist_source, right.m_value);
    left.m_source = -(b * at_rest.p + layer.turn * x * at_rest.chi);
    left.twist_source = -(x * at_rest.p + t * at_rest.chi);
  }
  return left;
}

Potentials cross_layer(const LayerEquation& layer, const LayerAdmittance& admittance, const Load& right,
                       const Potentials& left) {
  if (is_rotating(layer)) {
    if (!layer.carries_m || right.m_held) return {right.m_held ? right.m_value : Complex(0), left.chi};
    const Complex edge = admittance.shunt.edge + right.admittance.edge;
    const Complex arriving = admittance.transfer_m * left.p + edge * layer.turn * left.chi - right.m_source;
    return {arriving / rotating_total(admittance, right), left.chi};
  }
  const Complex m_arriving = admittance.transfer_m * left.p + layer.turn * admittance.transfer_cross * left.chi;
  const Complex twist_arriving = admittance.transfer_cross * left.p + admittance.transfer_twist * left.chi;
  return right_face(layer, admittance, right)
      .solve(m_arriving - right.m_source, twist_arriving - right.twist_source, right.m_value);
}

namespace {

/// J(left) - shunt (u(left) + u(right)); in a rotating group the drag of the layer counts chi once.
CurrentEstimate arriving(const LayerEquation& layer, const LayerAdmittance& admittance, const Currents& at_left,
                         const Potentials& u_left, const Potentials& u_right) {
  const Admittance& shunt = admittance.shunt;
  const Complex p = u_left.p + u_right.p;
  const Complex chi = u_left.chi + u_right.chi;
  const Complex leak = shunt.m_ground * p;
  const Complex twist_leak = shunt.twist_ground * (is_rotating(layer) ? u_left.chi : chi);
  const auto [exchanged, terms] = exchange(shunt.edge, p, layer.turn * chi);
  return {{at_left.j - leak - exchanged, at_left.twist - twist_leak + exchanged},
          std::abs(at_left.j) + std::abs(leak) + terms,
          std::abs(at_left.twist) + std::abs(twist_leak) + terms};
}

/// transfer u(left) - driving u(right): where the load holds a potential and so tells nothing of the current.
CurrentEstimate transferred(const LayerEquation& layer, const LayerAdmittance& admittance, const Potentials& u_left,
                            const Potentials& u_right) {
  const bool rotating = is_rotating(layer);
  const Admittance& own = rotating ? admittance.shunt : admittance.driving;
  const auto [exchanged, terms] = exchange(own.edge, u_right.p, layer.turn * u_right.chi);
  const Complex m_in = admittance.transfer_m * u_left.p + layer.turn * admittance.transfer_cross * u_left.chi;
  const Complex twist_in = admittance.transfer_cross * u_left.p + admittance.transfer_twist * u_left.chi;
  const Complex m_out = (rotating ? own.m_ground + admittance.transfer_m : own.m_ground) * u_right.p;
  const Complex twist_out = own.twist_ground * u_right.chi;
  return {{m_in - m_out - exchanged, twist_in - twist_out + exchanged},
          std::abs(m_in) + std::abs(m_out) + terms,
          std::abs(twist_in) + std::abs(twist_out) + terms};
}

}  // namespace

Currents currents_at_right(const LayerEquation& layer, const LayerAdmittance& admittance, const Load& right,
                           const Currents& at_left, const Potentials& u_left, const Potentials& u_right) {
  CurrentEstimate drawn = right.currents(u_right, layer.turn);
  if (right.m_held || right.twist_held) {
    const CurrentEstimate through = transferred(layer, admittance, u_left, u_right);
    if (right.m_held) {
      drawn.value.j = through.value.j;
      drawn.j_terms = through.j_terms;
    }
    if (right.twist_held) {
      drawn.value.twist = through.value.twist;
      drawn.twist_terms = through.twist_terms;
    }
  }
  Currents currents = drawn.better(arriving(layer, admittance, at_left, u_left, u_right));
  if (!layer.carries_m) currents.j = 0;
  if (!layer.carries_twist) currents.twist = 0;
  return currents;
}

}  // namespace vitrispin::film
