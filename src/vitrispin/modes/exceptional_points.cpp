#include "vitrispin/modes/exceptional_points.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "vitrispin/modes/dispersion.hpp"
#include "vitrispin/modes/mode_vector.hpp"
#include "vitrispin/modes/polynomial_roots.hpp"

namespace vitrispin::modes {
namespace {

/// s^3 + c2 s^2 + c1 s + c0, each coefficient a polynomial in q (docs/theory.md, modes in closed form).
struct Cubic {
  Polynomial c2, c1, c0;
};

Cubic cubic_of(const Secular<Quad>& secular) {
  const QuadComplex a = secular.turned_a();
  const Polynomial one({QuadComplex(1)});
  const Polynomial A({QuadComplex(secular.b), QuadComplex(secular.D)});
  const Polynomial kappa({QuadComplex(secular.gamma * secular.K), QuadComplex(secular.gamma * secular.rho)});
  const Polynomial relaxation = (a + secular.c) * A + (a * secular.d) * one;  // S = a A + a d + c A
  const QuadComplex alpha(secular.alpha);
  const QuadComplex g(secular.g);
  const QuadComplex e(secular.e);
  const Polynomial sum = A + (a + secular.r) * one;
  return {sum + alpha * kappa, e * relaxation + alpha * kappa * sum + g * kappa,
          e * kappa * (alpha * relaxation + g * (A + QuadComplex(secular.d) * one))};
}

Polynomial discriminant_of(const Cubic& cubic) {
  const auto& [c2, c1, c0] = cubic;
  const auto number = [](int n) { return QuadComplex(Quad(n)); };
  return (number(18) * c2 * c1 * c0 + number(-4) * c2 * c2 * c2 * c0 + c2 * c2 * c1 * c1 + number(-4) * c1 * c1 * c1 +
          number(-27) * c0 * c0)
      .without_residues();
}

std::complex<double> narrow(const QuadComplex& z) {
  return {static_cast<double>(z.real()), static_cast<double>(z.imag())};
}
std::complex<long double> halfway(const QuadComplex& z) {
  return {static_cast<long double>(z.real()), static_cast<long double>(z.imag())};
}

double condition_near(const physics::Material<double>& material, double rotation, double k) {
  double largest = 0;
  for (const double shifted : {k * (1 - 1e-6), k * (1 + 1e-6)}) {
    for (const Mode& mode : modes_at_wavenumber(material, shifted, rotation))
      largest = std::max(largest, mode.condition);
  }
  return largest;
}

class Finder {
public:
  Finder(const physics::Material<double>& material, double rotation)
      : material_(material), rotation_(rotation), secular_(material, rotation), cubic_(cubic_of(secular_)) {}

  std::vector<QuadComplex> squared_wavenumbers() const { return discriminant_of(cubic_).roots(); }

  ExceptionalPoint at(const QuadComplex& q, bool real) const {
    const QuadComplex c2 = cubic_.c2(q);
    const QuadComplex c1 = cubic_.c1(q);
    const QuadComplex c0 = cubic_.c0(q);
    const QuadComplex spread = c2 * c2 - Quad(3) * c1;
    ExceptionalPoint point;
    point.at_real_k = real;
    // a root of order n is known to 34/n digits; anything closer than 1e-10 is a triple root in double precision
    if (magnitude(spread) <= 1e-10L * magnitude(c2 * c2)) point.order = 3;
    const QuadComplex s = point.order == 3 ? -c2 / Quad(3) : (Quad(9) * c0 - c2 * c1) / (Quad(2) * spread);
    const QuadComplex k = square_root(q);
    point.k = narrow(k);
    if (real) point.k = point.k.real();
    point.omega = narrow(QuadComplex(-s.imag(), s.real()));  // omega = i s
    const QuadComplex K_prime = secular_.K + secular_.rho * q;
    // a triple root is taken as defective: three modes that merge by chance without interacting need five conditions
    const Secular<long double> rates(material_, rotation_);
    const auto double_root = halfway(s);
    point.defective =
        point.order == 3 || defect_strength(rates, double_root, halfway(-c2 - Quad(2) * s), halfway(secular_.decay(q)),
                                            halfway(K_prime)) > 1e-7L * std::abs(double_root);
    point.splitting = point.order == 3 ? std::numeric_limits<double>::infinity() : splitting(s, q, k);
    point.condition = condition_near(material_, rotation_, point.k.real());
    return point;
  }

private:
  /// P_ss (ds)^2/2 + P_q 2 k dk = 0 near a double root.
  double splitting(const QuadComplex& s, const QuadComplex& q, const QuadComplex& k) const {
    const QuadComplex curvature = Quad(6) * s + Quad(2) * cubic_.c2(q);
    const QuadComplex slope = secular_.slope_in_q(s, secular_.decay(q), secular_.stiffness(q));
    return static_cast<double>(std::sqrt(magnitude(Quad(4) * k * slope / curvature)));
  }

  const physics::Material<double>& material_;
  double rotation_;
  Secular<Quad> secular_;
  Cubic cubic_;
};

}  // namespace

std::vector<ExceptionalPoint> exceptional_points(const physics::Material<double>& material, double rotation,
                                                 double k_from, double k_to) {
  if (!material.has_texture()) return {};
  const Finder finder(material, rotation);
  std::vector<ExceptionalPoint> all;
  std::vector<QuadComplex> seen;
  for (QuadComplex q : finder.squared_wavenumbers()) {
    const long double size = magnitude(q);
    const bool real = std::abs(static_cast<long double>(q.imag())) <= 1e-12L * size;
    if (real) q = QuadComplex(q.real());
    if (q.real() < 0) continue;
    const QuadComplex k = square_root(q);
    const auto k_real = static_cast<double>(k.real());
    if (k_real < k_from || k_real > k_to) continue;
    if (std::abs(static_cast<double>(k.imag())) > 0.05 * k_real) continue;
    // a multiple root of the discriminant is one point; of a complex pair at sigma Omega = 0 one is enough
    const bool repeated = std::any_of(seen.begin(), seen.end(), [&](const QuadComplex& other) {
      return magnitude(other - q) <= 1e-9L * size ||
             (rotation == 0.0 && magnitude(std::conj(other) - q) <= 1e-9L * size);
    });
    if (repeated) continue;
    seen.push_back(q);
    all.push_back(finder.at(q, real));
  }
  std::sort(all.begin(), all.end(),
            [](const ExceptionalPoint& left, const ExceptionalPoint& right) { return left.k.real() < right.k.real(); });
  return all;
}

}  // namespace vitrispin::modes
