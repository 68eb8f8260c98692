#include "vitrispin/dynamics/implicit_solver.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <utility>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/core/vectorised.hpp"
#include "vitrispin/dynamics/array_loops.hpp"
#include "vitrispin/dynamics/implicit_sweep.hpp"

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize( \
    "cx-limited-range")  // nothing here overflows half way: the textbook product of complex numbers serves
#endif

namespace vitrispin::dynamics {

using constants::vacuum_permeability;

template <class Scalar>
typename ImplicitSolver<Scalar>::Cell ImplicitSolver<Scalar>::cell_of(const Segment& segment, double K) const {
  const auto& material = segment.material;
  const auto rates = physics::relaxation_rates(material);
  Cell cell;
  cell.width = segment.width;
  cell.chi_m = material.accumulation_susceptibility;
  cell.gamma = material.gyromagnetic_ratio;
  cell.pair = material.has_equilibrium_magnetization();
  const Scalar leak = w_ * (cell.chi_m * rates.m_to_lattice);
  if (!cell.pair) {
    cell.p_p = segment.width * (cell.chi_m + leak);
    cell.theta_theta = 1.0;
    cell.determinant = cell.p_p;
    return cell;
  }
  cell.chi_M = material.equilibrium_susceptibility;
  cell.xi = cell.chi_m / cell.chi_M;
  cell.u = cell.chi_M / (cell.chi_M - cell.chi_m);
  const Scalar A = cell.chi_M * (cell.u + w_ * (rates.M_to_lattice + rates.M_from_m));
  cell.inverse_A = 1.0 / A;
  cell.B = cell.chi_m * cell.u + w_ * (cell.chi_M * rates.M_from_m);
  const Scalar B_over_A = cell.B * cell.inverse_A;
  const Scalar kept = cell.chi_M * (1.0 + w_ * rates.M_to_lattice);  // A - B
  const Scalar without_texture = segment.width * (B_over_A * kept + leak);
  cell.m_from_M = B_over_A;
  if (!material.has_texture()) {
    cell.p_p = without_texture;
    cell.theta_theta = 1.0;
    cell.determinant = cell.p_p;
    return cell;
  }
  const double gamma_mu0 = cell.gamma * vacuum_permeability;
  const Scalar N = material.damping * cell.gamma + (cell.gamma * gamma_mu0) * (w_ * cell.inverse_A);
  cell.inverse_N = 1.0 / N;
  cell.E = gamma_mu0 * (w_ * B_over_A);
  const Scalar coupling = cell.gamma * (B_over_A * cell.inverse_N);
  const Scalar through_texture = segment.width * (coupling * cell.E);
  cell.p_p = without_texture + through_texture;
  cell.p_theta = segment.width * coupling;
  cell.theta_theta = segment.width * (K + cell.inverse_N / w_) / vacuum_permeability;
  // p_p theta_theta - p_theta^2, the squares having cancelled by hand
  cell.determinant = without_texture * cell.theta_theta + through_texture * (segment.width * K / vacuum_permeability);
  cell.R_from_M = -gamma_mu0 * (w_ * cell.inverse_A);
  cell.m_from_R = coupling;
  cell.theta_from_R = cell.inverse_N / (vacuum_permeability * w_);
  return cell;
}

/// The local blocks (pp, pt, tt) of all nodes, where the inverses will be, and their determinants.
template <class Scalar>
void ImplicitSolver<Scalar>::assemble(std::vector<Scalar>& determinant) {
  const auto put = [&](std::size_t i, const Scalar& pp, const Scalar& pt, const Scalar& tt, const Scalar& det) {
    Scalar* block = links_.data() + stride * i + 4;
    block[0] = pp;
    block[1] = pt;
    block[2] = tt;
    determinant[i] = det;
  };
  for (std::size_t s = 0; s < cells_.size(); ++s) {
    const Segment& segment = line_.segments()[s];
    const Cell& cell = cells_[s];
    for (std::size_t i = segment.begin; i < segment.end; ++i)
      put(i, cell.p_p, cell.p_theta, cell.theta_theta, cell.determinant);
  }
  for (const ContactNode& contact : line_.contacts()) {
    const Scalar per_step = contact.beta / (w_ * vacuum_permeability);
    if (contact.outer)
      put(contact.node, Scalar(1), Scalar(0), per_step, per_step);
    else
      put(contact.node, w_ * (contact.beta * contact.gamma * contact.gamma * vacuum_permeability),
          Scalar(contact.beta * contact.gamma), per_step, Scalar(0));
  }
  for (const OuterFace* face : {&line_.left(), &line_.right()}) {
    Scalar* block = links_.data() + stride * face->cell + 4;
    const Scalar leak = w_ * face->conductance;
    const Scalar clamp = Scalar(face->twist_clamp / vacuum_permeability);
    determinant[face->cell] += leak * (block[2] + clamp) + clamp * block[0];
    block[0] += leak;
    block[2] += clamp;
  }
}

template <class Scalar>
void ImplicitSolver<Scalar>::factorise(const Scalar& w, const std::vector<double>& anisotropy) {
  w_ = w;
  const std::size_t n = line_.nodes();
  middle_ = n / 2;
  cells_.clear();
  for (std::size_t s = 0; s < line_.segments().size(); ++s)
    cells_.push_back(cell_of(line_.segments()[s], anisotropy[s]));
  links_.assign(stride * n, Scalar(0));
  unknowns_.resize(stride * n);
  std::vector<Scalar> determinant(n);
  assemble(determinant);

  // What a node is grounded by (pp, pt, tt) plus its link onwards is its eliminated block; link and ground in series are
  // the ground that the next node sees.
  struct Ground {
    Scalar pp{}, pt{}, tt{}, det{};
  };
  const auto add = [](Ground& ground, const Scalar* block, const Scalar& det) {
    ground.det = det + ground.det + (block[0] * ground.tt + block[2] * ground.pp - 2.0 * (block[1] * ground.pt));
    ground.pp += block[0];
    ground.pt += block[1];
    ground.tt += block[2];
  };
  const auto pass = [&](Ground& ground, std::size_t i, const Scalar& u, const Scalar& v) {
    Scalar* of_node = links_.data() + stride * i;
    add(ground, of_node + 4, determinant[i]);
    const Scalar whole = ground.det + v * ground.pp + u * ground.tt + u * v;
    const Scalar inverse = 1.0 / whole;
    const Scalar pp = (ground.tt + v) * inverse, pt = -(ground.pt * inverse), tt = (ground.pp + u) * inverse;
    const Scalar entries[7] = {u * pp, u * pt, v * pt, v * tt, pp, pt, tt};
    std::copy(entries, entries + 7, of_node);
    const Scalar next_pp = u * (ground.det + v * ground.pp) * inverse;
    const Scalar next_tt = v * (ground.det + u * ground.tt) * inverse;
    ground = {next_pp, u * v * ground.pt * inverse, next_tt, u * v * ground.det * inverse};
  };
  const auto link = [&](std::size_t i) {
    return std::pair<Scalar, Scalar>(w * line_.m_links()[i], Scalar(line_.twist_links()[i] / vacuum_permeability));
  };
  Ground left, right;
  for (std::size_t i = 0; i < middle_; ++i) {
    const auto [u, v] = link(i);
    pass(left, i, u, v);
  }
  for (std::size_t i = n; --i > middle_;) {
    const auto [u, v] = link(i - 1);
    pass(right, i, u, v);
  }
  const Scalar from_left[3] = {left.pp, left.pt, left.tt};
  add(right, from_left, left.det);
  pass(right, middle_, Scalar(0), Scalar(0));
}

namespace {

struct GlassFactors {
  double width, m_from_M, m_from_R, R_from_M, theta_from_R;
};

VITRISPIN_VECTORISED void eliminate_glass(const GlassFactors& c, std::size_t n, const double* __restrict M0,
                                          const double* __restrict M1, const double* __restrict M2,
                                          const double* __restrict m0, const double* __restrict m1,
                                          const double* __restrict m2, const double* __restrict t0,
                                          const double* __restrict t1, const double* __restrict t2,
                                          double* __restrict unknowns) {
  const double width = c.width, m_from_M = c.m_from_M, m_from_R = c.m_from_R, R_from_M = c.R_from_M,
               theta_from_R = c.theta_from_R;
  for (std::size_t i = 0; i < n; ++i) {
    const double R0 = t0[i] + R_from_M * M0[i];
    const double R1 = t1[i] + R_from_M * M1[i];
    const double R2 = t2[i] + R_from_M * M2[i];
    unknowns[8 * i] = width * m0[i] + m_from_M * M0[i] + m_from_R * R0;
    unknowns[8 * i + 1] = width * m1[i] + m_from_M * M1[i] + m_from_R * R1;
    unknowns[8 * i + 2] = width * m2[i] + m_from_M * M2[i] + m_from_R * R2;
    unknowns[8 * i + 3] = 0;
    unknowns[8 * i + 4] = theta_from_R * R0;
    unknowns[8 * i + 5] = theta_from_R * R1;
    unknowns[8 * i + 6] = theta_from_R * R2;
    unknowns[8 * i + 7] = 0;
  }
}

struct GlassRecovery {
  double R_from_M, inverse_A, B, E, torque_scale, xi, to_M, to_m;
};

VITRISPIN_VECTORISED void recover_glass(const GlassRecovery& c, std::size_t n, const double* __restrict rM,
                                        const double* __restrict rt, const double* __restrict unknowns,
                                        double* __restrict M, double* __restrict m, double* __restrict t) {
  const double R_from_M = c.R_from_M, inverse_A = c.inverse_A, B = c.B, E = c.E, torque_scale = c.torque_scale,
               xi = c.xi, to_M = c.to_M, to_m = c.to_m;
  for (std::size_t i = 0; i < n; ++i) {
    const double p = unknowns[8 * i], theta = unknowns[8 * i + 4];
    const double R = rt[i] + R_from_M * rM[i];
    const double P = inverse_A * (rM[i] + B * p - torque_scale * (theta + E * p - R));
    M[i] = to_M * (P - xi * p);
    m[i] = to_m * (p - P);
    t[i] = theta;
  }
}

/// recover_glass, precession and eliminate_glass of the next right-hand side in one pass; metals too, whose factors of M
/// and theta are zero.
VITRISPIN_VECTORISED void substitute_cells(const GlassFactors& to, const GlassRecovery& from, double turn,
                                           const Vector3<double>& M_eq, const Vector3<double>& m_eq, std::size_t n,
                                           std::size_t nodes, const double* __restrict base, double* __restrict right,
                                           double* __restrict unknowns, double* __restrict change) {
  const double R_from_M = from.R_from_M, inverse_A = from.inverse_A, B = from.B, E = from.E, xi = from.xi,
               torque_scale = from.torque_scale, to_M = from.to_M, to_m = from.to_m;
  const double width = to.width, m_from_M = to.m_from_M, m_from_R = to.m_from_R, theta_from_R = to.theta_from_R;
  const double A0 = M_eq[0], A1 = M_eq[1], A2 = M_eq[2], a0 = m_eq[0], a1 = m_eq[1], a2 = m_eq[2];
  const double* __restrict bM0 = base, * __restrict bM1 = base + nodes, * __restrict bM2 = base + 2 * nodes;
  const double* __restrict bm0 = base + 3 * nodes, * __restrict bm1 = base + 4 * nodes, * __restrict bm2 = base + 5 * nodes;
  const double* __restrict t0 = base + 6 * nodes, * __restrict t1 = base + 7 * nodes, * __restrict t2 = base + 8 * nodes;
  double* __restrict M0 = right, * __restrict M1 = right + nodes, * __restrict M2 = right + 2 * nodes;
  double* __restrict m0 = right + 3 * nodes, * __restrict m1 = right + 4 * nodes, * __restrict m2 = right + 5 * nodes;
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC ivdep
#endif
  for (std::size_t i = 0; i < n; ++i) {
    const double p0 = unknowns[8 * i], p1 = unknowns[8 * i + 1], p2 = unknowns[8 * i + 2];
    const double T0 = unknowns[8 * i + 4] + E * p0, T1 = unknowns[8 * i + 5] + E * p1,
                 T2 = unknowns[8 * i + 6] + E * p2;
    const double P0 = inverse_A * (M0[i] + B * p0 - torque_scale * (T0 - (t0[i] + R_from_M * M0[i])));
    const double P1 = inverse_A * (M1[i] + B * p1 - torque_scale * (T1 - (t1[i] + R_from_M * M1[i])));
    const double P2 = inverse_A * (M2[i] + B * p2 - torque_scale * (T2 - (t2[i] + R_from_M * M2[i])));
    const double X = A0 + to_M * (P0 - xi * p0), Y = A1 + to_M * (P1 - xi * p1), Z = A2 + to_M * (P2 - xi * p2);
    const double x = a0 + to_m * (p0 - P0), y = a1 + to_m * (p1 - P1), z = a2 + to_m * (p2 - P2);
    const double rM0 = bM0[i] + turn * (Y * P2 - Z * P1);
    const double rM1 = bM1[i] + turn * (Z * P0 - X * P2);
    const double rM2 = bM2[i] + turn * (X * P1 - Y * P0);
    const double rm0 = bm0[i] + turn * (y * p2 - z * p1);
    const double rm1 = bm1[i] + turn * (z * p0 - x * p2);
    const double rm2 = bm2[i] + turn * (x * p1 - y * p0);
    change[i] =
        ((std::fabs(rM0 - M0[i]) + std::fabs(rM1 - M1[i])) + (std::fabs(rM2 - M2[i]) + std::fabs(rm0 - m0[i]))) +
        (std::fabs(rm1 - m1[i]) + std::fabs(rm2 - m2[i]));
    M0[i] = rM0;
    M1[i] = rM1;
    M2[i] = rM2;
    m0[i] = rm0;
    m1[i] = rm1;
    m2[i] = rm2;
    const double R0 = t0[i] + R_from_M * rM0, R1 = t1[i] + R_from_M * rM1, R2 = t2[i] + R_from_M * rM2;
    unknowns[8 * i] = width * rm0 + m_from_M * rM0 + m_from_R * R0;
    unknowns[8 * i + 1] = width * rm1 + m_from_M * rM1 + m_from_R * R1;
    unknowns[8 * i + 2] = width * rm2 + m_from_M * rM2 + m_from_R * R2;
    unknowns[8 * i + 3] = 0;
    unknowns[8 * i + 4] = theta_from_R * R0;
    unknowns[8 * i + 5] = theta_from_R * R1;
    unknowns[8 * i + 6] = theta_from_R * R2;
    unknowns[8 * i + 7] = 0;
  }
}

}  // namespace

template <class Scalar>
void ImplicitSolver<Scalar>::eliminate(const Fields<Scalar>& r) {
  for (std::size_t s = 0; s < cells_.size(); ++s) {
    const Cell& c = cells_[s];
    const Segment& segment = line_.segments()[s];
    const std::size_t b = segment.begin;
    Scalar* unknowns = unknowns_.data() + stride * b;
    if constexpr (std::is_same_v<Scalar, double>) {
      if (c.pair) {
        const GlassFactors factors{c.width, c.width * c.m_from_M, c.width * c.m_from_R, c.R_from_M,
                                   c.width * c.theta_from_R};
        eliminate_glass(factors, segment.end - b, r.M(0) + b, r.M(1) + b, r.M(2) + b, r.m(0) + b, r.m(1) + b,
                        r.m(2) + b, r.theta(0) + b, r.theta(1) + b, r.theta(2) + b, unknowns);
        continue;
      }
    }
    const Scalar m_from_M = c.width * c.m_from_M;
    const Scalar m_from_R = c.width * c.m_from_R;
    const Scalar theta_from_R = c.width * c.theta_from_R;
    for (std::size_t i = b; i < segment.end; ++i, unknowns += stride) {
      for (std::size_t k = 0; k < 3; ++k) {
        const Scalar m = r.m(k)[i];
        if (!c.pair) {
          unknowns[k] = c.width * m;
          unknowns[4 + k] = Scalar(0);
          continue;
        }
        const Scalar R = r.theta(k)[i] + c.R_from_M * r.M(k)[i];
        unknowns[k] = c.width * m + m_from_M * r.M(k)[i] + m_from_R * R;
        unknowns[4 + k] = theta_from_R * R;
      }
      unknowns[3] = unknowns[7] = Scalar(0);
    }
  }
  eliminate_contacts(r);
}

template <class Scalar>
void ImplicitSolver<Scalar>::eliminate_contacts(const Fields<Scalar>& r) {
  for (const ContactNode& contact : line_.contacts()) {
    Scalar* unknowns = unknowns_.data() + stride * contact.node;
    for (std::size_t k = 0; k < 3; ++k) {
      const Scalar rate = r.theta(k)[contact.node];
      unknowns[k] = contact.outer ? Scalar(0) : (contact.gamma * contact.beta) * rate;
      unknowns[4 + k] = contact.beta * rate / (w_ * vacuum_permeability);
    }
    unknowns[3] = unknowns[7] = Scalar(0);
  }
}

/// Elimination from both ends, which leaves each node's own part of its unknowns, and back from the middle.
template <class Scalar>
void ImplicitSolver<Scalar>::sweep() {
  const std::size_t n = line_.nodes();
#if defined(__GNUC__)
  if constexpr (std::is_same_v<Scalar, double>) {
    sweep_nodes(n, middle_, links_.data(), unknowns_.data());
    return;
  }
#endif
  struct Pair {
    Scalar p[3] = {}, t[3] = {};
  };
  const auto inwards = [&](std::size_t i, Pair& carried) {
    const Scalar* c = links_.data() + stride * i;
    Scalar* x = unknowns_.data() + stride * i;
    for (std::size_t k = 0; k < 3; ++k) {
      const Scalar p = carried.p[k] + x[k], t = carried.t[k] + x[4 + k];
      x[k] = c[4] * p + c[5] * t;
      x[4 + k] = c[5] * p + c[6] * t;
      carried.p[k] = c[0] * p + c[1] * t;
      carried.t[k] = c[2] * p + c[3] * t;
    }
  };
  const auto outwards = [&](std::size_t i, Pair& known) {
    const Scalar* c = links_.data() + stride * i;
    Scalar* x = unknowns_.data() + stride * i;
    for (std::size_t k = 0; k < 3; ++k) {
      const Scalar p = (x[k] + c[0] * known.p[k]) + c[2] * known.t[k];
      const Scalar t = (x[4 + k] + c[1] * known.p[k]) + c[3] * known.t[k];
      x[k] = known.p[k] = p;
      x[4 + k] = known.t[k] = t;
    }
  };
  Pair left, right;
  for (std::size_t i = 0; i < middle_; ++i) {
    inwards(i, left);
    if (n - 1 - i > middle_) inwards(n - 1 - i, right);
  }
  for (std::size_t k = 0; k < 3; ++k) {
    right.p[k] = left.p[k] + right.p[k];
    right.t[k] = left.t[k] + right.t[k];
  }
  inwards(middle_, right);
  for (std::size_t k = 0; k < 3; ++k) {
    left.p[k] = right.p[k] = unknowns_[stride * middle_ + k];
    left.t[k] = right.t[k] = unknowns_[stride * middle_ + 4 + k];
  }
  for (std::size_t i = middle_; i-- > 0;) {
    outwards(i, left);
    if (n - 1 - i > middle_) outwards(n - 1 - i, right);
  }
}

template <class Scalar>
void ImplicitSolver<Scalar>::solve(const Fields<Scalar>& r, Fields<Scalar>& z) {
  eliminate(r);
  sweep();
  recover(r, z);
}

template <class Scalar>
void ImplicitSolver<Scalar>::recover(const Fields<Scalar>& r, Fields<Scalar>& z) const {
  for (std::size_t k = 0; k < 3; ++k) {
    const Scalar* unknowns = unknowns_.data() + k;
    const Scalar *rM = r.M(k), *rt = r.theta(k);
    Scalar *M = z.M(k), *m = z.m(k), *t = z.theta(k);
    for (std::size_t s = 0; s < cells_.size(); ++s) {
      const Cell& c = cells_[s];
      const Segment& segment = line_.segments()[s];
      if (!c.pair) {
        for (std::size_t i = segment.begin; i < segment.end; ++i) {
          M[i] = t[i] = Scalar(0);
          m[i] = c.chi_m * unknowns[stride * i];
        }
        continue;
      }
      const Scalar torque_scale = c.gamma * c.inverse_N;
      const double to_M = c.chi_M * c.u;
      const double to_m = c.chi_m * c.u;
      if constexpr (std::is_same_v<Scalar, double>) {
        const std::size_t b = segment.begin;
        const GlassRecovery recovery{c.R_from_M, c.inverse_A, c.B, c.E, torque_scale, c.xi, to_M, to_m};
        recover_glass(recovery, segment.end - b, rM + b, rt + b, unknowns + stride * b, M + b, m + b, t + b);
        continue;
      }
      for (std::size_t i = segment.begin; i < segment.end; ++i) {
        const Scalar p = unknowns[stride * i], theta = unknowns[stride * i + 4];
        const Scalar R = rt[i] + c.R_from_M * rM[i];
        const Scalar P = c.inverse_A * (rM[i] + c.B * p - torque_scale * (theta + c.E * p - R));
        M[i] = to_M * (P - c.xi * p);
        m[i] = to_m * (p - P);
        t[i] = theta;
      }
    }
    for (const ContactNode& contact : line_.contacts()) {
      M[contact.node] = m[contact.node] = Scalar(0);
      t[contact.node] = unknowns[stride * contact.node + 4];
    }
  }
}

template <class Scalar>
double ImplicitSolver<Scalar>::substitute(const Fields<Scalar>& base, Fields<Scalar>& right,
                                          std::vector<double>& change) {
  if constexpr (std::is_same_v<Scalar, double>) {
    sweep();
    change.resize(line_.nodes());
    for (std::size_t s = 0; s < cells_.size(); ++s) {
      const Cell& c = cells_[s];
      const Segment& segment = line_.segments()[s];
      const std::size_t b = segment.begin;
      const GlassFactors to{c.width, c.width * c.m_from_M, c.width * c.m_from_R, c.R_from_M, c.width * c.theta_from_R};
      const GlassRecovery from{c.R_from_M, c.inverse_A,   c.B,          c.E, c.gamma * c.inverse_N,
                               c.xi,       c.chi_M * c.u, c.chi_m * c.u};
      const double turn = w_ * segment.material.gyromagnetic_ratio * vacuum_permeability;
      substitute_cells(to, from, turn, segment.M_eq, segment.m_eq, segment.end - b, line_.nodes(),
                       base.values().data() + b, right.values().data() + b, unknowns_.data() + stride * b,
                       change.data() + b);
    }
    for (const ContactNode& contact : line_.contacts()) change[contact.node] = 0;
    eliminate_contacts(right);
    return largest(change.size(), change.data());
  } else {
    static_cast<void>(base), static_cast<void>(right), static_cast<void>(change);
    return 0;
  }
}

template class ImplicitSolver<double>;
template class ImplicitSolver<std::complex<double>>;

}  // namespace vitrispin::dynamics
