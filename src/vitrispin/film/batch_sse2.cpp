#include <emmintrin.h>

#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <string>
#include <vector>

#include "vitrispin/film/batch_job.hpp"

#include "vitrispin/film/batch_kernel.hpp"

namespace vitrispin::film {
namespace {

/// What every x86-64 processor has: two points at once.
struct Sse2 {
  using Register __attribute__((vector_size(16))) = double;
  using Integers __attribute__((vector_size(16))) = long long;
  static constexpr unsigned width = 2;

  static Register square_root(Register x) { return _mm_sqrt_pd(x); }
  static unsigned bits(Integers mask) { return static_cast<unsigned>(_mm_movemask_pd((__m128d)mask)); }
};

}  // namespace

const BatchKernel& sse2_kernel() {
  static constexpr BatchKernel kernel{"SSE2", solve_points<Sse2>};
  return kernel;
}

}  // namespace vitrispin::film
