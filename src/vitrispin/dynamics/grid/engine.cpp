#include <dlfcn.h>
#include <fmt/format.h>

#include <filesystem>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/grid/distribution.hpp"
#include "vitrispin/dynamics/grid/evolution.hpp"
#include "vitrispin/dynamics/grid/exact_evolution.hpp"
#include "vitrispin/dynamics/grid/multigrid.hpp"
#include "vitrispin/dynamics/grid/serial_evolution.hpp"
#include "vitrispin/dynamics/grid/slabs.hpp"

namespace vitrispin::dynamics::grid {
namespace {

constexpr const char* library = "libvitrispin_distributed.so";

/// Beside the program, or where an installation has it.
std::filesystem::path library_path() {
  std::error_code ignored;
  const std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const auto& place : {folder / library, folder / ".." / "lib" / "vitrispin" / library}) {
    if (std::filesystem::exists(place, ignored)) return place;
  }
  return {};
}

const Distribution& load() {
  const std::string remedy =
      "install PETSc and Open MPI (Debian: libpetsc-real-dev, libopenmpi-dev, openmpi-bin) and build with them";
  const std::filesystem::path path = library_path();
  if (path.empty()) {
    throw InputError(
        fmt::format("several ranks, and the options `petsc`, need {}, which is not there: {}", library, remedy));
  }
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* symbol = handle != nullptr ? dlsym(handle, distribution_symbol) : nullptr;
  if (symbol == nullptr)
    throw InputError(fmt::format("{} cannot be loaded ({}): {}", path.string(), dlerror(), remedy));
  return *reinterpret_cast<DistributionFunction>(symbol)();
}

/// Loaded once, when it is first asked for.
bool loaded = false;

const Distribution& distribution() {
  static const Distribution& module = load();
  loaded = true;
  return module;
}

Ranks& one_rank() {
  static Ranks ranks;
  return ranks;
}

std::unique_ptr<Evolution> distributed_evolution(const Problem& problem, const EvolutionSettings& settings) {
  if (settings.time.method == Method::exact) {
    throw InputError(
        "method = \"exact\" runs on one rank: its waves span the whole box; start the program without mpirun, or "
        "choose "
        "another method");
  }
  const Ranks& ranks = distribution().ranks();
  const std::size_t axis = Grid(problem).slowest();
  const auto solver = settings.petsc.empty() ? SolverMaker(helmholtz_solver)
                                             : distribution().petsc_solver(settings.petsc, multigrid_preconditioner);
  const std::vector<Slab> slabs = slabs_of(problem, static_cast<std::size_t>(ranks.size()));
  return slab_evolution(problem, settings, slabs[static_cast<std::size_t>(ranks.rank())],
                        distribution().halo(problem.axes[axis].periodic), solver);
}

}  // namespace

const Engine& serial_engine() {
  static const Engine engine{one_rank, [](const Problem& problem, const EvolutionSettings& settings) {
                               if (settings.time.method == Method::exact) return exact_evolution(problem);
                               return serial_evolution(problem, settings, helmholtz_solver);
                             }};
  return engine;
}

const Engine& engine(const std::string& petsc_options) {
  static const Engine distributed{[]() -> Ranks& { return distribution().ranks(); }, distributed_evolution};
  return petsc_options.empty() && all_ranks().size() == 1 ? serial_engine() : distributed;
}

Ranks* running_ranks() {
  return loaded ? &distribution().ranks() : nullptr;
}

Ranks& all_ranks() {
  return loaded || launch().size > 1 ? distribution().ranks() : one_rank();
}

}  // namespace vitrispin::dynamics::grid
