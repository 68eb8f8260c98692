#pragma once

#include <cstddef>

/// Sums along a span in eight lanes, compiled for every instruction set, the same bits on all.
namespace vitrispin::dynamics::grid {

/// Of widths times squares: of P = -H*, p = -h*, P - p, Gamma' = pull - K theta. Added to sums[0..3]. `field` may be nullptr.
struct SquaresOf {
  const double *width, *M, *m, *p, *theta, *pull, *field;
};
void squares_loop(std::size_t n, double inverse_chi_M, double K, const SquaresOf& of, double* sums);
/// Sum of weight[i] (a[i] - b[i])^2.
double difference_squares(std::size_t n, const double* weight, const double* a, const double* b);
/// Sum of width times (m^2/(2 chi_m) + (M/2 + m) M/chi_M - (M + m) dH), and of width times theta^2. Added to sums[0..1].
void energy_loop(std::size_t n, double inverse_chi_M, double inverse_chi_m, const SquaresOf& of, double* sums);
/// Sum of width (M + m) change.
double work_loop(std::size_t n, const double* width, const double* M, const double* m, const double* change);

}  // namespace vitrispin::dynamics::grid
