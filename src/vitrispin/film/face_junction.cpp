#include "vitrispin/film/face_junction.hpp"

#include <fmt/format.h>

#include <cmath>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/physics/contact.hpp"
#include "vitrispin/physics/material_build.hpp"

namespace vitrispin::film {
namespace {

using physics::MaterialKind;

bool is_metal(const physics::Layer& layer) {
  return layer.material.kind == MaterialKind::metal || layer.material.kind == MaterialKind::paramagnet;
}

bool is_glass(const physics::Layer& layer) {
  return layer.material.kind == MaterialKind::spin_glass;
}

/// Share of `part` in `total`; a face to which nothing is attached passes nothing.
Complex share(const Complex& part, const Complex& total) {
  return total == 0.0 ? Complex(0) : part / total;
}

}  // namespace

double mixing_conductance_of_potential(double gamma, double g_mix) {
  return gamma * gamma * constants::vacuum_permeability * physics::mixing_coefficient(g_mix);
}

Junction junction(const physics::Layer& left, const LayerEquation& left_equation, const physics::Layer& right,
                  const LayerEquation& right_equation, const physics::Interface& interface) {
  Junction result;
  result.conductance = interface.conductance;
  result.m_joined = left_equation.carries_m && right_equation.carries_m && interface.conductance > 0;
  result.twist_joined = left_equation.carries_twist && right_equation.carries_twist;
  if (result.twist_joined) {
    result.gamma_ratio = left.material.gyromagnetic_ratio / right.material.gyromagnetic_ratio;
  }
  if (interface.mixing == 0) return result;
  if (is_glass(left) && is_metal(right)) {
    if (left_equation.carries_twist) {
      result.mixing_left = mixing_conductance_of_potential(left.material.gyromagnetic_ratio, interface.mixing);
    }
  } else if (is_metal(left) && is_glass(right)) {
    if (right_equation.carries_twist) {
      result.mixing_right = mixing_conductance_of_potential(right.material.gyromagnetic_ratio, interface.mixing);
    }
  } else {
    throw InputError(
        fmt::format("mixing = {} m-2 of the interface \"{}|{}\": spin mixing exists only between a spin glass and a "
                    "metal or contact",
                    interface.mixing, left.name, right.name));
  }
  return result;
}

JunctionStep::JunctionStep(const Junction& junction, const LayerEquation& left, const LayerEquation& right,
                           const Load& beyond) {
  if (junction.twist_joined) {
    join_textures(junction, right, beyond);
    if (junction.gamma_ratio != 1) change_gamma(junction, right);
  } else if (right.carries_twist) {
    join_to_texture(junction, right, beyond);
  } else {
    join_metal(junction, left, beyond);
  }
}

/// theta continuous; the right face's p is eliminated behind Y_int.
void JunctionStep::join_textures(const Junction& junction, const LayerEquation& right, const Load& beyond) {
  const Admittance& y = beyond.admittance;
  from_chi_.chi = 1;
  if (junction.m_joined && std::isinf(junction.conductance)) {
    load_ = beyond;
    from_p_.p = 1;
    return;
  }
  const double Y = junction.m_joined ? junction.conductance : 0.0;
  const Complex total = Y + y.edge + y.m_ground;
  if (total == 0.0 && beyond.m_source != 0.0) throw NoSteadyState{};
  load_.admittance.edge = Y * share(y.edge, total);
  load_.admittance.m_ground = Y * share(y.m_ground, total);
  load_.admittance.twist_ground = y.twist_ground + right.turn * y.edge * share(y.m_ground, total);
  load_.m_source = Y * share(beyond.m_source, total);
  load_.twist_source = beyond.twist_source + y.edge * share(beyond.m_source, total);
  from_p_.p = share(Y, total);
  from_chi_.p = right.turn * share(y.edge, total);
  offset_.p = -share(beyond.m_source, total);
}

/// theta and rho_s theta' are continuous, so J2 = gamma rho_s theta' and the field phi change with gamma.
void JunctionStep::change_gamma(const Junction& junction, const LayerEquation& right) {
  const double ratio = junction.gamma_ratio;
  const Admittance y = load_.admittance;
  load_.admittance.edge = ratio * y.edge;
  load_.admittance.m_ground = y.m_ground - (ratio - 1) * y.edge;
  load_.admittance.twist_ground = ratio * y.twist_ground + (ratio - 1) * y.edge * right.turn;
  load_.twist_source = ratio * load_.twist_source;
}

/// Nothing but m beyond: its face potential h_c joins p by Y_int and the left texture by mixing.
void JunctionStep::join_metal(const Junction& junction, const LayerEquation& left, const Load& beyond) {
  const double G = junction.mixing_left;
  const Complex& ground = beyond.admittance.m_ground;
  if (junction.m_joined && std::isinf(junction.conductance)) {
    load_.admittance = {G, ground, 0};
    load_.m_source = beyond.m_source;
    from_p_.p = 1;
    return;
  }
  const double Y = junction.m_joined ? junction.conductance : 0.0;
  const Complex total = Y + G + ground;
  if (total == 0.0 && beyond.m_source != 0.0) throw NoSteadyState{};
  load_.admittance.edge = Y * share(G, total);
  load_.admittance.m_ground = Y * share(ground, total);
  load_.admittance.twist_ground = left.turn * G * share(ground, total);
  load_.m_source = Y * share(beyond.m_source, total);
  load_.twist_source = G * share(beyond.m_source, total);
  from_p_.p = share(Y, total);
  from_chi_.p = left.turn * share(G, total);
  offset_.p = -share(beyond.m_source, total);
}

/// A texture begins to the right: both its nodes are eliminated, behind Y_int and mixing.
void JunctionStep::join_to_texture(const Junction& junction, const LayerEquation& right, const Load& beyond) {
  const double G = junction.mixing_right;
  const bool transparent = junction.m_joined && std::isinf(junction.conductance);
  const double Y = junction.m_joined && !transparent ? junction.conductance : 0.0;
  Admittance total = beyond.admittance;
  if (transparent) {
    total.edge += G;  // the metal's face is the glass's p
  } else {
    total.m_ground += Y;
    total.twist_ground += right.turn * G;
  }
  const FaceNodes nodes(total, right.turn, transparent || !right.carries_m, false);
  const Admittance& y = beyond.admittance;
  if (transparent) {
    // 1 - phi/p of the floating texture is what it loses to the lattice.
    const Complex chi = nodes.tt * total.edge;
    load_.admittance.m_ground = y.m_ground + total.edge * (nodes.tt * y.twist_ground);
    load_.m_source = beyond.m_source + total.edge * right.turn * (nodes.tt * beyond.twist_source);
    from_p_ = {1, chi};
    offset_ = nodes.solve(0, -beyond.twist_source, 0);
    return;
  }
  const Complex m_ground = right.carries_m ? y.m_ground : Complex(0);
  const Complex lost_p = right.carries_m ? nodes.mm * m_ground + nodes.tm * y.twist_ground : Complex(0);
  const Complex lost_phi = right.turn * nodes.tm * m_ground + nodes.tt * y.twist_ground;
  load_.admittance.m_ground = Y * lost_p + G * lost_phi;
  offset_ = nodes.solve(-beyond.m_source, -beyond.twist_source, 0);
  load_.m_source = -(Y * offset_.p + G * right.turn * offset_.chi);
  from_p_ = {nodes.mm * Y + right.turn * nodes.tm * G, nodes.tm * Y + nodes.tt * G};
}

Potentials JunctionStep::cross(const Potentials& left) const {
  return {from_p_.p * left.p + from_chi_.p * left.chi + offset_.p,
          from_p_.chi * left.p + from_chi_.chi * left.chi + offset_.chi};
}

namespace {

void check_accepted(const physics::Boundary& boundary, const physics::Layer& layer, const LayerEquation& equation,
                    const BoundaryDrive& drive, const char* side) {
  if (boundary.accumulation == physics::AccumulationBoundary::current && drive.current != 0.0 && !equation.carries_m) {
    throw InputError(fmt::format(
        "boundary.{}.current: layer {} cannot take it, {}", side, layer.name,
        layer.material.kind == MaterialKind::ferromagnet
            ? "the transverse components of a ferromagnet end at its interfaces (give a current along the axis)"
            : "it has D = 0"));
  }
  if (boundary.twist == physics::TwistBoundary::torque && drive.torque != 0.0 && !equation.carries_twist) {
    throw InputError(fmt::format("boundary.{}.twist: layer {} has no texture (or rho_s = 0) that a torque could turn",
                                 side, layer.name));
  }
  if (boundary.accumulation == physics::AccumulationBoundary::contact && boundary.mixing != 0 && !is_glass(layer)) {
    throw InputError(fmt::format(
        "boundary.{}.mixing = {} m-2: spin mixing exists only between a spin glass and a contact, layer {} is a {}",
        side, boundary.mixing, layer.name, physics::to_string(layer.material.kind)));
  }
}

}  // namespace

Load boundary_load(const physics::Boundary& boundary, const physics::Layer& layer, const LayerEquation& equation,
                   const BoundaryDrive& drive, const char* side) {
  check_accepted(boundary, layer, equation, drive, side);
  Load load;
  if (boundary.accumulation == physics::AccumulationBoundary::current) load.m_source = -drive.current;
  if (boundary.accumulation == physics::AccumulationBoundary::contact && equation.carries_m) {
    if (std::isinf(boundary.conductance)) {
      load.m_held = true;
      load.m_value = -drive.potential;
    } else {
      load.admittance.m_ground = boundary.conductance;
      load.m_source = boundary.conductance * drive.potential;
    }
  }
  if (!equation.carries_twist) return load;
  const double gamma = layer.material.gyromagnetic_ratio;
  if (boundary.accumulation == physics::AccumulationBoundary::contact && boundary.mixing != 0) {
    const double G = mixing_conductance_of_potential(gamma, boundary.mixing);
    load.admittance.twist_ground = equation.turn * G;
    load.twist_source = G * drive.potential;
  }
  if (boundary.twist == physics::TwistBoundary::clamped) load.twist_held = true;
  if (boundary.twist == physics::TwistBoundary::torque) load.twist_source += gamma * drive.torque;
  return load;
}

}  // namespace vitrispin::film
