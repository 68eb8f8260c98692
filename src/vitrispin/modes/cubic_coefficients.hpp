#pragma once

#include "vitrispin/core/constants.hpp"
#include "vitrispin/modes/cubic_complex.hpp"
#include "vitrispin/modes/double_double.hpp"

namespace vitrispin::modes {

/// physics::EnergyMatrix, lane by lane.
template <class Machine>
struct Rates {
  Lanes<Machine> a, A, d, xi, one_minus_xi, w_squared, p, rotation;
};

/// physics::Material of a spin glass, lane by lane.
template <class Machine>
struct MaterialLanes {
  Lanes<Machine> gamma, chi_M, chi_m, tau_ML, tau_mL, tau_Mm, D, rho_s, K, alpha;
};

/// As physics::energy_matrix, operation by operation, so that one material alone and a batch give the same bits
/// (the formula is repeated because a function compiled for every processor cannot work on wide registers).
template <class Machine>
inline Rates<Machine> rates_of(const MaterialLanes<Machine>& material, Lanes<Machine> k, Lanes<Machine> rotation) {
  const auto one = Lanes<Machine>::all(1.0);
  const auto& [gamma, chi_M, chi_m, tau_ML, tau_mL, tau_Mm, D, rho_s, K, alpha] = material;
  const auto k_squared = k * k;
  const auto gamma_K = gamma * (K + rho_s * k_squared);
  const auto g = gamma * (Lanes<Machine>::all(constants::vacuum_permeability) / chi_M);
  return {one / tau_ML,
          D * k_squared + one / tau_mL,
          (chi_M / chi_m) / tau_Mm,
          chi_m / chi_M,
          (chi_M - chi_m) / chi_M,
          g * gamma_K,
          alpha * gamma_K,
          rotation};
}

/// Rates in units of `unit`, a power of two at or below the largest: nothing overflows, and what underflows is noticed.
template <class Machine>
struct ScaledRates {
  Rates<Machine> rates;
  Lanes<Machine> unit;
};

template <class Machine>
inline ScaledRates<Machine> scaled(const Rates<Machine>& rates) {
  const auto& [a, A, d, xi, e, w_squared, p, rotation] = rates;
  const auto largest =
      larger(larger(larger(a, A), larger(e * d, p)), larger(square_root(w_squared), modulus(rotation)));
  const auto unit = power_of_two_below(largest);
  const auto scale = reciprocal_of_power(unit);
  return {{a * scale, A * scale, d * scale, xi, e, (w_squared * scale) * scale, p * scale, rotation * scale}, unit};
}

/// x^3 - c2 x^2 + c1 x - c0 = -det(Ghat + x), x = -s: the roots are decay rates x = i omega, with real part >= 0.
template <class Scalar>
struct DecayCubic {
  Scalar c2, c1, c0;
};

/// Coefficients without precession and what those with it need more.
template <class Machine>
struct DecayTerms {
  DecayCubic<DoubleDouble<Machine>> cubic;
  DoubleDouble<Machine> m_decay;  ///< (1-xi)(A + d)
};

/// Equation  c2 = a + A + r + p,  c1 = (1-xi) S + p (a + A + r) + w^2,  c0 = p (1-xi) S + w^2 (1-xi)(A + d),
///           S = aA + ad + cA, r = (1-xi) d, p = alpha gamma K', w^2 = gamma g K': sums of positive terms
///           a + A + r is formed as (a + xi A) + (1-xi)(A + d): with the doubles xi and 1-xi, whose sum is 1 only to rounding,
///           the three coefficients then belong to one matrix, and nearly equal roots do not magnify the rounding
/// Source    docs/theory.md section 5, 'Modes, closed forms'
template <class Machine>
inline DecayTerms<Machine> decay_terms(const Rates<Machine>& rates) {
  const auto& [a, A, d, xi, e, w_squared, p, rotation] = rates;
  const auto r = exact_product(e, d);
  const auto e_A = exact_product(e, A);
  const auto M_decay = exact_product(xi, A) + a;
  const auto m_decay = e_A + r;
  const auto e_S = e_A * a + r * M_decay;
  const auto without_texture = M_decay + m_decay;
  return {{without_texture + p, (e_S + without_texture * p) + w_squared, e_S * p + m_decay * w_squared}, m_decay};
}

/// With precession: the cubic above minus i sigma Omega (s + p)(s + (1-xi)(A + d)).
template <class Machine>
inline DecayCubic<Cartesian<DoubleDouble<Machine>>> precessing(const DecayTerms<Machine>& terms,
                                                               const Rates<Machine>& rates) {
  const auto& [c2, c1, c0] = terms.cubic;
  const auto minus_Omega = -rates.rotation;
  const DoubleDouble<Machine> turn{minus_Omega, Lanes<Machine>::all(0.0)};
  return {{c2, turn}, {c1, (terms.m_decay + rates.p) * minus_Omega}, {c0, (terms.m_decay * rates.p) * minus_Omega}};
}

}  // namespace vitrispin::modes
