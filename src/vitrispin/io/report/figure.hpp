#pragma once

#include <complex>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "vitrispin/io/record.hpp"

/// A figure of the report as data; assets/report.js draws it.
namespace vitrispin::io {

struct FigureAxis {
  std::string label;  ///< "Thickness of film"; _{...} is a subscript
  std::string unit;   ///< UDUNITS spelling; the script picks SI prefixes
  bool logarithmic = false;
};

enum class Line { solid, dashed, dotted };

struct Curve {
  std::string name;
  std::vector<double> values;  ///< over the figure's x; NaN: a gap
  int colour = 0;              ///< index into the palette
  Line line = Line::solid;
  bool points = false;  ///< isolated points instead of a line
  bool joined = false;  ///< drawn across gaps
};

struct Mark {
  double x = 0, y = 0;
  std::string text;
};

/// Values over x and y, row-major [y][x], drawn as coloured cells.
struct HeatMap {
  std::vector<double> y;
  std::vector<double> values;
  std::vector<char> outlined;  ///< [y][x] or empty: cells around which a line is drawn
  std::string value_label;
  std::string value_unit;
  bool logarithmic = false;
  bool diverging = false;  ///< values whose sign counts: colours to either side of zero
  std::string outline_label;
};

struct Figure {
  std::string title;
  std::string caption;
  FigureAxis x_axis, y_axis;
  std::vector<double> x;
  std::vector<Curve> curves;
  std::vector<Mark> marks;
  std::vector<double> faces;  ///< places on x of the faces between layers
  HeatMap heat_map;           ///< drawn if it has values; then without curves
};

nlohmann::ordered_json to_json(const Figure& figure);

/// Removes curves of which nothing would be seen, such as a current of zero on a logarithmic axis.
void drop_invisible_curves(Figure& figure);

/// What leaves the stack over what enters: `transmission`, or, where the last layer is a detector that keeps the spin,
/// the transmission into it. nullptr if the record has neither.
const Quantity* headline_transmission(const Record& record);

/// False if nothing would be seen: no finite value, or fewer than two places along x.
bool shows_something(const Figure& figure);

using Complexes = std::vector<std::complex<double>>;

/// The values of a quantity along one dimension, the others held at the indices `at` (0 where not named).
Complexes along(const Record& record, const Quantity& quantity, const std::string& dimension,
                const std::map<std::string, std::size_t>& at);

/// One value; the indices not named in `at` are 0.
std::complex<double> value_at(const Record& record, const Quantity& quantity,
                              const std::map<std::string, std::size_t>& at);

std::vector<double> real_part(const Complexes& values);
std::vector<double> imaginary_part(const Complexes& values);
std::vector<double> magnitude(const Complexes& values);

const Dimension* find_dimension(const Record& record, const std::string& name);
bool has_dimension(const Quantity& quantity, const std::string& name);
std::vector<const Dimension*> sweep_axes(const Record& record);

/// The axis with the most points, which goes along x; nullptr of none.
const Dimension* longest_axis(const std::vector<const Dimension*>& axes);

/// Up to `count` indices spread evenly over [0, size), the ends included.
std::vector<std::size_t> spread(std::size_t size, std::size_t count);

/// "thickness of film" for layers.film.thickness, "τ_{Mm} of glass" for materials.glass.tau_Mm, "B along z" for field.B.z.
/// Here as in all texts of figures, _{...} is a subscript.
std::string readable_path(const std::string& path);

/// "K of glass = 100 J/m³".
std::string place_text(const Dimension& axis, std::size_t index);

FigureAxis axis_of(const Dimension& dimension);

}  // namespace vitrispin::io
