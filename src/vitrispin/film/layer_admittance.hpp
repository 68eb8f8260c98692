#pragma once

#include "vitrispin/film/layer_equation.hpp"

namespace vitrispin::film {

/// Admittance of the two nodes p and phi = turn chi, as a network: a conductance between them and one from each to the
/// lattice. Acting on (p, chi):  J1 = m_ground p + edge (p - phi),  J2 = twist_ground chi + edge (phi - p).
/// Kept in this form, not as matrix entries, so that nothing is ever subtracted (Grassmann, Taksar & Heyman 1985):
/// relative accuracy survives any ratio of conductances.
struct Admittance {
  Complex edge, m_ground, twist_ground;

  friend Admittance operator+(const Admittance& a, const Admittance& b) {
    return {a.edge + b.edge, a.m_ground + b.m_ground, a.twist_ground + b.twist_ground};
  }
};

/// The modes of a layer: q_i = kappa_i^2, fields as exp(+-kappa_i x). q1 = T11 + shift, q2 = T22 - shift.
struct LayerRoots {
  Complex q1, q2, separation, shift;
};

/// Roots of q^2 - (T11 + T22) q + det T = 0; the smaller from det T/q, so that slow modes keep their relative accuracy.
/// A layer with one channel has q1 (m) or q2 (twist) alone.
LayerRoots layer_roots(const LayerEquation& layer);

/// A uniform layer between its two faces, u = (p, chi):
///
///     J(left)  =  driving u(left) - transfer u(right)        driving  = C kappa coth(kappa d) = shunt + transfer
///     J(right) =  transfer u(left) - driving u(right)        transfer = C kappa csch(kappa d)
///     integral of u over the layer = mean (u(left) + u(right)),   mean = tanh(kappa d/2)/kappa
///
/// with kappa^2 = T, C = diag(D chi_m, gamma rho_s); shunt = C kappa tanh(kappa d/2). In a rotating group chi = -w is one
/// number for the whole group: then `shunt.twist_ground` is the drag of the layer as a whole, `transfer_m` its only
/// transfer, and the integral of p is mean_mm (p(left) + p(right) - 2 p_rest) + p_rest d with p_rest = rest_fraction phi.
struct LayerAdmittance {
  Admittance shunt, driving;
  Complex transfer_m;      ///< m to m
  Complex transfer_cross;  ///< m to twist; twist to m is turn times it
  Complex transfer_twist;  ///< twist to twist
  Complex mean_mm, mean_mt, mean_tm, mean_tt;
  Complex rest_fraction;  ///< rotating groups: p/phi of local equilibrium
};

LayerAdmittance layer_admittance(const LayerEquation& layer, const LayerRoots& roots, double thickness);

/// The number of equal pieces in which a layer is best solved. An admittance has poles where a weakly damped wave fits
/// half its wavelength into the layer; cut into such pieces, none is near a pole.
int pieces_away_from_resonance(const LayerEquation& layer, const LayerRoots& roots, double thickness);

}  // namespace vitrispin::film
