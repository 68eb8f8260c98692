#include "vitrispin/dynamics/grid/multigrid_rows.hpp"

#include "vitrispin/core/vectorised.hpp"

// One body for each loop, and two functions of it: clones for instruction sets cannot be templates.
#if defined(__GNUC__) && !defined(__clang__)
#define VITRISPIN_INLINE inline __attribute__((always_inline))
#define VITRISPIN_INDEPENDENT _Pragma("GCC ivdep")
#else
#define VITRISPIN_INLINE inline
#define VITRISPIN_INDEPENDENT
#endif

namespace vitrispin::dynamics::grid {
namespace {

/// Currents into cell i of one field.
template <class Real>
VITRISPIN_INLINE Real inflow(std::size_t i, const RowMatrix<Real>& A, const RowValues<Real>& v, std::size_t field) {
  const Real* __restrict x = v.here[field];
  const Real here = x[i];
  const Real along = A.x[field][i] * (x[i - 1] - here) + A.x[field][i + 1] * (x[i + 1] - here);
  const Real y =
      A.beside[0][field][i] * (v.beside[0][field][i] - here) + A.beside[1][field][i] * (v.beside[1][field][i] - here);
  const Real z =
      A.beside[2][field][i] * (v.beside[2][field][i] - here) + A.beside[3][field][i] * (v.beside[3][field][i] - here);
  return along + (y + z);
}

template <class Real>
VITRISPIN_INLINE void multiply_body(std::size_t n, const RowMatrix<Real>& matrix, const RowValues<Real>& values,
                                    Real* const out[2]) {
  const RowMatrix<Real> A = matrix;
  const RowValues<Real> x = values;
  Real* __restrict out_p = out[0], * __restrict out_t = out[1];
  VITRISPIN_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) {
    const Real p = x.here[0][i], t = x.here[1][i];
    out_p[i] = A.pp[i] * p + A.pt[i] * t - inflow(i, A, x, 0);
    out_t[i] = A.pt[i] * p + A.tt[i] * t - inflow(i, A, x, 1);
  }
}

template <class Real>
VITRISPIN_INLINE void residual_body(std::size_t n, const RowMatrix<Real>& matrix, const RowValues<Real>& values,
                                    const Real* const b[2], Real* const out[2]) {
  const RowMatrix<Real> A = matrix;
  const RowValues<Real> x = values;
  const Real* __restrict b_p = b[0], * __restrict b_t = b[1];
  Real* __restrict out_p = out[0], * __restrict out_t = out[1];
  VITRISPIN_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) {
    const Real p = x.here[0][i], t = x.here[1][i];
    out_p[i] = b_p[i] - (A.pp[i] * p + A.pt[i] * t - inflow(i, A, x, 0));
    out_t[i] = b_t[i] - (A.pt[i] * p + A.tt[i] * t - inflow(i, A, x, 1));
  }
}

template <class Real>
VITRISPIN_INLINE void scale_body(std::size_t n, const RowMatrix<Real>& A, Real factor, const Real* const b[2],
                                 Real* const out[2]) {
  const Real* __restrict b_p = b[0], * __restrict b_t = b[1];
  const Real* __restrict pp = A.inverse_pp, * __restrict pt = A.inverse_pt, * __restrict tt = A.inverse_tt;
  Real* __restrict out_p = out[0], * __restrict out_t = out[1];
  for (std::size_t i = 0; i < n; ++i) {
    out_p[i] = factor * (pp[i] * b_p[i] + pt[i] * b_t[i]);
    out_t[i] = factor * (pt[i] * b_p[i] + tt[i] * b_t[i]);
  }
}

