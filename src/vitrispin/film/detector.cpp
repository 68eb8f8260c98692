#include "vitrispin/film/detector.hpp"

#include "vitrispin/physics/conversions.hpp"

namespace vitrispin::film {

bool is_detector(const physics::Material<double>& material) {
  return material.kind == physics::MaterialKind::metal && material.spin_hall_angle != 0 && material.conductivity > 0;
}

DetectorReading detector_reading(const FilmState& state, const physics::Layer& layer, std::size_t index) {
  const auto p = [](const LayerSolution&, const FaceState& face) { return face.p; };
  const ComplexVector left = state.at(index, 0, p);
  const ComplexVector right = state.at(index, state.face(index, Side::right), p);
  const double scale = layer.material.diffusivity * layer.material.accumulation_susceptibility / layer.thickness;
  DetectorReading reading;
  reading.mean_current = scale * (left - right);
  reading.angular_momentum = physics::angular_momentum_current(reading.mean_current, layer.material.gyromagnetic_ratio);
  reading.inverse_spin_hall = physics::inverse_spin_hall_field(reading.angular_momentum, layer.material.spin_hall_angle,
                                                               layer.material.conductivity);
  return reading;
}

double gamma_at_interface(const physics::Stack& stack, std::size_t i) {
  const double gamma = stack.layers[i].material.gyromagnetic_ratio;
  if (gamma > 0) return gamma;
  const double neighbour = i + 1 < stack.layers.size() ? stack.layers[i + 1].material.gyromagnetic_ratio : 0.0;
  return neighbour > 0 ? neighbour : constants::electron_gyromagnetic_ratio;
}

}  // namespace vitrispin::film
