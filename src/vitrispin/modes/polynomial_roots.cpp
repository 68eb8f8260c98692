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

using LongComplex = std::complex<long double>;

LongComplex narrow(const QuadComplex& z) {
  return {static_cast<long double>(z.real()), static_cast<long double>(z.imag())};
}
long double size_of(const LongComplex& z) {
  return std::abs(z);
}
long double size_of(const QuadComplex& z) {
  return magnitude(z);
}

/// Starting points on circles whose radii are the slopes of the upper convex hull of (i, log |coefficient i|).
std::vector<LongComplex> starting_points(const std::vector<LongComplex>& coefficients) {
  std::vector<std::size_t> hull;
  std::vector<long double> heights;
  for (const LongComplex& coefficient : coefficients) heights.push_back(std::log(std::abs(coefficient)));
  const auto slope = [&](std::size_t i, std::size_t j) {
    return (heights[j] - heights[i]) / static_cast<long double>(j - i);
  };
  for (std::size_t i = 0; i < coefficients.size(); ++i) {
    if (coefficients[i] == LongComplex(0)) continue;
    while (hull.size() > 1 && slope(hull[hull.size() - 2], hull.back()) <= slope(hull.back(), i)) hull.pop_back();
    hull.push_back(i);
  }
  std::vector<LongComplex> points;
  for (std::size_t h = 0; h + 1 < hull.size(); ++h) {
    const long double radius = std::exp(-slope(hull[h], hull[h + 1]));
    const std::size_t count = hull[h + 1] - hull[h];
    for (std::size_t n = 0; n < count; ++n) {
      const long double turn = static_cast<long double>(n) / static_cast<long double>(count);
      points.push_back(std::polar(radius, 6.2831853L * turn + 0.7L + static_cast<long double>(h)));
    }
  }
  return points;
}

/// Aberth's iteration: Newton's step of every point, corrected for the other points' presence, until no step exceeds
/// `smallest_step` of its point.
template <class Real>
void refine(const std::vector<std::complex<Real>>& coefficients, std::vector<std::complex<Real>>& points,
            long double smallest_step, int most_rounds) {
  using Complex = std::complex<Real>;
  for (int round = 0; round < most_rounds; ++round) {
    bool moving = false;
    for (std::size_t i = 0; i < points.size(); ++i) {
      Complex value(0), slope(0);
      for (std::size_t n = coefficients.size(); n-- > 0;) {
        slope = slope * points[i] + value;
        value = value * points[i] + coefficients[n];
      }
      if (value == Complex(0)) continue;
      Complex repulsion(0);
      for (std::size_t j = 0; j < points.size(); ++j) {
        if (j != i && points[j] != points[i]) repulsion += Real(1) / (points[i] - points[j]);
      }
      const Complex correction = Real(1) / (slope / value - repulsion);
      const long double size = size_of(correction);
      if (!std::isfinite(size)) continue;
      points[i] -= correction;
      moving = moving || size > smallest_step * size_of(points[i]);
    }
    if (!moving) break;
  }
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
  // to 64 bits first, in hardware; two or three rounds in 113 bits do the rest
  std::vector<LongComplex> rounded;
  for (const QuadComplex& coefficient : rest) rounded.push_back(narrow(coefficient));
  std::vector<LongComplex> starts = starting_points(rounded);
  refine(rounded, starts, 1e-17L, 200);
  std::vector<QuadComplex> points;
  for (const LongComplex& start : starts) points.emplace_back(start.real(), start.imag());
  refine(rest, points, 1e-30L, 50);
  found.insert(found.end(), points.begin(), points.end());
  return found;
}

}  // namespace vitrispin::modes
