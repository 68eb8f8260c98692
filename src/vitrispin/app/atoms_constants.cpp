#include "vitrispin/app/atoms_constants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <set>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/io/input_sections.hpp"

namespace vitrispin::app {
namespace {

const std::vector<double>& numbers(const io::Record& record, const std::string& group, const char* name) {
  return std::get<io::RealArray>(record.find(name, group)->data).values;
}

double mean_without(const std::vector<double>& values, std::size_t left_out) {
  double sum = 0;
  for (std::size_t s = 0; s < values.size(); ++s) sum += s == left_out ? 0 : values[s];
  return sum / static_cast<double>(values.size() - (left_out < values.size() ? 1 : 0));
}

double gamma_of(const io::Input& input, const std::string& experiment) {
  for (const io::Experiment& candidate : input.experiments) {
    if (candidate.name == experiment) return std::get<io::AtomsExperiment>(candidate.body).model.gamma;
  }
  return constants::electron_gyromagnetic_ratio;
}

/// `input` with what experiment `from` computed, without the sample `left_out` (all if it is none), in all its materials.
io::Input put_in(const io::Input& input, const std::string& from, const io::Record& record, std::size_t left_out) {
  std::vector<std::string> paths;
  std::vector<double> values;
  for (const io::NamedMaterial& material : input.materials) {
    if (material.from != from) continue;
    for (const std::string& key : material.taken) {
      paths.push_back(io::joined_path({"materials", material.name, key}));
      values.push_back(key == "gamma" ? gamma_of(input, from)
                                      : mean_without(numbers(record, key, "of_samples"), left_out));
    }
  }
  try {
    return io::with_values(input, paths, values);
  } catch (const InputError& error) {
    std::vector<Fault> faults = error.faults();
    for (Fault& fault : faults) {
      fault.file = input.file;
      fault.message = fmt::format("computed by experiment {}{}: {}", from,
                                  left_out < numbers(record, "chi_M", "of_samples").size()
                                      ? fmt::format(" without sample {}", left_out)
                                      : std::string(),
                                  fault.message);
    }
    throw InputError(std::move(faults));
  }
}

constexpr std::size_t none = static_cast<std::size_t>(-1);

bool uses(const io::Input& input, const io::Experiment& experiment, const std::vector<std::string>& materials) {
  const auto among = [&](const std::string& name) {
    return std::find(materials.begin(), materials.end(), name) != materials.end();
  };
  if (const auto* modes = std::get_if<io::ModesExperiment>(&experiment.body)) return among(modes->material);
  if (const auto* response = std::get_if<io::ResponseExperiment>(&experiment.body)) return among(response->material);
  if (const auto* pair = std::get_if<io::PerturbationExperiment>(&experiment.body)) return among(pair->material);
  const auto in_layer = [&](const physics::Layer& layer) { return among(layer.material_name); };
  const auto in_region = [&](const physics::Region& region) { return among(region.material_name); };
  return std::any_of(input.stack.layers.begin(), input.stack.layers.end(), in_layer) ||
         std::any_of(input.geometry.regions.begin(), input.geometry.regions.end(), in_region);
}

/// Sums of squared deviations from their mean, times (n - 1)/n.
template <class Array>
Array variances(const std::vector<const io::Quantity*>& runs) {
  Array result = std::get<Array>(runs.front()->data);
  const auto n = static_cast<double>(runs.size());
  for (std::size_t i = 0; i < result.values.size(); ++i) {
    using Value = std::decay_t<decltype(result.values[i])>;
    Value mean{};
    for (const io::Quantity* run : runs) mean += std::get<Array>(run->data).values[i] / n;
    double real = 0;
    double imaginary = 0;
    for (const io::Quantity* run : runs) {
      const std::complex<double> d = std::get<Array>(run->data).values[i] - mean;
      real += d.real() * d.real();
      imaginary += d.imag() * d.imag();
    }
    if constexpr (std::is_same_v<Value, double>) {
      result.values[i] = real * (n - 1) / n;
    } else {
      result.values[i] = {real * (n - 1) / n, imaginary * (n - 1) / n};
    }
  }
  return result;
}

template <class Array>
bool add_variances(Array& sum, const std::vector<const io::Quantity*>& runs) {
  for (const io::Quantity* run : runs) {
    if (std::get<Array>(run->data).values.size() != sum.values.size()) return false;
  }
  const Array more = variances<Array>(runs);
  for (std::size_t i = 0; i < sum.values.size(); ++i) sum.values[i] += more.values[i];
  return true;
}

void take_roots(io::RealArray& array) {
  for (double& value : array.values) value = std::sqrt(value);
}

void take_roots(io::ComplexArray& array) {
  for (auto& value : array.values) value = {std::sqrt(value.real()), std::sqrt(value.imag())};
}

/// Nothing but rounding of the values.
template <class Array>
bool vanishes(const Array& error, const Array& array) {
  double largest = 0;
  for (const auto& value : array.values)
    largest = std::isfinite(std::abs(value)) ? std::max(largest, std::abs(value)) : largest;
  return std::all_of(error.values.begin(), error.values.end(),
                     [&](const auto& value) { return !(std::abs(value) > 1e-13 * largest); });
}

/// The standard error of one quantity over all runs; false if it has none.
template <class Array>
bool error_of(const io::Quantity& quantity, const std::vector<std::vector<io::Record>>& runs, Array& error) {
  error.values.assign(std::get<Array>(quantity.data).values.size(), {});
  for (const std::vector<io::Record>& group : runs) {
    std::vector<const io::Quantity*> found;
    for (const io::Record& record : group) {
      const io::Quantity* same = record.find(quantity.name, quantity.group);
      if (same == nullptr || !std::holds_alternative<Array>(same->data)) return false;
      found.push_back(same);
    }
    if (!add_variances(error, found)) return false;
  }
  take_roots(error);
  return !vanishes(error, std::get<Array>(quantity.data));
}

}  // namespace

ComputedInput with_computed_constants(const io::Input& input,
                                      const std::function<const io::Record&(const std::string&)>& record_of) {
  ComputedInput computed{input, {}};
  std::set<std::string> names;
  for (const io::NamedMaterial& material : input.materials) {
    if (!material.from.empty() && !material.taken.empty()) names.insert(material.from);
  }
  for (const std::string& name : names) computed.input = put_in(computed.input, name, record_of(name), none);
  for (const std::string& name : names) {
    const io::Record& record = record_of(name);
    ComputedInput::LeftOut left_out{name, {}, {}, {}};
    for (const io::NamedMaterial& material : input.materials) {
      if (material.from == name) left_out.materials.push_back(material.name);
    }
    const std::size_t samples = numbers(record, "chi_M", "of_samples").size();
    if (samples < 2) left_out.problem = "its one sample has none";
    try {
      for (std::size_t s = 0; s < samples && samples > 1; ++s) {
        left_out.inputs.push_back(put_in(computed.input, name, record, s));
      }
    } catch (const InputError& error) {
      left_out.inputs.clear();
      left_out.problem = error.faults().front().message;
    }
    computed.left_out.push_back(std::move(left_out));
    for (io::NamedMaterial& material : computed.input.materials) {
      if (material.from != name) continue;
      for (const std::string& key : material.taken) {
        const std::string error = key == "gamma" || samples < 2
                                      ? std::string()
                                      : fmt::format(", standard error {:.2g}", numbers(record, key, "sem").front());
        material.provenance[key] = {"derived",
                                    fmt::format("computed by experiment {}: {} samples{}", name, samples, error)};
      }
    }
  }
  return computed;
}

void add_errors(io::Record& record, const io::Experiment& experiment, const ComputedInput& computed,
                const std::function<io::Record(const io::Input&)>& run) {
  std::vector<std::vector<io::Record>> runs;
  std::string sources;
  for (const ComputedInput::LeftOut& left_out : computed.left_out) {
    if (!uses(computed.input, experiment, left_out.materials)) continue;
    if (left_out.inputs.empty()) {
      record.warnings.push_back(
          fmt::format("no errors are carried over from experiment {}: {}", left_out.experiment, left_out.problem));
      continue;
    }
    if (experiment.kind == "time" && computed.input.geometry.dimensions() > 1) {
      record.warnings.push_back(fmt::format(
          "errors of experiment {} are not carried over to runs on grids, which would take {} times as long",
          left_out.experiment, left_out.inputs.size() + 1));
      continue;
    }
    std::vector<io::Record> group;
    for (const io::Input& input : left_out.inputs) group.push_back(run(input));
    runs.push_back(std::move(group));
    sources += (sources.empty() ? "" : ", ") + left_out.experiment;
  }
  if (runs.empty()) return;
  const std::vector<io::Quantity> quantities = record.quantities;
  for (const io::Quantity& quantity : quantities) {
    io::Quantity error = quantity;
    error.name += "_sem";
    error.long_name = "Standard error of " + quantity.name + " by that of " + sources;
    bool exists = false;
    if (std::holds_alternative<io::RealArray>(quantity.data)) {
      io::RealArray values;
      exists = error_of(quantity, runs, values);
      error.data = std::move(values);
    } else if (std::holds_alternative<io::ComplexArray>(quantity.data)) {
      io::ComplexArray values;
      exists = error_of(quantity, runs, values);
      error.data = std::move(values);
    }
    if (exists) record.add(std::move(error));
  }
}

}  // namespace vitrispin::app
