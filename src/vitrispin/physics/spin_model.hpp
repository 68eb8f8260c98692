#pragma once

#include <array>
#include <cmath>
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

/// The words of an input file. [1]
constexpr const char* to_string(LatticeKind kind) {
  return kind == LatticeKind::fcc ? "fcc" : kind == LatticeKind::cubic ? "cubic" : "chain";
}

/// The words of an input file. [1]
constexpr const char* to_string(CouplingKind kind) {
  switch (kind) {
    case CouplingKind::rkky: return "rkky";
    case CouplingKind::gaussian: return "gaussian";
    case CouplingKind::plus_minus: return "plus-minus";
    case CouplingKind::ferromagnet: return "ferromagnet";
    case CouplingKind::mattis: return "mattis";
  }
  return "";
}

/// Sites of the lattice, some of which carry spins. Units  [1]
inline double site_count(const SpinModel& model) {
  double sites = model.lattice == LatticeKind::fcc ? 4 : 1;
  for (const int cells : model.size) sites *= cells;
  return sites;
}

/// Spins: the concentration times the sites, to the nearest whole number. Units  [1]
inline double spin_count(const SpinModel& model) {
  return std::round(model.concentration * site_count(model));
}

/// Volume of the box; a chain counts constant^2 across. Units  [m^3]
inline double volume(const SpinModel& model) {
  double cells = 1;
  for (const int n : model.size) cells *= n;
  return cells * model.constant * model.constant * model.constant;
}

/// Distance within which there are 60 other spins on average, at most the coupling's cutoff: how far the third spins of
/// an anisotropy reach, unless it is said. Their sum falls as 1/distance^4. Units  [m]
inline double usual_anisotropy_cutoff(const SpinModel& model) {
  const double sphere = 60 * volume(model) / spin_count(model);
  return std::fmin(model.coupling.cutoff, std::cbrt(3 * sphere / (4 * constants::pi)));
}

}  // namespace vitrispin::physics
