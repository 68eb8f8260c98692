#include <immintrin.h>

#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <string>
#include <vector>

#include "vitrispin/film/batch_job.hpp"

// Everything below is compiled for AVX-512. Standard headers come before, so that none of their functions is.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl"))), apply_to = function)
#else
#pragma GCC target("avx512f,avx512dq,avx512vl")
#endif

#include "vitrispin/film/batch_kernel.hpp"

namespace vitrispin::film {
namespace {

/// Eight points at once.
struct Avx512 {
  using Register __attribute__((vector_size(64))) = double;
  using Integers __attribute__((vector_size(64))) = long long;
  static constexpr unsigned width = 8;

  static Register square_root(Register x) { return _mm512_maskz_sqrt_pd(0xff, x); }
  static unsigned bits(Integers mask) { return _mm512_movepi64_mask((__m512i)mask); }
};

}  // namespace

const BatchKernel& avx512_kernel() {
  static constexpr BatchKernel kernel{"AVX-512", solve_points<Avx512>};
  return kernel;
}

}  // namespace vitrispin::film

#if defined(__clang__)
#pragma clang attribute pop
#endif
