#include "vitrispin/modes/response.hpp"

#include <cmath>
#include <limits>

#include "vitrispin/modes/dispersion.hpp"
#include "vitrispin/modes/secular.hpp"

namespace vitrispin::modes {
namespace {

using Real = long double;
using Complex = std::complex<Real>;

std::complex<double> narrow(const Complex& z) {
  return {static_cast<double>(z.real()), static_cast<double>(z.imag())};
}

/// What the responses of a spin glass or ferromagnet are made of, at one k.
struct Rates {
  Secular<Real> secular;
  Complex A;
  Real p = 0;          ///< alpha gamma K'
  Real w_squared = 0;  ///< gamma g K'
  bool texture;

  Rates(const physics::Material<double>& material, double k, double rotation)
      : secular(material, rotation),
        A(secular.decay(Complex(static_cast<Real>(k) * static_cast<Real>(k)))),
        texture(material.has_texture()) {
    const Real gamma_K = secular.gamma * (secular.K + secular.rho * static_cast<Real>(k) * static_cast<Real>(k));
    p = secular.alpha * gamma_K;
    w_squared = secular.g * gamma_K;
  }

  /// s + alpha gamma K'; a ferromagnet has no texture that could turn, and the factor cancels.
  Complex turning(const Complex& s) const { return texture ? s + p : Complex(1); }
  Complex m_row(const Complex& s) const { return s + secular.r + A; }
  Complex total_row(const Complex& s) const { return s + secular.r + secular.e * A; }
  Complex polynomial(const Complex& s) const {
    return turning(s) * (secular.B0(s) + secular.B1(s) * A) + w_squared * total_row(s);
  }
  /// P - s (s + r + A)(s + p) and P - s (s + r + (1-xi) A)(s + p), with the cancelling terms left out.
  Complex M_numerator(const Complex& s) const {
    const Complex a = secular.turned_a();
    return turning(s) * (a * (s + secular.r) + secular.e * (a + secular.c) * A) + w_squared * total_row(s);
  }
  Complex total_numerator(const Complex& s) const {
    const Complex a = secular.turned_a();
    return turning(s) * (a * (s + secular.r) + secular.xi * s * A + secular.e * (a + secular.c) * A) +
           w_squared * total_row(s);
  }
};

/// 1 - loss/P where that is near 1, numerator/P where it nearly cancels.
Complex one_minus(const Complex& loss, const Complex& numerator, const Complex& P) {
  const Complex deviation = loss / P;
  return std::abs(deviation) < Real(0.5) ? Real(1) - deviation : numerator / P;
}

Response metal_response(const physics::Material<double>& material, double k, double omega, double rotation) {
  const Real decay = Real(1) / Real(material.accumulation_lattice_relaxation_time) +
                     Real(material.diffusivity) * static_cast<Real>(k) * static_cast<Real>(k);
  const Complex held(decay, -static_cast<Real>(rotation));
  const Complex m =
      Real(material.accumulation_susceptibility) * (held / (Complex(0, -static_cast<Real>(omega)) + held));
  return {0.0, narrow(m), narrow(m), 0.0};
}

}  // namespace

Response response(const physics::Material<double>& material, double k, double omega, double rotation) {
  if (!material.has_equilibrium_magnetization()) {
    if (omega == 0.0) return {0.0, material.accumulation_susceptibility, material.accumulation_susceptibility, 0.0};
    return metal_response(material, k, omega, rotation);
  }
  const double chi_M = material.equilibrium_susceptibility;
  if (omega == 0.0) return {chi_M, 0.0, chi_M, 0.0};
  const Rates rates(material, k, rotation);
  const Complex s(0, -static_cast<Real>(omega));
  const Complex P = rates.polynomial(s);
  const Complex driven = s * rates.turning(s);
  Response result;
  result.M = narrow(Real(chi_M) * one_minus(driven * rates.m_row(s), rates.M_numerator(s), P));
  result.m = narrow(Real(chi_M) * (driven * rates.secular.xi * rates.A / P));
  result.total = narrow(Real(chi_M) * one_minus(driven * rates.total_row(s), rates.total_numerator(s), P));
  if (rates.texture) result.theta = narrow(Real(chi_M) * (rates.secular.g * s * rates.total_row(s) / P));
  return result;
}

std::vector<Resonance> resonances(const physics::Material<double>& material, double k, double rotation) {
  const std::vector<Mode> modes = modes_at_wavenumber(material, k, rotation);
  const Rates rates(material, k, rotation);
  std::vector<Resonance> all;
  for (const Mode& mode : modes) {
    Resonance resonance;
    resonance.pole = mode.omega;
    resonance.position = mode.omega.real();
    resonance.width = 2.0 * std::abs(mode.omega.imag());
    resonance.quality = mode.omega.real() == 0.0 ? 0.0 : std::abs(mode.omega.real()) / resonance.width;
    const Complex s(mode.omega.imag(), -mode.omega.real());
    if (material.has_equilibrium_magnetization()) {
      // residue in s is numerator/(dP/ds), and omega = i s
      Complex slope(1);
      for (const Mode& other : modes) {
        if (&other != &mode) slope *= s - Complex(other.omega.imag(), -other.omega.real());
      }
      resonance.residue =
          narrow(Complex(0, 1) * Real(material.equilibrium_susceptibility) * rates.total_numerator(s) / slope);
    } else {
      resonance.residue = narrow(Complex(0, 1) * Real(material.accumulation_susceptibility) * -s);
    }
    all.push_back(resonance);
  }
  return all;
}

}  // namespace vitrispin::modes
