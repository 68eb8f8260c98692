#include <emmintrin.h>

#include "vitrispin/modes/batch_kernel.hpp"

namespace vitrispin::modes {
namespace {

/// What every x86-64 processor has.
struct Sse2 {
  using Register __attribute__((vector_size(16))) = double;
  using Integers __attribute__((vector_size(16))) = long long;
  static constexpr unsigned width = 2;

  static Register square_root(Register x) { return _mm_sqrt_pd(x); }
  /// Without a fused multiply-add: products of 26-bit halves are exact (Dekker, Veltkamp).
  static Register product_error(Register x, Register y, Register product) {
    const Register x_high = upper_half(x), y_high = upper_half(y);
    const Register x_low = x - x_high, y_low = y - y_high;
    return ((x_high * y_high - product) + x_high * y_low + x_low * y_high) + x_low * y_low;
  }
  static unsigned bits(Integers mask) { return static_cast<unsigned>(_mm_movemask_pd((__m128d)mask)); }

private:
  static Register upper_half(Register x) {
    const Register spread = 134217729.0 * x;  // 2^27 + 1
    return spread - (spread - x);
  }
};

}  // namespace

const BatchKernel& sse2_kernel() {
  static constexpr BatchKernel kernel{"SSE2", solve<Sse2>, solve_one<Sse2>};
  return kernel;
}

}  // namespace vitrispin::modes
