// SUNDIALS on the grids of bench_grid_runs: one run, one line of JSON. Rates and Jacobians are vitrispin's own, exact.
//
//     bench_grid_sundials gmres|imex3|imex4|imex5 CASE FILE TOLERANCE
//
// `gmres`: CVODE, BDF, GMRES with the cells' 9 x 9 blocks as preconditioner. `imex`: ARKODE's ARK pairs, precession explicit, the same
// linear solver for the rest.

#include <arkode/arkode_arkstep.h>
#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sundials/sundials_context.h>
#include <sunlinsol/sunlinsol_spgmr.h>
#include <Eigen/Dense>

#include "grid_cases.hpp"

namespace {

using namespace vitrispin;
using Block = Eigen::Matrix<double, 9, 9>;
using Nine = Eigen::Matrix<double, 9, 1>;

struct Problem {
  bench::GridRates rates;
  bool imex;
  std::vector<Block> linear;  ///< of each cell
  std::vector<Eigen::PartialPivLU<Block>> blocks;
  Problem(const std::string& name, bool of_imex) : rates(name), imex(of_imex), linear(rates.cells(), Block::Zero()) {
    const std::size_t n = rates.cells();
    rates.linear_jacobian([&](std::size_t row, std::size_t column, double value) {
      if (row % n == column % n) linear[row % n](static_cast<long>(row / n), static_cast<long>(column / n)) = value;
    });
  }
};

Problem& problem_of(void* data) {
  return *static_cast<Problem*>(data);
}
double* values(N_Vector v) {
  return N_VGetArrayPointer(v);
}
int all_rates(realtype, N_Vector y, N_Vector ydot, void* data) {
  problem_of(data).rates.linear(values(y), values(ydot), true);
  return 0;
}
int implicit_rates(realtype, N_Vector y, N_Vector ydot, void* data) {
  problem_of(data).rates.linear(values(y), values(ydot), false);
  return 0;
}
int explicit_rates(realtype, N_Vector y, N_Vector ydot, void* data) {
  problem_of(data).rates.precession(values(y), values(ydot));
  return 0;
}
int linear_product(N_Vector v, N_Vector Jv, realtype, N_Vector, N_Vector, void* data, N_Vector) {
  problem_of(data).rates.linear(values(v), values(Jv), false);
  return 0;
}

int set_up(realtype, N_Vector y, N_Vector, booleantype, booleantype* fresh, realtype gamma, void* data) {
  Problem& problem = problem_of(data);
  const std::size_t n = problem.rates.cells();
  std::vector<Block> blocks;
  for (const Block& block : problem.linear) blocks.emplace_back(Block::Identity() - gamma * block);
  if (!problem.imex) {
    problem.rates.precession_jacobian(values(y), [&](std::size_t row, std::size_t column, double value) {
      blocks[row % n](static_cast<long>(row / n), static_cast<long>(column / n)) -= gamma * value;
    });
  }
  problem.blocks.clear();
  for (const Block& block : blocks) problem.blocks.emplace_back(block);
  *fresh = SUNTRUE;
  return 0;
}
int precondition(realtype, N_Vector, N_Vector, N_Vector r, N_Vector z, realtype, realtype, int, void* data) {
  Problem& problem = problem_of(data);
  const std::size_t n = problem.rates.cells();
  const double* from = values(r);
  double* to = values(z);
  for (std::size_t cell = 0; cell < n; ++cell) {
    Nine nine;
    for (std::size_t a = 0; a < 9; ++a) nine[static_cast<long>(a)] = from[a * n + cell];
    nine = problem.blocks[cell].solve(nine).eval();
    for (std::size_t a = 0; a < 9; ++a) to[a * n + cell] = nine[static_cast<long>(a)];
  }
  return 0;
}

void check(int flag, const char* call) {
  if (flag < 0) throw std::runtime_error(std::string(call) + " returned " + std::to_string(flag));
}

}  // namespace

int main(int count, char** argument) {
  if (count < 5) {
    std::fputs("see the head of bench_grid_sundials.cpp\n", stderr);
    return 2;
  }
  const std::string method = argument[1], file = argument[3];
  const double tolerance = std::atof(argument[4]);
  const bool imex = method.rfind("imex", 0) == 0;
  Problem problem(argument[2], imex);
  SUNContext context = nullptr;
  check(SUNContext_Create(nullptr, &context), "SUNContext_Create");
  N_Vector y = N_VNew_Serial(static_cast<long>(problem.rates.size()), context);
  problem.rates.start(values(y));
  long steps = 0, iterations = 0;
  double reached = 0;
  const double end = bench::end_of_grid_run;
  const double seconds = bench::seconds_of([&] {
    SUNLinearSolver solver = SUNLinSol_SPGMR(y, SUN_PREC_LEFT, 30, context);
    if (imex) {
      void* memory = ARKStepCreate(explicit_rates, implicit_rates, 0, y, context);
      check(ARKStepSStolerances(memory, tolerance, tolerance), "ARKStepSStolerances");
      check(ARKStepSetUserData(memory, &problem), "ARKStepSetUserData");
      check(ARKStepSetOrder(memory, method.back() - '0'), "ARKStepSetOrder");
      check(ARKStepSetLinearSolver(memory, solver, nullptr), "ARKStepSetLinearSolver");
      check(ARKStepSetPreconditioner(memory, set_up, precondition), "ARKStepSetPreconditioner");
      check(ARKStepSetJacTimes(memory, nullptr, linear_product), "ARKStepSetJacTimes");
      check(ARKStepSetLinear(memory, 0), "ARKStepSetLinear");
      check(ARKStepSetMaxNumSteps(memory, 10000000), "ARKStepSetMaxNumSteps");
      check(ARKStepSetStopTime(memory, end), "ARKStepSetStopTime");
      check(ARKStepEvolve(memory, end, y, &reached, ARK_NORMAL), "ARKStepEvolve");
      ARKStepGetNumSteps(memory, &steps);
      ARKStepGetNumLinIters(memory, &iterations);
      ARKStepFree(&memory);
    } else {
      void* memory = CVodeCreate(CV_BDF, context);
      check(CVodeInit(memory, all_rates, 0, y), "CVodeInit");
      check(CVodeSStolerances(memory, tolerance, tolerance), "CVodeSStolerances");
      check(CVodeSetUserData(memory, &problem), "CVodeSetUserData");
      check(CVodeSetLinearSolver(memory, solver, nullptr), "CVodeSetLinearSolver");
      check(CVodeSetPreconditioner(memory, set_up, precondition), "CVodeSetPreconditioner");
      check(CVodeSetMaxNumSteps(memory, 10000000), "CVodeSetMaxNumSteps");
      check(CVodeSetStopTime(memory, end), "CVodeSetStopTime");
      check(CVode(memory, end, y, &reached, CV_NORMAL), "CVode");
      CVodeGetNumSteps(memory, &steps);
      CVodeGetNumLinIters(memory, &iterations);
      CVodeFree(&memory);
    }
    SUNLinSolFree(solver);
  });
  const auto result = problem.rates.fields(values(y));
  std::printf("{\"seconds\": %.6g, \"error\": %.4g, \"steps\": %ld, \"iterations\": %ld}\n", seconds,
              bench::error_against(result, bench::read_state(file, result.size())), steps, iterations);
  N_VDestroy(y);
  SUNContext_Free(&context);
}
