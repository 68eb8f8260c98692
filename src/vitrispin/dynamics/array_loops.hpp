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
/// A term of a linear combination.
struct Term {
  double weight;
  const double* values;
};
/// sum = a + the terms: one pass, by pieces that stay in the first cache.
void linear_combination(std::size_t n, const double* a, std::size_t terms, const Term* term, double* sum);
/// sum = a + weight b + other c, and result = a - b: for guesses, of which half the digits are kept.
void add_scaled(std::size_t n, const double* a, double weight, const float* b, double other, const float* c,
                double* sum);
void difference(std::size_t n, const double* a, const double* b, float* result);
/// result = (a - b) scale + c.
void scaled_difference(std::size_t n, const double* a, const double* b, double scale, const double* c, double* result);
/// state = 2 middle - state.
void reflect(std::size_t n, const double* middle, double* state);
/// max |a|; NaN if any is.
double largest(std::size_t n, const double* a);
double largest_difference(std::size_t n, const double* a, const double* b);

}  // namespace vitrispin::dynamics
