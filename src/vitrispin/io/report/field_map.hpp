#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "vitrispin/io/record.hpp"
#include "vitrispin/io/report/figure.hpp"

/// What the report draws of a grid of two or three dimensions beside curves: its geometry, and fields over time.
namespace vitrispin::io {

/// Whether the record is of a run on a grid, without a sweep.
bool has_grid(const Record& record);

/// A drawing with a script of its own (assets/field_map.js, geometry.js).
struct MapFigure {
  std::string title, caption;
  const char* style = "field-map";  ///< class of its box: field-map, geometry or texture
  std::string json;                 ///< what the script reads
};

/// Regions, vacuum, patches and probes; `patches` of the summary.
MapFigure geometry_figure(const Record& record, const nlohmann::ordered_json& patches);

/// The snapshots in at most `room` bytes: whole cells are merged and snapshots left out until they fit, as the caption says.
MapFigure field_figure(const Record& record, std::size_t room);

/// Spins as arrows in their box, of an experiment on atoms.
MapFigure texture_figure(const Record& record);

/// "x = 20 nm, y = 425 nm".
std::string probe_place(const Record& record, std::size_t probe);

/// Values at the snapshots [snapshot][cell], from equilibrium: M and m as changes. Empty if there are none.
std::vector<double> deviations(const Record& record, const std::string& field, std::size_t component);

/// Of a probe, in the same way, [time].
std::vector<double> probe_deviations(const Record& record, const std::string& field, std::size_t probe,
                                     std::size_t component);

/// Size of the mean deviation over a layer or region, [time]; NaN where it has none.
std::vector<double> mean_deviation(const Record& record, const std::string& field, std::size_t domain);

/// A field along one line of the grid over time, and means of regions.
std::vector<Figure> grid_figures(const Record& record);

}  // namespace vitrispin::io
