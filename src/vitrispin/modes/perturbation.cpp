#include "vitrispin/modes/perturbation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <limits>

#include "vitrispin/modes/polynomial_roots.hpp"
#include "vitrispin/modes/secular.hpp"
#include "vitrispin/modes/wavenumbers.hpp"

namespace vitrispin::modes {
namespace {

using Real = long double;
using Complex = std::complex<Real>;

std::complex<double> narrow(const Complex& z) {
  if (!std::isfinite(z.real()) || !std::isfinite(z.imag())) return std::numeric_limits<double>::infinity();
  return {static_cast<double>(z.real()), static_cast<double>(z.imag())};
}

/// The quotient, or infinity without a phase where the denominator vanishes.
Complex ratio(const Complex& numerator, const Complex& denominator) {
  if (denominator == Complex(0)) return std::numeric_limits<Real>::infinity();
  return numerator / denominator;
}

/// (-1/tau_ML + i omega)(-alpha gamma K' + i omega) + gamma g K', the common denominator of Eqs. (69)-(71).
Complex held_texture(const Secular<Real>& rates, const Complex& i_omega, const Complex& K_prime) {
  return (-rates.a + i_omega) * (-rates.alpha * rates.gamma * K_prime + i_omega) + rates.gamma * rates.g * K_prime;
}

/// A value with the sum of the magnitudes that it was added up from: what a cancellation leaves of it is known to
/// size/|value| roundings.
struct Tracked {
  QuadComplex value;
  Real size;
  Tracked(const QuadComplex& v, Real s) : value(v), size(s) {}
  explicit Tracked(const QuadComplex& v) : value(v), size(magnitude(v)) {}
  /// From 0, nothing left, to 1; an exact zero is known.
  Real trust() const { return size == 0 ? 1 : magnitude(value) / size; }
};
Tracked operator+(const Tracked& x, const Tracked& y) {
  return {x.value + y.value, x.size + y.size};
}
Tracked operator-(const Tracked& x, const Tracked& y) {
  return {x.value - y.value, x.size + y.size};
}
Tracked operator*(const Tracked& x, const Tracked& y) {
  return {x.value * y.value, std::max(magnitude(x.value) * y.size, magnitude(y.value) * x.size)};
}

struct Quotient {
  Tracked numerator, denominator;
  Real trust() const { return std::min(numerator.trust(), denominator.trust()); }
};

/// Of several expressions for one ratio, each from another pair of rows of Eq. (52), the one that cancels least.
std::complex<double> best_of(const std::initializer_list<Quotient>& expressions) {
  const Quotient best = *std::max_element(expressions.begin(), expressions.end(),
                                          [](const auto& x, const auto& y) { return x.trust() < y.trust(); });
  if (magnitude(best.denominator.value) == 0) return std::numeric_limits<double>::infinity();
  const QuadComplex quotient = best.numerator.value / best.denominator.value;
  return narrow({static_cast<Real>(quotient.real()), static_cast<Real>(quotient.imag())});
}

/// Root q of P(s, q) next to the double `start`, to 113 bits by Newton's method: two steps suffice but near coinciding roots.
QuadComplex refined(const Secular<Quad>& rates, const QuadComplex& s, const std::complex<double>& start) {
  QuadComplex q(start.real(), start.imag());
  for (int step = 0; step < 4; ++step) {
    const QuadComplex A = rates.decay(q);
    const QuadComplex kappa = rates.stiffness(q);
    const QuadComplex slope = rates.slope_in_q(s, A, kappa);
    if (magnitude(slope) == 0) break;
    const QuadComplex change = rates.value(s, A, kappa) / slope;
    if (!(magnitude(change) <= 1e-6L * magnitude(q))) break;
    q -= change;
  }
  return q;
}

/// With T = M + m the rows of Eq. (52) are (s + a) T - (s + r) m = gamma K' theta, xi A T + (s + r + (1-xi) A) m = 0 and
/// g T + (s + alpha gamma K') theta = 0; any two of them give all ratios.
ExactMode exact_mode(const physics::Material<double>& material, double omega, const Wavenumber& wavenumber) {
  ExactMode mode;
  mode.k_squared = wavenumber.k_squared;
  mode.stiffened_anisotropy = wavenumber.stiffened_anisotropy;
  if (!wavenumber.exists()) {
    mode.m_over_M = mode.theta_over_M = mode.M_over_m = mode.theta_over_m = mode.M_plus_m_over_m =
        std::numeric_limits<double>::infinity();
    return mode;
  }
  const Secular<Quad> rates(material, 0.0);
  const auto number = [](const Quad& x) { return Tracked(QuadComplex(x)); };
  const Tracked s(QuadComplex(0, -Quad(omega)));
  const Tracked q(refined(rates, s.value, mode.k_squared));
  const Tracked A = number(rates.D) * q + number(rates.b);
  const Tracked kappa = number(rates.gamma) * (number(rates.K) + number(rates.rho) * q);
  const Tracked fed = number(-rates.xi) * A;
  const Tracked drained = s + A + number(rates.r);
  const Tracked total = s + number(rates.e) * A + number(rates.r);
  const Tracked turned = s + number(rates.alpha) * kappa;
  const Tracked relaxing = s + number(rates.a);
  const Tracked exchanged = s + number(rates.r);
  const Tracked g = number(rates.g);
  const Tracked held = relaxing * turned + g * kappa;
  const Tracked crossed = number(rates.r - rates.a) * turned - g * kappa;
  const Tracked torque = relaxing * total - exchanged * fed;
  const Tracked minus_g = number(-rates.g);
  mode.m_over_M = best_of({{fed, drained}, {held, crossed}});
  mode.M_over_m = best_of({{drained, fed}, {crossed, held}});
  mode.M_plus_m_over_m = best_of({{total, fed}, {exchanged * turned, held}});
  mode.theta_over_M =
      best_of({{minus_g * total, drained * turned}, {minus_g * exchanged, crossed}, {torque, kappa * drained}});
  mode.theta_over_m = best_of({{minus_g * total, fed * turned}, {minus_g * exchanged, held}, {torque, kappa * fed}});
  return mode;
}

std::size_t nearest(const std::vector<Wavenumber>& exact, const std::complex<double>& k_squared) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < exact.size(); ++i) {
    if (exact[i].exists() && std::abs(exact[i].k_squared - k_squared) < std::abs(exact[best].k_squared - k_squared))
      best = i;
  }
  return best;
}

