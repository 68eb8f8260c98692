#include "vitrispin/dynamics/wave_propagator.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/modes/frequencies.hpp"
#include "vitrispin/physics/linear_matrix.hpp"

namespace vitrispin::dynamics {
namespace {

using Complex = std::complex<double>;
using Vector = WaveAmplitude;
using Matrix = std::array<std::array<Complex, 3>, 3>;
using constants::vacuum_permeability;

Vector product(const Matrix& A, const Vector& x) {
  Vector y;
  for (std::size_t i = 0; i < 3; ++i) y[i] = A[i][0] * x[0] + A[i][1] * x[1] + A[i][2] * x[2];
  return y;
}

Matrix product(const Matrix& A, const Matrix& B) {
  Matrix C{};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) C[i][j] = A[i][0] * B[0][j] + A[i][1] * B[1][j] + A[i][2] * B[2][j];
  return C;
}

/// (G - s) x
Vector shifted_product(const Matrix& G, const Complex& s, const Vector& x) {
  Vector y = product(G, x);
  for (std::size_t i = 0; i < 3; ++i) y[i] -= s * x[i];
  return y;
}

Complex exponential_less_one(const Complex& z) {
  const double half = std::sin(z.imag() / 2);
  return {std::expm1(z.real()) * std::cos(z.imag()) - 2 * half * half, std::exp(z.real()) * std::sin(z.imag())};
}

/// (exp(s t) - 1)/s: the integral of exp(s t) from 0.
Complex integral_of_exponential(const Complex& s, double t) {
  return s == 0.0 ? Complex(t) : exponential_less_one(s * t) / s;
}

/// The divided difference of exp(s t) at two points.
Complex difference(Complex a, Complex b, double t) {
  if (a.real() < b.real()) std::swap(a, b);  // so that nothing overflows
  return std::exp(a * t) * integral_of_exponential(b - a, t);
}

/// exp(s t) at s[0], and its divided differences at s[0], s[1] and at all three, which lie in an order that puts the
/// farthest apart first and last.
struct Differences {
  std::array<Complex, 3> s;
  Complex first, second, third;
};

/// In powers about the mean, for points within 1/t of each other: complete symmetric polynomials over factorials.
Complex third_difference_of_close_points(const std::array<Complex, 3>& s, double t) {
  const Complex mean = (s[0] + s[1] + s[2]) / 3.0;
  const Complex x = (s[0] - mean) * t, y = (s[1] - mean) * t, z = (s[2] - mean) * t;
  // h_n(x), h_n(x, y), h_n(x, y, z)
  Complex one = 1, two = 1, three = 1, sum = 0;
  double factorial = 2;
  for (int n = 0; n < 30; ++n) {
    sum += three / factorial;
    one *= x;
    two = one + y * two;
    three = two + z * three;
    factorial *= n + 3;
  }
  return std::exp(mean * t) * t * t * sum;
}

Differences differences(std::array<Complex, 3> s, double t) {
  const auto apart = [&](std::size_t i, std::size_t j) { return std::abs(s[i] - s[j]); };
  if (apart(0, 1) > apart(0, 2) && apart(0, 1) >= apart(1, 2))
    std::swap(s[1], s[2]);
  else if (apart(1, 2) > apart(0, 2))
    std::swap(s[0], s[1]);
  Differences result{s, std::exp(s[0] * t), difference(s[0], s[1], t), 0};
  if (std::abs(s[0] - s[2]) * t < 1)
    result.third = third_difference_of_close_points(s, t);
  else
    result.third = (result.second - difference(s[1], s[2], t)) / (s[0] - s[2]);
  return result;
}

Vector after(const Matrix& G, const Differences& f, const Vector& u) {
  const Vector v = shifted_product(G, f.s[0], u), w = shifted_product(G, f.s[1], v);
  Vector result;
  for (std::size_t i = 0; i < 3; ++i) result[i] = f.first * u[i] + f.second * v[i] + f.third * w[i];
  return result;
}

Matrix exponential(const Matrix& G, const std::array<Complex, 3>& s, double t) {
  const Differences f = differences(s, t);
  Matrix columns{};
  for (std::size_t j = 0; j < 3; ++j) {
    Vector unit{};
    unit[j] = 1;
    const Vector column = after(G, f, unit);
    for (std::size_t i = 0; i < 3; ++i) columns[i][j] = column[i];
  }
  return columns;
}

/// Integral of u u^dagger over the time: from the modes' shares of u.
Matrix covariance_by_modes(const Matrix& G, const std::array<Complex, 3>& s, const Vector& u, double t) {
  std::array<Vector, 3> share;
  for (std::size_t i = 0; i < 3; ++i) {
    const Complex a = s[(i + 1) % 3], b = s[(i + 2) % 3];
    share[i] = shifted_product(G, a, shifted_product(G, b, u));
    const Complex scale = 1.0 / ((s[i] - a) * (s[i] - b));
    for (Complex& value : share[i]) value *= scale;
  }
  Matrix P{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      const Complex weight = integral_of_exponential(s[i] + std::conj(s[j]), t);
      for (std::size_t a = 0; a < 3; ++a)
        for (std::size_t b = 0; b < 3; ++b) P[a][b] += weight * share[i][a] * std::conj(share[j][b]);
    }
  }
  return P;
}

