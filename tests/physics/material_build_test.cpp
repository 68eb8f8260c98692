#include "vitrispin/physics/material_build.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "physics/random_points.hpp"
#include "vitrispin/core/errors.hpp"

namespace vitrispin::physics {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
using Specification = MaterialSpecification;
using Value = std::optional<double> Specification::*;

struct Key {
  const char* name;
  Value value;
};

const std::vector<Key> positive = {
    {"gamma", &Specification::gamma}, {"chi_M", &Specification::chi_M}, {"chi_m", &Specification::chi_m}};
const std::vector<Key> times = {
    {"tau_ML", &Specification::tau_ML}, {"tau_mL", &Specification::tau_mL}, {"tau_Mm", &Specification::tau_Mm}};
const std::vector<Key> non_negative = {{"D", &Specification::D},
                                       {"rho_s", &Specification::rho_s},
                                       {"K", &Specification::K},
                                       {"alpha", &Specification::alpha}};

Specification glass() {
  Specification s;
  s.chi_M = 5e-3;
  s.chi_m = 5e-4;
  s.tau_ML = 1e-9;
  s.tau_mL = 2e-10;
  s.tau_Mm = 5e-9;
  s.D = 1e-4;
  s.rho_s = 1e-12;
  s.K = 100.0;
  s.alpha = 1e-7;
  return s;
}

std::vector<std::string> broken_keys(const Specification& specification) {
  std::vector<std::string> keys;
  for (const Violation& violation : build_material(specification).violations) keys.push_back(violation.key);
  return keys;
}

std::vector<std::string> messages(const Specification& specification) {
  std::vector<std::string> all;
  for (const Violation& violation : build_material(specification).violations) all.push_back(violation.message);
  return all;
}

TEST(MaterialBuild, TakesAValidSpinGlassWithTheElectronsGyromagneticRatio) {
  const auto build = build_material(glass());
  ASSERT_THAT(build.violations, IsEmpty());
  EXPECT_EQ(build.material.gyromagnetic_ratio, constants::electron_gyromagnetic_ratio);
  EXPECT_EQ(build.material.equilibrium_susceptibility, 5e-3);
  EXPECT_EQ(build.material.accumulation_susceptibility, 5e-4);
  EXPECT_EQ(build.material.cross_relaxation_time, 5e-9);
  EXPECT_EQ(build.material.remanence, Vector3<double>());
}

TEST(MaterialBuild, RefusesEveryNumberOfTheWrongSignOrNotFinite) {
  const auto refuses = [](const Key& key, double value) {
    Specification s = glass();
    s.*key.value = value;
    EXPECT_THAT(broken_keys(s), Contains(key.name)) << key.name << " = " << value;
    EXPECT_THAT(messages(s), Contains(HasSubstr(key.name)));
  };
  for (const Key& key : positive) {
    for (const double value : {0.0, -1.0, nan, infinity, -infinity}) refuses(key, value);
  }
  for (const Key& key : times) {
    for (const double value : {0.0, -1e-9, nan, -infinity}) refuses(key, value);
  }
  for (const Key& key : non_negative) {
    for (const double value : {-1e-3, nan, infinity, -infinity}) refuses(key, value);
  }
}

TEST(MaterialBuild, AllowsZeroWhereATermMayBeAbsentAndInfiniteTimes) {
  for (const Key& key : non_negative) {
    Specification s = glass();
    s.*key.value = 0.0;
    EXPECT_THAT(broken_keys(s), IsEmpty()) << key.name;
  }
  Specification s = glass();
  for (const Key& key : times) s.*key.value = infinity;
  const auto build = build_material(s);
  ASSERT_THAT(build.violations, IsEmpty());
  const auto rates = relaxation_rates(build.material);
  EXPECT_EQ(rates.M_total, 0.0);
  EXPECT_EQ(rates.m_total, 0.0);
  EXPECT_EQ(rates.exchange, 0.0);
}

TEST(MaterialBuild, NamesEveryMissingParameterAtOnce) {
  const auto build = build_material(Specification{});
  std::vector<std::string> keys;
  for (const Violation& violation : build.violations) {
    EXPECT_TRUE(violation.missing);
    keys.push_back(violation.key);
  }
  EXPECT_THAT(keys, UnorderedElementsAre("chi_m", "tau_mL", "D", "chi_M", "tau_ML", "tau_Mm", "rho_s", "K", "alpha"));
}

TEST(MaterialBuild, ReportsAllFaultsAtOnce) {
  Specification s = glass();
  s.K = -1;
  s.D = nan;
  s.alpha.reset();
  s.conductivity = 1e6;
  EXPECT_THAT(broken_keys(s), UnorderedElementsAre("K", "D", "alpha", "conductivity"));
  try {
    make_material(s);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.faults().size(), 4u);
  }
}

TEST(MaterialBuild, RefusesXiOfOneOrMoreSinceTheFreeEnergyHasNoMinimum) {
  for (const double chi_m : {5e-3, 5.0000001e-3, 1.0}) {
    Specification s = glass();
    s.chi_m = chi_m;
    EXPECT_THAT(broken_keys(s), UnorderedElementsAre("chi_m"));
    EXPECT_THAT(messages(s), Contains(HasSubstr("must be below chi_M = 0.005: the free energy has no minimum")));
  }
  Specification s = glass();
  s.chi_m.reset();
  s.xi = 1.0;
  EXPECT_THAT(broken_keys(s), UnorderedElementsAre("xi"));
  s.xi = 0.9999;
  EXPECT_THAT(broken_keys(s), IsEmpty());
  s.xi = 1e-320;  // chi_m underflows to a number without precision, or to zero
  s.chi_M = 1e-300;
  EXPECT_THAT(broken_keys(s), UnorderedElementsAre("xi"));
}

