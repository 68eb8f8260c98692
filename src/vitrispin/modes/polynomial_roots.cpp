#include "vitrispin/modes/polynomial_roots.hpp"

#include <algorithm>
#include <cmath>

namespace vitrispin::modes {

long double magnitude(const QuadComplex& z) {
  return std::hypot(static_cast<long double>(z.real()), static_cast<long double>(z.imag()));
}

QuadComplex square_root(const QuadComplex& z) {
  if (z == QuadComplex(0)) return z;
  const auto start =
      std::sqrt(std::complex<long double>(static_cast<long double>(z.real()), static_cast<long double>(z.imag())));
  const QuadComplex root(start.real(), start.imag());
  return Quad(0.5) * (root + z / root);  // one Newton step doubles the 64 bits
}

Polynomial::Polynomial(std::vector<QuadComplex> coefficients) : coefficients_(std::move(coefficients)) {
  for (const QuadComplex& coefficient : coefficients_) magnitudes_.push_back(magnitude(coefficient));
}

Polynomial operator+(const Polynomial& left, const Polynomial& right) {
  Polynomial sum = left.coefficients_.size() < right.coefficients_.size() ? right : left;
  const Polynomial& other = left.coefficients_.size() < right.coefficients_.size() ? left : right;
  for (std::size_t i = 0; i < other.coefficients_.size(); ++i) {
    sum.coefficients_[i] += other.coefficients_[i];
    sum.magnitudes_[i] += other.magnitudes_[i];
  }
  return sum;
}

Polynomial operator*(const Polynomial& left, const Polynomial& right) {
  Polynomial product;
  if (left.coefficients_.empty() || right.coefficients_.empty()) return product;
  const std::size_t size = left.coefficients_.size() + right.coefficients_.size() - 1;
  product.coefficients_.assign(size, QuadComplex(0));
  product.magnitudes_.assign(size, Quad(0));
  for (std::size_t i = 0; i < left.coefficients_.size(); ++i) {
    for (std::size_t j = 0; j < right.coefficients_.size(); ++j) {
      product.coefficients_[i + j] += left.coefficients_[i] * right.coefficients_[j];
      product.magnitudes_[i + j] += left.magnitudes_[i] * right.magnitudes_[j];
    }
  }
  return product;
}

Polynomial operator*(const QuadComplex& factor, const Polynomial& polynomial) {
  return Polynomial(std::vector<QuadComplex>{factor}) * polynomial;
}

QuadComplex Polynomial::operator()(const QuadComplex& x) const {
  QuadComplex value(0);
  for (std::size_t i = coefficients_.size(); i-- > 0;) value = value * x + coefficients_[i];
  return value;
}

Polynomial Polynomial::derivative() const {
  std::vector<QuadComplex> slopes;
  for (std::size_t i = 1; i < coefficients_.size(); ++i) slopes.push_back(Quad(i) * coefficients_[i]);
  return Polynomial(std::move(slopes));
}

Polynomial Polynomial::without_residues() const {
  Polynomial clean = *this;
  for (std::size_t i = 0; i < coefficients_.size(); ++i) {
    if (magnitude(coefficients_[i]) <= 1e-28L * static_cast<long double>(magnitudes_[i])) clean.coefficients_[i] = 0;
  }
  while (!clean.coefficients_.empty() && clean.coefficients_.back() == QuadComplex(0)) {
    clean.coefficients_.pop_back();
    clean.magnitudes_.pop_back();
  }
  return clean;
}

namespace {

/// Starting points on circles whose radii are the slopes of the upper convex hull of (i, log |coefficient i|).
std::vector<QuadComplex> starting_points(const std::vector<QuadComplex>& coefficients) {
  std::vector<std::size_t> hull;
  std::vector<long double> heights;
  for (std::size_t i = 0; i < coefficients.size(); ++i) heights.push_back(std::log(magnitude(coefficients[i])));
  const auto slope = [&](std::size_t i, std::size_t j) {
    return (heights[j] - heights[i]) / static_cast<long double>(j - i);
  };
  for (std::size_t i = 0; i < coefficients.size(); ++i) {
    if (coefficients[i] == QuadComplex(0)) continue;
    while (hull.size() > 1 && slope(hull[hull.size() - 2], hull.back()) <= slope(hull.back(), i)) hull.pop_back();
    hull.push_back(i);
  }
  std::vector<QuadComplex> points;
  for (std::size_t h = 0; h + 1 < hull.size(); ++h) {
    const long double radius = std::exp(-slope(hull[h], hull[h + 1]));
    const std::size_t count = hull[h + 1] - hull[h];
    for (std::size_t n = 0; n < count; ++n) {
      const long double angle = 6.2831853L * static_cast<long double>(n) / static_cast<long double>(count) + 0.7L +
                                static_cast<long double>(h);
      points.emplace_back(radius * std::cos(angle), radius * std::sin(angle));
    }
  }
  return points;
}

}  // namespace

std::vector<QuadComplex> Polynomial::roots() const {
  std::vector<QuadComplex> found;
  std::vector<QuadComplex> rest = coefficients_;
  while (!rest.empty() && rest.back() == QuadComplex(0)) rest.pop_back();
  while (rest.size() > 1 && rest.front() == QuadComplex(0)) {
    rest.erase(rest.begin());
    found.emplace_back(0);
  }
  if (rest.size() < 2) return found;
  const Polynomial reduced(rest);
  const Polynomial slope = reduced.derivative();
  std::vector<QuadComplex> points = starting_points(rest);
  for (int iteration = 0; iteration < 300; ++iteration) {
    bool moving = false;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const QuadComplex value = reduced(points[i]);
      if (value == QuadComplex(0)) continue;
      const QuadComplex newton = slope(points[i]) / value;
      QuadComplex repulsion(0);
      for (std::size_t j = 0; j < points.size(); ++j) {
        if (j != i && points[j] != points[i]) repulsion += Quad(1) / (points[i] - points[j]);
      }
      const QuadComplex correction = Quad(1) / (newton - repulsion);
      const long double size = magnitude(correction);
      if (!std::isfinite(size)) continue;
      points[i] -= correction;
      moving = moving || size > 1e-32L * magnitude(points[i]);
    }
    if (!moving) break;
  }
  found.insert(found.end(), points.begin(), points.end());
  return found;
}

}  // namespace vitrispin::modes
