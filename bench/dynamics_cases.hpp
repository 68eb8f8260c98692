#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "vitrispin/dynamics/fields.hpp"
#include "vitrispin/dynamics/line.hpp"

/// The lines that bench_dynamics and its peers run: 1024 cells, all nine fields, precession of finite amplitude, 1 ns = ten radians about
/// the field. One cell is a nanometre; D dt/dx^2 is about 50 at the steps that an error of 1e-6 allows.
namespace vitrispin::bench {

inline constexpr double end_of_run = 1e-9;  // [s]

inline physics::Material<double> glass(double chi_M, double xi, double D, double rho_s, double K) {
  physics::Material<double> material;
  material.equilibrium_susceptibility = chi_M;
  material.accumulation_susceptibility = xi * chi_M;
  material.lattice_relaxation_time = 2e-9;
  material.accumulation_lattice_relaxation_time = 1e-9;
  material.cross_relaxation_time = 1e-9;
  material.diffusivity = D;
  material.spin_stiffness = rho_s;
  material.anisotropy = K;
  material.damping = 1e-6;
  return material;
}

inline physics::Layer layer(const physics::Material<double>& material, int cells) {
  physics::Layer result;
  result.material = material;
  result.cells = cells;
  result.thickness = 1e-9 * cells;
  return result;
}

/// "uniform": one closed layer. "layers": three glasses, two interfaces, a sink at either end. "linear": a quarter of the closed layer,
/// with deviations so small that their products count for nothing.
inline physics::Stack stack_of(const std::string& name) {
  physics::Stack stack;
  if (name == "uniform") {
    stack.layers = {layer(glass(1e-2, 0.3, 1.7e-5, 2.3e-12, 25), 1024)};
  } else if (name == "linear") {
    stack.layers = {layer(glass(1e-2, 0.3, 1.7e-5, 2.3e-12, 25), 256)};
  } else if (name == "layers") {
    stack.layers = {layer(glass(1e-2, 0.3, 1.7e-5, 2.3e-12, 25), 320),
                    layer(glass(2e-2, 0.2, 2.5e-5, 1.2e-12, 40), 384), layer(glass(0.8e-2, 0.4, 1e-5, 3e-12, 15), 320)};
    physics::Interface first, second;
    first.conductance = 500;
    second.conductance = 2000;
    stack.interfaces = {first, second};
    stack.left.accumulation = stack.right.accumulation = physics::AccumulationBoundary::contact;
    stack.left.conductance = 300;
    stack.right.conductance = 1000;
  } else {
    throw std::invalid_argument("no case " + name);
  }
  stack.H = {0, 0, 4.5e4};  // Omega = 1e10/s
  return stack;
}

/// Smooth bumps of a third of M_eq, and a twist; in case "linear" of 1e-9 of these.
inline dynamics::Fields<double> start_of(const dynamics::Line& line, const std::string& name) {
  dynamics::Fields<double> state(line.nodes());
  const double length = line.positions().back();
  for (const dynamics::Segment& segment : line.segments()) {
    const double size = 0.3 * segment.M_eq[2];
    for (std::size_t i = segment.begin; i < segment.end; ++i) {
      const double x = line.positions()[i] / length;
      const double bump = std::exp(-std::pow((x - 0.45) / 0.12, 2));
      const double side = std::exp(-std::pow((x - 0.6) / 0.09, 2));
      state.M(0)[i] = size * bump;
      state.M(1)[i] = -0.5 * size * side;
      state.M(2)[i] = -0.7 * size * bump;
      state.m(0)[i] = 0.3 * size * side;
      state.m(1)[i] = 0.2 * size * bump;
      state.m(2)[i] = 0.4 * size * side;
      state.theta(0)[i] = 0.1 * side;
      state.theta(2)[i] = 0.05 * bump;
    }
  }
  if (name == "linear") {
    for (double& value : state.values()) value *= 1e-9;
  }
  return state;
}

/// Largest error of any field, over the largest value of the field at the end.
template <class Values, class Reference>
double error_against(const Values& values, const Reference& reference) {
  const std::size_t field = values.size() / 3;
  double worst = 0;
  for (std::size_t f = 0; f < 3; ++f) {
    double error = 0, size = 0;
    for (std::size_t i = f * field; i < (f + 1) * field; ++i) {
      error = std::max(error, std::abs(values[i] - reference[i]));
      size = std::max(size, std::abs(reference[i]));
    }
    worst = std::max(worst, std::isfinite(error) ? error / size : HUGE_VAL);
  }
  return worst;
}

inline void write_state(const std::string& path, const std::vector<double>& values) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(8 * values.size()));
}

inline std::vector<double> read_state(const std::string& path, std::size_t size) {
  std::vector<double> values(size);
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(8 * size));
  if (!file) throw std::runtime_error("cannot read " + path);
  return values;
}

/// Processor time of `work`. [s]
template <class Work>
double seconds_of(const Work& work) {
  const auto now = [] {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
  };
  const double begin = now();
  work();
  return now() - begin;
}

}  // namespace vitrispin::bench
