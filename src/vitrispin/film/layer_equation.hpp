#pragma once

#include <complex>

#include "vitrispin/physics/material.hpp"

namespace vitrispin::film {

using Complex = std::complex<double>;

/// How the texture of a group of layers moves in the state that is sought.
enum class TwistMotion {
  oscillating,  ///< theta exp(-i omega t), omega != 0
  pinned,       ///< dc, d_t theta = 0
  rotating,     ///< dc, d_t theta = w, uniform over the group
};

/// The 2 x 2 transport problem of one helicity in one layer, as a network.
///
/// Potentials: p = dm/chi_m = -h* [A/m] and chi, which is -theta [rad], or -w [rad/s] in a rotating group. Rate of the
/// texture as a field: phi = turn chi, turn = s/(gamma mu0) (0 if pinned, 1/(gamma mu0) if rotating), s = -i omega.
/// Eliminating M and theta's rate from Eqs. (44)-(46), (51) leaves, with the currents J1 = j = -D chi_m p' and
/// J2 = gamma rho_s theta' = -gamma rho_s chi',
///
///     -J1' = (exchange + m_to_lattice) p - exchange turn chi
///     -J2' = -exchange p + (exchange turn + twist_to_lattice) chi
///
/// i.e. p and phi are two nodes joined by a conductance, each leaking to the lattice; at dc every element is >= 0. With
/// a, b, c, d, g of docs/theory.md, P = s/(1-xi) + d, Z = s + a - i sigma Omega, Q = Z + xi P = s/(1-xi) + a + c - i sigma Omega,
/// N = g + alpha Q (alpha is kept as a factor, so alpha = 0 is regular):
///
///     dM N = alpha P dm - s theta
///     exchange         = gamma mu0 xi P/N
///     m_to_lattice     = chi_m (b + alpha P Z/N)
///     twist_to_lattice = gamma K + s Z/N                (Z/N in a rotating group, per unit of w)
///
/// No element is a difference, so slow modes keep their relative accuracy.
struct LayerEquation {
  bool carries_m = false;      ///< D > 0: p is a channel
  bool carries_twist = false;  ///< a spin glass with rho_s > 0: chi is a channel
  bool has_twist = false;      ///< a spin glass
  bool has_M = false;
  TwistMotion motion = TwistMotion::oscillating;
  Complex exchange, m_to_lattice, twist_to_lattice;  ///< [1/s], [1/s], [A/(m s)] per unit of chi
  Complex turn;                                      ///< phi/chi
  double m_stiffness = 0;                            ///< D chi_m [m^2/s]
  double twist_stiffness = 0;                        ///< gamma rho_s [A m^2/(m s)] per rad
  // What is needed to get the eliminated fields back (point_fields.hpp):
  Complex dM_from_p, dM_from_chi;  ///< dM = dM_from_p p + dM_from_chi chi
  Complex m_from_gap, m_from_p;    ///< m = m_from_gap (p - phi) + m_from_p p
  Complex M_from_p;                ///< M = -m_from_gap (p - phi) + M_from_p p + dM_from_chi chi
  Complex m_exchange_rate;         ///< s + (1-xi) d [1/s]
  Complex rate;                    ///< s, 0 or 1: d_t theta = -rate chi
  Complex twist_relaxation;        ///< twist_to_lattice without gamma K
  double gamma = 0;
  double chi_m = 0, m_relaxation = 0;  ///< chi_m, chi_m b

  /// T11 = 1/l^2-like and T22 of (p, chi)'' = T (p, chi); [1/m^2].
  Complex p_curvature() const { return (exchange + m_to_lattice) / m_stiffness; }
  Complex chi_curvature() const { return (exchange * turn + twist_to_lattice) / twist_stiffness; }
  /// T12 T21 [1/m^4].
  Complex coupling() const { return exchange * exchange * turn / (m_stiffness * twist_stiffness); }
  /// q1 q2 = det T [1/m^4], a sum of products.
  Complex determinant() const {
    return (exchange * twist_to_lattice + m_to_lattice * exchange * turn + m_to_lattice * twist_to_lattice) /
           (m_stiffness * twist_stiffness);
  }
  /// Leak of p to the lattice when chi is local (rho_s = 0), and of chi when p is local (D = 0).
  Complex m_leak_with_local_twist() const;
  Complex twist_leak_with_local_m() const;
  /// The local field where it is no channel.
  Complex local_chi(const Complex& p) const;
  Complex local_p(const Complex& chi) const;
};

/// Equation  elimination of M from Eqs. (44)-(46), (52); a ferromagnet has Q dM = P dm, a metal m alone
/// Units     SI; `s` = -i omega [1/s]; `H`, `M0` along the axis [A/m]
/// Valid     sigma = -1, 0, 1; motion `pinned` and `rotating` need s = 0
LayerEquation layer_equation(const physics::Material<double>& material, double H, double M0, int sigma, Complex s,
                             TwistMotion motion);

}  // namespace vitrispin::film
