#include "vitrispin/core/vectorised.hpp"
#include "vitrispin/dynamics/grid/multigrid_rows.hpp"

// Between the solution in double precision and corrections of either.
namespace vitrispin::dynamics::grid {
namespace {

template <class Real>
inline __attribute__((always_inline)) void convert_body(std::size_t n, double factor, const double* __restrict x,
                                                        Real* __restrict y) {
  for (std::size_t i = 0; i < n; ++i) y[i] = static_cast<Real>(factor * x[i]);
}

template <class Real>
inline __attribute__((always_inline)) void add_correction_body(std::size_t n, double factor, const Real* __restrict x,
                                                               double* __restrict y) {
  for (std::size_t i = 0; i < n; ++i) y[i] += factor * static_cast<double>(x[i]);
}

VITRISPIN_VECTORISED void convert_float(std::size_t n, double factor, const double* x, float* y) {
  convert_body(n, factor, x, y);
}
VITRISPIN_VECTORISED void convert_double(std::size_t n, double factor, const double* x, double* y) {
  convert_body(n, factor, x, y);
}
VITRISPIN_VECTORISED void add_float(std::size_t n, double factor, const float* x, double* y) {
  add_correction_body(n, factor, x, y);
}
VITRISPIN_VECTORISED void add_double(std::size_t n, double factor, const double* x, double* y) {
  add_correction_body(n, factor, x, y);
}
VITRISPIN_VECTORISED void load(std::size_t n, double across, const double* __restrict widths,
                               const double* __restrict diagonal, const double* __restrict from,
                               double* __restrict to) {
  for (std::size_t i = 0; i < n; ++i) {
    const double value = across * widths[i] * from[i];
    to[i] = diagonal[i] == 0 ? 0 : value;
  }
}
VITRISPIN_VECTORISED double square(std::size_t n, const double* __restrict diagonal, const double* __restrict x) {
  constexpr std::size_t lanes = 16;
  double sums[lanes] = {};
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes)
    for (std::size_t l = 0; l < lanes; ++l) sums[l] += diagonal[i + l] * x[i + l] * x[i + l];
  for (; i < n; ++i) sums[i % lanes] += diagonal[i] * x[i] * x[i];
  double sum = 0;
  for (const double of_lane : sums) sum += of_lane;
  return sum;
}

}  // namespace

void load_row(std::size_t n, double across, const double* widths, const double* diagonal, const double* from,
              double* to) {
  load(n, across, widths, diagonal, from, to);
}
double square_row(std::size_t n, const double* diagonal, const double* x) {
  return square(n, diagonal, x);
}
template <>
void convert_row<float>(std::size_t n, double factor, const double* x, float* y) {
  convert_float(n, factor, x, y);
}
template <>
void convert_row<double>(std::size_t n, double factor, const double* x, double* y) {
  convert_double(n, factor, x, y);
}
template <>
void add_correction_row<float>(std::size_t n, double factor, const float* x, double* y) {
  add_float(n, factor, x, y);
}
template <>
void add_correction_row<double>(std::size_t n, double factor, const double* x, double* y) {
  add_double(n, factor, x, y);
}

}  // namespace vitrispin::dynamics::grid
