#include "vitrispin/modes/perturbation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "modes/extreme_materials.hpp"
#include "vitrispin/modes/wavenumbers.hpp"
#include "vitrispin/physics/characteristic.hpp"
#include "vitrispin/physics/linear_matrix.hpp"

namespace vitrispin::modes {
namespace {

using Complex = std::complex<double>;
using physics::points;
using physics::RandomPoints;

/// Symbols of the paper, for residuals written down independently of the code under test.
struct Symbols {
  double gamma, g, a, b, c, d, r, xi, D, rho, K, alpha;
  explicit Symbols(const physics::Material<double>& m)
      : gamma(m.gyromagnetic_ratio),
        g(physics::texture_coupling(m)),
        a(1 / m.lattice_relaxation_time),
        b(1 / m.accumulation_lattice_relaxation_time),
        c(1 / m.cross_relaxation_time),
        d(c / m.susceptibility_ratio()),
        r(d - c),
        xi(m.susceptibility_ratio()),
        D(m.diffusivity),
        rho(m.spin_stiffness),
        K(m.anisotropy),
        alpha(m.damping) {}
};

/// |sum| is rounding of its terms.
template <class... Terms>
::testing::AssertionResult cancels(const Terms&... terms) {
  const double sum = std::abs((Complex(terms) + ...));
  const double size = (std::abs(Complex(terms)) + ...);
  if (sum <= 1e-12 * size) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "residual " << sum << " of terms " << size;
}

TEST(Perturbation, Eq57SolvesTheDeterminantOfEq56ForTheMatrixOfEqs53To55) {
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    const auto material = random.spin_glass();
    const Symbols y(material);
    const double K_prime = y.K + y.rho * std::pow(random.log_uniform(1e5, 1e9), 2);
    const auto pair = spin_wave_frequencies(material, K_prime);
    const double kappa = y.gamma * K_prime;
    for (const Complex& omega : {pair.plus, pair.minus}) {
      // Eq. (56)
      EXPECT_TRUE(cancels(-omega * omega, -Complex(0, 1) * omega * (y.a + y.alpha * kappa), y.alpha * y.a * kappa,
                          y.g * kappa));
      // Eq. (53), the first row of Eq. (55), gives theta/M = (s + a)/kappa, with which the second, Eq. (54), holds
      const Complex s = -Complex(0, 1) * omega;
      EXPECT_TRUE(cancels(s * s / kappa, s * y.a / kappa, y.g, y.alpha * s, y.alpha * y.a));
    }
    // the two branches of the square root
    EXPECT_GE(pair.plus.imag(), pair.minus.imag());
    EXPECT_TRUE(cancels(pair.plus + pair.minus, Complex(0, y.a + y.alpha * kappa)));
  }
}

TEST(Perturbation, TheSpinWaveSatisfiesEqs58To62) {
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    const auto material = random.spin_glass();
    const Symbols y(material);
    const double omega = random.log_uniform(1e8, 1e13);
    const Complex io(0, omega);
    const SpinWave mode = spin_wave_mode(material, omega);
    const Complex kappa = y.gamma * mode.stiffened_anisotropy;
    // Eq. (58) solves Eq. (56)
    EXPECT_TRUE(cancels(io * io, -io * y.a, -io * y.alpha * kappa, y.alpha * y.a * kappa, y.g * kappa));
    // Eq. (59): first row of Eq. (55) with the ratio of Eq. (60)
    EXPECT_TRUE(cancels(-y.a, io, kappa * mode.theta_over_M));
    // Eq. (60) [corrected] is minus [alpha(-a + i omega) - g]/(i omega)
    EXPECT_TRUE(cancels(mode.theta_over_M * io, -y.alpha * y.a, y.alpha * io, -y.g));
    // Eq. (61) [corrected: tau_mL] with the ratio of Eq. (62)
    const Complex A = y.D * mode.k_squared + y.b;
    EXPECT_TRUE(cancels(-y.xi * A, -A * mode.m_over_M, -y.r * mode.m_over_M, io * mode.m_over_M));
    // k^2 belongs to K', Eq. (48)
    EXPECT_TRUE(cancels(mode.stiffened_anisotropy, -y.K, -y.rho * mode.k_squared));
  }
}

