#include "vitrispin/film/helicity_solution.hpp"

#include <fmt/format.h>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/film/rotating_profile.hpp"

namespace vitrispin::film {
namespace {

BoundaryDrive drive_of(const physics::Boundary& boundary, const FieldAxis& axis, int sigma) {
  BoundaryDrive drive;
  if (boundary.accumulation == physics::AccumulationBoundary::current) {
    drive.current = axis.helicity(boundary.current, sigma);
  }
  if (boundary.accumulation == physics::AccumulationBoundary::contact) {
    drive.potential = axis.helicity(boundary.potential, sigma);
  }
  if (boundary.twist == physics::TwistBoundary::torque) drive.torque = axis.helicity(boundary.torque, sigma);
  return drive;
}

bool drives(const BoundaryDrive& drive) {
  return drive.current != 0.0 || drive.potential != 0.0 || drive.torque != 0.0;
}

/// Equal steps of a layer: at least as many as asked for, and more by a whole factor where a wave resonates in one.
struct Subdivision {
  int steps = 1;
  int pieces = 1;  ///< per step
};

class Solver {
public:
  Solver(const FilmProblem& problem, int sigma, std::span<const int> steps) : problem_(problem) {
    solution_.sigma = sigma;
    const auto& stack = problem.stack;
    const auto motions = twist_motions(problem.groups, stack.layers.size(), problem.omega);
    const double H = problem.axis.along(stack.H);
    solution_.layers.resize(stack.layers.size());
    subdivisions_.resize(stack.layers.size());
    for (std::size_t i = 0; i < stack.layers.size(); ++i) {
      const auto& material = stack.layers[i].material;
      LayerSolution& layer = solution_.layers[i];
      layer.equation = layer_equation(material, H, problem.axis.along(material.remanence), sigma,
                                      Complex(0, -problem.omega), motions[i]);
      layer.roots = layer_roots(layer.equation);
      const int n = steps[i];
      layer.thickness = stack.layers[i].thickness;
      const double step = layer.thickness / n;
      const int pieces = pieces_away_from_resonance(layer.equation, layer.roots, step);
      subdivisions_[i] = {n, pieces};
      layer.piece = step / pieces;
      layer.admittance = layer_admittance(layer.equation, layer.roots, layer.piece);
    }
  }

  HelicitySolution solve() {
    const auto& stack = problem_.stack;
    const BoundaryDrive at_left = drive_of(stack.left, problem_.axis, solution_.sigma);
    const BoundaryDrive at_right = drive_of(stack.right, problem_.axis, solution_.sigma);
    left_ = boundary_load(stack.left, stack.layers.front(), solution_.layers.front().equation, at_left, "left");
    const Load right =
        boundary_load(stack.right, stack.layers.back(), solution_.layers.back().equation, at_right, "right");
    solution_.driven = drives(at_left) || drives(at_right);
    if (solution_.driven) {
      gather_loads(right);
      march();
    } else {
      for (std::size_t i = 0; i < solution_.layers.size(); ++i) {
        solution_.layers[i].nodes.resize(static_cast<std::size_t>(subdivisions_[i].steps) + 1);
      }
    }
    return std::move(solution_);
  }

private:
  /// From the right: the load at the right end of every piece, and every junction.
  void gather_loads(const Load& outermost) {
    Load load = outermost;
    const std::size_t count = solution_.layers.size();
    loads_.resize(count);
    junctions_.reserve(count);
    for (std::size_t i = count; i-- > 0;) {
      const LayerSolution& layer = solution_.layers[i];
      const auto pieces =
          static_cast<std::size_t>(subdivisions_[i].steps) * static_cast<std::size_t>(subdivisions_[i].pieces);
      loads_[i].resize(pieces);
      for (std::size_t n = pieces; n-- > 0;) {
        loads_[i][n] = load;
        load = through_layer(layer.equation, layer.admittance, load);
      }
      if (i == 0) break;
      const auto& stack = problem_.stack;
      const LayerEquation& before = solution_.layers[i - 1].equation;
      joints_.push_back(
          junction(stack.layers[i - 1], before, stack.layers[i], layer.equation, stack.interfaces[i - 1]));
      junctions_.emplace_back(joints_.back(), before, layer.equation, load);
      load = junctions_.back().load();
    }
    film_ = load;
  }

  Potentials left_face() const {
    const LayerEquation& first = solution_.layers.front().equation;
    const FaceNodes nodes(left_.admittance + film_.admittance, first.turn, left_.m_held || !first.carries_m,
                          left_.twist_held || !first.carries_twist);
    return nodes.solve(-(left_.m_source + film_.m_source), -(left_.twist_source + film_.twist_source), left_.m_value);
  }

  /// Into the film at the left face, from the boundary's own law or from what the film draws.
  Currents left_currents(const Potentials& u) const {
    const LayerEquation& first = solution_.layers.front().equation;
    CurrentEstimate outside = left_.currents(u, first.turn);
    outside.value = {-outside.value.j, -outside.value.twist};
    const CurrentEstimate inside = film_.currents(u, first.turn);
    const Currents better = outside.better(inside);
    Currents flow{left_.m_held ? inside.value.j : better.j, left_.twist_held ? inside.value.twist : better.twist};
    if (!first.carries_m) flow.j = 0;
    if (!first.carries_twist) flow.twist = 0;
    return flow;
  }

