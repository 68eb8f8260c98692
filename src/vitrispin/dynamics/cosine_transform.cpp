#include "vitrispin/dynamics/cosine_transform.hpp"

#include <cmath>
#include <numbers>
#include <utility>

#include "vitrispin/core/vectorised.hpp"

namespace vitrispin::dynamics {
namespace {

constexpr std::size_t lanes = CosineTransform::lanes;

#if defined(__GNUC__)
using Lane __attribute__((vector_size(64), may_alias)) = double;
#endif
static_assert(2 * sizeof(Lane) == lanes * sizeof(double));  // the real parts, then the imaginary

/// One pass of a Stockham transform: `sub` groups of `radix` values, `stride` of them beside each other.
struct Pass {
  std::size_t n, sub, stride;
  const double* waves;
  const Lane* from;
  Lane* to;
};

VITRISPIN_VECTORISED void pass_of_two(const Pass& pass) {
  const std::size_t m = pass.sub, s = pass.stride;
  for (std::size_t p = 0; p < m; ++p) {
    const double c = pass.waves[2 * p * s], d = pass.waves[2 * p * s + 1];
    for (std::size_t q = 0; q < s; ++q) {
      const Lane *a = pass.from + 2 * (q + s * p), *b = a + 2 * s * m;
      Lane* y = pass.to + 2 * (q + s * 2 * p);
      const Lane re = a[0] - b[0], im = a[1] - b[1];
      y[0] = a[0] + b[0];
      y[1] = a[1] + b[1];
      y[2 * s] = c * re - d * im;
      y[2 * s + 1] = c * im + d * re;
    }
  }
}

VITRISPIN_VECTORISED void pass_of_four(const Pass& pass) {
  const std::size_t m = pass.sub, s = pass.stride;
  for (std::size_t p = 0; p < m; ++p) {
    const double* w1 = pass.waves + 2 * p * s;
    const double* w2 = pass.waves + 4 * p * s;
    const double* w3 = pass.waves + 6 * p * s;
    for (std::size_t q = 0; q < s; ++q) {
      const Lane *a = pass.from + 2 * (q + s * p), *b = a + 2 * s * m, *c = b + 2 * s * m, *d = c + 2 * s * m;
      Lane* y = pass.to + 2 * (q + s * 4 * p);
      const Lane sum_re = a[0] + c[0], sum_im = a[1] + c[1], gap_re = a[0] - c[0], gap_im = a[1] - c[1];
      const Lane other_re = b[0] + d[0], other_im = b[1] + d[1];
      const Lane turned_re = b[1] - d[1], turned_im = d[0] - b[0];  // -i (b - d)
      y[0] = sum_re + other_re;
      y[1] = sum_im + other_im;
      const Lane re1 = gap_re + turned_re, im1 = gap_im + turned_im;
      const Lane re2 = sum_re - other_re, im2 = sum_im - other_im;
      const Lane re3 = gap_re - turned_re, im3 = gap_im - turned_im;
      y[2 * s] = w1[0] * re1 - w1[1] * im1;
      y[2 * s + 1] = w1[0] * im1 + w1[1] * re1;
      y[4 * s] = w2[0] * re2 - w2[1] * im2;
      y[4 * s + 1] = w2[0] * im2 + w2[1] * re2;
      y[6 * s] = w3[0] * re3 - w3[1] * im3;
      y[6 * s + 1] = w3[0] * im3 + w3[1] * re3;
    }
  }
}

/// Any radix, by its definition.
VITRISPIN_VECTORISED void pass_of_any(const Pass& pass, std::size_t radix) {
  const std::size_t m = pass.sub, s = pass.stride, n = pass.n;
  for (std::size_t p = 0; p < m; ++p) {
    for (std::size_t j = 0; j < radix; ++j) {
      const double* turn = pass.waves + 2 * (j * p * s);
      for (std::size_t q = 0; q < s; ++q) {
        const Lane* a = pass.from + 2 * (q + s * p);
        Lane* y = pass.to + 2 * (q + s * (radix * p + j));
        Lane re = a[0], im = a[1];
        for (std::size_t t = 1; t < radix; ++t) {
          const Lane* b = a + 2 * s * m * t;
          const double* w = pass.waves + 2 * (j * t % radix * (n / radix));
          re += w[0] * b[0] - w[1] * b[1];
          im += w[0] * b[1] + w[1] * b[0];
        }
        y[0] = turn[0] * re - turn[1] * im;
        y[1] = turn[0] * im + turn[1] * re;
      }
    }
  }
}

/// Rows' waves from the Fourier transform v of their (reordered) values: t_k v_k + conj(t_k) v_-k, in place too.
VITRISPIN_VECTORISED void waves_from_fourier(std::size_t n, double scale, const double* turns, const Lane* v, Lane* x) {
  for (std::size_t k = 0; k <= n / 2; ++k) {
    const std::size_t other = k == 0 ? 0 : n - k;
    const Lane a0 = v[2 * k], a1 = v[2 * k + 1], b0 = v[2 * other], b1 = v[2 * other + 1];
    const double c = scale * turns[2 * k], d = scale * turns[2 * k + 1];
    const double e = scale * turns[2 * other], f = scale * turns[2 * other + 1];
    x[2 * k] = c * (a0 + b0) + d * (b1 - a1);
    x[2 * k + 1] = c * (a1 + b1) + d * (a0 - b0);
    x[2 * other] = e * (a0 + b0) + f * (a1 - b1);
    x[2 * other + 1] = e * (a1 + b1) + f * (b0 - a0);
  }
}

/// Its inverse for cosines, v_k = conj(t_k) (x_k - i x_-k), real and imaginary parts exchanged (see `backward`).
VITRISPIN_VECTORISED void fourier_from_waves(std::size_t n, const double* turns, const Lane* x, Lane* v) {
  const Lane none = {};
  for (std::size_t k = 0; k <= n / 2; ++k) {
    const std::size_t other = k == 0 ? 0 : n - k;
    const Lane a0 = x[2 * k], a1 = x[2 * k + 1];
    const Lane b0 = k == 0 ? none : x[2 * other], b1 = k == 0 ? none : x[2 * other + 1];
    const double c = turns[2 * k], d = turns[2 * k + 1], e = turns[2 * other], f = turns[2 * other + 1];
    const Lane re = a0 + b1, im = a1 - b0, re_other = b0 + a1, im_other = b1 - a0;
    v[2 * k] = c * im - d * re;
    v[2 * k + 1] = c * re + d * im;
    if (k == 0) continue;
    v[2 * other] = e * im_other - f * re_other;
    v[2 * other + 1] = e * re_other + f * im_other;
  }
}

}  // namespace

CosineTransform::CosineTransform(std::size_t cells, bool periodic) : n_(cells), periodic_(periodic) {
  std::size_t rest = n_;
  for (const std::size_t radix : {4UL, 2UL}) {
    for (; rest % radix == 0; rest /= radix) factors_.push_back(radix);
  }
  for (std::size_t radix = 3; rest > 1; radix += 2) {
    if (radix * radix > rest) radix = rest;
    for (; rest % radix == 0; rest /= radix) factors_.push_back(radix);
  }
  constexpr long double pi = std::numbers::pi_v<long double>;
  for (std::size_t k = 0; k < n_; ++k) {
    const long double wave = 2 * pi * static_cast<long double>(k) / static_cast<long double>(n_);
    waves_.push_back(static_cast<double>(std::cos(wave)));
    waves_.push_back(static_cast<double>(-std::sin(wave)));
    turns_.push_back(periodic ? 0.5 : static_cast<double>(std::cos(wave / 4)));
    turns_.push_back(periodic ? 0.5 : static_cast<double>(-std::sin(wave / 4)));
    const long double sine = std::sin(periodic ? wave / 2 : wave / 4);
    curvature_.push_back(static_cast<double>(4 * sine * sine));
  }
}

/// Whether the outcome stands in `scratch`.
bool CosineTransform::fourier(double* data, double* scratch) const {
  Pass pass{n_, n_, 1, waves_.data(), reinterpret_cast<const Lane*>(data), reinterpret_cast<Lane*>(scratch)};
  bool in_scratch = false;
  for (const std::size_t radix : factors_) {
    pass.sub /= radix;
    if (radix == 4)
      pass_of_four(pass);
    else if (radix == 2)
      pass_of_two(pass);
    else
      pass_of_any(pass, radix);
    pass.stride *= radix;
    in_scratch = !in_scratch;
    Lane* read = const_cast<Lane*>(pass.from);
    pass.from = pass.to;
    pass.to = read;
  }
  return in_scratch;
}

void CosineTransform::forward(double* data, double* scratch) const {
  if (n_ == 1) return;
  Lane* const rows = reinterpret_cast<Lane*>(data);
  if (periodic_) {
    const Lane* v = reinterpret_cast<const Lane*>(fourier(data, scratch) ? scratch : data);
    waves_from_fourier(n_, 1.0 / static_cast<double>(n_), turns_.data(), v, rows);
    return;
  }
  // Even places ascending, then odd ones descending: the row becomes half of an even one.
  Lane* const halves = reinterpret_cast<Lane*>(scratch);
  for (std::size_t i = 0; i < n_; ++i) {
    const std::size_t to = i % 2 == 0 ? i / 2 : n_ - 1 - i / 2;
    halves[2 * to] = rows[2 * i];
    halves[2 * to + 1] = rows[2 * i + 1];
  }
  const Lane* v = reinterpret_cast<const Lane*>(fourier(scratch, data) ? data : scratch);
  waves_from_fourier(n_, 0.5 / static_cast<double>(n_), turns_.data(), v, rows);
}

void CosineTransform::backward(double* data, double* scratch) const {
  if (n_ == 1) return;
  Lane* const rows = reinterpret_cast<Lane*>(data);
  if (periodic_) {  // the Hartley transform is its own inverse
    const Lane* v = reinterpret_cast<const Lane*>(fourier(data, scratch) ? scratch : data);
    waves_from_fourier(n_, 1.0, turns_.data(), v, rows);
    return;
  }
  // The inverse Fourier transform is the forward one with real and imaginary parts exchanged before and after.
  const bool odd = factors_.size() % 2 == 1;
  double* const begin = odd ? data : scratch;
  fourier_from_waves(n_, turns_.data(), rows, reinterpret_cast<Lane*>(begin));
  fourier(begin, odd ? scratch : data);
  const Lane* const halves = reinterpret_cast<const Lane*>(scratch);
  for (std::size_t i = 0; i < n_; ++i) {
    const std::size_t from = i % 2 == 0 ? i / 2 : n_ - 1 - i / 2;
    rows[2 * i] = halves[2 * from + 1];
    rows[2 * i + 1] = halves[2 * from];
  }
}

}  // namespace vitrispin::dynamics
