#pragma once

#include <cstdint>
#include <vector>

#include "vitrispin/atoms/lattice.hpp"

/// Couplings between the spins of a sample, as rows of a sparse matrix.
namespace vitrispin::atoms {

/// One direction of one bond, from spin i to an image of spin j.
struct Bond {
  std::uint32_t spin = 0;  ///< j
  double J = 0;            ///< times spin squared [J]
  Vector3<double> d;       ///< from i to j [m]
};

/// Rows of J, D and moments of J over the bonds to all images of a neighbour. Bonds of a spin with its own images do
/// not turn with it: they are a constant of the energy.
struct Couplings {
  std::vector<std::size_t> first;  ///< of row i; one more at the end
  std::vector<std::uint32_t> neighbour;
  std::vector<double> J;              ///< [J]
  std::vector<Vector3<double>> Jd;    ///< sum of J d [J m]
  std::vector<Vector3<double>> Jdd;   ///< sum of J d_a^2 [J m^2]
  std::vector<Vector3<double>> D;     ///< empty: none [J]
  std::vector<double> along;          ///< J (n.u_i)(n.u_j) of a twist about n; empty: none [J]
  Vector3<double> n;                  ///< its axis
  std::vector<Vector3<double>> axis;  ///< of single-ion anisotropy; empty: none
  double axial = 0;                   ///< its strength [J]
  std::vector<double> own_J;          ///< of each spin with its own images; empty: none [J]
  std::vector<Vector3<double>> own_Jdd;
  std::size_t isolated = 0;  ///< spins without any neighbour
  double truncated = 0;      ///< sqrt(sum J^2) of a spin beyond the cutoff over that within, RKKY, estimated

  std::size_t size() const { return first.size() - 1; }
  bool isotropic() const { return D.empty() && axis.empty(); }
};

/// A twist: spins turn by q about `axis` per length along x, y or z.
struct Twist {
  std::size_t direction = 0;
  std::size_t axis = 0;
  double q = 0;  ///< [rad/m]
};

/// Errors  DomainError if no spin has a neighbour, or if an open box has none that reaches
Couplings couple(const physics::SpinModel& model, const Sites& sites, std::uint32_t sample);

/// The same without anisotropy.
Couplings exchange_only(const Couplings& couplings);

/// Exchange alone, seen from axes that turn with the twist: its energy is that of the sample between twisted boundaries.
/// Equation  J u_i.R(q d) u_j = J [cos(q d) u_i.u_j - sin(q d) n.(u_i x u_j) + (1 - cos(q d)) (n.u_i)(n.u_j)]
Couplings twisted(const physics::SpinModel& model, const Sites& sites, std::uint32_t sample, const Twist& twist);

/// The clusters that bonds with J or D hold together: the number of each spin's cluster, from 0.
std::vector<std::size_t> clusters(const Couplings& couplings);

/// Each spin's bonds, to every image within `cutoff`, its own images included; of the geometry alone (J = 0).
std::vector<std::vector<Bond>> bonds_within(const Sites& sites, double cutoff);

}  // namespace vitrispin::atoms
