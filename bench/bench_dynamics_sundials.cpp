// SUNDIALS on the lines of bench_dynamics: one run, one line of JSON. The right-hand side is vitrispin's own.
//
//     bench_dynamics_sundials band|gmres|imex3|imex4|imex5 CASE FILE TOLERANCE
//
// Unknowns are ordered theta, M, m node by node: 12 diagonals below, 9 above. `band`: CVODE, BDF, exact band Jacobian. `gmres`: CVODE with
// the nodes' 9 x 9 blocks, exact, as preconditioner. `imex`: ARKODE's ARK pairs, precession explicit, band solver of a linear problem.

#include <arkode/arkode_arkstep.h>
#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sundials/sundials_context.h>
#include <sunlinsol/sunlinsol_band.h>
#include <sunlinsol/sunlinsol_spgmr.h>
#include <sunmatrix/sunmatrix_band.h>
#include <Eigen/Dense>

#include "dynamics_cases.hpp"
#include "vitrispin/core/constants.hpp"
#include "vitrispin/dynamics/equations.hpp"

namespace {

using namespace vitrispin;
constexpr long below = 12, above = 9;
using NodeBlock = Eigen::Matrix<double, 9, 9>;

/// Place of component k of a field in a node's nine: theta, M, m.
std::size_t place(std::size_t field, std::size_t k) {
  return (field == 2 ? 0 : 3 * (field + 1)) + k;
}

struct Problem {
  dynamics::Line line;
  dynamics::Forcing forcing;
  dynamics::Fields<double> state, rates;
  dynamics::Potentials<double> potential;
  std::vector<std::array<double, below + above + 1>> linear;  ///< rows of the linear part, diagonal at `below`
  std::vector<Eigen::PartialPivLU<NodeBlock>> blocks;

  explicit Problem(const std::string& name)
      : line(bench::stack_of(name)),
        forcing(dynamics::constant_forcing(line)),
        state(line.nodes()),
        rates(line.nodes()),
        potential(line.nodes()),
        linear(9 * line.nodes()) {
    probe();
  }

