#include "vitrispin/atoms/study.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <cmath>
#include <mutex>

#include "vitrispin/atoms/finite_changes.hpp"
#include "vitrispin/atoms/free_turns.hpp"
#include "vitrispin/atoms/macroscopic.hpp"
#include "vitrispin/atoms/quench.hpp"
#include "vitrispin/core/constants.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/core/parallel.hpp"

namespace vitrispin::atoms {
namespace {

std::size_t twist_directions(const physics::SpinModel& model) {
  return model.lattice == physics::LatticeKind::chain ? 1 : 3;
}

/// From responses per joule of field energy to SI.
/// Equation  moment = gamma hbar spin, chi_M = mu0 moment^2 X/V, rho_s and K per volume
struct Scales {
  double moment, volume, angular_momentum;

  explicit Scales(const physics::SpinModel& model)
      : moment(model.gamma * constants::reduced_planck * model.spin),
        volume(physics::volume(model)),
        angular_momentum(constants::reduced_planck * model.spin) {}
  double chi_M(double X) const { return constants::vacuum_permeability * moment * moment * X / volume; }
};

double norm(const Vector3<double>& v) {
  return std::sqrt(dot(v, v));
}

/// The minimum of exchange alone that a state belongs to.
Spins without_anisotropy(const Couplings& couplings, const Couplings& exchange, const Spins& spins) {
  if (couplings.isotropic()) return spins;
  QuenchSettings near;
  near.sweeps = 0;
  near.first_step = 1e-2;
  return quench(exchange, spins, {}, near).spins;
}

Minimum examine(const physics::SpinModel& model, const StudySettings& settings, const Sites& sites,
                const Couplings& couplings, std::uint32_t sample, std::uint32_t start) {
  const Scales scales(model);
  Quench state = quench(couplings, random_spins(model.seed, sample, start, sites));
  Minimum minimum;
  minimum.spins = std::move(state.spins);
  minimum.energy = state.energy / static_cast<double>(sites.size());
  minimum.residual_torque = state.residual_torque;
  minimum.steps = state.steps;
  minimum.free_turns = FreeTurns(couplings, minimum.spins).count();
  for (const auto& h : fields(couplings, minimum.spins)) minimum.internal_fields.push_back(norm(h) / scales.moment);
  if (settings.spectrum) {
    minimum.harmonic = harmonic(couplings, minimum.spins, true);
    for (double& frequency : minimum.harmonic.frequencies) frequency /= scales.angular_momentum;
  }
  const Couplings exchange = exchange_only(couplings);
  const Spins relaxed = without_anisotropy(couplings, exchange, minimum.spins);
  const Response linear = response(exchange, relaxed, twist_directions(model));
  minimum.chi_M = scales.chi_M(linear.susceptibility);
  minimum.rho_s = linear.stiffness / scales.volume;
  minimum.bare_rho_s = linear.bare_stiffness / scales.volume;
  const Rotation turn = rotation(couplings, minimum.spins);
  minimum.K = turn.relaxed / scales.volume;
  minimum.rigid_K = turn.rigid / scales.volume;
  return minimum;
}

/// Largest mean u.R u' over all turns R, with inversion: the sum of the singular values of the mean of u u'.
double overlap(const Spins& a, const Spins& b) {
  Eigen::MatrixXd mean = Eigen::MatrixXd::Zero(3, 3);
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t x = 0; x < 3; ++x) {
      for (std::size_t y = 0; y < 3; ++y) {
        mean(static_cast<Eigen::Index>(x), static_cast<Eigen::Index>(y)) += a[i][x] * b[i][y];
      }
    }
  }
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(mean);
  return svd.singularValues().sum() / static_cast<double>(a.size());
}

/// What couplings beyond the cutoff would change, measured with one out to twice the volume.
void measure_cutoff(const physics::SpinModel& model, const Couplings& couplings, std::uint32_t number, Sample& sample) {
  physics::SpinModel wider = model;
  wider.coupling.cutoff *= std::cbrt(2.0);
  wider.anisotropy = {};
  const Couplings exchange = exchange_only(couplings);
  const Couplings more = couple(wider, sample.sites, number);
  const Spins& spins = sample.minima.front().spins;
  const Spins h = fields(exchange, spins);
  const Spins changed = fields(more, spins);
  double difference = 0;
  for (std::size_t i = 0; i < h.size(); ++i) {
    const Vector3<double> d = changed[i] - h[i];
    difference += dot(d, d);
  }
  sample.cutoff_field = std::sqrt(difference / inner(h, h));
  sample.cutoff_energy = energy(more, spins) / energy(exchange, spins) - 1;
}

/// Longest waves of the box, and steps of the recursion: the lines of each wave are then narrower than their spread.
constexpr std::size_t wave_numbers = 4, recursion_steps = 100, most_spins_with_waves = 20000;

