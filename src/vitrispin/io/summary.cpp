#include "vitrispin/io/summary.hpp"

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "vitrispin/io/parameters.hpp"
#include "vitrispin/io/results_folder.hpp"
#include "vitrispin/io/vtk.hpp"

namespace vitrispin::io {
namespace {

using Json = nlohmann::ordered_json;

/// JSON has no infinity; null with its reason beside it, as everywhere in the summary.
void put_number(Json& object, double value) {
  if (std::isfinite(value)) {
    object["value"] = value;
  } else {
    object["value"] = nullptr;
    object["value_reason"] = std::isnan(value) ? "undefined" : "infinite";
  }
}

Json vector_json(const physics::ComplexVector& vector) {
  Json list = Json::array();
  for (std::size_t i = 0; i < 3; ++i) {
    if (vector[i].imag() == 0) {
      list.push_back(vector[i].real());
    } else {
      list.push_back({vector[i].real(), vector[i].imag()});
    }
  }
  return list;
}

Json conductance_json(double conductance) {
  return std::isinf(conductance) ? Json("inf") : Json(conductance);
}

Json boundary_json(const physics::Boundary& boundary) {
  Json json = Json::object();
  switch (boundary.accumulation) {
    case physics::AccumulationBoundary::closed: json["closed"] = true; break;
    case physics::AccumulationBoundary::current: json["current"] = vector_json(boundary.current); break;
    case physics::AccumulationBoundary::contact:
      json["conductance"] = conductance_json(boundary.conductance);
      json["potential"] = vector_json(boundary.potential);
      json["mixing"] = boundary.mixing;
      break;
  }
  switch (boundary.twist) {
    case physics::TwistBoundary::free: json["twist"] = "free"; break;
    case physics::TwistBoundary::clamped: json["twist"] = "clamped"; break;
    case physics::TwistBoundary::torque: json["twist"] = vector_json(boundary.torque); break;
  }
  if (boundary.temperature > 0) {
    json["temperature"] = boundary.temperature;
    json["thermal_conductance"] = conductance_json(boundary.thermal_conductance);
  }
  return json;
}

void describe_stack(Json& root, const physics::Stack& stack) {
  root["field"] = {{"H", {stack.H.x(), stack.H.y(), stack.H.z()}}, {"unit", "A m-1"}};
  if (stack.layers.empty()) return;
  Json layers = Json::array();
  for (const physics::Layer& layer : stack.layers) {
    layers.push_back({{"name", layer.name}, {"material", layer.material_name}, {"thickness", layer.thickness}});
  }
  root["layers"] = std::move(layers);
  Json interfaces = Json::object();
  for (std::size_t i = 0; i < stack.interfaces.size(); ++i) {
    interfaces[stack.layers[i].name + "|" + stack.layers[i + 1].name] = {
        {"conductance", conductance_json(stack.interfaces[i].conductance)}, {"mixing", stack.interfaces[i].mixing}};
  }
  if (!interfaces.empty()) root["interfaces"] = std::move(interfaces);
  root["boundary"] = {{"left", boundary_json(stack.left)}, {"right", boundary_json(stack.right)}};
}

/// Parts of outer faces; an end that is not given is null.
Json patches_json(const std::vector<physics::Patch>& patches) {
  Json list = Json::array();
  for (const physics::Patch& patch : patches) {
    Json ranges = Json::array();
    for (const physics::Interval& range : patch.ranges) {
      ranges.push_back(
          {std::isfinite(range.from) ? Json(range.from) : Json(), std::isfinite(range.to) ? Json(range.to) : Json()});
    }
    Json json = boundary_json(patch.boundary);
    json["name"] = patch.name;
    json["face"] = physics::face_names.at(patch.face);
    json["ranges"] = std::move(ranges);
    list.push_back(std::move(json));
  }
  return list;
}

Json describe_number(const NamedNumber& number) {
  Json json = Json::object();
  json["symbol"] = number.symbol;
  put_number(json, number.value);
  json["unit"] = number.unit;
  json["meaning"] = number.meaning;
  return json;
}

}  // namespace

nlohmann::ordered_json describe_material(const NamedMaterial& material, const Vector3<double>& H) {
  Json json = Json::object();
  json["kind"] = physics::to_string(material.material.kind);
  if (!material.preset.empty()) json["preset"] = material.preset;
  for (const NamedNumber& parameter : parameters_of(material.material)) {
    Json entry = describe_number(parameter);
    auto known = material.provenance.find(parameter.key);
    // chi_m may have been stated through xi, tau_Mm through its Onsager partner.
    if (known == material.provenance.end() && parameter.key == "chi_m") known = material.provenance.find("xi");
    if (known == material.provenance.end() && parameter.key == "tau_Mm") known = material.provenance.find("tau_mM");
    if (known != material.provenance.end()) {
      entry["standing"] = known->second.standing;
      entry["source"] = known->second.source;
    } else if (parameter.key == "gamma") {
      entry["standing"] = "assumed";
      entry["source"] = "the free electron's, CODATA 2018 (default)";
    }
    json["parameters"][parameter.key] = std::move(entry);
  }
  for (const NamedNumber& scale : derived_scales(material.material, H))
    json["scales"][scale.key] = describe_number(scale);
  json["hints"] = regime_hints(material.material, H);
  return json;
}

bool is_written_for_paraview(const Experiment& experiment) {
  const auto* time = std::get_if<TimeExperiment>(&experiment.body);
  return time != nullptr && time->vtk && experiment.sweep.empty();
}

nlohmann::ordered_json summarize(const Input& input, const RunDescription& run,
                                 const std::vector<ExperimentResult>& results) {
  Json root = Json::object();
  root["program"] = "vitrispin";  // first, by which a results folder of ours is known
  root["version"] = run.version;
  root["commit"] = run.commit;
  root["build"] = run.build;
  root["time"] = run.time;
  root["input"] = std::filesystem::path(input.file).filename().string();
  root["title"] = input.title;
  Json files = Json::array();
  for (const ExperimentResult& result : results) files.push_back(netcdf_file_name(result.name));
  root["files"] = std::move(files);
  Json collections = Json::array();
  for (const Experiment& experiment : input.experiments) {
    if (is_written_for_paraview(experiment)) collections.push_back(collection_name(netcdf_file_name(experiment.name)));
  }
  if (!collections.empty()) root["paraview"] = std::move(collections);
  root["warnings"] = input.warnings;
  Json experiments = Json::object();
  for (const ExperimentResult& result : results) {
    Json object = {{"kind", result.kind}};
    Json values = to_json(result.record);
    for (auto& [key, value] : values.items()) object[key] = std::move(value);
    experiments[result.name] = std::move(object);
  }
  root["experiments"] = std::move(experiments);
  Json materials = Json::object();
  for (const NamedMaterial& material : input.materials) {
    materials[material.name] = describe_material(material, input.stack.H);
  }
  root["materials"] = std::move(materials);
  describe_stack(root, input.stack);
  if (!input.geometry.patches.empty()) root["patches"] = patches_json(input.geometry.patches);
  return root;
}

}  // namespace vitrispin::io
