// The linear and the Newton solves of a step against a dense elimination in 113 bits.
#include <gtest/gtest.h>

#include <complex>

#include "dynamics/random_lines.hpp"
#include "dynamics/reference_equations.hpp"
#include "vitrispin/dynamics/coupled_solver.hpp"
#include "vitrispin/dynamics/equations.hpp"
#include "vitrispin/dynamics/implicit_solver.hpp"

namespace vitrispin::dynamics {
namespace {

using test::Quad;
using QuadComplex = std::complex<Quad>;

Quad squared_size(Quad x) {
  return x * x;
}
Quad squared_size(const QuadComplex& x) {
  return x.real() * x.real() + x.imag() * x.imag();
}

/// Gaussian elimination with the largest pivot, of a full matrix.
template <class T>
std::vector<T> solve_dense(std::vector<std::vector<T>> A, std::vector<T> b) {
  const std::size_t n = b.size();
  for (std::size_t c = 0; c < n; ++c) {
    std::size_t pivot = c;
    for (std::size_t r = c + 1; r < n; ++r) {
      if (squared_size(A[r][c]) > squared_size(A[pivot][c])) pivot = r;
    }
    std::swap(A[c], A[pivot]);
    std::swap(b[c], b[pivot]);
    for (std::size_t r = c + 1; r < n; ++r) {
      if (squared_size(A[r][c]) == 0) continue;
      const T factor = A[r][c] / A[c][c];
      for (std::size_t j = c; j < n; ++j) A[r][j] -= factor * A[c][j];
      b[r] -= factor * b[c];
    }
  }
  for (std::size_t c = n; c-- > 0;) {
    for (std::size_t j = c + 1; j < n; ++j) b[c] -= A[c][j] * b[j];
    b[c] /= A[c][c];
  }
  return b;
}

/// L of one Cartesian component, 3n x 3n in the order M, m, theta: column by column.
std::vector<std::vector<Quad>> linear_matrix(const physics::Stack& stack, const Forcing& forcing) {
  const test::ReferenceEquations reference(stack);
  const std::size_t n = reference.nodes();
  std::vector<std::vector<Quad>> L(3 * n, std::vector<Quad>(3 * n));
  for (std::size_t c = 0; c < 3 * n; ++c) {
    test::QuadState unit(n);
    auto& field = c < n ? unit.M : c < 2 * n ? unit.m : unit.theta;
    field[c % n][0] = 1;
    const test::QuadState rates = reference.rates(forcing, unit, false);
    for (std::size_t i = 0; i < n; ++i) {
      L[i][c] = rates.M[i][0];
      L[n + i][c] = rates.m[i][0];
      L[2 * n + i][c] = rates.theta[i][0];
    }
  }
  return L;
}

physics::Stack without_sources(physics::Stack stack) {
  for (physics::Boundary* face : {&stack.left, &stack.right}) {
    face->current = face->potential = face->torque = physics::ComplexVector{};
  }
  stack.H = {};
  for (physics::Layer& layer : stack.layers) layer.material.remanence = {};
  return stack;
}

Forcing without_sources(Forcing forcing) {
  for (auto& component : forcing.field) component.clear();
  forcing.left_current = forcing.right_current = forcing.left_potential = forcing.right_potential = {};
  return forcing;
}

template <class Scalar>
using Wide = std::conditional_t<std::is_same_v<Scalar, double>, Quad, QuadComplex>;

Quad wide(double x) {
  return x;
}
QuadComplex wide(const std::complex<double>& x) {
  return {x.real(), x.imag()};
}
double size(Quad x) {
  return std::abs(static_cast<double>(x));
}
double size(const QuadComplex& x) {
  return std::hypot(static_cast<double>(x.real()), static_cast<double>(x.imag()));
}

/// How much P - p is smaller than P where m and M are alike: 1/(1 - xi). M and m are had from P - p, and without
/// damping P from the turn of theta: so often their rounding grows.
double amplification(const Line& line) {
  double u = 1;
  for (const Segment& segment : line.segments()) {
    if (segment.material.has_texture()) u = std::max(u, 1 / (1 - segment.material.susceptibility_ratio()));
  }
  return u;
}

/// Largest error of M and m over the largest effective field times the susceptibility that multiplies it, and of
/// theta over the largest angle that goes with such fields in the same step.
struct SolveErrors {
  double M = 0, m = 0, theta = 0;
};

template <class Scalar>
SolveErrors compare(const Line& line, const std::vector<Wide<Scalar>>& exact, const Fields<Scalar>& r,
                    const Fields<Scalar>& z, double w) {
  const std::size_t n = line.nodes();
  double potential = 0, angle = 0;
  // P follows from how much theta turns in w: it carries the rounding of r's theta over gamma mu0 w
  for (std::size_t i = 0; i < n; ++i) {
    const double gamma_mu0 = line.segments().front().material.gyromagnetic_ratio * constants::vacuum_permeability;
    potential = std::max(potential, std::abs(r.theta(0)[i]) / (gamma_mu0 * w));
  }
  std::vector<double> chi(n, 0.0);
  for (const Segment& segment : line.segments()) {
    const auto& material = segment.material;
    const double chi_m = material.accumulation_susceptibility;
    for (std::size_t i = segment.begin; i < segment.end; ++i) {
      chi[i] = chi_m;
      auto p = exact[n + i] / wide(Scalar(chi_m));
      if (material.has_texture()) {
        const double chi_M = material.equilibrium_susceptibility;
        const auto P = (exact[i] + exact[n + i]) / wide(Scalar(chi_M));
        p += exact[i] / wide(Scalar(chi_M));
        potential = std::max(potential, size(P));
        // M = chi_M chi_M/(chi_M - chi_m) (P - xi p), m likewise
        chi[i] = chi_M * chi_M / (chi_M - chi_m);
      }
      potential = std::max(potential, size(p));
    }
  }
  for (std::size_t i = 0; i < n; ++i) angle = std::max(angle, size(exact[2 * n + i]));
  SolveErrors errors;
  for (std::size_t i = 0; i < n; ++i) {
    if (chi[i] > 0) {
      errors.M = std::max(errors.M, size(exact[i] - wide(z.M(0)[i])) / (chi[i] * potential));
      errors.m = std::max(errors.m, size(exact[n + i] - wide(z.m(0)[i])) / (chi[i] * potential));
    }
    if (angle > 0) errors.theta = std::max(errors.theta, size(exact[2 * n + i] - wide(z.theta(0)[i])) / angle);
  }
  return errors;
}

/// (1 - wL) z = r for a random r, or for the r of an increment: w L (random state).
template <class Scalar>
SolveErrors errors_of_solve(test::RandomLines& random, const physics::Stack& stack, const Scalar& w, bool increment) {
  const Line line(stack);
  const std::size_t n = line.nodes();
  const Forcing forcing = without_sources(random.forcing(line, 0));
  const auto L = linear_matrix(without_sources(stack), forcing);
  Fields<Scalar> r(n), z(n);
  const Fields<double> re = random.state(line, 1000, 0.1), im = random.state(line, 1000, 0.1);
  for (std::size_t i = 0; i < 9 * n; ++i) {
    if constexpr (std::is_same_v<Scalar, double>)
      r.values()[i] = re.values()[i];
    else
      r.values()[i] = {re.values()[i], im.values()[i]};
  }
  if (increment) {
    for (std::size_t k = 0; k < 3; ++k) {
      for (std::size_t i = 0; i < 3 * n; ++i) {
        Wide<Scalar> rate = 0;
        for (std::size_t j = 0; j < 3 * n; ++j) {
          rate += L[i][j] * wide(Scalar(re.values()[(3 * (j / n) + k) * n + j % n]));
        }
        rate *= wide(w);
        Scalar& value = r.values()[(3 * (i / n) + k) * n + i % n];
        if constexpr (std::is_same_v<Scalar, double>)
          value = static_cast<double>(rate);
        else
          value = {static_cast<double>(rate.real()), static_cast<double>(rate.imag())};
      }
    }
  }
  ImplicitSolver<Scalar> solver(line);
  solver.factorise(w, forcing.anisotropy);
  solver.solve(r, z);
  std::vector<std::vector<Wide<Scalar>>> A(3 * n, std::vector<Wide<Scalar>>(3 * n));
  std::vector<Wide<Scalar>> b(3 * n);
  for (std::size_t i = 0; i < 3 * n; ++i) {
    for (std::size_t j = 0; j < 3 * n; ++j) A[i][j] = -(wide(w) * L[i][j]);
    A[i][i] += Quad(1);
  }
  for (std::size_t i = 0; i < n; ++i) {
    b[i] = wide(r.M(0)[i]);
    b[n + i] = wide(r.m(0)[i]);
    b[2 * n + i] = wide(r.theta(0)[i]);
  }
  return compare<Scalar>(line, solve_dense(std::move(A), std::move(b)), r, z, std::abs(w));
}

/// Thousands of roundings: a dozen nodes eliminated one after the other, whose sums may cancel in part. A step of 1e-7 s
/// and more takes random fields to some millionth of what they were, and that difference holds fewer digits.
double tolerance_at(double w) {
  return w < 1e-7 ? 5e-12 : 1e-9;
}

TEST(ImplicitSolver, SolvesWhatADenseEliminationSolvesAtAnyStep) {
  test::RandomLines random;
  for (int n = 0; n < 200; ++n) {
    const physics::Stack stack = random.cut_stack(random.integer(1, 3), 4);
    const bool increment = n % 2 == 0;
    const double w = random.log_uniform(1e-18, increment ? 1e-13 : 1e-3);
    const SolveErrors errors = errors_of_solve<double>(random, stack, w, increment);
    const double tolerance = tolerance_at(std::abs(w)) * amplification(Line(stack));
    EXPECT_LE(errors.M, tolerance) << n << " w " << w;
    EXPECT_LE(errors.m, tolerance) << n << " w " << w;
    EXPECT_LE(errors.theta, tolerance) << n << " w " << w;
  }
}

TEST(ImplicitSolver, SolvesComplexSystemsOfACollocationMethod) {
  test::RandomLines random;
  for (int n = 0; n < 60; ++n) {
    const physics::Stack stack = random.cut_stack(random.integer(1, 3), 3);
    const bool increment = n % 2 == 0;
    const std::complex<double> w =
        random.log_uniform(1e-18, increment ? 1e-13 : 1e-3) * std::complex<double>(0.25, std::sqrt(3.0) / 12);
    const SolveErrors errors = errors_of_solve<std::complex<double>>(random, stack, w, increment);
    const double tolerance = tolerance_at(std::abs(w)) * amplification(Line(stack));
    EXPECT_LE(errors.M, tolerance) << n << " w " << w;
    EXPECT_LE(errors.m, tolerance) << n << " w " << w;
    EXPECT_LE(errors.theta, tolerance) << n << " w " << w;
  }
}

/// z - r - w (L z + sources + precession) over w |L| |z| + |z| + |r|, what rounding of z alone changes it by; field by field.
double residual_of_midpoint(const physics::Stack& stack, const Forcing& forcing, double w, const Fields<double>& start,
                            const Fields<double>& z) {
  const test::ReferenceEquations reference(stack);
  const std::size_t n = reference.nodes();
  const test::QuadState wide_z = test::widened(z);
  const test::QuadState rates = reference.rates(forcing, wide_z, true);
  const test::QuadState at_rest = reference.rates(forcing, test::QuadState(n), true);
  const auto L = linear_matrix(without_sources(stack), without_sources(forcing));
  const auto pick = [](const test::QuadState& s, std::size_t row, std::size_t k) {
    const std::size_t rows = s.M.size(), i = row % rows;
    return row < rows ? s.M[i][k] : row < 2 * rows ? s.m[i][k] : s.theta[i][k];
  };
  double worst = 0;
  for (std::size_t field = 0; field < 3; ++field) {
    double error = 0, most = 0;
    for (std::size_t row = field * n; row < (field + 1) * n; ++row) {
      for (std::size_t k = 0; k < 3; ++k) {
        const Quad value = pick(wide_z, row, k), before = start.values()[(3 * field + k) * n + row % n];
        double terms = size(value) + size(before) + w * size(pick(at_rest, row, k)) + w * size(pick(rates, row, k));
        // M and m follow from how much theta turns: they carry its rounding over gamma mu0 w
        if (field < 2 && reference.is_cell(row % n) && reference.material(row % n).has_texture()) {
          const auto& material = reference.material(row % n);
          terms += size(material.equilibrium_susceptibility / material.gyromagnetic_ratio *
                        pick(wide_z, 2 * n + row % n, k)) /
                   (constants::vacuum_permeability * w);
        }
        for (std::size_t j = 0; j < 3 * n; ++j) terms += w * size(L[row][j]) * size(pick(wide_z, j, k));
        error = std::max(error, size(value - before - w * pick(rates, row, k)));
        most = std::max(most, terms);
      }
    }
    if (most > 0) worst = std::max(worst, error / most);
  }
  return worst;
}

TEST(CoupledSolver, ItsFixedPointSolvesTheNonlinearMidpointEquation) {
  test::RandomLines random;
  int converged = 0;
  for (int n = 0; n < 100; ++n) {
    const physics::Stack stack = random.cut_stack(random.integer(1, 3), 4);
    const Line line(stack);
    const Forcing forcing = random.forcing(line, 30);
    const Fields<double> start = random.state(line, 100, 0.01);
    const double w = random.log_uniform(1e-16, 1e-8);
    // the state at the start and w times the sources at z = 0
    Potentials<double> q(line.nodes());
    Fields<double> sources(line.nodes()), r = start, z = start, next(line.nodes());
    const Fields<double> zero(line.nodes());
    potentials(line, forcing, zero, q);
    linear_rates(line, forcing, zero, q, sources);
    for (std::size_t i = 0; i < r.values().size(); ++i) r.values()[i] += w * sources.values()[i];
    CoupledSolver solver(line);
    // Newton's method doubles the digits: once three hold, three more steps reach the floor of rounding
    double change = 1;
    int left = 3;
    for (int iteration = 0; iteration < 40 && left > 0; ++iteration) {
      solver.step(w, forcing, r, z, next);
      double most = 0, size = 0;
      for (std::size_t i = 0; i < 6 * line.nodes(); ++i) {
        most = std::max(most, std::abs(next.values()[i] - z.values()[i]));
        size = std::max(size, std::abs(next.values()[i]));
      }
      change = size > 0 ? most / size : 0;
      if (change < 1e-3) --left;
      std::swap(z, next);
    }
    if (left > 0) continue;  // far from any solution Newton's method need not converge
    ++converged;
    // blocks of 6 are inverted as they stand, their entries of many sizes: a few more digits are lost than by the
    // linear solver's hand-made determinants
    EXPECT_LE(residual_of_midpoint(stack, forcing, w, start, z), 1e-8 * amplification(line)) << n << " w " << w;
  }
  EXPECT_GE(converged, 90);
}

}  // namespace
}  // namespace vitrispin::dynamics
