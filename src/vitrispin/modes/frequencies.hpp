#pragma once

#include <array>
#include <complex>
#include <cstddef>

#include "vitrispin/physics/linear_matrix.hpp"

namespace vitrispin::modes {

/// The three complex frequencies omega = i s of det(G - s) = 0 at a real k, for one helicity.
/// Order     ascending Im omega (most damped first), then Re omega; imaginary parts within 1e-9 of the largest real or
///           imaginary part count as equal
/// Units     [rad/s]
/// Valid     any built spin glass; energy-norm backward error at rounding level
/// Errors    none
/// Source    Sun & Saslow 2023, Eqs. (51), (52); docs/solvers-modes.md
std::array<std::complex<double>, 3> frequencies(const physics::EnergyMatrix& matrix);

}  // namespace vitrispin::modes
