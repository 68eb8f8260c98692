#include "vitrispin/dynamics/simulation.hpp"

#include <algorithm>
#include <cmath>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/dynamics/exact_run.hpp"
#include "vitrispin/dynamics/gauss4.hpp"

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
    : line_(line), forcing_(forcing), settings_(settings), state_(std::move(start)) {
  const auto at = [&forcing](double t, Forcing& result) { forcing.at(t, result); };
  if (settings.method == Method::adaptive) adaptive_ = std::make_unique<Adaptive>(line, forcing, settings.bounds);
  if (settings.method == Method::explicit_adaptive)
    explicit_ = std::make_unique<ExplicitAdaptive>(rates_of_line(line, forcing), line.nodes(), settings.bounds);
  if (settings.method == Method::midpoint) midpoint_ = std::make_unique<Midpoint>(line, at, forcing.constant());
  if (settings.method == Method::gauss4) gauss4_ = std::make_unique<Gauss4>(line, at, forcing.constant());
  if (settings.method == Method::exact) exact_ = exact_run(line, forcing);
  Forcing first;
  forcing.at(0, first);
  energy_at_start_ = free_energy(line, first, state_);
  if (exact_) exact_->start(state_, energy_at_start_);
}

/// Equal steps of at most dt up to `end`.
template <class Integrator>
void Simulation::fixed_steps(Integrator& integrator, double end, const std::function<void(double, double)>& watch) {
  if (interval_.end != end || interval_.done == interval_.count) {
    const double span = end - time_;
    const double count = std::max(1.0, std::ceil(span / settings_.dt * (1 - 1e-12)));
    interval_ = {time_, end, count, 0};
    const double h = span / count;
    // Equal intervals differ by rounding of their ends: one step serves them all, and one factorisation.
    if (std::abs(h - h_) > 1e-12 * h) h_ = h;
  }
  while (interval_.done < interval_.count) {
    integrator.step(time_, h_, state_, ledger_.balance);
    ++interval_.done;
    time_ = interval_.done == interval_.count ? end : interval_.start + interval_.done * h_;
    ++steps_;
    if (watch) watch(time_, h_);
  }
}

void Simulation::advance_smoothly(double end, const std::function<void(double, double)>& watch) {
  if (midpoint_) fixed_steps(*midpoint_, end, watch);
  if (gauss4_) fixed_steps(*gauss4_, end, watch);
  const auto keep_time = [&](double time, double step) {
    time_ = time;
    ++steps_;
    if (watch) watch(time, step);
  };
  if (adaptive_) adaptive_->advance(time_, end, state_, ledger_.balance, keep_time);
  if (explicit_) explicit_->advance(time_, end, state_, ledger_.balance, keep_time);
  if (exact_) {
    ledger_.balance.dissipated = exact_->advance(time_, end, state_);
    keep_time(end, end - time_);
  }
  time_ = end;
}

void Simulation::advance_to(double time, const std::function<void(double, double)>& watch) {
  for (const double corner : forcing_.corners(time)) {
    if (corner > time_) advance_smoothly(corner, watch);
  }
  if (time > time_) advance_smoothly(time, watch);
  Forcing now;
  forcing_.at(time, now);
  ledger_.free_energy_change = free_energy(line_, now, state_) - energy_at_start_;
}

void LedgerEntry::exchange(Archive& archive) {
  DissipatedPower& lost = balance.dissipated;
  for (double* value :
       {&free_energy_change, &balance.work.boundary, &balance.work.drive, &lost.M_to_lattice, &lost.m_to_lattice,
        &lost.exchange, &lost.diffusion, &lost.damping, &lost.interfaces, &lost.contacts, &lost.mixing}) {
    archive.value(*value);
  }
}

void Simulation::exchange(Archive& archive) {
  for (double* value : {&time_, &h_, &interval_.start, &interval_.end, &interval_.count, &interval_.done}) {
    archive.value(*value);
  }
  ledger_.exchange(archive);
  archive.value(steps_);
  archive.values(state_.values());
  if (adaptive_) adaptive_->exchange(archive);
  if (explicit_) explicit_->exchange([&](double& value) { archive.value(value); });
  if (midpoint_) midpoint_->exchange(archive);
  if (exact_) exact_->exchange(archive);
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