/// The same where modes nearly coincide: over a short time by Gauss's rule, then twice the time again and again.
Matrix covariance_by_doubling(const Matrix& G, const std::array<Complex, 3>& s, const Vector& u, double t) {
  double fastest = 0;
  for (const auto& row : G)
    for (const Complex& entry : row) fastest = std::max(fastest, std::abs(entry));
  const int doublings = std::max(0, static_cast<int>(std::ceil(std::log2(6 * fastest * t))));
  const double h = std::ldexp(t, -doublings);
  constexpr std::array<std::pair<double, double>, 4> gauss{{{0.1834346424956498, 0.3626837833783620},
                                                            {0.5255324099163290, 0.3137066458778873},
                                                            {0.7966664774136267, 0.2223810344533745},
                                                            {0.9602898564975363, 0.1012285362903763}}};
  Matrix P{};
  for (const auto& [place, weight] : gauss) {
    for (const double side : {-1.0, 1.0}) {
      const Vector v = after(G, differences(s, h * (1 + side * place) / 2), u);
      for (std::size_t a = 0; a < 3; ++a)
        for (std::size_t b = 0; b < 3; ++b) P[a][b] += (h * weight / 2) * v[a] * std::conj(v[b]);
    }
  }
  for (int n = 0; n < doublings; ++n) {
    const Matrix E = exponential(G, s, std::ldexp(h, n));
    Matrix adjoint{};
    for (std::size_t a = 0; a < 3; ++a)
      for (std::size_t b = 0; b < 3; ++b) adjoint[a][b] = std::conj(E[b][a]);
    const Matrix later = product(product(E, P), adjoint);
    for (std::size_t a = 0; a < 3; ++a)
      for (std::size_t b = 0; b < 3; ++b) P[a][b] += later[a][b];
  }
  return P;
}

/// Shares are as large as one over both distances of a mode, and in P multiplied: with this twelve digits stay.
bool well_apart(const std::array<Complex, 3>& s) {
  const double largest = std::max({std::abs(s[0]), std::abs(s[1]), std::abs(s[2])});
  const double a = std::abs(s[0] - s[1]) / largest, b = std::abs(s[1] - s[2]) / largest,
               c = std::abs(s[2] - s[0]) / largest;
  return std::min({a * b, b * c, c * a}) > 1e-2;
}

/// m alone: it decays, diffuses and, in a transverse component, precesses about the field.
WaveAfter metal_after(const physics::Material<double>& material, double k_squared, int sigma, double Omega,
                      const WaveAmplitude& amplitude, double time) {
  const double spread = material.diffusivity * k_squared, leak = 1 / material.accumulation_lattice_relaxation_time;
  const Complex s(-(spread + leak), sigma * Omega);
  WaveAfter result{};
  result.amplitude[1] = std::exp(s * time) * amplitude[1];
  const double squares = integral_of_exponential(2 * s.real(), time).real() * std::norm(amplitude[1]);
  const double scale = vacuum_permeability / material.accumulation_susceptibility * squares;
  result.dissipated.m_to_lattice = leak * scale;
  result.dissipated.diffusion = spread * scale;
  return result;
}

