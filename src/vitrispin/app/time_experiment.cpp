#include <fmt/format.h>

#include <cmath>

#include "vitrispin/app/experiments.hpp"
#include "vitrispin/app/grid_experiment.hpp"
#include "vitrispin/app/initial_file.hpp"
#include "vitrispin/app/initial_mode.hpp"
#include "vitrispin/app/time_loop.hpp"
#include "vitrispin/app/time_record.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/simulation.hpp"
#include "vitrispin/io/state_file.hpp"

namespace vitrispin::app {
namespace {

using dynamics::Fields;
using dynamics::Line;
using dynamics::Segment;

void add_random(const Line& line, const io::InitialChange& change, Fields<double>& state) {
  for (const Segment& segment : line.segments()) {
    for (std::size_t i = segment.begin; i < segment.end; ++i) {
      for (std::size_t k = 0; k < 3; ++k) {
        if (segment.material.has_equilibrium_magnetization())
          state.M(k)[i] += change.amplitude * normal(change.seed, 6 * i + k);
        state.m(k)[i] += change.amplitude * normal(change.seed, 6 * i + 3 + k);
      }
    }
  }
}

void add_mode(const Line& line, const io::InitialChange& change, Fields<double>& state) {
  const ModeWave wave(line.segments().front().material, line.H(), change);
  const auto add = [&](std::size_t field, std::size_t i) {
    const Vector3<double> value = wave.value(field, line.positions()[i]);
    for (std::size_t k = 0; k < 3; ++k) {
      (field == 0 ? state.M(k) : field == 1 ? state.m(k) : state.theta(k))[i] += value[k];
    }
  };
  for (const Segment& segment : line.segments()) {
    for (std::size_t i = segment.begin; i < segment.end; ++i) {
      add(1, i);
      if (segment.material.has_equilibrium_magnetization()) add(0, i);
      if (segment.material.has_texture()) add(2, i);
    }
  }
  for (const dynamics::ContactNode& contact : line.contacts()) add(2, contact.node);
}

void add_change(const Line& line, const io::InitialChange& change, Fields<double>& state) {
  using enum io::InitialChange::Shape;
  using Field = io::InitialChange::Field;
  if (change.shape == random) return add_random(line, change, state);
  if (change.shape == mode) return add_mode(line, change, state);
  const auto shape = [&](double x) { return shape_at(change, Vector3<double>(x, 0, 0)); };
  const std::size_t k = change.component;
  double* field = change.field == Field::M ? state.M(k) : change.field == Field::m ? state.m(k) : state.theta(k);
  for (const Segment& segment : line.segments()) {
    if (change.field == Field::M && !segment.material.has_equilibrium_magnetization()) continue;
    if (change.field == Field::theta && !segment.material.has_texture()) continue;
    for (std::size_t i = segment.begin; i < segment.end; ++i) field[i] += change.amplitude * shape(line.positions()[i]);
  }
  if (change.field != Field::theta) return;
  for (const dynamics::ContactNode& contact : line.contacts()) {
    field[contact.node] += change.amplitude * shape(line.positions()[contact.node]);
  }
}

void set_from_file(const Line& line, const io::InitialChange& change, const std::string& input_file,
                   Fields<double>& state) {
  const CellsOfRun cells = cells_of(line);
  const StartFromFile start = start_from_file(change, input_file, cells, line.contacts().size());
  const std::size_t count = cells.centers[0].size();
  std::size_t cell = 0;
  for (const Segment& segment : line.segments()) {
    for (std::size_t i = segment.begin; i < segment.end; ++i, ++cell) {
      for (std::size_t k = 0; k < 3; ++k) {
        state.M(k)[i] = start.deviations[k * count + cell];
        state.m(k)[i] = start.deviations[(3 + k) * count + cell];
        state.theta(k)[i] = start.deviations[(6 + k) * count + cell];
      }
    }
  }
  for (std::size_t c = 0; c < line.contacts().size(); ++c) {
    for (std::size_t k = 0; k < 3; ++k) state.theta(k)[line.contacts()[c].node] = start.contact_theta[3 * c + k];
  }
}

/// What is kept at every output time.
class Recorder {
public:
  Recorder(const Line& line, const io::TimeExperiment& time) : line_(line), time_(time), equilibrium_(line.nodes()) {
    for (const Segment& segment : line.segments()) {
      for (std::size_t i = segment.begin; i < segment.end; ++i) {
        cells_.push_back(i);
        segment_of_cell_.push_back(&segment);
      }
    }
    history_.probes.resize(time.probes.size());
  }

