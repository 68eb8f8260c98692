// Orders of convergence in time, and that the adaptive method makes the error it is asked for.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <numbers>

#include "dynamics/moderate_glass.hpp"
#include "dynamics/random_lines.hpp"
#include "vitrispin/dynamics/adaptive.hpp"
#include "vitrispin/dynamics/explicit_adaptive.hpp"
#include "vitrispin/dynamics/gauss4.hpp"
#include "vitrispin/dynamics/midpoint.hpp"

namespace vitrispin::dynamics {
namespace {

using physics::Drive;
using physics::DriveTarget;
using physics::WaveShape;

constexpr double duration = 1e-10;

/// Two glasses and a metal whose times are all of the order of the duration, so that a few dozen steps show the order;
/// a field across the remanence, currents and mixing.
physics::Stack moderate_stack() {
  physics::MaterialSpecification given = test::moderate_glass();
  given.M0 = Vector3<double>{30, -20, 100};
  physics::Stack stack;
  stack.layers.push_back({"first", "first", physics::make_material(given), 6e-8});
  given.chi_M = 0.03;
  given.xi = 0.5;
  given.K = 1.0;
  given.M0 = Vector3<double>{0, 50, -40};
  stack.layers.push_back({"second", "second", physics::make_material(given), 4e-8});
  physics::MaterialSpecification metal;
  metal.kind = physics::MaterialKind::metal;
  metal.chi_m = 0.01;
  metal.tau_mL = 5e-11;
  metal.D = 2e-6;
  stack.layers.push_back({"metal", "metal", physics::make_material(metal), 4e-8});
  stack.layers[0].cells = 4;
  stack.layers[1].cells = 3;
  stack.layers[2].cells = 3;
  stack.interfaces.resize(2);
  stack.interfaces[0].conductance = 30;
  stack.interfaces[1].mixing = 1e17;
  stack.left.accumulation = physics::AccumulationBoundary::current;
  stack.left.current = {3, 1, -2};
  stack.right.accumulation = physics::AccumulationBoundary::contact;
  stack.right.conductance = 20;
  stack.H = {2e3, 1e3, -3e3};
  return stack;
}

std::vector<Drive> smooth_drives(bool field, bool anisotropy) {
  std::vector<Drive> drives;
  const auto add = [&](DriveTarget target, std::size_t component, double amplitude, double frequency) {
    Drive drive;
    drive.target = target;
    drive.component = component;
    drive.wave.shape = WaveShape::sine;
    drive.wave.amplitude = amplitude;
    drive.wave.frequency = frequency;
    drive.wave.phase = 0.3;
    drives.push_back(drive);
  };
  if (field) {
    add(DriveTarget::field, 0, 800, 0.7 / duration);
    drives.back().k = 2e7;
    add(DriveTarget::field, 1, 500, 0.4 / duration);
    add(DriveTarget::left_current, 2, 2, 0.6 / duration);
    add(DriveTarget::right_potential, 0, 300, 0.5 / duration);
  }
  if (anisotropy) {
    add(DriveTarget::anisotropy, 0, 0.4, 0.6 / duration);
    drives.back().material = "first";
  }
  return drives;
}

struct Case {
  physics::Stack stack = moderate_stack();
  Line line{stack};
  DrivenForcing forcing;
  Fields<double> start;

