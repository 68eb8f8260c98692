#include "vitrispin/dynamics/simulation.hpp"

#include <algorithm>
#include <cmath>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/equations.hpp"
#include "vitrispin/dynamics/exact_run.hpp"
#include "vitrispin/dynamics/gauss4.hpp"
#include "vitrispin/dynamics/grid/temperature_cells.hpp"

namespace vitrispin::dynamics {
namespace {

std::unique_ptr<ExactRun> exact_run(const Line& line, const DrivenForcing& forcing) {
  const auto free = [](const OuterFace& face) {
    const bool torque = dot(face.torque, face.torque) != 0;
    return !face.takes_current && face.conductance == 0 && face.twist_clamp == 0 && !torque;
  };
  if (line.segments().size() > 1 || !line.contacts().empty() || !forcing.constant() || !free(line.left()) ||
      !free(line.right()))
    throw InputError(
        "method = \"exact\" is for waves in a uniform box: it takes one layer of equal cells with closed ends that "
        "leave "
        "theta free, and no drives");
  const Segment& all = line.segments().front();
  WaveBox box;
  box.cells[0] = all.end - all.begin;
  box.width[0] = all.width;
  return std::make_unique<ExactRun>(all.material, line.H(), box);
}

}  // namespace

Simulation::~Simulation() = default;

Simulation::Simulation(const Line& line, const DrivenForcing& forcing, const SimulationSettings& settings,
                       Fields<double> start)
    : line_(&line), forcing_(&forcing), settings_(settings), state_(std::move(start)) {
  make_integrator();
  Forcing first;
  forcing.at(0, first);
  energy_at_start_ = free_energy(line, first, state_);
  if (exact_) exact_->start(state_, energy_at_start_);
}

void Simulation::make_integrator() {
  const DrivenForcing& forcing = *forcing_;
  const Line& line = *line_;
  const auto at = [&forcing](double t, Forcing& result) { forcing.at(t, result); };
  switch (settings_.method) {
    case Method::adaptive: adaptive_ = std::make_unique<Adaptive>(line, forcing, settings_.bounds); break;
    case Method::explicit_adaptive:
      explicit_ = std::make_unique<ExplicitAdaptive>(rates_of_line(line, forcing), line.nodes(), settings_.bounds);
      break;
    case Method::midpoint: midpoint_ = std::make_unique<Midpoint>(line, at, forcing.constant()); break;
    case Method::gauss4: gauss4_ = std::make_unique<Gauss4>(line, at, forcing.constant()); break;
    case Method::exact: exact_ = exact_run(line, forcing); break;
  }
}

/// Equal steps of at most dt up to `end`. After a step the integrator may be another one.
template <class Integrator>
void Simulation::fixed_steps(std::unique_ptr<Integrator>& integrator, double end,
                             const std::function<void(double, double)>& watch) {
  if (interval_.end != end || interval_.done == interval_.count) {
    const double span = end - time_;
    const double count = std::max(1.0, std::ceil(span / settings_.dt * (1 - 1e-12)));
    interval_ = {time_, end, count, 0};
    const double h = span / count;
    // Equal intervals differ by rounding of their ends: one step serves them all, and one factorisation.
    if (std::abs(h - h_) > 1e-12 * h) h_ = h;
  }
  while (interval_.done < interval_.count) {
    integrator->step(time_, h_, state_, ledger_.balance);
    ++interval_.done;
    step_done(interval_.done == interval_.count ? end : interval_.start + interval_.done * h_, h_, watch);
  }
}

/// Steps as long as the method finds them.
template <class Integrator>
void Simulation::chosen_steps(std::unique_ptr<Integrator>& integrator, double end,
                              const std::function<void(double, double)>& watch) {
  while (time_ < end) {
    const double reached = integrator->step(time_, end, state_, ledger_.balance);
    step_done(reached, reached - time_, watch);
  }
}

void Simulation::step_done(double time, double step, const std::function<void(double, double)>& watch) {
  time_ = time;
  ++steps_;
  if (heat_) {
    heat_->step(step);
    if (heat_->changes_materials()) follow_materials(true);
  }
  if (watch) watch(time, step);
}

std::vector<double> Simulation::entropy_production() const {
  Forcing now;
  forcing_->at(time_, now);
  Potentials<double> of_state(line_->nodes());
  potentials(*line_, now, state_, of_state);
  std::vector<double> result(line_->nodes(), 0.0);
  add_heat(1.0, *line_, now, state_, of_state, result.data());
  return result;
}

void Simulation::follow(std::unique_ptr<HeatOfLine> heat) {
  heat_ = std::move(heat);
  ledger_.balance.heat = heat_->sink();
  if (heat_->changes_materials()) follow_materials(false);
}

namespace {

/// What free_energy() leaves out because it does not depend on the state. [J/m^2]
double energy_left_out(const Line& line, const Forcing& forcing) {
  double sum = 0;
  for (const Segment& segment : line.segments()) {
    for (std::size_t i = segment.begin; i < segment.end; ++i) {
      Vector3<double> change{};
      for (std::size_t k = 0; k < 3; ++k) change[k] = forcing.field[k].empty() ? 0.0 : forcing.field[k][i];
      sum += segment.width * grid::energy_left_out(segment.material, line.H(), change);
    }
  }
  return sum;
}

/// M and m stay what they are while M_eq and m_eq change from those of `before`.
void change_equilibrium(const Line& before, const Line& now, Fields<double>& state) {
  const auto shift = [&](const Line& line, double sign) {
    for (const Segment& segment : line.segments()) {
      for (std::size_t k = 0; k < 3; ++k) {
        for (std::size_t i = segment.begin; i < segment.end; ++i) {
          state.M(k)[i] += sign * segment.M_eq[k];
          state.m(k)[i] += sign * segment.m_eq[k];
        }
      }
    }
  };
  shift(before, 1);
  shift(now, -1);
}

}  // namespace

/// Takes the materials of the next step; what F gains by that is booked.
void Simulation::follow_materials(bool booked) {
  Forcing before, after;
  forcing_->at(time_, before);
  const double energy_before = free_energy(*line_, before, state_), left_out_before = energy_left_out(*line_, before);
  HeatOfLine::Line now = heat_->line_now();
  now.forcing->at(time_, after);
  if (booked) change_equilibrium(*line_, *now.line, state_);
  Archive memory;
  exchange_integrator(memory);
  line_ = now.line.get();
  forcing_ = now.forcing.get();
  make_integrator();
  now_ = std::move(now);
  Archive remembered(memory.bytes());
  exchange_integrator(remembered);
  if (!booked) return;
  const double left_out = energy_left_out(*line_, after) - left_out_before;
  ledger_.of_temperature += free_energy(*line_, after, state_) - energy_before + left_out;
  energy_at_start_ -= left_out;
}

void Simulation::advance_smoothly(double end, const std::function<void(double, double)>& watch) {
  if (midpoint_) fixed_steps(midpoint_, end, watch);
  if (gauss4_) fixed_steps(gauss4_, end, watch);
  if (adaptive_) chosen_steps(adaptive_, end, watch);
  if (explicit_) chosen_steps(explicit_, end, watch);
  if (exact_) {
    ledger_.balance.dissipated = exact_->advance(time_, end, state_);
    step_done(end, end - time_, watch);
  }
  time_ = end;
}

void Simulation::advance_to(double time, const std::function<void(double, double)>& watch) {
  for (const double corner : forcing_->corners(time)) {
    if (corner > time_) advance_smoothly(corner, watch);
  }
  if (time > time_) advance_smoothly(time, watch);
  Forcing now;
  forcing_->at(time, now);
  ledger_.free_energy_change = free_energy(*line_, now, state_) - energy_at_start_;
  if (!heat_) return;
  ledger_.heat_held = heat_->held();
  ledger_.heat_to_baths = heat_->to_baths();
}

void LedgerEntry::exchange(Archive& archive) {
  DissipatedPower& lost = balance.dissipated;
  for (double* value : {&free_energy_change, &heat_held, &heat_to_baths, &of_temperature, &balance.work.boundary,
                        &balance.work.drive, &lost.M_to_lattice, &lost.m_to_lattice, &lost.exchange, &lost.diffusion,
                        &lost.damping, &lost.interfaces, &lost.contacts, &lost.mixing}) {
    archive.value(*value);
  }
}

void Simulation::exchange_integrator(Archive& archive) {
  if (adaptive_) adaptive_->exchange(archive);
  if (explicit_) explicit_->exchange([&](double& value) { archive.value(value); });
  if (midpoint_) midpoint_->exchange(archive);
  if (exact_) exact_->exchange(archive);
}

void Simulation::exchange(Archive& archive) {
  for (double* value :
       {&time_, &h_, &energy_at_start_, &interval_.start, &interval_.end, &interval_.count, &interval_.done}) {
    archive.value(*value);
  }
  ledger_.exchange(archive);
  archive.value(steps_);
  archive.values(state_.values());
  if (heat_) heat_->exchange(archive);
  if (heat_ && heat_->changes_materials() && archive.reads()) {
    // The integrator that is read belongs to the materials of this temperature.
    HeatOfLine::Line now = heat_->line_now();
    line_ = now.line.get();
    forcing_ = now.forcing.get();
    make_integrator();
    now_ = std::move(now);
  }
  exchange_integrator(archive);
}

double Simulation::left_out() const {
  return exact_ ? exact_->left_out() : 0;
}

namespace {

/// Within a graded layer, whose segment `s` holds x: the same polynomial through cells of any widths.
double graded_value_at(const Line& line, const double* field, double x, std::size_t s) {
  const auto& segments = line.segments();
  const std::vector<double>& positions = line.positions();
  std::size_t first = s, last = s;
  while (first > 0 && segments[first - 1].layer == segments[s].layer) --first;
  while (last + 1 < segments.size() && segments[last + 1].layer == segments[s].layer) ++last;
  const std::size_t begin = segments[first].begin, end = segments[last].end;
  const std::size_t points = std::min<std::size_t>(4, end - begin);
  const std::size_t left = x < positions[segments[s].begin] ? segments[s].begin : segments[s].begin + 1;
  const std::size_t from = std::clamp(left, begin + points / 2, end - (points - points / 2)) - points / 2;
  double value = 0;
  for (std::size_t i = from; i < from + points; ++i) {
    double weight = 1;
    for (std::size_t j = from; j < from + points; ++j) {
      if (j != i) weight *= (x - positions[j]) / (positions[i] - positions[j]);
    }
    value += weight * field[i];
  }
  return value;
}

}  // namespace

double value_at(const Line& line, const double* field, double x) {
  const auto& segments = line.segments();
  std::size_t s = 0;
  while (s + 1 < segments.size()) {
    const Segment& next = segments[s + 1];
    if (x < line.positions()[next.begin] - next.width / 2) break;
    ++s;
  }
  const Segment& segment = segments[s];
  if (s > 0 && segments[s - 1].layer == segment.layer) return graded_value_at(line, field, x, s);
  if (s + 1 < segments.size() && segments[s + 1].layer == segment.layer) return graded_value_at(line, field, x, s);
  const std::size_t cells = segment.end - segment.begin;
  const std::size_t points = std::min<std::size_t>(4, cells);
  const std::size_t before = (points - 1) / 2;                                 // of them, to the left of x
  const double place = (x - line.positions()[segment.begin]) / segment.width;  // in cells, from the first one's centre
  const double first =
      std::clamp(std::floor(place) - static_cast<double>(before), 0.0, static_cast<double>(cells - points));
  double value = 0;
  for (std::size_t i = 0; i < points; ++i) {
    double weight = 1;
    for (std::size_t j = 0; j < points; ++j) {
      if (j == i) continue;
      weight *= (place - first - static_cast<double>(j)) / (static_cast<double>(i) - static_cast<double>(j));
    }
    value += weight * field[segment.begin + static_cast<std::size_t>(first) + i];
  }
  return value;
}

}  // namespace vitrispin::dynamics
