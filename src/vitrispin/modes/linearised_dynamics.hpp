#pragma once

#include <array>
#include <complex>

#include "vitrispin/physics/material.hpp"

/// The linear dynamics obtained from the nonlinear equations themselves, by differentiating the physics functions.
namespace vitrispin::modes {

using Matrix9 = std::array<std::array<double, 9>, 9>;

/// Jacobian of Eqs. (22)-(24) at equilibrium, M = M0 + chi_M H, m = 0, theta = 0, for disturbances exp(ikx).
/// Equation  d/dt (dM, m, theta) = J (dM, m, theta), with laplacian -> -k^2 and div j = -k^2 D chi_m h*
/// Shapes    9 x 9; rows and columns M_x, M_y, M_z, m_x, m_y, m_z, theta_x, theta_y, theta_z
/// Units     k^2 [1/m^2], H [A/m]; SI throughout
/// Valid     any built spin glass and any field, also one not parallel to M0
/// Errors    none; exact derivatives by dual numbers of the functions in physics/, not by differences
/// Source    Sun & Saslow 2023, Eqs. (22)-(24); docs/theory.md
Matrix9 linearised_dynamics(const physics::Material<double>& material, double k_squared, const Vector3<double>& H);

/// The block of `jacobian` that acts on helicity sigma about `axis` (a unit vector): v_sigma = (e1 + i sigma e2).v for
/// sigma = -1, +1 and axis.v for sigma = 0, with e1 x e2 = axis. Equals Eq. (52) if M_eq is along the axis.
std::array<std::array<std::complex<double>, 3>, 3> helicity_block(const Matrix9& jacobian, int sigma,
                                                                  const Vector3<double>& axis = {0.0, 0.0, 1.0});

}  // namespace vitrispin::modes