  explicit Case(std::vector<Drive> drives) : forcing(line, std::move(drives), {"first", "second", "metal"}) {
    test::RandomLines random;
    start = random.state(line, 2e3, 0.02);
  }
  ForcingAt at() const {
    return [this](double t, Forcing& result) { forcing.at(t, result); };
  }
};

template <class Method>
Fields<double> run(const Case& c, int steps) {
  Method method(c.line, c.at(), c.forcing.constant());
  Fields<double> z = c.start;
  Balance balance;
  const double h = duration / steps;
  for (int i = 0; i < steps; ++i) method.step(i * h, h, z, balance);
  return z;
}

Adaptive adaptive_pair(const Case& c, double relative) {
  ErrorBounds bounds;
  bounds.relative = relative;
  return {c.line, c.forcing, bounds};
}

ExplicitAdaptive explicit_pair(const Case& c, double relative) {
  ErrorBounds bounds;
  bounds.relative = relative;
  return {rates_of_line(c.line, c.forcing), c.line.nodes(), bounds};
}

/// Steps of one length: errors of any size are allowed.
template <class Method>
Fields<double> run_pair(const Case& c, int steps, Method method) {
  Fields<double> z = c.start;
  Balance balance;
  const double h = duration / steps;
  for (int i = 0; i < steps; ++i) {
    method.set_next_step(h);
    method.advance(i * h, (i + 1) * h, z, balance, {});
  }
  EXPECT_EQ(method.steps(), steps);
  return z;
}

Fields<double> run_adaptive_pair(const Case& c, int steps) {
  return run_pair(c, steps, adaptive_pair(c, 1e6));
}

Fields<double> run_explicit_pair(const Case& c, int steps) {
  return run_pair(c, steps, explicit_pair(c, 1e6));
}

/// Largest difference of each field, relative to its largest value; the worst of the three.
double distance(const Line& line, const Fields<double>& a, const Fields<double>& b) {
  double worst = 0;
  const std::size_t field = 3 * line.nodes();
  for (std::size_t f = 0; f < 3; ++f) {
    double most = 0, size = 0;
    for (std::size_t i = f * field; i < (f + 1) * field; ++i) {
      most = std::max(most, std::abs(a.values()[i] - b.values()[i]));
      size = std::max(size, std::abs(b.values()[i]));
    }
    worst = std::max(worst, most / size);
  }
  return worst;
}

/// Slope of log(error) over log(steps) by least squares.
double fitted_order(const std::vector<double>& errors) {
  const auto n = static_cast<double>(errors.size());
  double x = 0, y = 0, xx = 0, xy = 0;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    const double step = static_cast<double>(i) * std::log(2.0), error = std::log(errors[i]);
    x += step;
    y += error;
    xx += step * step;
    xy += step * error;
  }
  return -(n * xy - x * y) / (n * xx - x * x);
}

void expect_order(double order, const Case& c, int coarsest, const std::function<Fields<double>(const Case&, int)>& run,
                  const Fields<double>& exact) {
  std::vector<double> errors;
  for (int n = 0; n < 4; ++n) errors.push_back(distance(c.line, run(c, coarsest << n), exact));
  EXPECT_NEAR(fitted_order(errors), order, 0.1)
      << errors[0] << " " << errors[1] << " " << errors[2] << " " << errors[3];
}

/// Steps at which truncation (1e-10) and rounding, which grows with their number, are alike.
constexpr int finest_pair = 256;

TEST(TimeOrder, OfTheMidpointRuleIsTwoWithEveryDrive) {
  for (const bool driven : {false, true}) {
    const Case c(smooth_drives(driven, driven));
    expect_order(2, c, 64, run<Midpoint>, run_adaptive_pair(c, finest_pair));
  }
}

TEST(TimeOrder, OfGaussCollocationIsFourInConstantAndInChangingFields) {
  for (const bool driven : {false, true}) {
    const Case c(smooth_drives(driven, false));
    expect_order(4, c, 32, run<Gauss4>, run<Gauss4>(c, 2048));
  }
}

TEST(TimeOrder, OfTheAdaptivePairIsFourAtFixedStepWithEveryDrive) {
  for (const bool driven : {false, true}) {
    const Case c(smooth_drives(driven, driven));
    // Gauss collocation holds an anisotropy within a step, to second order: it is no reference for one that changes
    expect_order(4, c, 8, run_adaptive_pair, driven ? run_adaptive_pair(c, finest_pair) : run<Gauss4>(c, 1024));
  }
}

TEST(TimeOrder, OfTheExplicitPairIsFourAtFixedStepWithEveryDrive) {
  for (const bool driven : {false, true}) {
    const Case c(smooth_drives(driven, driven));
    // the contact node's rate is 3e11/s: coarser steps are no longer small against it
    expect_order(4, c, 32, run_explicit_pair, driven ? run_adaptive_pair(c, 512) : run<Gauss4>(c, 2048));
  }
}

template <class Make>
void expect_error_follows_tolerance(const Make& make) {
  const Case c(smooth_drives(true, true));
  const Fields<double> exact = run_adaptive_pair(c, finest_pair);
  double before = 1;
  for (const double relative : {1e-4, 1e-6, 1e-8}) {
    auto method = make(c, relative);
    Fields<double> z = c.start;
    Balance balance;
    method.advance(0, duration, z, balance, {});
    const double error = distance(c.line, z, exact);
    // errors of single steps, some dozens of them, add up to a few times what each may make
    EXPECT_LE(error, 30 * relative);
    EXPECT_LE(error, before / 10);
    before = error;
  }
}

TEST(Adaptive, MakesAnErrorThatFollowsTheToleranceAskedFor) {
  expect_error_follows_tolerance(adaptive_pair);
}

TEST(ExplicitAdaptive, MakesAnErrorThatFollowsTheToleranceAskedFor) {
  expect_error_follows_tolerance(explicit_pair);
}

template <class Make>
void expect_imbalance_measures_error(const Make& make) {
  const Case c(smooth_drives(true, true));
  for (const double relative : {1e-4, 1e-6, 1e-8}) {
    auto method = make(c, relative);
    Fields<double> z = c.start;
    Balance balance;
    Forcing first, last;
    c.forcing.at(0, first);
    c.forcing.at(duration, last);
    method.advance(0, duration, z, balance, {});
    const double change = free_energy(c.line, last, z) - free_energy(c.line, first, c.start);
    const double imbalance =
        std::abs(change + balance.dissipated.total() - balance.work.total()) / balance.dissipated.total();
    EXPECT_LE(imbalance, 30 * relative);
  }
}

TEST(Adaptive, LedgersImbalanceMeasuresTheError) {
  expect_imbalance_measures_error(adaptive_pair);
}

TEST(ExplicitAdaptive, LedgersImbalanceMeasuresTheError) {
  expect_imbalance_measures_error(explicit_pair);
}

/// A film of one glass and how many of its steps stability held, out of how many.
std::array<double, 2> held_steps(const physics::MaterialSpecification& given, int cells, double width,
                                 double duration_of_run) {
  physics::Stack stack;
  stack.layers.push_back({"film", "film", physics::make_material(given), width * cells});
  stack.layers[0].cells = cells;
  const Line line(stack);
  const DrivenForcing none(line, {}, {"film"});
  Fields<double> z(line.nodes());
  for (std::size_t i = 0; i < line.nodes(); ++i) {
    const double place = std::numbers::pi * (static_cast<double>(i) + 0.5) / cells;
    for (std::size_t k = 0; k < 3; ++k) {
      z.m(k)[i] = 10 * std::cos(place);
      z.theta(k)[i] = 1e-3 * std::cos(2 * place);
    }
  }
  ExplicitAdaptive method(rates_of_line(line, none), line.nodes(), {});
  Balance balance;
  method.advance(0, duration_of_run, z, balance, {});
  return {static_cast<double>(method.held()), static_cast<double>(method.steps())};
}

TEST(ExplicitAdaptive, CountsTheStepsThatStabilityHoldsWhateverIsStiff) {
  physics::MaterialSpecification given = test::moderate_glass();
  const auto [loose, loose_steps] = held_steps(given, 16, 2e-8, 5e-10);
  EXPECT_EQ(loose, 0) << loose_steps;
  for (int stiff = 0; stiff < 4; ++stiff) {
    physics::MaterialSpecification fast = given;
    if (stiff == 0) fast.D = 1e-3;                          // diffusion, over cells
    if (stiff == 1) fast.tau_Mm = 1e-14;                    // exchange
    if (stiff == 2) fast.rho_s = 2e-11, fast.alpha = 1e-3;  // return of the texture, damped
    if (stiff == 3)
      fast.rho_s = 2e-11, fast.alpha = 0;  // waves of the length of cells, forty times faster than what moves
    const int cells = stiff == 3 ? 128 : 16;
    const auto [held, steps] = held_steps(fast, cells, 3.2e-7 / cells, 5e-10);
    EXPECT_GT(held, 0.5 * steps) << "case " << stiff << ", " << steps << " steps";
  }
}

}  // namespace
}  // namespace vitrispin::dynamics
