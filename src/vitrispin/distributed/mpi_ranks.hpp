#pragma once

#include "vitrispin/core/ranks.hpp"

namespace vitrispin::distributed {

/// The processes of MPI's world. Starts MPI if it does not run.
Ranks& mpi_ranks();

}  // namespace vitrispin::distributed
