#include "vitrispin/io/schema.hpp"

#include <cmath>

namespace vitrispin::io {

const KeyRule* Section::find(std::string_view name) const {
  for (const KeyRule& rule : keys) {
    if (name == rule.name) return &rule;
  }
  return nullptr;
}

const char* describe(Allowed allowed) {
  switch (allowed) {
    case Allowed::anything: return "may be any number";
    case Allowed::finite: return "must be finite";
    case Allowed::positive: return "must be positive and finite";
    case Allowed::positive_or_infinite: return "must be positive (inf is allowed)";
    case Allowed::non_negative: return "must be finite and not negative";
    case Allowed::non_negative_or_infinite: return "must not be negative (inf is allowed)";
  }
  return "";
}

bool is_allowed(Allowed allowed, double value) {
  switch (allowed) {
    case Allowed::anything: return true;
    case Allowed::finite: return std::isfinite(value);
    case Allowed::positive: return value > 0 && std::isfinite(value);
    case Allowed::positive_or_infinite: return value > 0;
    case Allowed::non_negative: return value >= 0 && std::isfinite(value);
    case Allowed::non_negative_or_infinite: return value >= 0;
  }
  return false;
}

namespace schema {

const Section& root() {
  static const Section section{
      "the file",
      "The parts of a file. Nothing but experiments is required by itself; what an experiment needs, the file must "
      "have.",
      {
          {.name = "title", .type = ValueType::text, .meaning = "Free text; heads the report."},
          {.name = "materials", .type = ValueType::table, .meaning = "Tables `[materials.NAME]`, one per material."},
          {.name = "layers",
           .type = ValueType::table,
           .meaning = "Tables `[[layers]]`, left to right along x; x starts at the left face."},
          {.name = "interfaces",
           .type = ValueType::table,
           .meaning =
               "Table of `\"LEFT|RIGHT\" = { ... }` between neighbouring layers, or `\"ONE|OTHER\"` with a region."},
          {.name = "boundary",
           .type = ValueType::table,
           .meaning = "Tables `[boundary.left]`, `[boundary.right]`, ..., the outer faces."},
          {.name = "field", .type = ValueType::table, .meaning = "Table `[field]`, the static internal field."},
          {.name = "grid",
           .type = ValueType::table,
           .meaning = "Tables `[grid.y]` and `[grid.z]`: two and three dimensions."},
          {.name = "regions",
           .type = ValueType::table,
           .meaning = "Tables `[[regions]]`, which override layers in two and three dimensions."},
          {.name = "experiments",
           .type = ValueType::table,
           .required = true,
           .meaning = "Tables `[[experiments]]`, what to compute."},
      }};
  return section;
}

const Section& layer() {
  static const Section section{
      "[[layers]]",
      "One table per layer, left to right along x.",
      {
          {.name = "name", .type = ValueType::text, .required = true, .meaning = "Unique; no `|` in it."},
          {.name = "material", .type = ValueType::text, .required = true, .meaning = "NAME of a `[materials.NAME]`."},
          {.name = "thickness",
           .unit = "m",
           .allowed = Allowed::positive,
           .required = true,
           .sweepable = true,
           .meaning = "Along x."},
          {.name = "cells",
           .type = ValueType::integer,
           .meaning = "Cells of the layer along x; needed by time experiments.",
           .least = 1,
           .most = 1e7},
          {.name = "ratio",
           .unit = "1",
           .allowed = Allowed::positive,
           .fallback = "1",
           .meaning =
               "Width of the last cell over that of the first; between them equal ratios. For thin cells at both "
               "faces give a film as two layers of one material."},
      }};
  return section;
}

const Section& interface() {
  static const Section section{
      "[interfaces]",
      "Keys are `\"LEFT|RIGHT\"`, the names of neighbouring layers. An interface that is not named is transparent: h* "
      "and "
      "theta are continuous.",
      {
          {.name = "conductance",
           .unit = "m s-1",
           .allowed = Allowed::non_negative_or_infinite,
           .fallback = "inf",
           .sweepable = true,
           .meaning = "Y in j = Y (h*_right - h*_left)."},
          {.name = "mixing",
           .unit = "m-2",
           .allowed = Allowed::non_negative,
           .fallback = "0",
           .sweepable = true,
           .meaning = "Spin-mixing conductance to the texture; between a spin glass and a metal only."},
          {.name = "thermal_conductance",
           .unit = "W m-2 K-1",
           .allowed = Allowed::non_negative_or_infinite,
           .fallback = "inf",
           .sweepable = true,
           .meaning = "Heat flux over the jump of T (Kapitza); for time experiments with `heat`."},
      }};
  return section;
}

const Section& boundaries() {
  static const Section section{
      "[boundary]",
      "The outer faces. One that is not given is closed, with a free twist.",
      {
          {.name = "left", .type = ValueType::table, .meaning = "The face at x = 0."},
          {.name = "right", .type = ValueType::table, .meaning = "The face at the far end."},
          {.name = "front", .type = ValueType::table, .meaning = "The face at y = 0."},
          {.name = "back", .type = ValueType::table, .meaning = "The face at the far end of y."},
          {.name = "bottom", .type = ValueType::table, .meaning = "The face at z = 0."},
          {.name = "top", .type = ValueType::table, .meaning = "The face at the far end of z."},
          {.name = "patches", .type = ValueType::table, .meaning = "Tables `[[boundary.patches]]`, parts of faces."},
      }};
  return section;
}

const Section& boundary() {
  using enum ValueType;
  static const Section section{
      "[boundary.left], [boundary.right], [boundary.front], [boundary.back], [boundary.bottom], [boundary.top]",
      "For m give one of `current`, `closed = true`, or a contact: `conductance`, with `potential` and `mixing`. For "
      "theta "
      "give `twist`, unless the contact has mixing. For heat (time experiments with `heat`) give a bath's "
      "`temperature`; without one no heat passes. In a file with harmonic experiments a component of a vector may be "
      "an amplitude `[re, im]`, of Re(amplitude exp(-2 pi i f t)).",
      {
          {.name = "closed", .type = flag, .meaning = "No current of m through the face."},
          {.name = "current",
           .type = complex_vector,
           .unit = "A s-1",
           .allowed = Allowed::finite,
           .sweepable = true,
           .meaning = "Flux of m INTO the film, at either end."},
          {.name = "conductance",
           .unit = "m s-1",
           .allowed = Allowed::non_negative_or_infinite,
           .sweepable = true,
           .meaning = "Y of a contact, j.n(out) = Y (potential - h*); inf is a perfect contact."},
          {.name = "potential",
           .type = complex_vector,
           .unit = "A m-1",
           .allowed = Allowed::finite,
           .fallback = "[0, 0, 0]",
           .sweepable = true,
           .meaning = "h_c of a contact."},
          {.name = "mixing",
           .unit = "m-2",
           .allowed = Allowed::non_negative,
           .fallback = "0",
           .sweepable = true,
           .meaning = "Spin-mixing conductance of a contact to the texture."},
          {.name = "twist",
           .type = twist,
           .unit = "J m-2",
           .allowed = Allowed::finite,
           .fallback = "\"free\"",
           .sweepable = true,
           .meaning = "`\"free\"`, `\"clamped\"` (theta = 0), or a torque rho_s d_n theta, n outward."},
          {.name = "temperature",
           .unit = "K",
           .allowed = Allowed::positive,
           .sweepable = true,
           .meaning = "Of a bath that takes heat and gives it."},
          {.name = "thermal_conductance",
           .unit = "W m-2 K-1",
           .allowed = Allowed::non_negative_or_infinite,
           .fallback = "inf",
           .sweepable = true,
           .meaning = "Heat flux over T_bath - T at the face; inf holds T of the face at the bath's."},
      }};
  return section;
}

const Section& field() {
  static const Section section{"[field]",
                               "The static internal field; one of the two.",
                               {
                                   {.name = "H",
                                    .type = ValueType::vector,
                                    .unit = "A m-1",
                                    .allowed = Allowed::finite,
                                    .fallback = "[0, 0, 0]",
                                    .sweepable = true,
                                    .meaning = "Field."},
                                   {.name = "B",
                                    .type = ValueType::vector,
                                    .unit = "T",
                                    .allowed = Allowed::finite,
                                    .sweepable = true,
                                    .meaning = "mu0 H."},
                               }};
  return section;
}

const Section& range() {
  static const Section section{
      "{ from, to, points, scale }",
      "A range; both ends are among its points.",
      {
          {.name = "from", .required = true, .meaning = "First value."},
          {.name = "to", .required = true, .meaning = "Last value."},
          {.name = "points",
           .type = ValueType::integer,
           .required = true,
           .meaning = "Number of values.",
           .least = 2,
           .most = most_points},
          {.name = "scale",
           .type = ValueType::word,
           .words = {"linear", "log"},
           .fallback = "\"linear\"",
           .meaning = "Equal differences or equal ratios; `log` needs ends of one sign, not 0."},
      }};
  return section;
}

const std::vector<const char*>& experiment_kinds() {
  static const std::vector<const char*> kinds{"modes",    "response", "perturbation", "steady",
                                              "harmonic", "time",     "atoms"};
  return kinds;
}

namespace {

std::vector<KeyRule> common_keys() {
  return {
      {.name = "name",
       .type = ValueType::text,
       .fallback = "the kind",
       .meaning = "Unique; names the results, NAME.nc. A second experiment of a kind without a name is called KIND-2."},
      {.name = "kind",
       .type = ValueType::word,
       .words = experiment_kinds(),
       .required = true,
       .meaning = "What to compute."},
      {.name = "sweep",
       .type = ValueType::table,
       .meaning = "`{ \"PATH\" = range }`: repeats the experiment for each value at each path; see Sweeps."},
  };
}

Section experiment_section(const char* header, const char* intro, std::vector<KeyRule> own) {
  std::vector<KeyRule> keys = common_keys();
  keys.insert(keys.end(), own.begin(), own.end());
  return {header, intro, std::move(keys)};
}

const KeyRule material_key{.name = "material",
                           .type = ValueType::text,
                           .fallback = "the file's only one",
                           .meaning = "NAME of a `[materials.NAME]`."};
const KeyRule sigma_key{
    .name = "sigma", .type = ValueType::helicities, .fallback = "[0]", .meaning = "Helicities out of -1, 0, 1."};

KeyRule wavenumber(bool required, const char* meaning) {
  return {.name = "k",
          .type = ValueType::range,
          .unit = "rad m-1",
          .allowed = Allowed::finite,
          .required = required,
          .meaning = meaning};
}

KeyRule angular_frequency(bool required, const char* meaning) {
  return {.name = "omega",
          .type = ValueType::range,
          .unit = "rad s-1",
          .allowed = Allowed::finite,
          .angle = AngleRule::angular,
          .required = required,
          .meaning = meaning};
}

}  // namespace

const Section& experiment(std::string_view kind) {
  static const Section modes =
      experiment_section("[[experiments]] kind = \"modes\"", "Dispersion relations: give k for omega, or omega for k.",
                         {material_key, wavenumber(false, "Real wave numbers, for complex omega."),
                          angular_frequency(false, "Real angular frequencies, for complex k."), sigma_key});
  static const Section response = experiment_section(
      "[[experiments]] kind = \"response\"", "Susceptibilities chi(k, omega) of M, m and M + m of a spin glass.",
      {material_key, wavenumber(true, "Real wave numbers."), angular_frequency(true, "Real angular frequencies."),
       sigma_key});
  static const Section perturbation =
      experiment_section("[[experiments]] kind = \"perturbation\"",
                         "The weakly coupled modes of a spin glass, Eqs. (57)-(71), beside the exact ones.",
                         {material_key, angular_frequency(true, "Real angular frequencies.")});
  static const Section steady = experiment_section(
      "[[experiments]] kind = \"steady\"", "The dc state of the stack between its boundaries; needs layers.",
      {{.name = "profile_points",
        .type = ValueType::integer,
        .fallback = "201; 0 in a sweep of more than 1000 points",
        .meaning = "Points per layer of the profiles in the .nc file; 0 for none.",
        .least = 0,
        .most = 100'000}});
  static const Section harmonic = experiment_section(
      "[[experiments]] kind = \"harmonic\"",
      "The response of the stack to its boundaries' currents, potentials and torques at a frequency; needs layers.",
      {{.name = "frequency",
        .type = ValueType::range,
        .unit = "Hz",
        .allowed = Allowed::non_negative,
        .angle = AngleRule::cyclic,
        .required = true,
        .meaning = "Frequencies of the drive."},
       {.name = "profile_points",
        .type = ValueType::integer,
        .fallback = "0",
        .meaning = "Points per layer of the profiles in the .nc file; 0 for none.",
        .least = 0,
        .most = 100'000}});
  static const Section time = experiment_section(time_keys().header, time_keys().intro, time_keys().keys);
  static const Section atoms = experiment_section(atoms_keys().header, atoms_keys().intro, atoms_keys().keys);
  if (kind == "modes") return modes;
  if (kind == "atoms") return atoms;
  if (kind == "time") return time;
  if (kind == "response") return response;
  if (kind == "perturbation") return perturbation;
  return kind == "steady" ? steady : harmonic;
}

const char* not_in_this_version(std::string_view section, std::string_view key) {
  if (section == "kind" && key == "fit") return "fitting to data";
  return nullptr;
}

}  // namespace schema
}  // namespace vitrispin::io
