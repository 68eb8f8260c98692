#include "vitrispin/atoms/finite_changes.hpp"

#include <cmath>

#include "vitrispin/atoms/free_turns.hpp"
#include "vitrispin/atoms/macroscopic.hpp"
#include "vitrispin/atoms/quench.hpp"

namespace vitrispin::atoms {
namespace {

QuenchSettings nearby() {
  QuenchSettings settings;
  settings.sweeps = 0;
  settings.held = true;
  settings.first_step = 1e-3;  // not over to another minimum
  return settings;
}

Vector3<double> unit_axis(std::size_t k) {
  Vector3<double> n;
  n[k] = 1;
  return n;
}

}  // namespace

double finite_susceptibility(const Couplings& exchange, const Spins& spins) {
  const Spins h = fields(exchange, spins);
  // Third orders, enlarged by soft modes, and the torque left, 1e-12, are both about 1e-6 of it.
  const double size = 1e-6 * std::sqrt(inner(h, h) / static_cast<double>(spins.size()));
  double sum = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    const Spins uniform(spins.size(), unit_axis(k));
    for (const double sign : {1.0, -1.0}) {
      const Quench state = quench(exchange, spins, (sign * size) * unit_axis(k), nearby());
      sum += sign * inner(state.spins, uniform) / (2 * size);
    }
  }
  return sum / static_cast<double>(turning_axes(spins));
}

double finite_stiffness(const physics::SpinModel& model, const Sites& sites, std::uint32_t sample, const Spins& spins,
                        std::size_t directions) {
  // Rounding of the energies is 1e-15 of them, the twist's energy 1e-8.
  const double q = 1e-4 / sites.box[0];
  const double start = energy(twisted(model, sites, sample, {}), spins);
  double sum = 0;
  for (std::size_t a = 0; a < directions; ++a) {
    for (std::size_t k = 0; k < 3; ++k) {
      sum -= 2 * start;
      for (const double sign : {1.0, -1.0}) {
        sum += quench(twisted(model, sites, sample, {a, k, sign * q}), spins, {}, nearby()).energy;
      }
    }
  }
  return sum / (q * q) / static_cast<double>(directions * turning_axes(spins));
}

double finite_rotation(const Couplings& couplings, const Spins& spins, bool rigid) {
  constexpr double angle = 1e-3;
  double sum = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    sum -= 2 * energy(couplings, spins) / 3;
    for (const double sign : {1.0, -1.0}) {
      Spins turn = turned(spins, unit_axis(k), sign * angle);
      sum += (rigid ? energy(couplings, turn) : quench(couplings, std::move(turn), {}, nearby()).energy) / 3;
    }
  }
  return sum / (angle * angle);
}

}  // namespace vitrispin::atoms