template <bool reads, bool stores, class Real>
VITRISPIN_INLINE void smooth_loop(std::size_t n, const RowMatrix<Real>& matrix, const Smoothing<Real>& s,
                                  const RowValues<Real>& values, const Real* const b[2], Real* const step[2],
                                  Real* const out[2]) {
  const RowMatrix<Real> A = matrix;
  const RowValues<Real> x = values;
  const Real grow = s.grow, keep = s.keep, factor = s.factor;
  const Real* __restrict b_p = b[0], * __restrict b_t = b[1];
  Real *out_p = out[0], *out_t = out[1], *step_p = step[0], *step_t = step[1];  // may be the same
  VITRISPIN_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) {
    const Real p = x.here[0][i], t = x.here[1][i];
    const Real r_p = b_p[i] - (A.pp[i] * p + A.pt[i] * t - inflow(i, A, x, 0));
    const Real r_t = b_t[i] - (A.pt[i] * p + A.tt[i] * t - inflow(i, A, x, 1));
    Real d_p = factor * (A.inverse_pp[i] * r_p + A.inverse_pt[i] * r_t);
    Real d_t = factor * (A.inverse_pt[i] * r_p + A.inverse_tt[i] * r_t);
    if constexpr (reads) {
      d_p += keep * step_p[i];
      d_t += keep * step_t[i];
    }
    if constexpr (stores) {
      step_p[i] = d_p;
      step_t[i] = d_t;
    }
    out_p[i] = grow * p + d_p;
    out_t[i] = grow * t + d_t;
  }
}

template <class Real>
VITRISPIN_INLINE void smooth_body(std::size_t n, const RowMatrix<Real>& A, const Smoothing<Real>& s,
                                  const RowValues<Real>& x, const Real* const b[2], Real* const step[2], bool store,
                                  Real* const out[2]) {
  if (s.keep != 0) {
    if (store)
      smooth_loop<true, true>(n, A, s, x, b, step, out);
    else
      smooth_loop<true, false>(n, A, s, x, b, step, out);
  } else {
    if (store)
      smooth_loop<false, true>(n, A, s, x, b, step, out);
    else
      smooth_loop<false, false>(n, A, s, x, b, step, out);
  }
}

template <class Real>
VITRISPIN_INLINE double dot_body(std::size_t n, const Real* __restrict x, const Real* __restrict y) {
  constexpr std::size_t lanes = 16;
  double sums[lanes] = {};
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    for (std::size_t l = 0; l < lanes; ++l) sums[l] += static_cast<double>(x[i + l]) * static_cast<double>(y[i + l]);
  }
  for (; i < n; ++i) sums[i % lanes] += static_cast<double>(x[i]) * static_cast<double>(y[i]);
  for (std::size_t width = lanes / 2; width > 0; width /= 2) {
    for (std::size_t l = 0; l < width; ++l) sums[l] += sums[l + width];
  }
  return sums[0];
}

template <class Real>
VITRISPIN_INLINE void combine_body(std::size_t n, const Real* __restrict x, Real factor, Real* __restrict y) {
  for (std::size_t i = 0; i < n; ++i) y[i] = x[i] + factor * y[i];
}

template <class Real>
VITRISPIN_INLINE void add_body(std::size_t n, Real factor, const Real* __restrict x, Real* __restrict y) {
  for (std::size_t i = 0; i < n; ++i) y[i] += factor * x[i];
}

template <class Real>
VITRISPIN_INLINE void add_share_body(std::size_t n, const Real* __restrict share, bool rest, const Real* __restrict x,
                                     Real* __restrict y) {
  const Real constant = rest ? Real(1) : Real(0), sign = rest ? Real(-1) : Real(1);
  for (std::size_t i = 0; i < n; ++i) y[i] += (constant + sign * share[i]) * x[i];
}

template <class Real>
VITRISPIN_INLINE void blend_body(std::size_t n, const Real* __restrict share, const Real* one, const Real* other,
                                 Real* y) {
  VITRISPIN_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) y[i] = one[i] + share[i] * (other[i] - one[i]);
}

template <class Real>
VITRISPIN_INLINE void correct_body(std::size_t n, const Real* __restrict share, const Real* one, const Real* other,
                                   const Real* __restrict x, Real* __restrict y) {
  for (std::size_t i = 0; i < n; ++i) y[i] = x[i] + (one[i] + share[i] * (other[i] - one[i]));
}