  void keep(const dynamics::Simulation& run) {
    const Fields<double>& state = run.state();
    set_equilibrium(run.line());
    double angle = 0;
    for (std::size_t c = 0; c < cells_.size(); ++c) {
      const std::size_t i = cells_[c];
      const Segment& segment = *segment_of_cell_[c];
      const bool pair = segment.material.has_equilibrium_magnetization(), glass = segment.material.has_texture();
      double squared = 0;
      for (std::size_t k = 0; k < 3; ++k) {
        M_.push_back(pair ? equilibrium_.M(k)[i] + state.M(k)[i] : std::nan(""));
        m_.push_back(equilibrium_.m(k)[i] + state.m(k)[i]);
        theta_.push_back(glass ? state.theta(k)[i] : std::nan(""));
        squared += state.theta(k)[i] * state.theta(k)[i];
      }
      angle = std::max(angle, std::sqrt(squared));
    }
    history_.largest_angle = std::max(history_.largest_angle, angle);
    for (std::size_t p = 0; p < time_.probes.size(); ++p) {
      keep_probe(state, time_.probes[p][0], history_.probes[p]);
    }
    const std::vector<double> T = run.temperature();
    temperature_.insert(temperature_.end(), T.begin(), T.end());
    if (!T.empty()) {
      for (std::size_t p = 0; p < time_.probes.size(); ++p)
        history_.probes[p].temperature.push_back(temperature_at(T, time_.probes[p][0]));
    }
    const std::vector<double> heating = run.entropy_production();
    for (const std::size_t i : cells_) entropy_production_.push_back(heating[i]);
    history_.ledger.push_back(run.ledger());
    if (kept() == time_.output.size()) last_ = state.values();
  }

  std::size_t kept() const { return history_.kept(); }

  void exchange(dynamics::Archive& archive) {
    for (auto* values : {&M_, &m_, &theta_, &temperature_, &entropy_production_}) archive.values(*values);
    archive.values(last_);
    archive.values(equilibrium_.values());
    history_.exchange(archive);
  }
  void write(io::Record& record, const dynamics::Simulation& run) const;

private:
  const Segment& segment_at(double x) const {
    const Segment* found = &line_.segments().front();
    for (const Segment& segment : line_.segments()) {
      if (x >= line_.positions()[segment.begin] - segment.width / 2) found = &segment;
    }
    return *found;
  }

  void keep_probe(const Fields<double>& state, double x, ProbeTrace& probe) const {
    const Segment& segment = segment_at(x);
    const bool pair = segment.material.has_equilibrium_magnetization(), glass = segment.material.has_texture();
    for (std::size_t k = 0; k < 3; ++k) {
      const double M_eq = dynamics::value_at(line_, equilibrium_.M(k), x);
      const double m_eq = dynamics::value_at(line_, equilibrium_.m(k), x);
      probe.M.push_back(pair ? M_eq + dynamics::value_at(line_, state.M(k), x) : std::nan(""));
      probe.m.push_back(m_eq + dynamics::value_at(line_, state.m(k), x));
      probe.theta.push_back(glass ? dynamics::value_at(line_, state.theta(k), x) : std::nan(""));
    }
  }

