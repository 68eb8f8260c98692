#include "vitrispin/modes/batch.hpp"

#include <algorithm>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/core/parallel.hpp"
#include "vitrispin/modes/batch_dispatch.hpp"

namespace vitrispin::modes {
namespace {

constexpr std::size_t block = 4096;  // elements a thread takes at once: a multiple of every register's width

void require_length(std::size_t length, std::size_t expected, const char* column) {
  if (length == expected) return;
  throw DomainError(std::string("batch_frequencies: column ") + column + " has " + std::to_string(length) +
                    " elements, k has " + std::to_string(expected) + "; all columns must have the length of k");
}

void set_output(BatchJob& job, const FrequencyColumns& omega, std::size_t count) {
  for (std::size_t i = 0; i < 3; ++i) {
    require_length(omega.real[i].size(), count, "real");
    require_length(omega.imaginary[i].size(), count, "imaginary");
    job.real[i] = omega.real[i].data();
    job.imaginary[i] = omega.imaginary[i].data();
  }
}

void set_materials(BatchJob& job, const MaterialColumns& materials, std::size_t count) {
  const auto& [gamma, chi_M, chi_m, tau_ML, tau_mL, tau_Mm, D, rho_s, K, alpha] = materials;
  const std::array columns{gamma, chi_M, chi_m, tau_ML, tau_mL, tau_Mm, D, rho_s, K, alpha};
  constexpr std::array names{"gamma", "chi_M", "chi_m", "tau_ML", "tau_mL", "tau_Mm", "D", "rho_s", "K", "alpha"};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    require_length(columns[i].size(), count, names[i]);
    job.material[i] = columns[i].data();
  }
}

void execute(const BatchJob& job, std::size_t count, const BatchRun& run) {
  const auto solve = kernel(run.instruction_set).solve;
  parallel_blocks(count, block, run.threads,
                  [&job, solve](std::size_t begin, std::size_t end) { solve(job, begin, end); });
}

}  // namespace

void batch_frequencies(const MaterialColumns& materials, std::span<const double> k, const FrequencyColumns& omega,
                       const BatchRun& run) {
  BatchJob job;
  set_materials(job, materials, k.size());
  set_output(job, omega, k.size());
  job.k = k.data();
  execute(job, k.size(), run);
}

void batch_frequencies(const MaterialColumns& materials, std::span<const double> k, int sigma,
                       std::span<const double> Omega, const FrequencyColumns& omega, const BatchRun& run) {
  require_length(Omega.size(), k.size(), "Omega");
  BatchJob job;
  set_materials(job, materials, k.size());
  set_output(job, omega, k.size());
  job.k = k.data();
  job.sigma = sigma;
  if (sigma != 0) job.Omega = Omega.data();
  execute(job, k.size(), run);
}

void batch_frequencies(const physics::Material<double>& material, std::span<const double> k, int sigma, double Omega,
                       const FrequencyColumns& omega, const BatchRun& run) {
  BatchJob job;
  job.material = {&material.gyromagnetic_ratio,
                  &material.equilibrium_susceptibility,
                  &material.accumulation_susceptibility,
                  &material.lattice_relaxation_time,
                  &material.accumulation_lattice_relaxation_time,
                  &material.cross_relaxation_time,
                  &material.diffusivity,
                  &material.spin_stiffness,
                  &material.anisotropy,
                  &material.damping};
  job.one_material = true;
  job.k = k.data();
  job.sigma = sigma;
  if (sigma != 0 && Omega != 0.0) job.Omega = &Omega;
  set_output(job, omega, k.size());
  execute(job, k.size(), run);
}

}  // namespace vitrispin::modes
