#pragma once

#include <Random123/philox.h>

#include <cmath>
#include <cstdint>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/core/vector3.hpp"

/// Random numbers from counters (Philox 4x32, ten rounds): what number i of a stream is depends on nothing that was
/// drawn before, so results do not depend on the number of threads or on the order of the work.
namespace vitrispin::atoms {

/// What numbers are for; streams of different purposes never meet.
enum class Purpose : std::uint32_t { occupation = 1, couplings, axes, gauge, start, probe, heat_bath, exchange };

class Random {
public:
  Random(std::uint32_t seed, std::uint32_t sample, Purpose purpose)
      : key_{{seed, static_cast<std::uint32_t>(purpose) | (sample << 8)}} {}

  /// Two numbers in (0, 1) for the counter (a, b, c).
  struct Pair {
    double first, second;
  };
  Pair uniform(std::uint64_t a, std::uint32_t b = 0, std::uint32_t c = 0) const {
    const r123::Philox4x32 generate;
    const r123::Philox4x32::ctr_type counter{
        {static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(a >> 32), b, c}};
    const auto bits = generate(counter, key_);
    return {unit(bits[0], bits[1]), unit(bits[2], bits[3])};
  }

  double normal(std::uint64_t a, std::uint32_t b = 0, std::uint32_t c = 0) const {
    const Pair u = uniform(a, b, c);
    return std::sqrt(-2 * std::log(u.first)) * std::cos(2 * constants::pi * u.second);
  }

  /// A direction, uniform on the sphere.
  Vector3<double> direction(std::uint64_t a, std::uint32_t b = 0, std::uint32_t c = 0) const {
    const Pair u = uniform(a, b, c);
    const double z = 2 * u.first - 1;
    const double radius = std::sqrt((1 - z) * (1 + z));
    const double angle = 2 * constants::pi * u.second;
    return {radius * std::cos(angle), radius * std::sin(angle), z};
  }

private:
  static double unit(std::uint32_t high, std::uint32_t low) {
    const std::uint64_t bits =
        (static_cast<std::uint64_t>(high) << 32 | low) >> 12;  // 52 bits: the half below is exact
    return (static_cast<double>(bits) + 0.5) * 0x1.0p-52;
  }
  r123::Philox4x32::key_type key_;
};

}  // namespace vitrispin::atoms
