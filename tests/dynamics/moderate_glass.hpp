#pragma once

#include "vitrispin/physics/material_build.hpp"

namespace vitrispin::test {

/// A glass that nothing is stiff in: its times are of the order of 0.1 ns, its lengths of some ten nanometres.
inline physics::MaterialSpecification moderate_glass() {
  physics::MaterialSpecification given;
  given.chi_M = 0.02;
  given.xi = 0.3;
  given.tau_ML = 2e-10;
  given.tau_mL = 1e-10;
  given.tau_Mm = 3e-10;
  given.D = 1e-6;
  given.rho_s = 2e-15;
  given.K = 0.5;
  given.alpha = 2e-7;
  return given;
}

}  // namespace vitrispin::test
