#include "vitrispin/app/mode_records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/modes/field_axis.hpp"

namespace vitrispin::app {
namespace {

/// Positive values whose steps are closer to equal ratios than to equal differences.
bool spread_logarithmically(const std::vector<double>& values) {
  if (values.size() < 3) return false;
  if (std::any_of(values.begin(), values.end(), [](double value) { return !(value > 0.0); })) return false;
  const double first = values[1] / values[0];
  const double last = values.back() / values[values.size() - 2];
  return first > 1.0 && std::abs(std::log(last / first)) < 0.5 * std::log(first);
}

}  // namespace

MaterialInField material_in_field(const io::Input& input, const std::string& name, const std::vector<int>& sigma) {
  MaterialInField subject{input.material(name), sigma, {}};
  const physics::Material<double>& material = subject.material();
  const Vector3<double> axis = modes::field_axis(input.stack.H, {material.remanence});
  const double Omega = modes::precession_about_axis(material, input.stack.H, axis);
  for (const int helicity : sigma) {
    if (helicity < -1 || helicity > 1) {
      throw InputError(fmt::format("sigma = {} must be -1, 0 or 1: v_x - i v_y, v_z and v_x + i v_y", helicity));
    }
    if (helicity != 0 && material.kind == physics::MaterialKind::ferromagnet) {
      throw InputError(fmt::format(
          "sigma = {}: material {} is a ferromagnet, which has the longitudinal channel sigma = 0 only; its transverse "
          "components end at its interfaces",
          helicity, name));
    }
    subject.rotation.push_back(helicity * Omega);
  }
  return subject;
}

io::Record start_record(const MaterialInField& subject) {
  io::Record record;
  const auto text = [&](const char* name, std::string value, const char* long_name) {
    record.add({name, {}, io::TextArray{{std::move(value)}}, "1", long_name, {}, true, true, {}});
  };
  text("material", subject.named.name, "Material");
  text("material_kind", physics::to_string(subject.material().kind), "What the material is");
  io::Dimension sigma;
  sigma.name = "sigma";
  sigma.size = subject.sigma.size();
  sigma.values.assign(subject.sigma.begin(), subject.sigma.end());
  sigma.unit = "1";
  sigma.long_name = "Helicity about the field axis";
  record.add_dimension(std::move(sigma));
  return record;
}

io::Dimension coordinate(const std::string& name, const std::vector<double>& values, const std::string& unit,
                         const std::string& long_name) {
  io::Dimension dimension;
  dimension.name = name;
  dimension.size = values.size();
  dimension.values = values;
  dimension.unit = unit;
  dimension.long_name = long_name;
  dimension.logarithmic = spread_logarithmically(values);
  return dimension;
}

io::Dimension counter(const std::string& name, std::size_t size, const std::string& long_name) {
  io::Dimension dimension;
  dimension.name = name;
  dimension.size = size;
  dimension.unit = "1";
  dimension.long_name = long_name;
  return dimension;
}

std::string NullReason::text(const std::string& specific_reason) const {
  if (specific && beyond) return specific_reason + "; or " + io::beyond_double;
  return beyond ? io::beyond_double : specific_reason;
}

bool is_finite(double value) {
  return std::isfinite(value);
}

bool is_finite(const std::complex<double>& value) {
  return std::isfinite(value.real()) && std::isfinite(value.imag());
}

namespace {

std::string null_field(const char* name, const char* reason) {
  return fmt::format(R"("{0}": null, "{0}_reason": "{1}")", name, reason);
}

}  // namespace

std::string json_field(const char* name, std::complex<double> value, const char* reason) {
  if (!is_finite(value)) return null_field(name, reason);
  return fmt::format(R"("{}": [{}, {}])", name, value.real(), value.imag());
}

std::string json_field(const char* name, double value, const char* reason) {
  return is_finite(value) ? fmt::format(R"("{}": {})", name, value) : null_field(name, reason);
}

}  // namespace vitrispin::app
