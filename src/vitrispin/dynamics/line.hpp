#pragma once

#include <cstddef>
#include <vector>

#include "vitrispin/physics/stack.hpp"

/// A stack of layers cut into finite volumes along x, docs/dynamics.md. M, m, theta live at cell centres, currents
/// at faces; a face between two half-cells and an interface is a series of resistances. Where spin mixing joins a
/// texture to a metal or a contact, theta at the face is a state of its own, with the half-cell's energy: a contact
/// node between the cells.
namespace vitrispin::dynamics {

/// Cells of one layer, of one width and one material: all of a layer whose cells are equal, one of a graded layer.
struct Segment {
  std::size_t layer = 0;
  std::size_t begin = 0, end = 0;  ///< nodes
  double width = 0;                ///< of a cell [m]
  physics::Material<double> material;
  Vector3<double> M_eq, m_eq;  ///< [A/m], in the field at the start; m_eq = chi_m H in a metal, 0 in a glass
};

/// A node that is no cell: a face with spin mixing. It dissipates beta |d_t theta - gamma mu0 h_c|^2.
struct ContactNode {
  std::size_t node = 0;
  double beta = 0;     ///< hbar g_mix/(4 pi) [J s/m^2]
  double gamma = 0;    ///< of the texture
  bool outer = false;  ///< an outer face, whose h_c is given; else h_c is a face unknown that conductances determine
};

/// The part of a link's resistance that is an interface's, 1/Y_int over 1/Y.
struct InterfaceShare {
  std::size_t link = 0;
  double share = 0;
};

/// An outer face, beyond the first or the last cell.
struct OuterFace {
  std::size_t cell = 0;
  bool takes_current = false;
  double conductance = 0;   ///< from the cell's centre to the contact's h_c, half-cell and contact in series [m/s]
  double half_cell = 0;     ///< conductance of the half-cell alone, 2 D chi_m/width [m/s]
  double contact = 0;       ///< conductance of the contact alone; infinity if perfect
  double twist_clamp = 0;   ///< 2 rho_s/width where theta = 0 at the face, else 0 [J/m^2]
  double twist_half = 0;    ///< 2 rho_s/width
  Vector3<double> torque;   ///< rho_s d_n theta, n outward [J/m^2]
  Vector3<double> current;  ///< of m into the film, as in the file; a drive may take its place [A/s]
  Vector3<double> potential;
  std::size_t mixing = none;  ///< the contact node, if any
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
};

class Line {
public:
  /// Equation  1/Y_face = d_L/(D chi_m)_L + 1/Y_int + d_R/(D chi_m)_R, d the half-cells; rho_s likewise
  /// Valid     every layer has `cells` >= 1; with a ferromagnet, states and forcings along one axis with H and M0
  /// Errors    InputError naming the layer or interface that cannot be had on a grid
  explicit Line(const physics::Stack& stack);

  std::size_t nodes() const { return position_.size(); }
  const std::vector<Segment>& segments() const { return segments_; }
  const std::vector<ContactNode>& contacts() const { return contacts_; }
  const OuterFace& left() const { return left_; }
  const OuterFace& right() const { return right_; }
  /// Between nodes i and i + 1: conductance of m [m/s] and stiffness of theta [J/m^2].
  const std::vector<double>& m_links() const { return m_links_; }
  const std::vector<double>& twist_links() const { return twist_links_; }
  const std::vector<double>& positions() const { return position_; }  ///< [m] from the left face
  Vector3<double> H() const { return H_; }                            ///< at the start
  const std::vector<InterfaceShare>& interface_shares() const { return interface_shares_; }

private:
  void build(const physics::Stack& stack);
  void add_cells(const physics::Layer& layer);
  void join(const physics::Stack& stack, std::size_t interface);
  void add_link(double m, double twist, double interface_conductance);
  void add_contact(double x, double beta, double gamma, bool outer);
  OuterFace outer_face(const physics::Boundary& boundary, const Segment& segment, bool left);

  std::vector<Segment> segments_;
  std::vector<ContactNode> contacts_;
  OuterFace left_, right_;
  std::vector<double> m_links_, twist_links_, position_;
  std::vector<InterfaceShare> interface_shares_;
  Vector3<double> H_{};
  double x_ = 0;
};

}  // namespace vitrispin::dynamics
