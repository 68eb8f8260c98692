#include "vitrispin/dynamics/drives.hpp"

#include <algorithm>
#include <cmath>

#include "vitrispin/core/constants.hpp"

namespace vitrispin::dynamics {
namespace {

constexpr double two_pi = 2 * constants::pi;

/// Index of the last point at or before t, at most the last but one.
std::size_t interval(const std::vector<double>& times, double t) {
  const auto after = std::upper_bound(times.begin(), times.end(), t);
  const auto index = static_cast<std::size_t>(std::distance(times.begin(), after));
  return std::clamp<std::size_t>(index, 1, times.size() - 1) - 1;
}

}  // namespace

double Waveform::value(double t) const {
  switch (shape) {
    case WaveShape::sine: return amplitude * std::sin(two_pi * frequency * t + phase);
    case WaveShape::pulse: return amplitude * std::exp(-0.5 * ((t - center) / width) * ((t - center) / width));
    case WaveShape::ramp:
      if (t <= start) return from;
      if (t >= end) return to;
      return from + (to - from) * ((t - start) / (end - start));
    case WaveShape::chirp:
      return amplitude * std::sin(two_pi * (frequency + (end_frequency - frequency) * t / (2 * end)) * t + phase);
    case WaveShape::table: {
      if (t <= times.front()) return values.front();
      if (t >= times.back()) return values.back();
      const std::size_t i = interval(times, t);
      return values[i] + (values[i + 1] - values[i]) * ((t - times[i]) / (times[i + 1] - times[i]));
    }
  }
  return 0;
}

double Waveform::rate(double t) const {
  switch (shape) {
    case WaveShape::sine: return two_pi * frequency * amplitude * std::cos(two_pi * frequency * t + phase);
    case WaveShape::pulse: return -value(t) * (t - center) / (width * width);
    case WaveShape::ramp: return t < start || t >= end ? 0 : (to - from) / (end - start);
    case WaveShape::chirp: {
      const double slope = (end_frequency - frequency) / end;
      return two_pi * (frequency + slope * t) * amplitude * std::cos(two_pi * (frequency + slope * t / 2) * t + phase);
    }
    case WaveShape::table: {
      if (t < times.front() || t >= times.back()) return 0;
      const std::size_t i = interval(times, t);
      return (values[i + 1] - values[i]) / (times[i + 1] - times[i]);
    }
  }
  return 0;
}

std::vector<double> Waveform::corners() const {
  if (shape == WaveShape::ramp) return {start, end};
  if (shape == WaveShape::table) return times;
  return {};
}

DrivenForcing::DrivenForcing(const Line& line, std::vector<Drive> drives,
                             const std::vector<std::string>& material_of_layer)
    : line_(line), base_(constant_forcing(line)), drives_(std::move(drives)) {
  for (const Drive& drive : drives_) {
    std::vector<double> profile;
    std::vector<std::size_t> layers;
    if (drive.target == DriveTarget::field) {
      for (const double x : line.positions()) profile.push_back(drive.k == 0 ? 1.0 : std::cos(drive.k * x));
      base_.field[drive.component].assign(line.nodes(), 0.0);
    }
    if (drive.target == DriveTarget::anisotropy) {
      for (std::size_t i = 0; i < material_of_layer.size(); ++i) {
        if (material_of_layer[i] == drive.material) layers.push_back(i);
      }
    }
    profiles_.push_back(std::move(profile));
    layers_.push_back(std::move(layers));
  }
}

bool DrivenForcing::changes_anisotropy() const {
  return std::any_of(drives_.begin(), drives_.end(),
                     [](const Drive& drive) { return drive.target == DriveTarget::anisotropy; });
}

void DrivenForcing::at(double t, Forcing& forcing) const {
  forcing = base_;
  for (std::size_t d = 0; d < drives_.size(); ++d) {
    const Drive& drive = drives_[d];
    const double value = drive.wave.value(t);
    switch (drive.target) {
      case DriveTarget::field: {
        auto& field = forcing.field[drive.component];
        for (std::size_t i = 0; i < field.size(); ++i) field[i] += value * profiles_[d][i];
        break;
      }
      case DriveTarget::left_current: forcing.left_current[drive.component] += value; break;
      case DriveTarget::right_current: forcing.right_current[drive.component] += value; break;
      case DriveTarget::left_potential: forcing.left_potential[drive.component] += value; break;
      case DriveTarget::right_potential: forcing.right_potential[drive.component] += value; break;
      case DriveTarget::anisotropy:
        for (const std::size_t i : layers_[d]) forcing.anisotropy[i] += value;
        break;
    }
  }
}

void DrivenForcing::rate(double t, Forcing& forcing) const {
  forcing.anisotropy.assign(line_.segments().size(), 0.0);
  for (std::size_t k = 0; k < 3; ++k) forcing.field[k].assign(base_.field[k].size(), 0.0);
  for (std::size_t d = 0; d < drives_.size(); ++d) {
    const Drive& drive = drives_[d];
    const double rate = drive.wave.rate(t);
    if (drive.target == DriveTarget::field) {
      auto& field = forcing.field[drive.component];
      for (std::size_t i = 0; i < field.size(); ++i) field[i] += rate * profiles_[d][i];
    }
    if (drive.target == DriveTarget::anisotropy) {
      for (const std::size_t i : layers_[d]) forcing.anisotropy[i] += rate;
    }
  }
}

std::vector<double> DrivenForcing::corners(double duration) const {
  std::vector<double> all;
  for (const Drive& drive : drives_) {
    for (const double t : drive.wave.corners()) {
      if (t > 0 && t < duration) all.push_back(t);
    }
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace vitrispin::dynamics
