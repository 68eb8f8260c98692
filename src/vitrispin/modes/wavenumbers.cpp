#include "vitrispin/modes/wavenumbers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "vitrispin/modes/secular.hpp"

namespace vitrispin::modes {
namespace {

using Real = long double;
using Complex = std::complex<Real>;

constexpr Real infinity = std::numeric_limits<Real>::infinity();

/// Roots of c2 x^2 + c1 x + c0, infinite where the degree is lower. The larger root comes from the sum without
/// cancellation, the smaller one from the product: accurate however different they are.
std::array<Complex, 2> quadratic_roots(const Complex& c2, const Complex& c1, const Complex& c0) {
  const Complex none(infinity, 0);
  if (c2 == Complex(0)) {
    if (c1 == Complex(0)) return {none, none};
    return {none, -c0 / c1};
  }
  const Complex root = std::sqrt(c1 * c1 - Real(4) * c2 * c0);
  const Complex sum = std::real(std::conj(c1) * root) >= 0 ? c1 + root : c1 - root;
  if (sum == Complex(0)) return {Complex(0), Complex(0)};
  return {-sum / (Real(2) * c2), Real(-2) * c0 / sum};
}

/// |terms of the polynomial at x|/(|x| |derivative|): how much a relative change of the coefficients moves x.
Real condition_of(const Complex& x, const Complex& c2, const Complex& c1, const Complex& c0) {
  const Real size = std::abs(x);
  if (size == 0) return 1;
  const Real terms = (std::abs(c2) * size + std::abs(c1)) * size + std::abs(c0);
  return terms / (size * std::abs(Real(2) * c2 * x + c1));
}

Wavenumber narrowed(const Complex& q, const Complex& K_prime, const Complex& A, Real condition) {
  const auto narrow = [](const Complex& z) {
    return std::complex<double>(static_cast<double>(z.real()) + 0.0, static_cast<double>(z.imag()) + 0.0);  // no -0
  };
  Wavenumber result;
  result.k_squared = narrow(q);
  result.condition = static_cast<double>(condition);
  if (!result.exists()) {
    const double none = std::numeric_limits<double>::quiet_NaN();
    result.k_squared = std::numeric_limits<double>::infinity();
    result.k = {0.0, std::numeric_limits<double>::infinity()};
    result.stiffened_anisotropy = result.decay_rate = {none, none};
    return result;
  }
  const Complex k = std::sqrt(q);
  result.k = narrow(k.imag() < 0 ? -k : k);
  if (result.k.imag() == 0 && result.k.real() < 0) result.k = -result.k;
  result.stiffened_anisotropy = narrow(K_prime);
  result.decay_rate = narrow(A);
  return result;
}

/// K' of each q. Where K and rho_s q cancel (omega -> 0, or near the gap) K' itself is solved for: the same quadratic in
/// kappa = gamma K', with A = A0 + lambda kappa, has coefficients that vanish with s as its small root does.
std::array<Complex, 2> stiffened_anisotropies(const Secular<Real>& secular, const Complex& s,
                                              const std::array<Complex, 2>& q) {
  std::array<Complex, 2> K_prime;
  for (std::size_t i = 0; i < 2; ++i) K_prime[i] = secular.K + secular.rho * q[i];
  if (secular.rho == 0) return {Complex(secular.K), Complex(secular.K)};
  const Real lambda = secular.D / (secular.gamma * secular.rho);
  const Real A0 = secular.b - secular.D * (secular.K / secular.rho);
  const auto kappa =
      quadratic_roots(lambda * secular.C1(s), s * lambda * secular.B1(s) + secular.C0(s) + A0 * secular.C1(s),
                      s * (secular.B0(s) + A0 * secular.B1(s)));
  for (std::size_t i = 0; i < 2; ++i) {
    if (!(std::abs(K_prime[i]) < Real(1e-2) * secular.K)) continue;
    const Complex first = kappa[0] / secular.gamma;
    const Complex second = kappa[1] / secular.gamma;
    K_prime[i] = std::abs(first - K_prime[i]) < std::abs(second - K_prime[i]) ? first : second;
  }
  return K_prime;
}

std::vector<Wavenumber> of_spin_glass(const Secular<Real>& secular, const Complex& s) {
  const Real gamma_rho = secular.gamma * secular.rho;
  const Real gamma_K = secular.gamma * secular.K;
  const Complex B1 = secular.B1(s);
  const Complex C1 = secular.C1(s);
  const Complex held = secular.C0(s) + C1 * secular.b;
  const Complex c2 = gamma_rho * secular.D * C1;
  const Complex c1 = secular.D * (s * B1 + gamma_K * C1) + gamma_rho * held;
  const Complex c0 = s * (secular.B0(s) + B1 * secular.b) + gamma_K * held;
  const auto q = quadratic_roots(c2, c1, c0);
  const auto K_prime = stiffened_anisotropies(secular, s, q);
  std::vector<Wavenumber> all;
  for (std::size_t i = 0; i < 2; ++i) {
    all.push_back(narrowed(q[i], K_prime[i], secular.decay(q[i]), condition_of(q[i], c2, c1, c0)));
  }
  return all;
}

}  // namespace

std::vector<Wavenumber> wavenumbers(const physics::Material<double>& material, std::complex<double> omega,
                                    double rotation) {
  const Complex s(omega.imag(), -omega.real());
  std::vector<Wavenumber> all;
  if (material.has_texture()) {
    all = of_spin_glass(Secular<Real>(material, rotation), s);
  } else if (material.has_equilibrium_magnetization()) {
    const Secular<Real> secular(material, 0.0);  // without theta: B0 + B1 A = 0
    const Complex A = -secular.B0(s) / secular.B1(s);
    all.push_back(narrowed((A - secular.b) / secular.D, Complex(0), A, 1));
  } else {
    const Real b = Real(1) / Real(material.accumulation_lattice_relaxation_time);
    const Complex A = Complex(0, rotation) - s;
    all.push_back(narrowed((A - b) / Real(material.diffusivity), Complex(0), A, 1));
  }
  std::sort(all.begin(), all.end(), [](const Wavenumber& left, const Wavenumber& right) {
    if (left.exists() != right.exists()) return left.exists();
    if (left.k.imag() != right.k.imag()) return left.k.imag() < right.k.imag();
    return left.k.real() < right.k.real();
  });
  return all;
}

}  // namespace vitrispin::modes
