#pragma once

#include <cstddef>

#include "vitrispin/film/helicity_solution.hpp"

namespace vitrispin::film {

/// The fields at a point, amplitudes of one helicity.
struct PointFields {
  Complex M, m;              ///< changes from equilibrium [A/m]
  Complex delta_M, delta_m;  ///< -chi_M H*, -chi_m h* [A/m]
  Complex torque;            ///< Gamma' [J/m^3]: gamma Gamma' = exchange (p - phi) - twist_relaxation chi
};

/// The fields at a node of a layer.
/// Equation  m = m_from_gap (p - phi) + m_from_p p and M = -m_from_gap (p - phi) + M_from_p p + dM_from_chi chi
///           (LayerEquation): the factor 1/(1-xi) of (dm - xi dM)/(1-xi) is divided out
/// Valid     any xi < 1. Where exchange nearly closes the gap p - phi, as it does for xi -> 1 at omega != 0, the gap is had from the
///           currents at the layer's two faces and the two modes instead: each is formed in all known ways, and the one whose
///           terms are smallest is taken
PointFields point_fields(const LayerSolution& layer, std::size_t node);

}  // namespace vitrispin::film
