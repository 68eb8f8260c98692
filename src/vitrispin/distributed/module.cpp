// What the program asks this library for.
#include "vitrispin/distributed/mpi_halo.hpp"
#include "vitrispin/distributed/mpi_ranks.hpp"
#include "vitrispin/distributed/petsc_solver.hpp"
#include "vitrispin/dynamics/grid/distribution.hpp"

extern "C" const vitrispin::dynamics::grid::Distribution* vitrispin_distribution() {
  using namespace vitrispin::distributed;
  static const vitrispin::dynamics::grid::Distribution all{mpi_ranks, mpi_halo, petsc_solver};
  return &all;
}
