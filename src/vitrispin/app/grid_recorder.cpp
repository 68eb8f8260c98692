#include "vitrispin/app/grid_recorder.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "vitrispin/io/state_file.hpp"

namespace vitrispin::app {

using dynamics::grid::Axis;
using dynamics::grid::Problem;
using dynamics::grid::Snapshot;

namespace {

std::size_t dimensions_of(const Problem& problem) {
  return problem.axes[2].cells() > 1 ? 3 : 2;
}

double volume_of(const Problem& problem, std::size_t i, std::size_t j, std::size_t k) {
  return problem.axes[0].width(i) * problem.axes[1].width(j) * problem.axes[2].width(k);
}

template <class Do>
void for_each_cell(const Problem& problem, const Do& work) {
  std::size_t cell = 0;
  for (std::size_t k = 0; k < problem.axes[2].cells(); ++k) {
    for (std::size_t j = 0; j < problem.axes[1].cells(); ++j) {
      for (std::size_t i = 0; i < problem.axes[0].cells(); ++i, ++cell) work(cell, volume_of(problem, i, j, k));
    }
  }
}

}  // namespace

GridRecorder::GridRecorder(const Problem& problem, const io::TimeExperiment& time, std::vector<double> snapshots)
    : problem_(problem),
      time_(time),
      dimensions_(dimensions_of(problem)),
      snapshots_(std::move(snapshots)),
      cuts_(problem, time, dimensions_),
      means_(problem.domains.size()),
      volumes_(problem.domains.size(), 0.0) {
  history_.probes.resize(time.probes.size());
  for_each_cell(problem, [&](std::size_t cell, double volume) {
    if (problem.domain[cell] != dynamics::grid::vacuum) volumes_[problem.domain[cell]] += volume;
  });
}

std::size_t GridRecorder::domain_at(const Vector3<double>& place) const {
  return problem_.domain[problem_.cell(problem_.axes[0].cell_at(place[0]), problem_.axes[1].cell_at(place[1]),
                                       problem_.axes[2].cell_at(dimensions_ == 3 ? place[2] : 0.5))];
}

/// Linear between the centres of the cells around, those of other domains left out: a field may jump there.
double GridRecorder::value_at(const std::vector<double>& field, const Vector3<double>& place) const {
  const std::size_t here = domain_at(place);
  if (here == dynamics::grid::vacuum) return std::nan("");
  std::array<std::size_t, 3> lower{}, upper{};
  std::array<double, 3> share{};
  for (std::size_t a = 0; a < 3; ++a) {
    const Axis& axis = problem_.axes[a];
    if (a >= dimensions_ || axis.cells() == 1) continue;
    const std::size_t own = axis.cell_at(place[a]);
    lower[a] = place[a] < axis.center(own) && own > 0 ? own - 1 : own;
    upper[a] = std::min(lower[a] + 1, axis.cells() - 1);
    if (upper[a] == lower[a]) continue;
    share[a] =
        std::clamp((place[a] - axis.center(lower[a])) / (axis.center(upper[a]) - axis.center(lower[a])), 0.0, 1.0);
  }
  double sum = 0, weights = 0;
  for (std::size_t corner = 0; corner < 8; ++corner) {
    std::array<std::size_t, 3> at{};
    double weight = 1;
    for (std::size_t a = 0; a < 3; ++a) {
      const bool up = (corner >> a & 1) != 0;
      at[a] = up ? upper[a] : lower[a];
      weight *= up ? share[a] : 1 - share[a];
    }
    const std::size_t cell = problem_.cell(at[0], at[1], at[2]);
    if (weight == 0 || problem_.domain[cell] != here) continue;
    sum += weight * field[cell];
    weights += weight;
  }
  return sum / weights;
}

void GridRecorder::keep_means(const Snapshot& state) {
  const std::size_t domains = problem_.domains.size();
  const auto means_of = [&](const Fields& fields, std::vector<double> ProbeTrace::*trace) {
    std::vector<double> sums(3 * domains, 0.0);
    for_each_cell(problem_, [&](std::size_t cell, double volume) {
      const std::size_t domain = problem_.domain[cell];
      if (domain == dynamics::grid::vacuum) return;
      for (std::size_t c = 0; c < 3; ++c) sums[3 * domain + c] += volume * fields[c][cell];
    });
    for (std::size_t d = 0; d < domains; ++d) {
      for (std::size_t c = 0; c < 3; ++c) (means_[d].*trace).push_back(sums[3 * d + c] / volumes_[d]);
    }
  };
  means_of(state.M, &ProbeTrace::M);
  means_of(state.m, &ProbeTrace::m);
  means_of(state.theta, &ProbeTrace::theta);
}

void GridRecorder::keep(double time, Snapshot state, const dynamics::LedgerEntry& ledger) {
  history_.ledger.push_back(ledger);
  if (state.m[0].empty()) return;
  for (std::size_t cell = 0; cell < state.theta[0].size(); ++cell) {
    const double angle = std::hypot(state.theta[0][cell], state.theta[1][cell], state.theta[2][cell]);
    if (angle > history_.largest_angle) history_.largest_angle = angle;  // not where there is no theta
  }
  for (std::size_t p = 0; p < history_.probes.size(); ++p) {
    ProbeTrace& probe = history_.probes[p];
    for (std::size_t c = 0; c < 3; ++c) {
      probe.M.push_back(value_at(state.M[c], time_.probes[p]));
      probe.m.push_back(value_at(state.m[c], time_.probes[p]));
      probe.theta.push_back(value_at(state.theta[c], time_.probes[p]));
    }
    if (!state.temperature.empty()) probe.temperature.push_back(value_at(state.temperature, time_.probes[p]));
  }
  keep_means(state);
  cuts_.keep(state);
  if (std::find(snapshots_.begin(), snapshots_.end(), time) != snapshots_.end()) kept_.push_back(std::move(state));
}

void GridRecorder::exchange(dynamics::Archive& archive) {
  std::uint64_t count = kept_.size();
  archive.value(count);
  if (archive.reads()) kept_.resize(count);
  for (Snapshot& snapshot : kept_) {
    for (Fields* fields : {&snapshot.M, &snapshot.m, &snapshot.theta}) {
      for (auto& field : *fields) archive.values(field);
    }
    archive.values(snapshot.entropy_production);
    archive.values(snapshot.temperature);
  }
  archive.values(last_);
  for (ProbeTrace& mean : means_) {
    for (auto* values : {&mean.M, &mean.m, &mean.theta}) archive.values(*values);
  }
  cuts_.exchange(archive);
  history_.exchange(archive);
}

void GridRecorder::write_axes(io::Record& record) const {
  for (std::size_t a = dimensions_; a-- > 0;) {
    const Axis& axis = problem_.axes[a];
    std::vector<double> centers, faces;
    for (std::size_t i = 0; i < axis.cells(); ++i) centers.push_back(axis.center(i));
    const std::string name(1, "xyz"[a]);
    record.add_dimension({name, axis.cells(), centers, {}, "m", "Position of the cell's centre", false, false});
    record.add_dimension(
        {name + "_face", axis.cells() + 1, axis.faces, {}, "m", "Position of the cells' faces", false, false});
  }
}

void GridRecorder::write_fields(io::Record& record) {
  std::vector<std::string> space;
  for (std::size_t a = dimensions_; a-- > 0;) space.emplace_back(1, "xyz"[a]);
  io::Quantity domain;
  domain.name = "domain";
  domain.dimensions = space;
  std::vector<std::int64_t> indices;
  for (const std::uint16_t index : problem_.domain) indices.push_back(index == dynamics::grid::vacuum ? -1 : index);
  domain.data = io::IntegerArray{std::move(indices)};
  domain.unit = "1";
  domain.long_name = "Layer or region of each cell, from 0; -1 is vacuum";
  domain.in_summary = false;
  record.add(std::move(domain));
  nlohmann::ordered_json domains = nlohmann::ordered_json::array();
  for (const auto& one : problem_.domains) domains.push_back({{"name", one.name}, {"material", one.material_name}});
  record.extras.emplace_back("domains", domains.dump());
  record.add_dimension({"snapshot", snapshots_.size(), snapshots_, {}, "s", "Time of the snapshot", false, false});
  std::vector<std::string> all{"snapshot"};
  all.insert(all.end(), space.begin(), space.end());
  const auto add = [&](const std::string& name, const auto& field_of, const char* unit, const std::string& long_name,
                       const char* reason) {
    std::vector<double> values;
    values.reserve(kept_.size() * problem_.cells());
    for (Snapshot& snapshot : kept_) {  // each is let go once it is copied
      const std::vector<double> one = std::move(field_of(snapshot));
      values.insert(values.end(), one.begin(), one.end());
    }
    io::Quantity field = real_quantity(name, all, std::move(values), unit, long_name);
    field.in_summary = false;
    field.reason = reason;
    record.add(std::move(field));
  };
  for (std::size_t c = 0; c < 3; ++c) {
    const std::string component = std::string("_") + "xyz"[c];
    const char* reason = "vacuum, or a metal, which has neither M nor theta; a ferromagnet has no theta";
    const auto part = [&](Fields Snapshot::*fields) {
      return [fields, c](Snapshot& snapshot) -> std::vector<double>& { return (snapshot.*fields)[c]; };
    };
    add("M" + component, part(&Snapshot::M), "A m-1", "Equilibrium magnetization", reason);
    add("m" + component, part(&Snapshot::m), "A m-1", "Nonequilibrium spin accumulation", "vacuum");
    add("theta" + component, part(&Snapshot::theta), "rad", "Rotation angle of the texture", reason);
  }
  const auto production = [](Snapshot& snapshot) -> std::vector<double>& { return snapshot.entropy_production; };
  add("entropy_production", production, "W m-3", "Dissipated power T R_s, Eq. (26)", "vacuum");
  if (time_.temperature) {
    const auto T = [](Snapshot& snapshot) -> std::vector<double>& { return snapshot.temperature; };
    add("temperature", T, "K", "Temperature", "vacuum");
  }
  kept_ = {};
}

void GridRecorder::write_last(io::Record& record) {
  const std::size_t cells = problem_.cells();
  std::vector<std::string> space;
  for (std::size_t a = dimensions_; a-- > 0;) space.emplace_back(1, "xyz"[a]);
  const auto add = [&](const std::string& name, std::size_t c, const char* unit, const char* long_name,
                       const auto& value) {
    std::vector<double> values(cells, std::nan(""));
    for (std::size_t i = 0; i < cells; ++i) {
      if (problem_.domain[i] != dynamics::grid::vacuum) values[i] = value(problem_.domains[problem_.domain[i]], i);
    }
    io::Quantity quantity = real_quantity(name + "_" + "xyz"[c], space, std::move(values), unit, long_name);
    quantity.in_summary = false;
    quantity.reason = "vacuum, or a metal, which has neither M nor theta; a ferromagnet has no theta";
    record.add(std::move(quantity));
  };
  using Domain = dynamics::grid::Domain;
  const auto in_pair = [](const Domain& domain, double value) {
    return domain.material.has_equilibrium_magnetization() ? value : std::nan("");
  };
  const auto in_texture = [](const Domain& domain, double value) {
    return domain.material.has_texture() ? value : std::nan("");
  };
  for (std::size_t c = 0; c < 3; ++c) {
    const auto last = [&](std::size_t field, std::size_t i) { return last_[(3 * field + c) * cells + i]; };
    add(io::last_state::M, c, "A m-1", "M at the last output time, less that of equilibrium_M",
        [&](const Domain& d, std::size_t i) { return in_pair(d, last(0, i)); });
    add(io::last_state::m, c, "A m-1", "m at the last output time, less that of equilibrium_m",
        [&](const Domain&, std::size_t i) { return last(1, i); });
    add(io::last_state::theta, c, "rad", "theta at the last output time",
        [&](const Domain& d, std::size_t i) { return in_texture(d, last(2, i)); });
  }
  last_ = {};
}

void GridRecorder::write_means(io::Record& record) const {
  std::vector<std::string> names;
  for (const auto& domain : problem_.domains) names.push_back(domain.name);
  record.add_dimension({"domain_name", names.size(), {}, names, "", "Layer or region", false, false});
  const auto add = [&](const char* name, std::vector<double> ProbeTrace::*trace, const char* unit,
                       const char* long_name) {
    std::vector<double> values;
    for (const ProbeTrace& mean : means_) values.insert(values.end(), (mean.*trace).begin(), (mean.*trace).end());
    io::Quantity quantity =
        real_quantity(name, {"domain_name", "time", "component"}, std::move(values), unit, long_name);
    quantity.reason = "a metal has neither M nor theta, a ferromagnet no theta; a hidden region has no cells";
    record.add(std::move(quantity));
  };
  std::vector<double> M_eq, m_eq;
  for (const auto& domain : problem_.domains) {
    for (std::size_t c = 0; c < 3; ++c) {
      M_eq.push_back(domain.material.has_equilibrium_magnetization() ? domain.M_eq[c] : std::nan(""));
      m_eq.push_back(domain.m_eq[c]);
    }
  }
  const auto add_equilibrium = [&](const char* name, std::vector<double> values, const char* long_name) {
    io::Quantity quantity = real_quantity(name, {"domain_name", "component"}, std::move(values), "A m-1", long_name);
    quantity.reason = "a metal has no M";
    record.add(std::move(quantity));
  };
  add_equilibrium("equilibrium_M", std::move(M_eq), "M in equilibrium with the field at the start");
  add_equilibrium("equilibrium_m", std::move(m_eq), "m in equilibrium with the field at the start");
  add("mean_M", &ProbeTrace::M, "A m-1", "Mean of M over the layer or region");
  add("mean_m", &ProbeTrace::m, "A m-1", "Mean of m over the layer or region");
  add("mean_theta", &ProbeTrace::theta, "rad", "Mean of theta over the layer or region");
}

void GridRecorder::write(io::Record& record) {
  std::vector<ProbeMaterial> materials;
  for (const Vector3<double>& place : time_.probes) {
    const std::size_t domain = domain_at(place);
    if (domain == dynamics::grid::vacuum) {
      materials.emplace_back();
    } else {
      materials.push_back({problem_.domains[domain].material, problem_.domains[domain].M_eq});
    }
  }
  write_axes(record);
  write_history(record, time_, history_, materials, dimensions_);
  write_means(record);
  cuts_.write(record);
  write_fields(record);
  write_last(record);
}

}  // namespace vitrispin::app
