#include "vitrispin/dynamics/grid/temperature_cells.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/grid/build_problem.hpp"

namespace vitrispin::dynamics::grid {
namespace {

/// The interfaces of `problem` between the cells beside them.
void add_interfaces(const Problem& problem, Problem& cells) {
  std::array<std::size_t, 3> n{};
  for (std::size_t a = 0; a < 3; ++a) n[a] = problem.axes[a].cells();
  const auto join = [&](std::size_t lower, std::size_t upper) {
    const std::uint16_t a = problem.domain[lower], b = problem.domain[upper];
    if (a == b || a == vacuum || b == vacuum) return;
    const auto found = problem.interfaces.find({std::min(a, b), std::max(a, b)});
    if (found == problem.interfaces.end()) return;
    const std::uint16_t c = cells.domain[lower], d = cells.domain[upper];
    cells.interfaces[{std::min(c, d), std::max(c, d)}] = found->second;
  };
  for (std::size_t k = 0; k < n[2]; ++k) {
    for (std::size_t j = 0; j < n[1]; ++j) {
      for (std::size_t i = 0; i < n[0]; ++i) {
        const std::array<std::size_t, 3> place{i, j, k};
        for (std::size_t a = 0; a < 3; ++a) {
          if (n[a] == 1 || (place[a] + 1 == n[a] && !problem.axes[a].periodic)) continue;
          std::array<std::size_t, 3> next = place;
          next[a] = (place[a] + 1) % n[a];
          join(problem.cell(i, j, k), problem.cell(next[0], next[1], next[2]));
        }
      }
    }
  }
}

}  // namespace

bool depends_on_temperature(const Problem& problem) {
  return std::any_of(problem.domains.begin(), problem.domains.end(),
                     [](const Domain& domain) { return domain.table != nullptr; });
}

Problem in_cells(const Problem& problem) {
  Problem cells = problem;
  cells.domains.clear();
  cells.interfaces.clear();
  const auto present = std::count_if(problem.domain.begin(), problem.domain.end(),
                                     [](std::uint16_t domain) { return domain != vacuum; });
  if (present >= vacuum) {
    throw InputError(
        fmt::format("materials with a table of temperatures take at most {} cells, one material for each; "
                    "this grid has {}",
                    vacuum - 1, present));
  }
  for (std::uint16_t& domain : cells.domain) {
    if (domain == vacuum) continue;
    cells.domains.push_back(problem.domains[domain]);
    domain = static_cast<std::uint16_t>(cells.domains.size() - 1);
  }
  add_interfaces(problem, cells);
  return cells;
}

void set_temperature(Problem& cells, const std::vector<double>& T, const std::vector<double>& ahead) {
  for (std::size_t cell = 0; cell < cells.domain.size(); ++cell) {
    if (cells.domain[cell] == vacuum) continue;
    Domain& domain = cells.domains[cells.domain[cell]];
    if (!domain.table) continue;
    if (!domain.table->holds(T[cell])) {
      const std::size_t nx = cells.axes[0].cells();
      throw InputError(
          fmt::format("{} is at {:.6g} K at x = {:.6g} m, outside the table of material {}, which goes from {} "
                      "to {} K",
                      domain.name, T[cell], cells.axes[0].center(cell % nx), domain.material_name,
                      domain.table->T.front(), domain.table->T.back()));
    }
    set_material(domain, domain.table->at(ahead[cell]), cells.H);
  }
}

double energy_left_out(const physics::Material<double>& material, const Vector3<double>& H,
                       const Vector3<double>& change) {
  const bool pair = material.has_equilibrium_magnetization();
  const double chi = pair ? material.equilibrium_susceptibility : material.accumulation_susceptibility;
  const Vector3<double> equilibrium = pair ? physics::equilibrium_magnetization(material, H) : chi * H;
  const double fixed = 0.5 * chi * dot(H, H) + (pair ? dot(material.remanence, H) : 0.0);
  return -constants::vacuum_permeability * (fixed + dot(equilibrium, change));
}

}  // namespace vitrispin::dynamics::grid
