// What holds for every film: conservation, positivity, reciprocity, passivity, independence of units and of how a layer is
// cut, and the limits in which one theory becomes another.
#include <gtest/gtest.h>

#include "film/random_stacks.hpp"
#include "vitrispin/film/balance.hpp"
#include "vitrispin/film/profile.hpp"
#include "vitrispin/film/small_angles.hpp"
#include "vitrispin/modes/field_axis.hpp"
#include "vitrispin/modes/wavenumbers.hpp"
#include "vitrispin/physics/characteristic.hpp"
#include "vitrispin/physics/contact.hpp"

namespace vitrispin::film {
namespace {

constexpr double mu0 = constants::vacuum_permeability;

double norm(const ComplexVector& v) {
  return std::sqrt(std::norm(v.x()) + std::norm(v.y()) + std::norm(v.z()));
}

double dot_real(const ComplexVector& a, const ComplexVector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < 3; ++i) sum += (std::conj(a[i]) * b[i]).real();
  return sum;
}

TEST(FilmBalance, InIsOutPlusRelaxedToRounding) {
  test::RandomStacks random;
  for (int n = 0; n < 300; ++n) {
    const physics::Stack stack = random.stack(random.integer(1, 4), random.chance(0.5));
    const double omega = random.chance(0.5) ? 0 : random.log_uniform(1e3, 1e13);
    const Balance b = balance(solve_film(stack, omega));
    // at ac the parts may be larger than their sum: they are compared with the largest
    const double size = std::max({norm(b.in), norm(b.out), norm(b.relaxed)});
    EXPECT_LE(norm(b.residual), 1e-11 * size) << n << " omega " << omega;
  }
}

/// By Simpson's rule over the nodes.
double integrated_dissipation(const physics::Stack& stack, const FilmState& state, double omega) {
  double total = 0;
  for (std::size_t i = 0; i < stack.layers.size(); ++i) {
    const std::size_t last = state.face(i, Side::right);
    const double h = stack.layers[i].thickness / static_cast<double>(last);
    for (std::size_t n = 0; n <= last; ++n) {
      const double weight = n == 0 || n == last ? 1 : (n % 2 == 1 ? 4 : 2);
      total += weight * h / 3 * local_dissipation(stack.layers[i].material, profile_point(state, i, n), omega).total();
    }
  }
  return total;
}

TEST(FilmEnergy, WorkAtTheFacesIsDissipatedTermByTermEquation26) {
  test::RandomStacks random;
  for (int n = 0; n < 60; ++n) {
    physics::Stack stack;
    stack.layers = {random.glass(random.chance(0.5), true)};
    physics::Layer& layer = stack.layers[0];
    layer.thickness = random.uniform(0.3, 3) * physics::decay_length(layer.material, 0);
    stack.H = {0, 0, random.uniform(-1e4, 1e4)};
    stack.left.accumulation = physics::AccumulationBoundary::current;
    stack.left.current = {1.0, -0.5, 0.7};
    stack.right = random.contact(true);
    const bool ac = random.chance(0.5);
    const double omega = ac ? random.log_uniform(1e6, 1e10) : 0.0;
    const std::vector<int> steps{400};
    const FilmState state = solve_film(stack, omega, steps);
    const double weight = ac ? 0.5 : 1.0;
    double work = 0;
    for (const Side side : {Side::left, Side::right}) {
      const double into = side == Side::left ? 1 : -1;
      const std::size_t node = state.face(0, side);
      const ProfilePoint point = profile_point(state, 0, node);
      const ComplexVector rate =
          state.at(0, node, [](const LayerSolution& s, const FaceState& f) { return -(s.equation.rate * f.chi); });
      // j.n into the film does the work -mu0 h*.j_in = mu0 p j; the texture rho_s d_n theta . d_t theta
      work += -weight * mu0 * into * dot_real(point.h_star, point.j) -
              weight * into / layer.material.gyromagnetic_ratio * dot_real(rate, point.texture_current);
    }
    const double lost = integrated_dissipation(stack, state, omega);
    // Simpson's rule: (h kappa)^4/180 for layers of at most three decay lengths, more for fast waves
    EXPECT_NEAR(work / lost, 1, 1e-4) << n << " omega " << omega;
    EXPECT_GE(lost, 0);
  }
}

TEST(FilmEnergy, EveryTermOfTheLocalDissipationIsNonNegative) {
  test::RandomStacks random;
  for (int n = 0; n < 50; ++n) {
    const physics::Stack stack = random.stack(random.integer(1, 3), random.chance(0.5));
    const std::vector<int> steps(stack.layers.size(), 5);
    const double omega = random.chance(0.5) ? 0 : random.log_uniform(1e3, 1e13);
    const FilmState state = solve_film(stack, omega, steps);
    for (std::size_t i = 0; i < stack.layers.size(); ++i) {
      for (std::size_t node = 0; node <= 5; ++node) {
        const auto loss = local_dissipation(stack.layers[i].material, profile_point(state, i, node), omega);
        for (const double term : {loss.M_to_lattice, loss.m_to_lattice, loss.exchange, loss.diffusion, loss.damping}) {
          EXPECT_GE(term, 0);
        }
      }
    }
  }
}

TEST(FilmLimits, ALayerCutIntoPiecesIsTheSameLayer) {
  test::RandomStacks random;
  for (int n = 0; n < 100; ++n) {
    const physics::Stack whole = random.stack(1, random.chance(0.5));
    physics::Stack cut = whole;
    const int pieces = random.integer(2, 7);
    cut.layers.assign(static_cast<std::size_t>(pieces), whole.layers[0]);
    for (auto& layer : cut.layers) layer.thickness /= pieces;
    cut.interfaces.resize(static_cast<std::size_t>(pieces) - 1);
    const double omega = random.chance(0.5) ? 0 : random.log_uniform(1e3, 1e12);
    const auto a = spin_current(solve_film(whole, omega), 0, Side::right);
    const auto b = spin_current(solve_film(cut, omega), cut.layers.size() - 1, Side::right);
    const double size = norm(a.m) + norm(a.theta);
    if (size < 1e-280) continue;
    EXPECT_LE(norm(a.m - b.m) + norm(a.theta - b.theta), 1e-11 * size) << n;  // up to thousands of radians of phase
  }
}

TEST(FilmLimits, MetalStackFollowsValetAndFert) {
  test::RandomStacks random;
  for (int n = 0; n < 50; ++n) {
    physics::Stack stack;
    stack.layers = {random.metal(), random.metal()};
    stack.interfaces = {{random.log_uniform(1e2, 1e5), 0}};
    stack.left.accumulation = physics::AccumulationBoundary::current;
    stack.left.current = {0, 0, 1};
    // Resistances in series and in parallel, from the right: a closed layer is a leak D chi_m/l tanh(d/l).
    const auto leak = [](const physics::Layer& layer, double beyond) {
      const auto& m = layer.material;
      const double l = std::sqrt(m.diffusivity * m.accumulation_lattice_relaxation_time);
      const double G = m.diffusivity * m.accumulation_susceptibility / l;
      const double t = std::tanh(layer.thickness / l);
      return G * (beyond + G * t) / (G + beyond * t);
    };
    const double second = leak(stack.layers[1], 0);
    const double through = 1 / (1 / stack.interfaces[0].conductance + 1 / second);
    const double first = leak(stack.layers[0], through);
    const FilmState state = solve_film(stack, 0);
    EXPECT_NEAR(state.helicities[1].layers[0].nodes[0].p.real() * first, 1, 1e-12);
  }
}

TEST(FilmLimits, VanishingDiffusionOrStiffnessIsTheLimitOfSmallOnes) {
  test::RandomStacks random;
  for (const double omega : {0.0, 1e8, 1e11}) {
    physics::Stack stack;
    stack.layers = {random.metal(), random.glass(), random.metal()};
    stack.interfaces.resize(2);
    stack.interfaces[0].mixing = stack.interfaces[1].mixing = 1e19;
    stack.left.accumulation = physics::AccumulationBoundary::current;
    stack.left.current = {1, 0, 1};
    auto& glass = stack.layers[1].material;
    for (double physics::Material<double>::*parameter :
         {&physics::Material<double>::spin_stiffness, &physics::Material<double>::diffusivity}) {
      // At dc a pinned texture takes a contact's torque whatever its stiffness: rho_s -> 0 and omega -> 0 do not commute.
      if (omega == 0 && parameter == &physics::Material<double>::spin_stiffness) continue;
      const double kept = glass.*parameter;
      glass.*parameter = 0;
      const auto limit = spin_current(solve_film(stack, omega), 0, Side::right).total();
      glass.*parameter = kept * 1e-24;
      const auto near = spin_current(solve_film(stack, omega), 0, Side::right).total();
      glass.*parameter = kept;
      // a boundary layer of 1e-12 of its usual thickness remains, with a conductance as small
      EXPECT_LE(norm(limit - near), 1e-6 * (norm(limit) + 1e-3)) << omega;
    }
  }
}

TEST(FilmLimits, SlowDriveGivesTheRotatingStateAtKZeroAndThePinnedOneElse) {
  test::RandomStacks random;
  for (const bool with_K : {false, true}) {
    for (int n = 0; n < 20; ++n) {
      physics::Stack stack = random.stack(1, with_K, false);
      stack.layers = {random.glass(with_K, false)};
      stack.right = random.contact(true);
      const auto& m = stack.layers[0].material;
      stack.layers[0].thickness = 3 * physics::decay_length(m, 0);
      const double rate = with_K ? m.anisotropy * physics::twist_diffusivity(m) / m.spin_stiffness
                                 : physics::twist_diffusivity(m) / std::pow(stack.layers[0].thickness, 2);
      const double slow = 1e-9 * std::min(rate, 1e3);
      const auto dc = spin_current(solve_film(stack, 0), 0, Side::right);
      const auto ac = spin_current(solve_film(stack, slow), 0, Side::right);
      EXPECT_LE(norm(dc.m - ac.m), 1e-6 * (norm(dc.m) + norm(dc.theta)));
      if (!with_K) {
        EXPECT_LE(norm(dc.theta - ac.theta), 1e-6 * (norm(dc.m) + norm(dc.theta)));
      }
    }
  }
}

TEST(FilmLimits, CrossoverLiesAtKDthetaOverRho) {
  physics::MaterialSpecification given;
  given.chi_M = 0.014, given.xi = 0.1, given.tau_ML = 2e-10, given.tau_mL = 1e-12, given.tau_Mm = 5e-11, given.D = 1e-5;
  given.rho_s = 1.5e-12, given.K = 5e-3, given.alpha = 1e-6;
  physics::Stack stack;
  stack.layers = {{"film", "glass", physics::make_material(given), 200e-9}};
  stack.left.accumulation = physics::AccumulationBoundary::current;
  stack.left.current = {0, 0, 1};
  stack.right.accumulation = physics::AccumulationBoundary::contact;
  stack.right.conductance = physics::perfect;
  const auto& m = stack.layers[0].material;
  const double crossover = m.anisotropy * physics::twist_diffusivity(m) / m.spin_stiffness;
  const auto through = [&](double omega) { return spin_current(solve_film(stack, omega), 0, Side::right).total().z(); };
  const double pinned = std::abs(through(0));
  const double rotating = std::abs(through(1e3 * crossover));
  EXPECT_GT(rotating, 10 * pinned);
  // at the crossover the texture follows as 1/(1 + i): between the two
  EXPECT_NEAR(std::abs(through(crossover)) / rotating, std::sqrt(0.5), 0.05);
}

/// Port currents of helicity sigma for unit potentials of the contacts at either end.
Complex transfer_admittance(physics::Stack stack, double omega, int sigma, bool from_left) {
  stack.left.potential = stack.right.potential = {};
  (from_left ? stack.left : stack.right).potential = {1, 0, 1};
  const FilmState state = solve_film(stack, omega);
  const auto& solution = state.helicities[static_cast<std::size_t>(sigma + 1)];
  const FaceState& far = from_left ? solution.layers.back().nodes.back() : solution.layers.front().nodes.front();
  return (from_left ? 1.0 : -1.0) * (far.j + far.twist);
}

TEST(FilmReciprocity, TransferAdmittancesAreEqualOnsager) {
  test::RandomStacks random;
  for (int n = 0; n < 100; ++n) {
    physics::Stack stack = random.stack(random.integer(1, 3), random.chance(0.5));
    stack.left = random.contact(stack.layers.front().material.has_texture());
    stack.right = random.contact(stack.layers.back().material.has_texture());
    const double omega = random.chance(0.3) ? 0 : random.log_uniform(1e3, 1e12);
    for (const int sigma : {-1, 0, 1}) {
      const Complex forward = transfer_admittance(stack, omega, sigma, true);
      const Complex backward = transfer_admittance(stack, omega, sigma, false);
      if (std::abs(forward) < 1e-280) continue;
      // Only sigma Omega enters, so reversing field and helicity together changes nothing: this is Onsager's relation.
      EXPECT_LE(std::abs(forward - backward), 1e-10 * std::abs(forward)) << n << " " << sigma << " " << omega;
    }
  }
}

TEST(FilmReciprocity, ReversingFieldAndRemanenceExchangesTheTransverseHelicities) {
  test::RandomStacks random;
  physics::Stack stack = random.stack(2, true);
  stack.left.current = {1.0, 0.0, 0.0};
  physics::Stack reversed = stack;
  reversed.H = -stack.H;
  for (auto& layer : reversed.layers) layer.material.remanence = -layer.material.remanence;
  const FilmState a = solve_film(stack, 1e9), b = solve_film(reversed, 1e9);
  const Complex plus = a.helicities[2].layers.back().nodes.back().j,
                minus = b.helicities[0].layers.back().nodes.back().j;
  EXPECT_LE(std::abs(plus - minus), 1e-14 * std::abs(plus));
}

TEST(FilmPassivity, AFilmWithPassiveContactsAbsorbsPower) {
  test::RandomStacks random;
  for (int n = 0; n < 200; ++n) {
    const physics::Stack stack = random.stack(random.integer(1, 4), random.chance(0.5));
    const double omega = random.chance(0.3) ? 0 : random.log_uniform(1e3, 1e14);
    const FilmState state = solve_film(stack, omega);
    for (const auto& solution : state.helicities) {
      const FaceState& face = solution.layers.front().nodes.front();
      EXPECT_GE((std::conj(face.p) * face.j).real(), 0) << n;  // -mu0 h*.j into the film
    }
  }
}

TEST(FilmScaling, OtherUnitsOfLengthTimeAndMagnetizationGiveTheSameTransmission) {
  test::RandomStacks random;
  for (int n = 0; n < 50; ++n) {
    const physics::Stack stack = random.stack(2, random.chance(0.5));
    const double L = 3.7e-3, T = 0.21, B = 17;
    physics::Stack scaled = stack;
    for (auto& layer : scaled.layers) {
      auto& m = layer.material;
      layer.thickness *= L;
      m.gyromagnetic_ratio /= B * T;
      for (double* tau :
           {&m.lattice_relaxation_time, &m.accumulation_lattice_relaxation_time, &m.cross_relaxation_time}) {
        *tau *= T;
      }
      m.diffusivity *= L * L / T;
      m.spin_stiffness *= B * B * L * L;
      m.anisotropy *= B * B;
      m.damping /= B;
      m.remanence = B * m.remanence;
    }
    for (auto& interface : scaled.interfaces) {
      interface.conductance *= L / T;
      interface.mixing *= B * B * L * T;  // beta is an energy per area and rate
    }
    scaled.right.conductance *= L / T;
    scaled.right.mixing *= B * B * L * T;
    scaled.H = B * scaled.H;
    const double omega = random.chance(0.5) ? 0 : random.log_uniform(1e3, 1e11);
    const auto a = spin_current(solve_film(stack, omega), 1, Side::right).total();
    const auto b = spin_current(solve_film(scaled, omega / T), 1, Side::right).total();
    if (norm(a) < 1e-280) continue;
    EXPECT_LE(norm(a - b), 1e-10 * norm(a)) << n;  // phases of up to thousands of radians
  }
}

TEST(FilmAxis, AFieldAlongAnyAxisGivesTheSameFilmRotated) {
  test::RandomStacks random;
  const physics::Stack along_z = random.stack(2, true);
  physics::Stack along_x = along_z;  // cyclic: (x, y, z) -> (y, z, x)
  const auto turn = [](const auto& v) { return std::decay_t<decltype(v)>(v.z(), v.x(), v.y()); };
  along_x.H = turn(along_z.H);
  along_x.left.current = turn(along_z.left.current);
  for (auto& layer : along_x.layers) layer.material.remanence = turn(layer.material.remanence);
  along_x.H.components[0] += 1e-3;  // an axis even if the draw has neither field nor remanence
  physics::Stack shifted = along_z;
  shifted.H.components[2] += 1e-3;
  for (const double omega : {0.0, 1e9}) {
    const auto a = spin_current(solve_film(shifted, omega), 1, Side::right).total();
    const auto b = spin_current(solve_film(along_x, omega), 1, Side::right).total();
    EXPECT_LE(norm(turn(a) - b), 1e-13 * norm(a));
  }
}

TEST(FilmModes, WavenumbersAreThoseOfTheDispersionRelation) {
  test::RandomStacks random;
  for (int n = 0; n < 200; ++n) {
    const physics::Layer layer = random.chance(0.7) ? random.glass() : random.metal();
    const Vector3<double> H{0, 0, random.uniform(-1e4, 1e4)};
    const double omega = random.log_uniform(1e3, 1e14);
    for (const int sigma : {-1, 0, 1}) {
      const double rotation = modes::precession_about_axis(layer.material, H, {0, 0, 1});
      const auto expected = modes::wavenumbers(layer.material, omega, sigma * rotation);
      const auto equation = layer_equation(layer.material, H.z(), layer.material.remanence.z(), sigma,
                                           Complex(0, -omega), TwistMotion::oscillating);
      const LayerRoots roots = layer_roots(equation);
      std::vector<Complex> q{-roots.q1};
      if (equation.carries_twist) q.push_back(-roots.q2);
      ASSERT_EQ(q.size(), expected.size());
      for (const Complex& k_squared : q) {
        double nearest = 1, condition = 1;
        for (const auto& wave : expected) {
          const double distance = std::abs(wave.k_squared - k_squared) / std::abs(k_squared);
          if (distance < nearest) nearest = distance, condition = wave.condition;
        }
        EXPECT_LE(nearest, 1e-14 * (10 + condition)) << n;
      }
    }
  }
}

TEST(SmallAngles, LargestOverAPhaseIsTheEllipsesLongAxis) {
  EXPECT_DOUBLE_EQ(largest_over_phase({1.0, Complex(0, 1), 0.0}), 1.0);  // circular
  EXPECT_DOUBLE_EQ(largest_over_phase({3.0, 0.0, 4.0}), 5.0);
  EXPECT_DOUBLE_EQ(largest_over_phase({2.0, Complex(0, 1), 0.0}), 2.0);
}

TEST(FilmExtremes, NothingOverflowsFromAMillionthToTenThousandDecayLengthsAndFromDcTo1e15Hertz) {
  test::RandomStacks random;
  for (const double lengths : {1e-6, 1e-3, 1.0, 1e2, 1e4}) {
    for (const double frequency : {0.0, 1e-9, 1.0, 1e9, 1e12, 1e15}) {
      for (int n = 0; n < 10; ++n) {
        physics::Stack stack = random.stack(3, random.chance(0.5));
        for (auto& layer : stack.layers) layer.thickness = lengths * physics::decay_length(layer.material, 0);
        const std::vector<int> steps(3, 4);
        const FilmState state = solve_film(stack, 2 * constants::pi * frequency, steps);
        for (const auto& solution : state.helicities) {
          for (const auto& layer : solution.layers) {
            for (const FaceState& face : layer.nodes) {
              for (const Complex& value : {face.p, face.chi, face.theta, face.j, face.twist}) {
                ASSERT_TRUE(std::isfinite(value.real()) && std::isfinite(value.imag())) << lengths << " " << frequency;
              }
            }
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace vitrispin::film
