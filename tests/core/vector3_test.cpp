#include "vitrispin/core/vector3.hpp"

#include <ceres/jet.h>
#include <gtest/gtest.h>

#include <rapidcheck.h>
#include <complex>

namespace vitrispin {
namespace {

using Vector = Vector3<double>;

// Small integers: sums and products are exact, so identities hold to the bit.
Vector any_vector() {
  const auto component = [] { return static_cast<double>(*rc::gen::inRange(-1000, 1000)); };
  const double x = component(), y = component(), z = component();
  return {x, y, z};
}

TEST(Vector3, CrossProductIsAntisymmetricAndNormalToItsFactors) {
  EXPECT_TRUE(rc::check([] {
    const Vector a = any_vector(), b = any_vector();
    RC_ASSERT(cross(a, b) == -cross(b, a));
    RC_ASSERT(dot(a, cross(a, b)) == 0.0);
    RC_ASSERT(dot(b, cross(a, b)) == 0.0);
  }));
}

TEST(Vector3, SatisfiesTheIdentitiesOfLagrangeAndJacobi) {
  EXPECT_TRUE(rc::check([] {
    const Vector a = any_vector(), b = any_vector(), c = any_vector();
    RC_ASSERT(dot(cross(a, b), cross(a, b)) == dot(a, a) * dot(b, b) - dot(a, b) * dot(a, b));
    RC_ASSERT(cross(a, cross(b, c)) + cross(b, cross(c, a)) + cross(c, cross(a, b)) == Vector());
  }));
}

TEST(Vector3, IsRightHanded) {
  EXPECT_EQ(cross(Vector(1, 0, 0), Vector(0, 1, 0)), Vector(0, 0, 1));
  EXPECT_EQ(cross(Vector(0, 1, 0), Vector(0, 0, 1)), Vector(1, 0, 0));
}

TEST(Vector3, AddsSubtractsAndScales) {
  const Vector a(1, 2, 3), b(10, 20, 30);
  EXPECT_EQ(a + b, Vector(11, 22, 33));
  EXPECT_EQ(b - a, Vector(9, 18, 27));
  EXPECT_EQ(2.0 * a, Vector(2, 4, 6));
  EXPECT_EQ(-a, Vector(-1, -2, -3));
  EXPECT_EQ(a.x() + a.y() + a.z(), 6.0);
}

TEST(Vector3, MixesRealComplexAndDualComponents) {
  using Complex = std::complex<double>;
  const Vector3<Complex> turned = Complex(0, 1) * Vector3<Complex>(1.0, 2.0, 3.0);
  EXPECT_EQ(turned[2], Complex(0, 3));
  EXPECT_EQ(dot(turned, Vector(1, 1, 1)), Complex(0, 6));  // bilinear: no conjugate

  using Dual = ceres::Jet<double, 1>;
  const Vector3<Dual> moving(Dual(1.0, 0), Dual(2.0), Dual(3.0));
  EXPECT_EQ(dot(moving, moving).v[0], 2.0);
}

TEST(Vector3, CanBeEvaluatedByTheCompiler) {
  constexpr Vector3<int> a(1, 2, 3);
  static_assert(dot(a, a) == 14);
  static_assert(cross(a, a) == Vector3<int>());
}

}  // namespace
}  // namespace vitrispin
