#include "vitrispin/physics/material_build.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <string_view>

#include "vitrispin/core/errors.hpp"

namespace vitrispin::physics {
namespace {

using Value = std::optional<double> MaterialSpecification::*;

enum class Range { positive_finite, positive_or_infinite, non_negative, finite };

struct Rule {
  const char* key;
  const char* unit;
  Value value;
  Range range;
  const char* reason;
};

constexpr std::array<Rule, 16> rules{{
    {"gamma", " rad/(s T)", &MaterialSpecification::gamma, Range::positive_finite, "the moment precesses as -gamma"},
    {"chi_M", "", &MaterialSpecification::chi_M, Range::positive_finite, "the free energy has no minimum otherwise"},
    {"chi_m", "", &MaterialSpecification::chi_m, Range::positive_finite, "the free energy has no minimum otherwise"},
    {"xi", "", &MaterialSpecification::xi, Range::positive_finite, "it is chi_m/chi_M, a ratio of positive numbers"},
    {"tau_ML", " s", &MaterialSpecification::tau_ML, Range::positive_or_infinite,
     "entropy production must not be negative"},
    {"tau_mL", " s", &MaterialSpecification::tau_mL, Range::positive_or_infinite,
     "entropy production must not be negative"},
    {"tau_Mm", " s", &MaterialSpecification::tau_Mm, Range::positive_or_infinite,
     "entropy production must not be negative"},
    {"tau_mM", " s", &MaterialSpecification::tau_mM, Range::positive_or_infinite,
     "entropy production must not be negative"},
    {"D", " m^2/s", &MaterialSpecification::D, Range::non_negative, "entropy production must not be negative"},
    {"rho_s", " J/m", &MaterialSpecification::rho_s, Range::non_negative, "the free energy has no minimum otherwise"},
    {"K", " J/m^3", &MaterialSpecification::K, Range::non_negative, "the free energy has no minimum otherwise"},
    {"alpha", " m/A", &MaterialSpecification::alpha, Range::non_negative, "entropy production must not be negative"},
    {"spin_hall_angle", "", &MaterialSpecification::spin_hall_angle, Range::finite, "it enters the detector's voltage"},
    {"conductivity", " S/m", &MaterialSpecification::conductivity, Range::positive_finite,
     "it enters the detector's voltage"},
    {"C", " J/(m^3 K)", &MaterialSpecification::C, Range::positive_finite,
     "heat would warm it without bound otherwise"},
    {"kappa", " W/(m K)", &MaterialSpecification::kappa, Range::non_negative,
     "entropy production must not be negative"},
}};

const char* describe(Range range) {
  switch (range) {
    case Range::positive_finite: return "must be positive and finite";
    case Range::positive_or_infinite: return "must be positive (inf is allowed)";
    case Range::non_negative: return "must be finite and not negative";
    case Range::finite: return "must be finite";
  }
  return "";
}

bool within(Range range, double value) {
  switch (range) {
    case Range::positive_finite: return value > 0 && std::isfinite(value);
    case Range::positive_or_infinite: return value > 0;
    case Range::non_negative: return value >= 0 && std::isfinite(value);
    case Range::finite: return std::isfinite(value);
  }
  return false;
}

bool allowed(MaterialKind kind, std::string_view key) {
  if (key == "C" || key == "kappa") return true;
  switch (kind) {
    case MaterialKind::spin_glass: return key != "spin_hall_angle" && key != "conductivity";
    case MaterialKind::metal:
      return key == "gamma" || key == "chi_m" || key == "tau_mL" || key == "D" || key == "spin_hall_angle" ||
             key == "conductivity";
    case MaterialKind::paramagnet: return key == "gamma" || key == "chi_m" || key == "tau_mL" || key == "D";
    case MaterialKind::ferromagnet:
      return key == "chi_M" || key == "chi_m" || key == "xi" || key == "tau_ML" || key == "tau_mL" || key == "tau_Mm" ||
             key == "tau_mM" || key == "D" || key == "M0";
  }
  return false;
}

const char* parameters_of(MaterialKind kind) {
  switch (kind) {
    case MaterialKind::spin_glass:
      return "gamma, chi_M, chi_m (or xi), tau_ML, tau_mL, tau_Mm (or tau_mM), D, rho_s, K, alpha, M0, C, kappa";
    case MaterialKind::metal: return "gamma, chi_m, tau_mL, D, spin_hall_angle, conductivity, C, kappa";
    case MaterialKind::paramagnet: return "gamma, chi_m, tau_mL, D, C, kappa";
    case MaterialKind::ferromagnet: return "chi_M, chi_m (or xi), tau_ML, tau_mL, tau_Mm (or tau_mM), D, M0, C, kappa";
  }
  return "";
}

bool agree(double given, double derived) {
  if (given == derived) return true;  // infinities
  return std::abs(given - derived) <= redundancy_tolerance * std::abs(derived);
}

/// Builds one material, gathering violations.
class Builder {
public:
  explicit Builder(const MaterialSpecification& specification) : given_(specification) {}

