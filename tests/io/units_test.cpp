#include "vitrispin/io/units.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <thread>
#include <vector>

#include "vitrispin/core/constants.hpp"

namespace vitrispin::io {
namespace {

using testing::HasSubstr;

double value(const char* text, const char* unit, AngleRule rule = AngleRule::lenient) {
  const Reading reading = read_quantity(text, unit, rule);
  EXPECT_EQ(reading.problem, "") << text;
  return reading.value;
}

std::string problem(const char* text, const char* unit, AngleRule rule = AngleRule::lenient) {
  return read_quantity(text, unit, rule).problem;
}

// Conversions other than powers of ten pass through a handful of multiplications in UDUNITS.
constexpr double few_roundings = 1e-14;

TEST(Units, PowersOfTenAreExact) {
  EXPECT_EQ(value("200 nm", "m"), 2e-7);
  EXPECT_EQ(value("35 mT", "T"), 0.035);
  EXPECT_EQ(value("0.4 erg cm-3", "J m-3"), 0.04);
  EXPECT_EQ(value("1 um", "m"), 1e-6);
  EXPECT_EQ(value("3 µm", "m"), 3e-6);
  EXPECT_EQ(value("1200 m/s", "m s-1"), 1200.0);
  EXPECT_EQ(value("1e18 m-2", "m-2"), 1e18);
  EXPECT_EQ(value("-3 kA/m", "A m-1"), -3000.0);
  EXPECT_TRUE(std::isinf(value("inf m/s", "m s-1")));
}

TEST(Units, MagnetismInCgs) {
  EXPECT_EQ(value("1 emu cm-3", "A m-1"), 1000.0);
  EXPECT_EQ(value("5 kG", "T"), 0.5);
  EXPECT_EQ(value("1 gauss", "T"), 1e-4);
  EXPECT_NEAR(value("1 Oe", "A m-1"), 1000 / (4 * constants::pi), 79.6 * few_roundings);
  EXPECT_NEAR(value("1 uB nm-3", "A m-1"), constants::bohr_magneton * 1e27, 9274 * few_roundings);
  EXPECT_NEAR(value("1 meV", "J"), constants::elementary_charge * 1e-3, 1.7e-22 * few_roundings);
}

TEST(Units, AngularFrequencyRefusesHertzAndFrequencyRefusesRadians) {
  EXPECT_EQ(value("1e9 rad/s", "rad s-1", AngleRule::angular), 1e9);
  EXPECT_EQ(value("1 GHz", "Hz", AngleRule::cyclic), 1e9);
  EXPECT_THAT(problem("1 GHz", "rad s-1", AngleRule::angular), HasSubstr("2 pi"));
  EXPECT_THAT(problem("1e9 s-1", "rad s-1", AngleRule::angular), HasSubstr("2 pi"));
  EXPECT_THAT(problem("28 GHz/T", "rad s-1 T-1", AngleRule::angular), HasSubstr("2 pi"));
  EXPECT_THAT(problem("1 rad/s", "Hz", AngleRule::cyclic), HasSubstr("2 pi"));
  EXPECT_EQ(value("1e7 m-1", "rad m-1"), 1e7);
  EXPECT_EQ(value("1e7 rad/m", "rad m-1"), 1e7);
}

TEST(Units, AWrongDimensionNamesBothUnits) {
  EXPECT_THAT(problem("3 s", "m"), AllOf(HasSubstr("unit s"), HasSubstr("a unit like m")));
  EXPECT_THAT(problem("35 mT", "A m-1"), HasSubstr("give B instead of H"));
  EXPECT_THAT(problem("35 Oe", "T"), HasSubstr("give H instead of B"));
  EXPECT_THAT(problem("5", "m"), HasSubstr("has no unit"));
  EXPECT_THAT(problem("5", "1"), HasSubstr("without quotes"));
  EXPECT_THAT(problem("oops", "m"), HasSubstr("is not a number with a unit"));
  EXPECT_THAT(problem("", "m"), HasSubstr("is not a number with a unit"));
  EXPECT_THAT(problem("1e400 m", "m"), HasSubstr("beyond double precision"));
  EXPECT_THAT(problem("1e308 km", "m"), HasSubstr("beyond double precision"));
  EXPECT_THAT(problem("nan m", "m"), HasSubstr("is not a number"));
}

TEST(Units, WhatUdunitsWouldReadAsDatesLogarithmsOrOffsetsIsRefused) {
  for (const char* text :
       {"3 s since 2000-01-01", "1 lg(re 1 m)", "2 m @ 3", "1 m;m", "1 ((((((((((m))))))))))", "1 m\n\x01"}) {
    EXPECT_NE(problem(text, "m"), "") << text;
  }
}

TEST(Units, MayBeReadFromSeveralThreads) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int n = 0; n < 200; ++n) EXPECT_EQ(read_quantity("200 nm", "m").value, 2e-7);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace vitrispin::io