  void march() {
    Potentials u = left_face();
    Currents flow = left_currents(u);
    const std::size_t count = solution_.layers.size();
    for (std::size_t i = 0; i < count; ++i) {
      LayerSolution& layer = solution_.layers[i];
      const auto every = static_cast<std::size_t>(subdivisions_[i].pieces);
      layer.nodes.reserve(loads_[i].size() / every + 1);
      record(layer, u, flow);
      for (std::size_t n = 0; n < loads_[i].size(); ++n) {
        const Potentials next = cross_layer(layer.equation, layer.admittance, loads_[i][n], u);
        flow = currents_at_right(layer.equation, layer.admittance, loads_[i][n], flow, u, next);
        add_integrals(layer, u, next);
        u = next;
        if ((n + 1) % every == 0) record(layer, u, flow);
      }
      if (i + 1 == count) break;
      const Potentials arriving = u;
      u = junctions_[count - 2 - i].cross(arriving);  // gathered from the right
      flow = into_next(i + 1, flow, arriving, u);
    }
  }

  /// Currents at the left face of a layer inside the stack, from those arriving at the interface: total spin is conserved
  /// there, and where a texture begins its current is the mixing current alone.
  Currents into_next(std::size_t i, const Currents& arriving, const Potentials& metal, const Potentials& u) const {
    const Junction& joint = joints_[solution_.layers.size() - 1 - i];
    const LayerEquation& equation = solution_.layers[i].equation;
    Currents flow = arriving;
    if (joint.twist_joined) {
      flow.twist = arriving.twist / joint.gamma_ratio;
    } else if (equation.carries_twist) {
      flow.twist = joint.mixing_right * (metal.p - equation.turn * u.chi);
      flow.j = arriving.j - flow.twist;
    } else {
      flow.twist = 0;
      flow.j = arriving.j + arriving.twist;
    }
    if (!equation.carries_m) flow.j = 0;
    return flow;
  }

  static void add_integrals(LayerSolution& layer, const Potentials& left, const Potentials& right) {
    const LayerEquation& equation = layer.equation;
    const LayerAdmittance& a = layer.admittance;
    const Complex p = left.p + right.p;
    const Complex chi = left.chi + right.chi;
    if (equation.motion == TwistMotion::rotating && equation.carries_twist) {
      const Complex p_rest = a.rest_fraction * equation.turn * left.chi;
      const Complex p_integral = a.mean_mm * (p - 2.0 * p_rest) + p_rest * layer.piece;
      layer.p_integral += equation.carries_m ? p_integral : equation.local_p(left.chi) * layer.piece;
      layer.chi_integral += left.chi * layer.piece;
      return;
    }
    const Complex p_integral = a.mean_mm * p + a.mean_mt * chi;
    const Complex chi_integral = a.mean_tm * p + a.mean_tt * chi;
    layer.p_integral += equation.carries_m ? p_integral : equation.local_p(chi_integral);
    layer.chi_integral += equation.carries_twist ? chi_integral : equation.local_chi(p_integral);
  }

  static void record(LayerSolution& layer, const Potentials& u, const Currents& flow) {
    const LayerEquation& equation = layer.equation;
    FaceState state{u.p, u.chi, {}, flow.j, flow.twist};
    if (!equation.carries_m && equation.has_twist) state.p = equation.local_p(u.chi);
    if (!equation.carries_twist && equation.has_twist) state.chi = equation.local_chi(u.p);
    if (equation.motion != TwistMotion::rotating) state.theta = -state.chi;
    if (!equation.carries_m) state.j = 0;
    if (!equation.carries_twist) state.twist = 0;
    layer.nodes.push_back(state);
  }

  const FilmProblem& problem_;
  HelicitySolution solution_;
  std::vector<Subdivision> subdivisions_;
  Load left_, film_;                      ///< outside and inside of the left face
  std::vector<std::vector<Load>> loads_;  ///< by layer, at the right end of each piece
  std::vector<Junction> joints_;          ///< from right to left
  std::vector<JunctionStep> junctions_;   ///< from right to left
};

std::string no_steady_state(double omega) {
  if (omega != 0)
    return fmt::format("no harmonic state exists at {} rad/s: an undamped mode is driven at its resonance", omega);
  return "no steady state exists: the drive puts in spin that nothing relaxes or drains. Give a finite tau_ML or "
         "tau_mL, a "
         "contact with a conductance or mixing at the other end, K > 0, or a clamped twist";
}

}  // namespace

HelicitySolution solve_helicity(const FilmProblem& problem, int sigma, std::span<const int> steps) {
  try {
    HelicitySolution solution = Solver(problem, sigma, steps).solve();
    if (problem.omega == 0 && solution.driven) {
      for (const TextureGroup& group : problem.groups) {
        if (group.motion == TwistMotion::rotating && group.uniform) add_rotating_profile(solution, group);
      }
    }
    return solution;
  } catch (const NoSteadyState&) {
    throw InputError(no_steady_state(problem.omega));
  }
}

}  // namespace vitrispin::film