TEST(Perturbation, TheDiffusionModeSatisfiesEqs63To71) {
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    const auto material = random.spin_glass();
    const Symbols y(material);
    const double omega = random.log_uniform(1e8, 1e13);
    const Complex io(0, omega);
    const Diffusion mode = diffusion_mode(material, omega);
    const Complex kappa = y.gamma * mode.stiffened_anisotropy;
    // Eqs. (63), (64) [corrected: tau_mL], m alone, solved by the k^2 of Eq. (65)
    EXPECT_TRUE(cancels(-y.D * mode.k_squared, -y.b, -y.r, io));
    // Eq. (66) [corrected: K]
    EXPECT_TRUE(cancels(mode.stiffened_anisotropy, -y.K, -y.rho * mode.k_squared));
    // Eqs. (67), (68), rows 1 and 3 of Eq. (52) with m = 1, solved by the ratios of Eqs. (69) and (70)
    EXPECT_TRUE(cancels((-y.a + io) * mode.M_over_m, kappa * mode.theta_over_m, -y.a, y.r));
    EXPECT_TRUE(cancels(-y.g * mode.M_over_m, -y.alpha * kappa * mode.theta_over_m, io * mode.theta_over_m, -y.g));
    // Eq. (71), with the two-term fraction and in its simplified form
    const Complex two_terms = total_over_m_two_terms(material, omega, mode.stiffened_anisotropy);
    EXPECT_LE(std::abs(two_terms - mode.M_plus_m_over_m), 1e-12 * (1.0 + std::abs(mode.M_over_m)));
    EXPECT_TRUE(cancels(mode.M_plus_m_over_m, -1.0, -mode.M_over_m));
  }
}

TEST(Perturbation, ExactRatiosSolveEveryRowOfEq52AtTheExactK2) {
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    const auto material = random.spin_glass();
    const Symbols y(material);
    const double omega = random.log_uniform(1e8, 1e13);
    const Complex s(0, -omega);
    const WeakCoupling coupling = weak_coupling(material, omega);
    for (const ExactMode& mode : {coupling.exact_spin_wave, coupling.exact_diffusion}) {
      const Complex A = y.D * mode.k_squared + y.b;
      const Complex kappa = y.gamma * mode.stiffened_anisotropy;
      const Complex m = mode.m_over_M, theta = mode.theta_over_M;
      // rows in turn, with M = 1; K' is known to its own relative accuracy, s + alpha gamma K' to that of its terms
      EXPECT_TRUE(cancels(s * m, y.xi * A, A * m, y.r * m));
      EXPECT_TRUE(cancels(s * theta, y.g, y.g * m, y.alpha * kappa * theta));
      const double size = std::abs(s) + y.a + std::abs(y.a * m) + std::abs(y.r * m) + std::abs(kappa * theta);
      // row 1 is the determinant's: near a double root of k^2 it holds to the condition of k^2
      double condition = 1;
      for (const Wavenumber& solution : wavenumbers(material, omega, 0.0)) {
        if (solution.k_squared == mode.k_squared) condition = solution.condition;
      }
      const Complex residual = s + y.a + y.a * m - y.r * m - kappa * theta;
      const double amplified = std::abs(kappa * theta) * (std::abs(y.K) + std::abs(y.rho * mode.k_squared)) /
                               std::abs(mode.stiffened_anisotropy);
      // theta and m are quotients by sums that may cancel: s + A + r, s + alpha gamma K', s + r + (1-xi) A
      const double slow = std::abs(s) + std::abs(A) + y.r;
      condition += slow / std::abs(s + A + y.r) + slow / std::abs(s + y.r + (1 - y.xi) * A) +
                   (std::abs(s) + std::abs(y.alpha * kappa)) / std::abs(s + y.alpha * kappa);
      EXPECT_LE(std::abs(residual), 1e-12 * condition * (size + amplified));
      EXPECT_LE(std::abs(mode.M_over_m * mode.m_over_M - 1.0), 1e-13);
      EXPECT_LE(std::abs(mode.M_plus_m_over_m - 1.0 - mode.M_over_m), 1e-13 * (1.0 + std::abs(mode.M_over_m)));
    }
  }
}

