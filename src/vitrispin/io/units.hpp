#pragma once

#include <string>
#include <string_view>

/// Numbers with units, as in "200 nm", read with UDUNITS-2. Added to its unit system: `G` (gauss, hence `kG`), `emu`
/// (1e-3 A m2, hence `emu cm-3` = 1e3 A/m), `uB` (Bohr magneton), and the exact 2019 SI values of `Oe` and `eV`.
namespace vitrispin::io {

/// Whether a quantity counts radians or cycles; UDUNITS alone would convert one into the other silently.
enum class AngleRule {
  lenient,  ///< radians may be written or left out
  angular,  ///< rad/s: the unit must contain an angle; Hz is refused
  cyclic,   ///< Hz: the unit must not contain an angle; rad/s is refused
};

struct Reading {
  double value = 0;     ///< in the SI unit asked for
  std::string problem;  ///< empty: fine. Otherwise a sentence: what was found, what is needed, the remedy
};

/// Reads `text`, a number and a unit, in terms of `si_unit` (UDUNITS spelling, "m2 s-1"; "1" for pure numbers).
/// Safe for any bytes and from any thread. The unit system is loaded at the first call that needs it.
/// Throws ExternalError if the unit system cannot be loaded.
Reading read_quantity(std::string_view text, const std::string& si_unit, AngleRule rule = AngleRule::lenient);

}  // namespace vitrispin::io
