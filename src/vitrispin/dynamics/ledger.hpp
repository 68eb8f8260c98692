#pragma once

#include "vitrispin/dynamics/fields.hpp"
#include "vitrispin/dynamics/forcing.hpp"
#include "vitrispin/dynamics/line.hpp"

/// The free energy of a line, and where it goes: docs/dynamics.md. Per area [J/m^2], rates [W/m^2].
namespace vitrispin::dynamics {

/// What the free energy loses to the lattice, by mechanism: Eq. (26) integrated, and the faces' share. None is
/// negative.
struct DissipatedPower {
  double M_to_lattice = 0;  ///< mu0 (chi_M/tau_ML)|H*|^2
  double m_to_lattice = 0;  ///< mu0 (chi_m/tau_mL)|h*|^2
  double exchange = 0;      ///< mu0 (chi_M/tau_Mm)|H* - h*|^2
  double diffusion = 0;     ///< mu0 |j|^2/(D chi_m)
  double damping = 0;       ///< alpha gamma |Gamma'|^2
  double interfaces = 0;    ///< mu0 Y_int |jump of h*|^2, inside the stack
  double contacts = 0;      ///< the same at the outer faces
  double mixing = 0;        ///< beta |d_t theta - gamma mu0 h_c|^2

  double total() const {
    return M_to_lattice + m_to_lattice + exchange + diffusion + damping + interfaces + contacts + mixing;
  }
  DissipatedPower& add(double weight, const DissipatedPower& other);
};

/// What enters: through the outer faces (minus what contacts dissipate, which is counted above), and by fields that
/// change.
struct Work {
  double boundary = 0;
  double drive = 0;
  double total() const { return boundary + drive; }
};

/// Free energy less that of equilibrium in the field at the start, but for -mu0 (M_eq + m_eq).(H - H(start)), which
/// the work of the field repeats term by term: both leave it out, so that small changes keep their digits.
/// Equation  sum over cells of mu0 [N^2/(2 chi_M) + m^2/(2 chi_m) + m.N/chi_M - (N + m).dH] + K theta^2/2, over faces
///           (rho_s/d)|change of theta|^2/2                            Eqs. (3) [corrected], (4), (12)
/// Units     [J/m^2]
double free_energy(const Line& line, const Forcing& forcing, const Fields<double>& state);

/// Eq. (26) for one set of potentials; term by term a square with a positive factor. [W/m^2]
DissipatedPower dissipated_power(const Line& line, const Forcing& forcing, const Fields<double>& state,
                                 const Potentials<double>& potentials);

/// Adds `weight` times T R_s [W/m^3] of each cell, its own and half of what the faces between cells dissipate; faces with an outer
/// contact, and what is dissipated at it, belong to the cell. Contact nodes get 0. Summed over cells it is dissipated_power().
/// Equation  (26)
void add_heat(double weight, const Line& line, const Forcing& forcing, const Fields<double>& state,
              const Potentials<double>& potentials, double* heat);

/// Work done at the outer faces per time: mu0 (-h*).(current of m in), torque . d_t theta, and at a contact mu0
/// h_c.(current out). `theta_rates` are d theta/dt. [W/m^2]
double boundary_power(const Line& line, const Forcing& forcing, const Fields<double>& state,
                      const Potentials<double>& potentials, const Fields<double>& rates);

/// -mu0 (N + m).dH summed over cells: the work of a field that changes by `change`. [J/m^2]
double field_work(const Line& line, const Fields<double>& state, const std::array<std::vector<double>, 3>& change);

/// Sum over the cells of a segment of |theta|^2 times the cell's width [m].
double squared_twist(const Line& line, std::size_t segment, const Fields<double>& state);

}  // namespace vitrispin::dynamics
