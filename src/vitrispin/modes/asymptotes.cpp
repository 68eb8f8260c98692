#include "vitrispin/modes/asymptotes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "vitrispin/modes/dispersion.hpp"
#include "vitrispin/modes/secular.hpp"

namespace vitrispin::modes {
namespace {

using Real = long double;
using Complex = std::complex<Real>;

/// s = constant + linear k + quadratic k^2 as an asymptote of omega = i s.
Asymptote of_rate(const Complex& constant, const Complex& linear, const Complex& quadratic) {
  const auto turned = [](const Complex& s) {
    return std::complex<double>(static_cast<double>(-s.imag()), static_cast<double>(s.real()));
  };
  return {turned(constant), turned(linear), turned(quadratic)};
}

/// Both eigenvalues of [[first, across], [back, second]], the smaller one from the determinant.
std::array<Complex, 2> eigenvalues(const Complex& first, const Complex& across, const Complex& back,
                                   const Complex& second) {
  const Complex half_sum = Real(0.5) * (first + second);
  const Complex half_difference = Real(0.5) * (first - second);
  const Complex root = std::sqrt(half_difference * half_difference + across * back);
  const Complex large = std::real(std::conj(half_sum) * root) >= 0 ? half_sum + root : half_sum - root;
  if (large == Complex(0)) return {large, large};
  return {large, (first * second - across * back) / large};
}

/// D > 0: with A = D k^2 the matrix is -A n n^T + ..., n = (sqrt(xi), sqrt(1-xi)) in (M+m, m); what is orthogonal to n,
/// dM - dm, is slow, and second-order perturbation theory in w gives the constant terms.
std::vector<Asymptote> with_diffusion(const Secular<Real>& secular) {
  const auto& [a, b, c, d, xi, e, r, g, alpha, D, gamma, K, rho, rotation] = secular;
  const Complex turned_a = secular.turned_a();
  const Complex slow = e * (turned_a + c);
  const Complex fast_constant = b + xi * turned_a + e * e * d;
  const Real v_squared = g * gamma * rho;
  if (rho == 0) {
    const Real w = std::sqrt(g * gamma * K * e);
    const auto rest = eigenvalues(-slow, w, -w, -alpha * gamma * K);
    return {of_rate(-fast_constant, 0, -D), of_rate(rest[0], 0, 0), of_rate(rest[1], 0, 0)};
  }
  if (alpha == 0) {
    const Complex damping = Real(0.5) * (slow + xi * v_squared / D);
    const Complex speed(0, std::sqrt(v_squared * e));
    return {of_rate(-fast_constant + xi * v_squared / D, 0, -D), of_rate(-damping, speed, 0),
            of_rate(-damping, -speed, 0)};
  }
  const Real stiffening = alpha * gamma * rho;
  if (std::abs(D - stiffening) <= 4e-16L * D) {
    // n and theta are damped alike and mix, by sqrt(xi) v k; the constants are the mean of the two
    const Complex mean = Real(0.5) * (-fast_constant - alpha * gamma * K + e * g / alpha);
    const Complex speed(0, std::sqrt(xi * v_squared));
    return {of_rate(mean, speed, -D), of_rate(mean, -speed, -D), of_rate(-slow - e * g / alpha, 0, 0)};
  }
  const Real repulsion = xi * v_squared / (D - stiffening);
  return {of_rate(-fast_constant + repulsion, 0, -D),
          of_rate(-alpha * gamma * K - repulsion + e * g / alpha, 0, -alpha * gamma * rho),
          of_rate(-slow - e * g / alpha, 0, 0)};
}

/// D = 0: only the texture stiffens with k.
std::vector<Asymptote> without_diffusion(const Secular<Real>& secular) {
  const auto& [a, b, c, d, xi, e, r, g, alpha, D, gamma, K, rho, rotation] = secular;
  const Complex first = secular.turned_a() + xi * b;
  const Real mixed = std::sqrt(xi * e) * b;
  const Real second = e * (b + d);
  if (alpha == 0) {
    const Complex speed(0, std::sqrt(g * gamma * rho));
    return {of_rate(-Real(0.5) * first, speed, 0), of_rate(-Real(0.5) * first, -speed, 0), of_rate(-second, 0, 0)};
  }
  const auto rest = eigenvalues(-first - g / alpha, -mixed, -mixed, -second);
  return {of_rate(-alpha * gamma * K + g / alpha, 0, -alpha * gamma * rho), of_rate(rest[0], 0, 0),
          of_rate(rest[1], 0, 0)};
}

std::vector<Asymptote> constant_modes(const physics::Material<double>& material, double rotation) {
  std::vector<Asymptote> all;
  for (const Mode& mode : modes_at_wavenumber(material, 0.0, rotation)) all.push_back({mode.omega, 0.0, 0.0});
  return all;
}

}  // namespace

std::vector<Asymptote> small_wavenumber_asymptotes(const physics::Material<double>& material, double rotation) {
  const Secular<Real> secular(material, rotation);
  std::vector<Asymptote> all = constant_modes(material, rotation);
  for (Asymptote& asymptote : all) {
    if (!material.has_texture()) continue;
    const Complex slope = rate_slope_at_wavenumber(material, 0.0, rotation, asymptote.constant);
    asymptote.quadratic = of_rate(0, 0, slope).quadratic;
  }
  if (material.has_texture()) return all;
  if (!material.has_equilibrium_magnetization()) {
    all[0].quadratic = {0.0, -material.diffusivity};
    return all;
  }
  for (Asymptote& asymptote : all) {
    const Complex s(asymptote.constant.imag());
    const Complex slope = -secular.D * secular.B1(s) / (Real(2) * s + secular.a + secular.r + secular.b);
    asymptote.quadratic = of_rate(0, 0, slope).quadratic;
  }
  return all;
}

std::vector<Asymptote> large_wavenumber_asymptotes(const physics::Material<double>& material, double rotation) {
  if (!material.has_equilibrium_magnetization()) return small_wavenumber_asymptotes(material, rotation);
  if (material.diffusivity == 0.0 && material.spin_stiffness == 0.0) return constant_modes(material, rotation);
  const Secular<Real> secular(material, rotation);
  std::vector<Asymptote> all;
  if (!material.has_texture()) {
    const Complex fast = -(secular.b + secular.xi * secular.a + secular.e * secular.e * secular.d);
    all = {of_rate(fast, 0, -secular.D), of_rate(-secular.e * (secular.a + secular.c), 0, 0)};
  } else {
    all = material.diffusivity > 0.0 ? with_diffusion(secular) : without_diffusion(secular);
  }
  const auto damping = [](const Asymptote& asymptote) {
    return std::array<double, 4>{asymptote.quadratic.imag(), asymptote.linear.imag(), asymptote.constant.imag(),
                                 asymptote.linear.real()};
  };
  std::stable_sort(all.begin(), all.end(),
                   [&](const Asymptote& left, const Asymptote& right) { return damping(left) < damping(right); });
  return all;
}

}  // namespace vitrispin::modes
