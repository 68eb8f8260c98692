#include "vitrispin/dynamics/exact_waves.hpp"

#include <algorithm>
#include <cmath>

#include "vitrispin/dynamics/wave_propagator.hpp"
#include "vitrispin/modes/field_axis.hpp"

namespace vitrispin::dynamics {
namespace {

/// Right-handed, the axis last.
std::array<Vector3<double>, 3> frame_about(const Vector3<double>& axis) {
  std::size_t least = 0;
  for (std::size_t c = 1; c < 3; ++c)
    if (std::abs(axis[c]) < std::abs(axis[least])) least = c;
  Vector3<double> first{};
  first[least] = 1;
  first = first - dot(first, axis) * axis;
  first = (1 / std::sqrt(dot(first, first))) * first;
  return {first, cross(axis, first), axis};
}

}  // namespace

ExactWaves::ExactWaves(const physics::Material<double>& material, const Vector3<double>& H, const WaveBox& box)
    : material_(material), box_(box) {
  const bool glass = material.has_texture();
  const Vector3<double> axis = modes::field_axis(glass ? physics::equilibrium_magnetization(material, H) : H, {});
  rotation_ = modes::precession_about_axis(material, H, axis);
  frame_ = frame_about(axis);
  std::size_t longest = 0;
  for (std::size_t a = 0; a < 3; ++a) {
    transforms_.emplace_back(box.cells[a], box.periodic[a]);
    longest = std::max(longest, box.cells[a]);
  }
  lines_.resize(longest * CosineTransform::lanes);
  scratch_.resize(lines_.size());
}

/// Along each direction, as many lines at a time as the transform takes.
void ExactWaves::transform(double* field, bool forward) {
  constexpr std::size_t lanes = CosineTransform::lanes;
  const std::size_t all = box_.cells[0] * box_.cells[1] * box_.cells[2];
  std::size_t stride = 1;
  for (std::size_t a = 0; a < 3; stride *= box_.cells[a], ++a) {
    const std::size_t n = box_.cells[a], count = all / n;
    if (n == 1) continue;
    for (std::size_t first = 0; first < count; first += lanes) {
      const std::size_t together = std::min(lanes, count - first);
      std::array<double*, lanes> line{};
      for (std::size_t l = 0; l < together; ++l) {
        const std::size_t number = first + l;
        line[l] = field + number / stride * stride * n + number % stride;
      }
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t l = 0; l < together; ++l) lines_[i * lanes + l] = line[l][i * stride];
        for (std::size_t l = together; l < lanes; ++l) lines_[i * lanes + l] = 0;
      }
      if (forward)
        transforms_[a].forward(lines_.data(), scratch_.data());
      else
        transforms_[a].backward(lines_.data(), scratch_.data());
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t l = 0; l < together; ++l) line[l][i * stride] = lines_[i * lanes + l];
    }
  }
}

void ExactWaves::start(const Fields<double>& deviations) {
  waves_ = deviations;
  for (std::size_t f = 0; f < 9; ++f) transform(waves_.values().data() + f * waves_.nodes(), true);
}

void ExactWaves::propagate_one(std::size_t at, double k_squared, double share, const Propagate& propagate,
                               Fields<double>& to) const {
  const std::size_t nodes = waves_.nodes();
  WaveAmplitude axial, turning;
  for (std::size_t f = 0; f < 3; ++f) {
    const double* field = waves_.values().data() + 3 * f * nodes + at;
    const Vector3<double> v(field[0], field[nodes], field[2 * nodes]);
    axial[f] = dot(frame_[2], v);
    turning[f] = {dot(frame_[0], v), dot(frame_[1], v)};
  }
  if (axial != WaveAmplitude{}) axial = propagate(k_squared, 0, share, axial);
  if (turning != WaveAmplitude{}) turning = propagate(k_squared, 1, share, turning);
  for (std::size_t f = 0; f < 3; ++f) {
    const Vector3<double> v =
        turning[f].real() * frame_[0] + turning[f].imag() * frame_[1] + axial[f].real() * frame_[2];
    double* field = to.values().data() + 3 * f * nodes + at;
    for (std::size_t c = 0; c < 3; ++c) field[c * nodes] = v[c];
  }
}

void ExactWaves::propagate_all(const Propagate& propagate, Fields<double>& to) {
  const auto wave_number_squared = [&](std::size_t a, std::size_t i) {
    return transforms_[a].curvature(i) / (box_.width[a] * box_.width[a]);
  };
  // Sum over a box of the square of a wave over its volume: a cosine's is 1/2, and the transform halves its amplitude.
  const auto weight = [&](std::size_t a, std::size_t i) {
    const double extent = box_.width[a] * static_cast<double>(box_.cells[a]);
    return box_.periodic[a] || i == 0 ? extent : 2 * extent;
  };
  std::size_t at = 0;
  for (std::size_t k = 0; k < box_.cells[2]; ++k) {
    for (std::size_t j = 0; j < box_.cells[1]; ++j) {
      for (std::size_t i = 0; i < box_.cells[0]; ++i, ++at) {
        const double k_squared = wave_number_squared(0, i) + wave_number_squared(1, j) + wave_number_squared(2, k);
        propagate_one(at, k_squared, weight(0, i) * weight(1, j) * weight(2, k), propagate, to);
      }
    }
  }
  for (std::size_t f = 0; f < 9; ++f) transform(to.values().data() + f * waves_.nodes(), false);
}

DissipatedPower ExactWaves::state_at(double time, Fields<double>& deviations) {
  DissipatedPower lost;
  propagate_all(
      [&](double k_squared, int sigma, double share, const WaveAmplitude& amplitude) {
        const WaveAfter later = wave_after(material_, k_squared, sigma, rotation_, amplitude, time);
        lost.add(share, later.dissipated);
        return later.amplitude;
      },
      deviations);
  return lost;
}

void ExactWaves::deviations_at(double time, Fields<double>& deviations) {
  propagate_all(
      [&](double k_squared, int sigma, double, const WaveAmplitude& amplitude) {
        return wave_amplitude_after(material_, k_squared, sigma, rotation_, amplitude, time);
      },
      deviations);
}

}  // namespace vitrispin::dynamics
