#pragma once

#include "vitrispin/modes/cubic_coefficients.hpp"

namespace vitrispin::modes {

/// Three decay rates x = i omega, lane by lane; `trusted` where the error bounds of double-double arithmetic vouch for them.
template <class Machine>
struct DecayRates {
  Cartesian<Lanes<Machine>> x[3];
  LaneMask<Machine> trusted;
};

/// Limits of trust. The first root errs by `root_error` of the sum of the polynomial's terms over x |P'(x)|, and by what the
/// Newton step leaves: its square, and the rounding of P'(x), `slope_error` of the sum of its terms; the others must not err by more than 2^-57 for it, nor for the rounding of their discriminant, which a
/// discriminant above 2^-80 of its terms ensures. Products below 2^-900 lose their low half.
inline constexpr double root_error = 0x1p-100;
inline constexpr double slope_error = 0x1p-51;
inline constexpr double error_passed_on = 0x1p-57;
inline constexpr double least_discriminant = 0x1p-80;
inline constexpr double least_coefficient = 0x1p-900;
inline constexpr double least_complex_coefficient = 0x1p-400;
/// Halley and Laguerre steps cube the error and the Newton step squares what is left: 2^-12, 2^-36, 2^-72.
inline constexpr double last_step = 0x1p-12;
inline constexpr int most_steps = 16;
inline constexpr int unchecked_steps = 2;  // nearly every lane needs these two

/// An outermost real root to double precision. Start from beyond it (Kahan), then Halley's method; a lane that has arrived
/// stays put, so that its bits do not depend on its neighbours.
template <class Machine>
inline Lanes<Machine> outer_root(Lanes<Machine> c2, Lanes<Machine> c1, Lanes<Machine> c0) {
  const auto centre = (1.0 / 3.0) * c2;
  const auto height = ((centre - c2) * centre + c1) * centre - c0;
  const auto zero = Lanes<Machine>::all(0.0);
  const auto reach = 1.38 * larger(rough_cube_root(modulus(height)), square_root(larger(c2 * centre - c1, zero)));
  // No root exceeds the sum of all; none to the left of the inflection lies below the tangent's at zero.
  const auto highest = centre + reach;
  auto x = choose(height < zero, choose(highest < c2, highest, c2), larger(centre - reach, c0 / c1));
  const auto at_zero = c0 <= zero;
  x = choose(at_zero, zero, x);
  const auto halley_step = [&] {
    const auto half_curvature = 3.0 * x - c2;
    const auto slope = (half_curvature - c2) * x + c1;
    const auto value = ((x - c2) * x + c1) * x - c0;
    return value * slope / (slope * slope - value * half_curvature);
  };
  for (int i = 0; i < unchecked_steps; ++i) x = x - halley_step();
  auto arrived = at_zero;
  for (int i = unchecked_steps; i < most_steps; ++i) {
    const auto step = halley_step();
    x = choose(arrived, x, x - step);
    arrived = arrived | (modulus(step) <= last_step * modulus(x));
    if (bits(~arrived) == 0) break;
  }
  return x;
}

/// Equation  P(x) = x^3 - c2 x^2 + c1 x - c0 = 0 with c2, c1, c0 >= 0 and no root of negative real part
/// Method    one root in double, one Newton step and the deflation in double-double arithmetic
template <class Machine>
inline DecayRates<Machine> decay_rates(const DecayCubic<DoubleDouble<Machine>>& cubic) {
  const auto& [c2, c1, c0] = cubic;
  const auto zero = Lanes<Machine>::all(0.0);
  const auto x = outer_root(c2.high, c1.high, c0.high);
  const auto half_curvature = 3.0 * x - c2.high;
  const auto slope = (half_curvature - c2.high) * x + c1.high;
  const auto value = ((-c2 + x) * x + c1) * x - c0;
  const auto remainder = value.high / slope;
  const auto first = ordered_sum(x, -remainder);
  const auto terms = ((x + c2.high) * x + c1.high) * x + c0.high;
  const auto slope_terms = (3.0 * x + 2.0 * c2.high) * x + c1.high;
  const auto error =
      modulus(remainder) * (modulus(remainder * half_curvature) + slope_error * slope_terms) + root_error * terms;
  const auto scale = modulus(slope * x);

  // The rest, x^2 - b x + c: from the top for a root below the geometric mean of the three, else from the bottom (Kahan).
  const auto large = c0.high < x * x * x;
  const auto reciprocal = Lanes<Machine>::all(1.0) / first.high;
  const auto product = quotient(c0, first, reciprocal);
  const auto top = c2 - first;
  const auto b = choose(large, quotient(c1 - product, first, reciprocal), top);
  const auto c = choose(large, product, c1 - first * top);

  const auto half = halved(b);
  const auto discriminant = half * half - c;
  const auto half_squared = half.high * half.high;
  const auto root = square_root(modulus(discriminant.high));
  const auto trusted = (error * (half_squared + c.high) <= error_passed_on * (root * (half.high + root)) * scale) &
                       (least_discriminant * half_squared < modulus(discriminant.high));
  const auto oscillates = discriminant.high < zero;
  const auto fast = (half.high + root) + half.low;
  const auto slow = c.high / fast;
  const auto damping = larger(half.high, zero);  // of an undamped pair, rounding may leave a growth
  return {{{first.high, zero},
           {choose(oscillates, damping, fast), choose(oscillates, root, zero)},
           {choose(oscillates, damping, slow), choose(oscillates, -root, zero)}},
          trusted};
}

}  // namespace vitrispin::modes
