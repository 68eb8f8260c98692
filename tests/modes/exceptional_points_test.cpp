#include "vitrispin/modes/exceptional_points.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "modes/extreme_materials.hpp"
#include "vitrispin/modes/dispersion.hpp"
#include "vitrispin/modes/polynomial_roots.hpp"
#include "vitrispin/modes/tracking.hpp"
#include "vitrispin/physics/characteristic.hpp"

namespace vitrispin::modes {
namespace {

using Complex = std::complex<double>;
using physics::points;
using physics::RandomPoints;

/// m decoupled (xi -> 0, no exchange), so that the M-theta pair of Eq. (57) is all there is: it merges where
/// gamma^2 mu0 K'/chi_M = (1/tau_ML - alpha gamma K')^2/4.
physics::Material<double> decoupled(RandomPoints& random) {
  auto material = random.spin_glass();
  material.cross_relaxation_time = std::numeric_limits<double>::infinity();
  material.accumulation_susceptibility = 1e-40 * material.equilibrium_susceptibility;
  material.damping = 0.0;
  return material;
}

TEST(ExceptionalPoints, OfTheSpinWavePairAreWhereTheRootOfEq57Vanishes) {
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    auto material = decoupled(random);
    const double k = random.log_uniform(1e6, 1e9);
    const double v = physics::spin_wave_velocity(material);
    // overdamped at small k: 1/(2 tau_ML) = sqrt(omega_0^2 + v^2 k^2) at the point
    material.anisotropy = material.spin_stiffness * k * k * random.uniform(0.0, 3.0);
    const double omega_0 = physics::anisotropy_frequency(material);
    material.lattice_relaxation_time = 0.5 / std::hypot(omega_0, v * k);
    const auto found = exceptional_points(material, 0.0, 0.5 * k, 2.0 * k);
    // m crosses the pair without interacting: those points are listed too, but not as defective
    const auto here = std::min_element(found.begin(), found.end(), [&](const auto& left, const auto& right) {
      return std::abs(left.k - k) < std::abs(right.k - k);
    });
    ASSERT_NE(here, found.end());
    EXPECT_TRUE(here->defective);
    EXPECT_TRUE(here->at_real_k);
    EXPECT_EQ(here->order, 2);
    // v k against omega_0: where omega_0 dominates, k is known less well than omega_0 is
    EXPECT_NEAR(here->k.real(), k, 4e-15 * k * (1.0 + std::pow(omega_0 / (v * k), 2)));
    EXPECT_NEAR(here->omega.imag(), -0.5 / material.lattice_relaxation_time, 1e-14 / material.lattice_relaxation_time);
    EXPECT_EQ(here->omega.real(), 0.0);
  }
}

TEST(ExceptionalPoints, AreWhereTwoFrequenciesAndTheirVectorsMergeAsTheSquareRoot) {
  RandomPoints random;
  int seen = 0;
  for (int n = 0; n < 5 * points; ++n) {
    const auto material = random.spin_glass();
    const auto all = exceptional_points(material, 0.0, 1e4, 1e10);
    for (const ExceptionalPoint& point : all) {
      if (!point.at_real_k || !point.defective || point.order != 2) continue;
      // modes that hardly interact have two points close together: the square root holds only between them
      const auto close = [&](const ExceptionalPoint& other) {
        return &other != &point && std::abs(other.k - point.k) < 1e-3 * std::abs(point.k);
      };
      if (std::any_of(all.begin(), all.end(), close)) continue;
      ++seen;
      const double k = point.k.real();
      const double step = 1e-8;
      for (const double side : {-1.0, 1.0}) {
        const auto modes = modes_at_wavenumber(material, k * (1 + side * step), 0.0);
        std::array<double, 3> distance{};
        for (std::size_t i = 0; i < 3; ++i) distance[i] = std::abs(modes[i].omega - point.omega);
        std::sort(distance.begin(), distance.end());
        // omega = omega_EP +- C sqrt(k - k_EP); the next order is smaller by the pair's distance over that of the third
        // mode, and both drift along with slopes of up to 2 omega/k
        const double expected = point.splitting * std::sqrt(k * step);
        const double fastest = std::abs(modes[0].omega);
        const double tolerance = (0.01 + 3.0 * expected / distance[2]) * expected + 4.0 * step * fastest;
        EXPECT_NEAR(distance[0], expected, tolerance);
        EXPECT_NEAR(distance[1], expected, tolerance);
      }
      EXPECT_GT(point.condition, 10.0);
    }
  }
  EXPECT_GT(seen, 20);
}

TEST(ExceptionalPoints, NoneIsMissedBetweenAnOverdampedAndAPropagatingWavenumber) {
  // at sigma = 0 the number of oscillating modes changes only at an exceptional point
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    const auto material = random.spin_glass();
    const auto oscillating = [&](double k) {
      int count = 0;
      for (const Mode& mode : modes_at_wavenumber(material, k, 0.0)) {
        count += std::abs(mode.omega.real()) > 1e-7 * std::abs(mode.omega.imag()) ? 1 : 0;
      }
      return count;
    };
    int changes = 0, listed = 0;
    int before = oscillating(1e4);
    double last = 1e4;
    for (double k = 1e4; k < 1e10; k *= 1.02) {
      const int now = oscillating(k);
      changes += now != before ? 1 : 0;
      before = now;
      last = k;
    }
    for (const ExceptionalPoint& point : exceptional_points(material, 0.0, 1e4, last))
      listed += point.at_real_k && point.order == 2 ? 1 : 0;
    EXPECT_GE(listed, changes);
    EXPECT_EQ((listed - changes) % 2, 0);  // two points between grid points leave the count as it was
  }
}

