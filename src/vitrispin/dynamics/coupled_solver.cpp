#include "vitrispin/dynamics/coupled_solver.hpp"

#include <Eigen/Dense>

#include "vitrispin/core/constants.hpp"

namespace vitrispin::dynamics {

using constants::vacuum_permeability;
using Block = Eigen::Matrix<double, 6, 6>;
using Column = Eigen::Matrix<double, 6, 1>;
using Matrix3 = Eigen::Matrix3d;
using Column3 = Eigen::Vector3d;

namespace {

Matrix3 cross_matrix(const Column3& v) {
  Matrix3 matrix;
  matrix << 0, -v.z(), v.y(), v.z(), 0, -v.x(), -v.y(), v.x(), 0;
  return matrix;
}

Column3 column(const Vector3<double>& v) {
  return {v[0], v[1], v[2]};
}

/// p, theta from potentials: the local equations of a cell with M eliminated, all but the fluxes.
struct LocalProblem {
  Block matrix;
  Column right;
  // P = P_0 + P_p p + P_theta theta
  Column3 P_0;
  Matrix3 P_p, P_theta;
};

}  // namespace

struct CoupledSolver::Node {
  Block inverse;  ///< of the eliminated block
  Column unknown;
  Column3 P_0;
  Matrix3 P_p, P_theta;
};

CoupledSolver::CoupledSolver(const Line& line) : line_(line), nodes_(line.nodes()) {}
CoupledSolver::~CoupledSolver() = default;

namespace {

struct CellState {
  Column3 N, m, dH, r_M, r_m, r_theta;
};

CellState gather(const Forcing& forcing, const Fields<double>& r, const Fields<double>& iterate, std::size_t i) {
  CellState cell;
  for (std::size_t k = 0; k < 3; ++k) {
    const auto c = static_cast<Eigen::Index>(k);
    cell.N[c] = iterate.M(k)[i];
    cell.m[c] = iterate.m(k)[i];
    cell.dH[c] = forcing.field[k].empty() ? 0.0 : forcing.field[k][i];
    cell.r_M[c] = r.M(k)[i];
    cell.r_m[c] = r.m(k)[i];
    cell.r_theta[c] = r.theta(k)[i];
  }
  return cell;
}

LocalProblem metal_cell(const Segment& segment, double w, const CellState& cell) {
  const auto& material = segment.material;
  const double chi_m = material.accumulation_susceptibility;
  const double gamma_mu0 = material.gyromagnetic_ratio * vacuum_permeability;
  const double b = 1 / material.accumulation_lattice_relaxation_time;
  const Column3 H = column(segment.m_eq) / chi_m + cell.dH;
  LocalProblem local;
  local.matrix.setIdentity();
  local.matrix.topLeftCorner<3, 3>() =
      segment.width * chi_m * ((1 + w * b) * Matrix3::Identity() - w * gamma_mu0 * cross_matrix(H));
  local.right.setZero();
  local.right.head<3>() = segment.width * (cell.r_m - w * gamma_mu0 * column(segment.m_eq).cross(cell.dH));
  local.P_0.setZero();
  local.P_p.setZero();
  local.P_theta.setZero();
  return local;
}

/// Without gamma nothing turns: a ferromagnet's cell is that of ImplicitSolver.
LocalProblem ferromagnet_cell(const Segment& segment, double w, const CellState& cell) {
  const auto& material = segment.material;
  const auto rates = physics::relaxation_rates(material);
  const double chi_M = material.equilibrium_susceptibility;
  const double chi_m = material.accumulation_susceptibility;
  const double u = chi_M / (chi_M - chi_m);
  const double inverse_A = 1 / (chi_M * (u + w * (rates.M_to_lattice + rates.M_from_m)));
  const double B = chi_m * u + w * (chi_M * rates.M_from_m);
  const double kept = chi_M * (1 + w * rates.M_to_lattice);  // A - B
  LocalProblem local;
  local.matrix.setIdentity();
  local.matrix.diagonal().head<3>().setConstant(segment.width *
                                                (B * inverse_A * kept + w * chi_m * rates.m_to_lattice));
  local.right.setZero();
  local.right.head<3>() = segment.width * (cell.r_m + B * inverse_A * cell.r_M);
  local.P_0 = inverse_A * cell.r_M;
  local.P_p = inverse_A * B * Matrix3::Identity();
  local.P_theta.setZero();
  return local;
}

LocalProblem glass_cell(const Segment& segment, double w, double K, const CellState& cell) {
  const auto& material = segment.material;
  const auto rates = physics::relaxation_rates(material);
  const double chi_M = material.equilibrium_susceptibility;
  const double chi_m = material.accumulation_susceptibility;
  const double u = chi_M / (chi_M - chi_m);
  const double gamma = material.gyromagnetic_ratio;
  const double gamma_mu0 = gamma * vacuum_permeability;
  const double exchange = w * chi_M * rates.M_from_m;
  const Matrix3 one = Matrix3::Identity();
  const Column3 M_eq = column(segment.M_eq);
  // w times the cross products of CoupledSolver's equation
  const Matrix3 MM = w * gamma_mu0 * cross_matrix((M_eq - cell.m) / chi_M + cell.dH);
  const Matrix3 Mm = w * gamma_mu0 * cross_matrix((M_eq + cell.N) / chi_M);
  const Matrix3 mM = w * gamma_mu0 * cross_matrix(cell.m / chi_M);
  const Matrix3 mm = w * gamma_mu0 * cross_matrix(cell.dH - cell.N / chi_M);
  const Column3 r_M = cell.r_M - w * gamma_mu0 * (M_eq.cross(cell.dH) + cell.N.cross(cell.m) / chi_M);
  const Column3 r_m = cell.r_m - w * gamma_mu0 * cell.m.cross(cell.N) / chi_M;

  const Matrix3 A = chi_M * (u + w * (rates.M_to_lattice + rates.M_from_m)) * one - u * (chi_M * MM - chi_m * Mm);
  const Matrix3 B = (chi_m * u + exchange) * one - chi_m * u * (MM - Mm);
  const Matrix3 m_from_p = (chi_m * u + exchange + w * chi_m * rates.m_to_lattice) * one - chi_m * u * (mm - mM);
  const Matrix3 m_from_P = (chi_m * u + exchange) * one - u * (chi_m * mm - chi_M * mM);
  const Matrix3 inverse_A = A.inverse();
  const Matrix3 inverse_N = (material.damping * gamma * one + gamma * gamma_mu0 * w * inverse_A).inverse();
  const Matrix3 E = w * gamma_mu0 * inverse_A * B;
  const Column3 R = cell.r_theta - w * gamma_mu0 * inverse_A * r_M;

  LocalProblem local;
  local.P_0 = inverse_A * (r_M + gamma * inverse_N * R);
  local.P_p = inverse_A * (B - gamma * inverse_N * E);
  local.P_theta = -gamma * inverse_A * inverse_N;
  const double twist_scale = segment.width / (w * vacuum_permeability);
  local.matrix.topLeftCorner<3, 3>() = segment.width * (m_from_p - m_from_P * local.P_p);
  local.matrix.topRightCorner<3, 3>() = -segment.width * m_from_P * local.P_theta;
  local.matrix.bottomLeftCorner<3, 3>() = twist_scale * inverse_N * E;
  local.matrix.bottomRightCorner<3, 3>() = twist_scale * (w * K * one + inverse_N);
  local.right.head<3>() = segment.width * (r_m + m_from_P * local.P_0);
  local.right.tail<3>() = twist_scale * inverse_N * R;
  return local;
}

LocalProblem contact_node(const ContactNode& contact, double w, const CellState& cell) {
  LocalProblem local;
  local.matrix.setIdentity();
  const Matrix3 one = Matrix3::Identity();
  const double per_step = contact.beta / (w * vacuum_permeability);
  local.matrix.bottomRightCorner<3, 3>() = per_step * one;
  local.right.setZero();
  local.right.tail<3>() = per_step * cell.r_theta;
  if (!contact.outer) {
    const double coupling = contact.beta * contact.gamma;
    local.matrix.topLeftCorner<3, 3>() = w * coupling * contact.gamma * vacuum_permeability * one;
    local.matrix.topRightCorner<3, 3>() = local.matrix.bottomLeftCorner<3, 3>() = coupling * one;
    local.right.head<3>() = coupling * cell.r_theta;
  }
  local.P_0.setZero();
  local.P_p.setZero();
  local.P_theta.setZero();
  return local;
}

}  // namespace

void CoupledSolver::step(double w, const Forcing& forcing, const Fields<double>& r, const Fields<double>& iterate,
                         Fields<double>& z) {
  const std::size_t n = line_.nodes();
  std::vector<std::size_t> segment_of(n, line_.segments().size());
  for (std::size_t s = 0; s < line_.segments().size(); ++s) {
    for (std::size_t i = line_.segments()[s].begin; i < line_.segments()[s].end; ++i) segment_of[i] = s;
  }
  std::size_t next_contact = 0;
  Block ground = Block::Zero();
  Column flow = Column::Zero();
  Column link = Column::Zero();
  for (std::size_t i = 0; i < n; ++i) {
    const CellState cell = gather(forcing, r, iterate, i);
    LocalProblem local;
    if (segment_of[i] == line_.segments().size()) {
      local = contact_node(line_.contacts()[next_contact++], w, cell);
    } else {
      const Segment& segment = line_.segments()[segment_of[i]];
      local = segment.material.has_texture() ? glass_cell(segment, w, forcing.anisotropy[segment_of[i]], cell)
              : segment.material.has_equilibrium_magnetization() ? ferromagnet_cell(segment, w, cell)
                                                                 : metal_cell(segment, w, cell);
    }
    for (const OuterFace* face : {&line_.left(), &line_.right()}) {
      if (face->cell != i) continue;
      local.matrix.diagonal().head<3>().array() += w * face->conductance;
      local.matrix.diagonal().tail<3>().array() += face->twist_clamp / vacuum_permeability;
    }
    Node& node = nodes_[i];
    node.P_0 = local.P_0;
    node.P_p = local.P_p;
    node.P_theta = local.P_theta;
    node.unknown = local.right + flow;
    Block seen = local.matrix + ground;
    link.head<3>().setConstant(i + 1 < n ? w * line_.m_links()[i] : 0.0);
    link.tail<3>().setConstant(i + 1 < n ? line_.twist_links()[i] / vacuum_permeability : 0.0);
    Block whole = seen;
    whole.diagonal() += link;
    const Column scale = whole.diagonal().cwiseAbs().cwiseSqrt().cwiseInverse();
    node.inverse =
        scale.asDiagonal() * (scale.asDiagonal() * whole * scale.asDiagonal()).inverse().eval() * scale.asDiagonal();
    // link and ground in series: U (G + U)^-1 G
    ground = link.asDiagonal() * (node.inverse * seen);
    flow = link.asDiagonal() * (node.inverse * node.unknown);
  }
  Column right = Column::Zero();
  for (std::size_t i = n; i-- > 0;) {
    link.head<3>().setConstant(i + 1 < n ? w * line_.m_links()[i] : 0.0);
    link.tail<3>().setConstant(i + 1 < n ? line_.twist_links()[i] / vacuum_permeability : 0.0);
    nodes_[i].unknown = right = nodes_[i].inverse * (nodes_[i].unknown + link.asDiagonal() * right);
  }
  for (std::size_t i = 0; i < n; ++i) {
    const Node& node = nodes_[i];
    const Column3 p = node.unknown.head<3>();
    const Column3 theta = node.unknown.tail<3>();
    Column3 M = Column3::Zero(), m = Column3::Zero(), turned = theta;
    if (segment_of[i] < line_.segments().size()) {
      const auto& material = line_.segments()[segment_of[i]].material;
      const double chi_m = material.accumulation_susceptibility;
      if (!material.has_texture()) turned.setZero();
      if (material.has_equilibrium_magnetization()) {
        const double chi_M = material.equilibrium_susceptibility;
        const double u = chi_M / (chi_M - chi_m);
        const Column3 P = node.P_0 + node.P_p * p + node.P_theta * theta;
        M = chi_M * u * (P - (chi_m / chi_M) * p);
        m = chi_m * u * (p - P);
      } else {
        m = chi_m * p;
      }
    }
    for (std::size_t k = 0; k < 3; ++k) {
      const auto c = static_cast<Eigen::Index>(k);
      z.M(k)[i] = M[c];
      z.m(k)[i] = m[c];
      z.theta(k)[i] = turned[c];
    }
  }
}

}  // namespace vitrispin::dynamics
