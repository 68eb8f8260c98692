#include "vitrispin/modes/frequencies.hpp"

#include "vitrispin/modes/batch_dispatch.hpp"

namespace vitrispin::modes {

std::array<std::complex<double>, 3> frequencies(const physics::EnergyMatrix& matrix) {
  std::array<std::complex<double>, 3> omega;
  widest_kernel().solve_one(matrix, omega);
  return omega;
}

}  // namespace vitrispin::modes
