#pragma once

#include <string>

#include "vitrispin/dynamics/grid/preconditioner.hpp"

namespace vitrispin::distributed {

/// KSP and PC of PETSc for the system of helmholtz.hpp, assembled as an AIJ matrix. `options` choose among all that PETSc has; what they
/// leave open is conjugate gradients with `preconditioner`. Whatever they choose, its solutions are refined until the residual of
/// helmholtz.hpp is as small as asked for.
/// Errors  InputError for options that nothing asks for; ConvergenceError with PETSc's reason
dynamics::grid::SolverMaker petsc_solver(const std::string& options,
                                         const dynamics::grid::PreconditionerMaker& preconditioner);

}  // namespace vitrispin::distributed
