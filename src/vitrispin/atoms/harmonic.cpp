#include "vitrispin/atoms/harmonic.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace vitrispin::atoms {
namespace {

using Solver = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>;

/// Two unit vectors across each spin, right-handed with it.
struct Frame {
  Vector3<double> a, b;
};

std::vector<Frame> frames(const Spins& spins) {
  std::vector<Frame> all;
  for (const Vector3<double>& u : spins) {
    Vector3<double> least;
    std::size_t smallest = 0;
    for (std::size_t k = 1; k < 3; ++k) {
      if (std::abs(u[k]) < std::abs(u[smallest])) smallest = k;
    }
    least[smallest] = 1;
    Vector3<double> a = cross(u, least);
    a = (1 / std::sqrt(dot(a, a))) * a;
    all.push_back({a, cross(u, a)});
  }
  return all;
}

/// A tensor of one bond on a tangent vector.
Vector3<double> bond_times(const Couplings& couplings, std::size_t e, const Vector3<double>& v) {
  Vector3<double> result = couplings.J[e] * v;
  if (!couplings.D.empty()) result = result + cross(v, couplings.D[e]);
  if (!couplings.along.empty()) result = result + (couplings.along[e] * dot(couplings.n, v)) * couplings.n;
  return result;
}

Eigen::MatrixXd matrix_of(const Couplings& couplings, const Spins& spins, const std::vector<Frame>& frame) {
  const auto n = static_cast<Eigen::Index>(spins.size());
  Eigen::MatrixXd H = Eigen::MatrixXd::Zero(2 * n, 2 * n);
  const Spins h = fields(couplings, spins);
  for (std::size_t i = 0; i < spins.size(); ++i) {
    const auto row = 2 * static_cast<Eigen::Index>(i);
    const Vector3<double> own[2] = {frame[i].a, frame[i].b};
    for (Eigen::Index p = 0; p < 2; ++p) {
      H(row + p, row + p) += dot(spins[i], h[i]);
      if (couplings.axis.empty()) continue;
      for (Eigen::Index q = 0; q < 2; ++q) {
        H(row + p, row + q) -= 2 * couplings.axial * dot(own[p], couplings.axis[i]) * dot(own[q], couplings.axis[i]);
      }
    }
    for (std::size_t e = couplings.first[i]; e < couplings.first[i + 1]; ++e) {
      const std::size_t j = couplings.neighbour[e];
      const auto column = 2 * static_cast<Eigen::Index>(j);
      const Vector3<double> other[2] = {bond_times(couplings, e, frame[j].a), bond_times(couplings, e, frame[j].b)};
      for (Eigen::Index p = 0; p < 2; ++p) {
        for (Eigen::Index q = 0; q < 2; ++q) H(row + p, column + q) -= dot(own[p], other[q]);
      }
    }
  }
  return 0.5 * (H + H.transpose());
}

/// Eigenvalues of rounding's size. Sums of a row round by some eps of the largest eigenvalue; the torque that the quench
/// leaves, 1e-12, and Eigen's own error stay below 1e-10 of it, while physical modes of some thousand spins lie far above.
std::size_t count_zeros(const Eigen::VectorXd& values) {
  const double floor = 1e-10 * values.cwiseAbs().maxCoeff();
  return static_cast<std::size_t>((values.array() < floor).count());
}

/// With H = R R, omega are the eigenvalues of i A, A = R j R real and antisymmetric: those of A^T A are omega^2, in pairs,
/// and the two vectors of a pair are the real and imaginary part of the mode in the scale of R.
void add_frequencies(const Solver& solver, Harmonic& result) {
  const Eigen::VectorXd& values = solver.eigenvalues();
  const auto zeros = static_cast<Eigen::Index>(result.zero_modes);
  const Eigen::Index live = values.size() - zeros;
  const auto V = solver.eigenvectors().rightCols(live);
  const Eigen::VectorXd root = values.tail(live).cwiseSqrt();
  Eigen::MatrixXd jV(V.rows(), live);
  for (Eigen::Index i = 0; i < V.rows(); i += 2) {
    jV.row(i) = -V.row(i + 1);
    jV.row(i + 1) = V.row(i);
  }
  Eigen::MatrixXd A = V.transpose() * jV;
  A = root.asDiagonal() * A * root.asDiagonal();
  A = (0.5 * (A - A.transpose())).eval();
  Eigen::MatrixXd square = Eigen::MatrixXd::Zero(live, live);
  square.selfadjointView<Eigen::Lower>().rankUpdate(A.transpose());
  const Solver spectrum(square);
  const auto n = static_cast<std::size_t>(values.size() / 2);
  // Zero modes go in pairs with a momentum each, or two to a frequency: what is left of live modes is a pair each.
  const Eigen::Index pairs = live / 2;
  result.frequencies.assign(n - static_cast<std::size_t>(pairs), 0.0);
  result.participation.assign(n - static_cast<std::size_t>(pairs), 0.0);
  const Eigen::MatrixXd modes = V * (root.cwiseInverse().asDiagonal() * spectrum.eigenvectors());
  for (Eigen::Index m = live % 2; m + 1 < live; m += 2) {
    const double squared = 0.5 * (spectrum.eigenvalues()(m) + spectrum.eigenvalues()(m + 1));
    result.frequencies.push_back(std::sqrt(std::max(0.0, squared)));
    double sum = 0;
    double squares = 0;
    for (Eigen::Index i = 0; i < modes.rows(); i += 2) {
      const double p = modes.block(i, m, 2, 2).squaredNorm();
      sum += p;
      squares += p * p;
    }
    result.participation.push_back(sum * sum / squares);
  }
}

}  // namespace

