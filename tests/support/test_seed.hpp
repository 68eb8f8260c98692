#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

namespace vitrispin::test {

/// Seed of a test's random points, printed: VITRISPIN_SEED if set; a fixed one in the quick tests, so that a change is judged
/// by what it changes; a new one at every run of the long tests.
inline std::uint32_t test_seed() {
  const auto choose = []() -> std::uint32_t {
    if (const char* text = std::getenv("VITRISPIN_SEED")) return static_cast<std::uint32_t>(std::stoul(text));
    const char* level = std::getenv("VITRISPIN_TEST_LEVEL");
    if (level != nullptr && std::string(level) == "long") return std::random_device{}();
    return 20230331;
  };
  const std::uint32_t seed = choose();
  std::cout << "seed " << seed << " (VITRISPIN_SEED=" << seed << " repeats)\n";
  return seed;
}

}  // namespace vitrispin::test
