#pragma once

#include <vector>

#include "vitrispin/atoms/energy.hpp"
#include "vitrispin/atoms/lattice.hpp"

/// Spin waves seen as a neutron would: the dynamical structure factor of the magnetization at the box's wave numbers.
namespace vitrispin::atoms {

/// Weights at frequencies, of the response sum over spins of f.H^-1 f at one wave number. Omega times hbar spin, [J].
struct Lines {
  double k = 0;                   ///< [rad/m]
  std::vector<double> frequency;  ///< ascending
  std::vector<double> weight;     ///< sum 1
  double static_response =
      0;  ///< of each component, twice the mean over phases: that of a uniform field for long waves [1/J]

  /// Below it half of the weight lies.
  double median() const;
};

/// S(k, omega) of classical spins at low temperature, over T: f.exp(iMt) H^-1 f with f the projected plane waves and
/// M = -j H/(hbar spin), at k = 2 pi m/edge, m = 1, ..., `count`, along the longest edges of a periodic box, mean over
/// directions, components and phases. M is antisymmetric in the scalar product x.H y: Lanczos' recursion with `steps`
/// steps gives the spectrum of H^-1 f. Of a state relaxed in `exchange`.
/// Errors  ConvergenceError from the linear response
std::vector<Lines> structure_factor(const Couplings& exchange, const Spins& spins, const Sites& sites,
                                    std::size_t count, std::size_t steps);

}  // namespace vitrispin::atoms
