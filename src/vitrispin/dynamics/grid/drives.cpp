#include "vitrispin/dynamics/grid/drives.hpp"

#include <algorithm>
#include <cmath>

namespace vitrispin::dynamics::grid {
using physics::Drive;
using physics::DriveTarget;

std::vector<std::uint16_t> DrivenForcing::boundaries_of(const Drive& drive) const {
  std::string name = drive.face;
  if (drive.target == DriveTarget::left_current || drive.target == DriveTarget::left_potential) name = "left";
  if (drive.target == DriveTarget::right_current || drive.target == DriveTarget::right_potential) name = "right";
  std::vector<std::uint16_t> found;
  const auto& names = grid_.problem().boundary_names;
  for (std::size_t b = 0; b < names.size(); ++b) {
    if (names[b] == name) found.push_back(static_cast<std::uint16_t>(b));
  }
  return found;
}

DrivenForcing::DrivenForcing(const Grid& grid) : grid_(grid) {
  const auto real = [](const physics::ComplexVector& v) {
    return Vector3<double>{v[0].real(), v[1].real(), v[2].real()};
  };
  for (const physics::Boundary& boundary : grid.problem().boundaries) {
    const bool takes = boundary.accumulation == physics::AccumulationBoundary::current;
    const bool contact = boundary.accumulation == physics::AccumulationBoundary::contact;
    base_.current.push_back(takes ? real(boundary.current) : Vector3<double>{});
    base_.potential.push_back(contact ? real(boundary.potential) : Vector3<double>{});
  }
  for (const Domain& domain : grid.domains()) base_.anisotropy.push_back(domain.material.anisotropy);
  for (const Drive& drive : grid.problem().drives) {
    std::vector<double> profile;
    std::vector<std::uint16_t> domains, boundaries;
    if (drive.target == DriveTarget::field) {
      for (std::size_t i = 0; i < grid.count(0); ++i)
        profile.push_back(drive.k == 0 ? 1.0 : std::cos(drive.k * grid.center(0, i)));
      base_.field[drive.component].assign(grid.count(0), 0.0);
    } else if (drive.target == DriveTarget::anisotropy) {
      for (std::size_t d = 0; d < grid.domains().size(); ++d) {
        if (grid.domains()[d].material_name == drive.material) domains.push_back(static_cast<std::uint16_t>(d));
      }
    } else {
      boundaries = boundaries_of(drive);
    }
    profiles_.push_back(std::move(profile));
    domains_.push_back(std::move(domains));
    boundaries_.push_back(std::move(boundaries));
  }
}

/// `value` times what drive number `index` acts on.
void DrivenForcing::add(const Drive& drive, std::size_t index, double value, Forcing& forcing) const {
  switch (drive.target) {
    case DriveTarget::field: {
      auto& field = forcing.field[drive.component];
      for (std::size_t i = 0; i < field.size(); ++i) field[i] += value * profiles_[index][i];
      break;
    }
    case DriveTarget::left_current:
    case DriveTarget::right_current:
    case DriveTarget::face_current:
      for (const std::uint16_t b : boundaries_[index]) forcing.current[b][drive.component] += value;
      break;
    case DriveTarget::left_potential:
    case DriveTarget::right_potential:
    case DriveTarget::face_potential:
      for (const std::uint16_t b : boundaries_[index]) forcing.potential[b][drive.component] += value;
      break;
    case DriveTarget::anisotropy:
      for (const std::uint16_t d : domains_[index]) forcing.anisotropy[d] += value;
      break;
  }
}

void DrivenForcing::at(double t, Forcing& forcing) const {
  forcing = base_;
  const auto& drives = grid_.problem().drives;
  for (std::size_t d = 0; d < drives.size(); ++d) add(drives[d], d, drives[d].wave.value(t), forcing);
}

void DrivenForcing::rate(double t, Forcing& forcing) const {
  forcing = base_;
  std::fill(forcing.anisotropy.begin(), forcing.anisotropy.end(), 0.0);
  const auto& drives = grid_.problem().drives;
  for (std::size_t d = 0; d < drives.size(); ++d) {
    if (drives[d].target == DriveTarget::field || drives[d].target == DriveTarget::anisotropy)
      add(drives[d], d, drives[d].wave.rate(t), forcing);
  }
}

std::vector<double> DrivenForcing::corners(double duration) const {
  std::vector<double> all;
  for (const Drive& drive : grid_.problem().drives) {
    for (const double t : drive.wave.corners()) {
      if (t > 0 && t < duration) all.push_back(t);
    }
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace vitrispin::dynamics::grid
