#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "vitrispin/app/experiments.hpp"
#include "vitrispin/app/film_record.hpp"
#include "vitrispin/film/small_angles.hpp"
#include "vitrispin/physics/characteristic.hpp"

namespace vitrispin::app {
namespace {

using Heading = FilmColumns::Heading;

using film::Complex;

/// k of the modes of a layer, Im k >= 0 ascending: k = i kappa. NaN for a mode that the layer does not have.
std::array<Complex, 2> wavenumbers(const film::LayerSolution& layer) {
  const Complex none(std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN());
  const auto k = [](const Complex& q) { return Complex(0, 1) * std::sqrt(q); };
  std::array<Complex, 2> result{none, none};
  if (layer.equation.carries_m && layer.equation.carries_twist) {
    result = {k(layer.roots.q1), k(layer.roots.q2)};
    if (result[1].imag() < result[0].imag()) std::swap(result[0], result[1]);
  } else if (layer.equation.carries_m) {
    result[0] = k(layer.roots.q1);
  } else if (layer.equation.carries_twist) {
    result[0] = k(layer.roots.q2);
  }
  return result;
}

void append_wavenumbers(FilmColumns& columns, const physics::Stack& stack, double omega) {
  const film::FieldAxis axis = film::field_axis(stack);
  const auto groups = film::texture_groups(stack);
  const auto motions = film::twist_motions(groups, stack.layers.size(), omega);
  std::vector<Complex> k;
  for (std::size_t i = 0; i < stack.layers.size(); ++i) {
    const auto& material = stack.layers[i].material;
    for (const int sigma : {-1, 0, 1}) {
      film::LayerSolution layer;
      layer.equation = film::layer_equation(material, axis.along(stack.H), axis.along(material.remanence), sigma,
                                            Complex(0, -omega), motions[i]);
      layer.roots = film::layer_roots(layer.equation);
      for (const Complex& value : wavenumbers(layer)) k.push_back(value);
    }
  }
  columns.append(
      [&] {
        return Heading{"k",
                       "",
                       "rad m-1",
                       "Wavenumbers of the modes in each layer",
                       "the layer does not have this mode",
                       {"layer", "sigma", "mode"}};
      },
      k);
}

/// omega = K D_theta/rho_s (with D_theta in m^2/s: its gamma is inside): below it the texture is pinned, above it follows the drive as a rotating one does.
void add_crossover(io::Record& record, const physics::Stack& stack) {
  io::RealArray frequencies;
  for (const auto& layer : stack.layers) {
    const auto& m = layer.material;
    const bool defined = m.has_texture() && m.spin_stiffness > 0;
    frequencies.values.push_back(defined ? m.anisotropy * physics::twist_diffusivity(m) /
                                               (m.spin_stiffness * 2 * constants::pi)
                                         : std::numeric_limits<double>::quiet_NaN());
  }
  io::Quantity crossover = quantity({"crossover_frequency",
                                     "",
                                     "Hz",
                                     "Frequency between pinned and rotating texture, K D_theta/(2 pi rho_s)",
                                     "a layer without texture or stiffness has none; infinite where M does not relax",
                                     {}},
                                    {"layer"});
  crossover.data = std::move(frequencies);
  record.add(std::move(crossover));
}

}  // namespace

io::Record run_harmonic(const io::Input& input, const io::HarmonicExperiment& experiment,
                        FilmColumns::Headings* sweep) {
  io::Record record;
  record.add_dimension({"frequency", experiment.frequency.size(), experiment.frequency, {}, "Hz", "Frequency", true});
  FilmColumns columns(sweep);
  describe_film(record, input.stack);
  record.add_dimension({"mode", 2, {}, {}, "", "Mode of a layer"});
  add_crossover(record, input.stack);
  double largest = 0;
  double worst_frequency = 0;
  for (const double frequency : experiment.frequency) {
    const double omega = 2 * constants::pi * frequency;
    columns.next_state();
    append_wavenumbers(columns, input.stack, omega);
    for (const double angle : append_state(columns, input.stack, omega)) {
      if (angle > largest) {
        largest = angle;
        worst_frequency = frequency;
      }
    }
    append_profiles(columns, record, input.stack, omega, experiment.profile_points, false);
  }
  columns.flush(record, {"frequency"}, false);
  if (largest > film::small_angle_limit) {
    record.warnings.push_back(
        fmt::format("the texture turns by up to {:.3g} rad (at {:.3g} Hz), the theory holds for small angles, below {} "
                    "rad: reduce the "
                    "drive to {:.3g} of its value",
                    largest, worst_frequency, film::small_angle_limit, film::small_angle_limit / largest));
  }
  return record;
}

}  // namespace vitrispin::app
