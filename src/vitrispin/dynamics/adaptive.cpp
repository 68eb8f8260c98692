#include "vitrispin/dynamics/adaptive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/array_loops.hpp"
#include "vitrispin/dynamics/equations.hpp"
#include "vitrispin/dynamics/turn.hpp"

namespace vitrispin::dynamics {

Adaptive::Adaptive(const Line& line, const DrivenForcing& forcing, const ErrorBounds& bounds)
    : line_(line), forcing_(forcing), bounds_(bounds), tableau_(ark436()), solver_(line) {
  for (auto* group : {&states_, &linear_, &precession_}) {
    for (auto& fields : *group) fields = Fields<double>(line.nodes());
  }
  for (auto& set : potentials_) set = Potentials<double>(line.nodes());
  for (auto* fields : {&sources_, &right_, &result_, &error_, &zero_, &twist_}) *fields = Fields<double>(line.nodes());
}

/// The rates at no deviation, or, where stages are solved for the turn alone, at the start's theta.
void Adaptive::set_sources(std::size_t stage, bool first, const Fields<double>& state) {
  const Forcing& forcing = forcings_[stage];
  if (first) {
    const bool before = turn_alone_;
    turn_alone_ = resolves_texture(line_, forcing.anisotropy, solver_.weight());
    if (turn_alone_) {
      const auto split = static_cast<std::ptrdiff_t>(6 * line_.nodes());
      std::copy(state.values().begin() + split, state.values().end(), twist_.values().begin() + split);
    }
    if (turn_alone_ != before) sources_ready_ = false;
  }
  const bool same = forcing_.constant() && (turn_alone_ ? !first : sources_ready_);
  if (same) return;
  const Fields<double>& base = turn_alone_ ? twist_ : zero_;
  potentials(line_, forcing, base, potentials_[stage]);
  linear_rates(line_, forcing, base, potentials_[stage], sources_);
  has_sources_ = largest(9 * line_.nodes(), sources_.values().data()) != 0;
}

/// All stages of a step; false if a value is not finite.
bool Adaptive::try_step(double t, double h, const Fields<double>& state) {
  const std::size_t all = 9 * line_.nodes();
  const std::size_t magnetic = 6 * line_.nodes();
  const double w = tableau_.diagonal * h;
  const bool constant = forcing_.constant();
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
      set_sources(s, s == 1, state);
      std::array<Term, 2 * AdditiveTableau::stages + 1> terms;
      std::size_t of_all = 0;
      if (has_sources_) terms[of_all++] = {w, sources_.values().data()};
      for (std::size_t j = 0; j < s; ++j) {
        if (tableau_.implicit_part[s][j] != 0)
          terms[of_all++] = {h * tableau_.implicit_part[s][j], linear_[j].values().data()};
      }
      std::size_t count = of_all;
      for (std::size_t j = 0; j < s; ++j) {
        if (tableau_.explicit_part[s][j] != 0)
          terms[count++] = {h * tableau_.explicit_part[s][j], precession_[j].values().data()};
      }
      linear_combination(magnetic, state.values().data(), count, terms.data(), right_.values().data());
      for (std::size_t j = 0; j < of_all; ++j) terms[j].values += magnetic;
      const Fields<double>& angle = turn_alone_ ? zero_ : state;
      linear_combination(all - magnetic, angle.values().data() + magnetic, of_all, terms.data(),
                         right_.values().data() + magnetic);
      solver_.solve(right_, z);
      scaled_difference(all, z.values().data(), right_.values().data(), 1 / w, sources_.values().data(),
                        linear_[s].values().data());
      if (turn_alone_) accumulate(all - magnetic, 1.0, state.values().data() + magnetic, z.values().data() + magnetic);
    }
    potentials_and_precession(line_, forcing, z, potentials_[s], precession_[s]);
  }
  sources_ready_ = true;
  // The implicit method is stiffly accurate: its last stage is its result, but for precession.
  std::array<Term, std::size_t{2} * AdditiveTableau::stages> last, difference;
  std::size_t lasts = 0, of_all = 0;
  for (std::size_t s = 0; s < AdditiveTableau::stages; ++s) {
    const double weight = tableau_.weights[s] - tableau_.explicit_part.back()[s];
    if (weight != 0) last[lasts++] = {h * weight, precession_[s].values().data()};
    if (tableau_.weights[s] != tableau_.embedded[s])
      difference[of_all++] = {h * (tableau_.weights[s] - tableau_.embedded[s]), linear_[s].values().data()};
  }
  std::size_t count = of_all;
  for (std::size_t s = 0; s < AdditiveTableau::stages; ++s) {
    if (tableau_.weights[s] != tableau_.embedded[s])
      difference[count++] = {h * (tableau_.weights[s] - tableau_.embedded[s]), precession_[s].values().data()};
  }
  const double* end = states_.back().values().data();
  linear_combination(magnetic, end, lasts, last.data(), result_.values().data());
  std::copy(end + magnetic, end + all, result_.values().data() + magnetic);
  linear_combination(magnetic, zero_.values().data(), count, difference.data(), error_.values().data());
  for (std::size_t j = 0; j < of_all; ++j) difference[j].values += magnetic;
  linear_combination(all - magnetic, zero_.values().data() + magnetic, of_all, difference.data(),
                     error_.values().data() + magnetic);
  return std::isfinite(largest(all, result_.values().data())) && std::isfinite(largest(all, error_.values().data()));
}