  void gather(const double* y) {
    const std::size_t n = line.nodes();
    for (std::size_t f = 0; f < 3; ++f)
      for (std::size_t k = 0; k < 3; ++k)
        for (std::size_t i = 0; i < n; ++i) state.values()[(3 * f + k) * n + i] = y[9 * i + place(f, k)];
  }
  void scatter(const dynamics::Fields<double>& fields, double* y) const {
    const std::size_t n = line.nodes();
    for (std::size_t f = 0; f < 3; ++f)
      for (std::size_t k = 0; k < 3; ++k)
        for (std::size_t i = 0; i < n; ++i) y[9 * i + place(f, k)] = fields.values()[(3 * f + k) * n + i];
  }
  void rates_of(const double* y, double* ydot, bool with_linear, bool with_precession) {
    gather(y);
    dynamics::potentials(line, forcing, state, potential);
    if (with_linear)
      dynamics::linear_rates(line, forcing, state, potential, rates);
    else
      std::fill(rates.values().begin(), rates.values().end(), 0.0);
    if (with_precession) dynamics::add_precession(line, state, potential, 1.0, rates);
    scatter(rates, ydot);
  }
  /// The linear part is linear: its columns are its values at unit vectors, 22 columns at a time.
  void probe() {
    const std::size_t n = 9 * line.nodes();
    std::vector<double> unit(n), column(n);
    for (std::size_t colour = 0; colour < 27; ++colour) {
      for (std::size_t j = 0; j < n; ++j) unit[j] = j % 27 == colour ? 1 : 0;
      rates_of(unit.data(), column.data(), true, false);
      for (std::size_t j = colour; j < n; j += 27) {
        for (std::size_t i = j >= above ? j - above : 0; i <= std::min(n - 1, j + below); ++i)
          linear[i][below + j - i] = column[i];
      }
    }
  }
  /// Entry (i, j), in `row`, of the linear part and of precession (a node's 6 x 6 block) at the gathered state.
  template <class Add>
  void precession_jacobian(const Add& add) {
    for (const dynamics::Segment& segment : line.segments()) {
      const auto& material = segment.material;
      const double g = material.gyromagnetic_ratio * constants::vacuum_permeability;
      const double chi_M = material.equilibrium_susceptibility, chi_m = material.accumulation_susceptibility;
      for (std::size_t i = segment.begin; i < segment.end; ++i) {
        Vector3<double> N, m;
        for (std::size_t k = 0; k < 3; ++k) {
          N[k] = state.M(k)[i];
          m[k] = state.m(k)[i];
        }
        // g (M_eq + N) x (N + m)/chi_M and g m x (N/chi_M + m/chi_m)
        const auto M = segment.M_eq + N;
        const auto P = (1 / chi_M) * (N + m);
        const auto p = (1 / chi_M) * N + (1 / chi_m) * m;
        const auto cross_block = [&](std::size_t row, std::size_t column, const Vector3<double>& v) {
          for (std::size_t k = 0; k < 3; ++k) {
            const std::size_t a = (k + 1) % 3, b = (k + 2) % 3;
            add(i, place(row, a), place(column, k), g * v[b]);  // v x e_k
            add(i, place(row, b), place(column, k), -g * v[a]);
          }
        };
        cross_block(0, 0, (1 / chi_M) * M - P);
        cross_block(0, 1, (1 / chi_M) * M);
        cross_block(1, 0, (1 / chi_M) * m);
        cross_block(1, 1, (1 / chi_m) * m - p);
      }
    }
  }
};

Problem& problem_of(void* data) {
  return *static_cast<Problem*>(data);
}
double* values(N_Vector v) {
  return N_VGetArrayPointer(v);
}

int all_rates(realtype, N_Vector y, N_Vector ydot, void* data) {
  problem_of(data).rates_of(values(y), values(ydot), true, true);
  return 0;
}
int implicit_rates(realtype, N_Vector y, N_Vector ydot, void* data) {
  problem_of(data).rates_of(values(y), values(ydot), true, false);
  return 0;
}
int explicit_rates(realtype, N_Vector y, N_Vector ydot, void* data) {
  problem_of(data).rates_of(values(y), values(ydot), false, true);
  return 0;
}

void put_linear(const Problem& problem, SUNMatrix J) {
  const long n = static_cast<long>(problem.linear.size());
  for (long j = 0; j < n; ++j) {
    double* column = SUNBandMatrix_Column(J, j);
    for (long i = std::max(0L, j - above); i <= std::min(n - 1, j + below); ++i)
      column[i - j] = problem.linear[static_cast<std::size_t>(i)][static_cast<std::size_t>(below + j - i)];
  }
}
int linear_jacobian(realtype, N_Vector, N_Vector, SUNMatrix J, void* data, N_Vector, N_Vector, N_Vector) {
  put_linear(problem_of(data), J);
  return 0;
}
int band_jacobian(realtype, N_Vector y, N_Vector, SUNMatrix J, void* data, N_Vector, N_Vector, N_Vector) {
  Problem& problem = problem_of(data);
  put_linear(problem, J);
  problem.gather(values(y));
  problem.precession_jacobian([&](std::size_t node, std::size_t row, std::size_t column, double value) {
    const long i = static_cast<long>(9 * node + row), j = static_cast<long>(9 * node + column);
    SUNBandMatrix_Column(J, j)[i - j] += value;
  });
  return 0;
}

int precondition_setup(realtype, N_Vector y, N_Vector, booleantype, booleantype* fresh, realtype gamma, void* data) {
  Problem& problem = problem_of(data);
  const std::size_t nodes = problem.line.nodes();
  std::vector<NodeBlock> blocks(nodes, NodeBlock::Identity());
  for (std::size_t node = 0; node < nodes; ++node) {
    for (std::size_t i = 0; i < 9; ++i) {
      for (std::size_t j = 0; j < 9; ++j) {
        if (static_cast<long>(i) - static_cast<long>(j) > below || static_cast<long>(j) - static_cast<long>(i) > above)
          continue;
        blocks[node](static_cast<long>(i), static_cast<long>(j)) -=
            gamma * problem.linear[9 * node + i][static_cast<std::size_t>(below) + j - i];
      }
    }
  }
  problem.gather(values(y));
  problem.precession_jacobian([&](std::size_t node, std::size_t row, std::size_t column, double value) {
    blocks[node](static_cast<long>(row), static_cast<long>(column)) -= gamma * value;
  });
  problem.blocks.clear();
  for (const NodeBlock& block : blocks) problem.blocks.emplace_back(block);
  *fresh = SUNTRUE;
  return 0;
}
int precondition(realtype, N_Vector, N_Vector, N_Vector r, N_Vector z, realtype, realtype, int, void* data) {
  Problem& problem = problem_of(data);
  using Nine = Eigen::Matrix<double, 9, 1>;
  for (std::size_t node = 0; node < problem.blocks.size(); ++node) {
    Eigen::Map<Nine>(values(z) + 9 * node) = problem.blocks[node].solve(Eigen::Map<const Nine>(values(r) + 9 * node));
  }
  return 0;
}

void check(int flag, const char* call) {
  if (flag < 0) throw std::runtime_error(std::string(call) + " returned " + std::to_string(flag));
}

}  // namespace

