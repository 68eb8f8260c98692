#include "vitrispin/dynamics/implicit_solver.hpp"

#include "vitrispin/core/constants.hpp"

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
  cell.texture = material.has_texture();
  const Scalar leak = w_ * (cell.chi_m * rates.m_to_lattice);
  if (!cell.texture) {
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
  const double gamma_mu0 = cell.gamma * vacuum_permeability;
  const Scalar N = material.damping * cell.gamma + (cell.gamma * gamma_mu0) * (w_ * cell.inverse_A);
  cell.inverse_N = 1.0 / N;
  const Scalar B_over_A = cell.B * cell.inverse_A;
  cell.E = gamma_mu0 * (w_ * B_over_A);
  const Scalar coupling = cell.gamma * (B_over_A * cell.inverse_N);
  const Scalar kept = cell.chi_M * (1.0 + w_ * rates.M_to_lattice);  // A - B
  const Scalar without_texture = segment.width * (B_over_A * kept + leak);
  const Scalar through_texture = segment.width * (coupling * cell.E);
  cell.p_p = without_texture + through_texture;
  cell.p_theta = segment.width * coupling;
  cell.theta_theta = segment.width * (K + cell.inverse_N / w_) / vacuum_permeability;
  // p_p theta_theta - p_theta^2, the squares having cancelled by hand
  cell.determinant = without_texture * cell.theta_theta + through_texture * (segment.width * K / vacuum_permeability);
  cell.R_from_M = -gamma_mu0 * (w_ * cell.inverse_A);
  cell.m_from_M = B_over_A;
  cell.m_from_R = coupling;
  cell.theta_from_R = cell.inverse_N / (vacuum_permeability * w_);
  return cell;
}

template <class Scalar>
void ImplicitSolver<Scalar>::factorise(const Scalar& w, const std::vector<double>& anisotropy) {
  w_ = w;
  const std::size_t n = line_.nodes();
  cells_.clear();
  for (std::size_t s = 0; s < line_.segments().size(); ++s)
    cells_.push_back(cell_of(line_.segments()[s], anisotropy[s]));
  for (auto* array : {&inverse_pp_, &inverse_pt_, &inverse_tt_, &m_link_, &twist_link_}) array->resize(n);
  p_.resize(3 * n);
  theta_.resize(3 * n);
  for (std::size_t i = 0; i + 1 < n; ++i) {
    m_link_[i] = w * line_.m_links()[i];
    twist_link_[i] = Scalar(line_.twist_links()[i] / vacuum_permeability);
  }
  m_link_[n - 1] = twist_link_[n - 1] = Scalar(0);

  // The local blocks (pp, pt, tt, determinant), in the arrays of the inverse for now.
  std::vector<Scalar> determinant(n);
  for (std::size_t s = 0; s < cells_.size(); ++s) {
    const Segment& segment = line_.segments()[s];
    const Cell& cell = cells_[s];
    for (std::size_t i = segment.begin; i < segment.end; ++i) {
      inverse_pp_[i] = cell.p_p;
      inverse_pt_[i] = cell.p_theta;
      inverse_tt_[i] = cell.theta_theta;
      determinant[i] = cell.determinant;
    }
  }
  for (const ContactNode& contact : line_.contacts()) {
    const std::size_t i = contact.node;
    inverse_tt_[i] = contact.beta / (w * vacuum_permeability);
    inverse_pp_[i] =
        contact.outer ? Scalar(1) : w * (contact.beta * contact.gamma * contact.gamma * vacuum_permeability);
    inverse_pt_[i] = contact.outer ? Scalar(0) : Scalar(contact.beta * contact.gamma);
    determinant[i] = contact.outer ? inverse_tt_[i] : Scalar(0);
  }
  for (const OuterFace* face : {&line_.left(), &line_.right()}) {
    const std::size_t i = face->cell;
    const Scalar leak = w * face->conductance;
    const Scalar clamp = Scalar(face->twist_clamp / vacuum_permeability);
    determinant[i] += leak * (inverse_tt_[i] + clamp) + clamp * inverse_pp_[i];
    inverse_pp_[i] += leak;
    inverse_tt_[i] += clamp;
  }

  // From left to right: what a node is grounded by (pp, pt, tt) plus its link to the right is its eliminated block;
  // link and ground in series are the ground that the next node sees.
  Scalar pp{}, pt{}, tt{}, det{};
  for (std::size_t i = 0; i < n; ++i) {
    const Scalar local_pp = inverse_pp_[i];
    const Scalar local_pt = inverse_pt_[i];
    const Scalar local_tt = inverse_tt_[i];
    det = determinant[i] + det + (local_pp * tt + local_tt * pp - 2.0 * (local_pt * pt));
    pp += local_pp;
    pt += local_pt;
    tt += local_tt;
    const Scalar& u = m_link_[i];
    const Scalar& v = twist_link_[i];
    const Scalar whole = det + v * pp + u * tt + u * v;
    const Scalar inverse = 1.0 / whole;
    inverse_pp_[i] = (tt + v) * inverse;
    inverse_pt_[i] = -(pt * inverse);
    inverse_tt_[i] = (pp + u) * inverse;
    const Scalar next_pp = u * (det + v * pp) * inverse;
    const Scalar next_tt = v * (det + u * tt) * inverse;
    pt = u * v * pt * inverse;
    pp = next_pp;
    tt = next_tt;
    det = u * v * det * inverse;
  }
}

