#include "vitrispin/dynamics/exact_run.hpp"

#include <cmath>

#include "vitrispin/core/constants.hpp"

namespace vitrispin::dynamics {

ExactRun::ExactRun(const physics::Material<double>& material, const Vector3<double>& H, const WaveBox& box)
    : material_(material), box_(box), waves_(material, H, box) {}

void ExactRun::start(const Fields<double>& deviations, double free_energy) {
  start_ = deviations;
  energy_ = free_energy;
  waves_.start(start_);
  rate_ = rate_left_out(start_);
}

/// A change v of M and -v of m costs mu0 v^2 (1/chi_m - 1/chi_M)/2.
double ExactRun::rate_left_out(const Fields<double>& z) const {
  if (!material_.has_texture() || energy_ == 0) return 0;
  double squares = 0;
  for (std::size_t i = 0; i < z.nodes(); ++i) {
    const Vector3<double> N(z.M(0)[i], z.M(1)[i], z.M(2)[i]), m(z.m(0)[i], z.m(1)[i], z.m(2)[i]);
    const Vector3<double> product = cross(N, m);
    squares += dot(product, product);
  }
  const double chi_M = material_.equilibrium_susceptibility, chi_m = material_.accumulation_susceptibility;
  const double mu0 = constants::vacuum_permeability, g = material_.gyromagnetic_ratio * mu0 / chi_M;
  const double cost = mu0 * ((chi_M - chi_m) / (chi_m * chi_M)) / 2;
  return g * std::sqrt(cost * (squares * box_.cell_volume() / energy_));
}

DissipatedPower ExactRun::advance(double from, double to, Fields<double>& deviations) {
  constexpr int quarterings = 4;
  const auto add = [&](double begin, double end) {
    const double rate = rate_left_out(deviations);
    left_out_ += (end - begin) * (rate_ + rate) / 2;
    rate_ = rate;
  };
  double begin = from;
  for (int n = quarterings; from == 0 && material_.has_texture() && n > 0; --n) {
    const double end = std::ldexp(to, -2 * n);
    waves_.deviations_at(end, deviations);
    add(begin, end);
    begin = end;
  }
  const DissipatedPower dissipated = waves_.state_at(to, deviations);
  add(begin, to);
  return dissipated;
}

void ExactRun::exchange(Archive& archive) {
  for (double* value : {&energy_, &rate_, &left_out_}) archive.value(*value);
  archive.values(start_.values());
  if (archive.reads()) waves_.start(start_);
}

}  // namespace vitrispin::dynamics