double relative_error(const std::complex<double>& approximate, const std::complex<double>& exact) {
  return std::abs(approximate - exact) / std::abs(exact);
}

/// |theta/field| sqrt(chi_M |K'|/mu0): the angle in the energy unit of a magnetization.
double scaled_angle(const physics::Material<double>& material, const std::complex<double>& theta_over_field,
                    const std::complex<double>& K_prime) {
  return std::abs(theta_over_field) * std::sqrt(material.equilibrium_susceptibility / constants::vacuum_permeability) *
         std::sqrt(std::abs(K_prime));
}

}  // namespace

SpinWaveFrequencies spin_wave_frequencies(const physics::Material<double>& material, double stiffened_anisotropy) {
  const Secular<Real> rates(material, 0.0);
  const Real gamma_K = rates.gamma * Real(stiffened_anisotropy);
  const Real damping = rates.alpha * gamma_K;
  const Real half_sum = (rates.a + damping) / 2;
  const Real half_difference = (rates.a - damping) / 2;
  const Real radicand = rates.g * gamma_K - half_difference * half_difference;
  if (radicand >= 0) {
    const Real root = std::sqrt(radicand);
    return {narrow(Complex(root, -half_sum)), narrow(Complex(-root, -half_sum))};
  }
  const Real fast = half_sum + std::sqrt(-radicand);
  const Real product = (rates.alpha * rates.a + rates.g) * gamma_K;  // Eq. (56)
  return {narrow(Complex(0, -product / fast)), narrow(Complex(0, -fast))};
}

