#pragma once

#include <array>
#include <complex>

#include "vitrispin/io/input.hpp"
#include "vitrispin/physics/material.hpp"

namespace vitrispin::app {

/// A mode of a uniform material as the state at the start.
/// Equation  v = Re[a w(x)] for sigma = 0, along the axis of H and M0; e1 Re[a w(x)] + sigma e2 Im[a w(x)] for sigma = +-1,
///           so that v_1 + i sigma v_2 = a w(x) exp(-i omega t) alone is in motion; w = cos(kx), or exp(ikx) travelling.
///           a = (M, m, theta) is the vector of Eq. (52); the larger one of its M and m is the amplitude, real and positive
/// Units     M, m [A/m], theta [rad]
/// Valid     K + rho_s k^2 > 0, or a metal
/// Errors    InputError if H and M0 are not parallel
class ModeWave {
public:
  ModeWave(const physics::Material<double>& material, const Vector3<double>& H, const io::InitialChange& change);

  /// M, m or theta (0, 1, 2) at x, without equilibrium.
  Vector3<double> value(std::size_t field, double x) const;

private:
  std::array<std::complex<double>, 3> amplitudes_;
  Vector3<double> first_, second_, axis_;
  double k_ = 0;
  int sigma_ = 0;
  bool travelling_ = false;
};

}  // namespace vitrispin::app
