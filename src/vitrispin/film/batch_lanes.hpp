#pragma once

#include "vitrispin/core/lanes.hpp"

namespace vitrispin::film {

/// A complex number of lanes. The textbook product and quotient serve: what overflows is caught by the lane's own check.
template <class Real>
struct Cartesian {
  Real re{};
  Real im{};
};
template <class Real>
inline Cartesian<Real> operator-(const Cartesian<Real>& x) {
  return {-x.re, -x.im};
}
template <class Real>
inline Cartesian<Real> operator+(const Cartesian<Real>& x, const Cartesian<Real>& y) {
  return {x.re + y.re, x.im + y.im};
}
template <class Real>
inline Cartesian<Real> operator-(const Cartesian<Real>& x, const Cartesian<Real>& y) {
  return {x.re - y.re, x.im - y.im};
}
template <class Real>
inline Cartesian<Real> operator*(const Cartesian<Real>& x, const Cartesian<Real>& y) {
  return {x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re};
}
template <class Real>
inline Cartesian<Real> operator*(const Real& x, const Cartesian<Real>& y) {
  return {x * y.re, x * y.im};
}
template <class Real>
inline Real squared_modulus(const Cartesian<Real>& x) {
  return x.re * x.re + x.im * x.im;
}

}  // namespace vitrispin::film
