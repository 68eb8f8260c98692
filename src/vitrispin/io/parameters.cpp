#include "vitrispin/io/parameters.hpp"

#include <fmt/format.h>

#include <cmath>

#include "vitrispin/io/number_text.hpp"
#include "vitrispin/physics/characteristic.hpp"

namespace vitrispin::io {
namespace {

using physics::MaterialKind;

/// The component of M_eq along the axis that defines the helicities: H's, else M0's. [A/m], signed along z where it is z.
double magnetization_along_axis(const physics::Material<double>& material, const Vector3<double>& H) {
  const auto M = physics::equilibrium_magnetization(material, H);
  const double size = std::sqrt(dot(M, M));
  return M.z() != 0 ? M.z() : size;
}

double field_along_axis(const Vector3<double>& H) {
  return H.z() != 0 ? H.z() : std::sqrt(dot(H, H));
}

/// sigma Omega for sigma = 1, in the glass; sigma gamma mu0 H in a metal. [rad/s]
double rotation_rate(const physics::Material<double>& material, const Vector3<double>& H) {
  if (material.has_equilibrium_magnetization()) {
    return physics::precession_rate(material, magnetization_along_axis(material, H));
  }
  return material.gyromagnetic_ratio * constants::vacuum_permeability * field_along_axis(H);
}

void add_decay_lengths(std::vector<NamedNumber>& all, const physics::Material<double>& material, double rotation) {
  if (material.diffusivity <= 0) return;
  all.push_back({"decay_length", "ℓ", "m", physics::decay_length(material, 0.0),
                 material.has_texture() ? "dc decay length of the spin accumulation, texture pinned"
                                        : "dc spin diffusion length"});
  if (rotation == 0 || material.kind == MaterialKind::ferromagnet) return;
  all.push_back({"decay_length_transverse", "ℓ±", "m", physics::decay_length(material, rotation),
                 "the same, transverse to the field (helicity ±1)"});
}

}  // namespace

std::vector<NamedNumber> parameters_of(const physics::Material<double>& material) {
  std::vector<NamedNumber> all;
  const bool pair = material.has_equilibrium_magnetization();
  if (material.kind != MaterialKind::ferromagnet) {
    all.push_back({"gamma", "γ", "rad s-1 T-1", material.gyromagnetic_ratio, "gyromagnetic ratio"});
  }
  if (pair) {
    all.push_back({"chi_M", "χ_M", "1", material.equilibrium_susceptibility, "susceptibility of M"});
  }
  all.push_back(
      {"chi_m", "χ_m", "1", material.accumulation_susceptibility, "susceptibility of the spin accumulation m"});
  if (pair) {
    all.push_back({"tau_ML", "τ_ML", "s", material.lattice_relaxation_time, "relaxation of M to the lattice"});
  }
  all.push_back(
      {"tau_mL", "τ_mL", "s", material.accumulation_lattice_relaxation_time, "relaxation of m to the lattice"});
  if (pair) {
    all.push_back({"tau_Mm", "τ_Mm", "s", material.cross_relaxation_time, "cross relaxation, M fed by m"});
  }
  all.push_back({"D", "D", "m2 s-1", material.diffusivity, "diffusion coefficient of m"});
  if (material.has_texture()) {
    all.push_back({"rho_s", "ρ_s", "J m-1", material.spin_stiffness, "spin stiffness"});
    all.push_back({"K", "K", "J m-3", material.anisotropy, "macroscopic anisotropy"});
    all.push_back({"alpha", "α", "m A-1", material.damping, "damping of the texture's rotation θ"});
  }
  if (material.kind == MaterialKind::metal) {
    all.push_back({"spin_hall_angle", "θ_SH", "1", material.spin_hall_angle, "spin Hall angle"});
    all.push_back({"conductivity", "σ_c", "S m-1", material.conductivity, "charge conductivity"});
  }
  if (material.heat_capacity > 0) all.push_back({"C", "C", "J m-3 K-1", material.heat_capacity, "heat capacity"});
  if (material.thermal_conductivity > 0)
    all.push_back({"kappa", "κ", "W m-1 K-1", material.thermal_conductivity, "thermal conductivity"});
  if (pair) {
    const double M0 = std::sqrt(dot(material.remanence, material.remanence));
    if (M0 > 0) all.push_back({"M0", "|M₀|", "A m-1", M0, "remanent magnetization"});
  }
  return all;
}

std::vector<NamedNumber> derived_scales(const physics::Material<double>& material, const Vector3<double>& H) {
  std::vector<NamedNumber> all;
  const double rotation = rotation_rate(material, H);
  if (material.has_equilibrium_magnetization()) {
    const auto rates = physics::relaxation_rates(material);
    all.push_back({"xi", "ξ = χ_m/χ_M", "1", material.susceptibility_ratio(), "Eq. (17); stable below 1"});
    all.push_back({"tau_mM", "τ_mM = ξ τ_Mm", "s", 1 / rates.m_from_M, "Onsager partner of τ_Mm, Eq. (33)"});
    all.push_back({"tau_M", "τ_M", "s", 1 / rates.M_total, "total relaxation of M, Eq. (49)"});
    all.push_back({"tau_m", "τ_m", "s", 1 / rates.m_total, "total relaxation of m, Eq. (49)"});
  }
  if (material.has_texture()) {
    const double omega_0 = physics::anisotropy_frequency(material);
    all.push_back({"omega_0", "ω₀", "rad s-1", omega_0, "gap of the spin waves, Eq. (38)"});
    all.push_back({"frequency_0", "ω₀/2π", "Hz", omega_0 / (2 * constants::pi), "the same as a frequency"});
    all.push_back({"v", "v", "m s-1", physics::spin_wave_velocity(material), "spin-wave velocity, Eq. (37)"});
  }
  if (rotation != 0 && material.kind != MaterialKind::ferromagnet) {
    all.push_back({"Omega", "Ω", "rad s-1", rotation,
                   material.has_texture() ? "precession of M about M_eq, γμ₀M_eq/χ_M" : "precession of m, γμ₀H"});
  }
  if (material.has_texture() && material.damping > 0) {
    all.push_back({"damping_rate", "αγK", "rad s-1",
                   material.damping * material.gyromagnetic_ratio * material.anisotropy,
                   "relaxation rate of the texture"});
  }
  add_decay_lengths(all, material, rotation);
  if (material.has_texture()) {
    if (material.diffusivity > 0) {
      all.push_back({"pure_diffusion_length", "√(D τ_m)", "m", physics::pure_diffusion_length(material),
                     "diffusion length with M held, Eq. (39)"});
    }
    if (material.anisotropy > 0) {
      all.push_back(
          {"twist_length", "ℓ_n = √(ρ_s/K)", "m", physics::twist_length(material), "nondissipative twist length"});
    }
    all.push_back({"twist_diffusivity", "D_θ", "m2 s-1", physics::twist_diffusivity(material),
                   "twist diffusion of long waves at K = 0"});
  }
  return all;
}

std::vector<std::string> regime_hints(const physics::Material<double>& material, const Vector3<double>& H) {
  std::vector<std::string> hints;
  if (!material.has_texture()) return hints;
  const auto rates = physics::relaxation_rates(material);
  const double omega_0 = physics::anisotropy_frequency(material);
  const double damping = rates.M_total + material.damping * material.gyromagnetic_ratio * material.anisotropy;
  if (material.anisotropy == 0) {
    hints.push_back(
        "K = 0: the texture is free to turn. A dc spin current sets it rotating unless a face is clamped, and "
        "the current through a thick film then falls as 1/L, not exponentially.");
  } else if (2 * omega_0 > damping) {
    hints.push_back(fmt::format("Spin waves propagate at every k: 2 ω₀ = {} exceeds the damping 1/τ_M + αγK = {}.",
                                engineering(2 * omega_0, "rad s-1", 3), engineering(damping, "rad s-1", 3)));
  } else {
    const double v = physics::spin_wave_velocity(material);
    hints.push_back(fmt::format(
        "Spin waves are overdamped at small k: 1/τ_M + αγK = {} exceeds 2 ω₀ = {}{}.",
        engineering(damping, "rad s-1", 3), engineering(2 * omega_0, "rad s-1", 3),
        v > 0 && material.damping == 0
            ? fmt::format("; they propagate for k above about {}",
                          engineering(std::sqrt(damping * damping / 4 - omega_0 * omega_0) / v, "rad m-1", 3))
            : std::string()));
  }
  if (material.anisotropy > 0 && material.diffusivity > 0) {
    const double l = physics::decay_length(material, 0.0);
    const double l_n = physics::twist_length(material);
    hints.push_back(
        fmt::format("At dc with a pinned texture spin accumulation decays over ℓ = {}, a twist over ℓ_n = {}.",
                    engineering(l, "m", 3), engineering(l_n, "m", 3)));
  }
  const double Omega = rotation_rate(material, H);
  if (Omega != 0 && omega_0 > 0) {
    hints.push_back(fmt::format("The field and remanence split the resonance: ω(ω ∓ Ω) = ω₀² with Ω/ω₀ = {:.3g}.",
                                std::abs(Omega) / omega_0));
  }
  return hints;
}

}  // namespace vitrispin::io
