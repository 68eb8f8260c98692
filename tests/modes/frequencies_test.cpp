#include "vitrispin/modes/frequencies.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "modes/frequencies_backward_error.hpp"
#include "modes/frequencies_materials.hpp"
#include "vitrispin/modes/cubic_robust.hpp"

// Eqs. (51), (52): frequencies are eigenvalues of the linear dynamics; see docs/solvers-modes.md.
namespace vitrispin::modes {
namespace {

using Roots = std::array<std::complex<double>, 3>;

// The bound that is promised: the final rounding alone is half an epsilon.
constexpr double promised = 4 * epsilon;
// Three roots of 1.5 epsilon each, at worst.
constexpr double promised_trace = 6 * epsilon;

std::string show(const physics::EnergyMatrix& m) {
  std::ostringstream text;
  text.precision(17);
  text << "{" << m.a << ", " << m.A << ", " << m.d << ", " << m.xi << ", " << m.one_minus_xi << ", " << m.w_squared
       << ", " << m.p << ", " << m.rotation << "}";
  return text.str();
}

struct Worst {
  double root = 0, trace = 0;
  void print(const char* set) const {
    std::cout << set << ": worst backward error " << root / epsilon << " eps, trace " << trace / epsilon << " eps\n";
  }
};

void expect_rounding_level(const physics::EnergyMatrix& matrix, Worst& worst) {
  for (const Roots& omega : {frequencies(matrix), robust_frequencies(matrix)}) {
    const QuadMatrix G = energy_coordinates(matrix);
    const double error = worst_backward_error(G, omega), trace = trace_error(G, omega);
    ASSERT_LE(error, promised) << show(matrix);
    ASSERT_LE(trace, promised_trace) << show(matrix);
    worst.root = std::max(worst.root, error);
    worst.trace = std::max(worst.trace, trace);
  }
}

double rotation_of(TryingMaterials& random, const Sample& sample) {
  const double u = random.uniform(0, 1);
  return u < 0.4 ? 0.0 : (u < 0.7 ? sample.Omega : -sample.Omega);
}

TEST(Frequencies, have_backward_errors_at_rounding_level_for_plausible_materials) {
  TryingMaterials random;
  Worst worst;
  for (int i = 0; i < repetitions(3000); ++i) {
    const Sample sample = random.plausible();
    const double rotation = rotation_of(random, sample);
    expect_rounding_level(physics::energy_matrix(sample.material, sample.k * sample.k, 1, rotation), worst);
  }
  worst.print("plausible");
}

TEST(Frequencies, have_backward_errors_at_rounding_level_for_parameters_from_1e_minus_30_to_1e30) {
  TryingMaterials random;
  for (const double range : {1e3, 1e10, 1e30}) {
    Worst worst;
    for (int i = 0; i < repetitions(1500); ++i) {
      const Sample sample = random.extreme(range);
      const double rotation = rotation_of(random, sample);
      expect_rounding_level(physics::energy_matrix(sample.material, sample.k * sample.k, 1, rotation), worst);
    }
    worst.print(("range " + std::to_string(range)).c_str());
  }
}

TEST(Frequencies, have_backward_errors_at_rounding_level_near_exceptional_points) {
  TryingMaterials random;
  Worst worst;
  for (int i = 0; i < repetitions(4000); ++i) expect_rounding_level(random.near_double(), worst);
  worst.print("near double");
}

TEST(Frequencies, have_backward_errors_at_rounding_level_near_triple_roots) {
  TryingMaterials random;
  Worst worst;
  for (int i = 0; i < repetitions(4000); ++i) expect_rounding_level(random.near_triple(), worst);
  worst.print("near triple");
}

TEST(Frequencies, do_not_magnify_the_rounding_of_xi_where_two_decay_rates_are_close) {
  // 1-xi and xi as doubles add up to 1 only to rounding; a trace without regard to that cost ten epsilon here.
  Worst worst;
  expect_rounding_level({2155926038.6325016, 2196312409.1537514, 57034946.016040869, 2.9391832157357051e-10,
                         0.99999999970608178, 6.9068809518867468e-12, 0.0090545953146813751, 0.0},
                        worst);
}

TEST(Frequencies, have_small_backward_errors_against_the_parameters_themselves) {
  // Forming the rates takes up to five roundings on top of the solver's, hence 4 eps is kept with little to spare; the diagonal
  // scaling of Eq. (52) leaves M and m correlated and stretches the norm by at most 2.
  TryingMaterials random;
  double worst = 0, worst_diagonal = 0;
  for (int i = 0; i < repetitions(3000); ++i) {
    const Sample sample = random.plausible();
    const double rotation = rotation_of(random, sample);
    const auto omega = frequencies(physics::energy_matrix(sample.material, sample.k * sample.k, 1, rotation));
    worst = std::max(worst, worst_backward_error(energy_coordinates(sample.material, sample.k, rotation), omega));
    worst_diagonal =
        std::max(worst_diagonal, worst_backward_error(diagonal_scaling(sample.material, sample.k, rotation), omega));
  }
  std::cout << "from parameters: " << worst / epsilon << " eps, diagonal scaling " << worst_diagonal / epsilon
            << " eps\n";
  EXPECT_LE(worst, promised);
  EXPECT_LE(worst_diagonal, promised);
}

TEST(Frequencies, keep_the_relative_accuracy_of_slow_modes_by_terms_of_one_sign) {
  // 113-bit roots of the same polynomial are right to their last bit; double-double leaves three roundings at worst.
  TryingMaterials random;
  double worst = 0;
  for (int i = 0; i < repetitions(5000); ++i) {
    const Sample sample = i % 2 == 0 ? random.plausible() : random.extreme(1e10);
    const auto matrix = physics::energy_matrix(sample.material, sample.k * sample.k, 1, 0.0);
    const auto omega = frequencies(matrix);
    for (const auto& exact : robust_frequencies(matrix)) {
      double nearest = std::numeric_limits<double>::infinity();
      for (const auto& root : omega) nearest = std::min(nearest, std::abs(root - exact));
      const double error = nearest / std::max(std::abs(exact), std::numeric_limits<double>::min());
      worst = std::max(worst, error);
      ASSERT_LE(error, 4 * epsilon) << show(matrix);
    }
  }
  std::cout << "relative error of each root: " << worst / epsilon << " eps\n";
}

TEST(Frequencies, never_grow_in_time_and_come_in_pairs_without_a_field) {
  TryingMaterials random;
  for (int i = 0; i < repetitions(5000); ++i) {
    const Sample sample = random.extreme(1e10);
    const auto matrix = physics::energy_matrix(sample.material, sample.k * sample.k, 1, 0.0);
    const auto omega = frequencies(matrix);
    double sum = 0;
    for (const auto& root : omega) {
      ASSERT_LE(root.imag(), 0.0) << show(matrix);
      sum += root.real();
    }
    ASSERT_EQ(sum, 0.0) << show(matrix);  // the pair is conjugate to the bit
  }
}

TEST(Frequencies, come_in_ascending_imaginary_part_then_real_part) {
  TryingMaterials random;
  for (int i = 0; i < repetitions(5000); ++i) {
    const Sample sample = random.plausible();
    const double rotation = rotation_of(random, sample);
    const auto omega = frequencies(physics::energy_matrix(sample.material, sample.k * sample.k, 1, rotation));
    const double largest = std::max({std::abs(omega[0]), std::abs(omega[1]), std::abs(omega[2])});
    for (std::size_t j = 0; j < 2; ++j) {
      const double difference = omega[j + 1].imag() - omega[j].imag();
      if (std::abs(difference) > 1e-9 * largest) {
        ASSERT_GT(difference, 0.0);
      } else if (std::abs(difference) < 0.5e-9 * largest) {
        ASSERT_LE(omega[j].real(), omega[j + 1].real());
      }
    }
  }
}

TEST(Frequencies, turn_into_minus_their_conjugates_when_the_helicity_changes) {
  // Eq. (52) for sigma and -sigma are complex conjugates; the order reverses within a pair only, so roots are matched.
  TryingMaterials random;
  for (int i = 0; i < repetitions(2000); ++i) {
    const Sample sample = random.plausible();
    const double q = sample.k * sample.k;
    const auto plus = frequencies(physics::energy_matrix(sample.material, q, 1, sample.Omega));
    const auto minus = frequencies(physics::energy_matrix(sample.material, q, -1, sample.Omega));
    for (const auto& root : plus) {
      const bool found =
          std::any_of(minus.begin(), minus.end(), [&](const auto& other) { return other == -std::conj(root); });
      ASSERT_TRUE(found) << root;  // to the bit: every operation commutes with conjugation
    }
  }
}

TEST(Frequencies, scale_exactly_with_powers_of_two) {
  TryingMaterials random;
  for (int i = 0; i < repetitions(1000); ++i) {
    const Sample sample = random.plausible();
    auto matrix = physics::energy_matrix(sample.material, sample.k * sample.k, 1, rotation_of(random, sample));
    const auto omega = frequencies(matrix);
    const double unit = 0x1p100;
    matrix.a *= unit, matrix.A *= unit, matrix.d *= unit, matrix.p *= unit, matrix.rotation *= unit;
    matrix.w_squared *= unit * unit;
    const auto scaled = frequencies(matrix);
    for (std::size_t j = 0; j < 3; ++j) ASSERT_EQ(scaled[j], unit * omega[j]);
  }
}

TEST(Frequencies, include_the_limits_without_torque_relaxation_or_exchange) {
  // {a, A, d, xi, 1-xi, w^2, p, rotation}; roots known by hand
  const auto expect = [](const physics::EnergyMatrix& matrix, Roots expected) {
    const auto omega = frequencies(matrix);
    // exact in a few roundings of numbers of order one
    for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(std::abs(omega[i] - expected[i]), 0.0, 4 * epsilon) << show(matrix);
  };
  using C = std::complex<double>;
  expect({0, 0, 0, 0.5, 0.5, 0, 0, 0}, {C(0), C(0), C(0)});
  expect({0, 0, 0, 0.5, 0.5, 1, 0, 0}, {C(-1), C(0), C(1)});             // undamped wave, Eq. (37)
  expect({2, 0, 0, 0.5, 0.5, 0, 0, 0}, {C(0, -2), C(0), C(0)});          // M alone relaxes
  expect({1, 0, 2, 0.5, 0.5, 0, 1, 0}, {C(0, -1), C(0, -1), C(0, -1)});  // three equal rates
  expect({0, 0, 0, 0.5, 0.5, 2, 0, 1}, {C(-2), C(0), C(1)});             // omega^2 + Omega omega - w^2 = 0, field-split
}

/// Parameters of a reference set in SI: only gamma mu0/chi_M, gamma K' and alpha gamma K' occur in Eq. (52), so a set with mu0 = gamma = 1
/// becomes SI by gamma = 1/(mu0 f), K = f mu0 K, rho_s = f mu0 rho_s with chi_M, chi_m divided by f, for any f.
physics::Material<double> mapped(const nlohmann::json& p, double f) {
  physics::Material<double> m;
  const double mu0 = constants::vacuum_permeability;
  const double share = p.at("mu0").get<double>() / mu0;
  const auto number = [&](const char* name) { return p.at(name).get<double>(); };
  const bool si = number("mu0") < 1e-3;
  m.gyromagnetic_ratio = si ? number("gamma") : share / f;
  m.equilibrium_susceptibility = si ? number("chi_M") : number("chi_M") / f;
  m.accumulation_susceptibility = si ? number("chi_m") : number("chi_m") / f;
  m.lattice_relaxation_time = number("tau_ML");
  m.accumulation_lattice_relaxation_time = number("tau_mL");
  m.cross_relaxation_time = number("tau_Mm");
  m.diffusivity = number("D");
  m.spin_stiffness = si ? number("rho_s") : number("rho_s") / share * f;
  m.anisotropy = si ? number("K") : number("K") / share * f;
  m.damping = number("alpha");
  return m;
}

TEST(Frequencies, agree_with_the_reference_numbers_also_when_mapped_to_SI) {
  std::ifstream file(std::string(VITRISPIN_SOURCE_DIR) + "/tests/oracles/reference.json");
  const auto reference = nlohmann::json::parse(file);
  int compared = 0;
  for (const auto& set : reference.at("sets")) {
    for (const double f : {1.0, 0x1p-20, 7.0e3}) {
      const auto material = mapped(set.at("params"), f);
      for (const auto& point : set.at("omega_at_k")) {
        const double k = point.at("k").get<double>();
        const auto omega = frequencies(physics::energy_matrix(material, k * k, 0, 0.0));
        for (const auto& value : point.at("omegas")) {  // listed in another order
          const std::complex<double> expected(value.at("re").get<double>(), value.at("im").get<double>());
          double nearest = std::numeric_limits<double>::infinity();
          for (const auto& root : omega) nearest = std::min(nearest, std::abs(root - expected));
          // a dozen roundings of the mapped parameters, amplified by condition numbers of about ten
          EXPECT_LE(nearest, 1e-13 * std::abs(expected)) << set.at("name") << " k " << k << " " << expected;
          ++compared;
        }
      }
    }
  }
  EXPECT_GE(compared, 100);
}

}  // namespace
}  // namespace vitrispin::modes
