#include "vitrispin/io/schema.hpp"

/// The tables of materials.
namespace vitrispin::io::schema {

const Section& material() {
  using enum ValueType;
  using enum Allowed;
  static const Section section{
      "[materials.NAME]",
      "A spin glass needs chi_M, chi_m (or xi), tau_ML, tau_mL, tau_Mm (or tau_mM), D, rho_s, K, alpha; a "
      "ferromagnet's "
      "longitudinal channel chi_M, chi_m (or xi), tau_ML, tau_mL, tau_Mm (or tau_mM), D; a metal or a paramagnet "
      "chi_m, "
      "tau_mL, D. A preset supplies what is not given. A parameter that the kind does not have is an error.",
      {
          {.name = "preset",
           .type = text,
           .meaning = "Start from a preset (`vitrispin materials` lists them); keys given beside it override it."},
          {.name = "from",
           .type = text,
           .meaning = "NAME of an experiment of kind `atoms` in this file, whose gamma, chi_M, rho_s and K it takes: "
                      "they are computed first, and errors carried to the results. Keys given beside it override it."},
          {.name = "kind",
           .type = word,
           .words = {"spin-glass", "metal", "paramagnet", "ferromagnet"},
           .fallback = "\"spin-glass\", or the preset's",
           .meaning = "Which fields live in it: M, m and theta in a spin glass, m in a metal or a paramagnet, M and m "
                      "(longitudinal, helicity 0) in a ferromagnet."},
          {.name = "gamma",
           .unit = "rad s-1 T-1",
           .allowed = positive,
           .angle = AngleRule::angular,
           .fallback = "1.76085963023e11",
           .sweepable = true,
           .meaning =
               "Gyromagnetic ratio; the moment precesses as -gamma. Not of a ferromagnet's longitudinal channel."},
          {.name = "chi_M",
           .unit = "1",
           .allowed = positive,
           .sweepable = true,
           .meaning = "Susceptibility of M (SI: 4 pi times the cgs value)."},
          {.name = "chi_m",
           .unit = "1",
           .allowed = positive,
           .sweepable = true,
           .meaning = "Susceptibility of m; below chi_M, or the free energy has no minimum."},
          {.name = "xi",
           .unit = "1",
           .allowed = positive,
           .sweepable = true,
           .meaning = "chi_m/chi_M, instead of one of the two; below 1."},
          {.name = "tau_ML",
           .unit = "s",
           .allowed = positive_or_infinite,
           .sweepable = true,
           .meaning = "Relaxation time of M to the lattice."},
          {.name = "tau_mL",
           .unit = "s",
           .allowed = positive_or_infinite,
           .sweepable = true,
           .meaning = "Relaxation time of m to the lattice."},
          {.name = "tau_Mm",
           .unit = "s",
           .allowed = positive_or_infinite,
           .sweepable = true,
           .meaning = "Cross relaxation time, M fed by m."},
          {.name = "tau_mM",
           .unit = "s",
           .allowed = positive_or_infinite,
           .sweepable = true,
           .meaning = "xi tau_Mm by the Onsager relation Eq. (33), instead of tau_Mm; given as well, it must agree."},
          {.name = "D",
           .unit = "m2 s-1",
           .allowed = non_negative,
           .sweepable = true,
           .meaning = "Diffusion coefficient of m."},
          {.name = "rho_s", .unit = "J m-1", .allowed = non_negative, .sweepable = true, .meaning = "Spin stiffness."},
          {.name = "K",
           .unit = "J m-3",
           .allowed = non_negative,
           .sweepable = true,
           .meaning = "Macroscopic anisotropy; 0 lets the texture rotate."},
          {.name = "alpha",
           .unit = "m A-1",
           .allowed = non_negative,
           .sweepable = true,
           .meaning = "Damping of theta."},
          {.name = "M0",
           .type = vector,
           .unit = "A m-1",
           .allowed = finite,
           .fallback = "[0, 0, 0]",
           .sweepable = true,
           .meaning = "Remanent magnetization."},
          {.name = "spin_hall_angle",
           .unit = "1",
           .allowed = finite,
           .fallback = "0",
           .sweepable = true,
           .meaning = "Spin Hall angle of a metal, for a detector's voltage."},
          {.name = "conductivity",
           .unit = "S m-1",
           .allowed = positive,
           .sweepable = true,
           .meaning = "Charge conductivity of a metal, for a detector's voltage."},
          {.name = "C",
           .unit = "J m-3 K-1",
           .allowed = positive,
           .sweepable = true,
           .meaning = "Heat capacity, of every kind; time experiments with `heat` need it."},
          {.name = "kappa",
           .unit = "W m-1 K-1",
           .allowed = non_negative,
           .fallback = "0",
           .sweepable = true,
           .meaning = "Thermal conductivity, of every kind; for time experiments with `heat`."},
          {.name = "table",
           .type = ValueType::table,
           .meaning = "Parameters that depend on temperature, for time experiments with `heat`; see below."},
      }};
  return section;
}

const Section& material_table() {
  static const Section section = [] {
    Section table{"[materials.NAME.table]",
                  "Parameters that depend on temperature, for time experiments with `heat`: lists, one value per T, "
                  "linear between them; they take the place of the values above, which all other experiments use. A "
                  "run that leaves the table's temperatures ends with an error. In each step parameters are those of "
                  "its middle.",
                  {}};
    table.keys.push_back({.name = "T",
                          .type = ValueType::range,
                          .unit = "K",
                          .allowed = Allowed::positive,
                          .required = true,
                          .meaning = "Temperatures, ascending."});
    for (const char* name :
         {"chi_M", "chi_m", "xi", "tau_ML", "tau_mL", "tau_Mm", "tau_mM", "D", "rho_s", "K", "alpha", "C", "kappa"}) {
      KeyRule rule = *material().find(name);
      rule.type = ValueType::range;
      rule.sweepable = false;
      rule.fallback = "as above, at every T";
      table.keys.push_back(rule);
    }
    return table;
  }();
  return section;
}

}  // namespace vitrispin::io::schema
