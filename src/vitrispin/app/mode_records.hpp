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

/// JSON of a complex number, [re, im]; null if not finite.
std::string json_pair(std::complex<double> value);
std::string json_number(double value);

}  // namespace vitrispin::app
