#pragma once

#include <array>
#include <functional>
#include <vector>

#include "vitrispin/dynamics/cosine_transform.hpp"
#include "vitrispin/dynamics/fields.hpp"
#include "vitrispin/dynamics/wave_propagator.hpp"

namespace vitrispin::dynamics {

/// A box of equal cells, x fastest; one cell for a direction that is not there.
struct WaveBox {
  std::array<std::size_t, 3> cells{1, 1, 1};
  std::array<double, 3> width{1, 1, 1};  ///< of a cell [m]
  std::array<bool, 3> periodic{};
  double cell_volume() const { return width[0] * width[1] * width[2]; }
};

/// One material in a closed or periodic box, linear about M_eq: each wave of the grid by itself and exactly, for any time, without
/// steps. In space the finite volumes of all other methods, whose waves are cosines. About M_eq the field counts by M_eq alone, so that
/// H and M0 may point in different directions.
/// Valid   a spin glass, metal or paramagnet; deviations so small that their products count for nothing (a metal has no such products)
class ExactWaves {
public:
  ExactWaves(const physics::Material<double>& material, const Vector3<double>& H, const WaveBox& box);

  /// Deviations from equilibrium at t = 0.
  void start(const Fields<double>& deviations);
  /// Those at `time`; what has been dissipated since 0 [J, J/m, J/m^2 in 3, 2, 1 dimensions].
  DissipatedPower state_at(double time, Fields<double>& deviations);
  /// The same deviations, at a fraction of the cost.
  void deviations_at(double time, Fields<double>& deviations);

private:
  /// `propagate(k_squared, sigma, share, amplitude)`: one helicity of one wave, whose square sums up to `share` over the box [m^3].
  using Propagate = std::function<WaveAmplitude(double, int, double, const WaveAmplitude&)>;
  void transform(double* field, bool forward);
  void propagate_all(const Propagate& propagate, Fields<double>& to);
  void propagate_one(std::size_t at, double k_squared, double share, const Propagate& propagate,
                     Fields<double>& to) const;

  physics::Material<double> material_;
  WaveBox box_;
  double rotation_ = 0;
  std::array<Vector3<double>, 3> frame_;  ///< two transverse directions and the axis
  std::vector<CosineTransform> transforms_;
  Fields<double> waves_;  ///< at t = 0
  Values<double> lines_, scratch_;
};

}  // namespace vitrispin::dynamics
