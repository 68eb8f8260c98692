#include "vitrispin/app/initial_mode.hpp"

#include <cmath>

#include "vitrispin/film/field_axis.hpp"
#include "vitrispin/modes/dispersion.hpp"
#include "vitrispin/modes/field_axis.hpp"

namespace vitrispin::app {

using Complex = std::complex<double>;

ModeWave::ModeWave(const physics::Material<double>& material, const Vector3<double>& H, const io::InitialChange& change)
    : k_(change.k), sigma_(change.sigma), travelling_(change.travelling) {
  physics::Stack alone;
  alone.layers.resize(1);
  alone.layers[0].material = material;
  alone.H = H;
  const film::FieldAxis axis = film::field_axis(alone);
  first_ = axis.e1;
  second_ = axis.e2;
  axis_ = axis.e3;
  const double rotation = change.sigma * modes::precession_about_axis(material, H, axis_);
  const modes::Mode mode = modes::modes_at_wavenumber(material, change.k, rotation).at(change.mode);
  // from energy units to A/m and rad
  amplitudes_ = mode.amplitudes;
  amplitudes_[1] *= std::sqrt(material.accumulation_susceptibility);
  if (material.has_equilibrium_magnetization()) amplitudes_[0] *= std::sqrt(material.equilibrium_susceptibility);
  if (material.has_texture()) {
    amplitudes_[2] /= std::sqrt(mode.stiffened_anisotropy.real() / constants::vacuum_permeability);
  }
  const Complex larger = std::abs(amplitudes_[0]) > std::abs(amplitudes_[1]) ? amplitudes_[0] : amplitudes_[1];
  for (Complex& amplitude : amplitudes_) amplitude *= change.amplitude / larger;
}

Vector3<double> ModeWave::value(std::size_t field, double x) const {
  const Complex wave = travelling_ ? std::polar(1.0, k_ * x) : Complex(std::cos(k_ * x));
  const Complex v = amplitudes_[field] * wave;
  if (sigma_ == 0) return v.real() * axis_;
  return v.real() * first_ + (sigma_ * v.imag()) * second_;
}

}  // namespace vitrispin::app
