#include "vitrispin/film/batch.hpp"

#include <gtest/gtest.h>

#include "film/random_stacks.hpp"
#include "vitrispin/film/helicity_solution.hpp"

namespace vitrispin::film {
namespace {

/// The scalar solver's currents through the right face per unit of the helicity's current in.
struct Expected {
  Complex m, theta;
  double tolerance = 0;
};

/// 1e-12 of the total current out is what the project promises. A relative change eps of any parameter changes
/// exp(-kappa d) by |kappa d| eps, and some ten roundings lead to kappa: this is what thousands of wavelengths or decay
/// lengths allow.
double conditioned_tolerance(const HelicitySolution& solution) {
  double phases = 0;
  for (const LayerSolution& layer : solution.layers) {
    const double thickness = layer.piece * static_cast<double>(layer.nodes.size() - 1);
    phases += thickness * (std::abs(std::sqrt(layer.roots.q1)) + std::abs(std::sqrt(layer.roots.q2)));
  }
  return 1e-12 + 10 * std::numeric_limits<double>::epsilon() * phases;
}

Expected one_by_one(const physics::Stack& given, double omega, int sigma) {
  physics::Stack stack = given;
  stack.left.current = {1.0, 0.0, 1.0};  // every helicity is 1
  const FieldAxis z;
  const auto groups = texture_groups(stack);
  const std::vector<int> steps(stack.layers.size(), 1);
  const auto solution = solve_helicity({stack, z, groups, omega}, sigma, steps);
  const FaceState& face = solution.layers.back().nodes.back();
  return {face.j, face.twist, conditioned_tolerance(solution)};
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
      const Expected expected = one_by_one(stack, omega[i], sigma);
      // Below 1e-290 both lose digits to underflow.
      const double scale = std::abs(expected.m) + std::abs(expected.theta);
      if (scale < 1e-290) continue;
      EXPECT_LE(std::abs(result.m[i] - expected.m), expected.tolerance * scale) << n << " at " << omega[i];
      EXPECT_LE(std::abs(result.theta[i] - expected.theta), expected.tolerance * scale) << n << " at " << omega[i];
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
    const Expected expected = one_by_one(stacks[i], omega[i], 1);
    const double scale = std::abs(expected.m) + std::abs(expected.theta);
    if (scale < 1e-290) continue;
    EXPECT_LE(std::abs(result.m[i] - expected.m), expected.tolerance * scale) << i;
    EXPECT_LE(std::abs(result.theta[i] - expected.theta), expected.tolerance * scale) << i;
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
  stack.layers = {random.metal(), random.glass(), random.glass()};
  for (auto& interface : stack.interfaces) interface.mixing = 0;
  stack.layers[1].material.diffusivity = 0;
  const std::vector<double> omega{1e9, 1e11};
  Transmissions result;
  solve_batch(columns_of(stack, 0, omega), result);
  EXPECT_EQ(result.solved_singly, omega.size());
  for (std::size_t i = 0; i < omega.size(); ++i) {
    EXPECT_EQ(result.m[i], one_by_one(stack, omega[i], 0).m);
  }
}

}  // namespace
}  // namespace vitrispin::film
