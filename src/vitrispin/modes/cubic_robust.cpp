#include "vitrispin/modes/cubic_robust.hpp"

#include <algorithm>
#include <cmath>

#include "vitrispin/modes/cubic_complex.hpp"

namespace vitrispin::modes {
namespace {

// 113 bits and the exponents of long double: no product of rates overflows, and a polynomial in these numbers determines
// double roots of a nearly normal matrix to 2^-56, which plain double-double arithmetic just misses.
__extension__ using Quad = __float128;
using Complex = Cartesian<Quad>;

constexpr Quad rounding = 1.0 / 0x1p112;
constexpr int most_iterations = 500;  // never met in practice: about ten

Quad modulus(Quad x) {
  return x < 0 ? -x : x;
}

Quad square_root(Quad x) {
  if (!(x > 0)) return 0;
  const Quad y = std::sqrt(static_cast<long double>(x));  // 64 bits, one Newton step doubles them
  return (y + x / y) / 2;
}

Quad modulus(const Complex& x) {
  const Quad large = std::max(modulus(x.re), modulus(x.im));
  if (large == 0) return 0;
  return large * square_root(squared_modulus(Complex{x.re / large, x.im / large}));
}

/// The root with nonnegative real part.
Complex square_root(const Complex& x) {
  const Quad size = modulus(x);
  if (size == 0) return {};
  const Quad large = square_root((size + modulus(x.re)) / 2);
  const Quad small = x.im / (2 * large);
  if (x.re >= 0) return {large, small};
  return {modulus(small), x.im < 0 ? -large : large};
}

/// Monic cubic s^3 + c2 s^2 + c1 s + c0.
template <class Scalar>
struct Cubic {
  Scalar c2, c1, c0;
};

template <class Scalar>
Scalar value(const Cubic<Scalar>& cubic, const Scalar& s) {
  return ((s + cubic.c2) * s + cubic.c1) * s + cubic.c0;
}

/// Quadratic t^2 + b t + c that remains when a known root is divided out.
template <class Scalar>
struct Quadratic {
  Scalar b, c;
};

/// From the top for a root smaller than the geometric mean of the three, from the bottom for a larger one: each keeps the
/// remaining roots' relative accuracy (Kahan).
template <class Scalar>
Quadratic<Scalar> deflate(const Cubic<Scalar>& cubic, const Scalar& root) {
  const Quad size = modulus(root);
  if (size * size * size > modulus(cubic.c0)) {
    const Scalar c = -(cubic.c0 / root);
    return {(c - cubic.c1) / root, c};
  }
  const Scalar b = cubic.c2 + root;
  return {b, cubic.c1 + root * b};
}

/// An outermost real root: Newton's method from beyond it converges monotonically (start: Kahan).
Quad outer_root(const Cubic<Quad>& cubic) {
  if (cubic.c0 == 0) return 0;
  const Quad centre = -cubic.c2 / 3;
  const Quad height = value(cubic, centre);
  const Quad slope = cubic.c1 - cubic.c2 * cubic.c2 / 3;
  const Quad third = std::cbrt(static_cast<long double>(modulus(height)));
  const Quad reach = Quad(1.3247179572447461L) * std::max(third, slope < 0 ? square_root(-slope) : Quad(0));
  const int side = height < 0 ? 1 : -1;
  Quad x = centre + side * reach;
  for (int i = 0; i < most_iterations; ++i) {
    const Quad derivative = (3 * x + 2 * cubic.c2) * x + cubic.c1;
    const Quad next = derivative == 0 ? x : x - value(cubic, x) / derivative;
    if (side * (x - next) <= 0) break;  // arrived: only rounding moves outward
    x = next;
  }
  // From far out, rounding can have led past a root that is tiny beside the others by more than its own last digit.
  for (int i = 0; i < 2; ++i) {
    const Quad derivative = (3 * x + 2 * cubic.c2) * x + cubic.c1;
    if (derivative != 0) x = x - value(cubic, x) / derivative;
  }
  return x;
}

std::array<Complex, 3> roots(const Cubic<Quad>& cubic) {
  const Quad first = outer_root(cubic);
  const auto [b, c] = deflate(cubic, first);
  const Quad half = -b / 2;
  const Quad discriminant = half * half - c;
  const Quad root = square_root(modulus(discriminant));
  if (discriminant < 0) return {{{first, 0}, {half, root}, {half, -root}}};
  const Quad large = half < 0 ? half - root : half + root;
  const Quad small = large == 0 ? Quad(0) : c / large;
  return {{{first, 0}, {large, 0}, {small, 0}}};
}

/// Laguerre's method from zero, which leads to one of the small roots.
Complex small_root(const Cubic<Complex>& cubic) {
  Complex s{};
  for (int i = 0; i < most_iterations; ++i) {
    const Complex P = value(cubic, s);
    const Quad size = modulus(s);
    const Quad terms = ((size + modulus(cubic.c2)) * size + modulus(cubic.c1)) * size + modulus(cubic.c0);
    if (modulus(P) <= rounding * terms) break;
    const Complex slope = (Quad(3) * s + Quad(2) * cubic.c2) * s + cubic.c1;
    const Complex curvature = Quad(6) * s + Quad(2) * cubic.c2;
    const Complex root = square_root(Quad(4) * slope * slope - Quad(6) * P * curvature);
    const bool along = slope.re * root.re + slope.im * root.im >= 0;
    const Complex denominator = along ? slope + root : slope - root;
    if (squared_modulus(denominator) == 0) break;
    const Complex step = Quad(3) * P / denominator;
    s = s - step;
    if (modulus(step) <= rounding * modulus(s)) break;
  }
  return s;
}

std::array<Complex, 3> roots(const Cubic<Complex>& cubic) {
  const Complex first = small_root(cubic);
  const auto [b, c] = deflate(cubic, first);
  const Complex half = Quad(-0.5) * b;
  const Complex root = square_root(half * half - c);
  const bool along = half.re * root.re + half.im * root.im >= 0;
  const Complex large = along ? half + root : half - root;
  const Complex small = squared_modulus(large) == 0 ? Complex{} : c / large;
  return {first, large, small};
}

/// Diagonal and squared couplings of the energy matrix, with 113 bits.
struct Entries {
  Complex M;
  Quad m, theta;                // diagonal
  Quad M_m_squared, w_squared;  // the couplings q A and w
};

Entries entries_of(const physics::EnergyMatrix& matrix) {
  const Quad A = matrix.A, xi = matrix.xi, e = matrix.one_minus_xi;
  return {
      {-(matrix.a + xi * A), matrix.rotation}, -e * (A + matrix.d), -Quad(matrix.p), xi * e * A * A, matrix.w_squared};
}

Quad squared_norm(const Entries& G) {
  return squared_modulus(G.M) + G.m * G.m + G.theta * G.theta + 2 * G.M_m_squared + 2 * G.w_squared;
}

/// Characteristic polynomial by terms of one sign: slow modes keep their relative accuracy. See cubic_coefficients.hpp.
Cubic<Complex> polynomial(const physics::EnergyMatrix& matrix) {
  const Quad a = matrix.a, A = matrix.A, xi = matrix.xi, e = matrix.one_minus_xi;
  const Quad p = matrix.p, w_squared = matrix.w_squared, Omega = matrix.rotation;
  const Quad r = e * matrix.d;
  const Quad M_decay = a + xi * A, m_decay = e * A + r;
  const Quad eS = e * a * A + r * M_decay;
  return {{M_decay + m_decay + p, -Omega},
          {eS + p * (M_decay + m_decay) + w_squared, -Omega * (p + m_decay)},
          {p * eS + w_squared * m_decay, -Omega * p * m_decay}};
}

/// det(t + mu - Ghat) as a polynomial in t, where the rows nearly cancel: Ghat is close to mu times the identity, so that no
/// root is small beside the others.
Cubic<Complex> polynomial_about(const Entries& shifted) {
  const Complex &b1 = shifted.M, b2{shifted.m, 0}, b3{shifted.theta, 0};
  const Complex u2{shifted.M_m_squared, 0}, w2{shifted.w_squared, 0};
  return {-(b1 + b2 + b3), b1 * b2 + b1 * b3 + b2 * b3 - u2 + w2, u2 * b3 - w2 * b2 - b1 * b2 * b3};
}

}  // namespace

std::array<std::complex<double>, 3> robust_frequencies(const physics::EnergyMatrix& matrix) {
  const Entries G = entries_of(matrix);
  const Quad mu = (G.M.re + G.m + G.theta) / 3;
  const Entries shifted{{G.M.re - mu, G.M.im}, G.m - mu, G.theta - mu, G.M_m_squared, G.w_squared};
  // Three nearly equal roots of a nearly normal matrix need the shift: their polynomial alone determines them to 2^-37 only.
  const bool clustered = squared_norm(shifted) < Quad(0x1p-20) * squared_norm(G);
  const Quad origin = clustered ? mu : Quad(0);
  const Cubic<Complex> cubic = clustered ? polynomial_about(shifted) : polynomial(matrix);
  const auto all = matrix.rotation == 0.0 ? roots(Cubic<Quad>{cubic.c2.re, cubic.c1.re, cubic.c0.re}) : roots(cubic);
  std::array<std::complex<double>, 3> omega;
  std::transform(all.begin(), all.end(), omega.begin(), [origin](const Complex& s) {
    const Quad growth = origin + s.re;  // never positive but by rounding: valid materials are stable
    return std::complex<double>(static_cast<double>(0 - s.im), growth < 0 ? static_cast<double>(growth) : 0.0);
  });
  return omega;
}

}  // namespace vitrispin::modes
