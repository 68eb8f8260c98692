#include "vitrispin/core/parallel.hpp"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <exception>
#include <limits>
#include <mutex>
#include <thread>
#include <vector>

namespace vitrispin {

int thread_count() {
  if (const char* text = std::getenv("VITRISPIN_THREADS")) {
    const long asked = std::strtol(text, nullptr, 10);
    if (asked > 0 && asked <= 4096) return static_cast<int>(asked);
  }
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) return std::max(1, CPU_COUNT(&allowed));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void parallel_blocks(std::size_t count, std::size_t block, int threads,
                     const std::function<void(std::size_t, std::size_t)>& work) {
  if (count == 0) return;
  block = std::max<std::size_t>(block, 1);
  const std::size_t blocks = (count + block - 1) / block;

  std::atomic<std::size_t> next{0};
  std::mutex failure_lock;
  std::exception_ptr failure;
  std::size_t failed_block = std::numeric_limits<std::size_t>::max();

  const auto run = [&] {
    for (std::size_t i = next++; i < blocks; i = next++) {
      try {
        work(i * block, std::min(count, (i + 1) * block));
      } catch (...) {
        const std::lock_guard<std::mutex> guard(failure_lock);
        if (i < failed_block) {
          failed_block = i;
          failure = std::current_exception();
        }
        next = blocks;
      }
    }
  };

  const std::size_t workers = std::min(static_cast<std::size_t>(std::max(1, threads)), blocks);
  std::vector<std::thread> pool;
  pool.reserve(workers - 1);
  for (std::size_t i = 1; i < workers; ++i) pool.emplace_back(run);
  run();
  for (std::thread& worker : pool) worker.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace vitrispin
