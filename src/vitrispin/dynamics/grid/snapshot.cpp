#include "vitrispin/dynamics/grid/snapshot.hpp"

#include <limits>

#include "vitrispin/dynamics/grid/ledger.hpp"

namespace vitrispin::dynamics::grid {

Snapshot snapshot_of(RowSweep& sweep, const Forcing& now, const Fields<double>& state) {
  Snapshot result;
  const Grid& grid = sweep.grid();
  const std::size_t cells = grid.cells();
  Values<double> full(cells);
  constexpr double absent = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t k = 0; k < 3; ++k) {
    const auto gather = [&](const auto& value, std::vector<double>& to) {
      for (std::size_t i = 0; i < cells; ++i) {
        const std::uint16_t d = grid.domain()[i];
        full[i] = d == vacuum ? absent : value(i, grid.domains()[d]);
      }
      to = sweep.halo().gathered(full.data(), cells);
    };
    const auto paired = [&](double value, const Domain& d) {
      return d.material.has_equilibrium_magnetization() ? value : absent;
    };
    const auto textured = [&](double value, const Domain& d) { return d.material.has_texture() ? value : absent; };
    gather([&](std::size_t i, const Domain& d) { return paired(d.M_eq[k] + state.M(k)[i], d); }, result.M[k]);
    gather([&](std::size_t i, const Domain& d) { return d.m_eq[k] + state.m(k)[i]; }, result.m[k]);
    gather([&](std::size_t i, const Domain& d) { return textured(state.theta(k)[i], d); }, result.theta[k]);
  }
  entropy_production(sweep, now, StateView(state), full.data());
  for (std::size_t i = 0; i < cells; ++i) {
    if (grid.domain()[i] == vacuum) full[i] = absent;
  }
  result.entropy_production = sweep.halo().gathered(full.data(), cells);
  return result;
}

void scatter_fields(const std::vector<double>& whole, const Grid& grid, const Halo& halo, Fields<double>& state) {
  const std::size_t all = grid.problem().cells();
  for (std::size_t f = 0; f < 9; ++f) {
    std::vector<double> field;
    if (halo.first()) {
      const auto from = whole.begin() + static_cast<std::ptrdiff_t>(f * all);
      field.assign(from, from + static_cast<std::ptrdiff_t>(all));
    }
    halo.scatter(field, state.values().data() + f * grid.cells(), grid.cells());
  }
}

}  // namespace vitrispin::dynamics::grid
