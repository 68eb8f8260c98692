#include "vitrispin/atoms/energy.hpp"

#include <algorithm>
#include <cmath>

namespace vitrispin::atoms {
namespace {

/// The part of -dE/du_i that is linear in the spins; D.(u_i x u_j) = u_i.(u_j x D).
Vector3<double> linear_field(const Couplings& couplings, const Spins& spins, std::size_t i) {
  double x = 0, y = 0, z = 0;
  for (std::size_t e = couplings.first[i]; e < couplings.first[i + 1]; ++e) {
    const Vector3<double>& u = spins[couplings.neighbour[e]];
    const double J = couplings.J[e];
    x += J * u[0];
    y += J * u[1];
    z += J * u[2];
  }
  Vector3<double> h(x, y, z);
  if (!couplings.D.empty()) {
    for (std::size_t e = couplings.first[i]; e < couplings.first[i + 1]; ++e) {
      h = h + cross(spins[couplings.neighbour[e]], couplings.D[e]);
    }
  }
  if (!couplings.along.empty()) {
    double sum = 0;
    for (std::size_t e = couplings.first[i]; e < couplings.first[i + 1]; ++e) {
      sum += couplings.along[e] * dot(couplings.n, spins[couplings.neighbour[e]]);
    }
    h = h + sum * couplings.n;
  }
  if (!couplings.axis.empty()) {
    const Vector3<double>& axis = couplings.axis[i];
    h = h + 2 * couplings.axial * dot(spins[i], axis) * axis;
  }
  return h;
}

}  // namespace

Vector3<double> field_at(const Couplings& couplings, const Spins& spins, std::size_t i, const Vector3<double>& field) {
  return linear_field(couplings, spins, i) + field;
}

Spins fields(const Couplings& couplings, const Spins& spins, const Vector3<double>& field) {
  Spins h(spins.size());
  for (std::size_t i = 0; i < spins.size(); ++i) h[i] = field_at(couplings, spins, i, field);
  return h;
}

double energy(const Couplings& couplings, const Spins& spins, const Vector3<double>& field) {
  double sum = 0;
  for (std::size_t i = 0; i < spins.size(); ++i) {
    sum -= dot(spins[i], 0.5 * linear_field(couplings, spins, i) + field);
    if (!couplings.own_J.empty()) sum -= couplings.own_J[i] / 2;
  }
  return sum;
}

double residual_torque(const Spins& spins, const Spins& local_fields) {
  double largest = 0;
  for (std::size_t i = 0; i < spins.size(); ++i) {
    const double size = dot(local_fields[i], local_fields[i]);
    if (size == 0) continue;
    const Vector3<double> torque = cross(spins[i], local_fields[i]);
    largest = std::max(largest, std::sqrt(dot(torque, torque) / size));
  }
  return largest;
}

void project(const Spins& spins, Spins& v) {
  for (std::size_t i = 0; i < spins.size(); ++i) v[i] = v[i] - dot(spins[i], v[i]) * spins[i];
}

Spins curvature(const Couplings& couplings, const Spins& spins, const Spins& local_fields, const Spins& v) {
  Spins result(v.size());
  for (std::size_t i = 0; i < v.size(); ++i) {
    result[i] = dot(spins[i], local_fields[i]) * v[i] - linear_field(couplings, v, i);
  }
  project(spins, result);
  return result;
}

Spins moved(const Spins& spins, const Spins& v) {
  Spins result(spins.size());
  for (std::size_t i = 0; i < spins.size(); ++i) {
    const Vector3<double> u = spins[i] + v[i];
    result[i] = (1 / std::sqrt(dot(u, u))) * u;
  }
  return result;
}

double inner(const Spins& a, const Spins& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += dot(a[i], b[i]);
  return sum;
}

}  // namespace vitrispin::atoms
