#include <algorithm>
#include <cmath>

#include "vitrispin/app/experiments.hpp"
#include "vitrispin/app/mode_records.hpp"
#include "vitrispin/modes/dispersion.hpp"
#include "vitrispin/modes/response.hpp"

namespace vitrispin::app {
namespace {

using Complexes = std::vector<std::complex<double>>;

/// Whether the experiment meets an undamped mode, to the rounding of the mode's frequency.
bool meets_a_pole(const MaterialInField& subject, const std::vector<double>& k, const std::vector<double>& omega) {
  for (const double rotation : subject.rotation) {
    for (const double wavenumber : k) {
      for (const modes::Mode& mode : modes::modes_at_wavenumber(subject.material(), wavenumber, rotation)) {
        for (const double frequency : omega) {
          if (std::abs(mode.omega - frequency) <= 1e-9 * std::abs(frequency)) return true;
        }
      }
    }
  }
  return false;
}

void add_susceptibilities(io::Record& record, const MaterialInField& subject, const std::vector<double>& k,
                          const std::vector<double>& omega) {
  Complexes M, m, total, theta;
  for (const double rotation : subject.rotation) {
    for (const double wavenumber : k) {
      for (const double frequency : omega) {
        const modes::Response response = modes::response(subject.material(), wavenumber, frequency, rotation);
        M.push_back(subject.material().has_equilibrium_magnetization() ? response.M : NAN);
        m.push_back(response.m);
        total.push_back(response.total);
        theta.push_back(subject.material().has_texture() ? response.theta : NAN);
      }
    }
  }
  const bool has_M = subject.material().has_equilibrium_magnetization();
  const bool has_texture = subject.material().has_texture();
  const auto reason_of = [&](const Complexes& values) -> std::string {
    const bool all_finite =
        std::all_of(values.begin(), values.end(), [](const std::complex<double>& z) { return is_finite(z); });
    if (all_finite || meets_a_pole(subject, k, omega)) return "infinite: an undamped mode has this frequency";
    return io::beyond_double;
  };
  const auto add = [&](const char* name, Complexes values, const char* unit, const char* long_name, bool exists,
                       const char* why_not, bool in_summary) {
    const std::string reason = exists ? reason_of(values) : why_not;
    record.add({name,
                {"sigma", "k", "omega"},
                io::ComplexArray{std::move(values)},
                unit,
                long_name,
                reason,
                in_summary,
                true,
                {}});
  };
  add("chi_M", std::move(M), "1", "Response of M to the field", has_M, "a metal or paramagnet carries m alone", true);
  add("chi_m", std::move(m), "1", "Response of m to the field", true, "", true);
  add("chi_total", std::move(total), "1", "Response of M + m to the field", true, "", true);
  add("chi_theta", std::move(theta), "rad m A-1", "Response of the texture's angle to the field", has_texture,
      "only a spin glass has a texture", false);
}

/// Resonances read off the poles, per helicity and k.
void add_resonances(io::Record& record, const MaterialInField& subject, const std::vector<double>& k) {
  Complexes pole, residue;
  std::vector<double> width, quality;
  NullReason residue_nulls, quality_nulls;
  for (const double rotation : subject.rotation) {
    for (const double wavenumber : k) {
      const std::vector<modes::Resonance> all = modes::resonances(subject.material(), wavenumber, rotation);
      for (const modes::Resonance& resonance : all) {
        const auto equal = std::count_if(all.begin(), all.end(),
                                         [&](const modes::Resonance& other) { return other.pole == resonance.pole; });
        if (!is_finite(resonance.residue)) residue_nulls.add(equal > 1);
        if (!is_finite(resonance.quality)) quality_nulls.add(resonance.width == 0.0);
        pole.push_back(resonance.pole);
        residue.push_back(resonance.residue);
        width.push_back(resonance.width);
        quality.push_back(resonance.quality);
      }
    }
  }
  record.add_dimension(counter("mode", modes::mode_count_at_wavenumber(subject.material()), "Mode, most damped first"));
  const auto add = [&](const char* name, auto array, const char* unit, const char* long_name, std::string reason) {
    record.add(
        {name, {"sigma", "k", "mode"}, std::move(array), unit, long_name, std::move(reason), true, true, "resonance"});
  };
  add("pole", io::ComplexArray{std::move(pole)}, "rad s-1", "Pole of the response: its position is the real part", "");
  add("residue", io::ComplexArray{std::move(residue)}, "rad s-1", "Residue of chi_total at the pole",
      residue_nulls.text("infinite: two poles coincide"));
  add("width", io::RealArray{std::move(width)}, "rad s-1", "Full width at half maximum, 2 |Im omega|", "");
  add("quality", io::RealArray{std::move(quality)}, "1", "Quality |Re omega|/(2 |Im omega|)",
      quality_nulls.text("infinite: not damped"));
}

}  // namespace

io::Record run_response(const io::Input& input, const io::ResponseExperiment& experiment) {
  const MaterialInField subject = material_in_field(input, experiment.material, experiment.sigma);
  io::Record record = start_record(subject);
  record.add_dimension(coordinate("k", experiment.k, "rad m-1", "Wave number"));
  record.add_dimension(coordinate("omega", experiment.omega, "rad s-1", "Angular frequency"));
  add_susceptibilities(record, subject, experiment.k, experiment.omega);
  add_resonances(record, subject, experiment.k);
  return record;
}

}  // namespace vitrispin::app
