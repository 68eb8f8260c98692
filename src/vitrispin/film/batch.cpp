#include "vitrispin/film/batch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "vitrispin/film/batch_job.hpp"
#include "vitrispin/film/helicity_solution.hpp"

namespace vitrispin::film {
namespace {

using physics::MaterialKind;

Column same(double value) {
  return {nullptr, value};
}

bool varies(const LayerColumns& layer) {
  const std::array columns{&layer.gamma, &layer.chi_M, &layer.chi_m, &layer.tau_ML, &layer.tau_mL, &layer.tau_Mm,
                           &layer.D,     &layer.rho_s, &layer.K,     &layer.alpha,  &layer.M0,     &layer.thickness};
  return std::any_of(columns.begin(), columns.end(), [](const Column* column) { return column->values != nullptr; });
}

bool all_finite(const Column& column, std::size_t points) {
  const std::size_t count = column.values != nullptr ? points : 1;
  for (std::size_t i = 0; i < count; ++i) {
    if (!std::isfinite(column.at(i))) return false;
  }
  return true;
}

BatchJob::Mixing mixing_of(const Column& column) {
  return {column.values != nullptr || column.uniform != 0, column};
}

/// Points whose stack the kernels do not cover at all; every other doubt is a lane's own.
bool covered(const StackColumns& stack) {
  if (stack.layers.empty() || stack.layers.size() > BatchJob::most_layers) return false;
  for (const LayerColumns& layer : stack.layers) {
    if (layer.kind == MaterialKind::ferromagnet) return false;
  }
  for (const InterfaceColumns& interface : stack.interfaces) {
    const bool transparent = interface.conductance.values == nullptr && std::isinf(interface.conductance.uniform);
    if (!transparent && !all_finite(interface.conductance, stack.points)) return false;
  }
  return stack.right_conductance.values == nullptr || all_finite(stack.right_conductance, stack.points);
}

BatchJob job_of(const StackColumns& stack, Transmissions& result) {
  BatchJob job;
  job.count = stack.layers.size();
  job.sigma = stack.sigma;
  job.omega = stack.omega;
  job.H = stack.H;
  job.one_stack = stack.H.values == nullptr;
  for (std::size_t i = 0; i < job.count; ++i) {
    job.layers[i] = stack.layers[i];
    if (varies(stack.layers[i])) job.one_stack = false;
    if (i + 1 == job.count) break;
    const InterfaceColumns& interface = stack.interfaces[i];
    job.joints[i] = {interface.conductance.values == nullptr && std::isinf(interface.conductance.uniform),
                     interface.conductance, mixing_of(interface.mixing)};
  }
  job.right_perfect = stack.right_conductance.values == nullptr && std::isinf(stack.right_conductance.uniform);
  job.right_clamped = stack.right_clamped;
  job.right_conductance = stack.right_conductance;
  job.right_mixing = mixing_of(stack.right_mixing);
  job.m = result.m.data();
  job.theta = result.theta.data();
  return job;
}

physics::Stack stack_at(const StackColumns& columns, std::size_t point) {
  physics::Stack stack;
  for (const LayerColumns& layer : columns.layers) {
    physics::Layer made;
    physics::Material<double>& material = made.material;
    material.kind = layer.kind;
    material.gyromagnetic_ratio = layer.gamma.at(point);
    material.accumulation_susceptibility = layer.chi_m.at(point);
    material.accumulation_lattice_relaxation_time = layer.tau_mL.at(point);
    material.diffusivity = layer.D.at(point);
    material.equilibrium_susceptibility = layer.chi_M.at(point);
    material.lattice_relaxation_time = layer.tau_ML.at(point);
    material.cross_relaxation_time = layer.tau_Mm.at(point);
    material.spin_stiffness = layer.rho_s.at(point);
    material.anisotropy = layer.K.at(point);
    material.damping = layer.alpha.at(point);
    material.remanence = {0, 0, layer.M0.at(point)};
    made.thickness = layer.thickness.at(point);
    stack.layers.push_back(std::move(made));
  }
  for (const InterfaceColumns& interface : columns.interfaces) {
    stack.interfaces.push_back({interface.conductance.at(point), interface.mixing.at(point)});
  }
  stack.H = {0, 0, columns.H.at(point)};
  stack.left.accumulation = physics::AccumulationBoundary::current;
  stack.left.current = {1, 0, columns.sigma == 0 ? 1.0 : 0.0};
  stack.right.accumulation = physics::AccumulationBoundary::contact;
  stack.right.conductance = columns.right_conductance.at(point);
  stack.right.mixing = columns.right_mixing.at(point);
  if (columns.right_clamped) stack.right.twist = physics::TwistBoundary::clamped;
  return stack;
}

void solve_singly(const StackColumns& columns, std::size_t point, Transmissions& result) {
  const physics::Stack stack = stack_at(columns, point);
  const FieldAxis z;
  const auto groups = texture_groups(stack);
  const std::vector<int> steps(stack.layers.size(), 1);
  const HelicitySolution solution = solve_helicity({stack, z, groups, columns.omega.at(point)}, columns.sigma, steps);
  const FaceState& face = solution.layers.back().nodes.back();
  result.m[point] = face.j;
  result.theta[point] = face.twist;
}

void solve_with(const BatchKernel& kernel, const StackColumns& stack, Transmissions& result) {
  result.m.resize(stack.points);
  result.theta.resize(stack.points);
  std::vector<std::size_t> doubtful;
  if (covered(stack)) {
    kernel.solve(job_of(stack, result), 0, stack.points, doubtful);
  } else {
    for (std::size_t i = 0; i < stack.points; ++i) doubtful.push_back(i);
  }
  for (const std::size_t point : doubtful) solve_singly(stack, point, result);
  result.solved_singly = doubtful.size();
}

const BatchKernel& best_kernel() {
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    return avx512_kernel();
  }
  return __builtin_cpu_supports("avx2") ? avx2_kernel() : sse2_kernel();
}

}  // namespace

