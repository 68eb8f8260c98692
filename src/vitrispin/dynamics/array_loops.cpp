#include "vitrispin/dynamics/array_loops.hpp"

#include <cmath>

#include "vitrispin/core/vectorised.hpp"

namespace vitrispin::dynamics {

VITRISPIN_VECTORISED void add_scaled(std::size_t n, const double* __restrict a, double weight,
                                     const double* __restrict b, double* __restrict sum) {
  for (std::size_t i = 0; i < n; ++i) sum[i] = a[i] + weight * b[i];
}

VITRISPIN_VECTORISED void accumulate(std::size_t n, double weight, const double* __restrict b, double* __restrict sum) {
  for (std::size_t i = 0; i < n; ++i) sum[i] += weight * b[i];
}

VITRISPIN_VECTORISED void accumulate(std::size_t n, double weight, const double* __restrict b, double other,
                                     const double* __restrict c, double* __restrict sum) {
  for (std::size_t i = 0; i < n; ++i) sum[i] += weight * b[i] + other * c[i];
}

VITRISPIN_VECTORISED void linear_combination(std::size_t n, const double* __restrict a, std::size_t terms,
                                             const Term* term, double* __restrict sum) {
  constexpr std::size_t piece = 256;
  for (std::size_t begin = 0; begin < n; begin += piece) {
    const std::size_t length = n - begin < piece ? n - begin : piece;
    const double* __restrict first = a + begin;
    double* __restrict s = sum + begin;
    std::size_t j = 0;
    if (terms >= 2) {
      const double u = term[0].weight, v = term[1].weight;
      const double* __restrict x = term[0].values + begin, * __restrict y = term[1].values + begin;
      for (std::size_t i = 0; i < length; ++i) s[i] = (first[i] + u * x[i]) + v * y[i];
      j = 2;
    } else {
      for (std::size_t i = 0; i < length; ++i) s[i] = first[i];
    }
    for (; j + 3 < terms; j += 4) {
      const double u = term[j].weight, v = term[j + 1].weight, w = term[j + 2].weight, q = term[j + 3].weight;
      const double *__restrict x = term[j].values + begin, *__restrict y = term[j + 1].values + begin,
                               *__restrict z = term[j + 2].values + begin, *__restrict p = term[j + 3].values + begin;
      for (std::size_t i = 0; i < length; ++i) s[i] = (((s[i] + u * x[i]) + v * y[i]) + w * z[i]) + q * p[i];
    }
    for (; j < terms; ++j) {
      const double u = term[j].weight;
      const double* __restrict x = term[j].values + begin;
      for (std::size_t i = 0; i < length; ++i) s[i] += u * x[i];
    }
  }
}

VITRISPIN_VECTORISED void add_scaled(std::size_t n, const double* __restrict a, double weight,
                                     const float* __restrict b, double other, const float* __restrict c,
                                     double* __restrict sum) {
  for (std::size_t i = 0; i < n; ++i)
    sum[i] = a[i] + (weight * static_cast<double>(b[i]) + other * static_cast<double>(c[i]));
}

VITRISPIN_VECTORISED void difference(std::size_t n, const double* __restrict a, const double* __restrict b,
                                     float* __restrict result) {
  for (std::size_t i = 0; i < n; ++i) result[i] = static_cast<float>(a[i] - b[i]);
}

VITRISPIN_VECTORISED void scaled_difference(std::size_t n, const double* __restrict a, const double* __restrict b,
                                            double scale, const double* __restrict c, double* __restrict result) {
  for (std::size_t i = 0; i < n; ++i) result[i] = (a[i] - b[i]) * scale + c[i];
}

VITRISPIN_VECTORISED void reflect(std::size_t n, const double* __restrict middle, double* __restrict state) {
  for (std::size_t i = 0; i < n; ++i) state[i] = 2 * middle[i] - state[i];
}

// Eight running maxima, so that the loop is vectors and not one chain; 0 x is 0 or NaN, and adding it up keeps a NaN.
VITRISPIN_VECTORISED double largest(std::size_t n, const double* __restrict a) {
  double most[8] = {};
  double invalid[8] = {};
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    for (std::size_t j = 0; j < 8; ++j) {
      const double size = std::fabs(a[i + j]);
      most[j] = size > most[j] ? size : most[j];
      invalid[j] += 0 * a[i + j];
    }
  }
  double all = 0, fault = 0;
  for (; i < n; ++i) {
    all = std::fabs(a[i]) > all ? std::fabs(a[i]) : all;
    fault += 0 * a[i];
  }
  for (std::size_t j = 0; j < 8; ++j) {
    all = most[j] > all ? most[j] : all;
    fault += invalid[j];
  }
  return all + fault;
}

VITRISPIN_VECTORISED double largest_difference(std::size_t n, const double* __restrict a, const double* __restrict b) {
  double most[8] = {};
  double invalid[8] = {};
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    for (std::size_t j = 0; j < 8; ++j) {
      const double difference = a[i + j] - b[i + j];
      const double size = std::fabs(difference);
      most[j] = size > most[j] ? size : most[j];
      invalid[j] += 0 * difference;
    }
  }
  double all = 0, fault = 0;
  for (; i < n; ++i) {
    const double difference = a[i] - b[i];
    all = std::fabs(difference) > all ? std::fabs(difference) : all;
    fault += 0 * difference;
  }
  for (std::size_t j = 0; j < 8; ++j) {
    all = most[j] > all ? most[j] : all;
    fault += invalid[j];
  }
  return all + fault;
}

}  // namespace vitrispin::dynamics
