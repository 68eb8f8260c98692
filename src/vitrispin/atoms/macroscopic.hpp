#pragma once

#include "vitrispin/atoms/energy.hpp"

/// Harmonic theory of a metastable state, and the macroscopic constants that follow from it.
namespace vitrispin::atoms {

/// Eigenvalues and vectors of the curvature in 2N tangent coordinates, by dense algebra (to some thousand spins).
struct Harmonic {
  std::vector<double> eigenvalues;  ///< ascending [J]
  std::size_t zero_modes = 0;       ///< below the widest gap between neighbouring eigenvalues, or of rounding's size
  double gap_above = 0, gap_below = 0;  ///< the first eigenvalue that is not zero, the largest that is [J]
  std::vector<double> frequencies;  ///< of precession, omega times hbar spin, ascending, N of them, zero modes 0 [J]
};

/// `with_frequencies`: also the linearised Landau-Lifshitz spectrum (several times the work).
Harmonic harmonic(const Couplings& couplings, const Spins& spins, bool with_frequencies);

/// Second derivatives per volume; each a mean over axes. The state is relaxed in `exchange`.
struct Response {
  double susceptibility = 0;   ///< sum of du/d(field) over spins, trace over the axes divided by `transverse` [1/J]
  double stiffness = 0;        ///< d^2E/dq^2, mean over directions of the twist [J m^2]
  double bare_stiffness = 0;   ///< the same with the spins only turned, not relaxed [J m^2]
  std::size_t transverse = 3;  ///< axes that turn the state: 3 noncollinear, 2 collinear
};

/// `directions`: along how many axes there is a lattice to twist (1 for a chain).
Response response(const Couplings& exchange, const Spins& spins, std::size_t directions);

/// d^2E/dtheta^2 of turning all spins together in the minimum of the full energy, mean over axes. [J]
struct Rotation {
  double rigid = 0;    ///< all spins by the same angle
  double relaxed = 0;  ///< the mean angle given, the rest relaxed
};
Rotation rotation(const Couplings& couplings, const Spins& spins);

/// All spins turned about an axis (a unit vector) by an angle.
Spins turned(const Spins& spins, const Vector3<double>& axis, double angle);

}  // namespace vitrispin::atoms
