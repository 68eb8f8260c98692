#include "vitrispin/io/input_docs.hpp"

#include <fmt/format.h>

#include "vitrispin/io/preset.hpp"
#include "vitrispin/io/schema.hpp"
#include "vitrispin/io/suggestion.hpp"

namespace vitrispin::io {
namespace {

constexpr const char* introduction = R"(# The input file

<!-- Written by `make docs` from the tables that the reader uses; edit those (`src/vitrispin/io/schema.cpp`). -->

An input file is [TOML](https://toml.io). It describes materials, a stack of layers with what happens at its faces, and the
experiments to do with them. `vitrispin check FILE.toml` reads it, reports every fault at its line and column, and shows the
input with all defaults filled in; `vitrispin run FILE.toml` computes.

```toml
title = "A spin glass film between an injector and a sink"

[materials.glass]
preset = "ayig"                      # see `vitrispin materials ayig`
K = "0.4 erg cm-3"                   # overrides the preset's value

[[layers]]                           # left to right along x
name = "film"
material = "glass"
thickness = "200 nm"

[boundary.left]
current = [0, 0, 1.0]                # A/s of magnetization per area, into the film
[boundary.right]
conductance = inf                    # a perfect spin sink

[[experiments]]
kind = "modes"
k = { from = 1e6, to = 1e9, points = 200, scale = "log" }

[[experiments]]
name = "thickness"
kind = "steady"
sweep = { "layers.film.thickness" = { from = "5 nm", to = "1 um", points = 40, scale = "log" } }
```

## Numbers and units

A number is in SI units. A string is a number with a unit, read with UDUNITS-2: `"200 nm"`, `"35 mT"`, `"0.4 erg cm-3"`,
`"1200 m/s"`. Added to its units are `G` (gauss, hence `kG`), `emu` (10⁻³ A m², hence `emu cm-3` = 1000 A/m) and `uB` (the
Bohr magneton); `Oe` and `eV` have their exact values. A unit of the wrong dimension is an error.

Radians may be written or left out (`rad m-1`, `m-1`), except where a factor 2π hides: `omega` and `gamma` need them
(`"1e9 rad/s"`; Hz is refused), `frequency` must not have them (`"1 GHz"`; rad/s is refused). 1 Hz is 2π rad/s.

Infinity is `inf`, where the tables allow it. `nan`, and numbers beyond double precision such as `1e400`, are errors.
A susceptibility is the SI one, 4π times the cgs value; no unit says which was meant.

## Ranges

Where a table says *range*, give a list, `[1e6, 1e7]`, a single number, or `{ from, to, points, scale }`:

)";

constexpr const char* on_sweeps = R"(## Sweeps

`sweep = { "PATH" = range, ... }` in an experiment repeats it for every combination of the values; the axes keep the order
of the file. A path leads to any number marked *yes* under "sweep" below, component by component for vectors:

| path | example |
|---|---|
| `materials.NAME.KEY` | `"materials.glass.K"`, `"materials.glass.M0.z"` |
| `layers.NAME.thickness` | `"layers.film.thickness"` |
| `interfaces.LEFT\|RIGHT.KEY` | `"interfaces.film\|detector.conductance"` |
| `boundary.FACE.KEY`, `boundary.NAME.KEY` of a patch | `"boundary.left.current.z"`, `"boundary.right.conductance"` |
| `field.H.x`, ..., `field.B.z` | `"field.B.z"` |
| `grid.y.length`, `grid.z.length` | `"grid.y.length"` |

A name that contains a dot, a quote or a blank is quoted inside the path: `'materials."my glass".K'`. A boundary's key can be
swept if the boundary gives it: `current.z` needs a `current`. A swept component replaces a complex amplitude by a real one.
Sweeping `xi` or `tau_mM` sets aside the `chi_m` or `tau_Mm` that it stands for, and the other way round.

The reader tries every corner of a sweep, so that an inadmissible value, `chi_m` above `chi_M` say, is told before anything
runs.

)";

constexpr const char* closing = R"(## What is refused

Every fault of content is reported at once as `FILE:LINE:COLUMN: message`, and the exit status is 2; a syntax error stops the
reader at once. The column is the value's; an unknown key's own, with the key that was probably meant; the table header's for
something missing. Beyond what the tables say:

- `chi_m` must be below `chi_M` (xi < 1): the free energy has no minimum otherwise.
- Values given twice must agree: `tau_mM` = xi `tau_Mm` (Onsager, Eq. (33)), `xi` = `chi_m`/`chi_M`.
- `mixing` needs a contact, without a `twist` at the same face, and a spin glass behind it; between layers it needs a spin
  glass on one side and a metal on the other.
- A ferromagnet carries longitudinal spin only: no transverse `current` into it, and `sigma` must be `[0]`. In a time experiment with one, H, every
  M0, currents, potentials, torques, drives and deviations at the start must be along one axis.
- H and every M0 of the layers (or of the experiment's material) must be parallel to one axis: the linear theory is about
  M_eq along it.
- A complex amplitude needs harmonic experiments; a file with a steady one must have real drives.

)";

std::string limits() {
  return fmt::format(
      "## Limits\n\nA file may have 64 MB, a key 32 dotted parts, values 256 levels of nesting; a range {} points, a "
      "sweep {} "
      "points over at most 8 paths, and one experiment {} points in all (sweep times k, omega, frequency, sigma, "
      "profile points).\n",
      most_points, most_sweep_points, most_values);
}

std::string words(const KeyRule& rule) {
  std::vector<std::string> quoted;
  for (const char* word : rule.words) quoted.push_back(fmt::format("`\"{}\"`", word));
  return either(quoted);
}

std::string type_of(const KeyRule& rule) {
  switch (rule.type) {
    case ValueType::text: return "string";
    case ValueType::word: return words(rule);
    case ValueType::number: return "number";
    case ValueType::integer: return fmt::format("whole number, {} to {}", rule.least, rule.most);
    case ValueType::flag: return "`true` or `false`";
    case ValueType::vector: return "vector `[x, y, z]`";
    case ValueType::complex_vector: return "vector, components may be `[re, im]`";
    case ValueType::twist: return "word or vector";
    case ValueType::range: return "range";
    case ValueType::helicities: return "list";
    case ValueType::interval: return "`[from, to]`";
    case ValueType::place: return "number or list";
    case ValueType::table: return "table";
  }
  return {};
}

/// `must be positive` of the messages, as a property.
std::string allowed_text(const KeyRule& rule) {
  if (rule.allowed == Allowed::anything) return {};
  std::string text = describe(rule.allowed);
  if (text.starts_with("must be ")) text.erase(0, 8);
  if (text.starts_with("must not be ")) text.replace(0, 12, "not ");
  return text;
}

std::string unit_text(const KeyRule& rule) {
  if (*rule.unit == '\0') return {};
  if (std::string_view(rule.unit) == "1") return "1";
  return fmt::format("`{}`", rule.unit);
}

std::string default_text(const KeyRule& rule) {
  if (rule.required) return "required";
  return *rule.fallback == '\0' ? std::string() : std::string(rule.fallback);
}

/// A cell of a table must not end at the bars of `"LEFT|RIGHT"`.
std::string cell(std::string text) {
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) text.insert(at, 1, '\\');
  return text;
}