SpinWave spin_wave_mode(const physics::Material<double>& material, double omega) {
  const Secular<Real> rates(material, 0.0);
  const Complex i_omega(0, omega);
  const Complex relaxing = -rates.a + i_omega;
  const Complex turning = rates.alpha * relaxing - rates.g;
  const Complex K_prime = i_omega * relaxing / (rates.gamma * turning);
  const Complex k_squared =
      rates.rho == 0 ? Complex(std::numeric_limits<Real>::infinity()) : (K_prime - rates.K) / rates.rho;
  const Complex A = rates.D * k_squared + rates.b;
  SpinWave mode;
  mode.k_squared = narrow(k_squared);
  mode.stiffened_anisotropy = narrow(K_prime);
  mode.theta_over_M = narrow(ratio(-turning, i_omega));
  mode.m_over_M = narrow(ratio(rates.xi * A, -(A + rates.r) + i_omega));
  return mode;
}

Diffusion diffusion_mode(const physics::Material<double>& material, double omega) {
  const Secular<Real> rates(material, 0.0);
  const Complex i_omega(0, omega);
  const Complex k_squared =
      rates.D == 0 ? Complex(std::numeric_limits<Real>::infinity()) : (-rates.b - rates.r + i_omega) / rates.D;
  const Complex K_prime = rates.K + rates.rho * k_squared;
  const Complex damped = -rates.alpha * rates.gamma * K_prime + i_omega;
  const Complex denominator = held_texture(rates, i_omega, K_prime);
  Diffusion mode;
  mode.k_squared = narrow(k_squared);
  mode.stiffened_anisotropy = narrow(K_prime);
  mode.M_over_m = narrow(ratio(-((-rates.a + rates.r) * damped + rates.gamma * rates.g * K_prime), denominator));
  mode.theta_over_m = narrow(ratio((-rates.r + i_omega) * rates.g, denominator));
  mode.M_plus_m_over_m = narrow(ratio((i_omega - rates.r) * damped, denominator));
  return mode;
}

double static_M_over_m(const physics::Material<double>& material) {
  const Secular<Real> rates(material, 0.0);
  return static_cast<double>(-1 + rates.alpha * rates.r / (rates.alpha * rates.a + rates.g));
}

std::complex<double> total_over_m_two_terms(const physics::Material<double>& material, double omega,
                                            std::complex<double> stiffened_anisotropy) {
  const Secular<Real> rates(material, 0.0);
  const Complex i_omega(0, omega);
  const Complex K_prime(stiffened_anisotropy);
  const Complex damped = -rates.alpha * rates.gamma * K_prime + i_omega;
  const Complex numerator = (-rates.a + rates.r) * damped + rates.gamma * rates.g * K_prime;
  return narrow(Complex(1) - ratio(numerator, held_texture(rates, i_omega, K_prime)));
}

WeakCoupling weak_coupling(const physics::Material<double>& material, double omega) {
  const std::vector<Wavenumber> exact = wavenumbers(material, omega, 0.0);
  WeakCoupling result;
  result.spin_wave = spin_wave_mode(material, omega);
  result.diffusion = diffusion_mode(material, omega);
  const std::size_t wave = nearest(exact, result.spin_wave.k_squared);
  const std::size_t diffusive = nearest(exact, result.diffusion.k_squared);
  result.exact_spin_wave = exact_mode(material, omega, exact[wave]);
  result.exact_diffusion = exact_mode(material, omega, exact[diffusive]);
  result.spin_wave_error = relative_error(result.spin_wave.k_squared, result.exact_spin_wave.k_squared);
  result.diffusion_error = relative_error(result.diffusion.k_squared, result.exact_diffusion.k_squared);
  result.spin_wave_ratio = std::abs(result.spin_wave.m_over_M);
  result.diffusion_ratio =
      std::max(std::abs(result.diffusion.M_over_m),
               scaled_angle(material, result.diffusion.theta_over_m, result.diffusion.stiffened_anisotropy));
  const bool distinct = wave != diffusive;
  result.spin_wave_valid = distinct && result.spin_wave_ratio <= largest_valid_ratio;
  result.diffusion_valid = distinct && result.diffusion_ratio <= largest_valid_ratio;
  return result;
}

}  // namespace vitrispin::modes
