#pragma once

#include "vitrispin/film/batch_lanes.hpp"

/// Elementary functions in every lane, within a few units of the last place and without branches; every instruction set
/// gives the same bits.
namespace vitrispin::film {

template <class Machine>
inline Lanes<Machine> polynomial(Lanes<Machine>, double constant) {
  return Lanes<Machine>::all(constant);
}
/// c0 + x (c1 + x (...)), lowest coefficient first.
template <class Machine, class... Rest>
inline Lanes<Machine> polynomial(Lanes<Machine> x, double constant, Rest... rest) {
  return Lanes<Machine>::all(constant) + x * polynomial(x, rest...);
}

template <class Machine>
struct Exponential {
  Lanes<Machine> value, minus_one;  ///< exp(x), exp(x) - 1
};

/// For x <= 0: x = n ln 2 + r, exp(r) - 1 by its series. Zero below -708.
template <class Machine>
inline Exponential<Machine> decaying_exponential(Lanes<Machine> x) {
  using L = Lanes<Machine>;
  using Integers = typename Machine::Integers;
  const L lowest = L::all(-708.0);
  const LaneMask<Machine> vanished = x < lowest;
  x = choose(vanished, lowest, x);
  const L magic = L::all(0x1.8p52);
  const L shifted = 1.4426950408889634 * x + magic;
  const L n = shifted - magic;
  // ln 2 in two parts (fdlibm): n times the first is exact.
  const L r = (x - 6.93147180369123816490e-01 * n) - 1.90821492927058770002e-10 * n;
  const L tail = polynomial(r, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320, 1.0 / 362880,
                            1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800);
  const L grown = r + r * r * tail;
  const L power{(typename Machine::Register)(((Integers)shifted.value + 1023) << 52)};
  const L one = L::all(1.0);
  const L zero = L::all(0.0);
  return {choose(vanished, zero, power + power * grown), choose(vanished, L::all(-1.0), (power - one) + power * grown)};
}

template <class Machine>
struct SineCosine {
  Lanes<Machine> sine, cosine;
};

/// Largest |x| for which the reduction by pi/2 in three parts is exact.
inline constexpr double largest_phase = 5e5;

template <class Machine>
inline SineCosine<Machine> sine_cosine(Lanes<Machine> x) {
  using L = Lanes<Machine>;
  using Integers = typename Machine::Integers;
  const L magic = L::all(0x1.8p52);
  const L shifted = 0.63661977236758134308 * x + magic;
  const L n = shifted - magic;
  const L r = ((x - 1.57079632673412561417e+00 * n) - 6.07710050630396597660e-11 * n) - 2.02226624879595063154e-21 * n;
  const L z = r * r;
  // Minimax polynomials on [-pi/4, pi/4] (fdlibm).
  const L sine =
      r + r * z *
              polynomial(z, -1.66666666666666324348e-01, 8.33333333332248946124e-03, -1.98412698298579493134e-04,
                         2.75573137070700676789e-06, -2.50507602534068634195e-08, 1.58969099521155010221e-10);
  const L cosine = (L::all(1.0) - 0.5 * z) + z * z *
                                                 polynomial(z, 4.16666666666666019037e-02, -1.38888888888741095749e-03,
                                                            2.48015872894767294178e-05, -2.75573143513906633035e-07,
                                                            2.08757232129817482790e-09, -1.13596475577881948265e-11);
  const Integers quadrant = (Integers)shifted.value;
  const LaneMask<Machine> swapped{-(quadrant & 1)};
  using Register = typename Machine::Register;
  const Integers sine_sign = (quadrant & 2) << 62;
  const Integers cosine_sign = ((quadrant + 1) & 2) << 62;
  const L s = choose(swapped, cosine, sine);
  const L c = choose(swapped, sine, cosine);
  return {{(Register)((Integers)s.value ^ sine_sign)}, {(Register)((Integers)c.value ^ cosine_sign)}};
}

/// Principal square root, each component to full relative accuracy while |z|^2 neither overflows nor underflows.
template <class Machine>
inline Cartesian<Lanes<Machine>> square_root(const Cartesian<Lanes<Machine>>& z) {
  using L = Lanes<Machine>;
  using Integers = typename Machine::Integers;
  using Register = typename Machine::Register;
  const L size = square_root(squared_modulus(z));
  const L larger_part = square_root(0.5 * (modulus(z.re) + size));
  const L smaller_part = 0.5 * modulus(z.im) / larger_part;
  const LaneMask<Machine> right = L::all(0.0) <= z.re;
  const L re = choose(right, larger_part, smaller_part);
  const L im = choose(right, smaller_part, larger_part);
  const Integers sign = (Integers)z.im.value & (-0x7fffffffffffffffLL - 1);
  return {re, {(Register)((Integers)im.value | sign)}};
}

/// exp(-y) and 1 - exp(-y), the latter without cancellation, for Re y >= 0.
template <class Machine>
struct Decay {
  Cartesian<Lanes<Machine>> value, complement;
};
template <class Machine>
inline Decay<Machine> decay(const Cartesian<Lanes<Machine>>& y) {
  const auto [size, size_minus_one] = decaying_exponential(-y.re);
  const auto [sine, cosine] = sine_cosine(0.5 * y.im);
  const auto swing = 2.0 * (sine * sine);  // 1 - cos
  const auto turn = 2.0 * (sine * cosine);
  return {{size - size * swing, -(size * turn)}, {size * swing - size_minus_one, size * turn}};
}

}  // namespace vitrispin::film
