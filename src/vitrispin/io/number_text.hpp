#pragma once

#include <string>

/// Numbers and units as people read them; results keep full precision in summary.json and the .nc files.
namespace vitrispin::io {

/// `200 nm`, `4.3 GHz`, `1.2e-5 m²/s`: four significant digits at most, with an SI prefix where the unit takes one
/// (m, s, Hz, A, T, J, V, K and what is counted from them), a power of ten where not. `unit` in UDUNITS spelling.
std::string engineering(double value, const std::string& unit, int digits = 4);

/// A unit for the eye: `A s-1` -> `A/s`, `J m-3` -> `J/m³`, `1` -> nothing.
std::string readable_unit(const std::string& unit);

/// True if a number in this unit is read more easily with an SI prefix than with a power of ten.
bool takes_prefix(const std::string& unit);

}  // namespace vitrispin::io
