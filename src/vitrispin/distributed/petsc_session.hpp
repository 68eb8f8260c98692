#pragma once

#include <string>

namespace vitrispin::distributed {

/// Starts PETSc, if it does not run, and lets these options take the place of those before.
/// Errors  InputError for what is no option
void use_petsc_options(const std::string& options);

/// Errors  InputError naming the options that nothing has asked for
void refuse_unused_options();

/// ExternalError with PETSc's own words if a call returned a code.
void check_petsc(int code, const char* call);
/// What PETSc said last, and forgets it.
std::string last_petsc_message();

void finish_petsc();

}  // namespace vitrispin::distributed
