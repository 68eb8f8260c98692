#include <gtest/gtest.h>

#include <new>
#include <stdexcept>

#include "vitrispin/app/command_line.hpp"
#include "vitrispin/app/interruption.hpp"
#include "vitrispin/core/errors.hpp"

namespace vitrispin::app {
namespace {

template <class Error>
int status_after(const Error& error) {
  return exit_status_of([&]() -> int { throw error; });
}

TEST(ExitStatus, is_that_of_the_work_if_nothing_fails) {
  EXPECT_EQ(exit_status_of([] { return 0; }), 0);
}

TEST(ExitStatus, is_2_for_what_the_user_can_mend) {
  EXPECT_EQ(status_after(InputError("chi_m must be below chi_M")), 2);
  EXPECT_EQ(status_after(DomainError("no steady state")), 2);
  EXPECT_EQ(status_after(ExternalError("netCDF", "nc_create", 13, "permission denied")), 2);
  EXPECT_EQ(status_after(std::bad_alloc()), 2);
}

TEST(ExitStatus, is_3_and_the_message_holds_residual_tolerance_and_last_good_state_if_a_solver_does_not_converge) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(status_after(ConvergenceError("Newton's iteration", 40, 3e-4, 1e-9, "film.partial/state.nc")), 3);
  const std::string message = testing::internal::GetCapturedStderr();
  for (const char* part :
       {"Newton's iteration", "did not converge", "3.000e-04", "40", "1.000e-09", "film.partial/state.nc"}) {
    EXPECT_NE(message.find(part), std::string::npos) << part << " is missing in: " << message;
  }
}

TEST(ExitStatus, is_130_after_an_interrupt_and_143_after_a_request_to_terminate) {
  EXPECT_EQ(status_after(Interrupted(2)), 130);
  EXPECT_EQ(status_after(Interrupted(15)), 143);
}

TEST(ExitStatus, is_1_for_a_bug) {
  EXPECT_EQ(status_after(std::logic_error("the points of a sweep differ")), 1);
}

}  // namespace
}  // namespace vitrispin::app
