#pragma once

#include <complex>

namespace vitrispin::film {

using Complex = std::complex<double>;

/// A function at two points and its divided difference f[q1,q2] = (f(q1) - f(q2))/(q1 - q2), f'(q) where they coincide.
struct DividedDifference {
  Complex at_1, at_2, slope;
};

/// What a layer of thickness d needs of its two modes exp(+-kappa_i x), kappa_i^2 = q_i. All are even in kappa, analytic
/// in q, and regular at q1 = q2, at q = 0 and for thick layers.
struct LayerFunctions {
  DividedDifference mean;  ///< tanh(kappa d/2)/kappa: integral over the layer of a field with both faces at 1/2...1 [m]
  DividedDifference transfer;  ///< kappa csch(kappa d) [1/m]
  Complex shunt_slope;         ///< f[q1,q2] of kappa tanh(kappa d/2) [m]
};

/// `separation` = q1 - q2, given apart because the roots know it better than their difference.
LayerFunctions layer_functions(const Complex& q1, const Complex& q2, const Complex& separation, double thickness);

/// The same for one mode.
struct SingleFunctions {
  Complex mean, transfer;
};
SingleFunctions layer_functions(const Complex& q, double thickness);

/// S(u) = sinh(u z)/sinh(z) - u, 0 <= u <= 1, z^2 = q d^2: by how much a solution of f'' = q f with f(0) = 0, f(d) = 1 departs from
/// a straight line at x = u d; with S'(u), its integral from 0 to u and the integral of that from 0 to 1. All vanish as z^2 and
/// keep their relative accuracy.
struct Bow {
  Complex slope, value, integral;
};
Bow bow(const Complex& q, double thickness, double u);
Complex bow_twice_integrated(const Complex& q, double thickness);

/// cosh(kappa x)/(kappa sinh(kappa d)), 0 <= x <= d: the solution of f'' = q f with slope 0 at x = 0 and 1 at x = d [m].
Complex slope_response(const Complex& q, double thickness, double x);

/// 1 - tanh(x)/x with x^2 = q d^2/4, to full relative accuracy.
Complex mean_deficit(const Complex& q, double thickness);

}  // namespace vitrispin::film
