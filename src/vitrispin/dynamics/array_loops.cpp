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

VITRISPIN_VECTORISED void scaled_difference(std::size_t n, const double* __restrict a, const double* __restrict b,
                                            double scale, double* __restrict result) {
  for (std::size_t i = 0; i < n; ++i) result[i] = (a[i] - b[i]) * scale;
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