template <class Scalar>
void ImplicitSolver<Scalar>::eliminate(std::size_t k, const Fields<Scalar>& r) {
  const std::size_t n = line_.nodes();
  Scalar* p = p_.data() + k * n;
  Scalar* theta = theta_.data() + k * n;
  const Scalar *rM = r.M(k), *rm = r.m(k), *rt = r.theta(k);
  for (std::size_t s = 0; s < cells_.size(); ++s) {
    const Cell& c = cells_[s];
    const Segment& segment = line_.segments()[s];
    if (!c.texture) {
      for (std::size_t i = segment.begin; i < segment.end; ++i) {
        p[i] = c.width * rm[i];
        theta[i] = Scalar(0);
      }
      continue;
    }
    const Scalar m_from_M = c.width * c.m_from_M;
    const Scalar m_from_R = c.width * c.m_from_R;
    const Scalar theta_from_R = c.width * c.theta_from_R;
    for (std::size_t i = segment.begin; i < segment.end; ++i) {
      const Scalar R = rt[i] + c.R_from_M * rM[i];
      p[i] = c.width * rm[i] + m_from_M * rM[i] + m_from_R * R;
      theta[i] = theta_from_R * R;
    }
  }
  for (const ContactNode& contact : line_.contacts()) {
    const std::size_t i = contact.node;
    p[i] = contact.outer ? Scalar(0) : (contact.gamma * contact.beta) * rt[i];
    theta[i] = contact.beta * rt[i] / (w_ * vacuum_permeability);
  }
}

template <class Scalar>
void ImplicitSolver<Scalar>::solve(const Fields<Scalar>& r, Fields<Scalar>& z) {
  const std::size_t n = line_.nodes();
  for (std::size_t k = 0; k < 3; ++k) eliminate(k, r);
  // Three independent recursions in one loop: each hides the others' latency.
  Scalar *p0 = p_.data(), *p1 = p0 + n, *p2 = p1 + n;
  Scalar *t0 = theta_.data(), *t1 = t0 + n, *t2 = t1 + n;
  for (std::size_t i = 0; i + 1 < n; ++i) {
    const Scalar up = m_link_[i] * inverse_pp_[i];
    const Scalar ut = m_link_[i] * inverse_pt_[i];
    const Scalar vp = twist_link_[i] * inverse_pt_[i];
    const Scalar vt = twist_link_[i] * inverse_tt_[i];
    p0[i + 1] += up * p0[i] + ut * t0[i];
    p1[i + 1] += up * p1[i] + ut * t1[i];
    p2[i + 1] += up * p2[i] + ut * t2[i];
    t0[i + 1] += vp * p0[i] + vt * t0[i];
    t1[i + 1] += vp * p1[i] + vt * t1[i];
    t2[i + 1] += vp * p2[i] + vt * t2[i];
  }
  Scalar right[6] = {};
  for (std::size_t i = n; i-- > 0;) {
    const Scalar &u = m_link_[i], &v = twist_link_[i];
    const Scalar &a = inverse_pp_[i], &b = inverse_pt_[i], &c = inverse_tt_[i];
    const Scalar q0 = p0[i] + u * right[0], s0 = t0[i] + v * right[3];
    const Scalar q1 = p1[i] + u * right[1], s1 = t1[i] + v * right[4];
    const Scalar q2 = p2[i] + u * right[2], s2 = t2[i] + v * right[5];
    p0[i] = right[0] = a * q0 + b * s0;
    p1[i] = right[1] = a * q1 + b * s1;
    p2[i] = right[2] = a * q2 + b * s2;
    t0[i] = right[3] = b * q0 + c * s0;
    t1[i] = right[4] = b * q1 + c * s1;
    t2[i] = right[5] = b * q2 + c * s2;
  }
  recover(r, z);
}

template <class Scalar>
void ImplicitSolver<Scalar>::recover(const Fields<Scalar>& r, Fields<Scalar>& z) const {
  const std::size_t n = line_.nodes();
  for (std::size_t k = 0; k < 3; ++k) {
    const Scalar* p = p_.data() + k * n;
    const Scalar* theta = theta_.data() + k * n;
    const Scalar *rM = r.M(k), *rt = r.theta(k);
    Scalar *M = z.M(k), *m = z.m(k), *t = z.theta(k);
    for (std::size_t s = 0; s < cells_.size(); ++s) {
      const Cell& c = cells_[s];
      const Segment& segment = line_.segments()[s];
      if (!c.texture) {
        for (std::size_t i = segment.begin; i < segment.end; ++i) {
          M[i] = t[i] = Scalar(0);
          m[i] = c.chi_m * p[i];
        }
        continue;
      }
      const Scalar torque_scale = c.gamma * c.inverse_N;
      const double to_M = c.chi_M * c.u;
      const double to_m = c.chi_m * c.u;
      for (std::size_t i = segment.begin; i < segment.end; ++i) {
        const Scalar R = rt[i] + c.R_from_M * rM[i];
        const Scalar P = c.inverse_A * (rM[i] + c.B * p[i] - torque_scale * (theta[i] + c.E * p[i] - R));
        M[i] = to_M * (P - c.xi * p[i]);
        m[i] = to_m * (p[i] - P);
        t[i] = theta[i];
      }
    }
    for (const ContactNode& contact : line_.contacts()) {
      M[contact.node] = m[contact.node] = Scalar(0);
      t[contact.node] = theta[contact.node];
    }
  }
}

template class ImplicitSolver<double>;
template class ImplicitSolver<std::complex<double>>;

}  // namespace vitrispin::dynamics
