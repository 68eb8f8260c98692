#include "vitrispin/dynamics/drives.hpp"

#include <algorithm>
#include <cmath>

namespace vitrispin::dynamics {
using physics::Drive;
using physics::DriveTarget;

DrivenForcing::DrivenForcing(const Line& line, std::vector<Drive> drives,
                             const std::vector<std::string>& material_of_layer)
    : line_(line), base_(constant_forcing(line)), drives_(std::move(drives)) {
  for (const Drive& drive : drives_) {
    std::vector<double> profile;
    std::vector<std::size_t> layers;
    if (drive.target == DriveTarget::field) {
      for (const double x : line.positions()) profile.push_back(drive.k == 0 ? 1.0 : std::cos(drive.k * x));
      base_.field[drive.component].assign(line.nodes(), 0.0);
    }
    if (drive.target == DriveTarget::anisotropy) {
      for (std::size_t s = 0; s < line.segments().size(); ++s) {
        if (material_of_layer[line.segments()[s].layer] == drive.material) layers.push_back(s);
      }
    }
    profiles_.push_back(std::move(profile));
    layers_.push_back(std::move(layers));
  }
}

bool DrivenForcing::changes_anisotropy() const {
  return std::any_of(drives_.begin(), drives_.end(),
                     [](const Drive& drive) { return drive.target == DriveTarget::anisotropy; });
}

void DrivenForcing::at(double t, Forcing& forcing) const {
  forcing = base_;
  for (std::size_t d = 0; d < drives_.size(); ++d) {
    const Drive& drive = drives_[d];
    const double value = drive.wave.value(t);
    switch (drive.target) {
      case DriveTarget::field: {
        auto& field = forcing.field[drive.component];
        for (std::size_t i = 0; i < field.size(); ++i) field[i] += value * profiles_[d][i];
        break;
      }
      case DriveTarget::left_current: forcing.left_current[drive.component] += value; break;
      case DriveTarget::right_current: forcing.right_current[drive.component] += value; break;
      case DriveTarget::left_potential: forcing.left_potential[drive.component] += value; break;
      case DriveTarget::right_potential: forcing.right_potential[drive.component] += value; break;
      case DriveTarget::anisotropy:
        for (const std::size_t i : layers_[d]) forcing.anisotropy[i] += value;
        break;
      case DriveTarget::face_current:
      case DriveTarget::face_potential: break;  // a line has no such faces
    }
  }
}

void DrivenForcing::rate(double t, Forcing& forcing) const {
  forcing.anisotropy.assign(line_.segments().size(), 0.0);
  for (std::size_t k = 0; k < 3; ++k) forcing.field[k].assign(base_.field[k].size(), 0.0);
  for (std::size_t d = 0; d < drives_.size(); ++d) {
    const Drive& drive = drives_[d];
    const double rate = drive.wave.rate(t);
    if (drive.target == DriveTarget::field) {
      auto& field = forcing.field[drive.component];
      for (std::size_t i = 0; i < field.size(); ++i) field[i] += rate * profiles_[d][i];
    }
    if (drive.target == DriveTarget::anisotropy) {
      for (const std::size_t i : layers_[d]) forcing.anisotropy[i] += rate;
    }
  }
}

std::vector<double> DrivenForcing::corners(double duration) const {
  std::vector<double> all;
  for (const Drive& drive : drives_) {
    for (const double t : drive.wave.corners()) {
      if (t > 0 && t < duration) all.push_back(t);
    }
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace vitrispin::dynamics
