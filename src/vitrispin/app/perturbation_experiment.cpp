#include <fmt/format.h>

#include <algorithm>

#include "vitrispin/app/experiments.hpp"
#include "vitrispin/app/mode_records.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/modes/perturbation.hpp"

namespace vitrispin::app {
namespace {

using modes::WeakCoupling;

constexpr const char* denominator_vanishes =
    "infinite: the denominator vanishes (theta/M at omega = 0; k^2 if rho_s = 0 or D = 0)";

/// Points of an experiment, and at which of them a denominator vanishes.
struct Points {
  std::vector<WeakCoupling> all;
  std::vector<bool> vanishing;

  template <class Value>
  std::string reason(const std::vector<Value>& values) const {
    NullReason nulls;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!is_finite(values[i])) nulls.add(vanishing[i]);
    }
    return nulls.text(denominator_vanishes);
  }
};

/// Adds quantities of [omega] to one group.
class Group {
public:
  Group(io::Record& record, const Points& points, std::string name)
      : record_(record), points_(points), name_(std::move(name)) {}

  template <class Property>
  void add_complex(const char* name, const char* unit, const std::string& long_name, Property property) {
    io::ComplexArray array;
    for (const WeakCoupling& point : points_.all) array.values.push_back(property(point));
    std::string reason = points_.reason(array.values);
    add(name, std::move(array), unit, long_name, std::move(reason));
  }
  template <class Property>
  void add_real(const char* name, const std::string& long_name, Property property) {
    io::RealArray array;
    for (const WeakCoupling& point : points_.all) array.values.push_back(property(point));
    std::string reason = points_.reason(array.values);
    add(name, std::move(array), "1", long_name, std::move(reason));
  }
  template <class Property>
  void add_flag(const char* name, const std::string& long_name, Property property) {
    io::FlagArray array;
    for (const WeakCoupling& point : points_.all) array.values.push_back(property(point) ? 1 : 0);
    add(name, std::move(array), "1", long_name, "");
  }

private:
  template <class Array>
  void add(const char* name, Array array, const char* unit, const std::string& long_name, std::string reason) {
    record_.add({name, {"omega"}, std::move(array), unit, long_name, std::move(reason), true, true, name_});
  }

  io::Record& record_;
  const Points& points_;
  std::string name_;
};

void add_spin_wave(io::Record& record, const Points& points) {
  Group group(record, points, "spin_wave");
  using W = WeakCoupling;
  group.add_complex("k2", "m-2", "k^2 of the spin wave, Eq. (58)", [](const W& w) { return w.spin_wave.k_squared; });
  group.add_complex("exact_k2", "m-2", "Exact k^2 nearest to Eq. (58)",
                    [](const W& w) { return w.exact_spin_wave.k_squared; });
  group.add_complex("K_prime", "J m-3", "K' = K + rho_s k^2, Eq. (58)",
                    [](const W& w) { return w.spin_wave.stiffened_anisotropy; });
  group.add_complex("exact_K_prime", "J m-3", "K' at the exact k^2",
                    [](const W& w) { return w.exact_spin_wave.stiffened_anisotropy; });
  group.add_complex("theta_over_M", "rad m A-1", "theta/M, Eq. (60) [corrected]",
                    [](const W& w) { return w.spin_wave.theta_over_M; });
  group.add_complex("exact_theta_over_M", "rad m A-1", "theta/M of the exact mode",
                    [](const W& w) { return w.exact_spin_wave.theta_over_M; });
  group.add_complex("m_over_M", "1", "m/M, Eq. (62) [corrected]", [](const W& w) { return w.spin_wave.m_over_M; });
  group.add_complex("exact_m_over_M", "1", "m/M of the exact mode",
                    [](const W& w) { return w.exact_spin_wave.m_over_M; });
  group.add_real("largest_ratio", "|m/M|, which the spin-wave expansion takes to be small",
                 [](const W& w) { return w.spin_wave_ratio; });
  group.add_real("error", "|k^2 - exact k^2|/|exact k^2|", [](const W& w) { return w.spin_wave_error; });
  group.add_flag("valid", "Ratio small enough, and a mode of its own", [](const W& w) { return w.spin_wave_valid; });
}

