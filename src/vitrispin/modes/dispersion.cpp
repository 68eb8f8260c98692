#include "vitrispin/modes/dispersion.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "vitrispin/modes/frequencies.hpp"
#include "vitrispin/modes/mode_vector.hpp"
#include "vitrispin/modes/polynomial_roots.hpp"
#include "vitrispin/modes/wavenumbers.hpp"
#include "vitrispin/physics/entropy.hpp"

namespace vitrispin::modes {
namespace {

using Complex = std::complex<double>;
using LongComplex = std::complex<long double>;
using Vector = std::array<Complex, 3>;

constexpr double infinity = std::numeric_limits<double>::infinity();

Complex narrow(const LongComplex& z) {
  return {static_cast<double>(z.real()) + 0.0, static_cast<double>(z.imag()) + 0.0};  // no -0
}

/// A mode in energy coordinates, and -h* sqrt(chi_m) of it.
struct Shape {
  Vector u;           ///< of unit length
  Complex potential;  ///< sqrt(xi) u_1 + sqrt(1 - xi) u_2
};

/// The potential of m. Where u_1 and u_2 nearly cancel in it, the second row of the matrix has it without a difference:
/// sqrt(1-xi) A (sqrt(xi) u_1 + sqrt(1-xi) u_2) = -((1-xi) d + s) u_2.
Shape shape_of(const Secular<long double>& secular, const LongComplex& s, const LongComplex& A, const Vector& u) {
  const long double first = std::sqrt(secular.xi), second = std::sqrt(secular.e);
  const LongComplex a(u[0]), b(u[1]);
  const long double lost = first * std::abs(a) + second * std::abs(b);
  const long double lost_by_row = (secular.e * secular.d + std::abs(s)) * std::abs(b) / (second * std::abs(A));
  if (lost_by_row < lost) return {u, narrow(-(secular.e * secular.d + s) * b / (second * A))};
  return {u, narrow(first * a + second * b)};
}

/// H*, h* [A/m] and Gamma' [J/m^3] of the real (or imaginary) part of a mode of energy mu0 |u|^2/2. The torque is formed from
/// u_3 rather than theta, which is infinite for K' = 0.
physics::EffectiveFields<double> fields_of(const physics::Material<double>& material, const Shape& shape,
                                           const Complex& K_prime, double (*part)(const Complex&)) {
  physics::EffectiveFields<double> fields;
  fields.h_star = {-part(shape.potential) / std::sqrt(material.accumulation_susceptibility), 0.0, 0.0};
  if (!material.has_equilibrium_magnetization()) return fields;
  fields.H_star = {-part(shape.u[0]) / std::sqrt(material.equilibrium_susceptibility), 0.0, 0.0};
  const double size = std::abs(K_prime);
  const Complex phase = size == 0.0 ? Complex(0.0) : K_prime / size;
  fields.torque = {-part(phase * shape.u[2]) * std::sqrt(constants::vacuum_permeability * size), 0.0, 0.0};
  return fields;
}

/// Shares of T R_s, Eq. (26), of the wave: its real and its imaginary part are a quarter period apart, and the mean over a
/// period is half the sum of the two. A gradient counts |k|^2.
DissipationShares shares_of(const physics::Material<double>& material, const Shape& shape, const Complex& K_prime,
                            double k_modulus_squared) {
  const auto real_part = [](const Complex& z) { return z.real(); };
  const auto imaginary_part = [](const Complex& z) { return z.imag(); };
  DissipationShares sum;
  double total = 0;
  for (const auto part : {+real_part, +imaginary_part}) {
    const auto fields = fields_of(material, shape, K_prime, part);
    const auto terms = physics::dissipation(material, fields, k_modulus_squared * dot(fields.h_star, fields.h_star));
    sum.M_to_lattice += terms.M_to_lattice;
    sum.m_to_lattice += terms.m_to_lattice;
    sum.exchange += terms.exchange;
    sum.diffusion += terms.diffusion;
    sum.damping += terms.damping;
    total += terms.total();
  }
  if (!(total > 0.0)) return {};
  return {sum.M_to_lattice / total, sum.m_to_lattice / total, sum.exchange / total, sum.diffusion / total,
          sum.damping / total};
}

/// From energy coordinates u, in which the energy is |u|^2, to (M/sqrt(chi_M), m/sqrt(chi_m), theta sqrt(K'/mu0)).
Vector amplitudes_of(const physics::Material<double>& material, const Vector& u) {
  if (!material.has_equilibrium_magnetization()) return {0.0, 1.0, 0.0};
  const double chi_M = material.equilibrium_susceptibility;
  const double chi_m = material.accumulation_susceptibility;
  const Complex m = u[1] * std::sqrt(chi_M / (chi_M - chi_m));
  Vector amplitudes{u[0] - m * std::sqrt(chi_m / chi_M), m, u[2]};
  const Complex largest =
      *std::max_element(amplitudes.begin(), amplitudes.end(),
                        [](const Complex& x, const Complex& y) { return std::norm(x) < std::norm(y); });
  const double size = std::sqrt(std::norm(amplitudes[0]) + std::norm(amplitudes[1]) + std::norm(amplitudes[2]));
  const Complex turn = std::conj(largest) / std::abs(largest) / size;
  for (Complex& amplitude : amplitudes) amplitude *= turn;
  return amplitudes;
}

/// What follows from k^2, K' and the vector alone.
void describe(Mode& mode, const physics::Material<double>& material, const Shape& shape) {
  mode.amplitudes = amplitudes_of(material, shape.u);
  for (std::size_t i = 0; i < 3; ++i) mode.weights[i] = std::norm(mode.amplitudes[i]);
  mode.shares = shares_of(material, shape, mode.stiffened_anisotropy, std::abs(mode.k_squared));
}

/// ds/dq = -(dP/dq)/(dP/ds) along the branch, with 113 bits: along a mode that hardly depends on k the terms cancel far below
/// what the rounding of s to double leaves of them. Newton's method first gives the unknown its digits, except at an exceptional point.
LongComplex slope_at_wavenumber(const Secular<Quad>& secular, const Quad& q, const Complex& omega) {
  QuadComplex s(omega.imag(), -omega.real());
  const QuadComplex A = secular.decay(q);
  const QuadComplex kappa = secular.stiffness(q);
  for (int step = 0; step < 3; ++step) {
    const QuadComplex slope = secular.slope_in_s(s, A, kappa);
    if (magnitude(slope) == 0) break;
    const QuadComplex change = secular.value(s, A, kappa) / slope;
    if (!(magnitude(change) <= 1e-12L * magnitude(s))) break;
    s -= change;
  }
  const QuadComplex slope = -secular.slope_in_q(s, A, kappa) / secular.slope_in_s(s, A, kappa);
  return {static_cast<long double>(slope.real()), static_cast<long double>(slope.imag())};
}

/// The same at a given frequency, where s is exact.
LongComplex slope(const Secular<long double>& secular, const LongComplex& s, const LongComplex& A,
                  const LongComplex& K_prime) {
  const LongComplex kappa = secular.gamma * K_prime;
  return -secular.slope_in_q(s, A, kappa) / secular.slope_in_s(s, A, kappa);
}

struct Solution {
  Complex omega;
  Shape shape;
  LongComplex rate_slope;  ///< ds/dq
  double condition;
};

const Shape metal_shape{{0.0, 1.0, 0.0}, 1.0};

/// The left vector is (u_1, u_2, -u_3), because the matrix is complex symmetric but for the sign of its last row.
double eigenvalue_condition(const Vector& u) {
  return 1.0 / std::abs(u[0] * u[0] + u[1] * u[1] - u[2] * u[2]);
}

std::vector<Solution> spin_glass_solutions(const physics::Material<double>& material, double k, double rotation) {
  const Secular<long double> secular(material, rotation);
  const Secular<Quad> precise(material, rotation);
  const long double q = static_cast<long double>(k) * static_cast<long double>(k);
  const LongComplex A = secular.decay(q);
  const LongComplex K_prime = secular.K + secular.rho * q;
  std::vector<Solution> all;
  for (const Complex& omega : frequencies(physics::energy_matrix(material, k * k, 1, rotation))) {
    const LongComplex s(omega.imag(), -omega.real());
    const auto equal =
        std::count_if(all.begin(), all.end(), [&](const Solution& other) { return other.omega == omega; });
    const Vector u = mode_vector(secular, s, A, K_prime, static_cast<int>(equal));
    all.push_back({omega, shape_of(secular, s, A, u), slope_at_wavenumber(precise, Quad(k) * Quad(k), omega),
                   eigenvalue_condition(u)});
  }
  return all;
}

/// The symmetric 2 x 2 problem of (M, m), Eq. (52) without theta: two decay rates, orthogonal vectors, and as slopes the
/// expectation values of the matrix's derivative -D n n^T, n = (sqrt(xi), sqrt(1-xi)).
std::vector<Solution> ferromagnet_solutions(const physics::Material<double>& material, double k) {
  const Secular<long double> secular(material, 0.0);
  const long double A = secular.b + secular.D * static_cast<long double>(k) * static_cast<long double>(k);
  const long double across = std::sqrt(secular.xi * secular.e) * A;
  const long double first = secular.a + secular.xi * A;
  const long double second = secular.e * (A + secular.d);
  const long double product = secular.e * (secular.a * A + secular.a * secular.d + secular.c * A);
  const long double fast = (first + second) / 2 + std::hypot((first - second) / 2, across);
  const long double slow = fast == 0 ? 0 : product / fast;
  const long double angle = 0.5L * std::atan2(2 * across, first - second);
  const auto cosine = static_cast<double>(std::cos(angle));
  const auto sine = static_cast<double>(std::sin(angle));
  const auto solution = [&](long double rate, const Vector& u) {
    const long double along = std::sqrt(secular.xi) * u[0].real() + std::sqrt(secular.e) * u[1].real();
    return Solution{{0.0, -static_cast<double>(rate)}, shape_of(secular, -rate, A, u), -secular.D * along * along, 1.0};
  };
  return {solution(fast, {cosine, sine, 0.0}), solution(slow, {-sine, cosine, 0.0})};
}

Solution metal_solution(const physics::Material<double>& material, double k, double rotation) {
  const double decay = 1.0 / material.accumulation_lattice_relaxation_time + material.diffusivity * k * k;
  return {{-rotation, -decay}, metal_shape, LongComplex(-material.diffusivity), 1.0};
}

std::vector<Solution> solutions_at_wavenumber(const physics::Material<double>& material, double k, double rotation) {
  if (material.has_texture()) return spin_glass_solutions(material, k, rotation);
  if (material.has_equilibrium_magnetization()) return ferromagnet_solutions(material, k);
  return {metal_solution(material, k, rotation)};
}

/// Vector and ds/dq of one k^2 at given s.
Solution solution_at_frequency(const physics::Material<double>& material, const LongComplex& s, double rotation,
                               const Wavenumber& wavenumber) {
  const LongComplex A = wavenumber.decay_rate;
  if (!material.has_equilibrium_magnetization()) {
    return {{}, metal_shape, LongComplex(-material.diffusivity), wavenumber.condition};
  }
  const Secular<long double> secular(material, rotation);
  if (material.has_texture()) {
    const LongComplex K_prime = wavenumber.stiffened_anisotropy;
    const Vector u = mode_vector(secular, s, A, K_prime);
    return {{}, shape_of(secular, s, A, u), slope(secular, s, A, K_prime), wavenumber.condition};
  }
  // second row of the matrix without theta: -q A u_1 = (s + (1-xi)(A + d)) u_2
  const LongComplex first = s + secular.e * (A + secular.d);
  const LongComplex second = -std::sqrt(secular.xi * secular.e) * A;
  const long double size = std::hypot(std::abs(first), std::abs(second));
  const LongComplex rate_slope = -secular.D * secular.B1(s) / (2.0L * s + secular.a + secular.r + A);
  const Vector u{narrow(first / size), narrow(second / size), 0.0};
  return {{}, shape_of(secular, s, A, u), rate_slope, wavenumber.condition};
}

}  // namespace

std::complex<long double> rate_slope_at_wavenumber(const physics::Material<double>& material, double k, double rotation,
                                                   const std::complex<double>& omega) {
  return slope_at_wavenumber(Secular<Quad>(material, rotation), Quad(k) * Quad(k), omega);
}

const char* to_string(Label label) {
  switch (label) {
    case Label::spin_wave: return "spin-wave";
    case Label::diffusive: return "diffusive";
    case Label::relaxing: return "relaxing";
    case Label::absent: return "absent";
  }
  return "";
}

std::size_t mode_count_at_wavenumber(const physics::Material<double>& material) {
  if (material.has_texture()) return 3;
  return material.has_equilibrium_magnetization() ? 2 : 1;
}

std::size_t mode_count_at_frequency(const physics::Material<double>& material) {
  return material.has_texture() ? 2 : 1;
}

std::vector<Mode> modes_at_wavenumber(const physics::Material<double>& material, double k, double rotation) {
  std::vector<Mode> all;
  for (const Solution& solution : solutions_at_wavenumber(material, k, rotation)) {
    Mode mode;
    mode.omega = solution.omega;
    mode.k = k;
    mode.k_squared = k * k;
    mode.stiffened_anisotropy = physics::stiffened_anisotropy(material, k * k);
    mode.group_velocity = narrow(LongComplex(0, 2 * static_cast<long double>(k)) * solution.rate_slope);
    mode.condition = solution.condition;
    mode.decay_time = mode.omega.imag() == 0.0 ? infinity : -1.0 / mode.omega.imag();
    const double speed = std::abs(mode.group_velocity.real());
    mode.decay_length = speed == 0.0 ? 0.0 : speed * mode.decay_time;
    describe(mode, material, solution.shape);
    const bool propagates = material.has_texture() && std::abs(mode.omega.real()) > std::abs(mode.omega.imag());
    const bool diffusive = mode.shares.diffusion >= 0.5;
    mode.label = propagates ? Label::spin_wave : (diffusive ? Label::diffusive : Label::relaxing);
    all.push_back(mode);
  }
  return all;
}

std::vector<Mode> modes_at_frequency(const physics::Material<double>& material, double omega, double rotation) {
  const LongComplex s(0, -static_cast<long double>(omega));
  std::vector<Mode> all;
  for (const Wavenumber& wavenumber : wavenumbers(material, omega, rotation)) {
    Mode mode;
    mode.omega = omega;
    mode.k_squared = wavenumber.k_squared;
    mode.k = wavenumber.k;
    mode.decay_time = std::numeric_limits<double>::quiet_NaN();
    mode.label = Label::absent;
    if (wavenumber.exists()) {
      const Solution solution = solution_at_frequency(material, s, rotation, wavenumber);
      mode.stiffened_anisotropy = wavenumber.stiffened_anisotropy;
      mode.group_velocity = narrow(LongComplex(0, 2) * LongComplex(mode.k) * solution.rate_slope);
      mode.condition = solution.condition;
      mode.decay_length = 1.0 / mode.k.imag();
      describe(mode, material, solution.shape);
      const bool propagates = material.has_texture() && std::abs(mode.k.real()) > std::abs(mode.k.imag());
      const bool diffusive = mode.shares.diffusion >= 0.5;
      mode.label = diffusive ? Label::diffusive : (propagates ? Label::spin_wave : Label::relaxing);
    }
    all.push_back(mode);
  }
  return all;
}

}  // namespace vitrispin::modes