template <class Real>
VITRISPIN_INLINE double advance_body(std::size_t n, const RowMatrix<Real>& A, Real length,
                                     const Real* const direction[2], const Real* const product[2], Real* const x[2],
                                     Real* const r[2]) {
  const Real* __restrict d_p = direction[0], * __restrict d_t = direction[1], * __restrict a_p = product[0], * __restrict a_t = product[1];
  Real* __restrict x_p = x[0], * __restrict x_t = x[1], * __restrict r_p = r[0], * __restrict r_t = r[1];
  const Real* __restrict pp = A.inverse_pp, * __restrict pt = A.inverse_pt, * __restrict tt = A.inverse_tt;
  constexpr std::size_t lanes = 16;
  Real sums[lanes] = {};
  const auto advance = [&](std::size_t i, Real& sum) {
    x_p[i] += length * d_p[i];
    x_t[i] += length * d_t[i];
    const Real p = r_p[i] - length * a_p[i], t = r_t[i] - length * a_t[i];
    r_p[i] = p;
    r_t[i] = t;
    sum += p * (pp[i] * p + pt[i] * t) + t * (pt[i] * p + tt[i] * t);
  };
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    VITRISPIN_INDEPENDENT
    for (std::size_t l = 0; l < lanes; ++l) advance(i + l, sums[l]);
  }
  for (; i < n; ++i) advance(i, sums[i % lanes]);
  double sum = 0;
  for (const Real of_lane : sums) sum += static_cast<double>(of_lane);
  return sum;
}

template <class Real>
VITRISPIN_INLINE void interpolate_body(std::size_t n, const RowMerging& merging, const Real* __restrict share,
                                       const Real* __restrict coarse, Real* __restrict fine) {
  const std::int32_t* __restrict parent = merging.parent, * __restrict beside = merging.beside;
  for (std::size_t i = 0; i < n; ++i) {
    const Real own = coarse[parent[i]];
    fine[i] = own + share[i] * (coarse[beside[i]] - own);
  }
}

template <class Real>
VITRISPIN_INLINE void restrict_body(std::size_t n, std::size_t merged, const RowMerging& merging,
                                    const Real* __restrict share, const Real* __restrict fine, Real* __restrict scratch,
                                    Real* __restrict coarse) {
  Real* __restrict kept = scratch, * __restrict given = scratch + n + 1;
  for (std::size_t i = 0; i < n; ++i) {
    given[i] = share[i] * fine[i];
    kept[i] = fine[i] - given[i];
  }
  kept[n] = given[n] = 0;
  const std::int32_t* __restrict a = merging.children[0], * __restrict b = merging.children[1];
  const std::int32_t* __restrict c = merging.leaning[0], * __restrict d = merging.leaning[1];
  for (std::size_t I = 0; I < merged; ++I) coarse[I] = (kept[a[I]] + kept[b[I]]) + (given[c[I]] + given[d[I]]);
}

}  // namespace

