#include "vitrispin/distributed/petsc_session.hpp"

#include <petscsys.h>

#include <sstream>
#include <vector>

#include "vitrispin/core/errors.hpp"

namespace vitrispin::distributed {
namespace {

std::string message;

/// Keeps what the first place of a traceback says.
PetscErrorCode remember(MPI_Comm, int, const char*, const char*, PetscErrorCode code, PetscErrorType type,
                        const char* text, void*) {
  if (type == PETSC_ERROR_INITIAL) message = text == nullptr ? "" : text;
  return code;
}

std::vector<std::string> words(const std::string& options) {
  std::istringstream stream(options);
  std::vector<std::string> all;
  for (std::string word; stream >> word;) all.push_back(word);
  return all;
}

/// Options that act when PETSc starts or ends, not on a solver.
bool is_of_the_whole_run(const std::string& name) {
  for (const char* start : {"log_", "options_", "malloc", "memory_", "info", "help", "on_error_attach", "skip_petscrc",
                            "no_signal_handler"}) {
    if (name.rfind(start, 0) == 0) return true;
  }
  return false;
}

void start(const std::vector<std::string>& options) {
  // The program's own signals, and no file that the input does not name.
  std::vector<std::string> arguments{"vitrispin", "-no_signal_handler", "-skip_petscrc"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  int count = static_cast<int>(arguments.size());
  char** list = pointers.data();
  check_petsc(PetscInitialize(&count, &list, nullptr, nullptr), "PetscInitialize");
  PETSC_STDOUT = stderr;  // standard output is for results
  check_petsc(PetscPushErrorHandler(remember, nullptr), "PetscPushErrorHandler");
}

}  // namespace

void check_petsc(int code, const char* call) {
  if (code != 0) throw ExternalError("PETSc", call, code, last_petsc_message());
}

std::string last_petsc_message() {
  return std::exchange(message, {});
}

void use_petsc_options(const std::string& options) {
  const std::vector<std::string> all = words(options);
  if (!all.empty() && all.front().front() != '-')
    throw InputError("petsc = \"" + options + "\": an option begins with a minus, as -ksp_monitor");
  PetscBool runs = PETSC_FALSE;
  PetscInitialized(&runs);
  if (runs == PETSC_FALSE) return start(all);
  check_petsc(PetscOptionsClear(nullptr), "PetscOptionsClear");
  check_petsc(PetscOptionsInsertString(nullptr, options.c_str()), "PetscOptionsInsertString");
}

void refuse_unused_options() {
  PetscInt count = 0;
  char **names = nullptr, **values = nullptr;
  check_petsc(PetscOptionsLeftGet(nullptr, &count, &names, &values), "PetscOptionsLeftGet");
  std::string unused;
  for (PetscInt i = 0; i < count; ++i) {
    if (!is_of_the_whole_run(names[i])) unused += (unused.empty() ? "-" : ", -") + std::string(names[i]);
  }
  check_petsc(PetscOptionsLeftRestore(nullptr, &count, &names, &values), "PetscOptionsLeftRestore");
  if (!unused.empty())
    throw InputError("petsc: nothing in this run asks for " + unused + "; `-help` lists what there is");
}

void finish_petsc() {
  PetscBool runs = PETSC_FALSE;
  PetscInitialized(&runs);
  if (runs == PETSC_TRUE) PetscFinalize();
}

}  // namespace vitrispin::distributed