void find_waves(const Scales& scales, const Couplings& exchange, const Spins& relaxed, Sample& sample) {
  if (sample.sites.open || sample.sites.size() > most_spins_with_waves) return;
  sample.waves = structure_factor(exchange, relaxed, sample.sites, wave_numbers, recursion_steps);
  for (Lines& lines : sample.waves) {
    for (double& frequency : lines.frequency) frequency /= scales.angular_momentum;
  }
}

void finish_sample(const physics::SpinModel& model, const Couplings& couplings, std::uint32_t number, Sample& sample) {
  const Scales scales(model);
  for (std::size_t a = 0; a < sample.minima.size(); ++a) {
    for (std::size_t b = a + 1; b < sample.minima.size(); ++b) {
      sample.overlaps.push_back(overlap(sample.minima[a].spins, sample.minima[b].spins));
    }
  }
  if (model.coupling.kind == physics::CouplingKind::rkky) measure_cutoff(model, couplings, number, sample);
  const Spins& spins = sample.minima.front().spins;
  const Couplings exchange = exchange_only(couplings);
  const Spins relaxed = without_anisotropy(couplings, exchange, spins);
  find_waves(scales, exchange, relaxed, sample);
  const Response linear = response(exchange, relaxed, 1);
  sample.linear = {scales.chi_M(linear.susceptibility), linear.stiffness / scales.volume, sample.minima.front().K};
  sample.finite.chi_M = scales.chi_M(finite_susceptibility(exchange, relaxed));
  sample.finite.rho_s = finite_stiffness(model, sample.sites, number, relaxed, 1) / scales.volume;
  if (!couplings.isotropic()) sample.finite.K = finite_rotation(couplings, spins, false) / scales.volume;
}

/// What fails says where.
template <class Work>
void named(const std::string& where, const Work& work) {
  try {
    work();
  } catch (const ConvergenceError& error) {
    const std::string what = error.what();
    throw ConvergenceError(what.substr(0, what.find(" did not converge")) + where, error.iterations(), error.residual(),
                           error.tolerance(), error.last_good_state());
  } catch (const DomainError& error) {
    throw DomainError(error.what() + where);
  }
}

}  // namespace

Study study(const physics::SpinModel& model, const StudySettings& settings,
            const std::function<void(std::size_t, std::size_t)>& step) {
  Study result;
  result.samples.resize(settings.samples);
  std::vector<Couplings> couplings(settings.samples);
  const std::size_t total = static_cast<std::size_t>(settings.samples) * (settings.minima + 2);
  std::size_t done = 0;
  std::mutex one_at_a_time;
  const auto report = [&] {
    const std::lock_guard guard(one_at_a_time);
    ++done;
    if (step) step(done, total);
  };
  const auto each = [&](std::size_t count, const std::function<void(std::size_t)>& work) {
    parallel_blocks(count, 1, settings.threads, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        work(i);
        report();
      }
    });
  };
  each(settings.samples, [&](std::size_t s) {
    named(fmt::format(" in sample {}", s), [&] {
      const auto number = static_cast<std::uint32_t>(s);
      Sample& sample = result.samples[s];
      sample.sites = occupy(model, number);
      couplings[s] = couple(model, sample.sites, number);
      sample.bonds = couplings[s].neighbour.size() / 2;
      sample.isolated = couplings[s].isolated;
      for (const std::size_t c : clusters(couplings[s])) sample.clusters = std::max(sample.clusters, c + 1);
      sample.minima.resize(settings.minima);
    });
  });
  each(static_cast<std::size_t>(settings.samples) * settings.minima, [&](std::size_t index) {
    const auto s = static_cast<std::uint32_t>(index / settings.minima);
    const auto start = static_cast<std::uint32_t>(index % settings.minima);
    Sample& sample = result.samples[s];
    named(fmt::format(" of sample {}, start {}", s, start),
          [&] { sample.minima[start] = examine(model, settings, sample.sites, couplings[s], s, start); });
  });
  each(settings.samples, [&](std::size_t s) {
    named(fmt::format(" of sample {}, in a small field, twist or rotation", s),
          [&] { finish_sample(model, couplings[s], static_cast<std::uint32_t>(s), result.samples[s]); });
  });
  const Couplings& first = couplings.front();
  for (std::uint32_t i = 0; i < first.size(); ++i) {
    for (std::size_t e = first.first[i]; e < first.first[i + 1]; ++e) {
      if (first.neighbour[e] < i) continue;
      result.bonds.push_back({i, first.neighbour[e]});
      result.couplings.push_back(first.J[e]);
    }
  }
  return result;
}

}  // namespace vitrispin::atoms
