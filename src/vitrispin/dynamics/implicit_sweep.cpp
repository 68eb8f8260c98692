#include "vitrispin/dynamics/implicit_sweep.hpp"

#include "vitrispin/core/vectorised.hpp"

namespace vitrispin::dynamics {

#if defined(__GNUC__)
VITRISPIN_VECTORISED void sweep_nodes(std::size_t n, std::size_t middle, const double* __restrict links,
                                      double* __restrict unknowns) {
  using Lanes __attribute__((vector_size(32), aligned(8), may_alias)) = double;
  const std::size_t after = n - 1 - middle;  // as many as `middle`, or one less
  Lanes p = {}, t = {}, q = {}, s = {};
  for (std::size_t i = 0; i < middle; ++i) {
    {
      const double* c = links + 8 * i;
      Lanes* x = reinterpret_cast<Lanes*>(unknowns + 8 * i);
      p += x[0];
      t += x[1];
      x[0] = c[4] * p + c[5] * t;
      x[1] = c[5] * p + c[6] * t;
      const Lanes next = c[0] * p + c[1] * t;
      t = c[2] * p + c[3] * t;
      p = next;
    }
    if (i < after) {
      const double* c = links + 8 * (n - 1 - i);
      Lanes* x = reinterpret_cast<Lanes*>(unknowns + 8 * (n - 1 - i));
      q += x[0];
      s += x[1];
      x[0] = c[4] * q + c[5] * s;
      x[1] = c[5] * q + c[6] * s;
      const Lanes next = c[0] * q + c[1] * s;
      s = c[2] * q + c[3] * s;
      q = next;
    }
  }
  {
    const double* c = links + 8 * middle;
    Lanes* x = reinterpret_cast<Lanes*>(unknowns + 8 * middle);
    q = p + q + x[0];
    s = t + s + x[1];
    x[0] = p = c[4] * q + c[5] * s;
    x[1] = t = c[5] * q + c[6] * s;
    q = p;
    s = t;
  }
  for (std::size_t i = middle; i-- > 0;) {
    {
      const double* c = links + 8 * i;
      Lanes* x = reinterpret_cast<Lanes*>(unknowns + 8 * i);
      const Lanes next = (x[0] + c[0] * p) + c[2] * t;
      t = (x[1] + c[1] * p) + c[3] * t;
      p = next;
      x[0] = p;
      x[1] = t;
    }
    if (i < after) {
      const double* c = links + 8 * (n - 1 - i);
      Lanes* x = reinterpret_cast<Lanes*>(unknowns + 8 * (n - 1 - i));
      const Lanes next = (x[0] + c[0] * q) + c[2] * s;
      s = (x[1] + c[1] * q) + c[3] * s;
      q = next;
      x[0] = q;
      x[1] = s;
    }
  }
}
#endif

}  // namespace vitrispin::dynamics
