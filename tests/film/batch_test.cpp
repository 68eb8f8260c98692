#include "vitrispin/film/batch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>

#include "film/conditioning.hpp"
#include "film/random_stacks.hpp"

namespace vitrispin::film {
namespace {

/// 1e-12 of the total current out is what the project promises. It is missed only at phases of hundreds of radians and more, where the
/// problem itself does not hold it: a change of the parameters in their last digit changes the current by
/// condition_number roundings. Some 25 complex operations lead from the parameters to kappa d, each with an error of at most
/// sqrt(5)/2 epsilon: 28 for one solver if all add up, 56 for the two that are compared here. A third of that, 20, is allowed.
/// Where the two differ most among 2.7 million points of 300 seeds, against 80 and more digits (tests/film/twin.py): the scalar solver errs by
/// up to 10 such units, this one by up to 13; neither is the better one.
void expect_agreement(const physics::Stack& given, double omega, int sigma, const Complex& m, const Complex& theta) {
  physics::Stack stack = given;
  stack.left.current = {1.0, 0.0, 1.0};  // every helicity is 1
  const test::CurrentsOut expected = test::currents_out(stack, omega, sigma);
  const double scale = std::abs(expected.m) + std::abs(expected.theta);
  if (scale < 1e-290) return;  // both lose digits to underflow
  const double deviation = std::max(std::abs(m - expected.m), std::abs(theta - expected.theta)) / scale;
  constexpr double promised = 1e-12;
  if (deviation <= promised) return;
  EXPECT_GT(expected.phases, 30) << "only many radians excuse a deviation, at " << omega;
  const double roundings = 20 * std::numeric_limits<double>::epsilon();
  EXPECT_LE(deviation, promised + roundings * test::condition_number(stack, omega, sigma))
      << "at " << omega << ", phases " << expected.phases;
}

std::vector<double> some_frequencies(test::RandomStacks& random, std::size_t count) {
  std::vector<double> omega(count);
  for (double& w : omega) w = random.log_uniform(1e3, 1e14);
  return omega;
}

TEST(Batch, OneStackAtManyFrequenciesAgreesWithTheScalarSolver) {
  test::RandomStacks random;
  for (int n = 0; n < 150; ++n) {
    physics::Stack stack = random.stack(random.integer(1, 4), random.chance(0.5));
    if (random.chance(0.2) && stack.layers.back().material.has_texture()) {
      stack.right.mixing = 0;
      stack.right.twist = physics::TwistBoundary::clamped;
    }
    const int sigma = random.integer(-1, 1);
    const auto omega = some_frequencies(random, 61);
    Transmissions result;
    solve_batch(columns_of(stack, sigma, omega), result);
    for (std::size_t i = 0; i < omega.size(); ++i) {
      SCOPED_TRACE("stack " + std::to_string(n));
      expect_agreement(stack, omega[i], sigma, result.m[i], result.theta[i]);
    }
  }
}

TEST(Batch, ManyStacksAgreeWithTheScalarSolver) {
  test::RandomStacks random;
  constexpr std::size_t count = 203;  // not a multiple of any register's lanes
  std::vector<physics::Stack> stacks;
  for (std::size_t i = 0; i < count; ++i) {
    physics::Stack stack;
    stack.layers = {random.metal(), random.glass(), random.glass(false)};
    stack.interfaces = {{random.log_uniform(1, 1e5), random.log_uniform(1e16, 1e20)}, {random.log_uniform(1, 1e5), 0}};
    stack.left.accumulation = physics::AccumulationBoundary::current;
    stack.right = random.contact(true);
    stack.right.conductance = random.log_uniform(1, 1e5);
    stack.H = {0, 0, random.uniform(-1e4, 1e4)};
    stacks.push_back(stack);
  }
  const auto omega = some_frequencies(random, count);
  std::vector<std::vector<double>> storage;
  const auto column = [&](const auto& read) {
    auto& values = storage.emplace_back();
    for (const auto& stack : stacks) values.push_back(read(stack));
    return Column{values.data(), 0};
  };
  storage.reserve(64);
  StackColumns columns = columns_of(stacks[0], 1, omega);
  columns.H = column([](const auto& s) { return s.H.z(); });
  columns.right_conductance = column([](const auto& s) { return s.right.conductance; });
  columns.right_mixing = column([](const auto& s) { return s.right.mixing; });
  for (std::size_t n = 0; n < 3; ++n) {
    const auto of = [&](auto member) { return column([=](const auto& s) { return s.layers[n].material.*member; }); };
    using Material = physics::Material<double>;
    columns.layers[n] = {stacks[0].layers[n].material.kind,
                         of(&Material::gyromagnetic_ratio),
                         of(&Material::equilibrium_susceptibility),
                         of(&Material::accumulation_susceptibility),
                         of(&Material::lattice_relaxation_time),
                         of(&Material::accumulation_lattice_relaxation_time),
                         of(&Material::cross_relaxation_time),
                         of(&Material::diffusivity),
                         of(&Material::spin_stiffness),
                         of(&Material::anisotropy),
                         of(&Material::damping),
                         column([=](const auto& s) { return s.layers[n].material.remanence.z(); }),
                         column([=](const auto& s) { return s.layers[n].thickness; })};
  }
  for (std::size_t n = 0; n < 2; ++n) {
    columns.interfaces[n] = {column([=](const auto& s) { return s.interfaces[n].conductance; }),
                             column([=](const auto& s) { return s.interfaces[n].mixing; })};
  }
  Transmissions result;
  solve_batch(columns, result);
  for (std::size_t i = 0; i < count; ++i) {
    SCOPED_TRACE("stack " + std::to_string(i));
    expect_agreement(stacks[i], omega[i], 1, result.m[i], result.theta[i]);
  }
}

TEST(Batch, EveryInstructionSetGivesTheSameBits) {
  test::RandomStacks random;
  for (int n = 0; n < 20; ++n) {
    const physics::Stack stack = random.stack(3, true);
    const auto omega = some_frequencies(random, 37);
    const auto columns = columns_of(stack, 1, omega);
    Transmissions baseline, wide;
    ASSERT_TRUE(solve_batch_on("SSE2", columns, baseline));
    for (const char* set : {"AVX2", "AVX-512"}) {
      if (!solve_batch_on(set, columns, wide)) continue;
      for (std::size_t i = 0; i < omega.size(); ++i) {
        EXPECT_EQ(baseline.m[i], wide.m[i]) << set;
        EXPECT_EQ(baseline.theta[i], wide.theta[i]) << set;
      }
    }
  }
}

TEST(Batch, LayersWithoutDiffusionOrStiffnessAndFerromagnetsGoThroughTheScalarSolver) {
  test::RandomStacks random;
  physics::Stack stack = random.stack(3, true);
  stack.left.current = {1.0, 0.0, 1.0};
  stack.layers = {random.metal(), random.glass(), random.glass()};
  for (auto& interface : stack.interfaces) interface.mixing = 0;
  stack.layers[1].material.diffusivity = 0;
  const std::vector<double> omega{1e9, 1e11};
  Transmissions result;
  solve_batch(columns_of(stack, 0, omega), result);
  EXPECT_EQ(result.solved_singly, omega.size());
  for (std::size_t i = 0; i < omega.size(); ++i) {
    EXPECT_EQ(result.m[i], test::currents_out(stack, omega[i], 0).m);
  }
}

}  // namespace
}  // namespace vitrispin::film
