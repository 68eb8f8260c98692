#include "vitrispin/film/divided_differences.hpp"

#include <array>
#include <cmath>
#include <utility>

#include "vitrispin/core/constants.hpp"

namespace vitrispin::film {
namespace {

// Series in z = q d^2, used for |z| < 1. They converge as (1/pi^2)^n: 18 terms reach rounding.
constexpr std::size_t terms = 18;
using Series = std::array<double, terms>;

/// tanh(x)/x in powers of z = 4 x^2, from tanh' = 1 - tanh^2: every coefficient is a sum of like signs.
Series tanh_series() {
  Series in_x{};
  in_x[0] = 1;
  for (std::size_t n = 1; n < terms; ++n) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += in_x[i] * in_x[n - 1 - i];
    in_x[n] = -sum / static_cast<double>(2 * n + 1);
  }
  for (std::size_t n = 0; n < terms; ++n) in_x[n] = std::ldexp(in_x[n], -2 * static_cast<int>(n));
  return in_x;
}

/// y/sinh(y) in powers of z = y^2: 2 (-1)^n eta(2n)/pi^(2n), eta(s) = sum of (-1)^(k-1)/k^s.
Series csch_series() {
  Series series{1.0, -1.0 / 6.0, 7.0 / 360.0};
  for (std::size_t n = 3; n < terms; ++n) {
    const double power = -2.0 * static_cast<double>(n);
    double eta = 0;
    for (int k = 400; k >= 1; --k) eta += (k % 2 == 0 ? -1.0 : 1.0) * std::pow(k, power);
    series[n] = (n % 2 == 0 ? 2.0 : -2.0) * eta * std::pow(constants::pi, power);
  }
  return series;
}

const Series tanh_coefficients = tanh_series();
const Series csch_coefficients = csch_series();

Complex evaluate(const Series& series, const Complex& z) {
  Complex sum = series[terms - 1];
  for (std::size_t n = terms - 1; n-- > 0;) sum = sum * z + series[n];
  return sum;
}

/// Horner's rule at z2 with its divided difference to z1 carried along.
DividedDifference evaluate(const Series& series, const Complex& z1, const Complex& z2) {
  Complex value = series[terms - 1];
  Complex slope = 0;
  for (std::size_t n = terms - 1; n-- > 0;) {
    slope = slope * z1 + value;
    value = value * z2 + series[n];
  }
  return {evaluate(series, z1), value, slope};
}

/// exp(w) - 1, accurate where w is small.
Complex exp_minus_one(const Complex& w) {
  const double half_sine = std::sin(0.5 * w.imag());
  const double growth = std::expm1(w.real());
  return {growth * std::cos(w.imag()) - 2 * half_sine * half_sine, (growth + 1) * std::sin(w.imag())};
}

/// One mode: kappa and the decay across the layer, E = exp(-kappa d).
struct Mode {
  Complex kappa, decay, one_minus_decay;

  Mode(const Complex& kappa_, double d) : kappa(kappa_) {
    const Complex difference = exp_minus_one(-kappa * d);
    one_minus_decay = -difference;
    decay = std::exp(-kappa * d);
  }
  Complex tanh_of_half() const { return one_minus_decay / (1.0 + decay); }
  Complex csch() const { return 2.0 * decay / (one_minus_decay * (1.0 + decay)); }
};

constexpr double negligible = 1e-9;  // |q d^2| below which two terms of the series are exact to rounding

SingleFunctions one_mode(const Complex& q, double d, const Mode& mode) {
  const Complex z = q * d * d;
  if (std::abs(z) < negligible) return {0.5 * d * (1.0 - z / 12.0), (1.0 - z / 6.0) / d};
  return {mode.tanh_of_half() / mode.kappa, mode.kappa * mode.csch()};
}

/// Divided differences from those of exp(-kappa d), for q1 close to q2 and both far from 0.
void close_modes(LayerFunctions& functions, const Mode& one, const Mode& two, const Complex& separation, double d) {
  const Complex sum = one.kappa + two.kappa;
  const Complex difference = separation / sum;  // kappa_1 - kappa_2
  Complex decay_slope;                          // (E2 - E1)/(kappa_1 - kappa_2), from the slower mode
  if (difference == 0.0) {
    decay_slope = d * two.decay;
  } else if (difference.real() >= 0) {
    decay_slope = -two.decay * exp_minus_one(-difference * d) / difference;
  } else {
    decay_slope = one.decay * exp_minus_one(difference * d) / difference;
  }
  const Complex plus = (1.0 + one.decay) * (1.0 + two.decay);
  const Complex minus = one.one_minus_decay * two.one_minus_decay;
  const Complex tanh_slope = 2.0 * decay_slope / plus;
  const Complex csch_slope = -2.0 * decay_slope * (1.0 + one.decay * two.decay) / (plus * minus);
  const Complex tanh_mean = 0.5 * (one.tanh_of_half() + two.tanh_of_half());
  const Complex csch_mean = 0.5 * (one.csch() + two.csch());
  functions.mean.slope = (0.5 * sum * tanh_slope - tanh_mean) / (sum * one.kappa * two.kappa);
  functions.transfer.slope = (csch_mean + 0.5 * sum * csch_slope) / sum;
}

}  // namespace

SingleFunctions layer_functions(const Complex& q, double thickness) {
  return one_mode(q, thickness, Mode(std::sqrt(q), thickness));
}

