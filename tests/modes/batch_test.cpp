#include "vitrispin/modes/batch.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "modes/frequencies_backward_error.hpp"
#include "modes/frequencies_materials.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/modes/frequencies.hpp"

// Batches of Eqs. (51), (52); see docs/solvers-modes.md.
namespace vitrispin::modes {
namespace {

struct Batch {
  std::array<std::vector<double>, 10> parameters;
  std::vector<double> k, Omega;

  void add(const Sample& sample) {
    const auto& m = sample.material;
    const double values[] = {m.gyromagnetic_ratio,
                             m.equilibrium_susceptibility,
                             m.accumulation_susceptibility,
                             m.lattice_relaxation_time,
                             m.accumulation_lattice_relaxation_time,
                             m.cross_relaxation_time,
                             m.diffusivity,
                             m.spin_stiffness,
                             m.anisotropy,
                             m.damping};
    for (std::size_t i = 0; i < 10; ++i) parameters[i].push_back(values[i]);
    k.push_back(sample.k);
    Omega.push_back(sample.Omega);
  }
  MaterialColumns columns() const {
    const auto& p = parameters;
    return {p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9]};
  }
  Sample sample(std::size_t i) const {
    physics::Material<double> m;
    m.gyromagnetic_ratio = parameters[0][i];
    m.equilibrium_susceptibility = parameters[1][i];
    m.accumulation_susceptibility = parameters[2][i];
    m.lattice_relaxation_time = parameters[3][i];
    m.accumulation_lattice_relaxation_time = parameters[4][i];
    m.cross_relaxation_time = parameters[5][i];
    m.diffusivity = parameters[6][i];
    m.spin_stiffness = parameters[7][i];
    m.anisotropy = parameters[8][i];
    m.damping = parameters[9][i];
    return {m, k[i], Omega[i]};
  }
};

struct Output {
  std::array<std::vector<double>, 6> values;
  explicit Output(std::size_t count) {
    for (auto& column : values) column.assign(count, -1.0);
  }
  FrequencyColumns columns() { return {{values[0], values[1], values[2]}, {values[3], values[4], values[5]}}; }
  std::complex<double> root(std::size_t j, std::size_t i) const { return {values[j][i], values[3 + j][i]}; }
};

/// Plausible and extreme materials, some without precession: every path of a kernel, side by side in one register.
Batch mixed(std::size_t count) {
  TryingMaterials random;
  Batch batch;
  for (std::size_t i = 0; i < count; ++i) {
    Sample sample = i % 3 == 0 ? random.extreme(i % 2 == 0 ? 1e30 : 1e5) : random.plausible();
    if (i % 7 == 0) sample.Omega = 0.0;
    batch.add(sample);
  }
  return batch;
}

Output solved(const Batch& batch, int sigma, const BatchRun& run = {}) {
  Output out(batch.k.size());
  batch_frequencies(batch.columns(), batch.k, sigma, batch.Omega, out.columns(), run);
  return out;
}

bool same_bits(double x, double y) {
  return std::memcmp(&x, &y, sizeof x) == 0;
}

TEST(Batch, gives_the_bits_of_frequencies_for_every_helicity) {
  const Batch batch = mixed(3001);
  for (const int sigma : {-1, 0, 1}) {
    const Output out = solved(batch, sigma);
    for (std::size_t i = 0; i < batch.k.size(); ++i) {
      const Sample s = batch.sample(i);
      const auto omega = frequencies(physics::energy_matrix(s.material, s.k * s.k, sigma, s.Omega));
      for (std::size_t j = 0; j < 3; ++j) {
        ASSERT_TRUE(same_bits(out.values[j][i], omega[j].real())) << sigma << " " << i << " " << omega[j];
        ASSERT_TRUE(same_bits(out.values[3 + j][i], omega[j].imag())) << sigma << " " << i << " " << omega[j];
      }
    }
  }
}

TEST(Batch, gives_the_same_bits_on_every_instruction_set_and_any_number_of_threads) {
  const Batch batch = mixed(20011);  // several blocks and a rest that fills no register
  for (const int sigma : {0, 1}) {
    const Output expected = solved(batch, sigma);
    for (const InstructionSet set : instruction_sets()) {
      for (const int threads : {1, 3}) {
        const Output out = solved(batch, sigma, {threads, set});
        std::size_t differing = 0;
        for (std::size_t j = 0; j < 6; ++j)
          for (std::size_t i = 0; i < batch.k.size(); ++i)
            differing += !same_bits(out.values[j][i], expected.values[j][i]);
        EXPECT_EQ(differing, 0u) << to_string(set) << ", " << threads << " threads, helicity " << sigma;
      }
    }
  }
}

TEST(Batch, gives_the_same_bits_at_every_position) {
  const Batch batch = mixed(40);
  const Output whole = solved(batch, 1);
  for (std::size_t first = 0; first < 40; ++first) {
    for (const std::size_t count : {std::size_t{1}, std::size_t{2}, std::size_t{7}}) {
      if (first + count > 40) continue;
      Batch part;
      for (std::size_t i = 0; i < count; ++i) part.add(batch.sample(first + i));
      const Output out = solved(part, 1);
      for (std::size_t j = 0; j < 6; ++j)
        for (std::size_t i = 0; i < count; ++i) ASSERT_TRUE(same_bits(out.values[j][i], whole.values[j][first + i]));
    }
  }
}

TEST(Batch, of_one_material_is_its_dispersion_relation) {
  TryingMaterials random;
  const Sample sample = random.plausible();
  std::vector<double> k;
  for (int i = 0; i < 101; ++i) k.push_back(i == 0 ? 0.0 : random.log_uniform(1e2, 1e10));
  for (const int sigma : {-1, 0, 1}) {
    Output out(k.size());
    batch_frequencies(sample.material, k, sigma, sample.Omega, out.columns());
    for (std::size_t i = 0; i < k.size(); ++i) {
      const auto omega = frequencies(physics::energy_matrix(sample.material, k[i] * k[i], sigma, sample.Omega));
      for (std::size_t j = 0; j < 3; ++j) ASSERT_EQ(out.root(j, i), omega[j]);
    }
  }
}

TEST(Batch, has_backward_errors_at_rounding_level_on_every_instruction_set) {
  const Batch batch = mixed(1000);
  for (const InstructionSet set : instruction_sets()) {
    for (const int sigma : {0, 1}) {
      const Output out = solved(batch, sigma, {1, set});
      double worst = 0;
      for (std::size_t i = 0; i < batch.k.size(); ++i) {
        const Sample s = batch.sample(i);
        const auto matrix = physics::energy_matrix(s.material, s.k * s.k, sigma, s.Omega);
        const double error =
            worst_backward_error(energy_coordinates(matrix), {out.root(0, i), out.root(1, i), out.root(2, i)});
        ASSERT_LE(error, 4 * epsilon);
        worst = std::max(worst, error);
      }
      std::cout << to_string(set) << ", helicity " << sigma << ": " << worst / epsilon << " eps\n";
    }
  }
}

TEST(Batch, takes_none_and_refuses_columns_of_different_lengths) {
  Batch batch = mixed(5);
  Output out(5);
  const Batch none;
  Output nothing(0);
  EXPECT_NO_THROW(batch_frequencies(none.columns(), none.k, nothing.columns()));
  batch.parameters[4].pop_back();
  EXPECT_THROW(batch_frequencies(batch.columns(), batch.k, out.columns()), DomainError);
  batch = mixed(5);
  EXPECT_THROW(batch_frequencies(batch.columns(), batch.k, 1, std::span(batch.Omega).first(4), out.columns()),
               DomainError);
}

}  // namespace
}  // namespace vitrispin::modes
