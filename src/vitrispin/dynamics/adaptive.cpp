#include "vitrispin/dynamics/adaptive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/array_loops.hpp"
#include "vitrispin/dynamics/equations.hpp"

namespace vitrispin::dynamics {

Adaptive::Adaptive(const Line& line, const DrivenForcing& forcing, const ErrorBounds& bounds)
    : line_(line), forcing_(forcing), bounds_(bounds), tableau_(ark436()), solver_(line) {
  for (auto* group : {&states_, &linear_, &precession_}) {
    for (auto& fields : *group) fields = Fields<double>(line.nodes());
  }
  for (auto& set : potentials_) set = Potentials<double>(line.nodes());
  for (auto* fields : {&sources_, &right_, &result_, &error_}) *fields = Fields<double>(line.nodes());
}

/// All stages of a step; false if a value is not finite.
bool Adaptive::try_step(double t, double h, const Fields<double>& state) {
  const std::size_t all = 9 * line_.nodes();
  const std::size_t magnetic = 6 * line_.nodes();
  const double w = tableau_.diagonal * h;
  const bool constant = forcing_.constant();
  const Fields<double> zero = constant && sources_ready_ ? Fields<double>() : Fields<double>(line_.nodes());
  for (std::size_t s = 0; s < AdditiveTableau::stages; ++s) {
    if (!constant || !sources_ready_) forcing_.at(t + tableau_.times[s] * h, forcings_[s]);
    const Forcing& forcing = forcings_[s];
    Fields<double>& z = states_[s];
    if (s == 0) {
      z.values() = state.values();
      potentials(line_, forcing, z, potentials_[s]);
      linear_rates(line_, forcing, z, potentials_[s], linear_[s]);
    } else {
      if (w != factorised_w_ || forcing.anisotropy != factorised_anisotropy_) {
        solver_.factorise(w, forcing.anisotropy);
        factorised_w_ = w;
        factorised_anisotropy_ = forcing.anisotropy;
      }
      if (!constant || !sources_ready_) {
        potentials(line_, forcing, zero, potentials_[s]);
        linear_rates(line_, forcing, zero, potentials_[s], sources_);
      }
      right_.values() = state.values();
      for (std::size_t j = 0; j < s; ++j) {
        const double a = h * tableau_.implicit_part[s][j];
        const double b = h * tableau_.explicit_part[s][j];
        if (a != 0) accumulate(all, a, linear_[j].values().data(), right_.values().data());
        if (b != 0) accumulate(magnetic, b, precession_[j].values().data(), right_.values().data());
      }
      result_.values() = right_.values();
      accumulate(all, w, sources_.values().data(), result_.values().data());
      solver_.solve(result_, z);
      scaled_difference(all, z.values().data(), right_.values().data(), 1 / w, linear_[s].values().data());
      potentials(line_, forcing, z, potentials_[s]);
    }
    std::fill_n(precession_[s].values().begin(), magnetic, 0.0);
    add_precession(line_, z, potentials_[s], 1.0, precession_[s]);
  }
  sources_ready_ = true;
  // The implicit method is stiffly accurate: its last stage is its result, but for precession.
  result_.values() = states_.back().values();
  std::fill(error_.values().begin(), error_.values().end(), 0.0);
  for (std::size_t s = 0; s < AdditiveTableau::stages; ++s) {
    const double last = h * (tableau_.weights[s] - tableau_.explicit_part.back()[s]);
    const double difference = h * (tableau_.weights[s] - tableau_.embedded[s]);
    if (last != 0) accumulate(magnetic, last, precession_[s].values().data(), result_.values().data());
    if (difference == 0) continue;
    accumulate(all, difference, linear_[s].values().data(), error_.values().data());
    accumulate(magnetic, difference, precession_[s].values().data(), error_.values().data());
  }
  return std::isfinite(largest(all, result_.values().data())) && std::isfinite(largest(all, error_.values().data()));
}

/// Largest error of any field over what is allowed of it. M and m share their scale: they exchange spin, and M is had from both, to the
/// rounding of the larger.
double Adaptive::error_of_step(const Fields<double>& state) {
  const std::size_t field = 3 * line_.nodes();
  const std::array<double, 3> absolute{bounds_.M, bounds_.m, bounds_.theta};
  std::array<double, 3> now{};
  for (std::size_t f = 0; f < 3; ++f) {
    now[f] = std::max(largest(field, state.values().data() + f * field),
                      largest(field, result_.values().data() + f * field));
  }
  now[0] = now[1] = std::max(now[0], now[1]);
  double worst = 0;
  for (std::size_t f = 0; f < 3; ++f) {
    largest_[f] = std::max(largest_[f], now[f]);
    // A field that has decayed a million times need not keep its relative accuracy.
    const double allowed = absolute[f] + bounds_.relative * std::max(now[f], 1e-6 * largest_[f]);
    const double error = largest(field, error_.values().data() + f * field);
    if (error == 0) continue;
    worst = std::max(worst, error / allowed);
  }
  return worst;
}

double Adaptive::first_step(double t, double end, const Fields<double>& state) {
  Forcing forcing;
  forcing_.at(t, forcing);
  potentials(line_, forcing, state, potentials_[0]);
  linear_rates(line_, forcing, state, potentials_[0], linear_[0]);
  const std::size_t field = 3 * line_.nodes();
  double h = end - t;
  for (std::size_t f = 0; f < 3; ++f) {
    const double size = largest(field, state.values().data() + f * field);
    const double rate = largest(field, linear_[0].values().data() + f * field);
    if (size > 0 && rate > 0) h = std::min(h, 0.01 * size / rate);
  }
  return std::min(h, 1e-3 * (end - t));
}

/// The step's dissipation and work, with the method's weights.
void Adaptive::book(double t, double h, Balance& balance) const {
  Forcing change;
  for (std::size_t s = 0; s < AdditiveTableau::stages; ++s) {
    const double weight = h * tableau_.weights[s];
    if (weight == 0) continue;
    const Forcing& forcing = forcings_[s];
    balance.dissipated.add(weight, dissipated_power(line_, forcing, states_[s], potentials_[s]));
    balance.work.boundary += weight * boundary_power(line_, forcing, states_[s], potentials_[s], linear_[s]);
    if (forcing_.constant()) continue;
    forcing_.rate(t + tableau_.times[s] * h * (1 - 1e-15), change);
    balance.work.drive += weight * field_work(line_, states_[s], change.field);
    for (std::size_t i = 0; i < line_.segments().size(); ++i) {
      if (change.anisotropy[i] != 0)
        balance.work.drive += weight * change.anisotropy[i] * squared_twist(line_, i, states_[s]) / 2;
    }
  }
}

void Adaptive::advance(double t, double end, Fields<double>& state, Balance& balance,
                       const std::function<void(double t, double h)>& watch) {
  if (h_ == 0) h_ = first_step(t, end, state);
  const double smallest = 1e-14 * std::max(std::abs(end), std::abs(end - t));
  while (t < end) {
    double h = std::min(h_, end - t);
    if (end - t - h < 0.1 * h) h = end - t;  // no crumb at the end
    const bool shortened = h < h_;
    const double error = try_step(t, h, state) ? error_of_step(state) : 1e10;
    if (error > 1) {
      ++rejected_;
      h_ = h * std::max(0.1, 0.9 * std::pow(error, -0.25));
      if (h_ < smallest)
        throw ConvergenceError(fmt::format("the adaptive step at t = {:.6g} s", t), static_cast<int>(steps_), error, 1);
      continue;
    }
    book(t, h, balance);
    std::swap(state.values(), result_.values());
    ++steps_;
    const bool last = end - t - h <= 0 || h == end - t;
    t = last ? end : t + h;
    const double grown = h * std::min(4.0, 0.9 * std::pow(std::max(error, 1e-6), -0.25));
    if (!shortened || grown < h_) {
      // a step kept is a factorisation saved
      if (grown < h_ || grown > 1.2 * h_) h_ = grown;
    } else {
      h_ = std::max(h_, grown);
    }
    if (watch) watch(t, h);
  }
}

}  // namespace vitrispin::dynamics
