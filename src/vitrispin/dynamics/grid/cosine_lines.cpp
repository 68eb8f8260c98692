#include "vitrispin/dynamics/grid/cosine_lines.hpp"

#include "vitrispin/core/vectorised.hpp"

namespace vitrispin::dynamics::grid {

VITRISPIN_VECTORISED void solve_lines(const Lines& lines) {
  const Lane zero = {};
  Lane pp = zero, pt = zero, tt = zero, det = zero;  // what the cells before ground this one by
  Lane p[3] = {zero, zero, zero}, t[3] = {zero, zero, zero};
  for (std::size_t i = 0; i < lines.n; ++i) {
    const LineCell& cell = lines.cells[i];
    const Block& block = lines.blocks[cell.domain];
    const double h = cell.width, u = cell.m_after, v = cell.twist_after;
    const Lane own_pp = h * block.pp + cell.outer.m, own_tt = h * block.tt + cell.outer.twist, own_pt = h * block.pt;
    const Lane own_det = h * h * block.det + (cell.outer.m * own_tt + cell.outer.twist * (h * block.pp));
    det = own_det + det + (own_pp * tt + own_tt * pp - 2.0 * (own_pt * pt));
    pp += own_pp;
    pt += own_pt;
    tt += own_tt;
    const Lane inverse = 1.0 / (det + v * pp + u * tt + u * v);
    const Lane ipp = (tt + v) * inverse, ipt = -(pt * inverse), itt = (pp + u) * inverse;
    Lane* kept = lines.inverses + 3 * i;
    kept[0] = ipp;
    kept[1] = ipt;
    kept[2] = itt;
    for (std::size_t c = 0; c < 3; ++c) {
      Lane& right_p = lines.values[2 * c * lines.stride + 2 * i];
      Lane& right_t = lines.values[(2 * c + 1) * lines.stride + 2 * i];
      const Lane a = p[c] + h * right_p, b = t[c] + h * right_t;
      const Lane x = ipp * a + ipt * b, y = ipt * a + itt * b;
      right_p = x;
      right_t = y;
      p[c] = u * x;
      t[c] = v * y;
    }
    const Lane next_pp = u * (det + v * pp) * inverse, next_tt = v * (det + u * tt) * inverse;
    pt = (u * v) * pt * inverse;
    det = (u * v) * det * inverse;
    pp = next_pp;
    tt = next_tt;
  }
  for (std::size_t c = 0; c < 3; ++c) p[c] = t[c] = zero;
  for (std::size_t i = lines.n; i-- > 0;) {
    const LineCell& cell = lines.cells[i];
    const Lane* kept = lines.inverses + 3 * i;
    for (std::size_t c = 0; c < 3; ++c) {
      Lane& x = lines.values[2 * c * lines.stride + 2 * i];
      Lane& y = lines.values[(2 * c + 1) * lines.stride + 2 * i];
      const Lane a = cell.m_after * p[c], b = cell.twist_after * t[c];
      p[c] = x += kept[0] * a + kept[1] * b;
      t[c] = y += kept[1] * a + kept[2] * b;
    }
  }
}

VITRISPIN_VECTORISED void solve_waves(const Lines& lines, const Ground& link, const CosineTransform& along,
                                      const LocalBlock& local, const Across& across) {
  for (std::size_t i = 0; i < lines.n; ++i) {
    const double joint = local.joint, through = joint * local.ratio * local.ratio;
    const Lane ground_p = local.p_ground + (across.p + link.m * along.curvature(i));
    const Lane ground_t = local.theta_ground + (across.theta + link.twist * along.curvature(i));
    const Lane pp = ground_p + through, tt = ground_t + joint;
    const Lane inverse = 1.0 / (ground_p * tt + through * ground_t);
    const double pt = joint * local.ratio;
    for (std::size_t c = 0; c < 3; ++c) {
      Lane& p = lines.values[2 * c * lines.stride + 2 * i];
      Lane& t = lines.values[(2 * c + 1) * lines.stride + 2 * i];
      const Lane x = (tt * p - pt * t) * inverse;
      t = (pp * t - pt * p) * inverse;
      p = x;
    }
  }
}

}  // namespace vitrispin::dynamics::grid
