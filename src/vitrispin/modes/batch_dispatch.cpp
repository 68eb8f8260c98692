#include "vitrispin/modes/batch_dispatch.hpp"

#include <algorithm>
#include <string>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/modes/cubic_order.hpp"
#include "vitrispin/modes/cubic_robust.hpp"

namespace vitrispin::modes {

const char* to_string(InstructionSet set) {
  switch (set) {
    case InstructionSet::avx512: return "AVX-512";
    case InstructionSet::avx2: return "AVX2";
    case InstructionSet::sse2: return "SSE2";
  }
  return "";
}

std::vector<InstructionSet> instruction_sets() {
  std::vector<InstructionSet> sets;
  const bool fused = __builtin_cpu_supports("fma") != 0;
  if (fused && __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
      __builtin_cpu_supports("avx512vl") != 0)
    sets.push_back(InstructionSet::avx512);
  if (fused && __builtin_cpu_supports("avx2") != 0) sets.push_back(InstructionSet::avx2);
  sets.push_back(InstructionSet::sse2);
  return sets;
}

const BatchKernel& kernel(InstructionSet set) {
  static const std::vector<InstructionSet> present = instruction_sets();
  if (std::find(present.begin(), present.end(), set) == present.end())
    throw DomainError(std::string("this processor has no ") + to_string(set));
  switch (set) {
    case InstructionSet::avx512: return avx512_kernel();
    case InstructionSet::avx2: return avx2_kernel();
    case InstructionSet::sse2: break;
  }
  return sse2_kernel();
}

const BatchKernel& widest_kernel() {
  static const BatchKernel& widest = kernel(instruction_sets().front());
  return widest;
}

void solve_robustly(const physics::EnergyMatrix& matrix, double* real, double* imaginary) {
  auto omega = robust_frequencies(matrix);
  put_in_order(omega);
  for (std::size_t i = 0; i < 3; ++i) {
    real[i] = omega[i].real();
    imaginary[i] = omega[i].imag();
  }
}

}  // namespace vitrispin::modes
