#pragma once

#include <memory>
#include <string>
#include <vector>

#include "vitrispin/dynamics/drives.hpp"
#include "vitrispin/dynamics/grid/conduction.hpp"
#include "vitrispin/dynamics/line.hpp"
#include "vitrispin/physics/geometry.hpp"

namespace vitrispin::dynamics {

/// Layers and regions with their materials as they are at one temperature, where they have tables.
/// Errors  InputError naming the one whose table does not hold it
physics::Stack at_temperature(physics::Stack stack, double temperature);
physics::Geometry at_temperature(physics::Geometry geometry, double temperature);

/// Heat in a line: what the spins dissipate warms its cells, spreads and leaves through baths (grid::Conduction). Contact nodes hold none.
/// Where materials depend on temperature, each cell is a segment of its own, with the material of its T in the middle of the step.
class HeatOfLine {
public:
  /// `start`: temperature of everything [K]. `drives` as in DrivenForcing.
  /// Errors  InputError if a layer has no heat capacity
  HeatOfLine(const physics::Stack& stack, std::vector<physics::Drive> drives, double start);

  /// Where T R_s of each node is summed during a step [J/m^3]: Balance::heat.
  double* sink() { return of_nodes_.data(); }
  /// Spreads what the step of length h has left there.
  void step(double h);
  /// Of each cell [K].
  std::vector<double> temperature() const;
  double held() const { return conduction_.held(); }
  double to_baths() const { return conduction_.to_baths(); }
  void exchange(Archive& archive) { conduction_.exchange(archive); }

  bool changes_materials() const { return !cells_.domains.empty(); }
  /// The line, and what drives it, with the materials of the next step: made anew by each call, nodes and places as before.
  struct Line {
    std::unique_ptr<dynamics::Line> line;
    std::unique_ptr<DrivenForcing> forcing;
  };
  Line line_now();

private:
  physics::Stack stack_;  ///< a layer for each cell, where materials change
  std::vector<physics::Drive> drives_;
  grid::Problem cells_;  ///< empty unless materials change
  grid::Halo alone_;
  grid::Conduction conduction_;
  std::vector<std::size_t> node_;  ///< of each cell
  std::vector<double> of_nodes_, of_cells_;
};

}  // namespace vitrispin::dynamics
