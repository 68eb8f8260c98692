#include "vitrispin/app/atoms_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

#include "vitrispin/app/mode_records.hpp"
#include "vitrispin/atoms/free_turns.hpp"
#include "vitrispin/core/constants.hpp"

namespace vitrispin::app {
namespace {

using atoms::Minimum;
using atoms::Sample;
using physics::CouplingKind;

constexpr const char* one_sample = "one sample alone has no spread: raise samples";

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// Standard error of the mean of independent values.
double error_of_mean(const std::vector<double>& values) {
  if (values.size() < 2) return NAN;
  const double mean = mean_of(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const auto n = static_cast<double>(values.size());
  return std::sqrt(squares / (n * (n - 1)));
}

class AtomsRecord {
public:
  AtomsRecord(const io::AtomsExperiment& experiment, const atoms::Study& study)
      : experiment_(experiment), study_(study), spins_(study.samples.front().sites.size()) {}

  io::Record build() {
    add_dimensions();
    add_constants();
    add_checks();
    add_states();
    if (experiment_.spectrum) add_spectra();
    add_internal_fields();
    add_material();
    add_warnings();
    return std::move(record_);
  }

private:
  using OfMinimum = std::function<double(const Minimum&)>;

  void add(std::string name, std::vector<std::string> dimensions, std::vector<double> values, const char* unit,
           const char* long_name, const char* group = "", bool in_summary = true, const char* reason = "") {
    record_.add({std::move(name), std::move(dimensions), io::RealArray{std::move(values)}, unit, long_name, reason,
                 in_summary, true, group});
  }

  void add_count(const char* name, std::size_t value, const char* long_name) {
    record_.add({name, {}, io::IntegerArray{{static_cast<std::int64_t>(value)}}, "1", long_name, {}, true, true, {}});
  }

  std::vector<double> of_samples(const OfMinimum& value) const {
    std::vector<double> means;
    for (const Sample& sample : study_.samples) {
      std::vector<double> values;
      for (const Minimum& minimum : sample.minima) values.push_back(value(minimum));
      means.push_back(mean_of(values));
    }
    return means;
  }

  /// {mean, sem} over samples, with the samples' own means over their minima.
  void add_mean(const char* name, const std::vector<double>& values, const char* unit, const char* long_name) {
    add("mean", {}, {mean_of(values)}, unit, long_name, name);
    add("sem", {}, {error_of_mean(values)}, unit, "Standard error of it over samples", name, true, one_sample);
    add("of_samples", {"sample"}, values, unit, "Mean over each sample's minima", name);
  }

  void add_dimensions() {
    const auto& first = study_.samples.front();
    record_.add_dimension(counter("sample", study_.samples.size(), "Realisation of the disorder"));
    record_.add_dimension(counter("minimum", first.minima.size(), "Metastable state of a sample"));
    record_.add_dimension(counter("spin", spins_, "Spin"));
    io::Dimension component;
    component.name = "component";
    component.size = 3;
    component.labels = {"x", "y", "z"};
    component.long_name = "Cartesian component";
    record_.add_dimension(component);
  }

  void add_constants() {
    add_count("samples", study_.samples.size(), "Realisations of the disorder");
    add_count("spins", spins_, "Spins of each sample");
    std::vector<double> clusters;
    std::vector<double> isolated;
    for (const Sample& sample : study_.samples) {
      clusters.push_back(static_cast<double>(sample.clusters));
      isolated.push_back(static_cast<double>(sample.isolated));
    }
    add_mean("energy_per_spin", of_samples([](const Minimum& m) { return m.energy; }), "J", "Energy per spin");
    if (experiment_.model.coupling.kind != CouplingKind::rkky) {
      const double J = std::abs(experiment_.model.coupling.J);
      add_mean("energy_per_spin_J", of_samples([&](const Minimum& m) { return m.energy / J; }), "1",
               "Energy per spin over J");
    }
    add_mean("residual_torque", of_samples([](const Minimum& m) { return m.residual_torque; }), "1",
             "Largest torque left, relative to the local field");
    if (experiment_.spectrum) {
      add_mean("zero_modes", of_samples([](const Minimum& m) { return static_cast<double>(m.harmonic.zero_modes); }),
               "1", "Eigenvalues of the curvature of rounding's size");
    }
    add_mean("free_turns", of_samples([](const Minimum& m) { return static_cast<double>(m.free_turns); }), "1",
             "Zero modes that are turns of a cluster that nothing holds: 3 if it is noncollinear, 2 if collinear");
    add_mean("clusters", clusters, "1", "Groups of spins that no bond connects");
    add_mean("isolated_spins", isolated, "1", "Spins without any neighbour");
    chi_M_ = of_samples([](const Minimum& m) { return m.chi_M; });
    rho_s_ = of_samples([](const Minimum& m) { return m.rho_s; });
    K_ = of_samples([](const Minimum& m) { return m.K; });
    add_mean("chi_M", chi_M_, "1", "Susceptibility with the orientation held, of the relaxed state");
    add_mean("rho_s", rho_s_, "J m-1", "Spin stiffness, relaxed");
    add_mean("K", K_, "J m-3", "Anisotropy of the state turned as a whole, relaxed");
    add_mean("rho_s_bare", of_samples([](const Minimum& m) { return m.bare_rho_s; }), "J m-1",
             "Spin stiffness with the spins only turned");
    add_mean("K_rigid", of_samples([](const Minimum& m) { return m.rigid_K; }), "J m-3",
             "Anisotropy with the spins only turned");
    add_velocity();
    add_waves();
    add_overlaps();
  }

  /// The Halperin-Saslow speed against what the longest waves of the box do.
  void add_waves() {
    if (study_.samples.front().waves.empty()) return;
    std::vector<double> speeds;
    std::vector<double> k;
    for (const atoms::Lines& lines : study_.samples.front().waves) k.push_back(lines.k);
    for (const Sample& sample : study_.samples)
      speeds.push_back(sample.waves.front().median() / sample.waves.front().k);
    add_mean("measured_velocity", speeds, "m s-1",
             "Median frequency of the structure factor at the box's smallest wave number, over it");
    // Beyond what the shortest of these waves would have at that speed are single strong bonds.
    const double top = 2 * mean_of(speeds) * k.back();
    Bins bins;
    bins.width = (top > 0 ? top : 1) / static_cast<double>(bin_count);
    std::vector<double> middles;
    for (std::size_t b = 0; b < bin_count; ++b) middles.push_back(bins.width * (static_cast<double>(b) + 0.5));
    std::vector<double> map(k.size() * bin_count, 0.0);
    for (const Sample& sample : study_.samples) {
      for (std::size_t m = 0; m < k.size(); ++m) {
        const atoms::Lines& lines = sample.waves[m];
        for (std::size_t i = 0; i < lines.frequency.size(); ++i) {
          const auto b = static_cast<std::size_t>(lines.frequency[i] / bins.width);
          if (b < bin_count) map[m * bin_count + b] += lines.weight[i] / bins.width;
        }
      }
    }
    for (double& value : map) value /= static_cast<double>(study_.samples.size());
    record_.add_dimension(coordinate("wave_number", k, "rad m-1", "Wave number"));
    record_.add_dimension(coordinate("wave_frequency", middles, "rad s-1", "Angular frequency"));
    add("structure_factor", {"wave_number", "wave_frequency"}, std::move(map), "s rad-1",
        "S(k, omega) of the magnetization without anisotropy, of integral 1 over positive frequencies", "", false);
  }

  double velocity(double chi_M, double rho_s) const {
    return experiment_.model.gamma * std::sqrt(constants::vacuum_permeability * rho_s / chi_M);
  }

  /// v of the mean rho_s and chi_M; its error by leaving out one sample at a time, since both come from the same samples.
  void add_velocity() {
    const double chi = mean_of(chi_M_);
    const double rho = mean_of(rho_s_);
    const auto n = static_cast<double>(chi_M_.size());
    const bool exists = chi > 0 && rho >= 0;
    double squares = 0;
    for (std::size_t s = 0; s < chi_M_.size(); ++s) {
      const double without = n > 1 ? velocity((n * chi - chi_M_[s]) / (n - 1), (n * rho - rho_s_[s]) / (n - 1)) : NAN;
      squares += std::pow(without - velocity(chi, rho), 2);
    }
    const char* group = "spin_wave_velocity";
    const char* reason = chi > 0 ? "the stiffness is negative: these minima are not stable against a twist"
                                 : "the state does not answer to a field, as that of a ferromagnet";
    add("mean", {}, {exists ? velocity(chi, rho) : NAN}, "m s-1", "gamma sqrt(mu0 rho_s/chi_M) of the means", group,
        true, reason);
    add("sem", {}, {exists && n > 1 ? std::sqrt(squares * (n - 1) / n) : NAN}, "m s-1",
        "Standard error of it, leaving out one sample at a time", group, true, exists ? one_sample : reason);
  }

  void add_overlaps() {
    if (study_.samples.front().overlaps.empty()) return;
    std::vector<double> means;
    std::vector<double> all;
    for (const Sample& sample : study_.samples) {
      means.push_back(mean_of(sample.overlaps));
      all.insert(all.end(), sample.overlaps.begin(), sample.overlaps.end());
    }
    add_mean("overlap", means, "1",
             "Overlap of a sample's minima, over all turns and inversions the largest mean u.u'");
    record_.add_dimension(counter("pair", study_.samples.front().overlaps.size(), "Pair of minima"));
    add("overlaps", {"sample", "pair"}, std::move(all), "1", "Overlap of two minima", "", false);
  }

  /// The constants once more, at each sample's first minimum, on the two ways.
  void add_checks() {
    const auto add_pair = [&](const std::string& name, const char* way, double atoms::Constants::*value,
                              const char* unit, const char* what) {
      std::vector<double> linear;
      std::vector<double> finite;
      for (const Sample& sample : study_.samples) {
        linear.push_back(sample.linear.*value);
        finite.push_back(sample.finite.*value);
      }
      add(name + "_linear", {"sample"}, std::move(linear), unit, what, "two_ways");
      add(name + way, {"sample"}, std::move(finite), unit, "The same by relaxation in a small change", "two_ways");
    };
    add_pair("chi_M", "_finite_field", &atoms::Constants::chi_M, "1", "chi_M of the first minima by linear response");
    add_pair("rho_s", "_finite_twist", &atoms::Constants::rho_s, "J m-1",
             "rho_s of the first minima along x by linear response");
    add_pair("K", "_finite_rotation", &atoms::Constants::K, "J m-3", "K of the first minima by linear response");
    if (experiment_.model.coupling.kind != CouplingKind::rkky) return;
    std::vector<double> field;
    std::vector<double> energy;
    for (const Sample& sample : study_.samples) {
      field.push_back(sample.cutoff_field);
      energy.push_back(sample.cutoff_energy);
    }
    add("cutoff_effect_on_field", {}, {mean_of(field)}, "1",
        "Change of the local fields by couplings out to twice the volume, relative, root mean square");
    add("cutoff_effect_on_energy", {}, {mean_of(energy)}, "1", "Change of the energy by them, relative");
  }

  void add_states() {
    std::vector<double> positions;
    std::vector<double> directions;
    std::vector<double> energies;
    for (const Sample& sample : study_.samples) {
      for (const auto& r : sample.sites.positions)
        positions.insert(positions.end(), r.components.begin(), r.components.end());
      for (const Minimum& minimum : sample.minima) {
        energies.push_back(minimum.energy);
        for (const auto& u : minimum.spins)
          directions.insert(directions.end(), u.components.begin(), u.components.end());
      }
    }
    const auto& box = study_.samples.front().sites.box.components;
    add("box", {"component"}, {box.begin(), box.end()}, "m", "Edges of the box");
    add("energy", {"sample", "minimum"}, std::move(energies), "J", "Energy per spin of each minimum");
    add("position", {"sample", "spin", "component"}, std::move(positions), "m", "Place of each spin", "", false);
    add("direction", {"sample", "minimum", "spin", "component"}, std::move(directions), "1",
        "Direction of each spin, a unit vector", "", false);
    std::vector<std::int64_t> ends;
    for (const auto& bond : study_.bonds) ends.insert(ends.end(), bond.begin(), bond.end());
    record_.add_dimension(counter("bond", study_.bonds.size(), "Bond of the first sample"));
    record_.add_dimension(counter("end", 2, "End of a bond"));
    record_.add({"bond_spins",
                 {"bond", "end"},
                 io::IntegerArray{std::move(ends)},
                 "1",
                 "Spins that a bond joins",
                 {},
                 false,
                 true,
                 {}});
    add("bond_coupling", {"bond"}, study_.couplings, "J", "J spin^2, summed over images", "", false);
  }

  /// A histogram over all minima.
  struct Bins {
    std::vector<double> middles, counts;
    double width = 0;
  };
  static constexpr std::size_t bin_count = 60;

  template <class Visit>
  static Bins bins_of(const Visit& visit) {
    Bins bins;
    // Up to where 95 % lie: a few close pairs have fields and frequencies ten times as large.
    std::vector<double> values;
    visit([&](double value, double) { values.push_back(value); });
    if (values.empty()) values.push_back(0);
    const auto most = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) * 95 / 100);
    std::nth_element(values.begin(), most, values.end());
    const double largest = *most;
    bins.width = largest * (1 + 1e-9) / static_cast<double>(bin_count);
    bins.counts.assign(bin_count, 0.0);
    for (std::size_t b = 0; b < bin_count; ++b) bins.middles.push_back(bins.width * (static_cast<double>(b) + 0.5));
    if (!(largest > 0)) return bins;
    visit([&](double value, double weight) {
      const auto bin = static_cast<std::size_t>(value / bins.width);
      if (bin < bin_count) bins.counts[bin] += weight;
    });
    return bins;
  }

