#pragma once

#include "vitrispin/dynamics/fields.hpp"
#include "vitrispin/dynamics/forcing.hpp"
#include "vitrispin/dynamics/line.hpp"

/// Eqs. (22)-(24) on a line: dz/dt = (linear in the potentials and theta) + precession. Relaxation, exchange,
/// diffusion and the texture's torque are linear, precession is the only product. The pointwise formulas are those
/// of physics/; tests/dynamics compares the two node by node.
namespace vitrispin::dynamics {

/// P = -H* and p = -h* [A/m] at every cell, and p = -h_c of every contact node: there currents through the face
/// balance, Y (p_glass - p) + Y' (p_metal - p) + gamma rho_s d_n theta = 0.
/// Equation  -H* = (N + m)/chi_M - dH, -h* = N/chi_M + m/chi_m - dH, N = M - M_eq, dH = H - H(start)   Eqs. (13), (15)
///           in a metal -h* = (m - m_eq)/chi_m - dH
void potentials(const Line& line, const Forcing& forcing, const Fields<double>& state, Potentials<double>& result);

/// All but precession: -gamma Gamma' + R_M, -d_x j + R_m, gamma mu0 H* + alpha gamma Gamma'   Eqs. (22)-(24), (28)-(32)
/// At contact nodes
/// rho_s d_n theta = -beta (d_t theta - gamma mu0 h_c). [A/(m s)], [rad/s]
void linear_rates(const Line& line, const Forcing& forcing, const Fields<double>& state,
                  const Potentials<double>& potentials, Fields<double>& rates);

/// Adds `weight` times -gamma mu0 M x H* and -gamma mu0 m x h*, Eqs. (22), (23). [A/(m s)]
void add_precession(const Line& line, const Fields<double>& state, const Potentials<double>& potentials, double weight,
                    Fields<double>& rates);

/// The potentials and, in the M and m of `rates`, precession alone: the two in one pass.
void potentials_and_precession(const Line& line, const Forcing& forcing, const Fields<double>& state,
                               Potentials<double>& potentials, Fields<double>& rates);

}  // namespace vitrispin::dynamics
