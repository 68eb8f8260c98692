#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <utility>

namespace vitrispin::modes {

/// Imaginary parts closer than this fraction of the largest |omega| count as equal in the order of frequencies.
inline constexpr double order_tolerance = 1e-9;

/// Ascending Im omega, then Re omega, by three exchanges of neighbours (the batches do the same lane by lane).
inline void put_in_order(std::array<std::complex<double>, 3>& omega) {
  double largest = 0;
  for (const auto& root : omega) largest = std::max({largest, std::abs(root.real()), std::abs(root.imag())});
  const double tolerance = order_tolerance * largest;
  const auto exchange = [&](std::complex<double>& first, std::complex<double>& second) {
    const double difference = first.imag() - second.imag();
    const bool equal = std::abs(difference) <= tolerance;
    if (equal ? first.real() > second.real() : difference > 0) std::swap(first, second);
  };
  exchange(omega[0], omega[1]);
  exchange(omega[1], omega[2]);
  exchange(omega[0], omega[1]);
}

}  // namespace vitrispin::modes