TEST(ExceptionalPoints, ATriplePointIsFoundWithItsOrder) {
  // P = (s + x)^3 needs three conditions; xi, alpha and k are free. alpha = 0: c2 = a + A + r = 3 x, c1 = (1-xi) S + g kappa
  // = 3 x^2, c0 = (1-xi) kappa g (A + d) = x^3. With a = c = d -> 0 except a: A = 3 - a, (1-xi) a A + w2 = 3, (1-xi) w2 A = 1
  // in units x = 1: choose xi, then a from (1-xi) A (3 - (1-xi) a A) = 1.
  const double e = 0.9;
  double low = 0.0, high = 3.0;
  const auto excess = [&](double a) { return e * (3 - a) * (3 - e * a * (3 - a)) - 1; };
  ASSERT_GT(excess(low), 0.0);
  for (int i = 0; i < 200; ++i) (excess(0.5 * (low + high)) > 0 ? low : high) = 0.5 * (low + high);
  const double a = low, A = 3 - a, w2 = 3 - e * a * A;
  physics::Material<double> material;
  const double mu0 = constants::vacuum_permeability;
  material.gyromagnetic_ratio = 1.0 / mu0;
  material.equilibrium_susceptibility = 1.0;
  material.accumulation_susceptibility = 1.0 - e;
  material.lattice_relaxation_time = 1.0 / a;
  material.accumulation_lattice_relaxation_time = std::numeric_limits<double>::infinity();
  material.cross_relaxation_time = std::numeric_limits<double>::infinity();
  material.diffusivity = A;  // at k = 1
  material.spin_stiffness = 0.5 * w2 * mu0;
  material.anisotropy = 0.5 * w2 * mu0;
  const auto found = exceptional_points(material, 0.0, 0.5, 2.0);
  // the parameters are rounded, which splits a triple point by the cube root of eps: it is found as order 3, or as order 2
  // within 1e-5 of it
  const bool near_one = std::any_of(found.begin(), found.end(), [](const ExceptionalPoint& point) {
    return std::abs(point.k - 1.0) < 1e-4 && std::abs(point.omega - Complex(0.0, -1.0)) < 1e-4 && point.defective;
  });
  EXPECT_TRUE(near_one);
}

TEST(ExceptionalPoints, ModesThatCrossWithoutInteractingAreToldApart) {
  // D = 0 and 1/tau_mL = 0: m relaxes by itself at r, across whatever the M-theta pair does
  RandomPoints random;
  auto material = random.spin_glass();
  material.diffusivity = 0.0;
  material.accumulation_lattice_relaxation_time = std::numeric_limits<double>::infinity();
  material.damping = 0.0;
  material.anisotropy = 0.0;
  material.lattice_relaxation_time = 1e-11;
  const double v = physics::spin_wave_velocity(material);
  const auto rates = [&] { return physics::relaxation_rates(material); };
  // the slow overdamped mode v^2 k^2 tau_ML reaches r at this k
  const double target = 0.1 / material.lattice_relaxation_time;
  material.cross_relaxation_time *= rates().exchange / target;
  const double r = rates().exchange;
  const double k = std::sqrt((0.25 - std::pow(0.5 - r * 1e-11, 2))) / (v * 1e-11);
  const auto found = exceptional_points(material, 0.0, 0.9 * k, 1.1 * k);
  ASSERT_FALSE(found.empty());
  EXPECT_FALSE(found.front().defective);
  EXPECT_NEAR(found.front().k.real(), k, 1e-9 * k);
}

