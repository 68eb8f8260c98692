#pragma once

namespace vitrispin::modes {

/// One double per lane of a vector register, with the arithmetic of double in every lane.
/// `Machine` is an instruction set: `Register` and `Integers` (vector types of `width` lanes), `square_root`, `product_error`
/// (x y - rounded product, exactly) and `bits` (one bit per lane of a comparison). Sums, products, quotients and roots are
/// correctly rounded everywhere and never fused, so every instruction set gives the same bits.
template <class Machine>
struct Lanes {
  typename Machine::Register value;
  static Lanes all(double x) { return {typename Machine::Register{} + x}; }
};

/// The outcome of a comparison, lane by lane.
template <class Machine>
struct LaneMask {
  typename Machine::Integers value;
};

template <class Machine>
inline Lanes<Machine> operator+(Lanes<Machine> x, Lanes<Machine> y) {
  return {x.value + y.value};
}
template <class Machine>
inline Lanes<Machine> operator-(Lanes<Machine> x, Lanes<Machine> y) {
  return {x.value - y.value};
}
template <class Machine>
inline Lanes<Machine> operator*(Lanes<Machine> x, Lanes<Machine> y) {
  return {x.value * y.value};
}
template <class Machine>
inline Lanes<Machine> operator/(Lanes<Machine> x, Lanes<Machine> y) {
  return {x.value / y.value};
}
template <class Machine>
inline Lanes<Machine> operator-(Lanes<Machine> x) {
  return {-x.value};
}
template <class Machine>
inline Lanes<Machine> operator*(double x, Lanes<Machine> y) {
  return {x * y.value};
}

template <class Machine>
inline LaneMask<Machine> operator<(Lanes<Machine> x, Lanes<Machine> y) {
  return {x.value < y.value};
}
template <class Machine>
inline LaneMask<Machine> operator<=(Lanes<Machine> x, Lanes<Machine> y) {
  return {x.value <= y.value};
}
template <class Machine>
inline LaneMask<Machine> operator&(LaneMask<Machine> x, LaneMask<Machine> y) {
  return {x.value & y.value};
}
template <class Machine>
inline LaneMask<Machine> operator|(LaneMask<Machine> x, LaneMask<Machine> y) {
  return {x.value | y.value};
}
template <class Machine>
inline LaneMask<Machine> operator~(LaneMask<Machine> x) {
  return {~x.value};
}
/// One bit per lane, lane 0 lowest.
template <class Machine>
inline unsigned bits(LaneMask<Machine> x) {
  return Machine::bits(x.value);
}
template <class Machine>
inline Lanes<Machine> choose(LaneMask<Machine> condition, Lanes<Machine> yes, Lanes<Machine> no) {
  return {condition.value ? yes.value : no.value};
}

template <class Machine>
inline Lanes<Machine> larger(Lanes<Machine> x, Lanes<Machine> y) {
  return choose(x < y, y, x);
}
template <class Machine>
inline Lanes<Machine> modulus(Lanes<Machine> x) {
  using Integers = typename Machine::Integers;
  return {(typename Machine::Register)((Integers)x.value & 0x7fffffffffffffffLL)};
}
template <class Machine>
inline Lanes<Machine> square_root(Lanes<Machine> x) {
  return {Machine::square_root(x.value)};
}

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
