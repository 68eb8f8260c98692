#pragma once

#include <array>
#include <cstdint>

#include "vitrispin/core/constants.hpp"

/// Classical spins on the sites of a lattice: what an experiment on atoms is about. Plain data, shared by the reader
/// and atoms/.
namespace vitrispin::physics {

enum class LatticeKind { fcc, cubic, chain };
enum class CouplingKind { rkky, gaussian, plus_minus, ferromagnet, mattis };
enum class SpinAnisotropyKind { none, dzyaloshinsky_moriya, single_ion };

/// J_ij of the energy -sum over pairs J_ij S_i.S_j, S_i a unit vector times `spin`.
/// Equation  rkky  J(r) = A cos(2 k_F r + phase) exp(-r/mean_free_path)/r^3 up to the cutoff
///           the others: nearest neighbours, with J the strength (gaussian: the standard deviation)
struct SpinCoupling {
  CouplingKind kind = CouplingKind::rkky;
  double A = 0;               ///< [J m^3]
  double k_F = 0;             ///< [rad/m]
  double phase = 0;           ///< [rad]
  double mean_free_path = 0;  ///< [m]; 0: none
  double cutoff = 0;          ///< [m]
  double J = 0;               ///< [J]
};

/// Anisotropy of the spins.
/// Equation  dm          -sum over pairs D_ij.(S_i x S_j), D_ij = sum over third spins k of strength A sin(k_F P)
///                       (a.b)(a x b)/(a^3 b^3 c), a and b from k to i and j, c from j to i, P = a + b + c
///           single-ion  -sum over spins J (S_i.e_i)^2, e_i a random axis of each site
struct SpinAnisotropy {
  SpinAnisotropyKind kind = SpinAnisotropyKind::none;
  double strength = 0;  ///< dm: relative to A
  double cutoff = 0;    ///< dm: longest of a, b, c [m]
  double J = 0;         ///< single-ion [J]
};

struct SpinModel {
  LatticeKind lattice = LatticeKind::fcc;
  double constant = 0;  ///< of the conventional cell [m]
  std::array<int, 3> size{1, 1, 1};
  bool open = false;
  double concentration = 1;
  double spin = 1;
  double gamma = constants::electron_gyromagnetic_ratio;  ///< moment = gamma hbar spin
  SpinCoupling coupling;
  SpinAnisotropy anisotropy;
  std::uint32_t seed = 1;
};

}  // namespace vitrispin::physics
