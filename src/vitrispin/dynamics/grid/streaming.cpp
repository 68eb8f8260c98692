#include "vitrispin/dynamics/grid/streaming.hpp"

#include <algorithm>
#include <cstdint>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define VITRISPIN_STREAMS 1
#endif

namespace vitrispin::dynamics::grid {

#ifdef VITRISPIN_STREAMS
namespace {

/// Whole cache lines; `to` begins one.
using Copy = void (*)(std::size_t lines, const double* from, double* to);

__attribute__((target("avx512f"))) void copy_avx512(std::size_t lines, const double* from, double* to) {
  for (std::size_t i = 0; i < lines; ++i) _mm512_stream_pd(to + 8 * i, _mm512_loadu_pd(from + 8 * i));
}

__attribute__((target("avx"))) void copy_avx(std::size_t lines, const double* from, double* to) {
  for (std::size_t i = 0; i < 2 * lines; ++i) _mm256_stream_pd(to + 4 * i, _mm256_loadu_pd(from + 4 * i));
}

void copy_sse2(std::size_t lines, const double* from, double* to) {
  for (std::size_t i = 0; i < 4 * lines; ++i) _mm_stream_pd(to + 2 * i, _mm_loadu_pd(from + 2 * i));
}

Copy best_copy() {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f")) return copy_avx512;
  if (__builtin_cpu_supports("avx")) return copy_avx;
  return copy_sse2;
}

}  // namespace

void stream(std::size_t n, const double* from, double* to) {
  static const Copy copy = best_copy();
  const std::size_t past = reinterpret_cast<std::uintptr_t>(to) / sizeof(double) % 8;
  const std::size_t head = std::min(n, (8 - past) % 8);
  std::copy_n(from, head, to);
  const std::size_t lines = (n - head) / 8;
  copy(lines, from + head, to + head);
  std::copy(from + head + 8 * lines, from + n, to + head + 8 * lines);
}

void finish_streaming() {
  _mm_sfence();
}
#else
void stream(std::size_t n, const double* from, double* to) {
  std::copy_n(from, n, to);
}

void finish_streaming() {}
#endif

bool worth_streaming(std::size_t values) {
  return values > std::size_t{1} << 20;  // 8 MB: more than a core's share of the last cache
}

}  // namespace vitrispin::dynamics::grid
