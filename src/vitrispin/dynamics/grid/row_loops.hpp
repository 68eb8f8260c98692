#pragma once

#include <cstddef>

/// Loops along a span, compiled for every instruction set.
namespace vitrispin::dynamics::grid {

/// p = M/chi_M + m/chi_m.
void potential_loop(std::size_t n, double inverse_chi_M, double inverse_chi_m, const double* M, const double* m,
                    double* p);
/// p -= field.
void take_off_loop(std::size_t n, const double* field, double* p);

/// What flows into the inner cells of a span, per volume.
struct DivergenceFactors {
  double along = 0;       ///< D chi_m or rho_s
  double beside[4] = {};  ///< link over width, in the order of Beside
};
/// sum over faces of conductance times (value beside - value): `along` from cells i - 1 and i + 1, which are read for all of
/// 0..n-1.
void divergence_loop(std::size_t n, const DivergenceFactors& factors, const double* inverse_distance,
                     const double* inverse_width, const double* v, const double* const* beside, double* sum);

}  // namespace vitrispin::dynamics::grid
