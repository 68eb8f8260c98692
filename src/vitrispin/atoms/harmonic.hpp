#pragma once

#include <vector>

#include "vitrispin/atoms/energy.hpp"

/// The full harmonic spectrum of a metastable state by dense algebra, to some thousand spins.
namespace vitrispin::atoms {

/// Eigenvalues of the curvature in 2N tangent coordinates, and the linearised Landau-Lifshitz spectrum.
struct Harmonic {
  std::vector<double> eigenvalues;      ///< ascending [J]
  std::size_t zero_modes = 0;           ///< eigenvalues of rounding's size
  double gap_above = 0, gap_below = 0;  ///< the first eigenvalue that is not zero, the largest that is [J]
  std::vector<double> frequencies;  ///< of precession, omega times hbar spin, ascending, N of them, zero modes 0 [J]
  std::vector<double>
      participation;  ///< of each: how many spins share it, (sum p)^2/sum p^2, p_i = |du_i|^2; zero modes 0
};

/// Equation  hbar spin du/dt = -u x h, linearised: hbar spin dv/dt = -j H v, j the quarter turn of each spin
Harmonic harmonic(const Couplings& couplings, const Spins& spins, bool with_frequencies);

/// H^-1 b with the zero modes left out of the inverse, from all eigenvectors.
Spins dense_solve(const Couplings& couplings, const Spins& spins, const Spins& b);

}  // namespace vitrispin::atoms
