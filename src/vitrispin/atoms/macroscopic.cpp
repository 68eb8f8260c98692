#include "vitrispin/atoms/macroscopic.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace vitrispin::atoms {
namespace {

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
      const Vector3<double> other[2] = {frame[j].a, frame[j].b};
      for (Eigen::Index p = 0; p < 2; ++p) {
        for (Eigen::Index q = 0; q < 2; ++q) {
          H(row + p, column + q) -= couplings.J[e] * dot(own[p], other[q]);
          if (!couplings.D.empty()) H(row + p, column + q) -= dot(couplings.D[e], cross(own[p], other[q]));
        }
      }
    }
  }
  return 0.5 * (H + H.transpose());
}

Eigen::VectorXd coordinates(const Spins& v, const std::vector<Frame>& frame) {
  Eigen::VectorXd x(2 * static_cast<Eigen::Index>(v.size()));
  for (std::size_t i = 0; i < v.size(); ++i) {
    x(2 * static_cast<Eigen::Index>(i)) = dot(v[i], frame[i].a);
    x(2 * static_cast<Eigen::Index>(i) + 1) = dot(v[i], frame[i].b);
  }
  return x;
}

Vector3<double> unit_axis(std::size_t k) {
  Vector3<double> n;
  n[k] = 1;
  return n;
}

/// Eigenvalues of rounding's size. Sums of a row round by some eps of the largest eigenvalue; the torque that the quench
/// leaves, 1e-12, and Eigen's own error stay below 1e-10 of it, while physical modes of some thousand spins lie far above.
std::size_t count_zeros(const Eigen::VectorXd& values) {
  const double floor = 1e-10 * values.cwiseAbs().maxCoeff();
  return static_cast<std::size_t>((values.array() < floor).count());
}

/// H with its zero modes left out of the inverse: the response with the state's orientation held.
class Constrained {
public:
  Constrained(const Couplings& couplings, const Spins& spins, const std::vector<Frame>& frame)
      : solver_(matrix_of(couplings, spins, frame)),
        zeros_(static_cast<Eigen::Index>(count_zeros(solver_.eigenvalues()))) {}

  double quadratic(const Eigen::VectorXd& x) const {
    const Eigen::VectorXd parts = solver_.eigenvectors().transpose() * x;
    double sum = 0;
    for (Eigen::Index k = zeros_; k < parts.size(); ++k) sum += parts(k) * parts(k) / solver_.eigenvalues()(k);
    return sum;
  }

private:
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver_;
  Eigen::Index zeros_;
};

/// 2 if the spins lie along one line, to a tenth of the torque's square root: then turning about it does nothing.
std::size_t turning_axes(const Spins& spins) {
  double across = 0;
  for (const Vector3<double>& u : spins) {
    const Vector3<double> c = cross(spins.front(), u);
    across = std::max(across, dot(c, c));
  }
  return across < 1e-14 ? 2 : 3;
}

}  // namespace

Harmonic harmonic(const Couplings& couplings, const Spins& spins, bool with_frequencies) {
  const auto frame = frames(spins);
  const Eigen::MatrixXd H = matrix_of(couplings, spins, frame);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(
      H, with_frequencies ? Eigen::ComputeEigenvectors : Eigen::EigenvaluesOnly);
  const Eigen::VectorXd& values = solver.eigenvalues();
  Harmonic result;
  result.eigenvalues.assign(values.data(), values.data() + values.size());
  result.zero_modes = count_zeros(values);
  if (result.zero_modes > 0) result.gap_below = std::abs(result.eigenvalues[result.zero_modes - 1]);
  if (result.zero_modes < result.eigenvalues.size()) result.gap_above = result.eigenvalues[result.zero_modes];
  if (!with_frequencies) return result;
  // hbar spin dv/dt = -j H v, j the quarter turn of each spin: with H = R R, omega are the eigenvalues of i R j R.
  Eigen::VectorXd roots = values.cwiseMax(0.0).cwiseSqrt();
  roots.head(static_cast<Eigen::Index>(result.zero_modes)).setZero();
  const Eigen::MatrixXd R = solver.eigenvectors() * roots.asDiagonal() * solver.eigenvectors().transpose();
  Eigen::MatrixXd jR(R.rows(), R.cols());
  for (Eigen::Index i = 0; i < R.rows(); i += 2) {
    jR.row(i) = -R.row(i + 1);
    jR.row(i + 1) = R.row(i);
  }
  const Eigen::MatrixXcd hermitian = std::complex<double>(0, 1) * (R * jR).cast<std::complex<double>>();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXcd> spectrum(hermitian, Eigen::EigenvaluesOnly);
  const auto n = static_cast<Eigen::Index>(spins.size());
  for (Eigen::Index k = n; k < 2 * n; ++k) result.frequencies.push_back(std::max(0.0, spectrum.eigenvalues()(k)));
  return result;
}

Response response(const Couplings& exchange, const Spins& spins, std::size_t directions) {
  const auto frame = frames(spins);
  const Constrained constrained(exchange, spins, frame);
  Response result;
  result.transverse = turning_axes(spins);
  const auto axes = static_cast<double>(result.transverse);
  for (std::size_t k = 0; k < 3; ++k) {
    const Vector3<double> n = unit_axis(k);
    result.susceptibility += constrained.quadratic(coordinates(Spins(spins.size(), n), frame)) / axes;
    for (std::size_t a = 0; a < directions; ++a) {
      double bare = 0;
      Spins slope(spins.size());
      for (std::size_t i = 0; i < spins.size(); ++i) {
        const Vector3<double>& u = spins[i];
        if (!exchange.own_J.empty()) bare += exchange.own_Jdd[i][a] * (1 - u[k] * u[k]) / 2;
        for (std::size_t e = exchange.first[i]; e < exchange.first[i + 1]; ++e) {
          const Vector3<double>& w = spins[exchange.neighbour[e]];
          bare += exchange.Jdd[e][a] * (dot(u, w) - u[k] * w[k]) / 2;
          slope[i] = slope[i] - exchange.Jd[e][a] * cross(n, w);
        }
      }
      const double share = 1 / (axes * static_cast<double>(directions));
      result.bare_stiffness += share * bare;
      result.stiffness += share * (bare - constrained.quadratic(coordinates(slope, frame)));
    }
  }
  return result;
}

Rotation rotation(const Couplings& couplings, const Spins& spins) {
  const auto frame = frames(spins);
  const Eigen::MatrixXd H = matrix_of(couplings, spins, frame);
  Eigen::MatrixXd T(H.rows(), 3);
  for (std::size_t k = 0; k < 3; ++k) {
    Spins turn;
    for (const Vector3<double>& u : spins) turn.push_back(cross(unit_axis(k), u));
    T.col(static_cast<Eigen::Index>(k)) = coordinates(turn, frame);
  }
  Rotation result;
  result.rigid = (T.transpose() * H * T).trace() / 3;
  const Eigen::MatrixXd G = T.transpose() * T;
  const Eigen::MatrixXd inner = T.transpose() * H.ldlt().solve(T);
  result.relaxed = (G * inner.ldlt().solve(G)).trace() / 3;
  return result;
}

Spins turned(const Spins& spins, const Vector3<double>& axis, double angle) {
  Spins result;
  for (const Vector3<double>& u : spins) {
    result.push_back(std::cos(angle) * u + std::sin(angle) * cross(axis, u) +
                     ((1 - std::cos(angle)) * dot(axis, u)) * axis);
  }
  return result;
}

}  // namespace vitrispin::atoms
