#include "vitrispin/dynamics/grid/multigrid_level.hpp"

#include <algorithm>

namespace vitrispin::dynamics::grid {

template <class Real>
Level<Real>::Level(const Stage& stage, std::size_t plane_axis, std::size_t begin, std::size_t end)
    : stage_(&stage),
      plane_axis_(plane_axis),
      n_(stage.count[0]),
      rows_(plane_axis == 2 ? stage.count[1] : 1),
      planes_(end - begin),
      begin_(begin),
      whole_planes_(stage.count[plane_axis]) {}

template <class Real>
bool Level<Real>::has_plane(std::ptrdiff_t p) const {
  const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(begin_) + p;
  return around() || (at >= 0 && at < static_cast<std::ptrdiff_t>(whole_planes_));
}

template <class Real>
std::size_t Level<Real>::place(std::ptrdiff_t p) const {
  const auto n = static_cast<std::ptrdiff_t>(whole_planes_);
  return static_cast<std::size_t>((static_cast<std::ptrdiff_t>(begin_) + p + n) % n);
}

template <class Real>
std::size_t Level<Real>::slot(std::size_t at) const {
  if (at >= begin_ && at < begin_ + planes_) return at - begin_ + 1;
  const auto end = static_cast<std::ptrdiff_t>(planes_);
  if (has_plane(-1) && place(-1) == at) return 0;
  return has_plane(end) && place(end) == at ? planes_ + 1 : no_slot;
}

template <class Real>
void Level<Real>::fill(const LevelScale& scale) {
  tables_.resize(stage_->tables.size());
  const std::size_t stride = n_ + 1;
  const double to_p = scale.matrix, to_pt = scale.matrix * scale.theta, to_t = scale.matrix * scale.theta * scale.theta;
  for (std::size_t t = 0; t < tables_.size(); ++t) {
    const RowTable& from = stage_->tables[t];
    Values<Real>& to = tables_[t];
    to.assign(arrays * stride, Real(0));
    const auto put = [&](std::size_t array, std::size_t i, double value) {
      to[array * stride + i] = static_cast<Real>(value);
    };
    for (std::size_t i = 0; i <= n_; ++i) {
      for (std::size_t a = RowTable::x_p; a <= RowTable::z_after_t; ++a)
        put(a, i, (a % 2 == 0 ? to_p : to_t) * from[a][i]);
      if (i == n_) continue;
      double links[2];
      for (std::size_t field = 0; field < 2; ++field) {
        links[field] = from[RowTable::x_p + field][i] + from[RowTable::x_p + field][i + 1];
        for (std::size_t a = RowTable::y_before_p; a <= RowTable::z_after_p; a += 2) links[field] += from[a + field][i];
      }
      const double pp = from[RowTable::ground_pp][i], pt = from[RowTable::ground_pt][i],
                   tt = from[RowTable::ground_tt][i];
      put(RowTable::ground_pp, i, to_p * pp);
      put(RowTable::ground_pt, i, to_pt * pt);
      put(RowTable::ground_tt, i, to_t * tt);
      const double d_pp = pp + links[0], d_tt = tt + links[1];
      put(diagonal_pp, i, to_p * d_pp);
      put(diagonal_tt, i, to_t * d_tt);
      if (d_tt == 0 || d_pp == 0) {  // no texture, or vacuum
        put(inverse_pp, i, d_pp == 0 ? 0 : 1 / (to_p * d_pp));
        put(inverse_tt, i, d_tt == 0 ? 0 : 1 / (to_t * d_tt));
        continue;
      }
      const double det = from[RowTable::ground_det][i] + links[0] * tt + links[1] * pp + links[0] * links[1];
      put(inverse_pp, i, d_tt / (det * to_p));
      put(inverse_pt, i, -pt / (det * to_pt));
      put(inverse_tt, i, d_pp / (det * to_t));
    }
  }
}

template <class Real>
RowMatrix<Real> Level<Real>::matrix(std::ptrdiff_t p, std::size_t j) const {
  const Real* values = table(p, j);
  const auto array = [&](std::size_t index) { return values + index * (n_ + 1); };
  RowMatrix<Real> A;
  for (std::size_t field = 0; field < 2; ++field) {
    A.x[field] = array(RowTable::x_p + field);
    for (std::size_t side = 0; side < 4; ++side) A.beside[side][field] = array(RowTable::y_before_p + 2 * side + field);
  }
  A.pp = array(RowTable::ground_pp);
  A.pt = array(RowTable::ground_pt);
  A.tt = array(RowTable::ground_tt);
  A.inverse_pp = array(inverse_pp);
  A.inverse_pt = array(inverse_pt);
  A.inverse_tt = array(inverse_tt);
  return A;
}

template <class Real>
const Real* Level<Real>::diagonal(std::ptrdiff_t p, std::size_t j, std::size_t field) const {
  return table(p, j) + (diagonal_pp + field) * (n_ + 1);
}

template <class Real>
RowValues<Real> Level<Real>::beside(const LevelVector<Real>& v, std::size_t here_plane, std::size_t before_plane,
                                    std::size_t after_plane, std::size_t j, std::size_t component) const {
  RowValues<Real> values;
  for (std::size_t field = 0; field < 2; ++field) {
    const std::size_t f = 2 * component + field;
    const Real* here = v.row(f, here_plane, j);
    values.here[field] = here;
    const Real *before = v.row(f, before_plane, j), *after = v.row(f, after_plane, j);
    if (plane_axis_ == 1) {
      values.beside[0][field] = before;
      values.beside[1][field] = after;
      values.beside[2][field] = values.beside[3][field] = here;
      continue;
    }
    const bool around = around_rows();
    values.beside[0][field] = j > 0 ? v.row(f, here_plane, j - 1) : around ? v.row(f, here_plane, rows_ - 1) : here;
    values.beside[1][field] = j + 1 < rows_ ? v.row(f, here_plane, j + 1) : around ? v.row(f, here_plane, 0) : here;
    values.beside[2][field] = before;
    values.beside[3][field] = after;
  }
  return values;
}

template <class Real>
void Level<Real>::fill_ends(LevelVector<Real>& vector, const Halo& halo) const {
  const std::size_t size = vector.plane_size();
  if (whole()) {
    if (!around()) return;
    std::copy_n(vector.plane(planes_), size, vector.plane(0));
    std::copy_n(vector.plane(1), size, vector.plane(planes_ + 1));
    return;
  }
  // The halo speaks of doubles: the plane before, the first, the last, the plane after.
  std::vector<double> edges(4 * size, 0.0);
  std::copy_n(vector.plane(1), size, edges.data() + size);
  std::copy_n(vector.plane(planes_), size, edges.data() + 2 * size);
  halo.fill(size, 2 * size, {edges.data() + size});
  const auto take = [&](const double* from, Real* to) {
    std::transform(from, from + size, to, [](double value) { return static_cast<Real>(value); });
  };
  if (has_plane(-1)) take(edges.data(), vector.plane(0));
  if (has_plane(static_cast<std::ptrdiff_t>(planes_))) take(edges.data() + 3 * size, vector.plane(planes_ + 1));
}

template class Level<float>;
template class Level<double>;

}  // namespace vitrispin::dynamics::grid
