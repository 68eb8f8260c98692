#pragma once

#include <array>
#include <complex>
#include <cstddef>

#include "vitrispin/physics/linear_matrix.hpp"

namespace vitrispin::modes {

/// What one call of a batch kernel reads and writes: columns of equal length.
struct BatchJob {
  /// gamma, chi_M, chi_m, tau_ML, tau_mL, tau_Mm, D, rho_s, K, alpha
  std::array<const double*, 10> material{};
  const double* k = nullptr;
  const double* Omega = nullptr;  ///< null: no precession, the real cubic
  double sigma = 0;               ///< helicity that multiplies Omega
  bool one_material = false;      ///< the material's columns and Omega hold one number each
  std::array<double*, 3> real{};  ///< Re omega
  std::array<double*, 3> imaginary{};
};

/// The kernels of one instruction set. Both give each element the same bits whatever its position.
struct BatchKernel {
  const char* name;  ///< as in documentation and results: `AVX-512`, `AVX2`, `SSE2`
  void (*solve)(const BatchJob& job, std::size_t begin, std::size_t end);
  void (*solve_one)(const physics::EnergyMatrix& matrix, std::array<std::complex<double>, 3>& omega);
};

/// One per instruction set; calling it where the processor lacks the instructions is undefined.
const BatchKernel& avx512_kernel();
const BatchKernel& avx2_kernel();
const BatchKernel& sse2_kernel();

/// Robust roots in the contract's order: what a kernel puts in place of a lane it cannot vouch for.
void solve_robustly(const physics::EnergyMatrix& matrix, double* real, double* imaginary);

}  // namespace vitrispin::modes
