#pragma once

#include "vitrispin/modes/cubic_real.hpp"

namespace vitrispin::modes {

template <class Machine>
inline Cartesian<Lanes<Machine>> high(const Cartesian<DoubleDouble<Machine>>& x) {
  return {x.re.high, x.im.high};
}
/// |Re x| + |Im x|: a norm without a root.
template <class Machine>
inline Lanes<Machine> size(const Cartesian<Lanes<Machine>>& x) {
  return modulus(x.re) + modulus(x.im);
}
template <class Machine>
inline Cartesian<Lanes<Machine>> choose(LaneMask<Machine> condition, const Cartesian<Lanes<Machine>>& yes,
                                        const Cartesian<Lanes<Machine>>& no) {
  return {choose(condition, yes.re, no.re), choose(condition, yes.im, no.im)};
}
template <class Machine>
inline Cartesian<Lanes<Machine>> scaled(double factor, const Cartesian<Lanes<Machine>>& x) {
  return {factor * x.re, factor * x.im};
}
template <class Machine>
inline Cartesian<DoubleDouble<Machine>> operator*(const Cartesian<DoubleDouble<Machine>>& x,
                                                  const Cartesian<Lanes<Machine>>& y) {
  return {x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re};
}

/// The square root of x on the side of `direction`.
template <class Machine>
inline Cartesian<Lanes<Machine>> square_root_along(const Cartesian<Lanes<Machine>>& direction,
                                                   const Cartesian<Lanes<Machine>>& x) {
  const auto zero = Lanes<Machine>::all(0.0);
  const auto large = square_root(0.5 * (square_root(squared_modulus(x)) + modulus(x.re)));
  const auto small = choose(zero < large, (0.5 * x.im) / large, zero);
  const auto right = zero <= x.re;
  const Cartesian<Lanes<Machine>> root{choose(right, large, small), choose(right, small, large)};
  return choose(direction.re * root.re + direction.im * root.im < zero, -root, root);
}

/// A small root to double precision: Laguerre's method from zero. A lane that has arrived stays put.
template <class Machine>
inline Cartesian<Lanes<Machine>> small_root(const DecayCubic<Cartesian<Lanes<Machine>>>& cubic) {
  const auto& [c2, c1, c0] = cubic;
  Cartesian<Lanes<Machine>> x{Lanes<Machine>::all(0.0), Lanes<Machine>::all(0.0)};
  auto arrived = size(c0) <= x.re;
  for (int i = 0; i < most_steps; ++i) {
    const auto half_curvature = scaled(3.0, x) - c2;
    const auto slope = (half_curvature - c2) * x + c1;
    const auto value = ((x - c2) * x + c1) * x - c0;
    const auto inside = scaled(4.0, slope * slope) - scaled(12.0, value * half_curvature);
    const auto step = scaled(3.0, value) / (slope + square_root_along(slope, inside));
    x = choose(arrived, x, x - step);
    arrived = arrived | (size(step) <= last_step * size(x));
    if (bits(~arrived) == 0) break;
  }
  return x;
}

/// Equation  P(x) = x^3 - c2 x^2 + c1 x - c0 = 0 with complex coefficients: the decay rates in a field
/// Method    as without a field; the root found first is small, so that the deflation from the top serves every lane
template <class Machine>
inline DecayRates<Machine> decay_rates(const DecayCubic<Cartesian<DoubleDouble<Machine>>>& cubic) {
  const auto& [c2, c1, c0] = cubic;
  const DecayCubic<Cartesian<Lanes<Machine>>> rounded{high(c2), high(c1), high(c0)};
  const auto x = small_root(rounded);
  const auto half_curvature = scaled(3.0, x) - rounded.c2;
  const auto slope = (half_curvature - rounded.c2) * x + rounded.c1;
  const Cartesian<DoubleDouble<Machine>> linear{-c2.re + x.re, -c2.im + x.im};
  const auto value = (linear * x + c1) * x - c0;
  const auto remainder = high(value) / slope;
  const Cartesian<DoubleDouble<Machine>> first{exact_sum(x.re, -remainder.re), exact_sum(x.im, -remainder.im)};
  const auto length = size(x);
  const auto terms = ((length + size(rounded.c2)) * length + size(rounded.c1)) * length + size(rounded.c0);
  const auto slope_terms = (3.0 * length + 2.0 * size(rounded.c2)) * length + size(rounded.c1);
  const auto error =
      size(remainder) * (size(remainder) * size(half_curvature) + slope_error * slope_terms) + root_error * terms;
  const auto scale = size(slope) * length;

  const auto b = c2 - first;
  const auto c = c1 - first * b;
  const Cartesian<DoubleDouble<Machine>> half{halved(b.re), halved(b.im)};
  const auto discriminant = half * half - c;
  const auto root = square_root_along(high(half), high(discriminant));
  const auto half_size = size(high(half));
  const auto half_squared = half_size * half_size;
  const auto trusted =
      (error * (half_squared + size(high(c))) <= error_passed_on * (size(root) * (half_size + size(root))) * scale) &
      (least_discriminant * half_squared < size(high(discriminant))) &
      (length * length * length <= 0x1p40 * size(rounded.c0));
  const Cartesian<Lanes<Machine>> fast{(half.re.high + root.re) + half.re.low, (half.im.high + root.im) + half.im.low};
  return {{high(first), fast, high(c) / fast}, trusted};
}

}  // namespace vitrispin::modes
