#pragma once

#include <complex>

#include "vitrispin/physics/stack.hpp"

namespace vitrispin::film {

using Complex = std::complex<double>;
using physics::ComplexVector;

/// The axis along which M_eq of every layer points, and the helicity components of vectors about it:
/// v_{+-} = v_1 +- i v_2 for sigma = +-1 and v_3 for sigma = 0, (e_1, e_2, e_3) right-handed, e_3 the axis.
struct FieldAxis {
  Vector3<double> e1{1, 0, 0}, e2{0, 1, 0}, e3{0, 0, 1};

  Complex helicity(const ComplexVector& v, int sigma) const;
  ComplexVector vector(const Complex& minus, const Complex& zero, const Complex& plus) const;
  double along(const Vector3<double>& v) const { return dot(e3, v); }
};

/// e3 is modes::field_axis of H and all M0 of the stack (z if all vanish; a field along -z leaves sigma as it is and
/// reverses M_eq). For z the frame is (x, y, z), for x it is (y, z, x).
/// Errors  InputError if H and the remanences are not parallel
FieldAxis field_axis(const physics::Stack& stack);

}  // namespace vitrispin::film
