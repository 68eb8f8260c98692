#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "vitrispin/physics/material.hpp"

/// Frequencies of many materials, or of one at many wavenumbers: the inner loop of fits and maps.
namespace vitrispin::modes {

/// Spin glasses as columns of equal length, in the units of physics::Material.
struct MaterialColumns {
  std::span<const double> gamma, chi_M, chi_m, tau_ML, tau_mL, tau_Mm, D, rho_s, K, alpha;
};

/// Three omega [rad/s] per element as columns.
struct FrequencyColumns {
  std::array<std::span<double>, 3> real, imaginary;
};

/// Instruction sets that a batch can run on, widest first.
enum class InstructionSet { avx512, avx2, sse2 };
/// `AVX-512`, `AVX2`, `SSE2`.
const char* to_string(InstructionSet set);
/// Those that this processor has, widest first.
std::vector<InstructionSet> instruction_sets();

/// How a batch is run. Neither choice changes a bit of the result.
struct BatchRun {
  int threads = 1;
  InstructionSet instruction_set = instruction_sets().front();
};

/// The three frequencies of every material at its wavenumber, without precession.
/// Equation  det(G - s) = 0, omega = i s   Eqs. (51), (52)
/// Shapes    every column has the length of k
/// Units     k [rad/m]; omega [rad/s]
/// Valid     built spin glasses; order, accuracy and bits are those of `frequencies`, whatever the position in the batch
/// Errors    DomainError if the columns' lengths differ
/// Source    Sun & Saslow 2023; docs/solvers-modes.md
void batch_frequencies(const MaterialColumns& materials, std::span<const double> k, const FrequencyColumns& omega,
                       const BatchRun& run = {});

/// The same for helicity sigma = -1, 0, 1 about an equilibrium magnetization with precession rates Omega [rad/s].
void batch_frequencies(const MaterialColumns& materials, std::span<const double> k, int sigma,
                       std::span<const double> Omega, const FrequencyColumns& omega, const BatchRun& run = {});

/// A dispersion relation: one spin glass at many wavenumbers.
void batch_frequencies(const physics::Material<double>& material, std::span<const double> k, int sigma, double Omega,
                       const FrequencyColumns& omega, const BatchRun& run = {});

}  // namespace vitrispin::modes
