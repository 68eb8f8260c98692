#include "vitrispin/dynamics/explicit_adaptive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/array_loops.hpp"

namespace vitrispin::dynamics {
namespace {

/// |h lambda| from which a step counts as held: inside the least radius of stability, 3.7, as held steps scatter about it. What is
/// followed to two digits or more has |h lambda| below 2.2.
constexpr double held_from = 2.5;

void add(Balance& to, double weight, const Balance& power) {
  to.dissipated.add(weight, power.dissipated);
  to.work.boundary += weight * power.work.boundary;
  to.work.drive += weight * power.work.drive;
}

}  // namespace

ExplicitAdaptive::ExplicitAdaptive(std::unique_ptr<RatesOfState> equations, std::size_t nodes,
                                   const ErrorBounds& bounds)
    : equations_(std::move(equations)),
      nodes_(nodes),
      bounds_(bounds),
      tableau_(ark436()),
      stage_(nodes),
      result_(nodes) {
  for (Fields<double>& rates : rates_) rates = Fields<double>(nodes);
}

/// Of M, m or theta, over all ranks.
double ExplicitAdaptive::largest(std::size_t field, const Fields<double>& of) const {
  return equations_->over_ranks(dynamics::largest(3 * nodes_, of.values().data() + field * 3 * nodes_));
}

/// All stages of a step from the rates at its start; the end in result_, the error in the rates of the second stage, which has no weight.
/// False if a value is not finite.
bool ExplicitAdaptive::try_step(double t, double h, const Fields<double>& state, bool with_heat) {
  const std::size_t all = 9 * nodes_;
  std::array<Term, stages> terms{};
  equations_->set_time(t);
  power_[0] = equations_->power(t, state, rates_[0]);
  if (with_heat) {
    heat_.assign(nodes_, 0.0);
    equations_->add_heat(h * tableau_.weights[0], state, heat_.data());
  }
  for (std::size_t s = 1; s < stages; ++s) {
    std::size_t count = 0;
    for (std::size_t j = 0; j < s; ++j) {
      if (tableau_.explicit_part[s][j] != 0)
        terms[count++] = {h * tableau_.explicit_part[s][j], rates_[j].values().data()};
    }
    linear_combination(all, state.values().data(), count, terms.data(), stage_.values().data());
    const double time = t + tableau_.times[s] * h;
    equations_->set_time(time);
    equations_->rates(stage_, rates_[s]);
    if (tableau_.weights[s] == 0) continue;
    power_[s] = equations_->power(slope_time(t, time), stage_, rates_[s]);
    if (with_heat) equations_->add_heat(h * tableau_.weights[s], stage_, heat_.data());
  }
  double* error = rates_[1].values().data();
  std::fill_n(error, all, 0.0);
  std::size_t count = 0;
  for (std::size_t s = 0; s < stages; ++s) {
    if (tableau_.weights[s] == 0) continue;
    terms[count++] = {h * tableau_.weights[s], rates_[s].values().data()};
    accumulate(all, h * (tableau_.weights[s] - tableau_.embedded[s]), rates_[s].values().data(), error);
  }
  linear_combination(all, state.values().data(), count, terms.data(), result_.values().data());
  const double worst = dynamics::largest(all, result_.values().data()) + dynamics::largest(all, error);
  return std::isfinite(equations_->over_ranks(worst));
}

double ExplicitAdaptive::error_of_step(const Fields<double>& state) {
  OfFields now{}, error{};
  for (std::size_t f = 0; f < 3; ++f) {
    now[f] = std::max(largest(f, state), largest(f, result_));
    error[f] = largest(f, rates_[1]);
  }
  return weighed_error(bounds_, now, error, largest_);
}

double ExplicitAdaptive::first_step(double t, double end, const Fields<double>& state) {
  OfFields size{}, rate{};
  for (std::size_t f = 0; f < 3; ++f) {
    size[f] = largest(f, state);
    rate[f] = largest(f, rates_[0]);
  }
  return first_step_of(end - t, size, rate);
}

/// |lambda| of what grows fastest in the difference between the last stage and the result, which are at the same time [1/s]: the
/// measure of Hairer & Wanner, Solving ODEs II, IV.2, for (M, m) and theta each by itself, whose units differ.
double ExplicitAdaptive::fastest_rate(const Fields<double>& rates_at_end, const Fields<double>& end) const {
  const auto ratio = [&](std::size_t from, std::size_t n) {
    const double state =
        equations_->over_ranks(largest_difference(n, end.values().data() + from, stage_.values().data() + from));
    const double rate = equations_->over_ranks(
        largest_difference(n, rates_at_end.values().data() + from, rates_.back().values().data() + from));
    return state > 0 ? rate / state : 0.0;
  };
  const double magnetic = ratio(0, 6 * nodes_);
  return std::max(magnetic, ratio(6 * nodes_, 3 * nodes_));
}

double ExplicitAdaptive::step(double t, double end, Fields<double>& state, Balance& balance) {
  if (!has_first_rate_) {
    equations_->set_time(t);
    equations_->rates(state, rates_[0]);
    has_first_rate_ = true;
  }
  if (h_ == 0) h_ = first_step(t, end, state);
  const double smallest = 1e-14 * std::max(std::abs(end), std::abs(end - t));
  for (;;) {
    double h = std::min(h_, end - t);
    if (end - t - h < 0.1 * h) h = end - t;  // no crumb at the end
    const bool shortened = h < h_;
    const double error = try_step(t, h, state, balance.heat != nullptr) ? error_of_step(state) : 1e10;
    if (error > 1) {
      ++rejected_;
      h_ = h * std::max(0.1, 0.9 * std::pow(error, -0.25));
      if (h_ < smallest)
        throw ConvergenceError(fmt::format("the explicit step at t = {:.6g} s", t), static_cast<int>(steps_), error, 1);
      continue;
    }
    for (std::size_t s = 0; s < stages; ++s) {
      if (tableau_.weights[s] != 0) add(balance, h * tableau_.weights[s], power_[s]);
    }
    if (balance.heat != nullptr) accumulate(nodes_, 1.0, heat_.data(), balance.heat);
    std::swap(state.values(), result_.values());
    const double reached = h == end - t || end - t - h <= 0 ? end : t + h;
    // the rates at the end are those of the next step's start
    equations_->set_time(reached);
    equations_->rates(state, rates_[1]);
    last_was_held_ = h * fastest_rate(rates_[1], state) > held_from;
    std::swap(rates_[0], rates_[1]);
    ++steps_;
    if (last_was_held_) ++held_;
    // The error before damps what the step would do at the edge of stability: without it, one in three is rejected there.
    const double now = std::max(error, 1e-6);
    const double grown = h * std::clamp(0.95 * std::pow(now, -0.175) * std::pow(error_before_, 0.1), 0.1, 4.0);
    error_before_ = now;
    h_ = shortened ? std::max(h_, grown) : grown;
    return reached;
  }
}

void ExplicitAdaptive::advance(double t, double end, Fields<double>& state, Balance& balance,
                               const std::function<void(double t, double h)>& watch) {
  while (t < end) {
    const double before = t;
    t = step(t, end, state, balance);
    if (watch) watch(t, t - before);
  }
}

void ExplicitAdaptive::exchange(const std::function<void(double&)>& number) {
  for (double* value : {&h_, &error_before_, &steps_, &rejected_, &held_}) number(*value);
  for (double& value : largest_) number(value);
  has_first_rate_ = false;
}

}  // namespace vitrispin::dynamics
