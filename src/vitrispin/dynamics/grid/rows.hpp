#pragma once

#include <array>
#include <functional>
#include <vector>

#include "vitrispin/dynamics/fields.hpp"
#include "vitrispin/dynamics/grid/forcing.hpp"
#include "vitrispin/dynamics/grid/halo.hpp"
#include "vitrispin/dynamics/grid/spans.hpp"

/// One walk over a slab, row by row along x, that gives each row with the rows beside it, for everything that needs
/// neighbours: rates, energies, dissipation. Blocks of rows are followed through the planes, so that a plane's values are
/// still near when the next ones need them.
namespace vitrispin::dynamics::grid {

/// A domain's cells, in loops. A metal has no chi_M: what is divided by it vanishes.
struct Coefficients {
  double inverse_chi_M = 0, inverse_chi_m = 0;
  double M_to_lattice = 0, m_to_lattice = 0, exchange = 0;  ///< chi_M/tau_ML, chi_m/tau_mL, chi_M/tau_Mm [1/s]
  double gamma = 0, gamma_mu0 = 0, alpha_gamma = 0;
  bool pair = false;  ///< carries M; theta too unless it is a ferromagnet, whose gamma, alpha, K and rho_s vanish
  explicit Coefficients(const physics::Material<double>& material);
};

/// Nine arrays of a slab's cells: M - M_eq, m - m_eq, theta (see dynamics::Fields).
struct StateView {
  std::array<const double*, 3> M{}, m{}, theta{};
  StateView() = default;
  explicit StateView(const Fields<double>& z)
      : M{z.M(0), z.M(1), z.M(2)}, m{z.m(0), z.m(1), z.m(2)}, theta{z.theta(0), z.theta(1), z.theta(2)} {}
};

struct Row {
  std::size_t index = 0, cell = 0;  ///< j + k count(1), and its first cell
  std::size_t cells = 0;
  double face_y = 0, face_z = 0,
         face_x = 0;  ///< width z, width y, and their product: areas per width in x; across x [m], [m^2]
  std::array<const double*, 3> M{}, m{}, theta{};
  std::array<const double*, 3> field{};  ///< H - H(start); nullptr: none
  std::array<const double*, 3> p{};      ///< -h*; p[-1] and p[cells] can be read
  std::array<std::array<const double*, 3>, 4> p_beside{},
      theta_beside{};                                 ///< in the order of Beside; beyond an outer face the row itself
  std::array<double, 3> theta_left{}, theta_right{};  ///< beyond the ends
  const Span* begin = nullptr;
  const Span* end = nullptr;
  /// With `RowSweep::divergences`: of m into each cell [A/(m s)] and the torque's part rho_s laplacian(theta) [J/m^3], outer faces included.
  std::array<double*, 3> inflow{}, pull{};
};

class RowSweep {
public:
  RowSweep(const Grid& grid, const Halo& halo);

  /// Calls `visit` for every row. With `divergences` the sums over faces are formed; without, they stay undefined.
  void visit(const StateView& state, const Forcing& forcing, bool divergences,
             const std::function<void(const Row&)>& visit);

  const Grid& grid() const { return grid_; }
  const Halo& halo() const { return halo_; }
  const Spans& spans() const { return spans_; }
  const Coefficients& coefficients(std::uint16_t domain) const { return coefficients_[domain]; }
  /// The outer faces of a row: Grid::outer_faces() from the first to before the second.
  std::size_t outer_begin(std::size_t row) const { return outer_rows_[row]; }

private:
  void exchange_edges(const StateView& state, const Forcing& forcing);
  void row_potential(const StateView& state, const Forcing& forcing, std::size_t row, std::size_t component,
                     double* p) const;
  void fill_ring(const StateView& state, const Forcing& forcing, std::ptrdiff_t j, std::ptrdiff_t k, std::size_t slot,
                 std::size_t line);
  double* ring(std::size_t slot, std::size_t line, std::size_t component);
  Row row_at(const StateView& state, const Forcing& forcing, std::size_t j, std::size_t k, std::size_t slot,
             std::size_t line);
  const double* theta_row(const StateView& state, std::size_t component, std::ptrdiff_t j, std::ptrdiff_t k) const;
  void add_divergences(const Row& row, const Forcing& forcing) const;
  void add_outer_faces(const Row& row, const Forcing& forcing) const;

  const Grid& grid_;
  const Halo& halo_;
  Spans spans_;
  std::vector<Coefficients> coefficients_;
  std::vector<std::uint32_t> outer_rows_;
  std::size_t block_ = 1, row_stride_ = 0;
  Values<double> ring_, scratch_;
  /// Of p and theta, where slabs meet or a period closes: the plane before, the first, the last, the plane after.
  bool has_edges_ = false;
  std::array<Values<double>, 3> p_edges_, theta_edges_;
};

}  // namespace vitrispin::dynamics::grid
