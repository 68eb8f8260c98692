#include <cmath>

#include "vitrispin/app/experiments.hpp"
#include "vitrispin/app/mode_records.hpp"
#include "vitrispin/modes/dispersion.hpp"
#include "vitrispin/modes/response.hpp"

namespace vitrispin::app {
namespace {

using Complexes = std::vector<std::complex<double>>;

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
  const auto add = [&](const char* name, Complexes values, const char* unit, const char* long_name, const char* reason,
                       bool in_summary) {
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
  constexpr const char* on_a_pole = "infinite: an undamped mode has this frequency";
  add("chi_M", std::move(M), "1", "Response of M to the field",
      subject.material().has_equilibrium_magnetization() ? on_a_pole : "a metal or paramagnet carries m alone", true);
  add("chi_m", std::move(m), "1", "Response of m to the field", on_a_pole, true);
  add("chi_total", std::move(total), "1", "Response of M + m to the field", on_a_pole, true);
  add("chi_theta", std::move(theta), "rad m A-1", "Response of the texture's angle to the field",
      subject.material().has_texture() ? on_a_pole : "only a spin glass has a texture", false);
}

/// Resonances read off the poles, per helicity and k.
void add_resonances(io::Record& record, const MaterialInField& subject, const std::vector<double>& k) {
  Complexes pole, residue;
  std::vector<double> width, quality;
  for (const double rotation : subject.rotation) {
    for (const double wavenumber : k) {
      for (const modes::Resonance& resonance : modes::resonances(subject.material(), wavenumber, rotation)) {
        pole.push_back(resonance.pole);
        residue.push_back(resonance.residue);
        width.push_back(resonance.width);
        quality.push_back(resonance.quality);
      }
    }
  }
  record.add_dimension(counter("mode", modes::mode_count_at_wavenumber(subject.material()), "Mode, most damped first"));
  const auto add = [&](const char* name, auto array, const char* unit, const char* long_name, const char* reason) {
    record.add({name, {"sigma", "k", "mode"}, std::move(array), unit, long_name, reason, true, true, "resonance"});
  };
  add("pole", io::ComplexArray{std::move(pole)}, "rad s-1", "Pole of the response: its position is the real part", "");
  add("residue", io::ComplexArray{std::move(residue)}, "rad s-1", "Residue of chi_total at the pole",
      "infinite: two poles coincide");
  add("width", io::RealArray{std::move(width)}, "rad s-1", "Full width at half maximum, 2 |Im omega|", "");
  add("quality", io::RealArray{std::move(quality)}, "1", "Quality |Re omega|/(2 |Im omega|)", "infinite: not damped");
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
