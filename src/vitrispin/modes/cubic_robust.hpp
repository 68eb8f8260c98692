#pragma once

#include <array>
#include <complex>

#include "vitrispin/physics/linear_matrix.hpp"

namespace vitrispin::modes {

/// The three roots omega = i s of det(Ghat - s) = 0, in no particular order, computed with 113 bits.
/// Equation  characteristic polynomial of physics::EnergyMatrix, docs/theory.md section 5, 'Modes, closed forms'
/// Units     [rad/s]
/// Valid     any built spin glass, K' = 0, multiple and nearly multiple roots included: the energy-norm backward error of each
///           root is that of its final rounding, and slow modes keep their relative accuracy
/// Errors    none
/// Note      about 20 us; `frequencies` and the batches come here where double-double arithmetic may not suffice
std::array<std::complex<double>, 3> robust_frequencies(const physics::EnergyMatrix& matrix);

}  // namespace vitrispin::modes
