#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vitrispin/app/experiments.hpp"
#include "vitrispin/app/mode_records.hpp"
#include "vitrispin/modes/asymptotes.hpp"
#include "vitrispin/modes/dispersion.hpp"
#include "vitrispin/modes/exceptional_points.hpp"
#include "vitrispin/modes/tracking.hpp"
#include "vitrispin/physics/characteristic.hpp"

namespace vitrispin::app {
namespace {

using modes::Mode;

/// Everything computed for one helicity along the sweep of k or omega.
struct Branches {
  std::vector<std::vector<Mode>> modes;  ///< [point][mode]
  std::vector<std::vector<int>> branch;  ///< [point][mode]
};

/// Row-major [sigma][point][mode] of one property of the modes.
template <class Value, class Property>
std::vector<Value> gather(const std::vector<Branches>& all, const Property& property) {
  std::vector<Value> values;
  for (const Branches& branches : all) {
    for (const auto& point : branches.modes) {
      for (const Mode& mode : point) values.push_back(property(mode));
    }
  }
  return values;
}

/// Why a property of some modes is null: `reason` where `expected` says so of the mode.
template <class Property, class Expected>
std::string reason_of_nulls(const std::vector<Branches>& all, const char* reason, const Property& property,
                            const Expected& expected) {
  NullReason nulls;
  for (const Branches& branches : all) {
    for (const auto& point : branches.modes) {
      for (const Mode& mode : point) {
        if (!is_finite(property(mode))) nulls.add(expected(mode));
      }
    }
  }
  return nulls.text(reason);
}

bool never(const Mode& /*mode*/) {
  return false;
}

/// Adds what is known of every mode; `axis` is k or omega.
class ModeTable {
public:
  ModeTable(io::Record& record, const std::vector<Branches>& all, std::string axis)
      : record_(record), all_(all), dimensions_{"sigma", std::move(axis), "mode"} {}

  /// `reason`: why values are null at the modes of which `expected` is true.
  template <class Property, class Expected>
  void add_complex(const char* name, const char* unit, const char* long_name, const char* reason, Expected expected,
                   Property property) {
    add(name, io::ComplexArray{gather<std::complex<double>>(all_, property)}, unit, long_name,
        reason_of_nulls(all_, reason, property, expected));
  }
  template <class Property, class Expected>
  void add_real(const char* name, const char* unit, const char* long_name, const char* reason, Expected expected,
                Property property) {
    add(name, io::RealArray{gather<double>(all_, property)}, unit, long_name,
        reason_of_nulls(all_, reason, property, expected));
  }
  void add_labels() {
    const auto label = [](const Mode& mode) {
      return is_finite(mode.weights[0]) ? modes::to_string(mode.label) : "undefined";
    };
    add("label", io::TextArray{gather<std::string>(all_, label)}, "1", "Character of the mode", "");
    std::vector<std::int64_t> branch;
    for (const Branches& branches : all_) {
      for (const auto& point : branches.branch) branch.insert(branch.end(), point.begin(), point.end());
    }
    add("branch", io::IntegerArray{std::move(branch)}, "1", "Number of the continuous branch, as at the first point",
        "");
  }

  /// Weights, amplitudes and dissipation shares, with a last dimension of their own.
  void add_composition() {
    record_.add_dimension(labelled("field", {"M", "m", "theta"}, "Field"));
    record_.add_dimension(labelled("mechanism", {"M to lattice", "m to lattice", "exchange", "diffusion", "damping"},
                                   "Mechanism of dissipation"));
    std::vector<double> weights, shares;
    std::vector<std::complex<double>> amplitudes;
    for (const Branches& branches : all_) {
      for (const auto& point : branches.modes) {
        for (const Mode& mode : point) {
          weights.insert(weights.end(), mode.weights.begin(), mode.weights.end());
          amplitudes.insert(amplitudes.end(), mode.amplitudes.begin(), mode.amplitudes.end());
          const modes::DissipationShares& part = mode.shares;
          for (const double share :
               {part.M_to_lattice, part.m_to_lattice, part.exchange, part.diffusion, part.damping}) {
            shares.push_back(share);
          }
        }
      }
    }
    add_with("field", "weights", io::RealArray{std::move(weights)},
             "Weight of M, m, theta in the energy norm: |M|^2/chi_M, |m|^2/chi_m, |K'||theta|^2/mu0, adding up to 1",
             true);
    add_with("field", "amplitudes", io::ComplexArray{std::move(amplitudes)},
             "Amplitude of M/sqrt(chi_M), m/sqrt(chi_m), theta sqrt(|K'|/mu0), of unit length", false);
    add_with("mechanism", "dissipation_shares", io::RealArray{std::move(shares)},
             "Share of each mechanism in T R_s, Eq. (26)", false);
  }

private:
  static io::Dimension labelled(const char* name, std::vector<std::string> labels, const char* long_name) {
    io::Dimension dimension = counter(name, labels.size(), long_name);
    dimension.labels = std::move(labels);
    return dimension;
  }

