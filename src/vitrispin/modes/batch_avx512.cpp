#include <immintrin.h>

#include <array>
#include <complex>
#include <cstddef>

#include "vitrispin/modes/batch_job.hpp"
#include "vitrispin/modes/cubic_order.hpp"

// Everything below is compiled for AVX-512 (F and DQ). Standard headers come before, so that none of their functions is.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,fma"))), apply_to = function)
#else
#pragma GCC target("avx512f,avx512dq,avx512vl,fma")
#endif

#include "vitrispin/modes/batch_kernel.hpp"

namespace vitrispin::modes {
namespace {

struct Avx512 {
  using Register __attribute__((vector_size(64))) = double;
  using Integers __attribute__((vector_size(64))) = long long;
  static constexpr unsigned width = 8;

  static Register square_root(Register x) { return _mm512_maskz_sqrt_pd(0xff, x); }
  static Register product_error(Register x, Register y, Register product) { return _mm512_fmsub_pd(x, y, product); }
  static unsigned bits(Integers mask) { return _mm512_movepi64_mask((__m512i)mask); }
};

}  // namespace

const BatchKernel& avx512_kernel() {
  static constexpr BatchKernel kernel{"AVX-512", solve<Avx512>, solve_one<Avx512>};
  return kernel;
}

}  // namespace vitrispin::modes

#if defined(__clang__)
#pragma clang attribute pop
#endif
