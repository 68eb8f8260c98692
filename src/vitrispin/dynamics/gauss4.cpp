#include "vitrispin/dynamics/gauss4.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/array_loops.hpp"
#include "vitrispin/dynamics/equations.hpp"
#include "vitrispin/dynamics/gauss4_rule.hpp"

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize( \
    "cx-limited-range")  // nothing here overflows half way: the textbook product of complex numbers serves
#endif

namespace vitrispin::dynamics {
namespace {

using Complex = std::complex<double>;
using namespace gauss4_rule;

void combine(const Forcing& start, const Forcing& middle, const Forcing& end, const std::array<double, 3>& weights,
             Forcing& out) {
  const double a = weights[0], b = weights[1], c = weights[2];
  const auto vector = [&](Vector3<double> Forcing::*member) {
    out.*member = a * (start.*member) + b * (middle.*member) + c * (end.*member);
  };
  vector(&Forcing::left_current);
  vector(&Forcing::right_current);
  vector(&Forcing::left_potential);
  vector(&Forcing::right_potential);
  for (std::size_t k = 0; k < 3; ++k) {
    out.field[k].resize(start.field[k].size());
    for (std::size_t i = 0; i < out.field[k].size(); ++i) {
      out.field[k][i] = a * start.field[k][i] + b * middle.field[k][i] + c * end.field[k][i];
    }
  }
  out.anisotropy = middle.anisotropy;
}

}  // namespace

Gauss4::Gauss4(const Line& line, ForcingAt forcing_at, bool constant)
    : line_(line),
      forcing_at_(std::move(forcing_at)),
      constant_(constant),
      solver_(line),
      right_(line.nodes()),
      solution_(line.nodes()) {
  for (auto* pair : {&increment_, &stage_, &constant_part_, &precession_}) {
    for (auto& fields : *pair) fields = Fields<double>(line.nodes());
  }
  scratch_ = Fields<double>(line.nodes());
  for (auto& set : potentials_) set = Potentials<double>(line.nodes());
}

/// The work of changing K at a fixed state.
void Gauss4::jump_to(const std::vector<double>& anisotropy, const Fields<double>& state, Balance& balance) {
  for (std::size_t s = 0; s < anisotropy.size(); ++s) {
    const double change = anisotropy[s] - booked_anisotropy_[s];
    if (change != 0) balance.work.drive += change * squared_twist(line_, s, state) / 2;
  }
  booked_anisotropy_ = anisotropy;
}

void Gauss4::prepare(double t, double h, Fields<double>& state, Balance& balance) {
  if (!constant_ || booked_anisotropy_.empty()) {
    forcing_at_(t, start_);
    forcing_at_(t + h / 2, middle_);
    forcing_at_(t + h, end_);
    for (std::size_t j = 0; j < 2; ++j) {
      const Quadratic by = quadratic(stage_time[j]);
      combine(start_, middle_, end_, by.value, stage_forcing_[j]);
      combine(start_, middle_, end_, by.change, stage_change_[j]);
    }
    booked_anisotropy_ = start_.anisotropy;
    jump_to(middle_.anisotropy, state, balance);
  }
  if (h != factorised_h_ || factorised_anisotropy_ != middle_.anisotropy) {
    solver_.factorise(h * lambda, middle_.anisotropy);
    factorised_h_ = h;
    factorised_anisotropy_ = middle_.anisotropy;
  }
}

/// Both stages; false if the iteration on precession does not contract well.
bool Gauss4::solve_stages(double h, const Fields<double>& state) {
  const std::size_t all = 9 * line_.nodes();
  const std::size_t magnetic = 6 * line_.nodes();
  for (int j = 0; j < 2; ++j) {
    potentials(line_, stage_forcing_[j], state, potentials_[j]);
    linear_rates(line_, stage_forcing_[j], state, potentials_[j], constant_part_[j]);
    std::fill_n(precession_[j].values().begin(), magnetic, 0.0);
    add_precession(line_, state, potentials_[j], 1.0, precession_[j]);
  }
  constexpr double rounding = 4 * std::numeric_limits<double>::epsilon();
  double before = std::numeric_limits<double>::infinity();
  const Complex weight1 = h * lambda;
  const Complex weight2 = h * lambda * Complex(0, y2);
  for (int iteration = 1; iteration <= 60; ++iteration) {
    for (std::size_t i = 0; i < all; ++i) {
      double g1 = constant_part_[0].values()[i], g2 = constant_part_[1].values()[i];
      if (i < magnetic) {
        g1 += precession_[0].values()[i];
        g2 += precession_[1].values()[i];
      }
      right_.values()[i] = weight1 * g1 + weight2 * g2;
    }
    solver_.solve(right_, solution_);
    ++solves_;
    for (std::size_t i = 0; i < all; ++i) {
      increment_[0].values()[i] = solution_.values()[i].real();
      increment_[1].values()[i] = solution_.values()[i].imag() / y2;
    }
    double residual = 0, size = 0;
    for (int j = 0; j < 2; ++j) {
      add_scaled(all, state.values().data(), 1.0, increment_[j].values().data(), stage_[j].values().data());
      potentials_and_precession(line_, stage_forcing_[j], stage_[j], potentials_[j], scratch_);
      const double change = largest_difference(magnetic, scratch_.values().data(), precession_[j].values().data());
      if (!std::isfinite(change)) return false;  // before std::max, which drops a NaN
      residual = std::max(residual, h / 2 * change);
      size = std::max(size, largest(magnetic, stage_[j].values().data()));
      std::swap(scratch_.values(), precession_[j].values());
    }
    if (residual <= rounding * size) return true;
    const bool slow = residual > 0.3 * before;
    if (slow) return residual <= 64 * rounding * size;
    before = residual;
  }
  return false;
}

void Gauss4::advance(double t, double h, int halvings, Fields<double>& state, Balance& balance) {
  prepare(t, h, state, balance);
  if (!solve_stages(h, state)) {
    if (halvings == 20) throw ConvergenceError("the stages of a Gauss step; a smaller `dt` helps", 60, 1, 1e-15);
    if (constant_) booked_anisotropy_ = middle_.anisotropy;
    jump_to(start_.anisotropy, state, balance);  // undone: the halves book their own
    advance(t, h / 2, halvings + 1, state, balance);
    advance(t + h / 2, h / 2, halvings + 1, state, balance);
    return;
  }
  for (std::size_t j = 0; j < 2; ++j) {
    balance.dissipated.add(h / 2, dissipated_power(line_, stage_forcing_[j], stage_[j], potentials_[j]));
    if (balance.heat != nullptr) add_heat(h / 2, line_, stage_forcing_[j], stage_[j], potentials_[j], balance.heat);
    for (const OuterFace* face : {&line_.left(), &line_.right()}) {
      for (std::size_t k = 0; k < 3; ++k) {
        scratch_.theta(k)[face->cell] =
            slope(j, increment_[0].theta(k)[face->cell], increment_[1].theta(k)[face->cell]) / h;
      }
    }
    balance.work.boundary += h / 2 * boundary_power(line_, stage_forcing_[j], stage_[j], potentials_[j], scratch_);
    balance.work.drive += field_work(line_, stage_[j], stage_change_[j].field) / 2;
  }
  const std::size_t all = 9 * line_.nodes();
  for (std::size_t i = 0; i < all; ++i) {
    state.values()[i] += root3 * (increment_[1].values()[i] - increment_[0].values()[i]);
  }
  if (!constant_) jump_to(end_.anisotropy, state, balance);
}

void Gauss4::step(double t, double h, Fields<double>& state, Balance& balance) {
  advance(t, h, 0, state, balance);
}

}  // namespace vitrispin::dynamics