double weighed_error(const ErrorBounds& bounds, OfFields now, const OfFields& error, OfFields& ever) {
  const OfFields absolute{bounds.M, bounds.m, bounds.theta};
  now[0] = now[1] = std::max(now[0], now[1]);
  double worst = 0;
  for (std::size_t f = 0; f < 3; ++f) {
    ever[f] = std::max(ever[f], now[f]);
    // A field that has decayed a million times need not keep its relative accuracy.
    const double allowed = absolute[f] + bounds.relative * std::max(now[f], 1e-6 * ever[f]);
    if (error[f] > 0) worst = std::max(worst, error[f] / allowed);
  }
  return worst;
}

double first_step_of(double span, const OfFields& size, const OfFields& rate) {
  double h = span;
  for (std::size_t f = 0; f < 3; ++f)
    if (size[f] > 0 && rate[f] > 0) h = std::min(h, 0.01 * size[f] / rate[f]);
  return std::min(h, 1e-3 * span);
}

double Adaptive::error_of_step(const Fields<double>& state) {
  const std::size_t field = 3 * line_.nodes();
  OfFields now{}, error{};
  for (std::size_t f = 0; f < 3; ++f) {
    now[f] = std::max(largest(field, state.values().data() + f * field),
                      largest(field, result_.values().data() + f * field));
    error[f] = largest(field, error_.values().data() + f * field);
  }
  return weighed_error(bounds_, now, error, largest_);
}

double Adaptive::first_step(double t, double end, const Fields<double>& state) {
  Forcing forcing;
  forcing_.at(t, forcing);
  potentials(line_, forcing, state, potentials_[0]);
  linear_rates(line_, forcing, state, potentials_[0], linear_[0]);
  const std::size_t field = 3 * line_.nodes();
  OfFields size{}, rate{};
  for (std::size_t f = 0; f < 3; ++f) {
    size[f] = largest(field, state.values().data() + f * field);
    rate[f] = largest(field, linear_[0].values().data() + f * field);
  }
  return first_step_of(end - t, size, rate);
}

/// The step's dissipation and work, with the method's weights.
void Adaptive::book(double t, double h, Balance& balance) const {
  Forcing change;
  for (std::size_t s = 0; s < AdditiveTableau::stages; ++s) {
    const double weight = h * tableau_.weights[s];
    if (weight == 0) continue;
    const Forcing& forcing = forcings_[s];
    balance.dissipated.add(weight, dissipated_power(line_, forcing, states_[s], potentials_[s]));
    if (balance.heat != nullptr) add_heat(weight, line_, forcing, states_[s], potentials_[s], balance.heat);
    balance.work.boundary += weight * boundary_power(line_, forcing, states_[s], potentials_[s], linear_[s]);
    if (forcing_.constant()) continue;
    forcing_.rate(slope_time(t, t + tableau_.times[s] * h), change);
    balance.work.drive += weight * field_work(line_, states_[s], change.field);
    for (std::size_t i = 0; i < line_.segments().size(); ++i) {
      if (change.anisotropy[i] != 0)
        balance.work.drive += weight * change.anisotropy[i] * squared_twist(line_, i, states_[s]) / 2;
    }
  }
}

double Adaptive::step(double t, double end, Fields<double>& state, Balance& balance) {
  if (h_ == 0) h_ = first_step(t, end, state);
  const double smallest = 1e-14 * std::max(std::abs(end), std::abs(end - t));
  for (;;) {
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
    const double grown = h * std::min(4.0, 0.9 * std::pow(std::max(error, 1e-6), -0.25));
    if (!shortened || grown < h_) {
      // a step kept is a factorisation saved
      if (grown < h_ || grown > 1.2 * h_) h_ = grown;
    } else {
      h_ = std::max(h_, grown);
    }
    return last ? end : t + h;
  }
}

void Adaptive::advance(double t, double end, Fields<double>& state, Balance& balance,
                       const std::function<void(double t, double h)>& watch) {
  while (t < end) {
    const double before = t;
    t = step(t, end, state, balance);
    if (watch) watch(t, t - before);
  }
}

}  // namespace vitrispin::dynamics
