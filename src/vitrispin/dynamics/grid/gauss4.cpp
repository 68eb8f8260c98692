#include "vitrispin/dynamics/grid/gauss4.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/array_loops.hpp"
#include "vitrispin/dynamics/gauss4_rule.hpp"
#include "vitrispin/dynamics/grid/ledger.hpp"
#include "vitrispin/dynamics/grid/step_parts.hpp"

namespace vitrispin::dynamics::grid {
namespace {

using namespace gauss4_rule;

const double real_weight = std::abs(lambda);  ///< of the solver's step, over h
constexpr double turn = 2 - root3;            ///< tan 15 degrees
/// Of the solver in a correction: small against the 0.27 that it leaves; and where smooth fields, of which a residual tells
/// little, need more.
constexpr std::array<double, 4> tolerances{0.03, 1e-3, 1e-6, 0};  // 0: to rounding
constexpr int most_corrections = 80;

void combine(const Forcing& start, const Forcing& middle, const Forcing& end, const std::array<double, 3>& weights,
             Forcing& out) {
  const double a = weights[0], b = weights[1], c = weights[2];
  const auto vectors = [&](std::vector<Vector3<double>> Forcing::*member) {
    (out.*member).resize((start.*member).size());
    for (std::size_t i = 0; i < (out.*member).size(); ++i)
      (out.*member)[i] = a * (start.*member)[i] + b * (middle.*member)[i] + c * (end.*member)[i];
  };
  vectors(&Forcing::current);
  vectors(&Forcing::potential);
  for (std::size_t k = 0; k < 3; ++k) {
    out.field[k].resize(start.field[k].size());
    for (std::size_t i = 0; i < out.field[k].size(); ++i)
      out.field[k][i] = a * start.field[k][i] + b * middle.field[k][i] + c * end.field[k][i];
  }
  out.anisotropy = middle.anisotropy;
}

}  // namespace

Gauss4::Gauss4(Equations& equations, const DrivenForcing& forcing, const SolverMaker& solver)
    : equations_(equations),
      forcing_(forcing),
      elimination_(equations.sweep()),
      solver_(solver(equations.grid(), equations.sweep().halo())),
      stage_(equations.grid().cells()) {
  const std::size_t cells = equations.grid().cells();
  for (auto* pair : {&increment_, &rate_})
    for (auto& fields : *pair) fields = Fields<double>(cells);
  for (auto* six : {&right_, &unknowns_}) six->resize(6 * cells);
}

double Gauss4::largest(std::size_t n, const double* values) const {
  return equations_.sweep().halo().largest(dynamics::largest(n, values));
}

void Gauss4::prepare(double t, double h) {
  forcing_.at(t, start_);
  forcing_.at(t + h / 2, middle_);
  forcing_.at(t + h, end_);
  for (std::size_t j = 0; j < 2; ++j) {
    const Quadratic by = quadratic(stage_time[j]);
    combine(start_, middle_, end_, by.value, stage_forcing_[j]);
    combine(start_, middle_, end_, by.change, stage_change_[j]);
  }
  if (h == factorised_h_ && middle_.anisotropy == factorised_anisotropy_) return;
  solver_->factorise(elimination_.prepare(real_weight * h, middle_.anisotropy));
  factorised_h_ = h;
  factorised_anisotropy_ = middle_.anisotropy;
}

void Gauss4::to_stage(const Fields<double>& state, std::size_t j) {
  add_scaled(state.values().size(), state.values().data(), 1.0, increment_[j].values().data(), stage_.values().data());
}

/// The rates of the stages become r, multiplied by 1 - i tan 15 degrees.
void Gauss4::residual(double h) {
  const double a = h * lambda.real(), b = h * lambda.imag();
  const double* z1 = increment_[0].values().data();
  const double* z2 = increment_[1].values().data();
  double* first = rate_[0].values().data();
  double* second = rate_[1].values().data();
  for (std::size_t i = 0; i < rate_[0].values().size(); ++i) {
    const double real = a * first[i] - b * y2 * second[i] - z1[i];
    const double imaginary = b * first[i] + a * y2 * second[i] - y2 * z2[i];
    first[i] = real + turn * imaginary;
    second[i] = imaginary - turn * real;
  }
}

/// increment += weight (1 - |lambda| h L)^-1 of one part of r.
void Gauss4::correct(std::size_t part, double weight, double tolerance, Fields<double>& increment) {
  const std::size_t cells = equations_.grid().cells();
  const Components right_p = three(right_.data(), cells), right_theta = three(right_.data() + 3 * cells, cells);
  const Components p = three(unknowns_.data(), cells), theta = three(unknowns_.data() + 3 * cells, cells);
  const StateView r(rate_[part]);
  elimination_.eliminate(r, right_p, right_theta);
  std::fill(unknowns_.begin(), unknowns_.end(), 0.0);
  solves_ += static_cast<double>(solver_->solve(constant(right_p), constant(right_theta), p, theta, tolerance));
  elimination_.recover(r, constant(p), constant(theta), right_p, right_theta);
  accumulate(6 * cells, weight, right_.data(), increment.values().data());
  accumulate(3 * cells, weight, theta[0], increment.theta(0));
  // Both parts with the larger weight: what is corrected turns from one into the other, and shrinks steadily in both together.
  correction_.magnetic = std::max(correction_.magnetic, largest(6 * cells, right_.data()) / y2);
  correction_.twist = std::max(correction_.twist, largest(3 * cells, theta[0]) / y2);
}

/// Both stages; false if the corrections do not shrink well.
bool Gauss4::solve_stages(double h, const Fields<double>& state) {
  const std::size_t magnetic = 6 * equations_.grid().cells();
  for (auto& fields : increment_) std::fill(fields.values().begin(), fields.values().end(), 0.0);
  constexpr double rounding = 4 * std::numeric_limits<double>::epsilon();
  constexpr double unknown = std::numeric_limits<double>::infinity();
  double before = unknown;
  std::size_t level = 0;
  for (int iteration = 1; iteration <= most_corrections; ++iteration) {
    Size size;
    for (std::size_t j = 0; j < 2; ++j) {
      to_stage(state, j);
      size.magnetic = std::max(size.magnetic, largest(magnetic, stage_.values().data()));
      size.twist = std::max(size.twist, largest(magnetic / 2, stage_.theta(0)));
      equations_.rates(StateView(stage_), stage_forcing_[j], true, rate_[j]);
    }
    residual(h);
    correction_ = {};
    correct(0, 1, tolerances[level], increment_[0]);
    correct(1, 1 / y2, tolerances[level], increment_[1]);
    if (!std::isfinite(correction_.magnetic + correction_.twist + size.magnetic + size.twist)) return false;
    const auto share = [](double part, double of) { return part == 0 ? 0 : part / std::max(part, of); };
    const double relative = std::max(share(correction_.magnetic, size.magnetic), share(correction_.twist, size.twist));
    const bool done = relative <= rounding, slow = relative > 0.5 * before;
    if (tolerances[level] > 0 && (done || slow)) {
      level = done ? tolerances.size() - 1 : level + 1;  // what is done must be so with nothing left by the solver
      before = unknown;
      continue;
    }
    if (done) return true;
    if (relative > 0.8 * before) return relative <= 64 * rounding;
    before = relative;
  }
  return false;
}

/// The work of changing K at a fixed state.
void Gauss4::work_of_anisotropy(const std::vector<double>& from, const std::vector<double>& to,
                                const Fields<double>& state, Balance& balance) {
  if (from == to) return;
  const std::vector<double> squares = squared_twist(equations_.sweep(), StateView(state));
  for (std::size_t d = 0; d < squares.size(); ++d) balance.work.drive += (to[d] - from[d]) * squares[d] / 2;
}

/// Dissipation and work with the Gauss weights.
void Gauss4::book(double h, const Fields<double>& state, Balance& balance) {
  for (std::size_t j = 0; j < 2; ++j) {
    to_stage(state, j);
    const auto theta_rate = [&](std::size_t k, std::size_t cell) {
      return slope(j, increment_[0].theta(k)[cell], increment_[1].theta(k)[cell]) / h;
    };
    const Power flow = power(equations_.sweep(), stage_forcing_[j], StateView(stage_), theta_rate);
    balance.dissipated.add(h / 2, flow.dissipated);
    if (balance.heat != nullptr)
      add_heat(h / 2, equations_.sweep(), stage_forcing_[j], StateView(stage_), balance.heat);
    balance.work.boundary += h / 2 * flow.boundary;
    if (stage_change_[j].changes_field())
      balance.work.drive += field_work(equations_.sweep(), StateView(stage_), stage_change_[j].field) / 2;
  }
}

void Gauss4::advance(double t, double h, int halvings, Fields<double>& state, Balance& balance) {
  prepare(t, h);
  if (!solve_stages(h, state)) {
    if (halvings == 20) throw ConvergenceError("the stages of a Gauss step; a smaller `dt` helps", 60, 1, 1e-15);
    advance(t, h / 2, halvings + 1, state, balance);
    advance(t + h / 2, h / 2, halvings + 1, state, balance);
    return;
  }
  book(h, state, balance);
  work_of_anisotropy(start_.anisotropy, middle_.anisotropy, state, balance);
  accumulate(state.values().size(), -root3, increment_[0].values().data(), root3, increment_[1].values().data(),
             state.values().data());
  work_of_anisotropy(middle_.anisotropy, end_.anisotropy, state, balance);
}

void Gauss4::step(double t, double h, Fields<double>& state, Balance& balance) {
  advance(t, h, 0, state, balance);
}

void Gauss4::exchange(Archive& archive) {
  exchange_number(archive, equations_.sweep().halo(), solves_);
}

}  // namespace vitrispin::dynamics::grid