StackColumns columns_of(const physics::Stack& stack, int sigma, const std::vector<double>& omega) {
  const bool plain_left = stack.left.accumulation == physics::AccumulationBoundary::current &&
                          stack.left.twist == physics::TwistBoundary::free;
  const bool plain_right = stack.right.accumulation != physics::AccumulationBoundary::current &&
                           stack.right.twist != physics::TwistBoundary::torque &&
                           stack.right.potential == physics::ComplexVector{};
  if (!plain_left || !plain_right) {
    throw std::invalid_argument("a batch needs a current at the left face and a passive right face");
  }
  StackColumns columns;
  columns.sigma = sigma;
  columns.points = omega.size();
  columns.omega = {omega.data(), 0};
  const FieldAxis axis = field_axis(stack);
  columns.H = same(axis.along(stack.H));
  for (const physics::Layer& layer : stack.layers) {
    const auto& m = layer.material;
    columns.layers.push_back({m.kind, same(m.gyromagnetic_ratio), same(m.equilibrium_susceptibility),
                              same(m.accumulation_susceptibility), same(m.lattice_relaxation_time),
                              same(m.accumulation_lattice_relaxation_time), same(m.cross_relaxation_time),
                              same(m.diffusivity), same(m.spin_stiffness), same(m.anisotropy), same(m.damping),
                              same(axis.along(m.remanence)), same(layer.thickness)});
  }
  for (const physics::Interface& interface : stack.interfaces) {
    columns.interfaces.push_back({same(interface.conductance), same(interface.mixing)});
  }
  if (stack.right.accumulation == physics::AccumulationBoundary::contact) {
    columns.right_conductance = same(stack.right.conductance);
    columns.right_mixing = same(stack.right.mixing);
  }
  columns.right_clamped = stack.right.twist == physics::TwistBoundary::clamped;
  return columns;
}

void solve_batch(const StackColumns& stack, Transmissions& result) {
  solve_with(best_kernel(), stack, result);
}

std::string batch_instruction_set() {
  return best_kernel().name;
}

bool solve_batch_on(const std::string& instruction_set, const StackColumns& stack, Transmissions& result) {
  const bool has_avx512 =
      __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  if (instruction_set == "AVX-512" && has_avx512) {
    solve_with(avx512_kernel(), stack, result);
  } else if (instruction_set == "AVX2" && __builtin_cpu_supports("avx2")) {
    solve_with(avx2_kernel(), stack, result);
  } else if (instruction_set == "SSE2") {
    solve_with(sse2_kernel(), stack, result);
  } else {
    return false;
  }
  return true;
}

}  // namespace vitrispin::film
