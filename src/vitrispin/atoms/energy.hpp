#pragma once

#include <vector>

#include "vitrispin/atoms/couplings.hpp"

/// Energy of unit spins u_i, E = -sum over pairs (J_ij u_i.u_j + D_ij.(u_i x u_j)) - axial sum (u_i.e_i)^2 (and `along` of a
/// twist), its slope and its curvature on the spheres. A uniform field enters as `field`, moment times mu0 H.
namespace vitrispin::atoms {

using Spins = std::vector<Vector3<double>>;

/// -dE/du_i. Units  [J]
Vector3<double> field_at(const Couplings& couplings, const Spins& spins, std::size_t i,
                         const Vector3<double>& field = {});
Spins fields(const Couplings& couplings, const Spins& spins, const Vector3<double>& field = {});

/// Units  [J]
double energy(const Couplings& couplings, const Spins& spins, const Vector3<double>& field = {});

/// Largest |u_i x h_i|/|h_i|; spins without any field do not count.
double residual_torque(const Spins& spins, const Spins& local_fields);

/// v with its parts along the spins taken out.
void project(const Spins& spins, Spins& v);

/// Curvature along tangent vectors v, E of u normalised: (H v)_i = P_i [(u_i.h_i) v_i - sum J_ij v_j - ...].
/// Units  [J] times those of v
Spins curvature(const Couplings& couplings, const Spins& spins, const Spins& local_fields, const Spins& v);

/// u_i turned along v_i and normalised.
Spins moved(const Spins& spins, const Spins& v);

double inner(const Spins& a, const Spins& b);

}  // namespace vitrispin::atoms
