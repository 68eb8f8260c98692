#pragma once

#include <complex>
#include <vector>

namespace vitrispin::modes {

using Quad = __float128;
using QuadComplex = std::complex<Quad>;

/// A polynomial in ascending powers, with beside each coefficient the sum of the magnitudes it was added up from: what is
/// left of a cancellation is told from a true coefficient.
class Polynomial {
public:
  Polynomial() = default;
  explicit Polynomial(std::vector<QuadComplex> coefficients);
  const std::vector<QuadComplex>& coefficients() const { return coefficients_; }

  friend Polynomial operator+(const Polynomial& left, const Polynomial& right);
  friend Polynomial operator*(const Polynomial& left, const Polynomial& right);
  friend Polynomial operator*(const QuadComplex& factor, const Polynomial& polynomial);

  QuadComplex operator()(const QuadComplex& x) const;
  Polynomial derivative() const;
  /// Coefficients below 1e-28 of their magnitudes are set to zero; leading zeros go.
  Polynomial without_residues() const;
  /// All roots, exact zeros included, by Aberth's simultaneous iteration from the radii of the Newton polygon
  /// (Bini, Numer. Algorithms 13, 179 (1996)). Empty for a constant.
  std::vector<QuadComplex> roots() const;

private:
  std::vector<QuadComplex> coefficients_;
  std::vector<Quad> magnitudes_;
};

/// Magnitude in long double, whose exponents have the range of __float128.
long double magnitude(const QuadComplex& z);
/// Principal square root to __float128 precision.
QuadComplex square_root(const QuadComplex& z);

}  // namespace vitrispin::modes
