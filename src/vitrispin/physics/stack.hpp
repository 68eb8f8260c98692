#pragma once

#include <complex>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "vitrispin/physics/material.hpp"
#include "vitrispin/physics/temperature_table.hpp"

/// A stack of layers along x between two outer faces, and what happens at its faces: the boundary and interface
/// conditions of docs/theory.md as plain data, shared by the film solvers, the dynamics and the reader.
namespace vitrispin::physics {

using ComplexVector = Vector3<std::complex<double>>;

inline constexpr double perfect = std::numeric_limits<double>::infinity();  ///< conductance of a perfect contact

struct Layer {
  std::string name;
  std::string material_name;
  Material<double> material;
  double thickness = 0;  ///< [m], > 0
  int cells = 0;         ///< for experiments on a grid; 0: not given
  double ratio = 1;      ///< width of the last cell over that of the first; between them equal ratios
  std::shared_ptr<const TemperatureTable> table{};  ///< of the material, if it has one
};

/// Between layers i and i+1: j = Y_int (h*_right - h*_left), and coherent exchange with the texture (spin mixing).
struct Interface {
  double conductance = perfect;          ///< Y_int [m/s], infinity: h* continuous
  double mixing = 0;                     ///< g_mix [1/m^2], only between a spin glass and a metal
  double thermal_conductance = perfect;  ///< heat flux over the jump of T [W/(m^2 K)], infinity: T continuous
};

/// What m meets at an outer face.
enum class AccumulationBoundary {
  closed,   ///< j.n = 0
  current,  ///< given flux into the film
  contact,  ///< j.n(out) = Y (h_c - h*): a spin sink for h_c = 0; Y = infinity prescribes h* = h_c
};

/// What theta meets at an outer face that exchanges no spin with it coherently.
enum class TwistBoundary {
  free,     ///< rho_s d_n theta = 0
  clamped,  ///< theta = 0
  torque,   ///< rho_s d_n theta = torque
};

/// An outer face. Complex components are amplitudes of Re(amplitude exp(-i omega t)); at dc they are real.
struct Boundary {
  AccumulationBoundary accumulation = AccumulationBoundary::closed;
  ComplexVector current{};    ///< flux of m INTO the film [A/s]
  double conductance = 0;     ///< Y [m/s], contacts
  ComplexVector potential{};  ///< h_c [A/m], contacts
  double mixing = 0;          ///< g_mix [1/m^2], contacts: rho_s d_n theta = -beta (d_t theta - gamma mu0 h_c)
  TwistBoundary twist = TwistBoundary::free;
  ComplexVector torque{};          ///< rho_s d_n theta, n outward [J/m^2]
  double thermal_conductance = 0;  ///< to a bath, heat flux over T_bath - T [W/(m^2 K)]; 0: none; infinity: T = T_bath
  double temperature = 0;          ///< of the bath [K]
};

struct Stack {
  std::vector<Layer> layers;          ///< left to right along x; x starts at the left face
  std::vector<Interface> interfaces;  ///< one less than layers
  Boundary left, right;
  Vector3<double> H{};  ///< internal field [A/m]
};

}  // namespace vitrispin::physics
