#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "vitrispin/app/experiments.hpp"
#include "vitrispin/core/errors.hpp"

namespace vitrispin::app {
namespace {

constexpr double never = std::numeric_limits<double>::infinity();

physics::MaterialSpecification amorphous_yig() {
  physics::MaterialSpecification s;
  s.gamma = 1.76e11;
  s.chi_M = 0.005;
  s.chi_m = 0.0005;
  s.tau_ML = 1e-10;
  s.tau_mL = 5e-11;
  s.tau_Mm = 2e-10;
  s.D = 1e-4;
  s.rho_s = 1e-13;
  s.K = 1000.0;
  s.alpha = 5e-6;
  return s;
}

io::Input with_material(const physics::MaterialSpecification& specification) {
  io::Input input;
  io::NamedMaterial sample;
  sample.name = "sample";
  sample.specification = specification;
  sample.material = physics::make_material(specification);
  input.materials.push_back(std::move(sample));
  return input;
}

std::vector<std::size_t> shape(const nlohmann::ordered_json& value) {
  std::vector<std::size_t> sizes;
  for (const auto* level = &value; level->is_array() && !level->empty(); level = &level->front())
    sizes.push_back(level->size());
  return sizes;
}

using Shape = std::vector<std::size_t>;

TEST(ModesExperiment, AtGivenWavenumberHasTheNamesAndShapesOfTheInterface) {
  const auto record = run_modes(with_material(amorphous_yig()), {"sample", {0.0, 1e7, 1e8, 1e9}, {}, {-1, 0, 1}});
  const auto json = to_json(record);
  EXPECT_EQ(json["material"], "sample");
  EXPECT_EQ(json["sigma"], (std::vector<int>{-1, 0, 1}));
  EXPECT_EQ(shape(json["k"]), (Shape{4}));
  EXPECT_EQ(shape(json["omega"]), (Shape{3, 4, 3, 2}));
  for (const char* name : {"label", "branch", "condition", "decay_time", "decay_length"}) {
    EXPECT_EQ(shape(json[name]), (Shape{3, 4, 3})) << name;
  }
  EXPECT_EQ(shape(json["weights"]), (Shape{3, 4, 3, 3}));
  EXPECT_TRUE(json["exceptional_points"].is_array());
  EXPECT_EQ(json["asymptotes"].size(), 3u * 2u * 3u);
  for (const auto& quantity : record.quantities) {
    EXPECT_FALSE(quantity.unit.empty()) << quantity.name;
    EXPECT_FALSE(quantity.long_name.empty()) << quantity.name;
  }
}

TEST(ModesExperiment, AtGivenFrequencySaysWhichModeIsAbsent) {
  auto specification = amorphous_yig();
  specification.D = 0.0;
  const auto json = to_json(run_modes(with_material(specification), {"sample", {}, {1e9, 1e11}, {0}}));
  EXPECT_EQ(shape(json["k2"]), (Shape{1, 2, 2, 2}));
  EXPECT_TRUE(json["k2"][0][0][1].is_null());
  EXPECT_EQ(json["label"][0][0][1], "absent");
  EXPECT_TRUE(json["k2_reason"].is_string());
}

TEST(ModesExperiment, OfAFerromagnetOrAMetalHasFewerModes) {
  physics::MaterialSpecification permalloy;
  permalloy.kind = physics::MaterialKind::ferromagnet;
  permalloy.chi_M = 0.01;
  permalloy.chi_m = 0.002;
  permalloy.tau_ML = permalloy.tau_mL = permalloy.tau_Mm = 1e-12;
  permalloy.D = 1e-3;
  auto json = to_json(run_modes(with_material(permalloy), {"sample", {1e6, 1e7}, {}, {0}}));
  EXPECT_EQ(shape(json["omega"]), (Shape{1, 2, 2, 2}));
  EXPECT_THROW(run_modes(with_material(permalloy), {"sample", {1e6}, {}, {1}}), InputError);
  physics::MaterialSpecification copper;
  copper.kind = physics::MaterialKind::metal;
  copper.chi_m = 1e-5;
  copper.tau_mL = 11e-12;
  copper.D = 1e-2;
  json = to_json(run_modes(with_material(copper), {"sample", {}, {1e9, 1e10, 1e11}, {-1, 0, 1}}));
  EXPECT_EQ(shape(json["k2"]), (Shape{3, 3, 1, 2}));
  EXPECT_THROW(run_perturbation(with_material(copper), {"sample", {1e9}}), InputError);
}

TEST(ModesExperiment, RefusesAFieldAcrossTheRemanence) {
  auto specification = amorphous_yig();
  specification.M0 = Vector3<double>{100.0, 0.0, 0.0};
  auto input = with_material(specification);
  input.stack.H = {0.0, 0.0, 1e4};
  EXPECT_THROW(run_modes(input, {"sample", {1e6}, {}, {0}}), InputError);
}

TEST(PerturbationExperiment, HasEveryQuantityBesideItsExactOne) {
  const auto json = to_json(run_perturbation(with_material(amorphous_yig()), {"sample", {0.0, 1e10, 1e12}}));
  for (const char* name : {"k2", "K_prime", "theta_over_M", "m_over_M"}) {
    EXPECT_EQ(json["spin_wave"][name].size(), 3u) << name;
    // at dc the exact twist mode has theta alone, so that its ratio to M is null too
    EXPECT_EQ(json["spin_wave"][std::string("exact_") + name].size(), 3u) << name;
    EXPECT_EQ(shape(json["spin_wave"][std::string("exact_") + name][1]), (Shape{2})) << name;
  }
  for (const char* name : {"k2", "K_prime", "M_over_m", "theta_over_m", "M_plus_m_over_m"}) {
    EXPECT_EQ(shape(json["diffusion"][name]), (Shape{3, 2})) << name;
    EXPECT_EQ(shape(json["diffusion"][std::string("exact_") + name]), (Shape{3, 2})) << name;
  }
  EXPECT_EQ(shape(json["valid"]), (Shape{3}));
  // theta/M of Eq. (60) has no value at dc
  EXPECT_TRUE(json["spin_wave"]["theta_over_M"][0].is_null());
  EXPECT_TRUE(json["spin_wave"]["theta_over_M_reason"].is_string());
}

TEST(ResponseExperiment, HasTheShapesOfTheInterfaceAndItsResonances) {
  auto specification = amorphous_yig();
  const auto json =
      to_json(run_response(with_material(specification), {"sample", {0.0, 1e7}, {0.0, 1e10, 1e11}, {0, 1}}));
  for (const char* name : {"chi_M", "chi_m", "chi_total"}) EXPECT_EQ(shape(json[name]), (Shape{2, 2, 3, 2})) << name;
  EXPECT_EQ(json["chi_total"][0][0][0][0], 0.005);
  EXPECT_EQ(shape(json["resonance"]["pole"]), (Shape{2, 2, 3, 2}));
  EXPECT_EQ(shape(json["resonance"]["quality"]), (Shape{2, 2, 3}));
  // an undamped material is infinite on its own pole, and says so
  specification.tau_ML = specification.tau_mL = specification.tau_Mm = never;
  specification.alpha = specification.D = 0.0;
  const auto undamped = to_json(run_response(with_material(specification), {"sample", {0.0}, {1e10}, {0}}));
  EXPECT_TRUE(undamped["resonance"]["quality"][0][0][0].is_null());
}

}  // namespace
}  // namespace vitrispin::app
