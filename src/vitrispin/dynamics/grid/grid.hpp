#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "vitrispin/dynamics/grid/problem.hpp"

/// The finite volumes of a problem, or of one rank's slab of it: docs/dynamics.md. M, m, theta live at cell centres,
/// currents at faces; a face between two half-cells and an interface is a series of resistances.
namespace vitrispin::dynamics::grid {

/// The cells [begin, end) of the slowest direction that has more than one cell.
struct Slab {
  std::size_t begin = 0, end = 0;
};

/// Of a face, per area: conductance of m [m/s] and stiffness of theta [J/m^2]; `share`: the part of the resistance of m that is the
/// interface's.
struct Link {
  double m = 0, twist = 0, share = 0;
};

/// The outer face of one cell, where it is not closed and free. All per area.
struct OuterFace {
  std::size_t cell = 0;        ///< of this slab
  std::uint16_t boundary = 0;  ///< of the problem
  double area = 0;
  bool takes_current = false;
  double half_cell = 0;    ///< 2 D chi_m/width [m/s]
  double contact = 0;      ///< of the contact alone; infinity if perfect
  double conductance = 0;  ///< from the centre to the contact's h_c, half-cell and contact in series [m/s]
  double twist_clamp = 0;  ///< 2 rho_s/width where theta = 0 at the face, else 0 [J/m^2]
};

class Grid {
public:
  /// Errors  InputError naming what a grid cannot do
  explicit Grid(const Problem& problem);
  Grid(const Problem& problem, Slab slab);

  const Problem& problem() const { return problem_; }
  const std::vector<Domain>& domains() const { return problem_.domains; }
  std::size_t slowest() const { return slowest_; }  ///< the direction that slabs cut
  Slab slab() const { return slab_; }

  std::size_t cells() const { return cells_; }  ///< owned
  std::size_t plane() const { return plane_; }  ///< cells of one layer across the slowest direction
  std::size_t count(std::size_t axis) const { return count_[axis]; }
  std::size_t stride(std::size_t axis) const { return stride_[axis]; }  ///< between neighbours in an array
  /// Whether cells at the ends have neighbours: periodic, or (along the slowest direction) another slab there. The values of a slab's
  /// neighbours stand in the planes before and after the owned cells, those of the other directions at the far end.
  bool open_before(std::size_t axis) const { return open_before_[axis]; }
  bool open_after(std::size_t axis) const { return open_after_[axis]; }
  bool periodic(std::size_t axis) const { return problem_.axes[axis].periodic; }

  /// Widths and centres [m]; i = -1 and count(axis) are the neighbours' where there are any.
  double width(std::size_t axis, std::ptrdiff_t i) const { return widths_[axis][static_cast<std::size_t>(i + 1)]; }
  const double* widths(std::size_t axis) const { return widths_[axis].data() + 1; }  ///< of all owned cells
  double center(std::size_t axis, std::size_t i) const { return centers_[axis][i]; }
  double volume(std::size_t i, std::size_t j, std::size_t k) const {
    return widths_[0][i + 1] * widths_[1][j + 1] * widths_[2][k + 1];
  }
  /// Of the owned cells; one plane before and after them as well, `vacuum` beyond the outer faces.
  const std::uint16_t* domain() const { return domain_.data() + plane_; }

  /// Equation  1/Y_face = d_L/(D chi_m)_L + 1/Y_int + d_R/(D chi_m)_R, d the half-cells; rho_s likewise
  /// `face`: of this slab, below cell `face`; 0 and count(axis) are outer faces, or those to the neighbouring cells
  Link link(std::size_t axis, std::size_t face, std::uint16_t lower, std::uint16_t upper) const;
  /// In ascending order of their cells.
  const std::vector<OuterFace>& outer_faces() const { return outer_faces_; }

private:
  void collect_outer_faces();
  void add_outer_face(std::size_t cell, std::uint16_t boundary, double width, double area);

  Problem problem_;
  Slab slab_;
  std::size_t slowest_ = 0, cells_ = 0, plane_ = 0;
  std::array<std::size_t, 3> count_{}, stride_{};
  std::array<bool, 3> open_before_{}, open_after_{};
  std::array<std::vector<double>, 3> widths_, centers_;
  std::vector<std::uint16_t> domain_;
  std::vector<OuterFace> outer_faces_;
};

}  // namespace vitrispin::dynamics::grid
