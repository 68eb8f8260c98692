#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <vector>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/film/batch.hpp"

namespace vitrispin::film {

/// beta = mixing_factor g_mix [J s].
inline constexpr double mixing_factor = constants::reduced_planck / (4.0 * constants::pi);

/// What a batch kernel reads and writes: the structure of the stack is common to all points.
struct BatchJob {
  static constexpr std::size_t most_layers = 16;  ///< longer stacks are solved one by one

  struct Mixing {
    bool present = false;
    Column column;
  };
  struct Joint {
    bool transparent = true;
    Column conductance;
    Mixing mixing;
  };

  std::size_t count = 0;  ///< layers
  int sigma = 0;
  bool one_stack = false;  ///< only omega varies
  Column omega, H;
  std::array<LayerColumns, most_layers> layers;
  std::array<Joint, most_layers> joints;
  bool right_perfect = false, right_clamped = false;
  Column right_conductance;
  Mixing right_mixing;
  std::complex<double>* m = nullptr;
  std::complex<double>* theta = nullptr;
};

/// The kernel of one instruction set; calling it where the processor lacks the instructions is undefined.
struct BatchKernel {
  const char* name;
  void (*solve)(const BatchJob& job, std::size_t begin, std::size_t end, std::vector<std::size_t>& doubtful);
};
const BatchKernel& avx512_kernel();
const BatchKernel& avx2_kernel();
const BatchKernel& sse2_kernel();

}  // namespace vitrispin::film
