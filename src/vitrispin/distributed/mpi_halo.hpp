#pragma once

#include <memory>

#include "vitrispin/dynamics/grid/halo.hpp"

namespace vitrispin::distributed {

/// Between the ranks of MPI's world, whose slabs follow one another in their order.
std::unique_ptr<dynamics::grid::Halo> mpi_halo(bool periodic);

}  // namespace vitrispin::distributed
