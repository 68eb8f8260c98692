#pragma once

#include "vitrispin/atoms/energy.hpp"

/// The macroscopic constants of a metastable state: second derivatives of its energy with the spins relaxed.
namespace vitrispin::atoms {

struct Response {
  double susceptibility = 0;   ///< sum of du/d(field) over spins with the orientation held, mean over axes [1/J]
  double stiffness = 0;        ///< d^2E/dq^2, mean over directions and axes of the twist [J m^2]
  double bare_stiffness = 0;   ///< the same with the spins only turned, not relaxed [J m^2]
  std::size_t transverse = 3;  ///< axes that turn the state: 3 noncollinear, 2 collinear
};

/// Linear response of a state that is relaxed in `exchange`, a coupling without anisotropy. Means over the axes are those
/// of the ones that turn the state. `directions`: along how many axes there is a lattice to twist (1 for a chain).
/// Errors  ConvergenceError if conjugate gradients do not reach 1e-9 and there are too many spins for dense algebra
Response response(const Couplings& exchange, const Spins& spins, std::size_t directions);

/// d^2E/dtheta^2 of turning all spins together in the minimum of the full energy, mean over axes. [J]
struct Rotation {
  double rigid = 0;    ///< all spins by the same angle
  double relaxed = 0;  ///< the mean angle given, the rest relaxed
};
Rotation rotation(const Couplings& couplings, const Spins& spins);

/// x of H x = b, b and x without the turns that cost nothing.
Spins constrained_solve(const Couplings& couplings, const Spins& spins, const Spins& b);

/// All spins turned about an axis (a unit vector) by an angle.
Spins turned(const Spins& spins, const Vector3<double>& axis, double angle);

}  // namespace vitrispin::atoms
