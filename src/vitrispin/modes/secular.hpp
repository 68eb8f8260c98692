#pragma once

#include <complex>

#include "vitrispin/physics/material.hpp"

/// The secular polynomial det(s - G) of Eq. (52) in both of its unknowns, s = -i omega and q = k^2.
namespace vitrispin::modes {

/// Equation  det(s - G) = P(s, q) = s (B0 + B1 A) + kappa (C0 + C1 A),   A = b + D q,   kappa = gamma (K + rho_s q)
///             B0 = (s + a')(s + r)               B1 = s + (1-xi)(a' + c)
///             C0 = (s + r)(alpha (s + a') + g)   C1 = alpha s + (1-xi)(alpha (a' + c) + g)
///           with a' = a - i sigma Omega: cubic in s, quadratic in q, and every coefficient a sum of products of
///           positive numbers at Omega = 0, so that slow modes keep their relative accuracy
/// Shapes    `Real` is long double or __float128: their exponents hold any product of parameters from 1e-30 to 1e30
/// Units     rates in 1/s, q in 1/m^2, kappa in m/(A s) x J/m^3
/// Valid     any built spin glass; `rotation` = sigma Omega [rad/s]
/// Source    Sun & Saslow 2023, Eqs. (51), (52); docs/theory.md, linear modes
template <class Real>
struct Secular {
  using Complex = std::complex<Real>;

  Real a, b, c, d;  ///< 1/tau_ML, 1/tau_mL, 1/tau_Mm, 1/tau_mM
  Real xi, e;       ///< chi_m/chi_M and 1 - xi, the latter without cancellation
  Real r;           ///< 1/tau_mM - 1/tau_Mm = (1-xi) d
  Real g;           ///< gamma mu0/chi_M
  Real alpha;       ///< damping [m/A]
  Real D;           ///< [m^2/s]
  Real gamma;       ///< [rad/(s T)]
  Real K, rho;      ///< anisotropy [J/m^3], stiffness [J/m]
  Real rotation;    ///< sigma Omega [rad/s]

  Secular(const physics::Material<double>& material, double sigma_Omega)
      : a(Real(1) / Real(material.lattice_relaxation_time)),
        b(Real(1) / Real(material.accumulation_lattice_relaxation_time)),
        c(Real(1) / Real(material.cross_relaxation_time)),
        d(c * (Real(material.equilibrium_susceptibility) / Real(material.accumulation_susceptibility))),
        xi(Real(material.accumulation_susceptibility) / Real(material.equilibrium_susceptibility)),
        e((Real(material.equilibrium_susceptibility) - Real(material.accumulation_susceptibility)) /
          Real(material.equilibrium_susceptibility)),
        r(e * d),
        g(Real(material.gyromagnetic_ratio) *
          (Real(constants::vacuum_permeability) / Real(material.equilibrium_susceptibility))),
        alpha(material.damping),
        D(material.diffusivity),
        gamma(material.gyromagnetic_ratio),
        K(material.anisotropy),
        rho(material.spin_stiffness),
        rotation(sigma_Omega) {}

  Complex turned_a() const { return Complex(a, -rotation); }
  Complex B0(const Complex& s) const { return (s + turned_a()) * (s + r); }
  Complex B1(const Complex& s) const { return s + e * (turned_a() + c); }
  Complex C0(const Complex& s) const { return (s + r) * (alpha * (s + turned_a()) + g); }
  Complex C1(const Complex& s) const { return alpha * s + e * (alpha * (turned_a() + c) + g); }

  /// A = D q + 1/tau_mL.
  Complex decay(const Complex& q) const { return D * q + b; }
  /// kappa = gamma K'.
  Complex stiffness(const Complex& q) const { return gamma * (K + rho * q); }

  Complex value(const Complex& s, const Complex& A, const Complex& kappa) const {
    return s * (B0(s) + B1(s) * A) + kappa * (C0(s) + C1(s) * A);
  }
  /// dP/ds at fixed q.
  Complex slope_in_s(const Complex& s, const Complex& A, const Complex& kappa) const {
    const Complex B0_slope = Real(2) * s + turned_a() + r;
    const Complex C0_slope = alpha * (Real(2) * s + turned_a() + r) + g;
    return B0(s) + B1(s) * A + s * (B0_slope + A) + kappa * (C0_slope + alpha * A);
  }
  /// dP/dq at fixed s.
  Complex slope_in_q(const Complex& s, const Complex& A, const Complex& kappa) const {
    return D * (s * B1(s) + kappa * C1(s)) + gamma * rho * (C0(s) + C1(s) * A);
  }
};

}  // namespace vitrispin::modes