  double states() const { return static_cast<double>(study_.samples.size() * study_.samples.front().minima.size()); }

  void add_internal_fields() {
    Bins bins = bins_of([&](const auto& take) {
      for (const Sample& sample : study_.samples) {
        for (const Minimum& minimum : sample.minima) {
          for (const double B : minimum.internal_fields) take(B, 1.0);
        }
      }
    });
    for (double& count : bins.counts) count /= states() * static_cast<double>(spins_) * bins.width;
    record_.add_dimension(coordinate("internal_field", bins.middles, "T", "Internal field"));
    add("internal_field_density", {"internal_field"}, std::move(bins.counts), "T-1",
        "P(h): distribution of the internal fields of the spins", "", false);
  }

  void add_spectra() {
    record_.add_dimension(counter("eigenvalue", 2 * spins_, "Mode of the curvature"));
    record_.add_dimension(counter("mode", spins_, "Mode of precession"));
    std::vector<double> eigenvalues;
    std::vector<double> frequencies;
    std::vector<double> participation;
    for (const Sample& sample : study_.samples) {
      for (const Minimum& minimum : sample.minima) {
        const atoms::Harmonic& modes = minimum.harmonic;
        eigenvalues.insert(eigenvalues.end(), modes.eigenvalues.begin(), modes.eigenvalues.end());
        frequencies.insert(frequencies.end(), modes.frequencies.begin(), modes.frequencies.end());
        participation.insert(participation.end(), modes.participation.begin(), modes.participation.end());
      }
    }
    const auto over = [&](const std::vector<double>& weights) {
      return bins_of([&](const auto& take) {
        for (std::size_t i = 0; i < frequencies.size(); ++i) {
          if (frequencies[i] > 0) take(frequencies[i], weights.empty() ? 1.0 : weights[i]);
        }
      });
    };
    Bins density = over({});
    Bins shared = over(participation);
    for (std::size_t b = 0; b < bin_count; ++b) {
      shared.counts[b] =
          density.counts[b] > 0 ? shared.counts[b] / density.counts[b] / static_cast<double>(spins_) : NAN;
      density.counts[b] /= states() * static_cast<double>(spins_) * density.width;
    }
    record_.add_dimension(coordinate("omega", density.middles, "rad s-1", "Angular frequency"));
    add("density_of_states", {"omega"}, std::move(density.counts), "s rad-1",
        "Density of the modes of precession, of each spin", "", false);
    add("participation_ratio", {"omega"}, std::move(shared.counts), "1",
        "Share of the spins that take part in a mode, mean", "", false, "no mode at these frequencies");
    add("eigenvalues", {"sample", "minimum", "eigenvalue"}, std::move(eigenvalues), "J", "Eigenvalues of the curvature",
        "", false);
    add("frequencies", {"sample", "minimum", "mode"}, std::move(frequencies), "rad s-1",
        "Angular frequencies of precession; 0: a zero mode", "", false);
    add("participation", {"sample", "minimum", "mode"}, std::move(participation), "1",
        "Number of spins that share a mode of precession; 0: a zero mode", "", false);
  }