TEST(ExceptionalPoints, LieAtComplexWavenumbersInAField) {
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    const auto material = random.spin_glass();
    const double rotation = random.uniform(-1e11, 1e11);
    for (const ExceptionalPoint& point : exceptional_points(material, rotation, 1e4, 1e10)) {
      EXPECT_FALSE(point.at_real_k && point.defective);
      EXPECT_GT(point.condition, 1.0);
    }
  }
}

TEST(PolynomialRoots, AreFoundOverAnyRangeOfScales) {
  const std::vector<double> wanted{1e-200, -3e-30, 1e-30, 2.0, 2.5, -1e90};
  Polynomial product(std::vector<QuadComplex>{QuadComplex(1)});
  for (const double root : wanted) product = product * Polynomial({QuadComplex(-root), QuadComplex(1)});
  const auto found = product.roots();
  ASSERT_EQ(found.size(), wanted.size());
  for (const double root : wanted) {
    double nearest = std::numeric_limits<double>::infinity();
    for (const QuadComplex& x : found) {
      nearest = std::min(nearest, static_cast<double>(magnitude(x - QuadComplex(root))) / std::abs(root));
    }
    EXPECT_LT(nearest, 1e-28);
  }
}

// ---- tracking ---------------------------------------------------------------------------------------------------------

std::vector<double> logarithmic(double from, double to, int count) {
  std::vector<double> values;
  for (int i = 0; i < count; ++i) values.push_back(from * std::pow(to / from, i / (count - 1.0)));
  return values;
}

TEST(Tracking, BranchesAreTheSameOnACoarseAndOnAFineSweep) {
  RandomPoints random;
  for (int n = 0; n < 60; ++n) {
    const auto material = random.spin_glass();
    const double rotation = n % 2 == 0 ? 0.0 : random.uniform(-1e12, 1e12);
    // at an exceptional point the numbering beyond it is a convention: only sweeps without one are compared
    if (!exceptional_points(material, rotation, 1e5, 1e9).empty()) continue;
    const auto solve = [&](double k) {
      TrackedPoint point;
      for (const Mode& mode : modes_at_wavenumber(material, k, rotation)) {
        point.values.push_back(mode.omega);
        point.slopes.push_back(mode.group_velocity);
      }
      return point;
    };
    const auto coarse = track_branches(logarithmic(1e5, 1e9, 9), solve);
    const auto fine = track_branches(logarithmic(1e5, 1e9, 801), solve);
    for (std::size_t i = 0; i < 9; ++i) EXPECT_EQ(coarse[i], fine[100 * i]) << "point " << i;
  }
}

TEST(Tracking, PassesACrossingAlongTheTangentsAndNeverReorders) {
  const auto solve = [](double x) {
    // two lines that cross at x = 0.5 and a third far away, in ascending order as a solver would give them
    std::vector<std::pair<double, double>> lines{{x, 1.0}, {1 - x, -1.0}, {1e9 + x * x, 2 * x}};
    std::sort(lines.begin(), lines.end());
    TrackedPoint point;
    for (const auto& [value, slope] : lines) {
      point.values.emplace_back(value);
      point.slopes.emplace_back(slope);
    }
    return point;
  };
  const auto branch = track_branches({0.0, 0.3, 0.7, 1.0}, solve);
  EXPECT_EQ(branch[0], (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(branch[1], (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(branch[2], (std::vector<int>{1, 0, 2}));
  EXPECT_EQ(branch[3], (std::vector<int>{1, 0, 2}));
}

TEST(Tracking, GoesThroughAnExceptionalPointWithEveryBranchOnce) {
  RandomPoints random;
  for (int n = 0; n < 20; ++n) {
    auto material = decoupled(random);
    material.anisotropy = 0.0;
    const double k = 0.5 / (physics::spin_wave_velocity(material) * material.lattice_relaxation_time);
    const auto solve = [&](double at) {
      TrackedPoint point;
      for (const Mode& mode : modes_at_wavenumber(material, at, 0.0)) {
        point.values.push_back(mode.omega);
        point.slopes.push_back(mode.group_velocity);
      }
      return point;
    };
    for (auto branch : track_branches(logarithmic(0.1 * k, 10 * k, 20), solve)) {
      std::sort(branch.begin(), branch.end());
      EXPECT_EQ(branch, (std::vector<int>{0, 1, 2}));
    }
  }
}

}  // namespace
}  // namespace vitrispin::modes
