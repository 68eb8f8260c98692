#pragma once

#include <cstdint>
#include <vector>

#include "vitrispin/atoms/energy.hpp"

/// Zero modes that are understood: turning a cluster of spins that nothing holds.
namespace vitrispin::atoms {

/// An orthonormal basis of the turns that cost no energy: of each cluster without anisotropy 3, 2 if its spins lie along
/// one line, or 2 of a spin alone.
class FreeTurns {
public:
  /// `also_held`: also turns of whole clusters that anisotropy holds, which cost energy.
  FreeTurns(const Couplings& couplings, const Spins& spins, bool also_held = false);

  std::size_t count() const { return count_; }
  std::size_t cluster_count() const { return cluster_count_; }
  /// v without its part along them.
  void take_out(Spins& v) const;

private:
  struct Cluster {
    std::vector<std::uint32_t> members;
    std::vector<Spins> turns;  ///< of the members
  };
  std::vector<Cluster> clusters_;
  std::size_t count_ = 0, cluster_count_ = 0;
};

/// 2 if the spins lie along one line, to the square root of the torque left: turning about it does nothing. Else 3.
std::size_t turning_axes(const Spins& spins);

}  // namespace vitrispin::atoms
