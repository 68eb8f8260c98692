#include "vitrispin/io/input.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <sstream>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/io/input_docs.hpp"

namespace vitrispin::io {
namespace {

const std::string stack = R"(title = "a \"stack\""
[materials.glass]
preset = "ayig"
K = "0.4 kJ/m3"
[materials.pt]
preset = "pt"
[[layers]]
name = "film"
material = "glass"
thickness = "200 nm"
[[layers]]
name = "det"
material = "pt"
thickness = "5 nm"
[interfaces]
"film|det" = { conductance = "1200 m/s", mixing = "1e18 m-2" }
[boundary.left]
current = [0, 0, 1.0]
[boundary.right]
conductance = inf
[field]
B = [0, 0, "35 mT"]
[[experiments]]
kind = "modes"
material = "glass"
k = { from = 1e6, to = "1e9 m-1", points = 4, scale = "log" }
[[experiments]]
kind = "steady"
sweep = { "layers.film.thickness" = { from = "5 nm", to = "500 nm", points = 3, scale = "log" }, "field.B.z" = ["1 mT", 0.5] }
[[experiments]]
kind = "steady"
)";

TEST(Input, HoldsWhatTheFileSaysInSiWithDefaults) {
  const Input input = parse_input(stack, "s.toml");
  EXPECT_EQ(input.title, "a \"stack\"");
  EXPECT_EQ(input.material("glass").material.anisotropy, 400.0);
  EXPECT_EQ(input.material("glass").provenance.at("K").standing, "input");
  EXPECT_EQ(input.material("glass").provenance.at("D").standing, "estimated");
  ASSERT_EQ(input.stack.layers.size(), 2u);
  EXPECT_EQ(input.stack.layers[0].thickness, 2e-7);  // powers of ten are exact
  EXPECT_EQ(input.stack.interfaces[0].conductance, 1200.0);
  EXPECT_EQ(input.stack.interfaces[0].mixing, 1e18);
  EXPECT_EQ(input.stack.left.accumulation, physics::AccumulationBoundary::current);
  EXPECT_EQ(input.stack.left.twist, physics::TwistBoundary::free);
  EXPECT_TRUE(std::isinf(input.stack.right.conductance));
  EXPECT_DOUBLE_EQ(input.stack.H[2], 0.035 / constants::vacuum_permeability);
  ASSERT_EQ(input.experiments.size(), 3u);
  EXPECT_EQ(input.experiments[2].name, "steady-2");
  const auto& modes = std::get<ModesExperiment>(input.experiments[0].body);
  EXPECT_EQ(modes.k.front(), 1e6);
  EXPECT_NEAR(modes.k[1], 1e7, 1e7 * 1e-14);  // exp and log are good to a few units in the last place
  EXPECT_EQ(modes.k.back(), 1e9);
  EXPECT_EQ(modes.sigma, std::vector<int>{0});
  const auto& sweep = input.experiments[1].sweep;
  ASSERT_EQ(sweep.size(), 2u);
  EXPECT_EQ(sweep[0].path, "layers.film.thickness");
  EXPECT_EQ(sweep[0].unit, "m");
  EXPECT_EQ(sweep[0].scale, "log");
  EXPECT_EQ(sweep[1].values, (std::vector<double>{1e-3, 0.5}));
}

TEST(Input, ReadsBackFromItsResolvedForm) {
  const Input input = parse_input(stack, "s.toml");
  const std::string resolved = to_toml(input, "version\nbuild");
  EXPECT_TRUE(resolved.starts_with("# version\n# build\n"));
  const Input again = parse_input(resolved, "resolved.toml");
  EXPECT_EQ(to_toml(again, "version\nbuild"), resolved);
  EXPECT_EQ(again.material("glass").provenance.at("K").standing, "input");
  EXPECT_EQ(again.material("glass").provenance.at("D").standing, "estimated");
  EXPECT_EQ(again.material("pt").preset, "pt");
  EXPECT_EQ(again.experiments[1].sweep[0].values, input.experiments[1].sweep[0].values);
  EXPECT_EQ(again.stack.H, input.stack.H);
}

/// The profile points, and the warnings, of a steady sweep of so many points with these lines in its table.
std::pair<int, std::vector<std::string>> profile_points_of_sweep(int points, const std::string& lines) {
  const std::string sweep = fmt::format(
      "[[experiments]]\nname = 'large'\nkind = 'steady'\n{}\n"
      "sweep = {{ 'layers.film.thickness' = {{ from = 1e-8, to = 1e-6, points = {} }} }}\n",
      lines, points);
  const Input input = parse_input(stack + sweep, "s.toml");
  const Input again = parse_input(to_toml(input, "x"), "resolved.toml");
  const int count = std::get<SteadyExperiment>(input.experiments.back().body).profile_points;
  EXPECT_EQ(std::get<SteadyExperiment>(again.experiments.back().body).profile_points, count);
  return {count, input.warnings};
}

TEST(Input, ALargeSweepKeepsNoProfilesUnlessAskedAndSaysSo) {
  EXPECT_EQ(profile_points_of_sweep(1000, "").first, 201);
  EXPECT_THAT(profile_points_of_sweep(1000, "").second, testing::IsEmpty());
  EXPECT_EQ(profile_points_of_sweep(1001, "").first, 0);
  EXPECT_THAT(profile_points_of_sweep(1001, "").second,
              testing::ElementsAre("experiment large: no profiles are kept, as its sweep has 1001 points, more than "
                                   "1000; profile_points = 201 keeps them"));
  EXPECT_EQ(profile_points_of_sweep(1001, "profile_points = 7").first, 7);
  EXPECT_THAT(profile_points_of_sweep(1001, "profile_points = 7").second, testing::IsEmpty());
}

TEST(Input, AValueCanBeReplacedByItsPath) {
  const Input input = parse_input(stack, "s.toml");
  EXPECT_EQ(with_value(input, "layers.film.thickness", 1e-6).stack.layers[0].thickness, 1e-6);
  const Input stiffer = with_value(input, "materials.glass.K", 7.0);
  EXPECT_EQ(stiffer.material("glass").material.anisotropy, 7.0);
  EXPECT_EQ(stiffer.stack.layers[0].material.anisotropy, 7.0);
  EXPECT_EQ(with_value(input, "boundary.left.current.z", 3.0).stack.left.current[2], 3.0);
  EXPECT_EQ(with_value(input, "interfaces.film|det.mixing", 0.0).stack.interfaces[0].mixing, 0.0);
  EXPECT_EQ(with_value(input, "field.H.z", 5.0).stack.H[2], 5.0);
  // xi stands for chi_m, which is set aside
  EXPECT_DOUBLE_EQ(with_value(input, "materials.glass.xi", 0.5).material("glass").material.accumulation_susceptibility,
                   0.007);
}

TEST(Input, AReplacedValueIsValidatedAgain) {
  const Input input = parse_input(stack, "s.toml");
  for (const auto& [path, value] : {std::pair<const char*, double>{"materials.glass.chi_m", 0.5},
                                    {"materials.glass.K", -1.0},
                                    {"layers.film.thickness", 0.0},
                                    {"layers.none.thickness", 1.0},
                                    {"field.H.x", 1.0e3 * NAN},
                                    {"boundary.right.current.z", 1.0},
                                    {"title", 1.0}}) {
    try {
      with_value(input, path, value);
      FAIL() << path;
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr(path));
    }
  }
}

TEST(Input, ValuesThatAreOnlyValidTogetherCanBeReplacedTogether) {
  const Input input = parse_input(stack, "s.toml");
  EXPECT_THROW(with_value(input, "materials.glass.chi_m", 0.5), InputError);
  const Input changed = with_values(input, {"materials.glass.chi_m", "materials.glass.chi_M"}, {0.5, 2.0});
  EXPECT_EQ(changed.material("glass").material.equilibrium_susceptibility, 2.0);
}

TEST(Input, ReplacingAValueTakesMicroseconds) {
  const Input input = parse_input(stack, "s.toml");
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 1000; ++i) with_value(input, "materials.glass.K", 1.0 + i);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  // A few microseconds on an idle machine; a hundred times that also under sanitizers and on a busy one.
  EXPECT_LT(elapsed.count() / 1000, 1e-3);
}

TEST(Input, TheDocumentIsWrittenFromTheSameTables) {
  std::ifstream file(std::string(VITRISPIN_SOURCE_DIR) + "/docs/input.md");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), input_documentation()) << "docs/input.md is stale: run `make docs`";
}

}  // namespace
}  // namespace vitrispin::io
