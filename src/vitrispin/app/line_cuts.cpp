#include "vitrispin/app/line_cuts.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>

#include "vitrispin/app/time_record.hpp"
#include "vitrispin/io/number_text.hpp"

namespace vitrispin::app {

using dynamics::grid::Axis;
using dynamics::grid::Problem;
using dynamics::grid::Snapshot;

namespace {

std::vector<io::LineCut> chosen_cut(const Problem& problem, const io::TimeExperiment& time) {
  io::LineCut cut;
  for (std::size_t a = 0; a < 3; ++a) {
    const Axis& axis = problem.axes[a];
    if (axis.cells() > problem.axes[cut.axis].cells()) cut.axis = a;
    cut.place[a] = time.probes.empty() ? (axis.faces.front() + axis.faces.back()) / 2 : time.probes.front()[a];
  }
  return {cut};
}

}  // namespace

LineCuts::LineCuts(const Problem& problem, const io::TimeExperiment& time, std::size_t dimensions)
    : problem_(problem), dimensions_(dimensions) {
  for (const io::LineCut& cut : time.cuts.empty() ? chosen_cut(problem, time) : time.cuts) {
    Line line;
    line.axis = cut.axis;
    for (std::size_t a = 0; a < dimensions; ++a) {
      if (a != cut.axis) line.cell[a] = problem.axes[a].cell_at(cut.place[a]);
    }
    lines_.push_back(std::move(line));
  }
}

void LineCuts::keep(const Snapshot& state) {
  for (Line& line : lines_) {
    const auto append = [&](const std::vector<double>& field, std::vector<double>& kept) {
      std::array<std::size_t, 3> at = line.cell;
      for (at[line.axis] = 0; at[line.axis] < count(line); ++at[line.axis])
        kept.push_back(field[problem_.cell(at[0], at[1], at[2])]);
    };
    for (std::size_t c = 0; c < 3; ++c) {
      append(state.M[c], line.M[c]);
      append(state.m[c], line.m[c]);
      append(state.theta[c], line.theta[c]);
    }
  }
}

void LineCuts::exchange(dynamics::Archive& archive) {
  for (Line& line : lines_) {
    for (auto* field : {&line.M, &line.m, &line.theta}) {
      for (auto& component : *field) archive.values(component);
    }
  }
}

void LineCuts::write(io::Record& record) const {
  nlohmann::ordered_json places = nlohmann::ordered_json::array();
  for (std::size_t number = 0; number < lines_.size(); ++number) {
    const Line& line = lines_[number];
    const Axis& axis = problem_.axes[line.axis];
    const std::string name = fmt::format("cut_{}", number + 1), along(1, "xyz"[line.axis]);
    nlohmann::ordered_json place{{"name", name}, {"axis", along}};
    std::string where;
    for (std::size_t a = 0; a < dimensions_; ++a) {
      if (a == line.axis) continue;
      const double x = problem_.axes[a].center(line.cell[a]);
      place[std::string(1, "xyz"[a])] = x;
      where += fmt::format(", {} = {}", "xyz"[a], io::engineering(x, "m", 3));
    }
    places.push_back(std::move(place));
    std::vector<double> centers;
    for (std::size_t i = 0; i < axis.cells(); ++i) centers.push_back(axis.center(i));
    record.add_dimension(
        {name, centers.size(), std::move(centers), {}, "m", fmt::format("Position {}{}", along, where), false, false});
    const auto add = [&](const std::string& field, const std::array<std::vector<double>, 3>& kept, const char* unit,
                         const char* long_name) {
      std::vector<double> values;
      values.reserve(3 * kept[0].size());
      for (std::size_t i = 0; i < kept[0].size(); ++i) {
        for (std::size_t c = 0; c < 3; ++c) values.push_back(kept[c][i]);
      }
      io::Quantity quantity = real_quantity(fmt::format("{}_{}", name, field), {"time", name, "component"},
                                            std::move(values), unit, long_name);
      quantity.in_summary = false;
      quantity.reason = "vacuum, or a metal, which has neither M nor theta";
      record.add(std::move(quantity));
    };
    add("M", line.M, "A m-1", "Equilibrium magnetization along the line");
    add("m", line.m, "A m-1", "Nonequilibrium spin accumulation along the line");
    add("theta", line.theta, "rad", "Rotation angle of the texture along the line");
  }
  record.extras.emplace_back("cuts", places.dump());
}

}  // namespace vitrispin::app
