#pragma once

#include <complex>
#include <cstddef>
#include <string>
#include <vector>

#include "vitrispin/physics/stack.hpp"

/// Many harmonic solutions at once, one helicity: the inner loop of fits and maps over frequency and parameters.
namespace vitrispin::film {

/// One number per point, or the same for all.
struct Column {
  const double* values = nullptr;  ///< one per point; null: `uniform`
  double uniform = 0;
  double at(std::size_t point) const { return values != nullptr ? values[point] : uniform; }
};

/// Parameters of one layer over the batch, as physics::Material; M0 along the axis. Columns that the kind lacks are ignored.
struct LayerColumns {
  physics::MaterialKind kind = physics::MaterialKind::spin_glass;
  Column gamma, chi_M, chi_m, tau_ML, tau_mL, tau_Mm, D, rho_s, K, alpha, M0, thickness;
};

struct InterfaceColumns {
  Column conductance{nullptr, physics::perfect}, mixing;
};

/// A spin current enters at the left face, whose twist is free; at the right face is a contact with h_c = 0 (closed for
/// conductance = mixing = 0), and the twist is free there or clamped.
struct StackColumns {
  int sigma = 0;
  std::size_t points = 0;
  Column omega;  ///< [rad/s], not 0
  Column H;      ///< along the axis [A/m]
  std::vector<LayerColumns> layers;
  std::vector<InterfaceColumns> interfaces;
  Column right_conductance, right_mixing;
  bool right_clamped = false;
};

/// The columns of one stack at many frequencies; `omega` must outlive them. Throws std::invalid_argument if the stack's outer
/// faces are not of the kind above.
StackColumns columns_of(const physics::Stack& stack, int sigma, const std::vector<double>& omega);

/// Currents through the right face over the current in, per point.
struct Transmissions {
  std::vector<std::complex<double>> m;      ///< j_x
  std::vector<std::complex<double>> theta;  ///< gamma rho_s d_x theta
  std::size_t solved_singly =
      0;  ///< points near an exceptional point, a resonance or with D = 0, rho_s = 0: by solve_helicity
};

/// Equation  as solve_helicity
/// Valid     omega != 0; materials as built by physics::make_material. Agrees with solve_helicity to 1e-12 relative
///           where the phases |kappa d| sum to less than 30, beyond that as the parameters' own roundings allow (docs/film.md)
/// Errors    none checked here: the materials were validated when they were built
void solve_batch(const StackColumns& stack, Transmissions& result);

/// `AVX-512`, `AVX2` or `SSE2`: what solve_batch runs on here.
std::string batch_instruction_set();

/// The same on a given instruction set, for tests; false if this processor lacks it.
bool solve_batch_on(const std::string& instruction_set, const StackColumns& stack, Transmissions& result);

}  // namespace vitrispin::film
