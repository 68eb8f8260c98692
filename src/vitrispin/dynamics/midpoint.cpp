#include "vitrispin/dynamics/midpoint.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/array_loops.hpp"
#include "vitrispin/dynamics/equations.hpp"
#include "vitrispin/dynamics/turn.hpp"

namespace vitrispin::dynamics {
namespace {

/// Largest difference of a and b, and largest value of v.
struct Extremes {
  double difference = 0, size = 0;
};
Extremes compare(std::size_t n, const Values<double>& a, const Values<double>& b, const Values<double>& v) {
  return {largest_difference(n, a.data(), b.data()), largest(n, v.data())};
}

Forcing mean(const Forcing& a, const Forcing& b) {
  Forcing middle = a;
  const auto half = [](const Vector3<double>& x, const Vector3<double>& y) { return 0.5 * (x + y); };
  middle.left_current = half(a.left_current, b.left_current);
  middle.right_current = half(a.right_current, b.right_current);
  middle.left_potential = half(a.left_potential, b.left_potential);
  middle.right_potential = half(a.right_potential, b.right_potential);
  for (std::size_t k = 0; k < 3; ++k) {
    for (std::size_t i = 0; i < middle.field[k].size(); ++i) middle.field[k][i] = 0.5 * (a.field[k][i] + b.field[k][i]);
  }
  for (std::size_t s = 0; s < middle.anisotropy.size(); ++s)
    middle.anisotropy[s] = 0.5 * (a.anisotropy[s] + b.anisotropy[s]);
  return middle;
}

}  // namespace

Midpoint::Midpoint(const Line& line, ForcingAt forcing_at, bool constant)
    : line_(line),
      forcing_at_(std::move(forcing_at)),
      constant_(constant),
      solver_(line),
      coupled_(line),
      start_(constant_forcing(line)),
      end_(start_),
      middle_(start_),
      potentials_(line.nodes()) {
  for (auto* fields : {&sources_, &base_, &right_, &mid_, &next_, &rates_, &twist_}) {
    *fields = Fields<double>(line.nodes());
  }
  for (auto& fields : precession_) fields = Fields<double>(line.nodes());
  zero_.resize(3 * line.nodes());
}

void Midpoint::prepare(double t, double h) {
  if (prepared_ && constant_ && h == prepared_h_) return;
  const bool same_anisotropy_possible = prepared_ && h == prepared_h_;
  const std::vector<double> before = middle_.anisotropy;
  forcing_at_(t, start_);
  forcing_at_(t + h, end_);
  middle_ = mean(start_, end_);
  if (!same_anisotropy_possible || before != middle_.anisotropy) solver_.factorise(h / 2, middle_.anisotropy);
  const Fields<double> zero(line_.nodes());
  potentials(line_, middle_, zero, potentials_);
  linear_rates(line_, middle_, zero, potentials_, sources_);
  turn_alone_ = resolves_texture(line_, middle_.anisotropy, h / 2);
  prepared_ = true;
  prepared_h_ = h;
}

/// The constant part of the stage's equation; of a step that is solved for the turn alone (see turn.hpp), with the torque at the
/// start among the sources.
void Midpoint::set_base(double w, const Fields<double>& state) {
  const std::size_t magnetic = 6 * line_.nodes();
  const std::size_t all = 9 * line_.nodes();
  if (!turn_alone_) {
    add_scaled(all, state.values().data(), w, sources_.values().data(), base_.values().data());
    return;
  }
  const auto split = static_cast<std::ptrdiff_t>(magnetic);
  std::copy(state.values().begin() + split, state.values().end(), twist_.values().begin() + split);
  potentials(line_, middle_, twist_, potentials_);
  linear_rates(line_, middle_, twist_, potentials_, rates_);
  add_scaled(magnetic, state.values().data(), w, rates_.values().data(), base_.values().data());
  add_scaled(all - magnetic, zero_.data(), w, rates_.values().data() + magnetic, base_.values().data() + magnetic);
}

/// theta from the turn that was solved for.
void Midpoint::complete(const Fields<double>& state, Fields<double>& z) const {
  if (!turn_alone_) return;
  const std::size_t magnetic = 6 * line_.nodes();
  accumulate(3 * line_.nodes(), 1.0, state.values().data() + magnetic, z.values().data() + magnetic);
}

/// right_ = base_ + w precession: that of the last midpoints, extrapolated, or of `state`.
void Midpoint::guess(double w, const Fields<double>& state) {
  const std::size_t magnetic = 6 * line_.nodes();
  if (guess_h_ != 2 * w) remembered_ = 0;
  guess_h_ = 2 * w;
  if (remembered_ == 0) {
    potentials_and_precession(line_, middle_, state, potentials_, rates_);
    add_scaled(magnetic, base_.values().data(), w, rates_.values().data(), right_.values().data());
    return;
  }
  static constexpr double extrapolation[past][past] = {{1, 0, 0, 0}, {2, -1, 0, 0}, {3, -3, 1, 0}, {4, -6, 4, -1}};
  const auto count = static_cast<std::size_t>(remembered_);
  std::array<Term, past> terms;
  for (std::size_t j = 0; j < count; ++j) terms[j] = {extrapolation[count - 1][j], precession_[j].values().data()};
  linear_combination(magnetic, base_.values().data(), count, terms.data(), right_.values().data());
}

/// Keeps w times the precession of this step's midpoint.
void Midpoint::remember() {
  std::rotate(precession_.begin(), precession_.end() - 1, precession_.end());
  add_scaled(6 * line_.nodes(), right_.values().data(), -1.0, base_.values().data(), precession_[0].values().data());
  remembered_ = std::min<long>(remembered_ + 1, past);
}

/// ImplicitSolver::substitute where the field changes.
double Midpoint::substitute(double w) {
  const std::size_t magnetic = 6 * line_.nodes();
  solver_.solve(right_, mid_);
  potentials_and_precession(line_, middle_, mid_, potentials_, rates_);
  add_scaled(magnetic, base_.values().data(), w, rates_.values().data(), next_.values().data());
  const double change = largest_difference(magnetic, next_.values().data(), right_.values().data());
  std::copy_n(next_.values().begin(), magnetic, right_.values().begin());
  return change;
}

/// mid_ from base_: repeated linear solves with the precession of the last iterate, while each brings the residual
/// down well; Newton beyond.
void Midpoint::solve_stage(double w, const Fields<double>& state) {
  const std::size_t magnetic = 6 * line_.nodes();
  set_base(w, state);
  std::copy(base_.values().begin() + static_cast<std::ptrdiff_t>(magnetic), base_.values().end(),
            right_.values().begin() + static_cast<std::ptrdiff_t>(magnetic));
  guess(w, state);
  const bool fused = !middle_.changes_field() && remembered_ > 0;
  double size = largest(magnetic, state.values().data());
  if (fused) solver_.start(right_);
  double before = std::numeric_limits<double>::infinity();
  constexpr double rounding = 4 * std::numeric_limits<double>::epsilon();
  for (int iteration = 1; iteration <= 60; ++iteration) {
    ++solves_;
    const double residual = fused ? solver_.substitute(base_, right_, change_) : substitute(w);
    if (!std::isfinite(residual)) break;
    if (!fused) size = std::max(size, largest(magnetic, mid_.values().data()));
    const double contraction = residual / before;
    const bool slow = contraction > 0.3;
    // The solve that follows the last substitution brings the residual down once more, by about `contraction`.
    const bool done = !slow && iteration > 1 && std::max(contraction, 1e-3) * residual <= rounding * size;
    if (done || residual <= 0.1 * rounding * size || (slow && residual <= 64 * rounding * size)) {
      if (fused)
        solver_.finish(right_, mid_);
      else
        solver_.solve(right_, mid_);
      complete(state, mid_);
      potentials(line_, middle_, mid_, potentials_);
      remember();
      return;
    }
    if (slow || (iteration == 1 && residual > 0.5 * size)) break;
    before = residual;
  }
  remembered_ = 0;
  iterate_coupled(w, state);
}

void Midpoint::iterate_coupled(double w, const Fields<double>& state) {
  constexpr double rounding = 4 * std::numeric_limits<double>::epsilon();
  const std::size_t magnetic = 6 * line_.nodes();
  mid_.values() = state.values();
  double residual = 0, before = std::numeric_limits<double>::infinity();
  for (int iteration = 1; iteration <= 50; ++iteration) {
    coupled_.step(w, middle_, base_, mid_, next_);
    ++newton_steps_;
    const Extremes change = compare(magnetic, next_.values(), mid_.values(), next_.values());
    std::swap(next_, mid_);
    residual = change.size == 0 ? 0 : change.difference / change.size;  // NaN stays NaN
    if (!std::isfinite(residual)) break;
    if (residual <= rounding || (residual >= 0.5 * before && residual <= 1e4 * rounding)) {
      complete(state, mid_);
      potentials(line_, middle_, mid_, potentials_);
      return;
    }
    before = residual;
  }
  throw ConvergenceError("Newton's method for the implicit midpoint step; a smaller `dt` helps", 50, residual,
                         rounding);
}

void Midpoint::step(double t, double h, Fields<double>& state, Balance& balance) {
  prepare(t, h);
  const double w = h / 2;
  solve_stage(w, state);
  balance.dissipated.add(h, dissipated_power(line_, middle_, mid_, potentials_));
  if (balance.heat != nullptr) add_heat(h, line_, middle_, mid_, potentials_, balance.heat);
  for (const OuterFace* face : {&line_.left(), &line_.right()}) {
    for (std::size_t k = 0; k < 3; ++k)
      rates_.theta(k)[face->cell] = (mid_.theta(k)[face->cell] - state.theta(k)[face->cell]) / w;
  }
  balance.work.boundary += h * boundary_power(line_, middle_, mid_, potentials_, rates_);
  if (!constant_) {
    std::array<std::vector<double>, 3> change;
    for (std::size_t k = 0; k < 3; ++k) {
      change[k].resize(end_.field[k].size());
      for (std::size_t i = 0; i < change[k].size(); ++i) change[k][i] = end_.field[k][i] - start_.field[k][i];
    }
    balance.work.drive += field_work(line_, mid_, change);
    for (std::size_t s = 0; s < line_.segments().size(); ++s) {
      const double change_of_K = end_.anisotropy[s] - start_.anisotropy[s];
      if (change_of_K != 0) balance.work.drive += change_of_K * squared_twist(line_, s, state) / 4;
    }
  }
  reflect(9 * line_.nodes(), mid_.values().data(), state.values().data());
  if (!constant_) {
    for (std::size_t s = 0; s < line_.segments().size(); ++s) {
      const double change_of_K = end_.anisotropy[s] - start_.anisotropy[s];
      if (change_of_K != 0) balance.work.drive += change_of_K * squared_twist(line_, s, state) / 4;
    }
  }
}

}  // namespace vitrispin::dynamics
