#pragma once

#include <cstddef>
#include <new>
#include <vector>

/// The state on a grid: one contiguous array per Cartesian component of each field.
namespace vitrispin::dynamics {

/// Arrays begin at a cache line: vectors of the widest instruction set then do not straddle two.
template <class Scalar>
struct CacheLineAllocator {
  using value_type = Scalar;
  CacheLineAllocator() = default;
  template <class Other>
  CacheLineAllocator(const CacheLineAllocator<Other>&) {}
  Scalar* allocate(std::size_t n) { return static_cast<Scalar*>(::operator new(n * sizeof(Scalar), line)); }
  void deallocate(Scalar* values, std::size_t) { ::operator delete(values, line); }
  friend bool operator==(const CacheLineAllocator&, const CacheLineAllocator&) { return true; }
  static constexpr std::align_val_t line{64};
};
template <class Scalar>
using Values = std::vector<Scalar, CacheLineAllocator<Scalar>>;

/// M - M_eq, m - m_eq [A/m] and theta [rad], M_eq and m_eq being those of the field at the start: small deviations
/// keep their digits beside a large M_eq. A node that lacks a field holds 0 there; a contact node (see line.hpp)
/// holds its theta alone. `Scalar` is double, or complex inside collocation methods.
template <class Scalar>
class Fields {
public:
  Fields() = default;
  explicit Fields(std::size_t nodes) : nodes_(nodes), values_(9 * nodes) {}

  std::size_t nodes() const { return nodes_; }
  Scalar* M(std::size_t component) { return values_.data() + component * nodes_; }
  Scalar* m(std::size_t component) { return values_.data() + (3 + component) * nodes_; }
  Scalar* theta(std::size_t component) { return values_.data() + (6 + component) * nodes_; }
  const Scalar* M(std::size_t component) const { return values_.data() + component * nodes_; }
  const Scalar* m(std::size_t component) const { return values_.data() + (3 + component) * nodes_; }
  const Scalar* theta(std::size_t component) const { return values_.data() + (6 + component) * nodes_; }
  /// All nine arrays, one after the other.
  Values<Scalar>& values() { return values_; }
  const Values<Scalar>& values() const { return values_; }

private:
  std::size_t nodes_ = 0;
  Values<Scalar> values_;
};

/// -H* and -h* [A/m]: the potentials that drive relaxation, exchange, diffusion and precession. A contact node
/// holds the face's -h* in `p`.
template <class Scalar>
class Potentials {
public:
  Potentials() = default;
  explicit Potentials(std::size_t nodes) : nodes_(nodes), values_(6 * nodes) {}

  Scalar* P(std::size_t component) { return values_.data() + component * nodes_; }
  Scalar* p(std::size_t component) { return values_.data() + (3 + component) * nodes_; }
  const Scalar* P(std::size_t component) const { return values_.data() + component * nodes_; }
  const Scalar* p(std::size_t component) const { return values_.data() + (3 + component) * nodes_; }

private:
  std::size_t nodes_ = 0;
  Values<Scalar> values_;
};

}  // namespace vitrispin::dynamics
