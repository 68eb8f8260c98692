// Frequencies of random valid materials against Eigen, in turn. Reads commands from standard input, so that a driver can take
// turns with peers outside this process: `round` measures everything once and prints one line of JSON; `data FILE` writes
// the complex matrices of helicity +1 as raw doubles; end of input stops.
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "vitrispin/modes/batch.hpp"
#include "vitrispin/physics/linear_matrix.hpp"

namespace {

using namespace vitrispin;

constexpr std::size_t materials = 1'000'000;
constexpr std::size_t peer_materials = 50'000;  // Eigen takes the first ones

/// Processor time of this thread, so that other work on the machine does not count.
double seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Nanoseconds an item.
template <class Work>
double time(std::size_t count, const Work& work) {
  const double start = seconds();
  work();
  return (seconds() - start) * 1e9 / static_cast<double>(count);
}

/// Log-uniform parameters: `plausible` spans what spin glasses may have (docs/solvers-modes.md), `wide` twenty decades each.
class Population {
public:
  explicit Population(bool wide) {
    std::mt19937_64 engine(20230307);
    const auto draw = [&engine](double low, double high) {
      return std::exp(std::uniform_real_distribution<double>(std::log(low), std::log(high))(engine));
    };
    const std::array<std::array<double, 2>, 12> plausible{{{1e10, 1e12},
                                                           {1e-4, 1},
                                                           {0.01, 0.99},
                                                           {1e-12, 1e-7},
                                                           {1e-12, 1e-7},
                                                           {1e-12, 1e-7},
                                                           {1e-7, 1e-2},
                                                           {1e-15, 1e-10},
                                                           {1e1, 1e5},
                                                           {1e-9, 1e-4},
                                                           {1e3, 1e9},
                                                           {1e7, 1e12}}};
    for (auto& column : columns) column.resize(materials);
    for (std::size_t i = 0; i < materials; ++i) {
      for (std::size_t j = 0; j < 12; ++j) {
        const bool ratio = j == 2;
        const double low = wide ? (ratio ? 1e-5 : 1e-10) : plausible[j][0];
        const double high = wide ? (ratio ? 0.99999 : 1e10) : plausible[j][1];
        columns[j][i] = draw(low, high) * (ratio ? columns[1][i] : 1.0);
      }
    }
  }
  modes::MaterialColumns material_columns() const {
    const auto& c = columns;
    return {c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9]};
  }
  physics::EnergyMatrix matrix(std::size_t i, int sigma) const {
    physics::Material<double> m;
    const auto& c = columns;
    m.gyromagnetic_ratio = c[0][i], m.equilibrium_susceptibility = c[1][i], m.accumulation_susceptibility = c[2][i];
    m.lattice_relaxation_time = c[3][i], m.accumulation_lattice_relaxation_time = c[4][i];
    m.cross_relaxation_time = c[5][i], m.diffusivity = c[6][i], m.spin_stiffness = c[7][i];
    m.anisotropy = c[8][i], m.damping = c[9][i];
    return physics::energy_matrix(m, c[10][i] * c[10][i], sigma, c[11][i]);
  }
  std::array<std::vector<double>, 12> columns;
};

/// The matrix in energy coordinates: Eigen's best case, its answers are as good as they get.
template <class Matrix>
Matrix energy_coordinates(const physics::EnergyMatrix& e) {
  using Scalar = typename Matrix::Scalar;
  const double coupling = -std::sqrt(e.xi * e.one_minus_xi) * e.A, w = std::sqrt(e.w_squared);
  Matrix G;
  Scalar M(-(e.a + e.xi * e.A));
  if constexpr (Eigen::NumTraits<Scalar>::IsComplex) M += Scalar(0, e.rotation);
  G << M, coupling, w, coupling, -e.one_minus_xi * (e.A + e.d), 0.0, -w, 0.0, -e.p;
  return G;
}

template <class Matrix, class Solver>
void eigen_peer(const Population& population, int sigma, const char* name, std::string& line) {
  double sum = 0;
  Solver solver;
  std::vector<Matrix> built(peer_materials);
  const double whole = time(peer_materials, [&] {
    for (std::size_t i = 0; i < peer_materials; ++i) {
      built[i] = energy_coordinates<Matrix>(population.matrix(i, sigma));
      solver.compute(built[i], false);
      sum += solver.eigenvalues()[0].real();
    }
  });
  const double solver_alone = time(peer_materials, [&] {
    for (std::size_t i = 0; i < peer_materials; ++i) {
      solver.compute(built[i], false);
      sum += solver.eigenvalues()[0].real();
    }
  });
  if (std::isnan(sum)) std::cerr << name << ": no result\n";
  line += std::string(", \"") + name + "\": " + std::to_string(whole) + ", \"" + name +
          " solver alone\": " + std::to_string(solver_alone);
}

double triad_bandwidth() {
  constexpr std::size_t count = 1 << 22;
  static std::vector<double> x(count, 1.0), y(count, 2.0), z(count, 3.0);
  const double nanoseconds = time(count, [&] {
    for (std::size_t i = 0; i < count; ++i) x[i] = y[i] + 3.0 * z[i];
  });
  return 24.0 / nanoseconds;
}

void round(const Population& population, const std::string& name, std::string& line) {
  std::array<std::vector<double>, 6> out;
  for (auto& column : out) column.assign(materials, 0.0);
  const modes::FrequencyColumns omega{{out[0], out[1], out[2]}, {out[3], out[4], out[5]}};
  const auto columns = population.material_columns();
  for (const auto set : modes::instruction_sets()) {
    for (const int sigma : {0, 1}) {
      const double each = time(materials, [&] {
        modes::batch_frequencies(columns, population.columns[10], sigma, population.columns[11], omega, {1, set});
      });
      line += ", \"" + name + " sigma=" + std::to_string(sigma) + " " + modes::to_string(set) +
              "\": " + std::to_string(each);
    }
  }
  eigen_peer<Eigen::Matrix3d, Eigen::EigenSolver<Eigen::Matrix3d>>(population, 0, (name + " Eigen real").c_str(), line);
  eigen_peer<Eigen::Matrix3cd, Eigen::ComplexEigenSolver<Eigen::Matrix3cd>>(population, 1,
                                                                            (name + " Eigen complex").c_str(), line);
}

void write_matrices(const Population& population, const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  for (std::size_t i = 0; i < peer_materials; ++i) {
    const Eigen::Matrix<std::complex<double>, 3, 3, Eigen::RowMajor> G =
        energy_coordinates<Eigen::Matrix3cd>(population.matrix(i, 1));
    file.write(reinterpret_cast<const char*>(G.data()), sizeof(std::complex<double>) * 9);
  }
}

}  // namespace

int main() {
  const Population plausible(false), wide(true);
  std::string command;
  while (std::cin >> command) {
    if (command == "data") {
      std::string path;
      std::cin >> path;
      write_matrices(plausible, path);
      std::cout << "{}" << std::endl;
    } else {
      std::string line = "{\"triad GB/s\": " + std::to_string(triad_bandwidth());
      round(plausible, "plausible", line);
      round(wide, "wide", line);
      std::cout << line << "}" << std::endl;
    }
  }
}
