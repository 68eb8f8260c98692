#include <immintrin.h>

#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <string>
#include <vector>

#include "vitrispin/film/batch_job.hpp"

// Everything below is compiled for AVX2. Standard headers come before, so that none of their functions is.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC target("avx2")
#endif

#include "vitrispin/film/batch_kernel.hpp"

namespace vitrispin::film {
namespace {

/// Four points at once.
struct Avx2 {
  using Register __attribute__((vector_size(32))) = double;
  using Integers __attribute__((vector_size(32))) = long long;
  static constexpr unsigned width = 4;

  static Register square_root(Register x) { return _mm256_sqrt_pd(x); }
  static unsigned bits(Integers mask) { return static_cast<unsigned>(_mm256_movemask_pd((__m256d)mask)); }
};

}  // namespace

const BatchKernel& avx2_kernel() {
  static constexpr BatchKernel kernel{"AVX2", solve_points<Avx2>};
  return kernel;
}

}  // namespace vitrispin::film

#if defined(__clang__)
#pragma clang attribute pop
#endif
