#pragma once

#include <complex>
#include <string>
#include <vector>

#include "vitrispin/io/input.hpp"
#include "vitrispin/io/record.hpp"

/// What the experiments on modes (modes, response, perturbation) have in common.
namespace vitrispin::app {

/// The material of an experiment at the file's field, with sigma Omega for each helicity asked for.
struct MaterialInField {
  const io::NamedMaterial& named;
  std::vector<int> sigma;
  std::vector<double> rotation;  ///< sigma Omega [rad/s]; metal: sigma gamma mu0 H

  const physics::Material<double>& material() const { return named.material; }
};

/// Throws InputError if H and M0 are not parallel, a helicity is not -1, 0 or 1, or the material does not have it.
MaterialInField material_in_field(const io::Input& input, const std::string& name, const std::vector<int>& sigma);

/// Starts a record: the material's name and kind, and the helicities.
io::Record start_record(const MaterialInField& subject);

/// A dimension with values; drawn logarithmically if they are positive and spread evenly on that scale.
io::Dimension coordinate(const std::string& name, const std::vector<double>& values, const std::string& unit,
                         const std::string& long_name);

/// A dimension that counts.
io::Dimension counter(const std::string& name, std::size_t size, const std::string& long_name);

/// Why numbers are null: for `specific` at some of them, for double precision at others.
struct NullReason {
  bool specific = false, beyond = false;

  /// Takes in one number that is not finite; `expected`: for the specific reason.
  void add(bool expected) { (expected ? specific : beyond) = true; }
  std::string text(const std::string& specific_reason) const;
};

bool is_finite(double value);
bool is_finite(const std::complex<double>& value);

/// `"name": [re, im]` or `"name": value` of a JSON object; if it is not finite `"name": null, "name_reason": "..."`.
std::string json_field(const char* name, std::complex<double> value, const char* reason = io::beyond_double);
std::string json_field(const char* name, double value, const char* reason = io::beyond_double);

}  // namespace vitrispin::app
