#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "vitrispin/physics/drive.hpp"
#include "vitrispin/physics/stack.hpp"

/// A rectilinear grid in one to three dimensions: what is where, as plain data. Layers and regions have become
/// domains, one per cell; patches have become boundaries, one per outer face of a cell.
namespace vitrispin::dynamics::grid {

/// One direction. A direction that the problem lacks has a single cell of 1 m, so that sums over cells come out in
/// J/m^2, J/m, J in 1, 2, 3 dimensions.
struct Axis {
  std::vector<double> faces{0.0, 1.0};  ///< ascending, one more than cells [m]
  bool periodic = false;
  std::size_t cells() const { return faces.size() - 1; }
  double width(std::size_t i) const { return faces[i + 1] - faces[i]; }
  double center(std::size_t i) const { return faces[i] + 0.5 * width(i); }
  /// The cell that holds x, or the nearest.
  std::size_t cell_at(double x) const {
    const auto after = std::upper_bound(faces.begin(), faces.end(), x);
    const auto i = std::max<std::ptrdiff_t>(std::distance(faces.begin(), after) - 1, 0);
    return std::min(static_cast<std::size_t>(i), cells() - 1);
  }
};

/// A layer or a region: cells of one material.
struct Domain {
  std::string name, material_name;
  physics::Material<double> material;
  Vector3<double> M_eq{}, m_eq{};  ///< [A/m], in the field at the start; m_eq = chi_m H in a metal, 0 in a glass
  std::shared_ptr<const physics::TemperatureTable> table{};  ///< of the material, if it has one
};

inline constexpr std::uint16_t vacuum = 0xffff;

/// Outer faces of the box in the order of the file's names: -x, +x, -y, +y, -z, +z.
enum Face : std::size_t { left, right, front, back, bottom, top };

struct Problem {
  std::array<Axis, 3> axes;
  std::vector<Domain> domains;
  std::vector<std::uint16_t> domain;  ///< of each cell, x fastest; or `vacuum`: no flux into it
  /// Between two domains, the lower index first; where there is none the interface is transparent.
  std::map<std::pair<std::uint16_t, std::uint16_t>, physics::Interface> interfaces;
  std::vector<physics::Boundary> boundaries;  ///< what patches and faces say; real amplitudes
  std::vector<std::string> boundary_names;    ///< "left", "front", or of a patch; a drive names them
  /// For each outer face, the boundary of each cell's face (the lower direction fastest: y of left, x of front and bottom).
  std::array<std::vector<std::uint16_t>, 6> boundary;
  Vector3<double> H{};  ///< at the start [A/m]
  std::vector<physics::Drive> drives;

  std::size_t cells() const { return axes[0].cells() * axes[1].cells() * axes[2].cells(); }
  std::size_t cell(std::size_t i, std::size_t j, std::size_t k) const {
    return i + axes[0].cells() * (j + axes[1].cells() * k);
  }
};

}  // namespace vitrispin::dynamics::grid
