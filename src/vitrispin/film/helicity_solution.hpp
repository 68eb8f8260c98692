#pragma once

#include <span>
#include <vector>

#include "vitrispin/film/face_junction.hpp"
#include "vitrispin/film/field_axis.hpp"
#include "vitrispin/film/texture_groups.hpp"

namespace vitrispin::film {

/// One helicity component of everything at a face, on one side of it.
struct FaceState {
  Complex p;      ///< -h* [A/m]
  Complex chi;    ///< -theta [rad], or -w [rad/s] in a rotating group
  Complex theta;  ///< [rad]; in a rotating group the profile, of zero mean over the group
  Complex j;      ///< diffusive current j_x [A/s]
  Complex twist;  ///< reactive current gamma rho_s d_x theta [A/s]
};

struct LayerSolution {
  LayerEquation equation;
  LayerRoots roots;
  double thickness = 0;              ///< [m]
  double piece = 0;                  ///< [m]; a whole number of pieces lies between two nodes, one at dc
  LayerAdmittance admittance;        ///< of one piece
  std::vector<FaceState> nodes;      ///< equally spaced, from the left face to the right face
  Complex p_integral, chi_integral;  ///< over the layer [A], [m] times the unit of chi
};

struct HelicitySolution {
  int sigma = 0;
  bool driven = false;  ///< false: no drive has this helicity, and all is zero
  std::vector<LayerSolution> layers;
};

/// What the three helicities share.
struct FilmProblem {
  const physics::Stack& stack;
  const FieldAxis& axis;
  const std::vector<TextureGroup>& groups;
  double omega = 0;  ///< [rad/s]
};

/// The exact solution for one helicity at the nodes that cut layer i into `steps[i]` equal steps.
/// Equation  docs/theory.md, section 5; per layer LayerEquation, between them Junction, outside boundary_load
/// Valid     any number of layers; any thickness: currents keep their relative accuracy however small they are
/// Errors    InputError where no steady state exists, or a boundary asks for what its layer cannot take
HelicitySolution solve_helicity(const FilmProblem& problem, int sigma, std::span<const int> steps);

}  // namespace vitrispin::film