  MaterialBuild build() {
    check_each_value();
    check_presence();
    const bool susceptibilities = resolve_susceptibilities();
    if (susceptibilities) resolve_cross_relaxation();
    if (build_.violations.empty()) resolve();
    return std::move(build_);
  }

private:
  void complain(const char* key, std::string message, bool missing = false) {
    build_.violations.push_back({key, std::move(message), missing});
  }

  void check_each_value() {
    for (const Rule& rule : rules) {
      const auto& value = given_.*rule.value;
      if (!value) continue;
      if (!allowed(given_.kind, rule.key)) {
        complain(rule.key, fmt::format("{} is not a parameter of a {}, which has {}", rule.key, to_string(given_.kind),
                                       parameters_of(given_.kind)));
      } else if (!within(rule.range, *value)) {
        complain(rule.key,
                 fmt::format("{} = {}{} {}: {}", rule.key, *value, rule.unit, describe(rule.range), rule.reason));
      }
    }
    if (!given_.M0) return;
    if (given_.kind == MaterialKind::metal || given_.kind == MaterialKind::paramagnet) {
      complain("M0", fmt::format("M0 is not a parameter of a {}, which has {}", to_string(given_.kind),
                                 parameters_of(given_.kind)));
    }
    for (std::size_t i = 0; i < 3; ++i) {
      if (!std::isfinite((*given_.M0)[i])) {
        complain("M0",
                 fmt::format("M0 = [{}, {}, {}] A/m must be finite", given_.M0->x(), given_.M0->y(), given_.M0->z()));
        break;
      }
    }
  }

  void need(const char* key, bool present, const char* instead = "") {
    if (present) return;
    complain(
        key,
        fmt::format("{} is missing: a {} needs {}{}", key, to_string(given_.kind), parameters_of(given_.kind), instead),
        true);
  }

  void check_presence() {
    const bool texture = given_.kind == MaterialKind::spin_glass;
    need("chi_m", given_.chi_m || (given_.xi && given_.chi_M));
    need("tau_mL", given_.tau_mL.has_value());
    need("D", given_.D.has_value());
    if (!texture && given_.kind != MaterialKind::ferromagnet) return;
    need("chi_M", given_.chi_M || (given_.xi && given_.chi_m));
    need("tau_ML", given_.tau_ML.has_value());
    need("tau_Mm", given_.tau_Mm || given_.tau_mM);
    if (!texture) return;
    need("rho_s", given_.rho_s.has_value());
    need("K", given_.K.has_value());
    need("alpha", given_.alpha.has_value());
  }

  void resolve() {
    Material<double>& material = build_.material;
    const double infinity = std::numeric_limits<double>::infinity();
    material.kind = given_.kind;
    material.gyromagnetic_ratio =
        given_.kind == MaterialKind::ferromagnet ? 0.0 : given_.gamma.value_or(constants::electron_gyromagnetic_ratio);
    material.accumulation_lattice_relaxation_time = *given_.tau_mL;
    material.diffusivity = *given_.D;
    material.heat_capacity = given_.C.value_or(0.0);
    material.thermal_conductivity = given_.kappa.value_or(0.0);
    if (!material.has_equilibrium_magnetization()) {
      material.accumulation_susceptibility = *given_.chi_m;
      material.equilibrium_susceptibility = infinity;
      material.lattice_relaxation_time = infinity;
      material.cross_relaxation_time = infinity;
      material.spin_hall_angle = given_.spin_hall_angle.value_or(0.0);
      material.conductivity = given_.conductivity.value_or(0.0);
      return;
    }
    material.lattice_relaxation_time = *given_.tau_ML;
    material.remanence = given_.M0.value_or(Vector3<double>{});
    if (material.has_texture()) {
      material.spin_stiffness = *given_.rho_s;
      material.anisotropy = *given_.K;
      material.damping = *given_.alpha;
    }
    check_onsager();
  }

  bool faultless(std::initializer_list<std::string_view> keys) const {
    return std::none_of(build_.violations.begin(), build_.violations.end(), [&](const Violation& violation) {
      return std::find(keys.begin(), keys.end(), violation.key) != keys.end();
    });
  }

