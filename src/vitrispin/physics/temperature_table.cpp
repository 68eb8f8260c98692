#include "vitrispin/physics/temperature_table.hpp"

#include <algorithm>
#include <array>

namespace vitrispin::physics {
namespace {

constexpr std::array parameters{&Material<double>::equilibrium_susceptibility,
                                &Material<double>::accumulation_susceptibility,
                                &Material<double>::lattice_relaxation_time,
                                &Material<double>::accumulation_lattice_relaxation_time,
                                &Material<double>::cross_relaxation_time,
                                &Material<double>::diffusivity,
                                &Material<double>::spin_stiffness,
                                &Material<double>::anisotropy,
                                &Material<double>::damping,
                                &Material<double>::heat_capacity,
                                &Material<double>::thermal_conductivity};

}  // namespace

Material<double> TemperatureTable::at(double temperature) const {
  const auto above = std::lower_bound(T.begin() + 1, T.end() - 1, temperature);
  const auto upper = static_cast<std::size_t>(above - T.begin());
  const double share = std::clamp((temperature - T[upper - 1]) / (T[upper] - T[upper - 1]), 0.0, 1.0);
  Material<double> material = materials[upper - 1];
  for (const auto parameter : parameters) {
    const double a = materials[upper - 1].*parameter, b = materials[upper].*parameter;
    material.*parameter = a == b || share == 0 ? a : share == 1 ? b : a + share * (b - a);
  }
  return material;
}

}  // namespace vitrispin::physics
