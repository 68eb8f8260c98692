#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

/// Loops along a row of cells of multigrid, compiled for every instruction set, in single and double precision. Fields are p
/// and theta of each component in turn.
namespace vitrispin::dynamics::grid {

inline constexpr std::size_t fields = 6;

/// The matrix along a row: links, grounds and the inverse of the blocks on the diagonal. Links of p and of theta in turn;
/// `x[i]` is the one below cell i.
template <class Real>
struct RowMatrix {
  const Real* x[2];
  const Real* beside[4][2];  ///< before and after in y, before and after in z
  const Real *pp, *pt, *tt;
  const Real *inverse_pp, *inverse_pt, *inverse_tt;
};

/// A row and the rows beside it, of one component.
template <class Real>
struct RowValues {
  const Real* here[2];
  const Real* beside[4][2];
};

/// out = A x.
template <class Real>
void multiply_row(std::size_t n, const RowMatrix<Real>& A, const RowValues<Real>& x, Real* const out[2]);
/// out = b - A x.
template <class Real>
void residual_row(std::size_t n, const RowMatrix<Real>& A, const RowValues<Real>& x, const Real* const b[2],
                  Real* const out[2]);
/// out = factor D^-1 b.
template <class Real>
void scale_row(std::size_t n, const RowMatrix<Real>& A, Real factor, const Real* const b[2], Real* const out[2]);

/// A step of Chebyshev's iteration: step = keep step + factor D^-1 (b - A x), out = grow x + step.
template <class Real>
struct Smoothing {
  Real grow, keep, factor;
};
/// `step` is read unless keep is 0, and written if `store`; it may be null if neither, and `out` may be `step`.
template <class Real>
void smooth_row(std::size_t n, const RowMatrix<Real>& A, const Smoothing<Real>& smoothing, const RowValues<Real>& x,
                const Real* const b[2], Real* const step[2], bool store, Real* const out[2]);

/// sum of x y, in a fixed order.
template <class Real>
double dot_row(std::size_t n, const Real* x, const Real* y);
/// y = x + factor y.
template <class Real>
void combine_row(std::size_t n, const Real* x, Real factor, Real* y);
/// y += factor x.
template <class Real>
void add_row(std::size_t n, Real factor, const Real* x, Real* y);
/// y += (1 - share) x, or share x.
template <class Real>
void add_share_row(std::size_t n, const Real* share, bool rest, const Real* x, Real* y);
/// y = one + share (other - one).
template <class Real>
void blend_row(std::size_t n, const Real* share, const Real* one, const Real* other, Real* y);

/// y = x + one + share (other - one).
template <class Real>
void correct_row(std::size_t n, const Real* share, const Real* one, const Real* other, const Real* x, Real* y);
/// x += length direction, r -= length product; returns r . D^-1 r.
template <class Real>
double advance_row(std::size_t n, const RowMatrix<Real>& A, Real length, const Real* const direction[2],
                   const Real* const product[2], Real* const x[2], Real* const r[2]);

/// to = across widths from, 0 where `diagonal` is.
void load_row(std::size_t n, double across, const double* widths, const double* diagonal, const double* from,
              double* to);
/// sum of diagonal x x, in a fixed order.
double square_row(std::size_t n, const double* diagonal, const double* x);
/// y = factor x.
template <class Real>
void convert_row(std::size_t n, double factor, const double* x, Real* y);
/// y += factor x.
template <class Real>
void add_correction_row(std::size_t n, double factor, const Real* x, double* y);

/// Merging along x. `share` of a cell's value belongs to the merged cell beside[i], the rest to parent[i].
struct RowMerging {
  const std::int32_t *parent, *beside;
  const std::int32_t *children[2], *leaning[2];  ///< of a merged cell; the number of finer cells: none
};
template <class Real>
void interpolate_row(std::size_t n, const RowMerging& merging, const Real* share, const Real* coarse, Real* fine);
/// `scratch`: 2 (n + 1) values.
template <class Real>
void restrict_row(std::size_t n, std::size_t merged, const RowMerging& merging, const Real* share, const Real* fine,
                  Real* scratch, Real* coarse);

}  // namespace vitrispin::dynamics::grid
