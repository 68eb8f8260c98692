#include "vitrispin/distributed/petsc_solver.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/distributed/petsc_handle.hpp"
#include "vitrispin/distributed/petsc_matrix.hpp"
#include "vitrispin/distributed/petsc_session.hpp"

namespace vitrispin::distributed {
namespace {

using namespace dynamics::grid;

/// Unknowns of a cell: p and theta of three components, in the order of PETSc's MAIJ.
constexpr std::size_t unknowns = 6;
std::size_t place(std::size_t cell, std::size_t field, std::size_t component) {
  return unknowns * cell + 3 * field + component;
}

PetscInt index(std::size_t i) {
  return static_cast<PetscInt>(i);
}

/// p = p', theta = theta' turn, and all rows times `matrix`: numbers near 1, which methods that compare them with each other need.
struct Scale {
  double matrix = 1, turn = 1;
};

class PetscSolver final : public HelmholtzSolver {
public:
  PetscSolver(const Grid& grid, const Halo& halo, const PreconditionerMaker& preconditioner);
  void factorise(const HelmholtzSystem& system) override;
  long solve(const ConstComponents& right_p, const ConstComponents& right_theta, const Components& p,
             const Components& theta, double tolerance) override;

private:
  void make_matrix();
  void choose_scale();
  void assemble();
  void put(std::size_t cell, std::ptrdiff_t beside, double pp, double pt, double tt);
  static PetscErrorCode apply_preconditioner(PC pc, Vec right, Vec solution);
  void precondition(const double* right, double* solution);
  /// Sums over ranks of r . D^-1 r and x . D x, the latter what rounding of x is worth.
  std::array<double, 2> norms(const double* r, const double* x) const;
  void form_residual();
  long correct(double reduction, KSPConvergedReason& reason);
  double volume(std::size_t cell) const;

