#pragma once

#include <vector>

#include "vitrispin/physics/material.hpp"

/// The one axis along which the field and every remanence lie: it defines the helicities.
namespace vitrispin::modes {

/// Unit vector of the common axis of `H` and the remanences; z if all vanish. Of its two directions the one whose
/// largest component is positive, so that a field along -z leaves sigma as it is and reverses M_eq. Throws InputError if they are not parallel to within 1e-9.
Vector3<double> field_axis(const Vector3<double>& H, const std::vector<Vector3<double>>& remanences);

/// Omega = gamma mu0 (M_eq . axis)/chi_M [rad/s] for a spin glass, which sigma multiplies in Eq. (52); for a metal or
/// paramagnet gamma mu0 H . axis, at which m precesses; 0 for the longitudinal channel of a ferromagnet.
double precession_about_axis(const physics::Material<double>& material, const Vector3<double>& H,
                             const Vector3<double>& axis);

}  // namespace vitrispin::modes
