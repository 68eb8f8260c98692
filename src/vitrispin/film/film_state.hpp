#pragma once

#include <array>

#include "vitrispin/film/helicity_solution.hpp"

namespace vitrispin::film {

enum class Side { left, right };

/// A film at one frequency (0: steady), all three helicities, as Cartesian vectors.
struct FilmState {
  FieldAxis axis;
  std::vector<TextureGroup> groups;
  double omega = 0;
  std::array<HelicitySolution, 3> helicities;  ///< sigma = -1, 0, 1

  std::size_t layer_count() const { return helicities[1].layers.size(); }
  /// A quantity of the three helicities at node `node` of a layer, as a vector.
  template <class Read>
  ComplexVector at(std::size_t layer, std::size_t node, const Read& read) const {
    const auto one = [&](std::size_t h) -> Complex {
      const LayerSolution& solution = helicities[h].layers[layer];
      return read(solution, solution.nodes[node]);
    };
    return axis.vector(one(0), one(1), one(2));
  }
  std::size_t face(std::size_t layer, Side side) const {
    return side == Side::left ? 0 : helicities[1].layers[layer].nodes.size() - 1;
  }
};

/// The spin current through a face [A/s], J = j_x + gamma rho_s d_x theta, with its two parts.
struct SpinCurrent {
  ComplexVector m, theta;
  ComplexVector total() const { return m + theta; }
};

/// Solves the film at angular frequency omega [rad/s]. `steps[i]` equal steps in layer i (their ends are the nodes).
/// At omega = 0 with real drives sigma = -1 is the conjugate of sigma = +1.
/// Errors  InputError as solve_helicity, and where a texture pinned by next to nothing turns by more than any double holds;
///         ConvergenceError where the numbers of the solution leave double precision for another reason
FilmState solve_film(const physics::Stack& stack, double omega, std::span<const int> steps);
/// The same without nodes inside the layers.
FilmState solve_film(const physics::Stack& stack, double omega);

SpinCurrent spin_current(const FilmState& state, std::size_t layer, Side side);

/// d_t theta of a group at dc [rad/s]; zero where it is pinned. NaN where rho_s = 0: every point turns at its own rate.
Vector3<double> rotation(const FilmState& state, const TextureGroup& group);

/// True at dc where rho_s = 0 and K = 0: every point of the layer's texture turns at its own rate, and theta has no steady profile.
bool turns_point_by_point(const FilmState& state, std::size_t layer);

/// conj(J_in).J_out/|J_in|^2; NaN if J_in = 0.
Complex transmission(const ComplexVector& in, const ComplexVector& out);

Vector3<double> real_part(const ComplexVector& v);

}  // namespace vitrispin::film
