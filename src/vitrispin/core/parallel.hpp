#pragma once

#include <cstddef>
#include <functional>

namespace vitrispin {

/// Number of threads the program uses: VITRISPIN_THREADS if set to a positive number, else the cores this process may use.
int thread_count();

/// Calls `work(begin, end)` for consecutive blocks of `block` indices that cover [0, count), on `threads` threads.
/// Which indices make up a block depends on `block` alone, so results do not depend on the number of threads.
/// The first exception by block order is rethrown here after all threads have stopped.
void parallel_blocks(std::size_t count, std::size_t block, int threads,
                     const std::function<void(std::size_t begin, std::size_t end)>& work);

}  // namespace vitrispin
