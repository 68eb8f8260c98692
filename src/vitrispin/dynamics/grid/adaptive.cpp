#include "vitrispin/dynamics/grid/adaptive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/array_loops.hpp"
#include "vitrispin/dynamics/grid/ledger.hpp"
#include "vitrispin/dynamics/grid/step_parts.hpp"

namespace vitrispin::dynamics::grid {

void Adaptive::add(Combination& to, double weight, const Combination& from) const {
  to.first_rate += weight * from.first_rate;
  for (std::size_t i = 0; i < stages; ++i) {
    to.states[i] += weight * from.states[i];
    to.precession[i] += weight * from.precession[i];
  }
}

Adaptive::Adaptive(Equations& equations, const DrivenForcing& forcing, const SolverMaker& solver,
                   const ErrorBounds& bounds)
    : equations_(equations),
      forcing_(forcing),
      tableau_(ark436()),
      bounds_(bounds),
      elimination_(equations.sweep()),
      solver_(solver(equations.grid(), equations.sweep().halo())),
      first_rate_(equations.grid().cells()),
      work_(equations.grid().cells()) {
  const std::size_t cells = equations.grid().cells();
  p_.resize(3 * cells);
  zero_.resize(cells);
  for (std::size_t s = 1; s < stages; ++s) stages_[s] = Fields<double>(cells);
  // r_s - z_0 = h sum over l < s of a_sl F_l + e_sl N_l, and z_s = r_s + diagonal h F_s
  rate_[0].first_rate = 1;
  for (std::size_t s = 1; s < stages; ++s) {
    for (std::size_t l = 0; l < s; ++l) {
      add(right_[s], tableau_.implicit_part[s][l], rate_[l]);
      right_[s].precession[l] += tableau_.explicit_part[s][l];
    }
    rate_[s].states[s] = 1 / tableau_.diagonal;
    add(rate_[s], -1 / tableau_.diagonal, right_[s]);
  }
  // stiffly accurate: the last stage is the result, but for precession
  last_.states[stages - 1] = 1;
  for (std::size_t s = 0; s < stages; ++s) {
    last_.precession[s] = tableau_.weights[s] - tableau_.explicit_part.back()[s];
    const double difference = tableau_.weights[s] - tableau_.embedded[s];
    add(error_, difference, rate_[s]);
    error_.precession[s] += difference;
  }
}

double Adaptive::largest(std::size_t n, const double* values) const {
  return equations_.sweep().halo().largest(dynamics::largest(n, values));
}

/// M, m of a stage, without its theta, which precession does not ask for.
StateView Adaptive::stage(std::size_t s, const Fields<double>& state) const {
  return s == 0 ? StateView(state) : StateView(stages_[s]);
}

/// work_ = work_ + the combination, and + the state's M and m if asked for.
void Adaptive::combine(const Combination& of, double h, const Fields<double>& state, bool with_state) {
  const std::size_t cells = equations_.grid().cells(), magnetic = 6 * cells;
  double of_state = with_state ? 1 : 0;
  std::array<Term, stages + 1> terms{};
  std::size_t count = 0;
  if (of.first_rate != 0) terms[count++] = {h * of.first_rate, first_rate_.values().data()};
  for (std::size_t s = 1; s < stages; ++s) {
    if (of.states[s] == 0) continue;
    of_state -= of.states[s];
    terms[count++] = {of.states[s], stages_[s].values().data()};
  }
  double* work = work_.values().data();
  std::array<Term, stages + 2> magnetic_terms{};
  std::copy_n(terms.begin(), count, magnetic_terms.begin());
  magnetic_terms[count] = {of_state, state.values().data()};
  for (std::size_t n = 0; n <= count; ++n)
    accumulate(magnetic, magnetic_terms[n].weight, magnetic_terms[n].values, work);
  for (std::size_t n = 0; n < count; ++n)
    accumulate(3 * cells, terms[n].weight, terms[n].values + magnetic, work + magnetic);
  for (std::size_t s = 0; s < stages; ++s) {
    if (of.precession[s] == 0) continue;
    elimination_.add_precession(h * of.precession[s], StateView(work_), forcings_[s], stage(s, state),
                                FieldArrays(work_));
  }
}

void Adaptive::solve_stage(std::size_t s, double h, const Fields<double>& state) {
  const std::size_t cells = equations_.grid().cells();
  const double w = tableau_.diagonal * h;
  const Forcing& forcing = forcings_[s];
  if (w != factorised_w_ || forcing.anisotropy != factorised_anisotropy_) {
    solver_->factorise(elimination_.prepare(w, forcing.anisotropy));
    factorised_w_ = w;
    factorised_anisotropy_ = forcing.anisotropy;
    turn_alone_ = resolves_texture(equations_.grid(), forcing.anisotropy, w);
  }
  StateView sources;
  sources.M = sources.m = sources.theta = {zero_.data(), zero_.data(), zero_.data()};
  if (turn_alone_) sources.theta = {state.theta(0), state.theta(1), state.theta(2)};
  equations_.rates(sources, forcing, false, work_);
  for (double& value : work_.values()) value *= w;
  combine(right_[s], h, state, true);
  if (!turn_alone_) accumulate(3 * cells, 1.0, state.theta(0), work_.theta(0));
  Fields<double>& z = stages_[s];
  // M and m of the stage hold the right-hand sides until they are known; theta the last stage's as a guess
  const Components right_p = three(z.M(0), cells), right_theta = three(z.m(0), cells), theta = three(z.theta(0), cells);
  const Components p = three(p_.data(), cells);
  if (s > 1) std::copy_n(stages_[s - 1].theta(0), 3 * cells, z.theta(0));
  if (!turn_alone_ && s > 1) accumulate(3 * cells, 1.0, state.theta(0), z.theta(0));
  elimination_.eliminate(StateView(work_), right_p, right_theta);
  // Far below what the step's accuracy asks for, so that the answer is the same whichever solver had it, on any number of ranks: the
  // residual is weighed by the blocks of the cells, and what is left of the solution some hundreds of times more.
  constexpr double tolerance = 1e-15;
  solves_ += static_cast<double>(solver_->solve(constant(right_p), constant(right_theta), p, theta, tolerance));
  elimination_.recover(StateView(work_), constant(p), constant(theta), right_p, right_theta);
  if (!turn_alone_) accumulate(3 * cells, -1.0, state.theta(0), z.theta(0));
}

/// All stages of a step, and its error in work_; false if a value is not finite.
bool Adaptive::try_step(double t, double h, const Fields<double>& state) {
  for (std::size_t s = 0; s < stages; ++s) {
    forcing_.at(t + tableau_.times[s] * h, forcings_[s]);
    if (s == 0)
      equations_.rates(StateView(state), forcings_[0], false, first_rate_);
    else
      solve_stage(s, h, state);
  }
  std::fill(work_.values().begin(), work_.values().end(), 0.0);
  combine(error_, h, state, false);
  const std::size_t all = work_.values().size();
  return std::isfinite(largest(all, work_.values().data())) &&
         std::isfinite(largest(all, stages_.back().values().data()));
}

double Adaptive::error_of_step(const Fields<double>& state) {
  const std::size_t field = 3 * equations_.grid().cells();
  OfFields now{}, error{};
  for (std::size_t f = 0; f < 3; ++f) {
    const double before = largest(field, state.values().data() + f * field);
    const double last = largest(field, stages_.back().values().data() + f * field);
    now[f] = f == 2 ? before + last : std::max(before, last);  // of theta the change is kept
    error[f] = largest(field, work_.values().data() + f * field);
  }
  return weighed_error(bounds_, now, error, largest_);
}

double Adaptive::first_step(double t, double end, const Fields<double>& state) {
  forcing_.at(t, forcings_[0]);
  equations_.rates(StateView(state), forcings_[0], false, first_rate_);
  const std::size_t field = 3 * equations_.grid().cells();
  OfFields size{}, rate{};
  for (std::size_t f = 0; f < 3; ++f) {
    size[f] = largest(field, state.values().data() + f * field);
    rate[f] = largest(field, first_rate_.values().data() + f * field);
  }
  return first_step_of(end - t, size, rate);
}

/// The step's dissipation and work, with the method's weights.
void Adaptive::book(double t, double h, const Fields<double>& state, Balance& balance) {
  const std::size_t cells = equations_.grid().cells();
  for (std::size_t s = 0; s < stages; ++s) {
    const double weight = h * tableau_.weights[s];
    if (weight == 0) continue;
    StateView z = stage(s, state);
    if (s > 0) {
      add_scaled(3 * cells, stages_[s].theta(0), 1.0, state.theta(0), work_.theta(0));
      z.theta = constant(three(work_.theta(0), cells));
    }
    const auto theta_rate = [&](std::size_t k, std::size_t cell) {
      double rate = rate_[s].first_rate * first_rate_.theta(k)[cell];
      for (std::size_t i = 1; i <= s; ++i) rate += rate_[s].states[i] / h * stages_[i].theta(k)[cell];
      return rate;
    };
    const Power flow = power(equations_.sweep(), forcings_[s], z, theta_rate);
    balance.dissipated.add(weight, flow.dissipated);
    if (balance.heat != nullptr) add_heat(weight, equations_.sweep(), forcings_[s], z, balance.heat);
    balance.work.boundary += weight * flow.boundary;
    if (forcing_.constant()) continue;
    Forcing change;
    forcing_.rate(slope_time(t, t + tableau_.times[s] * h), change);
    if (change.changes_field()) balance.work.drive += weight * field_work(equations_.sweep(), z, change.field);
    const bool turns = std::any_of(change.anisotropy.begin(), change.anisotropy.end(), [](double K) { return K != 0; });
    if (!turns) continue;
    const std::vector<double> squares = squared_twist(equations_.sweep(), z);
    for (std::size_t d = 0; d < squares.size(); ++d)
      balance.work.drive += weight * change.anisotropy[d] * squares[d] / 2;
  }
}

double Adaptive::step(double t, double end, Fields<double>& state, Balance& balance) {
  const std::size_t cells = equations_.grid().cells();
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
    book(t, h, state, balance);
    std::fill_n(work_.values().begin(), 9 * cells, 0.0);
    combine(last_, h, state, true);
    std::copy_n(work_.values().data(), 6 * cells, state.values().data());
    accumulate(3 * cells, 1.0, stages_.back().theta(0), state.theta(0));
    ++steps_;
    const bool last = h == end - t || end - t - h <= 0;
    const double grown = h * std::min(4.0, 0.9 * std::pow(std::max(error, 1e-6), -0.25));
    if (!shortened || grown < h_) {
      if (grown < h_ || grown > 1.2 * h_) h_ = grown;  // a step kept is a factorisation saved
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

void Adaptive::exchange(Archive& archive) {
  const Halo& halo = equations_.sweep().halo();
  for (double* number : {&h_, &steps_, &solves_, &rejected_}) exchange_number(archive, halo, *number);
  for (double& value : largest_) exchange_number(archive, halo, value);
  // an iterative solver starts from these
  for (std::size_t c = 0; c < 3; ++c) {
    exchange_whole(archive, equations_.grid(), halo, p_.data() + c * equations_.grid().cells());
    exchange_whole(archive, equations_.grid(), halo, stages_[1].theta(c));
  }
}

}  // namespace vitrispin::dynamics::grid