TEST(MaterialBuild, FindsTheThirdOfChiMAndChimAndXiAndWantsAllThreeToAgreeEq17) {
  Specification s = glass();
  s.chi_m.reset();
  s.xi = 0.1;
  EXPECT_DOUBLE_EQ(build_material(s).material.accumulation_susceptibility, 5e-4);
  s = glass();
  s.chi_M.reset();
  s.xi = 0.1;
  EXPECT_DOUBLE_EQ(build_material(s).material.equilibrium_susceptibility, 5e-3);
  s = glass();
  s.xi = 0.1;
  EXPECT_THAT(broken_keys(s), IsEmpty());
  s.xi = 0.1 * (1 + 2 * redundancy_tolerance);
  EXPECT_THAT(broken_keys(s), UnorderedElementsAre("xi"));
}

TEST(MaterialBuild, FindsTauMmFromTaumMAndWantsBothToAgreeEq33) {
  Specification s = glass();
  s.tau_Mm.reset();
  s.tau_mM = 5e-10;
  EXPECT_DOUBLE_EQ(build_material(s).material.cross_relaxation_time, 5e-9);
  s = glass();
  s.tau_mM = 5e-10;
  EXPECT_THAT(broken_keys(s), IsEmpty());
  s.tau_mM = 6e-10;
  EXPECT_THAT(broken_keys(s), UnorderedElementsAre("tau_mM"));
  EXPECT_THAT(messages(s), Contains(HasSubstr("Onsager relation of Eq. (33)")));
  s.tau_Mm = s.tau_mM = infinity;
  EXPECT_THAT(broken_keys(s), IsEmpty());
}

TEST(MaterialBuild, RefusesTimesTooShortForTheRatesToBeFinite) {
  Specification s = glass();
  s.tau_Mm = 1e-320;
  EXPECT_THAT(broken_keys(s), Contains("tau_Mm"));
}

TEST(MaterialBuild, RefusesARemanenceThatIsNotFinite) {
  Specification s = glass();
  s.M0 = Vector3<double>(0, nan, 0);
  EXPECT_THAT(broken_keys(s), UnorderedElementsAre("M0"));
  s.M0 = Vector3<double>(1, 2, -3);
  EXPECT_EQ(build_material(s).material.remanence, Vector3<double>(1, 2, -3));
}

TEST(MaterialBuild, AMetalHasChimTaumLAndDAlone) {
  Specification s;
  s.kind = MaterialKind::metal;
  EXPECT_THAT(broken_keys(s), UnorderedElementsAre("chi_m", "tau_mL", "D"));
  s.chi_m = 2e-4;
  s.tau_mL = 1e-13;
  s.D = 1e-4;
  s.spin_hall_angle = -0.1;
  s.conductivity = 1e7;
  const auto build = build_material(s);
  ASSERT_THAT(build.violations, IsEmpty());
  EXPECT_EQ(relaxation_rates(build.material).m_from_M, 0.0);  // no exchange with an M that is not there
  EXPECT_FALSE(build.material.has_texture());
  s.K = 1.0;
  s.chi_M = 1.0;
  s.M0 = Vector3<double>();
  EXPECT_THAT(broken_keys(s), UnorderedElementsAre("K", "chi_M", "M0"));
  s = Specification{};
  s.kind = MaterialKind::paramagnet;
  s.chi_m = 2e-4;
  s.tau_mL = 1e-13;
  s.D = 1e-4;
  EXPECT_THAT(broken_keys(s), IsEmpty());
  s.spin_hall_angle = 0.1;
  EXPECT_THAT(broken_keys(s), UnorderedElementsAre("spin_hall_angle"));
}

TEST(MaterialBuild, AFerromagnetHasMAndmWithoutATexture) {
  Specification s = glass();
  s.kind = MaterialKind::ferromagnet;
  EXPECT_THAT(broken_keys(s), UnorderedElementsAre("rho_s", "K", "alpha"));
  s.rho_s.reset();
  s.K.reset();
  s.alpha.reset();
  ASSERT_THAT(broken_keys(s), IsEmpty());
  EXPECT_EQ(build_material(s).material.gyromagnetic_ratio, 0.0);
  s.gamma = 1e11;
  EXPECT_THAT(broken_keys(s), UnorderedElementsAre("gamma"));
}

TEST(MaterialBuild, EveryRandomValidMaterialIsAccepted) {
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    const auto material = random.spin_glass();
    Specification s;
    s.gamma = material.gyromagnetic_ratio;
    s.chi_M = material.equilibrium_susceptibility;
    s.chi_m = material.accumulation_susceptibility;
    s.tau_ML = material.lattice_relaxation_time;
    s.tau_mL = material.accumulation_lattice_relaxation_time;
    s.tau_mM = material.susceptibility_ratio() * material.cross_relaxation_time;
    s.tau_Mm = material.cross_relaxation_time;
    s.D = material.diffusivity;
    s.rho_s = material.spin_stiffness;
    s.K = material.anisotropy;
    s.alpha = material.damping;
    EXPECT_THAT(broken_keys(s), IsEmpty());
  }
}

TEST(MaterialKinds, HaveTheWordsOfAnInputFile) {
  for (const auto kind :
       {MaterialKind::spin_glass, MaterialKind::metal, MaterialKind::paramagnet, MaterialKind::ferromagnet}) {
    EXPECT_EQ(material_kind_from(to_string(kind)), kind);
  }
  EXPECT_EQ(material_kind_from("Spin-Glass"), std::nullopt);
}

}  // namespace
}  // namespace vitrispin::physics
