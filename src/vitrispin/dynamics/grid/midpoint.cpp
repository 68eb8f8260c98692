#include "vitrispin/dynamics/grid/midpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/array_loops.hpp"
#include "vitrispin/dynamics/grid/ledger.hpp"
#include "vitrispin/dynamics/grid/step_parts.hpp"

namespace vitrispin::dynamics::grid {
namespace {

constexpr double most_cuts = 4096;

Forcing mean(const Forcing& a, const Forcing& b) {
  Forcing middle = a;
  for (std::size_t i = 0; i < a.current.size(); ++i) {
    middle.current[i] = 0.5 * (a.current[i] + b.current[i]);
    middle.potential[i] = 0.5 * (a.potential[i] + b.potential[i]);
  }
  for (std::size_t k = 0; k < 3; ++k) {
    for (std::size_t i = 0; i < a.field[k].size(); ++i) middle.field[k][i] = 0.5 * (a.field[k][i] + b.field[k][i]);
  }
  for (std::size_t d = 0; d < a.anisotropy.size(); ++d)
    middle.anisotropy[d] = 0.5 * (a.anisotropy[d] + b.anisotropy[d]);
  return middle;
}

}  // namespace

Midpoint::Midpoint(Equations& equations, const DrivenForcing& forcing, const SolverMaker& solver)
    : equations_(equations),
      forcing_(forcing),
      elimination_(equations.sweep()),
      solver_(solver(equations.grid(), equations.sweep().halo())),
      base_(equations.grid().cells()) {
  const std::size_t cells = equations.grid().cells();
  for (auto* six : {&right_, &solver_right_, &unknowns_}) six->resize(6 * cells);
  for (auto& six : precession_) six.resize(6 * cells);
  zero_.resize(cells);
}

void Midpoint::factorise(double w, const std::vector<double>& anisotropy) {
  if (w == factorised_w_ && anisotropy == factorised_anisotropy_) return;
  solver_->factorise(elimination_.prepare(w, anisotropy));
  factorised_w_ = w;
  factorised_anisotropy_ = anisotropy;
  turn_alone_ = resolves_texture(equations_.grid(), anisotropy, w);
}

/// base_ = z0 + w sources. What turns theta during a step is had from how far it turns, so that rounding of theta is rounding
/// of H* divided by gamma mu0 w: a step that resolves the texture is solved for the turn alone, its torque at the
/// start put among the sources.
void Midpoint::set_base(double w, const Fields<double>& state) {
  const std::size_t cells = equations_.grid().cells();
  StateView sources;
  sources.M = sources.m = sources.theta = {zero_.data(), zero_.data(), zero_.data()};
  if (turn_alone_) sources.theta = {state.theta(0), state.theta(1), state.theta(2)};
  equations_.rates(sources, middle_, false, base_);
  double* base = base_.values().data();
  const double* z = state.values().data();
  add_scaled(6 * cells, z, w, base, base);
  for (std::size_t k = 0; k < 3; ++k)
    add_scaled(cells, turn_alone_ ? zero_.data() : state.theta(k), w, base_.theta(k), base_.theta(k));
}

/// right_ = base_ + w precession: that of the last midpoints, extrapolated, or of `state`.
void Midpoint::guess(double w, const Fields<double>& state) {
  const std::size_t magnetic = 6 * equations_.grid().cells(), cells = equations_.grid().cells();
  if (guess_w_ != w) remembered_ = 0;
  guess_w_ = w;
  FieldArrays right;
  right.M = three(right_.data(), cells);
  right.m = three(right_.data() + 3 * cells, cells);
  if (remembered_ == 0) {
    elimination_.add_precession(w, StateView(base_), middle_, StateView(state), right);
    return;
  }
  const bool two = remembered_ > 1;
  add_scaled(magnetic, base_.values().data(), two ? 2 : 1, precession_[0].data(), two ? -1 : 0, precession_[1].data(),
             right_.data());
}

/// Keeps w times the precession of this step's midpoint.
void Midpoint::remember() {
  std::swap(precession_[0], precession_[1]);
  difference(right_.size(), right_.data(), base_.values().data(), precession_[0].data());
  remembered_ = std::min<double>(remembered_ + 1, past);
}

/// The midpoint, M and m in solver_right_ and theta in base_, by repeated linear solves with the precession of the last
/// iterate, while each brings the residual down; false where they do not.
bool Midpoint::solve_stage(double w, const Fields<double>& state) {
  const std::size_t cells = equations_.grid().cells();
  set_base(w, state);
  guess(w, state);
  const Components p = three(unknowns_.data(), cells), theta = three(unknowns_.data() + 3 * cells, cells);
  const Components right_p = three(solver_right_.data(), cells),
                   right_theta = three(solver_right_.data() + 3 * cells, cells);
  FieldArrays right;
  right.M = three(right_.data(), cells);
  right.m = three(right_.data() + 3 * cells, cells);
  StateView r;
  r.M = constant(right.M);
  r.m = constant(right.m);
  r.theta = {base_.theta(0), base_.theta(1), base_.theta(2)};
  elimination_.eliminate(r, right_p, right_theta);
  const auto solve = [&](double tolerance) {
    solves_ += static_cast<double>(
        solver_->solve(constant(right_p), constant(right_theta), p, theta, tolerance < 1e-15 ? 0 : tolerance));
  };
  constexpr double rounding = 4 * std::numeric_limits<double>::epsilon();
  // Solutions on the way need only be better than the precession in them: a tenth of what it is expected to be wrong by, as in
  // the last step. If that was too loose, the next are solved to rounding.
  if (remembered_ == 0) expected_ = {1e-3, 0.1};
  bool loose = true;
  double before = std::numeric_limits<double>::infinity(), size = 0, ahead = expected_.first;
  for (int iteration = 1; iteration <= 60; ++iteration) {
    solve(loose ? 0.1 * ahead : 0);
    const double residual = elimination_.substitute(StateView(base_), middle_, constant(p), constant(theta), right,
                                                    right_p, right_theta, size);
    if (!std::isfinite(residual)) break;
    const double contraction = residual / before;
    const bool slow = contraction > 0.6;
    // The solve that follows the last substitution brings the residual down once more, by about `contraction`.
    const bool done = !slow && iteration > 1 && std::max(contraction, 1e-3) * residual <= rounding * size;
    if (done || residual <= 0.1 * rounding * size || (slow && !loose && residual <= 64 * rounding * size)) {
      solve(0);
      remember();
      elimination_.recover(r, constant(p), constant(theta), right_p, right_theta);
      for (std::size_t k = 0; k < 3; ++k)
        add_scaled(cells, theta[k], turn_alone_ ? 1.0 : 0.0, state.theta(k), base_.theta(k));
      return true;
    }
    if ((slow && !loose) || (iteration == 1 && remembered_ == 0 && residual > 0.7 * size)) break;
    if (slow) loose = false;
    if (iteration == 1) expected_.first = residual / size;
    if (iteration == 2) expected_.contraction = std::min(contraction, 0.5);
    ahead = residual / size * (iteration == 1 ? expected_.contraction : std::min(contraction, 0.5));
    before = residual;
  }
  remembered_ = 0;
  return false;
}

void Midpoint::work_of_anisotropy(const StateView& state, Balance& balance) {
  if (start_.anisotropy == end_.anisotropy) return;
  const std::vector<double> squares = squared_twist(equations_.sweep(), state);
  for (std::size_t d = 0; d < squares.size(); ++d)
    balance.work.drive += (end_.anisotropy[d] - start_.anisotropy[d]) * squares[d] / 4;
}

bool Midpoint::try_step(double t, double h, Fields<double>& state, Balance& balance) {
  const std::size_t cells = equations_.grid().cells();
  const double w = h / 2;
  forcing_.at(t, start_);
  forcing_.at(t + h, end_);
  middle_ = mean(start_, end_);
  factorise(w, middle_.anisotropy);
  if (!solve_stage(w, state)) return false;
  StateView mid;
  mid.M = constant(three(solver_right_.data(), cells));
  mid.m = constant(three(solver_right_.data() + 3 * cells, cells));
  mid.theta = {base_.theta(0), base_.theta(1), base_.theta(2)};
  const auto theta_rate = [&](std::size_t k, std::size_t cell) {
    return (mid.theta[k][cell] - state.theta(k)[cell]) / w;
  };
  const Power flow = power(equations_.sweep(), middle_, mid, theta_rate);
  balance.dissipated.add(h, flow.dissipated);
  if (balance.heat != nullptr) add_heat(h, equations_.sweep(), middle_, mid, balance.heat);
  balance.work.boundary += h * flow.boundary;
  if (middle_.changes_field()) {
    std::array<std::vector<double>, 3> change = end_.field;
    for (std::size_t k = 0; k < 3; ++k) {
      for (std::size_t i = 0; i < change[k].size(); ++i) change[k][i] -= start_.field[k][i];
    }
    balance.work.drive += field_work(equations_.sweep(), mid, change);
  }
  work_of_anisotropy(StateView(state), balance);
  for (std::size_t k = 0; k < 3; ++k) {
    reflect(cells, mid.M[k], state.M(k));
    reflect(cells, mid.m[k], state.m(k));
    reflect(cells, mid.theta[k], state.theta(k));
  }
  work_of_anisotropy(StateView(state), balance);
  return true;
}

void Midpoint::step(double t, double h, Fields<double>& state, Balance& balance) {
  double done = 0;  // of h
  while (done < 1) {
    const double part = 1 / cut_;
    if (try_step(t + done * h, part * h, state, balance)) {
      done += part;
      continue;
    }
    cut_ *= 2;
    if (cut_ > most_cuts) {
      cut_ = 1;
      throw ConvergenceError(
          fmt::format(
              "the implicit midpoint step of {:.6g} s at t = {:.6g} s, even cut {} times: precession is too fast "
              "for it; a smaller `dt` helps",
              h, t, most_cuts),
          60, 1, 4 * std::numeric_limits<double>::epsilon());
    }
  }
}

void Midpoint::exchange(Archive& archive) {
  const Halo& halo = equations_.sweep().halo();
  const std::size_t cells = equations_.grid().cells();
  for (double* number : {&guess_w_, &remembered_, &cut_, &solves_, &expected_.first, &expected_.contraction})
    exchange_number(archive, halo, *number);
  for (std::size_t f = 0; f < 6; ++f) exchange_whole(archive, equations_.grid(), halo, unknowns_.data() + f * cells);
  Values<double> one(cells);
  for (auto& six : precession_) {
    for (std::size_t f = 0; f < 6; ++f) {
      float* values = six.data() + f * cells;
      std::copy_n(values, cells, one.data());
      exchange_whole(archive, equations_.grid(), halo, one.data());
      std::transform(one.begin(), one.end(), values, [](double value) { return static_cast<float>(value); });
    }
  }
}

}  // namespace vitrispin::dynamics::grid
