#pragma once

#include <array>
#include <cstddef>

namespace vitrispin {

/// A vector of three Cartesian components over any scalar (double, complex, dual numbers).
template <class T>
struct Vector3 {
  std::array<T, 3> components{};

  constexpr Vector3() = default;
  constexpr Vector3(T x, T y, T z) : components{x, y, z} {}

  constexpr T& operator[](std::size_t i) { return components[i]; }
  constexpr const T& operator[](std::size_t i) const { return components[i]; }
  constexpr const T& x() const { return components[0]; }
  constexpr const T& y() const { return components[1]; }
  constexpr const T& z() const { return components[2]; }

  friend constexpr bool operator==(const Vector3&, const Vector3&) = default;
};

template <class A, class B>
constexpr auto operator+(const Vector3<A>& a, const Vector3<B>& b) {
  return Vector3<decltype(a[0] + b[0])>(a[0] + b[0], a[1] + b[1], a[2] + b[2]);
}

template <class A, class B>
constexpr auto operator-(const Vector3<A>& a, const Vector3<B>& b) {
  return Vector3<decltype(a[0] - b[0])>(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

template <class A>
constexpr auto operator-(const Vector3<A>& a) {
  return Vector3<A>(-a[0], -a[1], -a[2]);
}

template <class S, class A>
constexpr auto operator*(const S& scale, const Vector3<A>& a) {
  return Vector3<decltype(scale * a[0])>(scale * a[0], scale * a[1], scale * a[2]);
}

template <class A, class B>
constexpr auto dot(const Vector3<A>& a, const Vector3<B>& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

template <class A, class B>
constexpr auto cross(const Vector3<A>& a, const Vector3<B>& b) {
  return Vector3<decltype(a[0] * b[0])>(a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2],
                                        a[0] * b[1] - a[1] * b[0]);
}

}  // namespace vitrispin
