#include "vitrispin/physics/drive.hpp"

#include <algorithm>
#include <cmath>

#include "vitrispin/core/constants.hpp"

namespace vitrispin::physics {
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

}  // namespace vitrispin::physics
