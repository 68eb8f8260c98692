#pragma once

#include <cstddef>

/// Loops over whole arrays, compiled for every instruction set.
namespace vitrispin::dynamics {

/// sum = a + weight b.
void add_scaled(std::size_t n, const double* a, double weight, const double* b, double* sum);
/// sum += weight b.
void accumulate(std::size_t n, double weight, const double* b, double* sum);
/// sum += weight b + other c: one pass for two.
void accumulate(std::size_t n, double weight, const double* b, double other, const double* c, double* sum);
/// result = (a - b) scale.
void scaled_difference(std::size_t n, const double* a, const double* b, double scale, double* result);
/// state = 2 middle - state.
void reflect(std::size_t n, const double* middle, double* state);
/// max |a|; NaN if any is.
double largest(std::size_t n, const double* a);
double largest_difference(std::size_t n, const double* a, const double* b);

}  // namespace vitrispin::dynamics