Harmonic harmonic(const Couplings& couplings, const Spins& spins, bool with_frequencies) {
  const Solver solver(matrix_of(couplings, spins, frames(spins)),
                      with_frequencies ? Eigen::ComputeEigenvectors : Eigen::EigenvaluesOnly);
  const Eigen::VectorXd& values = solver.eigenvalues();
  Harmonic result;
  result.eigenvalues.assign(values.data(), values.data() + values.size());
  result.zero_modes = count_zeros(values);
  if (result.zero_modes > 0) result.gap_below = std::abs(result.eigenvalues[result.zero_modes - 1]);
  if (result.zero_modes < result.eigenvalues.size()) result.gap_above = result.eigenvalues[result.zero_modes];
  if (with_frequencies) add_frequencies(solver, result);
  return result;
}

Spins dense_solve(const Couplings& couplings, const Spins& spins, const Spins& b) {
  const auto frame = frames(spins);
  const Solver solver(matrix_of(couplings, spins, frame));
  Eigen::VectorXd x(2 * static_cast<Eigen::Index>(b.size()));
  for (std::size_t i = 0; i < b.size(); ++i) {
    x(2 * static_cast<Eigen::Index>(i)) = dot(b[i], frame[i].a);
    x(2 * static_cast<Eigen::Index>(i) + 1) = dot(b[i], frame[i].b);
  }
  const auto zeros = static_cast<Eigen::Index>(count_zeros(solver.eigenvalues()));
  Eigen::VectorXd parts = solver.eigenvectors().transpose() * x;
  parts.head(zeros).setZero();
  parts.tail(parts.size() - zeros).array() /= solver.eigenvalues().tail(parts.size() - zeros).array();
  x = solver.eigenvectors() * parts;
  Spins result(b.size());
  for (std::size_t i = 0; i < b.size(); ++i) {
    result[i] = x(2 * static_cast<Eigen::Index>(i)) * frame[i].a + x(2 * static_cast<Eigen::Index>(i) + 1) * frame[i].b;
  }
  return result;
}

}  // namespace vitrispin::atoms