/// A wave of a glass in the coordinates of EnergyMatrix, but for theta where it is hardly held back: there its own change in the
/// time is of order one.
class GlassWave {
public:
  GlassWave(const physics::Material<double>& material, double k_squared, int sigma, double Omega,
            const WaveAmplitude& amplitude, double time)
      : energy_(physics::energy_matrix(material, k_squared, sigma, Omega)),
        s_(modes::frequencies(energy_)),
        time_(time) {
    for (Complex& root : s_) root *= Complex(0, -1);
    const double chi_M = material.equilibrium_susceptibility, gamma = material.gyromagnetic_ratio;
    const double stiffness = physics::stiffened_anisotropy(material, k_squared);
    const double turn = gamma * (vacuum_permeability / chi_M) * std::sqrt(chi_M);
    root_chi_ = std::sqrt(chi_M);
    m_scale_ = std::sqrt(energy_.one_minus_xi / energy_.xi / chi_M);
    theta_scale_ = std::max(std::sqrt(stiffness / vacuum_permeability), 1 / (turn * time));
    const double mixed = mixing();
    G_ = {{{Complex(-(energy_.a + energy_.xi * energy_.A), energy_.rotation), -mixed * energy_.A,
            gamma * stiffness / (std::sqrt(chi_M) * theta_scale_)},
           {-mixed * energy_.A, -energy_.one_minus_xi * (energy_.A + energy_.d), 0.0},
           {-turn * theta_scale_, 0.0, -energy_.p}}};
    u_ = {(amplitude[0] + amplitude[1]) / root_chi_, amplitude[1] * m_scale_, amplitude[2] * theta_scale_};
  }

  WaveAmplitude later() const {
    const Vector v = after(G_, differences(s_, time_), u_);
    const Complex m = v[1] / m_scale_;
    return {v[0] * root_chi_ - m, m, v[2] / theta_scale_};
  }

  DissipatedPower dissipated(const physics::Material<double>& material, double k_squared) const {
    const Matrix P =
        well_apart(s_) ? covariance_by_modes(G_, s_, u_, time_) : covariance_by_doubling(G_, s_, u_, time_);
    // Squares, whose rounding is that of larger ones.
    const auto square = [&P](std::size_t i) { return std::max(0.0, P[i][i].real()); };
    const double xi = energy_.xi, eta = energy_.one_minus_xi;
    const double h_square = std::max(0.0, xi * square(0) + 2 * mixing() * P[0][1].real() + eta * square(1));
    const double leak = 1 / material.accumulation_lattice_relaxation_time;
    const double torque = physics::stiffened_anisotropy(material, k_squared) / theta_scale_;
    DissipatedPower lost;
    lost.M_to_lattice = vacuum_permeability * energy_.a * square(0);
    lost.m_to_lattice = vacuum_permeability * leak * h_square;
    lost.diffusion = vacuum_permeability * (material.diffusivity * k_squared) * h_square;
    lost.exchange = vacuum_permeability * eta * energy_.d * square(1);
    lost.damping = material.damping * material.gyromagnetic_ratio * torque * (torque * square(2));
    return lost;
  }

private:
  double mixing() const { return std::sqrt(energy_.xi * energy_.one_minus_xi); }

  physics::EnergyMatrix energy_;
  std::array<Complex, 3> s_;
  double time_, root_chi_ = 1, m_scale_ = 1, theta_scale_ = 1;
  Matrix G_{};
  Vector u_{};
};

}  // namespace

WaveAmplitude wave_amplitude_after(const physics::Material<double>& material, double k_squared, int sigma, double Omega,
                                   const WaveAmplitude& amplitude, double time) {
  if (time == 0) return amplitude;
  if (!material.has_texture()) return metal_after(material, k_squared, sigma, Omega, amplitude, time).amplitude;
  return GlassWave(material, k_squared, sigma, Omega, amplitude, time).later();
}

WaveAfter wave_after(const physics::Material<double>& material, double k_squared, int sigma, double Omega,
                     const WaveAmplitude& amplitude, double time) {
  if (time == 0) return {amplitude, {}};
  if (!material.has_texture()) return metal_after(material, k_squared, sigma, Omega, amplitude, time);
  const GlassWave wave(material, k_squared, sigma, Omega, amplitude, time);
  return {wave.later(), wave.dissipated(material, k_squared)};
}

}  // namespace vitrispin::dynamics
