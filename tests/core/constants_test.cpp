#include "vitrispin/core/constants.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace vitrispin::constants {
namespace {

TEST(Constants, AreThoseOfCodata2018) {
  EXPECT_EQ(vacuum_permeability, 1.25663706212e-6);
  EXPECT_EQ(bohr_magneton, 9.2740100783e-24);
  EXPECT_EQ(electron_gyromagnetic_ratio, 1.76085963023e11);
  EXPECT_EQ(planck, 6.62607015e-34);
  EXPECT_EQ(elementary_charge, 1.602176634e-19);
  EXPECT_EQ(boltzmann, 1.380649e-23);
}

TEST(Constants, ReducedPlanckConstantIsPlanckOverTwoPi) {
  EXPECT_NEAR(reduced_planck / (planck / (2 * pi)), 1.0, 4e-16);  // two roundings
  EXPECT_EQ(pi, std::acos(-1.0));
}

TEST(Constants, GyromagneticRatioIsTheMagneticMomentOfTheElectronOverItsSpin) {
  // gamma = 2 mu_e/hbar with mu_e = 1.00115965218128 mu_B (CODATA 2018, 3e-10 relative in mu_B).
  EXPECT_NEAR(electron_gyromagnetic_ratio / (2 * 1.00115965218128 * bohr_magneton / reduced_planck), 1.0, 6e-10);
}

TEST(Constants, VacuumPermeabilityIsFourPiTimesTenToTheMinusSevenToTheLastDigitsOfItsMeasurement) {
  EXPECT_NEAR(vacuum_permeability / (4e-7 * pi), 1.0, 1e-9);  // CODATA 2018: 1 + 5.5(1.5)e-10
}

}  // namespace
}  // namespace vitrispin::constants
