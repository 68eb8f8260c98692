#include "vitrispin/core/ranks.hpp"

#include <cstdlib>

namespace vitrispin {
namespace {

/// A variable of the environment as a number; `otherwise` if it is not there.
int number(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  if (text == nullptr || *text == '\0') return otherwise;
  char* end = nullptr;
  const long value = std::strtol(text, &end, 10);
  return *end == '\0' && value >= 0 && value < 1 << 30 ? static_cast<int>(value) : otherwise;
}

}  // namespace

void Ranks::abort(int status) {
  std::_Exit(status);
}

Launch launch() {
  // Open MPI; MPICH, Intel MPI and Slurm's PMI; Slurm's PMIx, which gives the size under its own name alone.
  const char* const names[][2] = {{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
                                  {"PMI_RANK", "PMI_SIZE"},
                                  {"PMIX_RANK", "SLURM_STEP_NUM_TASKS"}};
  for (const auto& [rank, size] : names) {
    if (const int found = number(rank, -1); found >= 0) return {found, number(size, 1)};
  }
  return {};
}

}  // namespace vitrispin
