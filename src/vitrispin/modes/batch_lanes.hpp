#pragma once

#include "vitrispin/core/lanes.hpp"

namespace vitrispin::modes {

// Here a `Machine` also has `product_error`: x y - rounded product, exactly.

/// The power of two at or below x, for normal x > 0.
template <class Machine>
inline Lanes<Machine> power_of_two_below(Lanes<Machine> x) {
  using Integers = typename Machine::Integers;
  return {(typename Machine::Register)((Integers)x.value & 0x7ff0000000000000LL)};
}
/// 1/x of a power of two, without a division.
template <class Machine>
inline Lanes<Machine> reciprocal_of_power(Lanes<Machine> x) {
  using Integers = typename Machine::Integers;
  return {(typename Machine::Register)(0x7fe0000000000000LL - (Integers)x.value)};
}

/// The cube root of x >= 0 to 4 %: a third of the bit pattern, which is nearly a logarithm. The division by three is done
/// on the pattern's upper 52 bits as a double (2^52 turns them into one).
template <class Machine>
inline Lanes<Machine> rough_cube_root(Lanes<Machine> x) {
  using Register = typename Machine::Register;
  using Integers = typename Machine::Integers;
  constexpr double magic = 0x1p52;
  constexpr long long magic_pattern = 0x4330000000000000LL;
  constexpr double bias = 2.0 / 3.0 * (1023.0 - 0.048) * 0x1p40;  // centres the error
  const Register pattern = (Register)(((Integers)x.value >> 12) | magic_pattern) - magic;
  return {(Register)((Integers)(pattern * (1.0 / 3.0) + bias + magic) << 12)};
}

}  // namespace vitrispin::modes
