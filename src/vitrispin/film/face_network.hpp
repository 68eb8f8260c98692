#pragma once

#include "vitrispin/film/layer_admittance.hpp"

/// One face at a time: the recursion from the far side. What lies to the right of a face is a load, an admittance with
/// sources; a layer or an interface in front of it makes a new load. Eliminating a face unknown is the elimination of a
/// node of a network, done on conductances alone.
namespace vitrispin::film {

struct Potentials {
  Complex p, chi;
};
struct Currents {
  Complex j, twist;  ///< J1 = j_x and J2 = gamma rho_s d_x theta [A/s]
};

/// Currents found in one of several equivalent ways, with the size of the terms that were added: where they cancel, the
/// way with the smaller terms is the accurate one.
struct CurrentEstimate {
  Currents value;
  double j_terms = 0, twist_terms = 0;

  Currents better(const CurrentEstimate& other) const {
    return {other.j_terms < j_terms ? other.value.j : value.j,
            other.twist_terms < twist_terms ? other.value.twist : value.twist};
  }
};

/// Current flowing into what lies beyond a face (away from the film's inside): J = admittance u + source. Or a potential is
/// held there: by a perfect contact, a clamp; a channel that does not exist counts as held at 0.
struct Load {
  Admittance admittance;
  Complex m_source, twist_source;
  bool m_held = false, twist_held = false;
  Complex m_value;  ///< of p, if held

  CurrentEstimate currents(const Potentials& u, const Complex& turn) const;
};

/// The two nodes of a face with all that hangs on them: solves  Y u = right-hand side. A node with nothing attached and
/// nothing flowing into it stays at 0; with something flowing into it there is no solution (NoSteadyState).
class FaceNodes {
public:
  FaceNodes(const Admittance& total, const Complex& turn, bool m_held, bool twist_held);
  Potentials solve(const Complex& m_current, const Complex& twist_current, const Complex& m_value = {}) const;
  /// Fractions x of unit potential (p = phi = 1 beyond) that the nodes keep, driven by the grounds m, twist.
  Potentials kept(const Complex& m_ground, const Complex& twist_ground) const;
  Complex mm, tm, tt;  ///< inverse: p = mm j1 + turn tm j2, chi = tm j1 + tt j2; zero for held nodes

private:
  Complex invert_if_loaded(const Complex& conductance, bool& empty) const;
  Admittance y_;
  Complex turn_;
  bool m_held_, twist_held_;
  bool m_empty_ = false, twist_empty_ = false;
};

/// Thrown where currents flow into nodes from which nothing drains them.
struct NoSteadyState {};

/// The load seen at the left face of a layer with `right` at its right face.
Load through_layer(const LayerEquation& layer, const LayerAdmittance& admittance, const Load& right);
/// The potentials at the right face from those at the left one.
Potentials cross_layer(const LayerEquation& layer, const LayerAdmittance& admittance, const Load& right,
                       const Potentials& left);
/// Currents at the right face, the better of what the load draws and of what arrives: those at the left face less what
/// the layer takes.
Currents currents_at_right(const LayerEquation& layer, const LayerAdmittance& admittance, const Load& right,
                           const Currents& at_left, const Potentials& u_left, const Potentials& u_right);

}  // namespace vitrispin::film