  /// The rules between chi_M, chi_m and xi, told beside the faults of other parameters. True if M and m have valid ones.
  bool resolve_susceptibilities() {
    const bool pair = given_.kind == MaterialKind::spin_glass || given_.kind == MaterialKind::ferromagnet;
    if (!pair || !faultless({"chi_M", "chi_m", "xi"})) return false;
    Material<double>& material = build_.material;
    material.equilibrium_susceptibility = given_.chi_M ? *given_.chi_M : *given_.chi_m / *given_.xi;
    material.accumulation_susceptibility =
        given_.chi_m ? *given_.chi_m : *given_.xi * material.equilibrium_susceptibility;
    const double chi_M = material.equilibrium_susceptibility;
    const double chi_m = material.accumulation_susceptibility;
    if (!(chi_m > 0 && std::isfinite(chi_m) && chi_M > 0 && std::isfinite(chi_M))) {
      complain("xi", fmt::format("xi = {} makes chi_m = {} and chi_M = {}: both must be positive and finite",
                                 *given_.xi, chi_m, chi_M));
    } else if (!(chi_m < chi_M) || (given_.xi && !(*given_.xi < 1))) {
      if (given_.chi_m && given_.chi_M) {
        complain("chi_m",
                 fmt::format("chi_m = {} must be below chi_M = {}: the free energy has no minimum otherwise (xi < 1)",
                             chi_m, chi_M));
      } else {
        complain("xi", fmt::format("xi = {} must be below 1: the free energy has no minimum otherwise (chi_m < chi_M)",
                                   *given_.xi));
      }
    } else if (given_.xi && given_.chi_m && given_.chi_M && !agree(*given_.xi, chi_m / chi_M)) {
      complain("xi", fmt::format("xi = {} disagrees with chi_m/chi_M = {}: give two of xi, chi_m, chi_M", *given_.xi,
                                 chi_m / chi_M));
    }
    return faultless({"chi_m", "xi"});
  }

  void resolve_cross_relaxation() {
    if (!faultless({"tau_Mm", "tau_mM"})) return;
    Material<double>& material = build_.material;
    const double chi_M = material.equilibrium_susceptibility;
    const double chi_m = material.accumulation_susceptibility;
    material.cross_relaxation_time = given_.tau_Mm ? *given_.tau_Mm : *given_.tau_mM * (chi_M / chi_m);
    const double tau_mM = material.cross_relaxation_time * (chi_m / chi_M);
    if (given_.tau_Mm && given_.tau_mM && !agree(*given_.tau_mM, tau_mM)) {
      complain("tau_mM",
               fmt::format("tau_mM = {} s disagrees with xi tau_Mm = {} s, the Onsager relation of Eq. (33): give "
                           "one of the two",
                           *given_.tau_mM, tau_mM));
    }
  }

  /// Follows from the signs of the rates by Eq. (49); checked all the same, in the form in which it is stated.
  void check_onsager() {
    const auto rates = relaxation_rates(build_.material);
    if (!std::isfinite(rates.M_total) || !std::isfinite(rates.m_total)) {
      complain("tau_Mm",
               fmt::format("1/tau_M = {} and 1/tau_m = {} per second must be finite: the relaxation times are too "
                           "short for double precision",
                           rates.M_total, rates.m_total));
    } else if (rates.M_total * (1 + 1e-12) < rates.M_from_m || rates.m_total * (1 + 1e-12) < rates.m_from_M) {
      complain("tau_Mm", "1/(tau_M tau_m) must not be below 1/(tau_mM tau_Mm): the Onsager matrix is not positive");
    }
  }

  const MaterialSpecification& given_;
  MaterialBuild build_;
};

}  // namespace

MaterialBuild build_material(const MaterialSpecification& specification) {
  return Builder(specification).build();
}

Material<double> make_material(const MaterialSpecification& specification) {
  MaterialBuild build = build_material(specification);
  if (build.violations.empty()) return build.material;
  std::vector<Fault> faults;
  for (const Violation& violation : build.violations) faults.push_back({{}, 0, 0, violation.key, violation.message});
  throw InputError(std::move(faults));
}

const char* to_string(MaterialKind kind) {
  switch (kind) {
    case MaterialKind::spin_glass: return "spin-glass";
    case MaterialKind::metal: return "metal";
    case MaterialKind::paramagnet: return "paramagnet";
    case MaterialKind::ferromagnet: return "ferromagnet";
  }
  return "";
}

std::optional<MaterialKind> material_kind_from(const std::string& word) {
  for (const MaterialKind kind :
       {MaterialKind::spin_glass, MaterialKind::metal, MaterialKind::paramagnet, MaterialKind::ferromagnet}) {
    if (word == to_string(kind)) return kind;
  }
  return std::nullopt;
}

}  // namespace vitrispin::physics
