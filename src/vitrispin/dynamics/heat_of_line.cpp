#include "vitrispin/dynamics/heat_of_line.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/grid/build_problem.hpp"
#include "vitrispin/dynamics/grid/temperature_cells.hpp"

namespace vitrispin::dynamics {
namespace {

std::size_t cells_of(const physics::Stack& stack) {
  std::size_t cells = 0;
  for (const physics::Layer& layer : stack.layers) cells += static_cast<std::size_t>(layer.cells);
  return cells;
}

/// A layer for each cell.
physics::Stack layers_of_one_cell(const physics::Stack& stack) {
  physics::Stack result = stack;
  result.layers.clear();
  result.interfaces.clear();
  for (std::size_t l = 0; l < stack.layers.size(); ++l) {
    physics::Layer layer = stack.layers[l];
    const std::vector<double> faces = physics::graded_faces(layer.thickness, layer.cells, layer.ratio);
    layer.cells = 1;
    layer.ratio = 1;
    for (std::size_t i = 0; i + 1 < faces.size(); ++i) {
      if (i > 0) {
        result.interfaces.emplace_back();  // transparent
      } else if (l > 0) {
        result.interfaces.push_back(stack.interfaces[l - 1]);
      }
      layer.thickness = faces[i + 1] - faces[i];
      result.layers.push_back(layer);
    }
  }
  return result;
}

template <class Part>
void take_from_table(Part& part, const char* kind, double temperature) {
  if (!part.table) return;
  if (!part.table->holds(temperature)) {
    throw InputError(fmt::format("{}.{}: {} K is outside the table of material {}, which goes from {} to {} K", kind,
                                 part.name, temperature, part.material_name, part.table->T.front(),
                                 part.table->T.back()));
  }
  part.material = part.table->at(temperature);
}

bool depends_on_temperature(const physics::Stack& stack) {
  return std::any_of(stack.layers.begin(), stack.layers.end(),
                     [](const physics::Layer& layer) { return layer.table != nullptr; });
}

grid::Problem cells_of_problem(const physics::Stack& stack) {
  return depends_on_temperature(stack) ? grid::in_cells(grid::build_problem(stack, {}, {})) : grid::Problem();
}

}  // namespace

physics::Stack at_temperature(physics::Stack stack, double temperature) {
  for (physics::Layer& layer : stack.layers) take_from_table(layer, "layers", temperature);
  return stack;
}

physics::Geometry at_temperature(physics::Geometry geometry, double temperature) {
  for (physics::Region& region : geometry.regions) take_from_table(region, "regions", temperature);
  return geometry;
}

HeatOfLine::HeatOfLine(const physics::Stack& stack, std::vector<physics::Drive> drives, double start)
    : stack_(depends_on_temperature(stack) ? layers_of_one_cell(stack) : stack),
      drives_(std::move(drives)),
      cells_(cells_of_problem(stack)),
      conduction_(changes_materials() ? cells_ : grid::build_problem(stack, {}, {}), start, {0, cells_of(stack)},
                  alone_, grid::reference_solver),
      of_cells_(cells_of(stack), 0.0) {
  const dynamics::Line line(stack_);
  of_nodes_.assign(line.nodes(), 0.0);
  for (const Segment& segment : line.segments()) {
    for (std::size_t i = segment.begin; i < segment.end; ++i) node_.push_back(i);
  }
}

void HeatOfLine::step(double h) {
  for (std::size_t c = 0; c < node_.size(); ++c) of_cells_[c] = of_nodes_[node_[c]];
  std::fill(of_nodes_.begin(), of_nodes_.end(), 0.0);
  conduction_.step(h, of_cells_.data());
}

std::vector<double> HeatOfLine::temperature() const {
  std::vector<double> T;
  for (const double warming : conduction_.warming()) T.push_back(conduction_.start() + warming);
  return T;
}

HeatOfLine::Line HeatOfLine::line_now() {
  std::vector<double> ahead;
  for (std::size_t c = 0; c < node_.size(); ++c) ahead.push_back(conduction_.ahead(c));
  grid::set_temperature(cells_, temperature(), ahead);
  conduction_.adopt(cells_);
  std::vector<std::string> materials;
  for (std::size_t c = 0; c < node_.size(); ++c) {
    stack_.layers[c].material = cells_.domains[c].material;
    materials.push_back(stack_.layers[c].material_name);
  }
  Line now;
  now.line = std::make_unique<dynamics::Line>(stack_);
  now.forcing = std::make_unique<DrivenForcing>(*now.line, drives_, materials);
  return now;
}

}  // namespace vitrispin::dynamics
