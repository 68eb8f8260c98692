#pragma once

#include <cstddef>
#include <vector>

#include "vitrispin/dynamics/fields.hpp"

namespace vitrispin::dynamics {

/// Discrete cosine transform (closed ends, values at cell centres) or Hartley transform (periodic) of `lanes` rows at a
/// time: the real bases in which the second difference of equal cells is diagonal. A complex Fourier transform takes
/// two rows as real and imaginary parts; loops in a fixed order give the same bits always.
/// Valid   any length; fastest for products of 2, 3 and 5
class CosineTransform {
public:
  static constexpr std::size_t lanes = 16;

  CosineTransform(std::size_t cells, bool periodic);

  std::size_t cells() const { return n_; }
  /// Minus the second difference of the wave k, of unit spacing: 4 sin^2(pi k/(2 n)), or 4 sin^2(pi k/n) if periodic.
  double curvature(std::size_t k) const { return curvature_[k]; }
  /// In place; value i of a row at data[i lanes + row]. Both are aligned to a cache line, `scratch` is as long as `data`.
  /// `backward` undoes `forward`.
  void forward(double* data, double* scratch) const;
  void backward(double* data, double* scratch) const;

private:
  bool fourier(double* data, double* scratch) const;

  std::size_t n_ = 1;
  bool periodic_ = false;
  std::vector<std::size_t> factors_;
  std::vector<double> curvature_;
  Values<double> waves_;  ///< exp(-2 pi i k/n)
  Values<double> turns_;  ///< of wave k: exp(-i pi k/(2n)), or (1 + i)/2
};

}  // namespace vitrispin::dynamics
