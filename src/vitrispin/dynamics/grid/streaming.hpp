#pragma once

#include <cstddef>

/// Stores that go past the caches, for arrays that are written once and read much later.
namespace vitrispin::dynamics::grid {

/// Copies `n` values. Before another thread reads them, `finish_streaming`.
void stream(std::size_t n, const double* from, double* to);
void finish_streaming();
/// Whether arrays of so many values in all are worth it: they would not stay in the caches anyway.
bool worth_streaming(std::size_t values);

}  // namespace vitrispin::dynamics::grid
