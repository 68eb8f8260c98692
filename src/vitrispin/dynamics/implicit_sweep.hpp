#pragma once

#include <cstddef>

namespace vitrispin::dynamics {

#if defined(__GNUC__)
/// The sweep of ImplicitSolver<double> over interleaved nodes, p and theta of four lanes each: three components and nothing. Both
/// ends in one loop, which meet at `middle`; `links` holds eight coefficients a node.
void sweep_nodes(std::size_t n, std::size_t middle, const double* links, double* unknowns);
#endif

}  // namespace vitrispin::dynamics