namespace {
VITRISPIN_VECTORISED void multiply_float(std::size_t n, const RowMatrix<float>& A, const RowValues<float>& x,
                                         float* const out[2]) {
  multiply_body<float>(n, A, x, out);
}
VITRISPIN_VECTORISED void multiply_double(std::size_t n, const RowMatrix<double>& A, const RowValues<double>& x,
                                          double* const out[2]) {
  multiply_body<double>(n, A, x, out);
}
VITRISPIN_VECTORISED void residual_float(std::size_t n, const RowMatrix<float>& A, const RowValues<float>& x,
                                         const float* const b[2], float* const out[2]) {
  residual_body<float>(n, A, x, b, out);
}
VITRISPIN_VECTORISED void residual_double(std::size_t n, const RowMatrix<double>& A, const RowValues<double>& x,
                                          const double* const b[2], double* const out[2]) {
  residual_body<double>(n, A, x, b, out);
}
VITRISPIN_VECTORISED void scale_float(std::size_t n, const RowMatrix<float>& A, float factor, const float* const b[2],
                                      float* const out[2]) {
  scale_body<float>(n, A, factor, b, out);
}
VITRISPIN_VECTORISED void scale_double(std::size_t n, const RowMatrix<double>& A, double factor,
                                       const double* const b[2], double* const out[2]) {
  scale_body<double>(n, A, factor, b, out);
}
VITRISPIN_VECTORISED void smooth_float(std::size_t n, const RowMatrix<float>& A, const Smoothing<float>& smoothing,
                                       const RowValues<float>& x, const float* const b[2], float* const step[2],
                                       bool store, float* const out[2]) {
  smooth_body<float>(n, A, smoothing, x, b, step, store, out);
}
VITRISPIN_VECTORISED void smooth_double(std::size_t n, const RowMatrix<double>& A, const Smoothing<double>& smoothing,
                                        const RowValues<double>& x, const double* const b[2], double* const step[2],
                                        bool store, double* const out[2]) {
  smooth_body<double>(n, A, smoothing, x, b, step, store, out);
}
VITRISPIN_VECTORISED double dot_float(std::size_t n, const float* x, const float* y) {
  return dot_body<float>(n, x, y);
}
VITRISPIN_VECTORISED double dot_double(std::size_t n, const double* x, const double* y) {
  return dot_body<double>(n, x, y);
}
VITRISPIN_VECTORISED void combine_float(std::size_t n, const float* x, float factor, float* y) {
  combine_body<float>(n, x, factor, y);
}
VITRISPIN_VECTORISED void combine_double(std::size_t n, const double* x, double factor, double* y) {
  combine_body<double>(n, x, factor, y);
}
VITRISPIN_VECTORISED void add_float(std::size_t n, float factor, const float* x, float* y) {
  add_body<float>(n, factor, x, y);
}
VITRISPIN_VECTORISED void add_double(std::size_t n, double factor, const double* x, double* y) {
  add_body<double>(n, factor, x, y);
}
VITRISPIN_VECTORISED void add_share_float(std::size_t n, const float* share, bool rest, const float* x, float* y) {
  add_share_body<float>(n, share, rest, x, y);
}
VITRISPIN_VECTORISED void add_share_double(std::size_t n, const double* share, bool rest, const double* x, double* y) {
  add_share_body<double>(n, share, rest, x, y);
}
VITRISPIN_VECTORISED void blend_float(std::size_t n, const float* share, const float* one, const float* other,
                                      float* y) {
  blend_body<float>(n, share, one, other, y);
}
VITRISPIN_VECTORISED void blend_double(std::size_t n, const double* share, const double* one, const double* other,
                                       double* y) {
  blend_body<double>(n, share, one, other, y);
}
VITRISPIN_VECTORISED void correct_float(std::size_t n, const float* share, const float* one, const float* other,
                                        const float* x, float* y) {
  correct_body<float>(n, share, one, other, x, y);
}
VITRISPIN_VECTORISED void correct_double(std::size_t n, const double* share, const double* one, const double* other,
                                         const double* x, double* y) {
  correct_body<double>(n, share, one, other, x, y);
}
VITRISPIN_VECTORISED double advance_float(std::size_t n, const RowMatrix<float>& A, float length,
                                          const float* const direction[2], const float* const product[2],
                                          float* const x[2], float* const r[2]) {
  return advance_body<float>(n, A, length, direction, product, x, r);
}
VITRISPIN_VECTORISED double advance_double(std::size_t n, const RowMatrix<double>& A, double length,
                                           const double* const direction[2], const double* const product[2],
                                           double* const x[2], double* const r[2]) {
  return advance_body<double>(n, A, length, direction, product, x, r);
}
VITRISPIN_VECTORISED void interpolate_float(std::size_t n, const RowMerging& merging, const float* share,
                                            const float* coarse, float* fine) {
  interpolate_body<float>(n, merging, share, coarse, fine);
}
VITRISPIN_VECTORISED void interpolate_double(std::size_t n, const RowMerging& merging, const double* share,
                                             const double* coarse, double* fine) {
  interpolate_body<double>(n, merging, share, coarse, fine);
}
VITRISPIN_VECTORISED void restrict_float(std::size_t n, std::size_t merged, const RowMerging& merging,
                                         const float* share, const float* fine, float* scratch, float* coarse) {
  restrict_body<float>(n, merged, merging, share, fine, scratch, coarse);
}
VITRISPIN_VECTORISED void restrict_double(std::size_t n, std::size_t merged, const RowMerging& merging,
                                          const double* share, const double* fine, double* scratch, double* coarse) {
  restrict_body<double>(n, merged, merging, share, fine, scratch, coarse);
}
}  // namespace