  template <class Array>
  void add(const char* name, Array array, const char* unit, const char* long_name, std::string reason) {
    record_.add({name, dimensions_, std::move(array), unit, long_name, std::move(reason), true, true, {}});
  }
  template <class Array>
  void add_with(const char* last, const char* name, Array array, const char* long_name, bool in_summary) {
    std::vector<std::string> dimensions = dimensions_;
    dimensions.emplace_back(last);
    record_.add({name, std::move(dimensions), std::move(array), "1", long_name, {}, in_summary, true, {}});
  }

  io::Record& record_;
  const std::vector<Branches>& all_;
  std::vector<std::string> dimensions_;
};

constexpr const char* undamped = "infinite: the mode is not damped";
constexpr const char* no_such_mode = "no such mode: with D = 0 or rho_s = 0 there is one k^2 less";

// ---- modes at given k -------------------------------------------------------------------------------------------------

modes::TrackedPoint tracked_frequencies(const physics::Material<double>& material, double k, double rotation) {
  modes::TrackedPoint point;
  for (const Mode& mode : modes::modes_at_wavenumber(material, k, rotation)) {
    point.values.push_back(mode.omega);
    point.slopes.push_back(mode.group_velocity);
  }
  return point;
}

Branches along_k(const physics::Material<double>& material, const std::vector<double>& k, double rotation) {
  Branches branches;
  for (const double value : k) branches.modes.push_back(modes::modes_at_wavenumber(material, value, rotation));
  branches.branch =
      modes::track_branches(k, [&](double value) { return tracked_frequencies(material, value, rotation); });
  return branches;
}

std::string exceptional_points_json(const MaterialInField& subject, const std::vector<double>& k) {
  const auto [from, to] = std::minmax_element(k.begin(), k.end());
  std::string list;
  for (std::size_t i = 0; i < subject.sigma.size(); ++i) {
    for (const modes::ExceptionalPoint& point :
         modes::exceptional_points(subject.material(), subject.rotation[i], *from, *to)) {
      const char* splitting =
          point.order == 3 ? "three modes merge: the splitting is no square root" : io::beyond_double;
      list += fmt::format(R"({}{{"sigma": {}, {}, {}, "order": {}, "at_real_k": {}, "defective": {}, {}, {}}})",
                          list.empty() ? "" : ", ", subject.sigma[i],
                          point.at_real_k ? json_field("k", point.k.real()) : json_field("k", point.k),
                          json_field("omega", point.omega), point.order, point.at_real_k, point.defective,
                          json_field("splitting", point.splitting, splitting),
                          json_field("condition_nearby", point.condition));
    }
  }
  return "[" + list + "]";
}

/// Number of the branch whose frequency at `point` is nearest to each asymptote: every branch is given once.
std::vector<int> branches_of_asymptotes(const Branches& branches, std::size_t point, double k,
                                        const std::vector<modes::Asymptote>& asymptotes) {
  std::vector<int> assigned(asymptotes.size(), -1);
  std::vector<bool> taken(asymptotes.size(), false);
  // the most distant ones first: nearest pairs over all that are left
  for (std::size_t round = 0; round < asymptotes.size(); ++round) {
    double best = INFINITY;
    std::size_t which = 0, mode_of_best = 0;
    for (std::size_t a = 0; a < asymptotes.size(); ++a) {
      if (assigned[a] >= 0) continue;
      for (std::size_t mode = 0; mode < asymptotes.size(); ++mode) {
        if (taken[mode]) continue;
        const double distance = std::abs(asymptotes[a].at(k) - branches.modes[point][mode].omega);
        if (!(distance >= best)) {
          best = distance;
          which = a;
          mode_of_best = mode;
        }
      }
    }
    assigned[which] = branches.branch[point][mode_of_best];
    taken[mode_of_best] = true;
  }
  return assigned;
}

std::string asymptotes_json(const MaterialInField& subject, const std::vector<Branches>& all,
                            const std::vector<double>& k) {
  std::string list;
  const auto append = [&](std::size_t helicity, const char* limit, std::size_t point,
                          const std::vector<modes::Asymptote>& asymptotes) {
    const std::vector<int> branch = branches_of_asymptotes(all[helicity], point, k[point], asymptotes);
    for (std::size_t i = 0; i < asymptotes.size(); ++i) {
      const modes::Asymptote& line = asymptotes[i];
      const auto equal = std::count_if(asymptotes.begin(), asymptotes.end(),
                                       [&](const modes::Asymptote& other) { return other.constant == line.constant; });
      const char* reason = equal > 1 ? "two modes coincide at k = 0: they do not part as k^2" : io::beyond_double;
      list += fmt::format(R"({}{{"sigma": {}, "limit": "{}", "branch": {}, {}, {}, {}}})", list.empty() ? "" : ", ",
                          subject.sigma[helicity], limit, branch[i], json_field("constant", line.constant),
                          json_field("linear", line.linear), json_field("quadratic", line.quadratic, reason));
    }
  };
  const auto smallest = static_cast<std::size_t>(std::min_element(k.begin(), k.end()) - k.begin());
  const auto largest = static_cast<std::size_t>(std::max_element(k.begin(), k.end()) - k.begin());
  for (std::size_t i = 0; i < subject.sigma.size(); ++i) {
    append(i, "small k", smallest, modes::small_wavenumber_asymptotes(subject.material(), subject.rotation[i]));
    append(i, "large k", largest, modes::large_wavenumber_asymptotes(subject.material(), subject.rotation[i]));
  }
  return "[" + list + "]";
}

/// The positive root of omega (omega + sigma Omega) = omega_0^2 + v^2 k^2, Eqs. (37), (38) in a field, with which resonances
/// are compared. Written without a difference of nearly equal numbers.
double undamped_frequency(const physics::Material<double>& material, double k, double rotation) {
  const double wave = std::hypot(physics::anisotropy_frequency(material), physics::spin_wave_velocity(material) * k);
  const double half = rotation / 2;
  const double root = std::hypot(half, wave);
  return half > 0 ? wave * (wave / (root + half)) : root - half;
}

void add_undamped_frequency(io::Record& record, const MaterialInField& subject, const std::vector<double>& k) {
  if (!subject.material().has_texture()) return;
  io::RealArray frequencies;
  for (const double rotation : subject.rotation) {
    for (const double value : k) frequencies.values.push_back(undamped_frequency(subject.material(), value, rotation));
  }
  record.add({"undamped_frequency",
              {"sigma", "k"},
              std::move(frequencies),
              "rad s-1",
              "Positive root of omega (omega + sigma Omega) = omega_0^2 + v^2 k^2, Eqs. (37), (38) in a field",
              {},
              true,
              true,
              {}});
}

void add_modes_at_wavenumber(io::Record& record, const MaterialInField& subject, const std::vector<double>& k) {
  std::vector<Branches> all;
  for (const double rotation : subject.rotation) all.push_back(along_k(subject.material(), k, rotation));
  record.add_dimension(coordinate("k", k, "rad m-1", "Wave number"));
  record.add_dimension(counter("mode", modes::mode_count_at_wavenumber(subject.material()), "Mode, most damped first"));
  ModeTable table(record, all, "k");
  const auto is_undamped = [](const Mode& mode) { return mode.omega.imag() == 0.0; };
  // Where two modes merge rounding leaves the condition at 1/sqrt(1e-16) or above.
  const auto is_merging = [](const Mode& mode) { return is_finite(mode.omega) && mode.condition > 1e7; };
  table.add_complex("omega", "rad s-1", "Complex frequency", "", never, [](const Mode& mode) { return mode.omega; });
  table.add_labels();
  table.add_composition();
  table.add_complex("group_velocity", "m s-1", "Group velocity d omega/dk",
                    "infinite: two modes merge at an exceptional point", is_merging,
                    [](const Mode& mode) { return mode.group_velocity; });
  table.add_real("decay_time", "s", "Decay time 1/|Im omega|", undamped, is_undamped,
                 [](const Mode& mode) { return mode.decay_time; });
  table.add_real("decay_length", "m", "Decay length of a packet, |Re d omega/dk|/|Im omega|", undamped, is_undamped,
                 [](const Mode& mode) { return mode.decay_length; });
  table.add_real("condition", "1", "Condition number of omega in the energy norm",
                 "infinite: two modes merge at an exceptional point", is_merging,
                 [](const Mode& mode) { return mode.condition; });
  add_undamped_frequency(record, subject, k);
  record.extras.emplace_back("exceptional_points", exceptional_points_json(subject, k));
  record.extras.emplace_back("asymptotes", asymptotes_json(subject, all, k));
}

// ---- modes at given omega ---------------------------------------------------------------------------------------------

modes::TrackedPoint tracked_wavenumbers(const physics::Material<double>& material, double omega, double rotation) {
  modes::TrackedPoint point;
  for (const Mode& mode : modes::modes_at_frequency(material, omega, rotation)) {
    point.values.push_back(mode.k_squared);
    point.slopes.push_back(2.0 * mode.k / mode.group_velocity);  // dq/d omega
  }
  return point;
}

Branches along_omega(const physics::Material<double>& material, const std::vector<double>& omega, double rotation) {
  Branches branches;
  for (const double value : omega) branches.modes.push_back(modes::modes_at_frequency(material, value, rotation));
  branches.branch =
      modes::track_branches(omega, [&](double value) { return tracked_wavenumbers(material, value, rotation); });
  return branches;
}

void add_modes_at_frequency(io::Record& record, const MaterialInField& subject, const std::vector<double>& omega) {
  std::vector<Branches> all;
  for (const double rotation : subject.rotation) all.push_back(along_omega(subject.material(), omega, rotation));
  record.add_dimension(coordinate("omega", omega, "rad s-1", "Angular frequency"));
  record.add_dimension(
      counter("mode", modes::mode_count_at_frequency(subject.material()), "Mode, longest decay length first"));
  ModeTable table(record, all, "omega");
  const physics::Material<double>& material = subject.material();
  const bool one_less = material.diffusivity == 0.0 || (material.has_texture() && material.spin_stiffness == 0.0);
  const auto exists = [](const Mode& mode) { return std::isfinite(mode.k_squared.real()); };
  const auto is_absent = [&](const Mode& mode) { return one_less && !exists(mode); };
  table.add_complex("k2", "m-2", "Squared wave number", no_such_mode, is_absent,
                    [](const Mode& mode) { return mode.k_squared; });
  table.add_complex("wavenumber", "rad m-1", "Wave number k with Im k >= 0", no_such_mode, is_absent,
                    [](const Mode& mode) { return mode.k; });
  table.add_labels();
  table.add_composition();
  table.add_real(
      "decay_length", "m", "Decay length 1/Im k", "infinite: the wave is not damped; or no such mode",
      [&](const Mode& mode) { return is_absent(mode) || mode.k.imag() == 0.0; },
      [&](const Mode& mode) { return exists(mode) ? mode.decay_length : NAN; });
  table.add_real(
      "wavelength", "m", "Wave length 2 pi/|Re k|", "infinite: the mode does not oscillate in space; or no such mode",
      [&](const Mode& mode) { return is_absent(mode) || mode.k.real() == 0.0; },
      [&](const Mode& mode) { return exists(mode) ? 2.0 * constants::pi / std::abs(mode.k.real()) : NAN; });
  table.add_complex("group_velocity", "m s-1", "Group velocity d omega/dk", no_such_mode, is_absent,
                    [&](const Mode& mode) { return exists(mode) ? mode.group_velocity : NAN; });
  table.add_real("condition", "1", "Condition number of k^2", no_such_mode, is_absent,
                 [&](const Mode& mode) { return exists(mode) ? mode.condition : NAN; });
}

}  // namespace

io::Record run_modes(const io::Input& input, const io::ModesExperiment& experiment) {
  const MaterialInField subject = material_in_field(input, experiment.material, experiment.sigma);
  io::Record record = start_record(subject);
  if (experiment.k.empty()) {
    add_modes_at_frequency(record, subject, experiment.omega);
  } else {
    add_modes_at_wavenumber(record, subject, experiment.k);
  }
  return record;
}

}  // namespace vitrispin::app
