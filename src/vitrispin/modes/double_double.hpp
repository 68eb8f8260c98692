#pragma once

#include "vitrispin/modes/batch_lanes.hpp"

namespace vitrispin::modes {

/// A number as the unevaluated sum of two doubles per lane, high + low, |low| <= half a unit in the last place of high:
/// 106 bits. Sums here err by at most 2^-104 of the terms' moduli, products and quotients by 2^-102 relative
/// (Joldes, Muller & Popescu, ACM TOMS 44, 15res (2017)).
template <class Machine>
struct DoubleDouble {
  Lanes<Machine> high, low;
};

/// x + y for |x| >= |y| (Dekker).
template <class Machine>
inline DoubleDouble<Machine> ordered_sum(Lanes<Machine> x, Lanes<Machine> y) {
  const auto sum = x + y;
  return {sum, y - (sum - x)};
}
/// x + y exactly (Knuth).
template <class Machine>
inline DoubleDouble<Machine> exact_sum(Lanes<Machine> x, Lanes<Machine> y) {
  const auto sum = x + y;
  const auto part = sum - x;
  return {sum, (x - (sum - part)) + (y - part)};
}
/// x y exactly, barring underflow.
template <class Machine>
inline DoubleDouble<Machine> exact_product(Lanes<Machine> x, Lanes<Machine> y) {
  const auto product = x * y;
  return {product, {Machine::product_error(x.value, y.value, product.value)}};
}

template <class Machine>
inline DoubleDouble<Machine> operator-(const DoubleDouble<Machine>& x) {
  return {-x.high, -x.low};
}
template <class Machine>
inline DoubleDouble<Machine> operator+(const DoubleDouble<Machine>& x, const DoubleDouble<Machine>& y) {
  const auto sum = exact_sum(x.high, y.high);
  return ordered_sum(sum.high, sum.low + (x.low + y.low));
}
template <class Machine>
inline DoubleDouble<Machine> operator-(const DoubleDouble<Machine>& x, const DoubleDouble<Machine>& y) {
  return x + -y;
}
template <class Machine>
inline DoubleDouble<Machine> operator+(const DoubleDouble<Machine>& x, Lanes<Machine> y) {
  const auto sum = exact_sum(x.high, y);
  return ordered_sum(sum.high, sum.low + x.low);
}
template <class Machine>
inline DoubleDouble<Machine> operator-(const DoubleDouble<Machine>& x, Lanes<Machine> y) {
  return x + -y;
}
template <class Machine>
inline DoubleDouble<Machine> operator*(const DoubleDouble<Machine>& x, const DoubleDouble<Machine>& y) {
  const auto product = exact_product(x.high, y.high);
  return ordered_sum(product.high, product.low + (x.high * y.low + x.low * y.high));
}
template <class Machine>
inline DoubleDouble<Machine> operator*(const DoubleDouble<Machine>& x, Lanes<Machine> y) {
  const auto product = exact_product(x.high, y);
  return ordered_sum(product.high, product.low + x.low * y);
}
template <class Machine>
inline DoubleDouble<Machine> halved(const DoubleDouble<Machine>& x) {
  return {0.5 * x.high, 0.5 * x.low};
}
/// x/y, where `reciprocal` is 1/y.high rounded: two steps of long division.
template <class Machine>
inline DoubleDouble<Machine> quotient(const DoubleDouble<Machine>& x, const DoubleDouble<Machine>& y,
                                      Lanes<Machine> reciprocal) {
  const auto first = x.high * reciprocal;
  const auto rest = x - y * first;
  return ordered_sum(first, rest.high * reciprocal);
}
template <class Machine>
inline DoubleDouble<Machine> choose(LaneMask<Machine> condition, const DoubleDouble<Machine>& yes,
                                    const DoubleDouble<Machine>& no) {
  return {choose(condition, yes.high, no.high), choose(condition, yes.low, no.low)};
}

}  // namespace vitrispin::modes
