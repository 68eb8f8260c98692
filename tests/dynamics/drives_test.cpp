// Waveforms against their formulas, their rates against differences, and what each drive acts on.
#include <gtest/gtest.h>

#include <cmath>

#include "dynamics/random_lines.hpp"
#include "vitrispin/dynamics/drives.hpp"

namespace vitrispin::dynamics {
namespace {

using physics::Drive;
using physics::DriveTarget;
using physics::Waveform;
using physics::WaveShape;

constexpr double two_pi = 2 * constants::pi;

Waveform sine() {
  Waveform w;
  w.shape = WaveShape::sine;
  w.amplitude = 3;
  w.frequency = 0.7;
  w.phase = 0.4;
  return w;
}
Waveform pulse() {
  Waveform w;
  w.shape = WaveShape::pulse;
  w.amplitude = -2;
  w.center = 1.3;
  w.width = 0.4;
  return w;
}
Waveform ramp() {
  Waveform w;
  w.shape = WaveShape::ramp;
  w.from = 1;
  w.to = -3;
  w.start = 0.5;
  w.end = 2;
  return w;
}
Waveform chirp() {
  Waveform w;
  w.shape = WaveShape::chirp;
  w.amplitude = 2;
  w.frequency = 0.5;
  w.end_frequency = 3;
  w.end = 4;
  w.phase = -0.3;
  return w;
}
Waveform table() {
  Waveform w;
  w.shape = WaveShape::table;
  w.times = {0.5, 1, 2.5};
  w.values = {1, 4, -2};
  return w;
}

TEST(Waveforms, ValuesAreTheFormulas) {
  for (const double t : {-1.0, 0.0, 0.3, 0.9, 1.7, 3.9}) {
    // one or two roundings of the argument of a function of slope of order ten
    constexpr double rounding = 1e-13;
    EXPECT_NEAR(sine().value(t), 3 * std::sin(two_pi * 0.7 * t + 0.4), rounding);
    EXPECT_NEAR(pulse().value(t), -2 * std::exp(-(t - 1.3) * (t - 1.3) / (2 * 0.16)), rounding);
    EXPECT_NEAR(chirp().value(t), 2 * std::sin(two_pi * (0.5 * t + 2.5 * t * t / 8) - 0.3), rounding);
    const double along = std::min(std::max((t - 0.5) / 1.5, 0.0), 1.0);
    EXPECT_NEAR(ramp().value(t), 1 - 4 * along, rounding);
    const double expected = t <= 0.5 ? 1 : t <= 1 ? 1 + 6 * (t - 0.5) : t <= 2.5 ? 4 - 4 * (t - 1) : -2;
    EXPECT_NEAR(table().value(t), expected, rounding);
  }
}

TEST(Waveforms, AChirpReachesItsEndFrequencyAtItsEnd) {
  const Waveform w = chirp();
  const auto phase = [](double t) { return two_pi * (0.5 * t + 2.5 * t * t / 8); };
  EXPECT_NEAR((phase(4 + 1e-6) - phase(4 - 1e-6)) / 2e-6 / two_pi, 3, 1e-8);
  EXPECT_NEAR(w.rate(4), 2 * two_pi * 3 * std::cos(phase(4) - 0.3), 1e-12);
}

TEST(Waveforms, RatesAreTheDerivativesOfTheValues) {
  for (const Waveform& w : {sine(), pulse(), ramp(), chirp(), table()}) {
    for (const double t : {0.1, 0.7, 1.21, 1.9, 2.2, 3.3}) {
      const double h = 1e-3;  // sixth-order differences: (h omega)^6/140 of the largest rate of about 40
      const double difference =
          (45 * (w.value(t + h) - w.value(t - h)) - 9 * (w.value(t + 2 * h) - w.value(t - 2 * h)) +
           (w.value(t + 3 * h) - w.value(t - 3 * h))) /
          (60 * h);
      EXPECT_NEAR(w.rate(t), difference, 1e-10) << static_cast<int>(w.shape) << " " << t;
    }
  }
}

TEST(Waveforms, AtACornerTheRateIsThatOfTheSideAfterIt) {
  EXPECT_DOUBLE_EQ(ramp().rate(0.5), -4 / 1.5);
  EXPECT_EQ(ramp().rate(2), 0);
  EXPECT_EQ(ramp().rate(0.5 - 1e-12), 0);
  EXPECT_DOUBLE_EQ(table().rate(0.5), 6);
  EXPECT_DOUBLE_EQ(table().rate(1), -4);
  EXPECT_EQ(table().rate(2.5), 0);
  EXPECT_EQ(table().rate(0.4), 0);
}

TEST(Waveforms, CornersAreWhereTheRateJumps) {
  EXPECT_TRUE(sine().corners().empty());
  EXPECT_TRUE(pulse().corners().empty());
  EXPECT_TRUE(chirp().corners().empty());
  for (const Waveform& w : {ramp(), table()}) {
    for (const double t : w.corners()) {
      EXPECT_GT(std::abs(w.rate(t + 1e-9) - w.rate(t - 1e-9)), 1) << t;
      EXPECT_NEAR(w.value(t + 1e-9), w.value(t - 1e-9), 1e-7) << t;
    }
  }
  EXPECT_EQ(ramp().corners(), (std::vector<double>{0.5, 2}));
  EXPECT_EQ(table().corners(), (std::vector<double>{0.5, 1, 2.5}));
}

physics::Stack two_glasses() {
  test::RandomLines random;
  physics::Stack stack;
  stack.layers = {random.glass(), random.glass()};
  stack.layers[0].cells = 3;
  stack.layers[1].cells = 5;
  stack.interfaces.resize(1);
  stack.left.accumulation = physics::AccumulationBoundary::current;
  stack.left.current = {1, 2, 3};
  stack.right.accumulation = physics::AccumulationBoundary::contact;
  stack.right.conductance = 10;
  stack.right.potential = {4, 5, 6};
  stack.H = {0, 0, 100};
  return stack;
}

Drive drive(DriveTarget target, std::size_t component, const Waveform& wave) {
  Drive result;
  result.target = target;
  result.component = component;
  result.wave = wave;
  return result;
}

TEST(DrivenForcing, AddsEveryDriveToWhatTheFileGives) {
  const Line line(two_glasses());
  Drive gradient = drive(DriveTarget::field, 0, sine());
  gradient.k = 3e7;
  Drive slow = drive(DriveTarget::anisotropy, 0, ramp());
  slow.material = "second";
  const DrivenForcing forcing(
      line,
      {drive(DriveTarget::field, 0, pulse()), gradient, slow, drive(DriveTarget::left_current, 1, chirp()),
       drive(DriveTarget::right_potential, 2, table())},
      {"first", "second"});
  EXPECT_FALSE(forcing.constant());
  EXPECT_TRUE(forcing.changes_anisotropy());
  for (const double t : {0.2, 0.9, 1.6}) {
    Forcing now, change;
    forcing.at(t, now);
    forcing.rate(t, change);
    ASSERT_EQ(now.field[0].size(), line.nodes());
    EXPECT_TRUE(now.field[1].empty());
    EXPECT_TRUE(now.field[2].empty());
    for (std::size_t i = 0; i < line.nodes(); ++i) {
      const double wave = std::cos(3e7 * line.positions()[i]);
      EXPECT_DOUBLE_EQ(now.field[0][i], pulse().value(t) + sine().value(t) * wave);
      EXPECT_DOUBLE_EQ(change.field[0][i], pulse().rate(t) + sine().rate(t) * wave);
    }
    EXPECT_EQ(now.anisotropy[0], line.segments()[0].material.anisotropy);
    EXPECT_EQ(now.anisotropy[1], line.segments()[1].material.anisotropy + ramp().value(t));
    EXPECT_EQ(change.anisotropy[0], 0);
    EXPECT_EQ(change.anisotropy[1], ramp().rate(t));
    EXPECT_EQ(now.left_current, (Vector3<double>{1, 2 + chirp().value(t), 3}));
    EXPECT_EQ(now.right_potential, (Vector3<double>{4, 5, 6 + table().value(t)}));
    EXPECT_EQ(now.right_current, (Vector3<double>{}));
    EXPECT_EQ(now.left_potential, (Vector3<double>{}));
  }
}

TEST(DrivenForcing, ReportsCornersInsideTheRunOnceAndInOrder) {
  const Line line(two_glasses());
  const DrivenForcing forcing(
      line, {drive(DriveTarget::field, 0, table()), drive(DriveTarget::left_current, 1, ramp())}, {"a", "b"});
  EXPECT_EQ(forcing.corners(3), (std::vector<double>{0.5, 1, 2, 2.5}));
  EXPECT_EQ(forcing.corners(2), (std::vector<double>{0.5, 1}));
}

TEST(DrivenForcing, WithoutDrivesIsTheLinesOwn) {
  const Line line(two_glasses());
  const DrivenForcing forcing(line, {}, {"a", "b"});
  EXPECT_TRUE(forcing.constant());
  EXPECT_FALSE(forcing.changes_anisotropy());
  Forcing now;
  forcing.at(7, now);
  EXPECT_FALSE(now.changes_field());
  EXPECT_EQ(now.left_current, (Vector3<double>{1, 2, 3}));
  EXPECT_EQ(now.anisotropy[1], line.segments()[1].material.anisotropy);
}

}  // namespace
}  // namespace vitrispin::dynamics