int main(int count, char** argument) {
  if (count < 5) {
    std::fputs("see the head of bench_dynamics_sundials.cpp\n", stderr);
    return 2;
  }
  const std::string method = argument[1], name = argument[2], file = argument[3];
  const double tolerance = std::atof(argument[4]);
  Problem problem(name);
  const auto start = bench::start_of(problem.line, argument[2]);
  const long n = static_cast<long>(9 * problem.line.nodes());
  SUNContext context = nullptr;
  check(SUNContext_Create(nullptr, &context), "SUNContext_Create");
  N_Vector y = N_VNew_Serial(n, context), absolute = N_VNew_Serial(n, context);
  problem.scatter(start, values(y));
  std::array<double, 3> largest{};
  for (std::size_t i = 0; i < start.values().size(); ++i)
    largest[3 * i / start.values().size()] =
        std::max(largest[3 * i / start.values().size()], std::abs(start.values()[i]));
  dynamics::Fields<double> bounds(problem.line.nodes());
  for (std::size_t i = 0; i < bounds.values().size(); ++i)
    bounds.values()[i] = tolerance * largest[3 * i / bounds.values().size()];
  problem.scatter(bounds, values(absolute));

  long steps = 0, failures = 0;
  double reached = 0;
  const double seconds = bench::seconds_of([&] {
    const bool imex = method.rfind("imex", 0) == 0;
    SUNMatrix J = nullptr;
    SUNLinearSolver solver = nullptr;
    if (method == "gmres") {
      solver = SUNLinSol_SPGMR(y, SUN_PREC_LEFT, 0, context);
    } else {
      J = SUNBandMatrix(n, above, below, context);
      solver = SUNLinSol_Band(y, J, context);
    }
    if (imex) {
      void* memory = ARKStepCreate(explicit_rates, implicit_rates, 0, y, context);
      check(ARKStepSVtolerances(memory, tolerance, absolute), "ARKStepSVtolerances");
      check(ARKStepSetUserData(memory, &problem), "ARKStepSetUserData");
      check(ARKStepSetOrder(memory, method.back() - '0'), "ARKStepSetOrder");
      check(ARKStepSetLinearSolver(memory, solver, J), "ARKStepSetLinearSolver");
      check(ARKStepSetJacFn(memory, linear_jacobian), "ARKStepSetJacFn");
      check(ARKStepSetLinear(memory, 0), "ARKStepSetLinear");
      check(ARKStepSetMaxNumSteps(memory, 10000000), "ARKStepSetMaxNumSteps");
      check(ARKStepSetStopTime(memory, bench::end_of_run), "ARKStepSetStopTime");
      check(ARKStepEvolve(memory, bench::end_of_run, y, &reached, ARK_NORMAL), "ARKStepEvolve");
      ARKStepGetNumSteps(memory, &steps);
      ARKStepGetNumErrTestFails(memory, &failures);
      ARKStepFree(&memory);
    } else {
      void* memory = CVodeCreate(CV_BDF, context);
      check(CVodeInit(memory, all_rates, 0, y), "CVodeInit");
      check(CVodeSVtolerances(memory, tolerance, absolute), "CVodeSVtolerances");
      check(CVodeSetUserData(memory, &problem), "CVodeSetUserData");
      check(CVodeSetLinearSolver(memory, solver, J), "CVodeSetLinearSolver");
      if (method == "gmres")
        check(CVodeSetPreconditioner(memory, precondition_setup, precondition), "CVodeSetPreconditioner");
      else
        check(CVodeSetJacFn(memory, band_jacobian), "CVodeSetJacFn");
      check(CVodeSetMaxNumSteps(memory, 10000000), "CVodeSetMaxNumSteps");
      check(CVodeSetStopTime(memory, bench::end_of_run), "CVodeSetStopTime");
      check(CVode(memory, bench::end_of_run, y, &reached, CV_NORMAL), "CVode");
      CVodeGetNumSteps(memory, &steps);
      CVodeGetNumErrTestFails(memory, &failures);
      CVodeFree(&memory);
    }
    SUNLinSolFree(solver);
    if (J != nullptr) SUNMatDestroy(J);
  });
  problem.gather(values(y));
  const auto& result = problem.state.values();
  std::printf("{\"seconds\": %.6g, \"error\": %.4g, \"steps\": %ld, \"rejected\": %ld}\n", seconds,
              bench::error_against(result, bench::read_state(file, result.size())), steps, failures);
  N_VDestroy(y);
  N_VDestroy(absolute);
  SUNContext_Free(&context);
}
