#pragma once

namespace vitrispin::film {

/// One double per lane of a vector register, with the arithmetic of double in every lane.
/// `Machine` is an instruction set: `Register` and `Integers` (vector types of `width` lanes), `square_root` and `bits` (one
/// bit per lane of a comparison). Nothing is fused, so every instruction set gives the same bits.
template <class Machine>
struct Lanes {
  typename Machine::Register value;
  static Lanes all(double x) { return {typename Machine::Register{} + x}; }

  friend Lanes operator+(Lanes x, Lanes y) { return {x.value + y.value}; }
  friend Lanes operator-(Lanes x, Lanes y) { return {x.value - y.value}; }
  friend Lanes operator*(Lanes x, Lanes y) { return {x.value * y.value}; }
  friend Lanes operator/(Lanes x, Lanes y) { return {x.value / y.value}; }
  friend Lanes operator-(Lanes x) { return {-x.value}; }
  friend Lanes operator*(double x, Lanes y) { return {x * y.value}; }
};

/// The outcome of a comparison, lane by lane.
template <class Machine>
struct LaneMask {
  typename Machine::Integers value;

  friend LaneMask operator&(LaneMask x, LaneMask y) { return {x.value & y.value}; }
  friend LaneMask operator|(LaneMask x, LaneMask y) { return {x.value | y.value}; }
};

template <class Machine>
inline LaneMask<Machine> operator<(Lanes<Machine> x, Lanes<Machine> y) {
  return {x.value < y.value};
}
template <class Machine>
inline LaneMask<Machine> operator<=(Lanes<Machine> x, Lanes<Machine> y) {
  return {x.value <= y.value};
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

/// A complex number of lanes. The textbook product and quotient serve: what overflows is caught by the lane's own check.
template <class Real>
struct Cartesian {
  Real re{};
  Real im{};

  friend Cartesian operator-(const Cartesian& x) { return {-x.re, -x.im}; }
  friend Cartesian operator+(const Cartesian& x, const Cartesian& y) { return {x.re + y.re, x.im + y.im}; }
  friend Cartesian operator-(const Cartesian& x, const Cartesian& y) { return {x.re - y.re, x.im - y.im}; }
  friend Cartesian operator*(const Cartesian& x, const Cartesian& y) {
    return {x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re};
  }
  friend Cartesian operator*(const Real& x, const Cartesian& y) { return {x * y.re, x * y.im}; }
};
template <class Real>
inline Real squared_modulus(const Cartesian<Real>& x) {
  return x.re * x.re + x.im * x.im;
}

}  // namespace vitrispin::film