  /// Of the line as it is now: materials may follow temperature.
  void set_equilibrium(const Line& now) {
    for (const Segment& segment : now.segments()) {
      for (std::size_t k = 0; k < 3; ++k) {
        for (std::size_t i = segment.begin; i < segment.end; ++i) {
          equilibrium_.M(k)[i] = segment.M_eq[k];
          equilibrium_.m(k)[i] = segment.m_eq[k];
        }
      }
    }
  }

  /// T through its nodes, where contact nodes do not count.
  double temperature_at(const std::vector<double>& T, double x) const {
    std::vector<double> of_nodes(line_.nodes(), 0.0);
    for (std::size_t c = 0; c < cells_.size(); ++c) of_nodes[cells_[c]] = T[c];
    return dynamics::value_at(line_, of_nodes.data(), x);
  }

  void write_fields(io::Record& record) const;
  void write_last(io::Record& record) const;

  const Line& line_;
  const io::TimeExperiment& time_;
  std::vector<std::size_t> cells_;
  std::vector<const Segment*> segment_of_cell_;
  std::vector<double> M_, m_, theta_, temperature_, entropy_production_;
  dynamics::Values<double> last_;  ///< deviations at the last output time
  Fields<double> equilibrium_;     ///< M and m that they are deviations from, of each node
  TimeHistory history_;
};

void Recorder::write_fields(io::Record& record) const {
  std::vector<double> x;
  for (const std::size_t i : cells_) x.push_back(line_.positions()[i]);
  record.add_dimension({"x", x.size(), x, {}, "m", "Position of the cell's centre, from the left face", false, false});
  const auto add = [&](const char* name, const std::vector<double>& values, const char* unit, const char* long_name) {
    io::Quantity field = real_quantity(name, {"time", "x", "component"}, values, unit, long_name);
    field.in_summary = false;
    field.reason = "a metal has neither M nor theta, a ferromagnet no theta";
    record.add(std::move(field));
  };
  add("M", M_, "A m-1", "Equilibrium magnetization");
  add("m", m_, "A m-1", "Nonequilibrium spin accumulation");
  add("theta", theta_, "rad", "Rotation angle of the texture");
  const auto add_scalar = [&](const char* name, const std::vector<double>& values, const char* unit,
                              const char* long_name) {
    io::Quantity field = real_quantity(name, {"time", "x"}, values, unit, long_name);
    field.in_summary = false;
    record.add(std::move(field));
  };
  add_scalar("entropy_production", entropy_production_, "W m-3", "Dissipated power T R_s, Eq. (26)");
  if (!temperature_.empty()) add_scalar("temperature", temperature_, "K", "Temperature");
}

/// The state at the last output time, for another run to start from.
void Recorder::write_last(io::Record& record) const {
  Fields<double> last(line_.nodes());
  last.values() = last_;
  const auto add = [&](const char* name, const char* unit, const char* long_name, const auto& value) {
    std::vector<double> values;
    for (std::size_t c = 0; c < cells_.size(); ++c) {
      for (std::size_t k = 0; k < 3; ++k) values.push_back(value(*segment_of_cell_[c], cells_[c], k));
    }
    io::Quantity quantity = real_quantity(name, {"x", "component"}, std::move(values), unit, long_name);
    quantity.in_summary = false;
    quantity.reason = "a metal has neither M nor theta, a ferromagnet no theta";
    record.add(std::move(quantity));
  };
  const auto in_pair = [](const Segment& segment, double value) {
    return segment.material.has_equilibrium_magnetization() ? value : std::nan("");
  };
  const auto in_texture = [](const Segment& segment, double value) {
    return segment.material.has_texture() ? value : std::nan("");
  };
  add(io::last_state::M, "A m-1", "M at the last output time, less last_equilibrium_M",
      [&](const Segment& s, std::size_t i, std::size_t k) { return in_pair(s, last.M(k)[i]); });
  add(io::last_state::m, "A m-1", "m at the last output time, less last_equilibrium_m",
      [&](const Segment&, std::size_t i, std::size_t k) { return last.m(k)[i]; });
  add(io::last_state::theta, "rad", "theta at the last output time",
      [&](const Segment& s, std::size_t i, std::size_t k) { return in_texture(s, last.theta(k)[i]); });
  add(io::last_state::M_eq, "A m-1", "M in equilibrium with the field at the start",
      [&](const Segment& s, std::size_t i, std::size_t k) { return in_pair(s, equilibrium_.M(k)[i]); });
  add(io::last_state::m_eq, "A m-1", "m in equilibrium with the field at the start",
      [&](const Segment&, std::size_t i, std::size_t k) { return equilibrium_.m(k)[i]; });
  if (line_.contacts().empty()) return;
  std::vector<double> x, theta;
  for (const dynamics::ContactNode& contact : line_.contacts()) {
    x.push_back(line_.positions()[contact.node]);
    for (std::size_t k = 0; k < 3; ++k) theta.push_back(last.theta(k)[contact.node]);
  }
  record.add_dimension({"contact", x.size(), x, {}, "m", "Position of a face with spin mixing", false, false});
  io::Quantity angles = real_quantity(io::last_state::contact_theta, {"contact", "component"}, std::move(theta), "rad",
                                      "theta at the faces with spin mixing, at the last output time");
  angles.in_summary = false;
  record.add(std::move(angles));
}

void Recorder::write(io::Record& record, const dynamics::Simulation& run) const {
  record.add(count_quantity("steps", run.steps(), "Steps taken"));
  record.add(count_quantity("rejected_steps", run.rejected(), "Steps tried and given up"));
  write_held_steps(record, time_, run.steps(), run.held());
  write_left_out(record, time_, run.left_out());
  std::vector<ProbeMaterial> materials;
  for (const Vector3<double>& place : time_.probes) {
    const Segment& segment = segment_at(place[0]);
    materials.push_back({segment.material, segment.M_eq});
  }
  write_history(record, time_, history_, materials, 1);
  write_fields(record);
  write_last(record);
}

}  // namespace

io::Record run_time(const io::Input& input, const io::TimeExperiment& experiment, const Progress& progress,
                    const CheckpointStore* checkpoint) {
  if (input.geometry.dimensions() > 1)
    return run_on_grid(input, experiment, dynamics::grid::engine(experiment.petsc), progress, checkpoint);
  const physics::Stack stack =
      experiment.temperature ? dynamics::at_temperature(input.stack, *experiment.temperature) : input.stack;
  const Line line(stack);
  std::vector<std::string> materials;
  for (const physics::Layer& layer : input.stack.layers) materials.push_back(layer.material_name);
  const dynamics::DrivenForcing forcing(line, experiment.drives, materials);
  Fields<double> start(line.nodes());
  using Shape = io::InitialChange::Shape;
  for (const io::InitialChange& change : experiment.initial) {
    if (change.shape == Shape::file) set_from_file(line, change, input.file, start);
  }
  for (const io::InitialChange& change : experiment.initial) {
    if (change.shape != Shape::file) add_change(line, change, start);
  }
  dynamics::Simulation run(line, forcing, settings_of(experiment), std::move(start));
  if (experiment.temperature)
    run.follow(std::make_unique<dynamics::HeatOfLine>(stack, experiment.drives, *experiment.temperature));
  Recorder recorder(line, experiment);
  Ranks alone;
  TimeLoop loop(experiment, progress, checkpoint, alone, [&](dynamics::Archive& archive) {
    run.exchange(archive);
    recorder.exchange(archive);
  });
  loop.run([&] { return recorder.kept(); },
           [&](double time) {
             run.advance_to(time, [&](double now, double step) {
               loop.step_done(now, {step, run.steps(), 0, line.nodes(), run.last_was_held()});
             });
           },
           [&] { recorder.keep(run); }, [&] { return run.time(); });
  io::Record record;
  recorder.write(record, run);
  if (progress) progress(TimeLoop::parts, TimeLoop::parts, {});
  return record;
}

}  // namespace vitrispin::app
