#include <gtest/gtest.h>

#include "physics/random_points.hpp"
#include "vitrispin/physics/characteristic.hpp"
#include "vitrispin/physics/entropy.hpp"

/// The same physics in other units: length, time and magnetization scaled at random leave every law as it is.
namespace vitrispin::physics {
namespace {

/// Factors from one system of units to another; mu0 is kept, so an energy density scales as magnetization squared.
struct Units {
  double length, time, magnetization;

  Material<double> material(Material<double> m) const {
    const double energy = magnetization * magnetization;
    m.gyromagnetic_ratio /= time * magnetization;
    m.lattice_relaxation_time *= time;
    m.accumulation_lattice_relaxation_time *= time;
    m.cross_relaxation_time *= time;
    m.diffusivity *= length * length / time;
    m.spin_stiffness *= energy * length * length;
    m.anisotropy *= energy;
    m.damping /= magnetization;
    m.remanence = magnetization * m.remanence;
    return m;
  }
};

TEST(Scaling, EveryLawIsTheSameInAnyUnits) {
  RandomPoints random;
  for (int i = 0; i < points; ++i) {
    const Units units{random.log_uniform(1e-6, 1e6), random.log_uniform(1e-6, 1e6), random.log_uniform(1e-6, 1e6)};
    const double L = units.length, T = units.time, B = units.magnetization;
    const auto here = random.spin_glass();
    const auto there = units.material(here);
    const auto state = random.state();
    const State<double> scaled{B * state.M, B * state.m, state.theta};
    const auto H = random.vector(1e5), laplacian = random.vector(1e12), gradient = random.vector(1e12);

    const auto fields = effective_fields(here, state, laplacian, H);
    const auto fields_there = effective_fields(there, scaled, (1 / (L * L)) * laplacian, B * H);
    // One rounding per factor of the scales, on terms that may cancel: 1e-12 of the largest.
    const double tolerance = 1e-12;
    const double field = size(H) + size(state.M) / here.equilibrium_susceptibility +
                         size(here.remanence) / here.equilibrium_susceptibility +
                         size(state.m) / here.accumulation_susceptibility;
    EXPECT_TRUE(close((1 / B) * fields_there.H_star, fields.H_star, field, tolerance));
    EXPECT_TRUE(close((1 / B) * fields_there.h_star, fields.h_star, field, tolerance));
    EXPECT_TRUE(close((1 / (B * B)) * fields_there.torque, fields.torque, here.anisotropy + here.spin_stiffness * 1e12,
                      tolerance));

    const auto rate = magnetization_rate(here, state, fields);
    const double gamma_mu0 = here.gyromagnetic_ratio * constants::vacuum_permeability;
    const auto rates = relaxation_rates(here);
    const double rate_scale = gamma_mu0 * size(state.M) * field +
                              here.equilibrium_susceptibility * (rates.M_total + rates.M_from_m) * field +
                              here.gyromagnetic_ratio * (here.anisotropy + here.spin_stiffness * 1e12);
    EXPECT_TRUE(close((T / B) * magnetization_rate(there, scaled, fields_there), rate, rate_scale, tolerance));
    const auto turn = texture_rotation_rate(here, fields);
    EXPECT_TRUE(close(T * texture_rotation_rate(there, fields_there), turn,
                      gamma_mu0 * field + here.damping * rate_scale, tolerance));

    const double squares = dot(gradient, gradient);
    const double heat = dissipation(here, fields, squares).total();
    const double heat_there = dissipation(there, fields_there, squares * B * B / (L * L)).total();
    // Squares of fields that may cancel: relative to the squares of their terms.
    const double heat_scale =
        heat +
        constants::vacuum_permeability * here.equilibrium_susceptibility * field * field *
            (rates.M_total + rates.m_total) +
        here.damping * here.gyromagnetic_ratio * std::pow(here.anisotropy + here.spin_stiffness * 1e12, 2);
    EXPECT_TRUE(close(heat_there * T / (B * B), heat, heat_scale, tolerance));

    EXPECT_TRUE(close(decay_length(there, 0) / L, decay_length(here, 0), decay_length(here, 0), tolerance));
    EXPECT_TRUE(close(twist_length(there) / L, twist_length(here), twist_length(here), tolerance));
    EXPECT_TRUE(
        close(spin_wave_velocity(there) * T / L, spin_wave_velocity(here), spin_wave_velocity(here), tolerance));
    EXPECT_TRUE(
        close(anisotropy_frequency(there) * T, anisotropy_frequency(here), anisotropy_frequency(here), tolerance));
    EXPECT_TRUE(
        close(twist_diffusivity(there) * T / (L * L), twist_diffusivity(here), twist_diffusivity(here), tolerance));
  }
}

}  // namespace
}  // namespace vitrispin::physics