  const Grid& grid_;
  const Halo& halo_;
  std::size_t n_;
  std::unique_ptr<Preconditioner> preconditioner_;
  bool own_preconditioner_ = false;  ///< of this program, for three components at once
  bool given_tolerance_ = false, options_seen_ = false;
  SlabMatrix slab_;
  Scale scale_;
  MatHandle matrix_, threefold_;
  KspHandle ksp_;
  VecHandle right_, solution_;
  std::vector<double> b_, x_, r_;  ///< x_ with a plane before and after
  std::array<std::vector<double>, 3> right_p_, right_theta_, p_, theta_;
};

PetscSolver::PetscSolver(const Grid& grid, const Halo& halo, const PreconditionerMaker& preconditioner)
    : grid_(grid), halo_(halo), n_(grid.cells()) {
  if (2 * grid.problem().cells() * 3 > static_cast<std::size_t>(std::numeric_limits<PetscInt>::max()))
    throw InputError("petsc: this PETSc counts unknowns with 31 bits, too few for this grid; leave `petsc` out");
  check_petsc(KSPCreate(PETSC_COMM_WORLD, ksp_.make()), "KSPCreate");
  KSPSetType(ksp_.get(), KSPCG);
  PC pc = nullptr;
  KSPGetPC(ksp_.get(), &pc);
  PCSetType(pc, PCSHELL);
  if (KSPSetFromOptions(ksp_.get()) != 0) throw InputError("petsc: " + last_petsc_message());
  PCType type = nullptr;
  PCGetType(pc, &type);
  own_preconditioner_ = std::string_view(type) == PCSHELL;
  PetscBool given = PETSC_FALSE;
  PetscOptionsHasName(nullptr, nullptr, "-ksp_rtol", &given);
  given_tolerance_ = given == PETSC_TRUE;
  if (own_preconditioner_) {
    preconditioner_ = preconditioner(grid, halo);
    PCShellSetName(pc, "V-cycle of vitrispin");
    PCShellSetContext(pc, this);
    PCShellSetApply(pc, apply_preconditioner);
    for (auto* fields : {&right_p_, &right_theta_, &p_, &theta_})
      for (auto& values : *fields) values.resize(n_);
  }
  for (auto* values : {&b_, &r_}) values->resize(unknowns * n_);
  x_.resize(unknowns * (n_ + 2 * grid.plane()));
  make_matrix();
}

void PetscSolver::make_matrix() {
  check_petsc(MatCreate(PETSC_COMM_WORLD, matrix_.make()), "MatCreate");
  Mat A = matrix_.get();
  MatSetSizes(A, index(2 * n_), index(2 * n_), PETSC_DETERMINE, PETSC_DETERMINE);
  MatSetBlockSize(A, 2);
  MatSetType(A, MATAIJ);
  constexpr PetscInt row = 8, of_other_ranks = 2;  // p, theta, six cells beside
  MatSeqAIJSetPreallocation(A, row, nullptr);
  check_petsc(MatMPIAIJSetPreallocation(A, row, nullptr, of_other_ranks, nullptr), "MatMPIAIJSetPreallocation");
  MatSetOption(A, MAT_SPD, PETSC_TRUE);
  MatSetOption(A, MAT_SPD_ETERNAL, PETSC_TRUE);
}

double PetscSolver::volume(std::size_t cell) const {
  const std::size_t nx = grid_.count(0), ny = grid_.count(1);
  return grid_.volume(cell % nx, cell / nx % ny, cell / (nx * ny));
}

void PetscSolver::choose_scale() {
  double pp = 0, tt = 0;
  for (const CellBlock& block : slab_.blocks) {
    if (block.has_p) pp = std::max(pp, block.p);
    if (block.has_theta) tt = std::max(tt, block.theta);
  }
  pp = halo_.largest(pp);
  tt = halo_.largest(tt);
  scale_ = {pp > 0 ? 1 / pp : 1, pp > 0 && tt > 0 ? std::sqrt(pp / tt) : 1};
}

/// Adds a block to the matrix; cells of this slab.
void PetscSolver::put(std::size_t cell, std::ptrdiff_t beside, double pp, double pt, double tt) {
  const std::size_t first = grid_.slab().begin * grid_.plane(), all = grid_.problem().cells();
  const PetscInt row = index(2 * (first + cell));
  const PetscInt column = index(2 * ((first + all + static_cast<std::size_t>(beside)) % all));
  MatSetValue(matrix_.get(), row, column, pp, ADD_VALUES);
  if (pt != 0) {
    MatSetValue(matrix_.get(), row, column + 1, pt, ADD_VALUES);
    MatSetValue(matrix_.get(), row + 1, column, pt, ADD_VALUES);
  }
  MatSetValue(matrix_.get(), row + 1, column + 1, tt, ADD_VALUES);
}

void PetscSolver::assemble() {
  const double to[3] = {scale_.matrix, scale_.matrix * scale_.turn, scale_.matrix * scale_.turn * scale_.turn};
  MatZeroEntries(matrix_.get());
  for (std::size_t cell = 0; cell < n_; ++cell) {
    const CellBlock& block = slab_.blocks[cell];
    put(cell, static_cast<std::ptrdiff_t>(cell), block.has_p ? to[0] * block.p : 1, to[1] * block.joint,
        block.has_theta ? to[2] * block.theta : 1);
  }
  for (const CellLink& link : slab_.links) put(link.cell, link.beside, -to[0] * link.p, 0, -to[2] * link.theta);
  check_petsc(MatAssemblyBegin(matrix_.get(), MAT_FINAL_ASSEMBLY), "MatAssemblyBegin");
  check_petsc(MatAssemblyEnd(matrix_.get(), MAT_FINAL_ASSEMBLY), "MatAssemblyEnd");
}

void PetscSolver::factorise(const HelmholtzSystem& system) {
  slab_ = slab_matrix(grid_, system);
  choose_scale();
  assemble();
  if (own_preconditioner_) {
    preconditioner_->fill(system);
    check_petsc(MatCreateMAIJ(matrix_.get(), 3, threefold_.make()), "MatCreateMAIJ");
  }
  Mat of_unknowns = own_preconditioner_ ? threefold_.get() : matrix_.get();
  MatCreateVecs(of_unknowns, solution_.make(), right_.make());
  check_petsc(KSPSetOperators(ksp_.get(), of_unknowns, of_unknowns), "KSPSetOperators");
  check_petsc(KSPSetUp(ksp_.get()), "KSPSetUp");
  check_petsc(KSPSetUpOnBlocks(ksp_.get()), "KSPSetUpOnBlocks");
}

PetscErrorCode PetscSolver::apply_preconditioner(PC pc, Vec right, Vec solution) {
  void* self = nullptr;
  PCShellGetContext(pc, &self);
  const double* from = nullptr;
  double* to = nullptr;
  VecGetArrayRead(right, &from);
  VecGetArrayWrite(solution, &to);
  static_cast<PetscSolver*>(self)->precondition(from, to);
  VecRestoreArrayRead(right, &from);
  VecRestoreArrayWrite(solution, &to);
  return 0;
}

void PetscSolver::precondition(const double* right, double* solution) {
  const auto pointers = [](auto& fields) { return Components{fields[0].data(), fields[1].data(), fields[2].data()}; };
  const auto constant = [](const Components& c) { return ConstComponents{c[0], c[1], c[2]}; };
  for (std::size_t cell = 0; cell < n_; ++cell) {
    for (std::size_t c = 0; c < 3; ++c) {
      right_p_[c][cell] = right[place(cell, 0, c)];
      right_theta_[c][cell] = right[place(cell, 1, c)] / scale_.turn;
    }
  }
  preconditioner_->apply(constant(pointers(right_p_)), constant(pointers(right_theta_)), pointers(p_),
                         pointers(theta_));
  for (std::size_t cell = 0; cell < n_; ++cell) {
    const CellBlock& block = slab_.blocks[cell];
    for (std::size_t c = 0; c < 3; ++c) {
      const std::size_t p = place(cell, 0, c), theta = place(cell, 1, c);
      solution[p] = block.has_p ? p_[c][cell] / scale_.matrix : right[p];
      solution[theta] = block.has_theta ? theta_[c][cell] / (scale_.matrix * scale_.turn) : right[theta];
    }
  }
}

std::array<double, 2> PetscSolver::norms(const double* r, const double* x) const {
  std::vector<double> sums(2, 0.0);
  const double to_p = scale_.matrix, to_theta = scale_.matrix * scale_.turn * scale_.turn,
               to_joint = scale_.matrix * scale_.turn;
  for (std::size_t cell = 0; cell < n_; ++cell) {
    const CellBlock& block = slab_.blocks[cell];
    const double p = block.has_p ? to_p * block.p : 1, theta = block.has_theta ? to_theta * block.theta : 1;
    const double det = block.has_theta ? to_p * to_theta * block.det : p * theta, joint = to_joint * block.joint;
    for (std::size_t c = 0; c < 3; ++c) {
      const double a = r[place(cell, 0, c)], b = r[place(cell, 1, c)];
      const double y = x[place(cell, 0, c)], z = x[place(cell, 1, c)];
      sums[0] += (theta * a * a - 2 * joint * a * b + p * b * b) / det;
      sums[1] += p * y * y + theta * z * z;
    }
  }
  halo_.sum(sums);
  return {sums[0], sums[1]};
}

/// r_ = b_ - A x, from differences across faces: in long steps their sum with the ground would lose digits that the
/// assembled matrix does not have.
void PetscSolver::form_residual() {
  const std::size_t plane = unknowns * grid_.plane();
  double* x = x_.data() + plane;
  halo_.fill(plane, unknowns * n_, {x});
  const double to_p = scale_.matrix, to_theta = scale_.matrix * scale_.turn * scale_.turn,
               to_joint = scale_.matrix * scale_.turn;
  for (std::size_t cell = 0; cell < n_; ++cell) {
    const CellBlock& block = slab_.blocks[cell];
    const double p = block.has_p ? to_p * block.ground_p : 1;
    const double theta = block.has_theta ? to_theta * block.ground_theta : 1, joint = to_joint * block.joint;
    for (std::size_t c = 0; c < 3; ++c) {
      const std::size_t at_p = place(cell, 0, c), at_theta = place(cell, 1, c);
      r_[at_p] = b_[at_p] - (p * x[at_p] + joint * x[at_theta]);
      r_[at_theta] = b_[at_theta] - (joint * x[at_p] + theta * x[at_theta]);
    }
  }
  for (const CellLink& link : slab_.links) {
    const double* here = x + unknowns * link.cell;
    const double* beside = x + static_cast<std::ptrdiff_t>(unknowns) * link.beside;
    double* to = r_.data() + unknowns * link.cell;
    for (std::size_t c = 0; c < 3; ++c) {
      to[c] += to_p * link.p * (beside[c] - here[c]);
      to[3 + c] += to_theta * link.theta * (beside[3 + c] - here[3 + c]);
    }
  }
}

/// x_ += about A^-1 r_
long PetscSolver::correct(double reduction, KSPConvergedReason& reason) {
  PetscReal relative = 0, absolute = 0, divergence = 0;
  PetscInt most = 0;
  KSPGetTolerances(ksp_.get(), &relative, &absolute, &divergence, &most);
  KSPSetTolerances(ksp_.get(), given_tolerance_ ? relative : reduction, 0, divergence, most);
  const std::size_t together = own_preconditioner_ ? 3 : 1;
  Vec right = right_.get(), solution = solution_.get();
  double* x = x_.data() + unknowns * grid_.plane();
  long iterations = 0;
  for (std::size_t c = 0; c < 3; c += together) {
    double* to = nullptr;
    VecGetArrayWrite(right, &to);
    for (std::size_t i = 0; i < together * 2 * n_; ++i) to[i] = r_[i * 3 / together + c];
    VecRestoreArrayWrite(right, &to);
    check_petsc(KSPSolve(ksp_.get(), right, solution), "KSPSolve");
    KSPConvergedReason one = KSP_CONVERGED_ITERATING;
    KSPGetConvergedReason(ksp_.get(), &one);
    if (one < 0) reason = one;
    PetscInt taken = 0;
    KSPGetIterationNumber(ksp_.get(), &taken);
    iterations = std::max(iterations, static_cast<long>(taken));
    const double* from = nullptr;
    VecGetArrayRead(solution, &from);
    for (std::size_t i = 0; i < together * 2 * n_; ++i) x[i * 3 / together + c] += from[i];
    VecRestoreArrayRead(solution, &from);
  }
  return iterations;
}

long PetscSolver::solve(const ConstComponents& right_p, const ConstComponents& right_theta, const Components& p,
                        const Components& theta, double tolerance) {
  double* x = x_.data() + unknowns * grid_.plane();
  for (std::size_t cell = 0; cell < n_; ++cell) {
    const CellBlock& block = slab_.blocks[cell];
    const double to = scale_.matrix * volume(cell);
    for (std::size_t c = 0; c < 3; ++c) {
      const std::size_t at_p = place(cell, 0, c), at_theta = place(cell, 1, c);
      b_[at_p] = block.has_p ? to * right_p[c][cell] : 0;
      b_[at_theta] = block.has_theta ? to * scale_.turn * right_theta[c][cell] : 0;
      x[at_p] = block.has_p ? p[c][cell] : 0;
      x[at_theta] = block.has_theta ? theta[c][cell] / scale_.turn : 0;
    }
  }
  const double whole = std::sqrt(norms(b_.data(), b_.data())[0]);
  long iterations = 0;
  double before = std::numeric_limits<double>::infinity();
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  for (;;) {
    if (whole == 0) std::fill(x_.begin(), x_.end(), 0.0);
    form_residual();
    const auto [square, size] = norms(r_.data(), x);
    const double residual = std::sqrt(square);
    const double target = std::max(tolerance * whole, 2 * std::numeric_limits<double>::epsilon() * std::sqrt(size));
    if (residual <= target) break;
    const bool gives_up = reason == KSP_DIVERGED_ITS || !std::isfinite(residual) || residual > 0.5 * before;
    if (gives_up) {
      const std::string why = reason < 0 ? std::string(" (") + KSPConvergedReasons[reason] + ")" : "";
      throw ConvergenceError("PETSc's KSP in a grid's implicit step" + why, static_cast<int>(iterations),
                             residual / whole, target / whole);
    }
    before = residual;
    reason = KSP_CONVERGED_ITERATING;
    // A solution of a few digits suffices: what is left is solved for again.
    iterations += correct(std::clamp(0.3 * target / residual, 1e-10, 0.5), reason);
    if (!options_seen_) refuse_unused_options();
    options_seen_ = true;
  }
  for (std::size_t cell = 0; cell < n_; ++cell) {
    for (std::size_t c = 0; c < 3; ++c) {
      p[c][cell] = x[place(cell, 0, c)];
      theta[c][cell] = scale_.turn * x[place(cell, 1, c)];
    }
  }
  return iterations;
}

}  // namespace

SolverMaker petsc_solver(const std::string& options, const PreconditionerMaker& preconditioner) {
  return [options, preconditioner](const Grid& grid, const Halo& halo) {
    use_petsc_options(options);
    return std::make_unique<PetscSolver>(grid, halo, preconditioner);
  };
}

}  // namespace vitrispin::distributed
