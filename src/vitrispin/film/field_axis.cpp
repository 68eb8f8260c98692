#include "vitrispin/film/field_axis.hpp"

#include <cmath>

#include "vitrispin/modes/field_axis.hpp"

namespace vitrispin::film {

Complex FieldAxis::helicity(const ComplexVector& v, int sigma) const {
  if (sigma == 0) return dot(e3, v);
  return dot(e1, v) + Complex(0, sigma) * dot(e2, v);
}

ComplexVector FieldAxis::vector(const Complex& minus, const Complex& zero, const Complex& plus) const {
  const Complex first = 0.5 * (plus + minus);
  const Complex second = Complex(0, -0.5) * (plus - minus);
  return first * e1 + second * e2 + zero * e3;
}

FieldAxis field_axis(const physics::Stack& stack) {
  std::vector<Vector3<double>> remanences;
  for (const physics::Layer& layer : stack.layers) remanences.push_back(layer.material.remanence);
  FieldAxis axis;
  axis.e3 = modes::field_axis(stack.H, remanences);
  // The Cartesian direction that follows the dominant one in the cycle x -> y -> z -> x is the first transverse one.
  std::size_t dominant = 2;
  for (std::size_t i = 0; i < 2; ++i) {
    if (std::abs(axis.e3[i]) > std::abs(axis.e3[dominant])) dominant = i;
  }
  Vector3<double> first;
  first[(dominant + 1) % 3] = 1;
  first = first - dot(first, axis.e3) * axis.e3;
  axis.e1 = (1.0 / std::sqrt(dot(first, first))) * first;
  axis.e2 = cross(axis.e3, axis.e1);
  return axis;
}

}  // namespace vitrispin::film
