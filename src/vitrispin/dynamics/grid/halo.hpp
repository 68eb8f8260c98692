#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

/// What the ranks of a run tell each other. Each holds a slab, cut along the slowest direction that has more than one cell;
/// this one is for a single rank.
namespace vitrispin::dynamics::grid {

class Halo {
public:
  explicit Halo(bool periodic = false) : periodic_(periodic) {}  ///< along the direction of the slabs
  Halo(const Halo&) = delete;
  Halo& operator=(const Halo&) = delete;
  virtual ~Halo() = default;

  /// Each array points at the first of `cells` owned values and has room for one plane (`plane` values) before and after: fills these from
  /// the slabs beside. Beyond an outer face that is not periodic they stay as they are.
  virtual void fill(std::size_t plane, std::size_t cells, const std::vector<double*>& arrays) const {
    if (!periodic_) return;
    for (double* values : arrays) {
      std::copy_n(values + cells - plane, plane, values - plane);
      std::copy_n(values, plane, values + cells);
    }
  }
  /// Sums over ranks, in their order, the same bits on all.
  virtual void sum(std::vector<double>& /*values*/) const {}
  /// The largest over ranks; NaN if any is.
  virtual double largest(double value) const { return value; }
  /// Appends every rank's values, in the order of the slabs, on the first rank; others get nothing.
  virtual std::vector<double> gathered(const double* values, std::size_t count) const {
    return {values, values + count};
  }
  /// The reverse: `count` values for this rank from `whole`, which the first rank holds.
  virtual void scatter(const std::vector<double>& whole, double* values, std::size_t count) const {
    std::copy_n(whole.begin(), count, values);
  }
  /// `to[r]` is for rank r, each gets what the others had for it.
  virtual std::vector<std::vector<double>> exchanged(std::vector<std::vector<double>> to) const { return to; }
  virtual std::size_t rank() const { return 0; }
  virtual std::size_t size() const { return 1; }
  virtual bool first() const { return true; }  ///< the rank that reads and writes

private:
  bool periodic_;
};

}  // namespace vitrispin::dynamics::grid
