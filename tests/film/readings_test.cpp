// What is read off a solved film: the voltage of a spin Hall detector and the current at which a texture turns by 0.3 rad.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "film/random_stacks.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/film/detector.hpp"
#include "vitrispin/film/small_angles.hpp"

namespace vitrispin::film {
namespace {

/// One decay length of a metal, closed at the far side: <j> = j tanh(1/2). With j = 1 A/s, gamma = 1.76085963023e11:
/// -j/gamma = -2.62438e-12 J/m^2, times 2e/hbar = 3.03853e15 is -7974.3 A/m^2, times theta_SH/sigma = 1e-7 ohm m.
TEST(Detector, ReadsTheInverseSpinHallFieldOfTheMeanCurrent) {
  physics::MaterialSpecification given;
  given.kind = physics::MaterialKind::metal;
  given.gamma = 1.76085963023e11;
  given.chi_m = 1e-4;
  given.tau_mL = 1e-13;
  given.D = 1e-3;
  given.spin_hall_angle = 0.1;
  given.conductivity = 1e6;
  physics::Stack stack;
  stack.layers = {{"Pt", "Pt", physics::make_material(given), 1e-8}};
  stack.left.accumulation = physics::AccumulationBoundary::current;
  stack.left.current = {0, 0, 1};
  const DetectorReading reading = detector_reading(solve_film(stack, 0), stack.layers[0], 0);
  ASSERT_TRUE(is_detector(stack.layers[0].material));
  // 1e-12: a few hundred roundings; p(left) - p(right) subtracts less than a digit. The field's hand value has 10 digits.
  EXPECT_NEAR(reading.mean_current.z().real(), std::tanh(0.5), 1e-12);
  EXPECT_NEAR(reading.angular_momentum.z().real() * given.gamma.value(), -std::tanh(0.5), 1e-12);
  EXPECT_NEAR(reading.inverse_spin_hall.y().real() / -0.000797428190275, 1, 1e-10);
  EXPECT_EQ(reading.inverse_spin_hall.x(), 0.0);
  EXPECT_EQ(reading.inverse_spin_hall.z(), 0.0);
}

TEST(SmallAngles, AtTheCriticalCurrentTheLargestAngleIsTheLimit) {
  test::RandomStacks random;
  for (int n = 0; n < 60; ++n) {
    physics::Stack stack = random.stack(random.integer(1, 3), random.chance(0.5));
    stack.layers[0] = random.glass();
    if (!stack.interfaces.empty()) stack.interfaces[0].mixing = 0;
    const double omega = random.chance(0.5) ? 0.0 : random.log_uniform(1e6, 1e12);
    const std::vector<int> steps(stack.layers.size(), 32);
    const FilmState state = solve_film(stack, omega, steps);
    const TextureGroup& group = state.groups[0];
    const double drive = largest_over_phase(spin_current(state, 0, Side::left).total());
    const double critical = drive * small_angle_limit / largest_angle(state, group);
    stack.left.current = (critical / drive) * stack.left.current;
    const FilmState again = solve_film(stack, omega, steps);
    // The film is linear, and the two solutions have the same roundings but for one of the drive: some ten roundings.
    EXPECT_NEAR(largest_over_phase(spin_current(again, 0, Side::left).total()) / critical, 1, 1e-13);
    EXPECT_NEAR(largest_angle(again, group), small_angle_limit, 1e-12);
  }
}

physics::Stack weakly_pinned(const physics::Layer& glass, double K, double rho_s, double current) {
  physics::Stack stack;
  stack.layers = {glass};
  stack.layers[0].material.anisotropy = K;
  stack.layers[0].material.spin_stiffness = rho_s;
  stack.left.accumulation = physics::AccumulationBoundary::current;
  stack.left.current = {0.0, 0.0, current};
  stack.right.accumulation = physics::AccumulationBoundary::contact;
  return stack;
}

TEST(SmallAngles, ATexturePinnedByNextToNothingTurnsByTheTorqueOverK) {
  const physics::Layer glass = test::RandomStacks().glass();
  for (const double rho_s : {0.0, 1e-12}) {
    const auto angle = [&](double K) {
      const FilmState state = solve_film(weakly_pinned(glass, K, rho_s, 1e-6), 0);
      return largest_angle(state, state.groups[0]);
    };
    // Both films are far thinner than sqrt(rho_s/K): theta is uniform to rounding, and 1/K is all that differs.
    EXPECT_NEAR(angle(1e-290) * 1e-150 / angle(1e-140), 1, 1e-12) << rho_s;
  }
}

TEST(SmallAngles, AnAngleBeyondTheLargestNumberIsRefusedWithItsReason) {
  const physics::Layer glass = test::RandomStacks().glass();
  for (const double K : {1e-300, 1e-310, 5e-324}) {
    for (const double rho_s : {0.0, 1e-12}) {
      try {
        solve_film(weakly_pinned(glass, K, rho_s, 1e20), 0);
        FAIL() << K;
      } catch (const InputError& error) {
        EXPECT_NE(std::string(error.what()).find("give K = 0 in place of K ="), std::string::npos) << error.what();
      }
    }
  }
}

TEST(SmallAngles, WhereEveryPointTurnsByItselfThereIsNoLargestAngle) {
  const FilmState state = solve_film(weakly_pinned(test::RandomStacks().glass(), 0, 0, 1), 0);
  EXPECT_TRUE(turns_point_by_point(state, 0));
  EXPECT_TRUE(std::isnan(largest_angle(state, state.groups[0])));
  EXPECT_TRUE(std::isnan(rotation(state, state.groups[0]).z()));
  EXPECT_FALSE(turns_point_by_point(solve_film(weakly_pinned(test::RandomStacks().glass(), 0, 1e-12, 1), 0), 0));
}

}  // namespace
}  // namespace vitrispin::film
