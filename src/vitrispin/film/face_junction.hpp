#pragma once

#include "vitrispin/film/face_network.hpp"
#include "vitrispin/physics/stack.hpp"

/// Conditions at interfaces between layers and at the outer faces (docs/theory.md, boundary and interface conditions).
namespace vitrispin::film {

/// What joins two layers.
///   j:      continuous; j = Y_int (h*_right - h*_left). A layer without m (D = 0; a ferromagnet's transverse components)
///           closes the interface for its neighbour.
///   theta:  continuous with rho_s theta' between two spin glasses that both have stiffness; else free, or coupled to the
///           metal's face potential h_c by spin mixing: a conductance G = gamma^2 mu0 beta between phi and that face.
struct Junction {
  double conductance = physics::perfect;  ///< Y_int [m/s]
  bool m_joined = false;                  ///< both sides carry m
  bool twist_joined = false;              ///< theta is continuous
  double mixing_left = 0;                 ///< G [m/s] between the texture on the left and the metal on the right
  double mixing_right = 0;                ///< G between the metal on the left and the texture on the right
  double gamma_ratio = 1;                 ///< gamma_left/gamma_right where theta is continuous
};

/// Errors  InputError for mixing between two layers of which not exactly one is a spin glass and the other a metal
Junction junction(const physics::Layer& left, const LayerEquation& left_equation, const physics::Layer& right,
                  const LayerEquation& right_equation, const physics::Interface& interface);

/// The load seen at the right face of the left layer; `cross` gives back the right layer's potentials.
class JunctionStep {
public:
  JunctionStep(const Junction& junction, const LayerEquation& left, const LayerEquation& right, const Load& beyond);
  const Load& load() const { return load_; }
  Potentials cross(const Potentials& left) const;

private:
  void join_textures(const Junction& junction, const LayerEquation& right, const Load& beyond);
  void join_metal(const Junction& junction, const LayerEquation& left, const Load& beyond);
  void join_to_texture(const Junction& junction, const LayerEquation& right, const Load& beyond);
  void change_gamma(const Junction& junction, const LayerEquation& right);

  Load load_;
  // Right potentials as an affine function of the left ones.
  Potentials from_p_{}, from_chi_{}, offset_{};
};

/// An outer face as a load, in the helicity component sigma of its drives: `current` is the flux INTO the film, so that it
/// leaves with -current; a torque rho_s d_n theta carries gamma times it; a contact's channels leak to its potential.
struct BoundaryDrive {
  Complex current, potential, torque;
};
/// Errors  InputError if the outer layer cannot take what the boundary prescribes
Load boundary_load(const physics::Boundary& boundary, const physics::Layer& layer, const LayerEquation& equation,
                   const BoundaryDrive& drive, const char* side);

/// G = gamma^2 mu0 beta [m/s]: coherent exchange as a conductance between phi and the contact's potential.
double mixing_conductance_of_potential(double gamma, double g_mix);

}  // namespace vitrispin::film
