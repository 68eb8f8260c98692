#pragma once

namespace vitrispin::modes {

/// A complex number over any real type (registers of lanes, double-double, 113 bits), for which std::complex is not defined.
/// The textbook product serves here: the solvers scale first, so that nothing overflows.
template <class Real>
struct Cartesian {
  Real re{};
  Real im{};
};

template <class Real>
Cartesian<Real> operator-(const Cartesian<Real>& x) {
  return {-x.re, -x.im};
}
template <class Real>
Cartesian<Real> operator+(const Cartesian<Real>& x, const Cartesian<Real>& y) {
  return {x.re + y.re, x.im + y.im};
}
template <class Real>
Cartesian<Real> operator-(const Cartesian<Real>& x, const Cartesian<Real>& y) {
  return {x.re - y.re, x.im - y.im};
}
template <class Real>
Cartesian<Real> operator*(const Cartesian<Real>& x, const Cartesian<Real>& y) {
  return {x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re};
}
template <class Real>
Cartesian<Real> operator*(const Real& x, const Cartesian<Real>& y) {
  return {x * y.re, x * y.im};
}
template <class Real>
Real squared_modulus(const Cartesian<Real>& x) {
  return x.re * x.re + x.im * x.im;
}
template <class Real>
Cartesian<Real> operator/(const Cartesian<Real>& x, const Cartesian<Real>& y) {
  const Real size = squared_modulus(y);
  return {(x.re * y.re + x.im * y.im) / size, (x.im * y.re - x.re * y.im) / size};
}

}  // namespace vitrispin::modes