template <>
void multiply_row<float>(std::size_t n, const RowMatrix<float>& A, const RowValues<float>& x, float* const out[2]) {
  multiply_float(n, A, x, out);
}
template <>
void multiply_row<double>(std::size_t n, const RowMatrix<double>& A, const RowValues<double>& x, double* const out[2]) {
  multiply_double(n, A, x, out);
}
template <>
void residual_row<float>(std::size_t n, const RowMatrix<float>& A, const RowValues<float>& x, const float* const b[2],
                         float* const out[2]) {
  residual_float(n, A, x, b, out);
}
template <>
void residual_row<double>(std::size_t n, const RowMatrix<double>& A, const RowValues<double>& x,
                          const double* const b[2], double* const out[2]) {
  residual_double(n, A, x, b, out);
}
template <>
void scale_row<float>(std::size_t n, const RowMatrix<float>& A, float factor, const float* const b[2],
                      float* const out[2]) {
  scale_float(n, A, factor, b, out);
}
template <>
void scale_row<double>(std::size_t n, const RowMatrix<double>& A, double factor, const double* const b[2],
                       double* const out[2]) {
  scale_double(n, A, factor, b, out);
}
template <>
void smooth_row<float>(std::size_t n, const RowMatrix<float>& A, const Smoothing<float>& smoothing,
                       const RowValues<float>& x, const float* const b[2], float* const step[2], bool store,
                       float* const out[2]) {
  smooth_float(n, A, smoothing, x, b, step, store, out);
}
template <>
void smooth_row<double>(std::size_t n, const RowMatrix<double>& A, const Smoothing<double>& smoothing,
                        const RowValues<double>& x, const double* const b[2], double* const step[2], bool store,
                        double* const out[2]) {
  smooth_double(n, A, smoothing, x, b, step, store, out);
}
template <>
double dot_row<float>(std::size_t n, const float* x, const float* y) {
  return dot_float(n, x, y);
}
template <>
double dot_row<double>(std::size_t n, const double* x, const double* y) {
  return dot_double(n, x, y);
}
template <>
void combine_row<float>(std::size_t n, const float* x, float factor, float* y) {
  combine_float(n, x, factor, y);
}
template <>
void combine_row<double>(std::size_t n, const double* x, double factor, double* y) {
  combine_double(n, x, factor, y);
}
template <>
void add_row<float>(std::size_t n, float factor, const float* x, float* y) {
  add_float(n, factor, x, y);
}
template <>
void add_row<double>(std::size_t n, double factor, const double* x, double* y) {
  add_double(n, factor, x, y);
}
template <>
void add_share_row<float>(std::size_t n, const float* share, bool rest, const float* x, float* y) {
  add_share_float(n, share, rest, x, y);
}
template <>
void add_share_row<double>(std::size_t n, const double* share, bool rest, const double* x, double* y) {
  add_share_double(n, share, rest, x, y);
}
template <>
void blend_row<float>(std::size_t n, const float* share, const float* one, const float* other, float* y) {
  blend_float(n, share, one, other, y);
}
template <>
void blend_row<double>(std::size_t n, const double* share, const double* one, const double* other, double* y) {
  blend_double(n, share, one, other, y);
}
template <>
void correct_row<float>(std::size_t n, const float* share, const float* one, const float* other, const float* x,
                        float* y) {
  correct_float(n, share, one, other, x, y);
}
template <>
void correct_row<double>(std::size_t n, const double* share, const double* one, const double* other, const double* x,
                         double* y) {
  correct_double(n, share, one, other, x, y);
}
template <>
double advance_row<float>(std::size_t n, const RowMatrix<float>& A, float length, const float* const direction[2],
                          const float* const product[2], float* const x[2], float* const r[2]) {
  return advance_float(n, A, length, direction, product, x, r);
}
template <>
double advance_row<double>(std::size_t n, const RowMatrix<double>& A, double length, const double* const direction[2],
                           const double* const product[2], double* const x[2], double* const r[2]) {
  return advance_double(n, A, length, direction, product, x, r);
}
template <>
void interpolate_row<float>(std::size_t n, const RowMerging& merging, const float* share, const float* coarse,
                            float* fine) {
  interpolate_float(n, merging, share, coarse, fine);
}
template <>
void interpolate_row<double>(std::size_t n, const RowMerging& merging, const double* share, const double* coarse,
                             double* fine) {
  interpolate_double(n, merging, share, coarse, fine);
}
template <>
void restrict_row<float>(std::size_t n, std::size_t merged, const RowMerging& merging, const float* share,
                         const float* fine, float* scratch, float* coarse) {
  restrict_float(n, merged, merging, share, fine, scratch, coarse);
}
template <>
void restrict_row<double>(std::size_t n, std::size_t merged, const RowMerging& merging, const double* share,
                          const double* fine, double* scratch, double* coarse) {
  restrict_double(n, merged, merging, share, fine, scratch, coarse);
}

}  // namespace vitrispin::dynamics::grid
