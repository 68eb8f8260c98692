#pragma once

/// Vector registers with the arithmetic of double, for solvers that take many points at once; what each of them needs beyond this stands
/// beside it (modes/batch_lanes.hpp, film/batch_lanes.hpp).
namespace vitrispin {

/// One double per lane of a vector register, with the arithmetic of double in every lane.
/// `Machine` is an instruction set: `Register` and `Integers` (vector types of `width` lanes), `square_root` and `bits` (one
/// bit per lane of a comparison). Sums, products, quotients and roots are correctly rounded everywhere and never fused, so
/// every instruction set gives the same bits.
/// Operators are free templates, here and in all that is built on lanes: g++ compiles friends in a class template without
/// `#pragma GCC target`, and the two then hand each other registers in different places.
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

}  // namespace vitrispin
