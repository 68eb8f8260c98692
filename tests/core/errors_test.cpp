#include "vitrispin/core/errors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace vitrispin {
namespace {

using ::testing::HasSubstr;

TEST(Errors, AFaultNamesFileLineAndColumn) {
  EXPECT_EQ((Fault{"film.toml", 14, 9, "chi_m", "must be below chi_M"}).text(), "film.toml:14:9: must be below chi_M");
  EXPECT_EQ((Fault{"film.toml", 0, 0, "", "is empty"}).text(), "film.toml: is empty");
  EXPECT_EQ((Fault{"", 0, 0, "", "no such preset"}).text(), "no such preset");
}

TEST(Errors, AnInputErrorHoldsAndShowsEveryFault) {
  const InputError error({{"a.toml", 1, 2, "x", "first"}, {"a.toml", 3, 4, "y", "second"}});
  ASSERT_EQ(error.faults().size(), 2u);
  EXPECT_STREQ(error.what(), "a.toml:1:2: first\na.toml:3:4: second");
  EXPECT_STREQ(InputError("bad usage").what(), "bad usage");
}

TEST(Errors, AConvergenceErrorWithoutIterationsTellsOfNone) {
  EXPECT_STREQ(ConvergenceError("the film's solution", 0, NAN, 0).what(), "the film's solution did not converge");
}

TEST(Errors, AConvergenceErrorSaysHowFarItGotAndWhereTheLastGoodStateIs) {
  const ConvergenceError error("Newton", 12, 3e-4, 1e-9, "run.partial/checkpoint.nc");
  EXPECT_EQ(error.iterations(), 12);
  EXPECT_EQ(error.residual(), 3e-4);
  EXPECT_EQ(error.tolerance(), 1e-9);
  EXPECT_EQ(error.last_good_state(), "run.partial/checkpoint.nc");
  EXPECT_THAT(error.what(), HasSubstr("residual 3.000e-04 after 12 iterations, tolerance 1.000e-09"));
  EXPECT_THAT(error.what(), HasSubstr("run.partial/checkpoint.nc"));
}

TEST(Errors, AnExternalErrorNamesLibraryCallAndCode) {
  const ExternalError error("netCDF", "nc_create", -13, "Permission denied");
  EXPECT_EQ(error.library(), "netCDF");
  EXPECT_EQ(error.call(), "nc_create");
  EXPECT_EQ(error.code(), -13);
  EXPECT_STREQ(error.what(), "netCDF: nc_create failed with code -13: Permission denied");
}

}  // namespace
}  // namespace vitrispin
