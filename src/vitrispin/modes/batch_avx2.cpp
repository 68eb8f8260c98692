#include <immintrin.h>

#include <array>
#include <complex>
#include <cstddef>

#include "vitrispin/modes/batch_job.hpp"
#include "vitrispin/modes/cubic_order.hpp"

// Everything below is compiled for AVX2 with fused multiply-add. Standard headers come before, so that none of their functions is.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC target("avx2,fma")
#endif

#include "vitrispin/modes/batch_kernel.hpp"

namespace vitrispin::modes {
namespace {

struct Avx2 {
  using Register __attribute__((vector_size(32))) = double;
  using Integers __attribute__((vector_size(32))) = long long;
  static constexpr unsigned width = 4;

  static Register square_root(Register x) { return _mm256_sqrt_pd(x); }
  static Register product_error(Register x, Register y, Register product) { return _mm256_fmsub_pd(x, y, product); }
  static unsigned bits(Integers mask) { return static_cast<unsigned>(_mm256_movemask_pd((__m256d)mask)); }
};

}  // namespace

const BatchKernel& avx2_kernel() {
  static constexpr BatchKernel kernel{"AVX2", solve<Avx2>, solve_one<Avx2>};
  return kernel;
}

}  // namespace vitrispin::modes

#if defined(__clang__)
#pragma clang attribute pop
#endif
