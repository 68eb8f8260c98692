#include "vitrispin/core/parallel.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace vitrispin {
namespace {

TEST(ParallelBlocks, CoverEveryIndexExactlyOnceForAnyNumberOfThreads) {
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{64}, std::size_t{1000}}) {
    for (const std::size_t block : {std::size_t{1}, std::size_t{8}, std::size_t{63}, std::size_t{5000}}) {
      for (const int threads : {1, 2, 3, 16}) {
        std::vector<std::atomic<int>> visits(count);
        parallel_blocks(count, block, threads, [&](std::size_t begin, std::size_t end) {
          for (std::size_t i = begin; i < end; ++i) ++visits[i];
        });
        for (const auto& visit : visits) ASSERT_EQ(visit.load(), 1);
      }
    }
  }
}

TEST(ParallelBlocks, AreTheSameBlocksForAnyNumberOfThreads) {
  const auto blocks_with = [](int threads) {
    std::mutex lock;
    std::set<std::pair<std::size_t, std::size_t>> blocks;
    parallel_blocks(103, 10, threads, [&](std::size_t begin, std::size_t end) {
      const std::lock_guard<std::mutex> guard(lock);
      blocks.emplace(begin, end);
    });
    return blocks;
  };
  EXPECT_EQ(blocks_with(1), blocks_with(2));
  EXPECT_EQ(blocks_with(1), blocks_with(7));
  EXPECT_EQ(blocks_with(1).size(), 11u);
}

TEST(ParallelBlocks, GiveBitwiseTheSameSumsForAnyNumberOfThreads) {
  const auto sums_with = [](int threads) {
    std::vector<double> sums(10);
    parallel_blocks(1000, 100, threads, [&](std::size_t begin, std::size_t end) {
      double sum = 0;
      for (std::size_t i = begin; i < end; ++i) sum += std::sin(static_cast<double>(i)) * 1e-3;
      sums[begin / 100] = sum;
    });
    return sums;
  };
  EXPECT_EQ(sums_with(1), sums_with(2));
  EXPECT_EQ(sums_with(1), sums_with(5));
}

TEST(ParallelBlocks, TakeABlockOfZeroAsOneAndThreadsBelowOneAsOne) {
  std::vector<int> visits(5);
  parallel_blocks(5, 0, 0, [&](std::size_t begin, std::size_t end) {
    EXPECT_EQ(end, begin + 1);
    ++visits[begin];
  });
  EXPECT_EQ(visits, std::vector<int>(5, 1));
}

TEST(ParallelBlocks, RethrowTheFirstExceptionByBlockAfterAllThreadsStopped) {
  for (const int threads : {1, 2, 8}) {
    std::atomic<int> running{0};
    try {
      parallel_blocks(100, 1, threads, [&](std::size_t begin, std::size_t) {
        ++running;
        std::this_thread::yield();
        --running;
        if (begin >= 3) throw std::runtime_error(std::to_string(begin));
      });
      FAIL() << "no exception";
    } catch (const std::runtime_error& error) {
      // Blocks are handed out in order, so block 3 has started before any later one and its failure comes first.
      EXPECT_STREQ(error.what(), "3");
    }
    EXPECT_EQ(running.load(), 0);
  }
}

TEST(ThreadCount, FollowsTheEnvironmentAndIgnoresWhatIsNotAPositiveNumber) {
  const char* before = std::getenv("VITRISPIN_THREADS");
  const std::string saved = before ? before : "";
  ::setenv("VITRISPIN_THREADS", "3", 1);
  EXPECT_EQ(thread_count(), 3);
  for (const char* nonsense : {"0", "-2", "many", "", "99999999"}) {
    ::setenv("VITRISPIN_THREADS", nonsense, 1);
    EXPECT_GE(thread_count(), 1);
    EXPECT_LE(thread_count(), 4096);
  }
  if (before) {
    ::setenv("VITRISPIN_THREADS", saved.c_str(), 1);
  } else {
    ::unsetenv("VITRISPIN_THREADS");
  }
}

}  // namespace
}  // namespace vitrispin
