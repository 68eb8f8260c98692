// States that are no numbers, and parameters at the ends of what a double holds: told, never a silent number.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "dynamics/random_lines.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/adaptive.hpp"
#include "vitrispin/dynamics/explicit_adaptive.hpp"
#include "vitrispin/dynamics/gauss4.hpp"

namespace vitrispin::dynamics {
namespace {

physics::Stack glass_stack(test::RandomLines& random) {
  physics::Stack stack;
  stack.layers = {random.glass()};
  stack.layers[0].cells = 6;
  stack.H = random.vector(1e3);
  return stack;
}

enum class Which { adaptive, explicit_adaptive, midpoint, gauss4 };

void advance(Which which, const Line& line, double h, Fields<double>& z) {
  const DrivenForcing none(line, {}, {"glass"});
  const auto at = [&](double t, Forcing& f) { none.at(t, f); };
  Balance balance;
  if (which == Which::adaptive) Adaptive(line, none, {}).advance(0, h, z, balance, {});
  if (which == Which::explicit_adaptive)
    ExplicitAdaptive(rates_of_line(line, none), line.nodes(), {}).advance(0, h, z, balance, {});
  if (which == Which::midpoint) Midpoint(line, at, true).step(0, h, z, balance);
  if (which == Which::gauss4) Gauss4(line, at, true).step(0, h, z, balance);
}

TEST(Extremes, AValueThatIsNoNumberIsTold) {
  test::RandomLines random;
  const Line line(glass_stack(random));
  for (const Which which : {Which::adaptive, Which::explicit_adaptive, Which::midpoint, Which::gauss4}) {
    for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
      for (std::size_t array = 0; array < 9; ++array) {
        Fields<double> z = random.state(line, 100, 0.01);
        z.values()[array * line.nodes() + 2] = bad;
        EXPECT_THROW(advance(which, line, 1e-13, z), ConvergenceError)
            << static_cast<int>(which) << " " << bad << " array " << array;
      }
    }
  }
}

TEST(Extremes, AStateAtEquilibriumStaysThere) {
  test::RandomLines random;
  const Line line(glass_stack(random));
  for (const Which which : {Which::adaptive, Which::explicit_adaptive, Which::midpoint, Which::gauss4}) {
    Fields<double> z(line.nodes());
    advance(which, line, 1e-10, z);
    for (const double value : z.values()) EXPECT_EQ(value, 0);
  }
}

TEST(Extremes, FieldsOfAnySizeGiveTheSameMotionInTheirUnit) {
  // without remanence or field the motion is linear for small fields: it scales
  test::RandomLines random;
  physics::Stack stack = glass_stack(random);
  stack.H = {};
  stack.layers[0].material.remanence = {};
  const Line line(stack);
  const Fields<double> start = random.state(line, 1, 1e-5);
  for (const Which which : {Which::midpoint, Which::gauss4}) {
    Fields<double> small = start, tiny = start;
    for (double& value : small.values()) value *= 0x1p-40;
    for (double& value : tiny.values()) value *= 0x1p-400;
    advance(which, line, 1e-12, small);
    advance(which, line, 1e-12, tiny);
    double most = 0;
    for (std::size_t i = 0; i < small.values().size(); ++i) {
      const double a = small.values()[i] * 0x1p40, b = tiny.values()[i] * 0x1p400;
      EXPECT_TRUE(std::isfinite(b));
      most = std::max(most, std::abs(a - b) / (std::abs(a) + std::abs(b) + 1e-12));
    }
    EXPECT_LE(most, 1e-9);  // products of deviations of 1e-12
  }
}

TEST(Extremes, ParametersAtTheEndsOfTheirRangesGiveFiniteStates) {
  test::RandomLines random;
  for (int n = 0; n < 100; ++n) {
    physics::Stack stack = random.cut_stack(random.integer(1, 3), 5);
    for (physics::Layer& layer : stack.layers) {
      auto& material = layer.material;
      if (random.chance(0.3)) material.diffusivity *= random.chance(0.5) ? 1e-12 : 1e12;
      if (random.chance(0.3)) material.accumulation_lattice_relaxation_time *= random.chance(0.5) ? 1e-8 : 1e12;
      if (!material.has_texture()) continue;
      if (random.chance(0.3)) material.anisotropy *= random.chance(0.5) ? 1e-12 : 1e8;
      if (random.chance(0.3)) material.damping *= random.chance(0.5) ? 1e-12 : 1e6;
      if (random.chance(0.3)) material.cross_relaxation_time *= random.chance(0.5) ? 1e-6 : 1e12;
    }
    const Line line(stack);
    const DrivenForcing none(line, {}, std::vector<std::string>(stack.layers.size(), "any"));
    Fields<double> z = random.state(line, 10, 1e-3);
    Midpoint method(
        line, [&](double t, Forcing& f) { none.at(t, f); }, true);
    Balance balance;
    try {
      for (int i = 0; i < 5; ++i) method.step(0, random.log_uniform(1e-18, 1e-10), z, balance);
    } catch (const ConvergenceError&) {
      continue;
    }
    for (const double value : z.values()) EXPECT_TRUE(std::isfinite(value)) << n;
    EXPECT_TRUE(std::isfinite(balance.dissipated.total())) << n;
  }
}

}  // namespace
}  // namespace vitrispin::dynamics
