// Solves stacks read from standard input and prints every field at every node: what the twin in Python compares with. With the
// argument `batch`, the currents out that the batch solver finds, helicity by helicity.
// A stack: layers, interfaces, boundaries, field, angular frequency and steps, as plain numbers in the order read below.
#include <cstdio>
#include <iostream>
#include <string>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/film/balance.hpp"
#include "vitrispin/film/batch.hpp"
#include "vitrispin/film/profile.hpp"
#include "vitrispin/physics/material_build.hpp"

namespace {

using namespace vitrispin;

double number(std::istream& in) {
  std::string word;
  in >> word;
  return std::stod(word);
}

Vector3<double> vector(std::istream& in) {
  const double x = number(in), y = number(in), z = number(in);
  return {x, y, z};
}

physics::ComplexVector complex_vector(std::istream& in) {
  const Vector3<double> re = vector(in), im = vector(in);
  return {{re.x(), im.x()}, {re.y(), im.y()}, {re.z(), im.z()}};
}

physics::Layer layer(std::istream& in) {
  std::string kind;
  in >> kind;
  physics::MaterialSpecification given;
  given.kind = *physics::material_kind_from(kind);
  const double gamma = number(in), chi_M = number(in), chi_m = number(in), tau_ML = number(in), tau_mL = number(in),
               tau_Mm = number(in), D = number(in), rho_s = number(in), K = number(in), alpha = number(in);
  const Vector3<double> M0 = vector(in);
  given.chi_m = chi_m;
  given.tau_mL = tau_mL;
  given.D = D;
  if (given.kind != physics::MaterialKind::ferromagnet) given.gamma = gamma;
  if (given.kind == physics::MaterialKind::ferromagnet || given.kind == physics::MaterialKind::spin_glass) {
    given.chi_M = chi_M;
    given.tau_ML = tau_ML;
    given.tau_Mm = tau_Mm;
    given.M0 = M0;
  }
  if (given.kind == physics::MaterialKind::spin_glass) {
    given.rho_s = rho_s;
    given.K = K;
    given.alpha = alpha;
  }
  physics::Layer result;
  result.material = physics::make_material(given);
  result.thickness = number(in);
  return result;
}

physics::Boundary boundary(std::istream& in) {
  physics::Boundary result;
  std::string word;
  in >> word;
  if (word == "current") result.accumulation = physics::AccumulationBoundary::current;
  if (word == "contact") result.accumulation = physics::AccumulationBoundary::contact;
  result.conductance = number(in);
  result.mixing = number(in);
  in >> word;
  if (word == "clamped") result.twist = physics::TwistBoundary::clamped;
  if (word == "torque") result.twist = physics::TwistBoundary::torque;
  result.current = complex_vector(in);
  result.potential = complex_vector(in);
  result.torque = complex_vector(in);
  return result;
}

void print(const physics::ComplexVector& v) {
  for (std::size_t i = 0; i < 3; ++i) std::printf(" %.17g %.17g", v[i].real(), v[i].imag());
}

struct Problem {
  physics::Stack stack;
  double omega = 0;
  int steps = 1;
};

Problem problem(std::istream& in) {
  Problem result;
  physics::Stack& stack = result.stack;
  const int count = static_cast<int>(number(in));
  for (int i = 0; i < count; ++i) stack.layers.push_back(layer(in));
  for (int i = 0; i + 1 < count; ++i) {
    const double conductance = number(in), mixing = number(in);
    stack.interfaces.push_back({conductance, mixing});
  }
  stack.left = boundary(in);
  stack.right = boundary(in);
  stack.H = vector(in);
  result.omega = number(in);
  result.steps = static_cast<int>(number(in));
  return result;
}

void solve_in_batch(const Problem& given) {
  const std::vector<double> omega{given.omega};
  std::printf("batch");
  for (const int sigma : {-1, 0, 1}) {
    film::Transmissions out;
    film::solve_batch(film::columns_of(given.stack, sigma, omega), out);
    std::printf(" %.17g %.17g %.17g %.17g", out.m[0].real(), out.m[0].imag(), out.theta[0].real(), out.theta[0].imag());
    std::printf(" %d 0", static_cast<int>(out.solved_singly));
  }
  std::printf("\nend\n");
}

void solve(const Problem& given) {
  const physics::Stack& stack = given.stack;
  const std::vector<int> steps(stack.layers.size(), given.steps);
  const film::FilmState state = film::solve_film(stack, given.omega, steps);
  for (std::size_t i = 0; i < stack.layers.size(); ++i) {
    for (std::size_t n = 0; n <= state.face(i, film::Side::right); ++n) {
      const film::ProfilePoint point = film::profile_point(state, i, n);
      std::printf("node");
      print(point.h_star), print(point.theta), print(point.j), print(point.texture_current);
      print(point.M), print(point.m), print(point.torque);
      std::printf("\n");
    }
  }
  for (const film::TextureGroup& group : state.groups) {
    const auto w = film::rotation(state, group);
    std::printf("group %zu %zu %s %.17g %.17g %.17g\n", group.first, group.last, film::to_string(group.motion), w.x(),
                w.y(), w.z());
  }
  const film::Balance balance = film::balance(state);
  std::printf("balance");
  print(balance.in), print(balance.out), print(balance.relaxed);
  std::printf("\nend\n");
}

}  // namespace

int main(int count, char** arguments) {
  const bool in_batch = count > 1 && std::string(arguments[1]) == "batch";
  std::string word;
  while (std::cin >> word) {
    try {
      const Problem given = problem(std::cin);
      in_batch ? solve_in_batch(given) : solve(given);
    } catch (const InputError& error) {
      std::printf("error %s\nend\n", error.what());
    }
  }
}
