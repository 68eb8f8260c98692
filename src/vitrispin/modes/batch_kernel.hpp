#pragma once

#include <array>
#include <complex>
#include <cstddef>

#include "vitrispin/modes/batch_job.hpp"
#include "vitrispin/modes/cubic_order.hpp"
#include "vitrispin/modes/cubic_precessing.hpp"

namespace vitrispin::modes {

/// Three frequencies, lane by lane.
template <class Machine>
struct FrequencyLanes {
  Cartesian<Lanes<Machine>> omega[3];
  LaneMask<Machine> trusted;
};

/// As put_in_order, lane by lane.
template <class Machine>
inline void put_in_order(Cartesian<Lanes<Machine>> (&omega)[3]) {
  auto largest = Lanes<Machine>::all(0.0);
  for (const auto& root : omega) largest = larger(largest, larger(modulus(root.re), modulus(root.im)));
  const auto tolerance = order_tolerance * largest;
  const auto exchange = [&](auto& first, auto& second) {
    const auto equal = modulus(first.im - second.im) <= tolerance;
    const auto swap = (equal & (second.re < first.re)) | (~equal & (second.im < first.im));
    const auto former = first;
    first = choose(swap, second, first);
    second = choose(swap, former, second);
  };
  exchange(omega[0], omega[1]);
  exchange(omega[1], omega[2]);
  exchange(omega[0], omega[1]);
}

template <class Machine>
inline DecayRates<Machine> choose(LaneMask<Machine> condition, const DecayRates<Machine>& yes,
                                  const DecayRates<Machine>& no) {
  return {{choose(condition, yes.x[0], no.x[0]), choose(condition, yes.x[1], no.x[1]),
           choose(condition, yes.x[2], no.x[2])},
          {(condition.value & yes.trusted.value) | (~condition.value & no.trusted.value)}};
}

/// Lanes without precession take the real cubic whatever their neighbours do.
template <bool in_field, class Machine>
inline DecayRates<Machine> scaled_decay_rates(const DecayTerms<Machine>& terms, const Rates<Machine>& rates) {
  if constexpr (!in_field) {
    return decay_rates(terms.cubic);
  } else {
    const auto turned = decay_rates(precessing(terms, rates));
    const auto zero = Lanes<Machine>::all(0.0);
    const auto still = modulus(rates.rotation) <= zero;
    if (bits(still) == 0) [[likely]]
      return turned;
    return choose(still, decay_rates(terms.cubic), turned);
  }
}

template <bool in_field, class Machine>
inline FrequencyLanes<Machine> solve_lanes(const Rates<Machine>& rates) {
  const auto [scaled_rates, unit] = scaled(rates);
  const auto terms = decay_terms(scaled_rates);
  const auto found = scaled_decay_rates<in_field>(terms, scaled_rates);
  const auto zero = Lanes<Machine>::all(0.0);
  // Products that underflow lose their low half; a vanishing c0 is exact only without a restoring torque.
  auto least = Lanes<Machine>::all(least_coefficient);
  if constexpr (in_field) {  // squares of complex coefficients occur, except in lanes without precession
    const auto still = modulus(rates.rotation) <= zero;
    least = choose(still, least, Lanes<Machine>::all(least_complex_coefficient));
  }
  const auto torque_free = (rates.w_squared <= zero) & (rates.p <= zero);
  const auto in_range = (least <= terms.cubic.c1.high) & (torque_free | (least <= terms.cubic.c0.high));
  FrequencyLanes<Machine> result{{}, found.trusted & in_range};
  for (int i = 0; i < 3; ++i) result.omega[i] = {found.x[i].im * unit, zero - found.x[i].re * unit};
  put_in_order(result.omega);
  return result;
}

template <class Machine>
inline Lanes<Machine> load(const double* from) {
  Lanes<Machine> x;
  __builtin_memcpy(&x.value, from, sizeof x.value);
  return x;
}
template <class Machine>
inline void store(Lanes<Machine> x, double* to) {
  __builtin_memcpy(to, &x.value, sizeof x.value);
}

/// Stores `omega` and replaces the lanes that are not trusted.
template <class Machine>
inline void finish(const FrequencyLanes<Machine>& lanes, const Rates<Machine>& rates, std::array<double*, 3> real,
                   std::array<double*, 3> imaginary) {
  for (std::size_t i = 0; i < 3; ++i) {
    store(lanes.omega[i].re, real[i]);
    store(lanes.omega[i].im, imaginary[i]);
  }
  const unsigned doubtful = bits(~lanes.trusted);
  if (doubtful == 0) [[likely]]
    return;
  for (unsigned lane = 0; lane < Machine::width; ++lane) {
    if ((doubtful >> lane & 1u) == 0) continue;
    const physics::EnergyMatrix matrix{rates.a.value[lane],
                                       rates.A.value[lane],
                                       rates.d.value[lane],
                                       rates.xi.value[lane],
                                       rates.one_minus_xi.value[lane],
                                       rates.w_squared.value[lane],
                                       rates.p.value[lane],
                                       rates.rotation.value[lane]};
    double re[3], im[3];
    solve_robustly(matrix, re, im);
    for (std::size_t i = 0; i < 3; ++i) {
      real[i][lane] = re[i];
      imaginary[i][lane] = im[i];
    }
  }
}

/// `width` consecutive elements of a job.
template <class Machine, bool in_field, bool one_material>
inline void solve_pack(const BatchJob& job, std::size_t at) {
  const auto read = [at](const double* column) {
    return one_material ? Lanes<Machine>::all(*column) : load<Machine>(column + at);
  };
  const auto& column = job.material;
  const MaterialLanes<Machine> material{read(column[0]), read(column[1]), read(column[2]), read(column[3]),
                                        read(column[4]), read(column[5]), read(column[6]), read(column[7]),
                                        read(column[8]), read(column[9])};
  auto rotation = Lanes<Machine>::all(0.0);
  if constexpr (in_field) rotation = job.sigma * read(job.Omega);
  const auto rates = rates_of(material, load<Machine>(job.k + at), rotation);
  const auto lanes = solve_lanes<in_field>(rates);
  finish(lanes, rates, {job.real[0] + at, job.real[1] + at, job.real[2] + at},
         {job.imaginary[0] + at, job.imaginary[1] + at, job.imaginary[2] + at});
}

/// The last few elements, padded with copies of the last one.
template <class Machine, bool in_field, bool one_material>
inline void solve_rest(const BatchJob& job, std::size_t begin, std::size_t end) {
  constexpr std::size_t width = Machine::width;
  double buffer[18][width];
  const auto padded = [&](const double* from, double* to) {
    for (std::size_t i = 0; i < width; ++i) to[i] = from[begin + i < end ? begin + i : end - 1];
    return static_cast<const double*>(to);
  };
  BatchJob rest = job;
  if constexpr (!one_material) {
    for (std::size_t i = 0; i < 10; ++i) rest.material[i] = padded(job.material[i], buffer[i]);
    if constexpr (in_field) rest.Omega = padded(job.Omega, buffer[10]);
  }
  rest.k = padded(job.k, buffer[11]);
  rest.real = {buffer[12], buffer[13], buffer[14]};
  rest.imaginary = {buffer[15], buffer[16], buffer[17]};
  solve_pack<Machine, in_field, one_material>(rest, 0);
  for (std::size_t i = 0; i < 3; ++i) {
    __builtin_memcpy(job.real[i] + begin, rest.real[i], (end - begin) * sizeof(double));
    __builtin_memcpy(job.imaginary[i] + begin, rest.imaginary[i], (end - begin) * sizeof(double));
  }
}

template <class Machine, bool in_field, bool one_material>
inline void solve_all(const BatchJob& job, std::size_t begin, std::size_t end) {
  constexpr std::size_t width = Machine::width;
  std::size_t at = begin;
  for (; at + width <= end; at += width) solve_pack<Machine, in_field, one_material>(job, at);
  if (at < end) solve_rest<Machine, in_field, one_material>(job, at, end);
}

template <class Machine>
inline void solve(const BatchJob& job, std::size_t begin, std::size_t end) {
  const bool in_field = job.Omega != nullptr;
  if (in_field && job.one_material) return solve_all<Machine, true, true>(job, begin, end);
  if (in_field) return solve_all<Machine, true, false>(job, begin, end);
  if (job.one_material) return solve_all<Machine, false, true>(job, begin, end);
  return solve_all<Machine, false, false>(job, begin, end);
}

template <class Machine>
inline void solve_one(const physics::EnergyMatrix& matrix, std::array<std::complex<double>, 3>& omega) {
  using All = Lanes<Machine>;
  const Rates<Machine> rates{All::all(matrix.a),
                             All::all(matrix.A),
                             All::all(matrix.d),
                             All::all(matrix.xi),
                             All::all(matrix.one_minus_xi),
                             All::all(matrix.w_squared),
                             All::all(matrix.p),
                             All::all(matrix.rotation)};
  const auto lanes = matrix.rotation == 0.0 ? solve_lanes<false>(rates) : solve_lanes<true>(rates);
  double re[3] = {}, im[3] = {};
  for (std::size_t i = 0; i < 3; ++i) {
    re[i] = lanes.omega[i].re.value[0];
    im[i] = lanes.omega[i].im.value[0];
  }
  if ((bits(lanes.trusted) & 1u) == 0) solve_robustly(matrix, re, im);
  for (std::size_t i = 0; i < 3; ++i) omega[i] = {re[i], im[i]};
}

}  // namespace vitrispin::modes
