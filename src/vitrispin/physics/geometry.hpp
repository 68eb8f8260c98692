#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "vitrispin/physics/stack.hpp"

/// What turns a stack of layers into two or three dimensions: the directions y and z, regions with materials of their own, and
/// what happens at the other outer faces and at patches of them. Plain data, shared by the reader and the dynamics.
namespace vitrispin::physics {

/// An end may be infinite: as far as the box reaches.
struct Interval {
  double from = -std::numeric_limits<double>::infinity();
  double to = std::numeric_limits<double>::infinity();
  bool holds(double x) const { return x >= from && x <= to; }
};
using Ranges = std::array<Interval, 3>;  ///< along x, y, z [m]

/// [grid.y], [grid.z].
struct GridAxis {
  double length = 0;  ///< [m]
  int cells = 0;      ///< 0: the file does not have this direction
  bool periodic = false;
  double ratio = 1;  ///< width of the last cell over that of the first; between them equal ratios
};

struct Region {
  enum class Shape { box, cylinder, labels };
  std::string name;
  std::string material_name;  ///< `vacuum` leaves the cells empty
  Material<double> material;
  std::shared_ptr<const TemperatureTable> table{};  ///< of the material, if it has one
  Shape shape = Shape::box;
  Ranges ranges;
  int cells = 0;                      ///< along x, of what lies beyond the layers; 0: as wide as the nearest layer's
  std::size_t axis = 0;               ///< cylinder: its direction
  std::array<double, 2> center{};     ///< cylinder: in the other two directions, in the order x, y, z [m]
  double radius = 0;                  ///< cylinder [m]
  std::string file;                   ///< labels
  int label = 1;                      ///< labels: the number that marks the region
  std::array<std::size_t, 3> size{};  ///< labels: numbers along x, y, z
  std::vector<int> labels;            ///< x fastest

  bool is_vacuum() const { return material_name == "vacuum"; }
};

/// Outer faces in the order of grid::Face.
inline constexpr std::array<const char*, 6> face_names{"left", "right", "front", "back", "bottom", "top"};

/// A part of an outer face, with conditions of its own; of several the last one counts.
struct Patch {
  std::string name;      ///< empty: not given
  std::size_t face = 0;  ///< index of face_names
  Ranges ranges;         ///< the one along the face's normal is not used
  Boundary boundary;
};

/// Between two layers or regions by name, in either order.
struct NamedInterface {
  std::string first, second;
  Interface interface;
};

struct Geometry {
  GridAxis y, z;
  std::vector<Region> regions;    ///< later ones override earlier ones and the layers
  std::array<Boundary, 4> faces;  ///< front, back, bottom, top; left and right are the stack's
  std::vector<Patch> patches;
  std::vector<NamedInterface> interfaces;  ///< those that name a region

  std::size_t dimensions() const { return y.cells == 0 ? 1 : z.cells == 0 ? 2 : 3; }
};

inline constexpr std::size_t most_cells_along_x = 10'000'000;

/// Faces of cells in equal ratios, the last `ratio` times as wide as the first, from 0 to `length`.
std::vector<double> graded_faces(double length, int cells, double ratio);

/// Faces of the grid's cells along x, y or z, ascending [m]. Along x the cells of the layers, and beyond them those that regions need;
/// {0, 1} in a direction that there is not.
/// Valid   layers with `cells`; of more than `most_cells_along_x` the rest is left out
std::vector<double> faces_along(const Stack& stack, const Geometry& geometry, std::size_t axis);

/// The cells of an interval whose ends go to the nearest faces; `begin == end`: none.
struct CellRange {
  std::size_t begin = 0, end = 0;
  double moved = 0;  ///< by how much an end was moved at most [m]
};
CellRange nearest_cells(const std::vector<double>& faces, const Interval& interval);

/// Whether the region holds a point; of a box within the nearest faces.
class RegionCells {
public:
  RegionCells(const Region& region, const std::array<std::vector<double>, 3>& faces);
  bool holds(std::size_t i, std::size_t j, std::size_t k) const;
  std::size_t begin(std::size_t axis) const { return ranges_[axis].begin; }
  std::size_t end(std::size_t axis) const { return ranges_[axis].end; }
  /// Labels: which number along one direction a cell takes, the one whose share of the range holds its centre.
  std::size_t label_along(std::size_t axis, std::size_t cell) const;

private:
  double center(std::size_t axis, std::size_t cell) const;

  const Region& region_;
  const std::array<std::vector<double>, 3>& faces_;
  std::array<CellRange, 3> ranges_;
};

}  // namespace vitrispin::physics
