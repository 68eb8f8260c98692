#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "vitrispin/atoms/harmonic.hpp"
#include "vitrispin/atoms/lattice.hpp"
#include "vitrispin/atoms/structure_factor.hpp"

/// Samples of a spin glass with their minima: what an experiment of kind "atoms" computes.
namespace vitrispin::atoms {

struct StudySettings {
  std::uint32_t samples = 1;
  std::uint32_t minima = 1;
  bool spectrum = true;  ///< all harmonic modes, by dense algebra
  int threads = 1;
};

/// One metastable state and what follows from it, SI.
struct Minimum {
  Spins spins;
  double energy = 0;  ///< per spin [J]
  double residual_torque = 0;
  int steps = 0;
  std::size_t free_turns = 0;           ///< zero modes that turns of clusters explain
  std::vector<double> internal_fields;  ///< of each spin [T]
  Harmonic harmonic;                    ///< empty without a spectrum; frequencies in [rad/s]
  double chi_M = 0, rho_s = 0, K = 0;   ///< [1], [J/m], [J/m^3]
  double bare_rho_s = 0, rigid_K = 0;   ///< the spins only turned, not relaxed
};

/// Constants at a sample's first minimum; the stiffness of twists along x alone.
struct Constants {
  double chi_M = 0, rho_s = 0, K = 0;
};

struct Sample {
  Sites sites;
  std::size_t bonds = 0, clusters = 0, isolated = 0;
  std::vector<Minimum> minima;
  std::vector<double> overlaps;  ///< between pairs of minima: over all turns and inversions the largest mean u.u'
  Constants linear, finite;      ///< by linear response, and by relaxation in a small field, twist and rotation
  std::vector<Lines> waves;      ///< of the first minimum without anisotropy, in a periodic box; frequencies in [rad/s]
  double cutoff_field = 0;       ///< change of the local fields by couplings out to twice the volume, root mean square
  double cutoff_energy = 0;      ///< of the energy, relative; both at the first minimum, of RKKY couplings
};

struct Study {
  std::vector<Sample> samples;
  std::vector<std::array<std::uint32_t, 2>> bonds;  ///< of the first sample, each once
  std::vector<double> couplings;                    ///< of them, times spin squared [J]
};

/// `step` is called after each piece of work with the number done and their total, one at a time, from any thread; what
/// it throws ends the work. Results do not depend on the number of threads.
/// Errors  DomainError for too few spins or none coupled; ConvergenceError, with the sample and the start
Study study(const physics::SpinModel& model, const StudySettings& settings,
            const std::function<void(std::size_t, std::size_t)>& step);

}  // namespace vitrispin::atoms