TEST(Perturbation, IsValidOnlyWhereItIsNearTheExactModes) {
  // small xi, slow relaxation: both expansions improve as m and (M, theta) decouple
  RandomPoints random;
  int valid = 0;
  for (int n = 0; n < 20 * points; ++n) {
    const auto material = random.spin_glass();
    const double omega = random.log_uniform(1e9, 1e14);
    const WeakCoupling coupling = weak_coupling(material, omega);
    if (!coupling.valid()) continue;
    ++valid;
    EXPECT_LE(coupling.spin_wave_ratio, largest_valid_ratio);
    EXPECT_LE(coupling.diffusion_ratio, largest_valid_ratio);
    // neglected terms are of second order in the ratios
    const double neglected = std::pow(std::max(coupling.spin_wave_ratio, coupling.diffusion_ratio), 2);
    EXPECT_LE(coupling.spin_wave_error, 1.0) << neglected;
  }
  EXPECT_GT(valid, 5);
}

TEST(Perturbation, ErrorsFallInProportionToTheCoupling) {
  // the weakly coupled oracle-like material: xi -> xi/100 makes the corrections to the spin wave 100 times smaller
  RandomPoints random;
  auto material = random.spin_glass();
  material.lattice_relaxation_time = 1e-9;
  material.accumulation_lattice_relaxation_time = 1e-9;
  material.cross_relaxation_time = 1e-6;
  material.damping = 1e-9;
  const double omega = 3 * physics::anisotropy_frequency(material) + 1e11;
  const auto error = [&](double xi) {
    material.accumulation_susceptibility = xi * material.equilibrium_susceptibility;
    return weak_coupling(material, omega).spin_wave_error;
  };
  EXPECT_NEAR(error(1e-4) / error(1e-2), 1e-2, 3e-3);
}

TEST(Perturbation, AtDirectCurrentTheExpansionInMFailsAsStated) {
  // Eq. (69) at omega = 0: M/m = -1 + alpha r/(alpha a + g), never small
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    const auto material = random.spin_glass();
    const WeakCoupling coupling = weak_coupling(material, 0.0);
    EXPECT_LE(std::abs(coupling.diffusion.M_over_m - static_M_over_m(material)),
              1e-11 * (1.0 + std::abs(static_M_over_m(material))));
    EXPECT_FALSE(std::isfinite(coupling.spin_wave.theta_over_M.real()));
    EXPECT_EQ(coupling.spin_wave.stiffened_anisotropy, Complex(0.0));
  }
}

TEST(Perturbation, IsTheSameInOtherUnits) {
  // time in units of 1 ns, length of 1 um, magnetization of 10 A/m: ratios M/m stay, theta/M scales as 1/M
  RandomPoints random;
  for (int n = 0; n < points; ++n) {
    const auto material = random.spin_glass();
    const double T = 1e9, L = 1e6, B = 0.1;
    auto scaled = material;
    scaled.gyromagnetic_ratio /= B * T;
    scaled.lattice_relaxation_time *= T;
    scaled.accumulation_lattice_relaxation_time *= T;
    scaled.cross_relaxation_time *= T;
    scaled.diffusivity *= L * L / T;
    scaled.spin_stiffness *= B * B * L * L;
    scaled.anisotropy *= B * B;
    scaled.damping /= B;
    const double omega = random.log_uniform(1e8, 1e13);
    const WeakCoupling one = weak_coupling(material, omega);
    const WeakCoupling two = weak_coupling(scaled, omega / T);
    const auto same = [](const Complex& x, const Complex& y) { return std::abs(x - y) <= 1e-9 * std::abs(y); };
    EXPECT_TRUE(same(two.spin_wave.k_squared * L * L, one.spin_wave.k_squared));
    EXPECT_TRUE(same(two.spin_wave.m_over_M, one.spin_wave.m_over_M));
    EXPECT_TRUE(same(two.spin_wave.theta_over_M * B, one.spin_wave.theta_over_M));
    EXPECT_TRUE(same(two.diffusion.M_over_m, one.diffusion.M_over_m));
    EXPECT_TRUE(same(two.exact_spin_wave.k_squared * L * L, one.exact_spin_wave.k_squared));
    EXPECT_NEAR(two.diffusion_ratio, one.diffusion_ratio, 1e-9 * one.diffusion_ratio);
    EXPECT_EQ(two.valid(), one.valid());
  }
}

}  // namespace
}  // namespace vitrispin::modes
