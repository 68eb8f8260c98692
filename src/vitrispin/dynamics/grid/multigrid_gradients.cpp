#include "vitrispin/dynamics/grid/multigrid_gradients.hpp"

#include <algorithm>
#include <cmath>

namespace vitrispin::dynamics::grid {

template <class Real>
void Gradients<Real>::sum(Three& values) const {
  std::vector<double> all(values.begin(), values.end());
  halo_.sum(all);
  std::copy(all.begin(), all.end(), values.begin());
}

/// r . z of each component, z being the cycle's solution.
template <class Real>
typename Gradients<Real>::Three Gradients<Real>::precondition() {
  Three product = cycle_.run();
  sum(product);
  return product;
}

/// direction = z + keep direction, scratch = A direction; direction . A direction.
template <class Real>
typename Gradients<Real>::Three Gradients<Real>::multiply(const Three& keep) {
  const Level<Real>& level = cycle_.fine();
  const std::size_t n = level.cells_along(), planes = level.planes();
  LevelVector<Real>& product = cycle_.scratch();
  Three result{};
  const auto turn = [&](std::size_t slot) {
    for (std::size_t j = 0; j < level.rows(); ++j)
      for (std::size_t f = 0; f < fields; ++f) {
        Real* row = direction_.row(f, slot, j);
        combine_row(n, cycle_.solution().row(f, slot, j), static_cast<Real>(keep[f / 2]), row);
        level.close_row(row);
      }
  };
  const auto apply = [&](std::size_t slot) {
    for (std::size_t j = 0; j < level.rows(); ++j) {
      const RowMatrix<Real> A = level.matrix(static_cast<std::ptrdiff_t>(slot) - 1, j);
      for (std::size_t c = 0; c < 3; ++c) {
        Real* const out[2] = {product.row(2 * c, slot, j), product.row(2 * c + 1, slot, j)};
        multiply_row(n, A, level.beside(direction_, slot, slot - 1, slot + 1, j, c), out);
        for (std::size_t field = 0; field < 2; ++field)
          result[c] += dot_row(n, direction_.row(2 * c + field, slot, j), out[field]);
      }
    }
  };
  if (level.whole() && !level.around()) {  // one walk: a plane is turned just before it is needed
    turn(1);
    for (std::size_t slot = 1; slot <= planes; ++slot) {
      if (slot < planes) turn(slot + 1);
      apply(slot);
    }
  } else {
    for (std::size_t slot = 1; slot <= planes; ++slot) turn(slot);
    level.fill_ends(direction_, halo_);
    for (std::size_t slot = 1; slot <= planes; ++slot) apply(slot);
  }
  sum(result);
  return result;
}

/// correction += length direction, residual -= length A direction; the residual's r . D^-1 r.
template <class Real>
double Gradients<Real>::update(const Three& length) {
  const Level<Real>& level = cycle_.fine();
  const std::size_t n = level.cells_along();
  double square = 0;
  for (std::size_t slot = 1; slot <= level.planes(); ++slot) {
    for (std::size_t j = 0; j < level.rows(); ++j) {
      const RowMatrix<Real> A = level.matrix(static_cast<std::ptrdiff_t>(slot) - 1, j);
      for (std::size_t c = 0; c < 3; ++c) {
        const auto pair = [&](auto& vector) {
          return std::array<Real*, 2>{vector.row(2 * c, slot, j), vector.row(2 * c + 1, slot, j)};
        };
        square +=
            advance_row<Real>(n, A, static_cast<Real>(length[c]), pair(direction_).data(),
                              pair(cycle_.scratch()).data(), pair(correction_).data(), pair(cycle_.right()).data());
      }
    }
  }
  Three total{square, 0, 0};
  sum(total);
  return total[0];
}

template <class Real>
long Gradients<Real>::solve(double reduction, double size, long most) {
  correction_.clear();
  direction_.clear();
  Three keep{}, product = precondition();
  for (long iteration = 1; iteration <= most; ++iteration) {
    const Three curvature = multiply(keep);
    Three length{};
    for (std::size_t c = 0; c < 3; ++c)
      if (curvature[c] > 0) length[c] = product[c] / curvature[c];
    const double square = update(length);
    if (!(square > reduction * reduction * size * size) || iteration == most) return iteration;
    const Three before = product;
    product = precondition();
    for (std::size_t c = 0; c < 3; ++c) keep[c] = before[c] > 0 ? product[c] / before[c] : 0;
  }
  return most;
}

template class Gradients<float>;
template class Gradients<double>;

}  // namespace vitrispin::dynamics::grid
