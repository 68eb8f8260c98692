#include "vitrispin/dynamics/grid/row_loops.hpp"

#include "vitrispin/core/vectorised.hpp"

namespace vitrispin::dynamics::grid {

VITRISPIN_VECTORISED void potential_loop(std::size_t n, double inverse_chi_M, double inverse_chi_m,
                                         const double* __restrict M, const double* __restrict m, double* __restrict p) {
  for (std::size_t i = 0; i < n; ++i) p[i] = M[i] * inverse_chi_M + m[i] * inverse_chi_m;
}

VITRISPIN_VECTORISED void take_off_loop(std::size_t n, const double* __restrict field, double* __restrict p) {
  for (std::size_t i = 0; i < n; ++i) p[i] -= field[i];
}

VITRISPIN_VECTORISED void divergence_loop(std::size_t n, const DivergenceFactors& factors,
                                          const double* __restrict inverse_distance,
                                          const double* __restrict inverse_width, const double* __restrict v,
                                          const double* const* beside, double* __restrict sum) {
  const double along = factors.along;
  const double a = factors.beside[0], b = factors.beside[1], c = factors.beside[2], d = factors.beside[3];
  const double* __restrict v0 = beside[0], * __restrict v1 = beside[1];
  const double* __restrict v2 = beside[2], * __restrict v3 = beside[3];
  for (std::size_t i = 0; i < n; ++i) {
    const double x = v[i];
    const double in_x =
        along * inverse_width[i] * (inverse_distance[i + 1] * (v[i + 1] - x) + inverse_distance[i] * ((v - 1)[i] - x));
    const double in_y = a * (v0[i] - x) + b * (v1[i] - x);
    const double in_z = c * (v2[i] - x) + d * (v3[i] - x);
    sum[i] = in_x + in_y + in_z;
  }
}

}  // namespace vitrispin::dynamics::grid