  void add_material() {
    const auto shown = [](double value) { return fmt::format("{}", value); };
    const double chi = mean_of(chi_M_);
    const double rho = mean_of(rho_s_);
    const double K = mean_of(K_);
    nlohmann::ordered_json material = {{"kind", "spin-glass"}, {"gamma", experiment_.model.gamma}};
    material["chi_M"] = chi;
    material["rho_s"] = rho;
    material["K"] = K;
    material["choose"] = {"chi_m", "tau_ML", "tau_mL", "tau_Mm", "D", "alpha"};
    const auto line = [&](const char* key, const std::vector<double>& values, const char* unit) {
      const double error = error_of_mean(values);
      return fmt::format("{} = {}  # {}{}\n", key, shown(mean_of(values)),
                         std::isfinite(error) ? fmt::format("+- {:.2g}", error) : "one sample", unit);
    };
    material["toml"] = "[materials.NAME]\nkind = \"spin-glass\"\n" +
                       fmt::format("gamma = {}  # rad s-1 T-1\n", experiment_.model.gamma) + line("chi_M", chi_M_, "") +
                       line("rho_s", rho_s_, " J m-1") + line("K", K_, " J m-3") +
                       "# still to be chosen: chi_m (or xi), tau_ML, tau_mL, tau_Mm, D, alpha\n";
    record_.extras.emplace_back("material", material.dump());
  }

