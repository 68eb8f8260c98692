#include "vitrispin/dynamics/grid/ledger_loops.hpp"

#include "vitrispin/core/vectorised.hpp"

namespace vitrispin::dynamics::grid {
namespace {

constexpr std::size_t lanes = 8;

inline double total(const double* sum) {
  return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
}

}  // namespace

VITRISPIN_VECTORISED void squares_loop(std::size_t n, double inverse_chi_M, double K, const SquaresOf& of,
                                       double* sums) {
  const double* __restrict width = of.width, * __restrict M = of.M, * __restrict m = of.m, * __restrict p = of.p;
  const double* __restrict theta = of.theta, * __restrict pull = of.pull, * __restrict field = of.field;
  const double has_field = field != nullptr ? 1 : 0;
  if (field == nullptr) field = p;
  double a[lanes] = {}, b[lanes] = {}, c[lanes] = {}, d[lanes] = {};
  const auto one = [&](std::size_t i, std::size_t lane) {
    const double P = (M[i] + m[i]) * inverse_chi_M - has_field * field[i], difference = P - p[i];
    const double torque = pull[i] - K * theta[i], w = width[i];
    a[lane] += w * (P * P);
    b[lane] += w * (p[i] * p[i]);
    c[lane] += w * (difference * difference);
    d[lane] += w * (torque * torque);
  };
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    for (std::size_t j = 0; j < lanes; ++j) one(i + j, j);
  }
  for (; i < n; ++i) one(i, 0);
  sums[0] += total(a);
  sums[1] += total(b);
  sums[2] += total(c);
  sums[3] += total(d);
}

VITRISPIN_VECTORISED double difference_squares(std::size_t n, const double* __restrict weight,
                                               const double* __restrict a, const double* __restrict b) {
  double sum[lanes] = {};
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    for (std::size_t j = 0; j < lanes; ++j) {
      const double difference = a[i + j] - b[i + j];
      sum[j] += weight[i + j] * (difference * difference);
    }
  }
  for (; i < n; ++i) sum[0] += weight[i] * ((a[i] - b[i]) * (a[i] - b[i]));
  return total(sum);
}

VITRISPIN_VECTORISED void energy_loop(std::size_t n, double inverse_chi_M, double inverse_chi_m, const SquaresOf& of,
                                      double* sums) {
  const double* __restrict width = of.width, * __restrict M = of.M, * __restrict m = of.m;
  const double* __restrict theta = of.theta, * __restrict field = of.field;
  const double has_field = field != nullptr ? 1 : 0;
  if (field == nullptr) field = M;
  double a[lanes] = {}, b[lanes] = {};
  const auto one = [&](std::size_t i, std::size_t lane) {
    const double magnetic = 0.5 * inverse_chi_m * m[i] * m[i] + inverse_chi_M * (0.5 * M[i] + m[i]) * M[i] -
                            has_field * ((M[i] + m[i]) * field[i]);
    a[lane] += width[i] * magnetic;
    b[lane] += width[i] * (theta[i] * theta[i]);
  };
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    for (std::size_t j = 0; j < lanes; ++j) one(i + j, j);
  }
  for (; i < n; ++i) one(i, 0);
  sums[0] += total(a);
  sums[1] += total(b);
}

VITRISPIN_VECTORISED double work_loop(std::size_t n, const double* __restrict width, const double* __restrict M,
                                      const double* __restrict m, const double* __restrict change) {
  double sum[lanes] = {};
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    for (std::size_t j = 0; j < lanes; ++j) sum[j] += width[i + j] * ((M[i + j] + m[i + j]) * change[i + j]);
  }
  for (; i < n; ++i) sum[0] += width[i] * ((M[i] + m[i]) * change[i]);
  return total(sum);
}

}  // namespace vitrispin::dynamics::grid