void add_diffusion(io::Record& record, const Points& points) {
  Group group(record, points, "diffusion");
  using W = WeakCoupling;
  group.add_complex("k2", "m-2", "k^2 of the diffusion mode, Eq. (65) [corrected]",
                    [](const W& w) { return w.diffusion.k_squared; });
  group.add_complex("exact_k2", "m-2", "Exact k^2 nearest to Eq. (65)",
                    [](const W& w) { return w.exact_diffusion.k_squared; });
  group.add_complex("K_prime", "J m-3", "K', Eq. (66) [corrected]",
                    [](const W& w) { return w.diffusion.stiffened_anisotropy; });
  group.add_complex("exact_K_prime", "J m-3", "K' at the exact k^2",
                    [](const W& w) { return w.exact_diffusion.stiffened_anisotropy; });
  group.add_complex("M_over_m", "1", "M/m, Eq. (69)", [](const W& w) { return w.diffusion.M_over_m; });
  group.add_complex("exact_M_over_m", "1", "M/m of the exact mode",
                    [](const W& w) { return w.exact_diffusion.M_over_m; });
  group.add_complex("theta_over_m", "rad m A-1", "theta/m, Eq. (70)",
                    [](const W& w) { return w.diffusion.theta_over_m; });
  group.add_complex("exact_theta_over_m", "rad m A-1", "theta/m of the exact mode",
                    [](const W& w) { return w.exact_diffusion.theta_over_m; });
  group.add_complex("M_plus_m_over_m", "1", "(M + m)/m, Eq. (71)",
                    [](const W& w) { return w.diffusion.M_plus_m_over_m; });
  group.add_complex("exact_M_plus_m_over_m", "1", "(M + m)/m of the exact mode",
                    [](const W& w) { return w.exact_diffusion.M_plus_m_over_m; });
  group.add_real("largest_ratio", "Larger of |M/m| and |theta/m| sqrt(chi_M |K'|/mu0)",
                 [](const W& w) { return w.diffusion_ratio; });
  group.add_real("error", "|k^2 - exact k^2|/|exact k^2|", [](const W& w) { return w.diffusion_error; });
  group.add_flag("valid", "Ratios small enough, and a mode of its own", [](const W& w) { return w.diffusion_valid; });
}

/// The measures of a map over (omega, parameter), one number a point.
void add_verdict(io::Record& record, const Points& points) {
  Group group(record, points, "");
  using W = WeakCoupling;
  group.add_flag("valid", "Both expansions hold", [](const W& w) { return w.valid(); });
  group.add_real("largest_ratio", "Largest of the ratios that have to be small",
                 [](const W& w) { return std::max(w.spin_wave_ratio, w.diffusion_ratio); });
  group.add_real("error", "Larger of the two relative errors of k^2",
                 [](const W& w) { return std::max(w.spin_wave_error, w.diffusion_error); });
}

}  // namespace

io::Record run_perturbation(const io::Input& input, const io::PerturbationExperiment& experiment) {
  const MaterialInField subject = material_in_field(input, experiment.material, {0});
  if (!subject.material().has_texture()) {
    throw InputError(
        fmt::format("material {} is a {}: perturbation theory is about the modes of M, m and theta, which "
                    "only a spin glass has; choose a spin glass",
                    subject.named.name, physics::to_string(subject.material().kind)));
  }
  const bool no_wave = subject.material().diffusivity == 0.0 || subject.material().spin_stiffness == 0.0;
  Points points;
  for (const double omega : experiment.omega) {
    points.all.push_back(modes::weak_coupling(subject.material(), omega));
    points.vanishing.push_back(no_wave || omega == 0.0);
  }
  const std::vector<WeakCoupling>& all = points.all;
  io::Record record = start_record(subject);
  record.add_dimension(coordinate("omega", experiment.omega, "rad s-1", "Angular frequency"));
  add_verdict(record, points);
  add_spin_wave(record, points);
  add_diffusion(record, points);
  const auto failing = static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [](const WeakCoupling& point) { return !point.diffusion_valid; }));
  if (failing > 0) {
    record.warnings.push_back(
        fmt::format("Eqs. (65)-(71), the diffusion mode, are not justified at {} of {} frequencies: M/m or the scaled "
                    "theta/m exceeds {} (towards dc M/m goes to {:.3g}, however weak the coupling)",
                    failing, all.size(), modes::largest_valid_ratio, modes::static_M_over_m(subject.material())));
  }
  return record;
}

}  // namespace vitrispin::app
