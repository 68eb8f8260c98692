#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/grid/evolution.hpp"
#include "vitrispin/dynamics/grid/multigrid.hpp"
#include "vitrispin/dynamics/grid/serial_evolution.hpp"

namespace vitrispin::dynamics::grid {

const Engine& serial_engine() {
  static const Engine engine{[](const std::string&) { return Ranks{}; },
                             [](const Problem& problem, const EvolutionSettings& settings) {
                               return serial_evolution(problem, settings, helmholtz_solver);
                             }};
  return engine;
}

const Engine& engine(const std::string& petsc_options) {
  if (!petsc_options.empty()) throw InputError("`petsc`: this build has no PETSc");
  return serial_engine();
}

}  // namespace vitrispin::dynamics::grid
