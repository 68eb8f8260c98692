#include "vitrispin/modes/linearised_dynamics.hpp"

#include <ceres/jet.h>

#include <cmath>

#include "vitrispin/physics/dynamics.hpp"

namespace vitrispin::modes {
namespace {

using Dual = ceres::Jet<double, 9>;
using Complex = std::complex<double>;

/// A vector at its equilibrium value whose components are the independent variables first, first + 1, first + 2.
Vector3<Dual> variable(const Vector3<double>& value, int first) {
  return {Dual(value[0], first), Dual(value[1], first + 1), Dual(value[2], first + 2)};
}

void store_rows(Matrix9& jacobian, std::size_t first, const Vector3<Dual>& rate) {
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 9; ++j) jacobian[first + i][j] = rate[i].v[static_cast<Eigen::Index>(j)];
  }
}

/// e1 + i sigma e2, or the axis itself for sigma = 0.
Vector3<Complex> polarisation(const Vector3<double>& axis, int sigma) {
  if (sigma == 0) return {axis[0], axis[1], axis[2]};
  // e1 from the Cartesian direction least parallel to the axis; x for the z axis
  Vector3<double> start{1.0, 0.0, 0.0};
  if (std::abs(axis[0]) > std::abs(axis[1])) start = {0.0, 1.0, 0.0};
  const Vector3<double> across = start - dot(start, axis) * axis;
  const Vector3<double> e1 = (1.0 / std::sqrt(dot(across, across))) * across;
  const Vector3<double> e2 = cross(axis, e1);
  const double sign = sigma;
  return {Complex(e1[0], sign * e2[0]), Complex(e1[1], sign * e2[1]), Complex(e1[2], sign * e2[2])};
}

}  // namespace

Matrix9 linearised_dynamics(const physics::Material<double>& material, double k_squared, const Vector3<double>& H) {
  const physics::State<Dual> state{variable(physics::equilibrium_magnetization(material, H), 0), variable({}, 3),
                                   variable({}, 6)};
  const Dual minus_k_squared(-k_squared);
  const Vector3<Dual> theta_laplacian = minus_k_squared * state.theta;
  const auto fields = physics::effective_fields(material, state, theta_laplacian, H);
  // h* is zero in equilibrium, so its divergence of gradient is -k^2 h*
  const Vector3<Dual> current_divergence = physics::spin_current(material, minus_k_squared * fields.h_star);
  Matrix9 jacobian{};
  store_rows(jacobian, 0, physics::magnetization_rate(material, state, fields));
  store_rows(jacobian, 3, physics::accumulation_rate(material, state, fields, current_divergence));
  store_rows(jacobian, 6, physics::texture_rotation_rate(material, fields));
  return jacobian;
}

std::array<std::array<Complex, 3>, 3> helicity_block(const Matrix9& jacobian, int sigma, const Vector3<double>& axis) {
  const Vector3<Complex> taken = polarisation(axis, sigma);
  // v = conj(e1 + i sigma e2) v_sigma/2 rebuilds a vector that has this helicity alone
  const double share = sigma == 0 ? 1.0 : 0.5;
  std::array<std::array<Complex, 3>, 3> block{};
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t column = 0; column < 3; ++column) {
      for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 3; ++j) {
          block[row][column] += taken[i] * jacobian[3 * row + i][3 * column + j] * share * std::conj(taken[j]);
        }
      }
    }
  }
  return block;
}

}  // namespace vitrispin::modes
