#pragma once

#include <array>
#include <complex>

#include "vitrispin/modes/secular.hpp"

namespace vitrispin::modes {

/// Vector of a mode in energy coordinates u = ((M+m)/sqrt(chi_M), m sqrt((1/xi-1)/chi_M), theta sqrt(|K'|/mu0)), unit
/// length, for s = -i omega and q = k^2 that satisfy P(s, q) = 0; `A` and `K_prime` belong to q.
/// The null vector of H - s is the cross product of two of its rows: of the three products, the one that has lost least
/// to cancellation is taken. K' = 0 is the limit in which theta alone carries no energy: u = (0, 0, 1) at s = 0.
/// Where several modes have this s without merging, `earlier_equal` of them before this one, each gets a vector of its own.
std::array<std::complex<double>, 3> mode_vector(const Secular<long double>& secular, const std::complex<long double>& s,
                                                const std::complex<long double>& A,
                                                const std::complex<long double>& K_prime, int earlier_equal = 0);

/// Off-diagonal entry [1/s] of the 2 x 2 Jordan block that H has at a double root s, `third` being the single one: the size of
/// adj(H - s)/(third - s). Zero where two modes cross without interacting; of the order of the rates themselves at an
/// exceptional point.
long double defect_strength(const Secular<long double>& secular, const std::complex<long double>& s,
                            const std::complex<long double>& third, const std::complex<long double>& A,
                            const std::complex<long double>& K_prime);

}  // namespace vitrispin::modes
