#pragma once

#include <functional>
#include <optional>

#include "vitrispin/dynamics/grid/problem.hpp"
#include "vitrispin/dynamics/line.hpp"
#include "vitrispin/io/input.hpp"

/// A run that starts from the state of an earlier one.
namespace vitrispin::app {

/// What a state is to fit.
struct CellsOfRun {
  std::array<std::vector<double>, 3> centers;  ///< along x, y, z; empty along a direction that there is not [m]
  struct Cell {
    bool is_vacuum = false, has_M = false, has_texture = false;
    Vector3<double> M_eq{}, m_eq{};
  };
  std::function<Cell(std::size_t cell)> cell;  ///< x fastest
  std::optional<Vector3<double>> axis{};       ///< to which the state must keep, beside a ferromagnet
};

CellsOfRun cells_of(const dynamics::Line& line);
CellsOfRun cells_of(const dynamics::grid::Problem& problem);

struct StartFromFile {
  std::vector<double> deviations;     ///< from this run's equilibrium; nine arrays, M, m, theta by component
  std::vector<double> contact_theta;  ///< [face][component]
};

/// The state that `change` names, as deviations from this run's equilibrium: full values go over, so that another field at the start is a step
/// of the field. To the bit where the equilibrium is the same and the state is that of the last output time.
/// Errors  InputError at the place of `change`: what the file lacks, or how its grid differs
StartFromFile start_from_file(const io::InitialChange& change, const std::string& input_file, const CellsOfRun& cells,
                              std::size_t contacts);

/// Reads the states that the experiments of the file start from, so that one that does not fit is told before anything runs.
void check_starting_states(const io::Input& input);

}  // namespace vitrispin::app
