#include "vitrispin/distributed/mpi_ranks.hpp"

#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "vitrispin/distributed/petsc_session.hpp"

namespace vitrispin::distributed {
namespace {

using Clock = std::chrono::steady_clock;

/// MPI itself waits with its cores at full speed; this sleeps between looks. False if it took longer than `seconds`.
bool wait_asleep(MPI_Request& request, double seconds) {
  const auto begun = Clock::now();
  std::chrono::microseconds pause(20);
  for (;;) {
    int done = 0;
    MPI_Test(&request, &done, MPI_STATUS_IGNORE);
    if (done != 0) return true;
    if (std::chrono::duration<double>(Clock::now() - begun).count() > seconds) return false;
    std::this_thread::sleep_for(pause);
    pause = std::min(2 * pause, std::chrono::microseconds(5000));
  }
}

class MpiRanks final : public Ranks {
public:
  MpiRanks() {
    int runs = 0, level = 0;
    MPI_Initialized(&runs);
    if (runs == 0) MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &level);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
    // Apart from the solvers' messages, so that a rank that is alone with a failure does not meet one of these.
    MPI_Comm_dup(MPI_COMM_WORLD, &talk_);
    MPI_Comm_dup(MPI_COMM_WORLD, &arrivals_);
  }

  int rank() const override { return rank_; }
  int size() const override { return size_; }

  std::vector<long> largest(std::vector<long> values) override {
    MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_LONG, MPI_MAX, talk_);
    return values;
  }

  long told(long value) override {
    MPI_Request request = MPI_REQUEST_NULL;
    MPI_Ibcast(&value, 1, MPI_LONG, 0, talk_, &request);
    constexpr double for_ever = 1e300;
    wait_asleep(request, for_ever);
    return value;  // NOLINT(clang-analyzer-optin.mpi.MPI-Checker): waited for by MPI_Test
  }

  bool all_arrive(double seconds) override {
    MPI_Request request = MPI_REQUEST_NULL;
    MPI_Ibarrier(arrivals_, &request);
    return wait_asleep(request, seconds);  // NOLINT(clang-analyzer-optin.mpi.MPI-Checker): waited for by MPI_Test
  }

  void finish() override {
    int done = 0;
    MPI_Finalized(&done);
    if (done != 0) return;
    finish_petsc();
    MPI_Comm_free(&talk_);
    MPI_Comm_free(&arrivals_);
    MPI_Finalize();
  }

  [[noreturn]] void abort(int status) override {
    MPI_Abort(MPI_COMM_WORLD, status);
    std::_Exit(status);
  }

private:
  int rank_ = 0, size_ = 1;
  MPI_Comm talk_ = MPI_COMM_NULL, arrivals_ = MPI_COMM_NULL;
};

}  // namespace

Ranks& mpi_ranks() {
  static MpiRanks ranks;
  return ranks;
}

}  // namespace vitrispin::distributed
