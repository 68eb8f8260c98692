#pragma once

#include <cstddef>
#include <string>
#include <vector>

/// What changes in time: fields, currents, potentials and anisotropies, each a waveform added to what the file gives.
/// Plain data, shared by the reader and the dynamics.
namespace vitrispin::physics {

enum class WaveShape { sine, pulse, ramp, chirp, table };

/// f(t), in the unit of what it drives.
/// Equation  sine   amplitude sin(2 pi frequency t + phase)
///           pulse  amplitude exp(-(t - center)^2/(2 width^2))
///           ramp   from before `start`, to after `end`, linear between
///           chirp  amplitude sin(2 pi (f0 t + (f1 - f0) t^2/(2 T)) + phase), T the duration, from f0 at 0 to f1 at T
///           table  linear between the points, the end values outside
struct Waveform {
  WaveShape shape = WaveShape::sine;
  double amplitude = 0;
  double frequency = 0, end_frequency = 0, phase = 0;
  double center = 0, width = 0;
  double from = 0, to = 0, start = 0, end = 0;  ///< ramp; `end` is T of a chirp
  std::vector<double> times, values;            ///< table

  double value(double t) const;
  double rate(double t) const;  ///< df/dt; at a corner that of the side after it
  /// Times at which df/dt jumps: a step of high order ends there.
  std::vector<double> corners() const;
};

enum class DriveTarget {
  field,
  left_current,
  right_current,
  left_potential,
  right_potential,
  anisotropy,
  face_current,  ///< of the face or patch that `face` names
  face_potential,
};

struct Drive {
  DriveTarget target = DriveTarget::field;
  std::string material;       ///< whose anisotropy
  std::string face;           ///< front, back, bottom, top, or the name of a patch; in two and three dimensions
  std::size_t component = 2;  ///< x, y, z
  Waveform wave;
  double k = 0;  ///< fields: times cos(k x), the paper's field gradient, section VI [rad/m]
};

}  // namespace vitrispin::physics
