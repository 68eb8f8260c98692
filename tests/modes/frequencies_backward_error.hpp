#pragma once

#include <quadmath.h>

#include <algorithm>
#include <array>
#include <complex>
#include <limits>

#include "vitrispin/physics/linear_matrix.hpp"

/// Backward errors of computed frequencies, with 113 bits and nothing in common with the solver: the matrix itself, no
/// polynomial.
namespace vitrispin::modes {

__extension__ using Quad = __float128;
__extension__ using QuadComplex = __complex128;
using QuadMatrix = std::array<std::array<QuadComplex, 3>, 3>;

inline QuadComplex quad_complex(Quad re, Quad im) {
  QuadComplex z;
  __real__ z = re;
  __imag__ z = im;
  return z;
}

/// The matrix in energy coordinates, from the doubles that a solver is given.
inline QuadMatrix energy_coordinates(const physics::EnergyMatrix& matrix) {
  const Quad A = matrix.A, xi = matrix.xi, e = matrix.one_minus_xi;
  const Quad coupling = -sqrtq(xi * e) * A, w = sqrtq(matrix.w_squared);
  return {{{quad_complex(-(matrix.a + xi * A), matrix.rotation), coupling, w},
           {coupling, -e * (A + matrix.d), Quad(0)},
           {-w, Quad(0), Quad(-matrix.p)}}};
}

/// The same from the material's parameters themselves: roundings in forming the rates count as error too.
inline QuadMatrix energy_coordinates(const physics::Material<double>& material, double k, Quad rotation) {
  const Quad chi_M = material.equilibrium_susceptibility, chi_m = material.accumulation_susceptibility;
  const Quad gamma = material.gyromagnetic_ratio, mu0 = constants::vacuum_permeability;
  const Quad a = 1 / Quad(material.lattice_relaxation_time), c = 1 / Quad(material.cross_relaxation_time);
  const Quad q = Quad(k) * k, xi = chi_m / chi_M, e = (chi_M - chi_m) / chi_M, d = c / xi;
  const Quad A = material.diffusivity * q + 1 / Quad(material.accumulation_lattice_relaxation_time);
  const Quad K_prime = material.anisotropy + material.spin_stiffness * q;
  const Quad coupling = -sqrtq(xi * e) * A, w = gamma * sqrtq(mu0 * K_prime / chi_M);
  return {{{quad_complex(-(a + xi * A), rotation), coupling, w},
           {coupling, -e * (A + d), Quad(0)},
           {-w, Quad(0), -material.damping * gamma * K_prime}}};
}

/// Eq. (52) with rows and columns divided by the root of their own energy alone: M/sqrt(chi_M), m/sqrt(chi_m), theta sqrt(K'/mu0).
inline QuadMatrix diagonal_scaling(const physics::Material<double>& material, double k, Quad rotation) {
  const Quad chi_M = material.equilibrium_susceptibility, chi_m = material.accumulation_susceptibility;
  const Quad gamma = material.gyromagnetic_ratio, mu0 = constants::vacuum_permeability;
  const Quad a = 1 / Quad(material.lattice_relaxation_time), c = 1 / Quad(material.cross_relaxation_time);
  const Quad q = Quad(k) * k, xi = chi_m / chi_M, r = (chi_M - chi_m) / chi_M * c / xi;
  const Quad A = material.diffusivity * q + 1 / Quad(material.accumulation_lattice_relaxation_time);
  const Quad K_prime = material.anisotropy + material.spin_stiffness * q;
  const Quad w = gamma * sqrtq(mu0 * K_prime / chi_M), root = sqrtq(xi);
  return {{{quad_complex(-a, rotation), quad_complex((r - a) * root, rotation * root), w},
           {-root * A, -(A + r), Quad(0)},
           {-w, -w * root, -material.damping * gamma * K_prime}}};
}

/// A lower bound of the 2-norm, sharp after a few steps of the power method on X^H X.
inline Quad norm(const QuadMatrix& X) {
  std::array<QuadComplex, 3> v{};
  Quad largest = -1;
  for (std::size_t i = 0; i < 3; ++i) {  // start: the conjugate of the largest row
    Quad size = 0;
    for (std::size_t j = 0; j < 3; ++j) size += cabsq(X[i][j]) * cabsq(X[i][j]);
    if (size <= largest) continue;
    largest = size;
    for (std::size_t j = 0; j < 3; ++j) v[j] = conjq(X[i][j]);
  }
  Quad estimate = 0;
  for (int step = 0; step < 6; ++step) {
    const Quad length = sqrtq(cabsq(v[0]) * cabsq(v[0]) + cabsq(v[1]) * cabsq(v[1]) + cabsq(v[2]) * cabsq(v[2]));
    if (length == 0) return 0;
    std::array<QuadComplex, 3> y{};
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 3; ++j) y[i] += X[i][j] * (v[j] / length);
    estimate = sqrtq(cabsq(y[0]) * cabsq(y[0]) + cabsq(y[1]) * cabsq(y[1]) + cabsq(y[2]) * cabsq(y[2]));
    for (std::size_t j = 0; j < 3; ++j) {
      v[j] = Quad(0);
      for (std::size_t i = 0; i < 3; ++i) v[j] += conjq(X[i][j]) * y[i];
    }
  }
  return estimate;
}

/// sigma_min(G - s)/|G|_2 for s = -i omega, from above: sigma_min = |det|/|adjugate|_2.
inline double backward_error(const QuadMatrix& G, std::complex<double> omega) {
  QuadMatrix X = G;
  const Quad scale = norm(G);
  if (scale == 0) return std::abs(omega);
  for (std::size_t i = 0; i < 3; ++i) X[i][i] -= quad_complex(omega.imag(), -omega.real());
  QuadMatrix adjugate;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      const std::size_t i1 = (i + 1) % 3, i2 = (i + 2) % 3, j1 = (j + 1) % 3, j2 = (j + 2) % 3;
      adjugate[j][i] = X[i1][j1] * X[i2][j2] - X[i1][j2] * X[i2][j1];
    }
  }
  const QuadComplex determinant = X[0][0] * adjugate[0][0] + X[0][1] * adjugate[1][0] + X[0][2] * adjugate[2][0];
  const Quad size = norm(adjugate);
  if (size == 0) return 0;
  return static_cast<double>(cabsq(determinant) / size / scale);
}

inline double worst_backward_error(const QuadMatrix& G, const std::array<std::complex<double>, 3>& omega) {
  double worst = 0;
  for (const auto& root : omega) {
    const double error = backward_error(G, root);
    worst = error <= worst ? worst : error;  // keeps a NaN
  }
  return worst;
}

/// |sum of roots - trace|/|G|_2: do the three belong together?
inline double trace_error(const QuadMatrix& G, const std::array<std::complex<double>, 3>& omega) {
  QuadComplex sum = -(G[0][0] + G[1][1] + G[2][2]);
  for (const auto& root : omega) sum += quad_complex(root.imag(), -root.real());
  return static_cast<double>(cabsq(sum) / norm(G));
}

inline constexpr double epsilon = std::numeric_limits<double>::epsilon();

}  // namespace vitrispin::modes
