#include "vitrispin/modes/frequencies.hpp"

#include "vitrispin/modes/cubic_order.hpp"
#include "vitrispin/modes/cubic_robust.hpp"

namespace vitrispin::modes {

std::array<std::complex<double>, 3> frequencies(const physics::EnergyMatrix& matrix) {
  auto omega = robust_frequencies(matrix);
  put_in_order(omega);
  return omega;
}

}  // namespace vitrispin::modes
