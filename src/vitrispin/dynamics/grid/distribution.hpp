#pragma once

#include "vitrispin/core/ranks.hpp"
#include "vitrispin/dynamics/grid/helmholtz.hpp"
#include "vitrispin/dynamics/grid/preconditioner.hpp"

/// What the module of MPI and PETSc gives to the solvers of this folder. It is a library of its own, loaded when a run needs it, so that
/// whatever does not is not slowed down by either (docs/decisions/0008-petsc-and-mpi.md).
namespace vitrispin::dynamics::grid {

struct Distribution {
  Ranks& (*ranks)();  ///< starts MPI if it does not run
  /// Between slabs in the order of the ranks.
  std::unique_ptr<Halo> (*halo)(bool periodic);
  /// A Krylov method of PETSc, set up by `options`; `preconditioner` unless they name another.
  SolverMaker (*petsc_solver)(const std::string& options, const PreconditionerMaker& preconditioner);
};

/// The one function of the module, `extern "C"`.
inline constexpr const char* distribution_symbol = "vitrispin_distribution";
using DistributionFunction = const Distribution* (*)();

}  // namespace vitrispin::dynamics::grid