  void add_warnings() {
    const physics::SpinModel& model = experiment_.model;
    const auto& box = study_.samples.front().sites.box;
    const double narrow = model.lattice == physics::LatticeKind::chain ? box[0] : std::min({box[0], box[1], box[2]});
    if (model.coupling.kind == CouplingKind::rkky && !model.open && model.coupling.cutoff > narrow / 2) {
      record_.warnings.push_back(fmt::format(
          "the coupling's cutoff = {} m is above half of the box, {} m: spins are coupled to images of each "
          "other and of themselves, all of them summed; a larger box has less of it",
          model.coupling.cutoff, narrow / 2));
    }
    for (const Sample& sample : study_.samples) {
      if (sample.clusters < 2) continue;
      record_.warnings.push_back(fmt::format(
          "the spins of a sample fall into up to {} clusters, {} spins are alone: what turns freely is left "
          "out of chi_M and K",
          std::max_element(study_.samples.begin(), study_.samples.end(),
                           [](const Sample& a, const Sample& b) { return a.clusters < b.clusters; })
              ->clusters,
          sample.isolated));
      break;
    }
    if (!(mean_of(rho_s_) >= 0)) {
      record_.warnings.push_back(
          "the mean stiffness is negative: minima of a periodic box may be unstable against a "
          "twist; larger boxes or more samples");
    }
    if (!experiment_.spectrum) return;
    std::size_t unexplained = 0;
    for (const Sample& sample : study_.samples) {
      for (const Minimum& minimum : sample.minima)
        unexplained += minimum.harmonic.zero_modes != minimum.free_turns ? 1 : 0;
    }
    if (unexplained > 0) {
      record_.warnings.push_back(
          fmt::format("{} minima have zero modes that are no free turns of clusters", unexplained));
    }
  }

  const io::AtomsExperiment& experiment_;
  const atoms::Study& study_;
  std::size_t spins_;
  io::Record record_;
  std::vector<double> chi_M_, rho_s_, K_;
};

}  // namespace

io::Record atoms_record(const io::AtomsExperiment& experiment, const atoms::Study& study) {
  return AtomsRecord(experiment, study).build();
}

}  // namespace vitrispin::app
