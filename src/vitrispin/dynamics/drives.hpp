#pragma once

#include <string>
#include <vector>

#include "vitrispin/dynamics/forcing.hpp"
#include "vitrispin/physics/drive.hpp"

namespace vitrispin::dynamics {

/// The forcing of a line by its own boundaries and all drives.
class DrivenForcing {
public:
  DrivenForcing(const Line& line, std::vector<physics::Drive> drives,
                const std::vector<std::string>& material_of_layer);

  bool constant() const { return drives_.empty(); }
  bool changes_anisotropy() const;
  void at(double t, Forcing& forcing) const;
  /// d/dt of the field and of K (in `forcing.field`, `forcing.anisotropy`); the rest is not filled in.
  void rate(double t, Forcing& forcing) const;
  /// Corners of all waveforms inside (0, duration), ascending.
  std::vector<double> corners(double duration) const;

private:
  const Line& line_;
  Forcing base_;
  std::vector<physics::Drive> drives_;
  std::vector<std::vector<double>> profiles_;     ///< cos(k x) per node, of field drives
  std::vector<std::vector<std::size_t>> layers_;  ///< of anisotropy drives
};

}  // namespace vitrispin::dynamics