LayerFunctions layer_functions(const Complex& q1, const Complex& q2, const Complex& separation, double thickness) {
  const double d = thickness;
  LayerFunctions functions;
  const Complex z1 = q1 * d * d;
  const Complex z2 = q2 * d * d;
  const double size = std::max(std::abs(z1), std::abs(z2));
  if (size < 1.0) {
    functions.mean = evaluate(tanh_coefficients, z1, z2);
    functions.transfer = evaluate(csch_coefficients, z1, z2);
    functions.mean = {0.5 * d * functions.mean.at_1, 0.5 * d * functions.mean.at_2,
                      0.5 * d * d * d * functions.mean.slope};
    functions.transfer = {functions.transfer.at_1 / d, functions.transfer.at_2 / d, d * functions.transfer.slope};
  } else {
    const Mode one(std::sqrt(q1), d);
    Mode two(std::sqrt(q2), d);
    const SingleFunctions of_1 = one_mode(q1, d, one);
    const SingleFunctions of_2 = one_mode(q2, d, two);
    functions.mean = {of_1.mean, of_2.mean, {}};
    functions.transfer = {of_1.transfer, of_2.transfer, {}};
    // Two travelling waves with roots on either side of the cut: take kappa_2 on the side of kappa_1 (all is even in it).
    bool same_side = (std::conj(one.kappa) * two.kappa).real() >= 0;
    const bool close = std::abs(separation) * d * d < 0.25 * size;
    if (close && !same_side && two.kappa.real() * d < 1.0) {
      two = Mode(-two.kappa, d);
      same_side = true;
    }
    if (close && same_side) {
      close_modes(functions, one, two, separation, d);
    } else {
      functions.mean.slope = (of_1.mean - of_2.mean) / separation;
      functions.transfer.slope = (of_1.transfer - of_2.transfer) / separation;
    }
  }
  // Product rule for q tanh(kappa d/2)/kappa, in the order that subtracts least.
  functions.shunt_slope = std::abs(q1) <= std::abs(q2) ? q1 * functions.mean.slope + functions.mean.at_2
                                                       : q2 * functions.mean.slope + functions.mean.at_1;
  return functions;
}

namespace {

/// 1/(2n+1)!
struct OddFactorials {
  std::array<double, 2 * terms> inverse{};
  OddFactorials() {
    double product = 1;
    for (std::size_t n = 0; n < inverse.size(); ++n) {
      if (n > 0) product *= static_cast<double>(2 * n) * static_cast<double>(2 * n + 1);
      inverse[n] = 1 / product;
    }
  }
};
const OddFactorials odd_factorials;

/// Sum over n >= 1 of z^(2n) c(n)/(2n+1)!, divided by sinh(z)/z; for |z| < 3, which 18 terms cover to rounding.
template <class Coefficient>
Complex over_sinh(const Complex& z_squared, const Coefficient& c) {
  Complex sum = 0;
  Complex sinh = 0;
  for (std::size_t n = terms; n >= 1; --n) {
    sum = (sum + odd_factorials.inverse[n] * c(n)) * z_squared;
    sinh = (sinh + odd_factorials.inverse[n]) * z_squared;
  }
  return sum / (1.0 + sinh);
}

constexpr double series_reach = 9;  // |z|^2 up to which the series of a bow are used: no two terms of S differ in sign

}  // namespace

Bow bow(const Complex& q, double thickness, double u) {
  const Complex z_squared = q * thickness * thickness;
  if (std::abs(z_squared) < series_reach) {
    const auto power = [&](std::size_t n) { return std::pow(u, 2.0 * static_cast<double>(n)); };
    return {over_sinh(z_squared, [&](std::size_t n) { return static_cast<double>(2 * n + 1) * power(n) - 1; }),
            over_sinh(z_squared, [&](std::size_t n) { return u * (power(n) - 1); }),
            over_sinh(z_squared, [&](std::size_t n) {
              const double half = static_cast<double>(n + 1);
              return u * u * (power(n) - half) / (2 * half);
            })};
  }
  const Complex z = std::sqrt(z_squared);
  const Complex from_end = std::exp(-(1 - u) * z) / -exp_minus_one(-2.0 * z);
  const Complex risen = exp_minus_one(-u * z);
  return {z * (1.0 + std::exp(-2.0 * u * z)) * from_end - 1.0, -exp_minus_one(-2.0 * u * z) * from_end - u,
          risen * risen * from_end / z - 0.5 * u * u};
}

Complex bow_twice_integrated(const Complex& q, double thickness) {
  const Complex z_squared = q * thickness * thickness;
  if (std::abs(z_squared) < series_reach) {
    return over_sinh(z_squared, [](std::size_t n) {
      const double next = static_cast<double>((2 * n + 2) * (2 * n + 3));
      return 1 / next - 1.0 / 6.0;
    });
  }
  const Complex z = std::sqrt(z_squared);
  const Complex csch = 2.0 * std::exp(-z) / -exp_minus_one(-2.0 * z);
  return (1.0 / z - csch) / z - 1.0 / 6.0;
}

Complex slope_response(const Complex& q, double thickness, double x) {
  const Complex kappa = std::sqrt(q);
  return std::exp(-kappa * (thickness - x)) * (1.0 + std::exp(-2.0 * kappa * x)) /
         (-kappa * exp_minus_one(-2.0 * kappa * thickness));
}

Complex mean_deficit(const Complex& q, double thickness) {
  const Complex z = q * thickness * thickness;
  if (std::abs(z) < 1.0) {
    Series tail{};
    for (std::size_t n = 1; n < terms; ++n) tail[n - 1] = -tanh_coefficients[n];
    return z * evaluate(tail, z);
  }
  return 1.0 - 2.0 * layer_functions(q, thickness).mean / thickness;
}

}  // namespace vitrispin::film
