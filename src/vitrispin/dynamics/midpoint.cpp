#include "vitrispin/dynamics/midpoint.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/array_loops.hpp"
#include "vitrispin/dynamics/equations.hpp"

namespace vitrispin::dynamics {
namespace {

/// Largest difference of a and b, and largest value of v.
struct Extremes {
  double difference = 0, size = 0;
};
Extremes compare(std::size_t n, const std::vector<double>& a, const std::vector<double>& b,
                 const std::vector<double>& v) {
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
  for (auto* fields : {&sources_, &base_, &right_, &mid_, &next_, &precession_, &rates_, &last_change_, &twist_}) {
    *fields = Fields<double>(line.nodes());
  }
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
  turn_alone_ = resolves_texture(h / 2);
  prepared_ = true;
  prepared_h_ = h;
}

/// Whether a step of weight w resolves the texture's own motion, its waves and its damped return.
bool Midpoint::resolves_texture(double w) const {
  double fastest = 0;
  for (std::size_t s = 0; s < line_.segments().size(); ++s) {
    const Segment& segment = line_.segments()[s];
    const auto& material = segment.material;
    if (!material.has_texture()) continue;
    const double K = middle_.anisotropy[s] + 4 * material.spin_stiffness / (segment.width * segment.width);
    const double gamma = material.gyromagnetic_ratio;
    const double wave = gamma * std::sqrt(constants::vacuum_permeability * K / material.equilibrium_susceptibility);
    fastest = std::max({fastest, wave, material.damping * gamma * K});
  }
  return w * fastest < 1;
}

/// The constant part of the stage's equation. What turns theta during a step is had from how far it turns, so that
/// rounding of theta is rounding of H* divided by gamma mu0 w: a step that resolves the texture is solved for the
/// turn alone, its torque at the start put among the sources.
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
  for (std::size_t i = magnetic; i < all; ++i) base_.values()[i] = w * rates_.values()[i];
}

/// theta from the turn that was solved for.
void Midpoint::complete(const Fields<double>& state, Fields<double>& z) const {
  if (!turn_alone_) return;
  const std::size_t magnetic = 6 * line_.nodes();
  accumulate(3 * line_.nodes(), 1.0, state.values().data() + magnetic, z.values().data() + magnetic);
}

/// mid_ from base_: repeated linear solves with the precession of the last iterate, while each brings the residual
/// down well; Newton beyond.
void Midpoint::solve_stage(double w, const Fields<double>& state) {
  const std::size_t magnetic = 6 * line_.nodes();
  const std::size_t all = 9 * line_.nodes();
  set_base(w, state);
  if (guess_h_ == 2 * w) {
    add_scaled(all, state.values().data(), 0.5, last_change_.values().data(), mid_.values().data());
  } else {
    mid_.values() = state.values();
  }
  const auto evaluate = [&](const Fields<double>& z, Fields<double>& result) {
    potentials(line_, middle_, z, potentials_);
    std::fill_n(result.values().begin(), magnetic, 0.0);
    add_precession(line_, z, potentials_, 1.0, result);
  };
  evaluate(mid_, precession_);
  double before = std::numeric_limits<double>::infinity();
  constexpr double rounding = 4 * std::numeric_limits<double>::epsilon();
  for (int iteration = 1; iteration <= 60; ++iteration) {
    add_scaled(magnetic, base_.values().data(), w, precession_.values().data(), right_.values().data());
    std::copy(base_.values().begin() + static_cast<std::ptrdiff_t>(magnetic), base_.values().end(),
              right_.values().begin() + static_cast<std::ptrdiff_t>(magnetic));
    solver_.solve(right_, mid_);
    complete(state, mid_);
    ++solves_;
    evaluate(mid_, rates_);
    const Extremes change = compare(magnetic, rates_.values(), precession_.values(), mid_.values());
    std::swap(rates_, precession_);
    const double residual = w * change.difference;
    if (residual <= rounding * change.size) return;
    if (!std::isfinite(residual)) break;
    const bool slow = residual > 0.3 * before;
    if (slow && residual <= 64 * rounding * change.size) return;  // as far as rounding lets it
    if (slow || (iteration == 1 && residual > 0.5 * change.size)) break;
    before = residual;
  }
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
  next_.values() = state.values();
  reflect(9 * line_.nodes(), mid_.values().data(), state.values().data());
  if (!constant_) {
    for (std::size_t s = 0; s < line_.segments().size(); ++s) {
      const double change_of_K = end_.anisotropy[s] - start_.anisotropy[s];
      if (change_of_K != 0) balance.work.drive += change_of_K * squared_twist(line_, s, state) / 4;
    }
  }
  add_scaled(9 * line_.nodes(), state.values().data(), -1.0, next_.values().data(), last_change_.values().data());
  guess_h_ = h;
}

}  // namespace vitrispin::dynamics
