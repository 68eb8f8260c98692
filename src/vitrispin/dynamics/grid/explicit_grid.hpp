#pragma once

#include <memory>

#include "vitrispin/dynamics/explicit_adaptive.hpp"
#include "vitrispin/dynamics/grid/drives.hpp"
#include "vitrispin/dynamics/grid/equations.hpp"

namespace vitrispin::dynamics::grid {

/// The equations of a rank's slab, for explicit methods.
std::unique_ptr<RatesOfState> rates_of_grid(Equations& equations, const DrivenForcing& forcing);

}  // namespace vitrispin::dynamics::grid
