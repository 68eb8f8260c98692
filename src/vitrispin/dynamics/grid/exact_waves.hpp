#pragma once

#include <array>
#include <vector>

#include "vitrispin/dynamics/fields.hpp"
#include "vitrispin/dynamics/grid/cosine_transform.hpp"
#include "vitrispin/dynamics/ledger.hpp"

namespace vitrispin::dynamics::grid {

/// A box of equal cells, x fastest; one cell for a direction that is not there.
struct WaveBox {
  std::array<std::size_t, 3> cells{1, 1, 1};
  std::array<double, 3> width{1, 1, 1};  ///< of a cell [m]
  std::array<bool, 3> periodic{};
};

/// One material in a closed or periodic box, linear about M_eq: each wave of the grid by itself and exactly, for any time, without
/// steps. In space the finite volumes of all other methods, whose waves are cosines.
/// Valid   H parallel to M0 (else InputError); deviations so small that their products count for nothing
class ExactWaves {
public:
  ExactWaves(const physics::Material<double>& material, const Vector3<double>& H, const WaveBox& box);

  /// Deviations from equilibrium at t = 0.
  void start(const Fields<double>& deviations);
  /// Those at `time`; what has been dissipated since 0 [J, J/m, J/m^2 in 3, 2, 1 dimensions].
  DissipatedPower state_at(double time, Fields<double>& deviations);

private:
  void transform(double* field, bool forward);
  DissipatedPower advance_plane(std::size_t k, double time, Fields<double>& to) const;

  physics::Material<double> material_;
  WaveBox box_;
  double rotation_ = 0;
  std::array<Vector3<double>, 3> frame_;  ///< two transverse directions and the axis
  std::vector<CosineTransform> transforms_;
  Fields<double> waves_;  ///< at t = 0
  Values<double> lines_, scratch_;
};

}  // namespace vitrispin::dynamics::grid