std::string table_of(const Section& section) {
  std::string text = "| key | value | unit | allowed | default | sweep | meaning |\n|---|---|---|---|---|---|---|\n";
  for (const KeyRule& rule : section.keys) {
    text += fmt::format("| `{}` | {} | {} | {} | {} | {} | {} |\n", rule.name, cell(type_of(rule)), unit_text(rule),
                        allowed_text(rule), cell(default_text(rule)), rule.sweepable ? "yes" : "", cell(rule.meaning));
  }
  return text + '\n';
}

std::string section_text(const Section& section, const char* title) {
  return fmt::format("### {}\n\n`{}`. {}\n\n{}", title, section.header, section.intro, table_of(section));
}

std::string keys_text() {
  std::string text =
      "## Keys\n\n### The file\n\n" + std::string(schema::root().intro) + "\n\n" + table_of(schema::root());
  text += section_text(schema::material(), "Materials");
  text += section_text(schema::material_table(), "Materials: temperature");
  text += "Presets: " + either(preset_names()) +
          "; `vitrispin materials NAME` shows each number with its source and standing.\n\n";
  text += section_text(schema::layer(), "Layers");
  text += section_text(schema::interface(), "Interfaces");
  text += section_text(schema::boundary(), "Boundaries");
  text += section_text(schema::field(), "Field");
  text += section_text(schema::grid_axis(), "Grid");
  text += section_text(schema::region(), "Regions");
  text += section_text(schema::patch(), "Patches");
  for (const char* kind : schema::experiment_kinds()) {
    text += section_text(schema::experiment(kind), fmt::format("Experiments: {}", kind).c_str());
  }
  text += section_text(schema::spin_coupling(), "Atoms: coupling");
  text += section_text(schema::spin_anisotropy(), "Atoms: anisotropy");
  text += section_text(schema::initial(), "Time: initial");
  text += section_text(schema::drive(), "Time: drives");
  text += section_text(schema::probe(), "Time: probes");
  text += section_text(schema::line_cut(), "Time: cuts");
  text += section_text(schema::tolerances(), "Time: atol");
  text += section_text(schema::heat(), "Time: heat");
  text += section_text(schema::checkpoint(), "Time: checkpoint");
  return text;
}

}  // namespace

std::string input_documentation() {
  return introduction + table_of(schema::range()) + on_sweeps + keys_text() + closing + limits();
}

}  // namespace vitrispin::io
