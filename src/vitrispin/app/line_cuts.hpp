#pragma once

#include <array>
#include <vector>

#include "vitrispin/dynamics/grid/evolution.hpp"
#include "vitrispin/io/input.hpp"
#include "vitrispin/io/record.hpp"

namespace vitrispin::app {

/// M, m and theta along lines of cells of a grid, at every output time: `cuts` of the file, or one line along the direction with the
/// most cells, through the first probe or the middle of the box.
class LineCuts {
public:
  LineCuts(const dynamics::grid::Problem& problem, const io::TimeExperiment& time, std::size_t dimensions);

  void keep(const dynamics::grid::Snapshot& state);
  void exchange(dynamics::Archive& archive);
  /// `cut_1_M`, ... over `time`, `cut_1` (the position along the line) and `component`; and where the lines are.
  void write(io::Record& record) const;

private:
  struct Line {
    std::size_t axis = 0;
    std::array<std::size_t, 3> cell{};                     ///< where it is; 0 along itself
    std::array<std::vector<double>, 3> M{}, m{}, theta{};  ///< by component, [time][cell]
  };
  std::size_t count(const Line& line) const { return problem_.axes[line.axis].cells(); }

  const dynamics::grid::Problem& problem_;
  std::size_t dimensions_;
  std::vector<Line> lines_;
};

}  // namespace vitrispin::app
