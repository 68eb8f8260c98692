#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vitrispin/io/input_sections.hpp"
#include "vitrispin/io/material_keys.hpp"
#include "vitrispin/io/printable.hpp"

/// The resolved input as TOML that reads back to the same Input.
namespace vitrispin::io {
namespace {

using physics::AccumulationBoundary;
using physics::TwistBoundary;

class TomlWriter {
public:
  explicit TomlWriter(const std::string& header) {
    std::size_t begin = 0;
    while (!header.empty() && begin <= header.size()) {
      const std::size_t end = std::min(header.find('\n', begin), header.size());
      text_ += "# " + printable(header.substr(begin, end - begin), 1000) + '\n';
      begin = end + 1;
    }
    text_ += "# Numbers are in SI units; defaults and presets are filled in.\n";
  }

  std::string write(const Input& input) {
    dimensions_ = input.geometry.dimensions();
    if (!input.title.empty()) line("title", toml_string(input.title));
    for (const NamedMaterial& material : input.materials) write_material(material);
    for (const physics::Layer& layer : input.stack.layers) write_layer(layer);
    write_interfaces(input.stack, input.geometry);
    write_boundary("left", input.stack.left);
    write_boundary("right", input.stack.right);
    heading("[field]");
    line("H", list(input.stack.H), "A m-1");
    write_geometry(input.geometry);
    for (const Experiment& experiment : input.experiments) write_experiment(experiment);
    return std::move(text_);
  }

private:
  void heading(const std::string& heading) { text_ += "\n" + heading + "\n"; }

  /// `key = value`, with the unit as a comment.
  void line(const std::string& key, const std::string& value, const char* unit = "") {
    const std::string assignment = fmt::format("{} = {}", key, value);
    const bool bare = *unit == '\0' || std::string_view(unit) == "1";
    text_ += bare ? assignment + "\n" : fmt::format("{:<36}  # {}\n", assignment, unit);
  }

  static std::string list(const Vector3<double>& v) {
    return fmt::format("[{}, {}, {}]", toml_number(v.x()), toml_number(v.y()), toml_number(v.z()));
  }

  static std::string list(const physics::ComplexVector& v) {
    std::string text;
    for (std::size_t i = 0; i < 3; ++i) {
      if (i > 0) text += ", ";
      const bool real = v[i].imag() == 0;
      text +=
          real ? toml_number(v[i].real()) : fmt::format("[{}, {}]", toml_number(v[i].real()), toml_number(v[i].imag()));
    }
    return "[" + text + "]";
  }

  /// A range where the values are exactly those of one, else the list. `scale` is "log", "linear", "list", or empty if it
  /// was not kept.
  static std::string range(const std::vector<double>& values, const std::string& scale) {
    for (const bool logarithmic : {false, true}) {
      const char* word = logarithmic ? "log" : "linear";
      const double from = values.front();
      const double to = values.back();
      const bool possible = values.size() >= 2 && std::isfinite(from) && std::isfinite(to) &&
                            (!logarithmic || (from != 0 && to != 0 && std::signbit(from) == std::signbit(to)));
      const bool kept = scale == word || (scale.empty() && values.size() > 3);
      if (!possible || !kept || spread(from, to, values.size(), logarithmic) != values) continue;
      return fmt::format("{{ from = {}, to = {}, points = {}, scale = \"{}\" }}", toml_number(from), toml_number(to),
                         values.size(), word);
    }
    std::string text;
    for (const double value : values) text += (text.empty() ? "" : ", ") + toml_number(value);
    return "[" + text + "]";
  }

  void write_material(const NamedMaterial& material) {
    heading(fmt::format("[materials.{}]", toml_key(material.name)));
    if (!material.preset.empty()) line("preset", toml_string(material.preset));
    if (!material.from.empty()) line("from", toml_string(material.from));
    line("kind", fmt::format("\"{}\"", physics::to_string(material.specification.kind)));
    for (const MaterialKey& key : material_keys()) {
      const auto& value = material.specification.*key.value;
      const bool taken = std::find(material.taken.begin(), material.taken.end(), key.name) != material.taken.end();
      if (value && !taken) line(key.name, toml_number(*value), schema::material().find(key.name)->unit);
    }
    if (material.specification.M0) line("M0", list(*material.specification.M0), "A m-1");
    const TableSpecification& table = material.table_specification;
    if (table.T.empty()) return;
    heading(fmt::format("[materials.{}.table]", toml_key(material.name)));
    line("T", range(table.T, "list"), "K");
    for (const auto& [key, values] : table.values) line(key, range(values, "list"), schema::material().find(key)->unit);
  }

  void write_layer(const physics::Layer& layer) {
    heading("[[layers]]");
    line("name", toml_string(layer.name));
    line("material", toml_string(layer.material_name));
    line("thickness", toml_number(layer.thickness), "m");
    if (layer.cells > 0) line("cells", std::to_string(layer.cells));
    if (layer.ratio != 1) line("ratio", toml_number(layer.ratio));
  }

  void write_interface(const std::string& name, const physics::Interface& interface) {
    line(
        toml_string(name),
        fmt::format("{{ conductance = {}, mixing = {}, thermal_conductance = {} }}", toml_number(interface.conductance),
                    toml_number(interface.mixing), toml_number(interface.thermal_conductance)),
        "m s-1, m-2, W m-2 K-1");
  }

  void write_interfaces(const physics::Stack& stack, const physics::Geometry& geometry) {
    if (stack.interfaces.empty() && geometry.interfaces.empty()) return;
    heading("[interfaces]");
    for (std::size_t i = 0; i < stack.interfaces.size(); ++i) {
      write_interface(stack.layers[i].name + "|" + stack.layers[i + 1].name, stack.interfaces[i]);
    }
    for (const physics::NamedInterface& named : geometry.interfaces) {
      write_interface(named.first + "|" + named.second, named.interface);
    }
  }

  void write_axis(const char* name, const physics::GridAxis& axis) {
    heading(fmt::format("[grid.{}]", name));
    line("length", toml_number(axis.length), "m");
    line("cells", std::to_string(axis.cells));
    line("periodic", axis.periodic ? "true" : "false");
    line("ratio", toml_number(axis.ratio));
  }

  void write_ranges(const physics::Ranges& ranges) {
    for (std::size_t a = 0; a < 3; ++a) {
      if (!std::isfinite(ranges[a].from)) continue;
      line(std::string(1, "xyz"[a]), fmt::format("[{}, {}]", toml_number(ranges[a].from), toml_number(ranges[a].to)),
           "m");
    }
  }

  void write_region(const physics::Region& region, std::size_t dimensions) {
    using Shape = physics::Region::Shape;
    heading("[[regions]]");
    line("name", toml_string(region.name));
    line("material", toml_string(region.material_name));
    line("shape", region.shape == Shape::box        ? "\"box\""
                  : region.shape == Shape::cylinder ? "\"cylinder\""
                                                    : "\"labels\"");
    write_ranges(region.ranges);
    if (region.cells > 0) line("cells", std::to_string(region.cells));
    if (region.shape == Shape::cylinder) {
      line("axis", fmt::format("\"{}\"", "xyz"[region.axis]));
      line("center", fmt::format("[{}, {}]", toml_number(region.center[0]), toml_number(region.center[1])), "m");
      line("radius", toml_number(region.radius), "m");
    }
    if (region.shape != Shape::labels) return;
    line("file", toml_string(region.file));
    std::string size;
    for (std::size_t a = 0; a < dimensions; ++a) size += (a == 0 ? "" : ", ") + std::to_string(region.size[a]);
    line("size", "[" + size + "]");
    line("label", std::to_string(region.label));
  }

  void write_geometry(const physics::Geometry& geometry) {
    const std::size_t dimensions = geometry.dimensions();
    if (dimensions == 1) return;
    write_axis("y", geometry.y);
    if (dimensions == 3) write_axis("z", geometry.z);
    for (const physics::Region& region : geometry.regions) write_region(region, dimensions);
    for (std::size_t f = 2; f < 2 * dimensions; ++f) {
      if (!(f / 2 == 1 ? geometry.y : geometry.z).periodic)
        write_boundary(physics::face_names[f], geometry.faces[f - 2]);
    }
    for (const physics::Patch& patch : geometry.patches) {
      heading("[[boundary.patches]]");
      if (!patch.name.empty()) line("name", toml_string(patch.name));
      line("face", fmt::format("\"{}\"", physics::face_names[patch.face]));
      write_ranges(patch.ranges);
      write_conditions(patch.boundary);
    }
  }

  void write_boundary(const char* side, const physics::Boundary& boundary) {
    heading(fmt::format("[boundary.{}]", side));
    write_conditions(boundary);
  }

  void write_conditions(const physics::Boundary& boundary) {
    switch (boundary.accumulation) {
      case AccumulationBoundary::closed: line("closed", "true"); break;
      case AccumulationBoundary::current: line("current", list(boundary.current), "A s-1"); break;
      case AccumulationBoundary::contact:
        line("conductance", toml_number(boundary.conductance), "m s-1");
        line("potential", list(boundary.potential), "A m-1");
        line("mixing", toml_number(boundary.mixing), "m-2");
        break;
    }
    switch (boundary.twist) {
      case TwistBoundary::free: line("twist", "\"free\""); break;
      case TwistBoundary::clamped: line("twist", "\"clamped\""); break;
      case TwistBoundary::torque: line("twist", list(boundary.torque), "J m-2"); break;
    }
    if (boundary.temperature == 0) return;
    line("temperature", toml_number(boundary.temperature), "K");
    line("thermal_conductance", toml_number(boundary.thermal_conductance), "W m-2 K-1");
  }

  void write_values(const char* key, const std::vector<double>& values, const char* unit) {
    if (!values.empty()) line(key, range(values, ""), unit);
  }

  void write_sigma(const std::vector<int>& sigma) {
    std::string text;
    for (const int value : sigma) text += (text.empty() ? "" : ", ") + std::to_string(value);
    line("sigma", "[" + text + "]");
  }

  void write_body(const ModesExperiment& modes) {
    line("material", toml_string(modes.material));
    write_values("k", modes.k, "rad m-1");
    write_values("omega", modes.omega, "rad s-1");
    write_sigma(modes.sigma);
  }

  void write_body(const ResponseExperiment& response) {
    line("material", toml_string(response.material));
    write_values("k", response.k, "rad m-1");
    write_values("omega", response.omega, "rad s-1");
    write_sigma(response.sigma);
  }

  void write_body(const PerturbationExperiment& perturbation) {
    line("material", toml_string(perturbation.material));
    write_values("omega", perturbation.omega, "rad s-1");
  }

  void write_body(const SteadyExperiment& steady) { line("profile_points", std::to_string(steady.profile_points)); }

  void write_body(const HarmonicExperiment& harmonic) {
    write_values("frequency", harmonic.frequency, "Hz");
    line("profile_points", std::to_string(harmonic.profile_points));
  }

  static std::string inline_table(const std::vector<std::pair<const char*, std::string>>& entries) {
    std::string text;
    for (const auto& [key, value] : entries) text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", key, value);
    return "{ " + text + " }";
  }

  /// `key = [ one, ... ]`, a table a line.
  void write_tables(const char* key, const std::vector<std::string>& tables) {
    if (tables.empty()) return;
    text_ += fmt::format("{} = [\n", key);
    for (const std::string& table : tables) text_ += "  " + table + ",\n";
    text_ += "]\n";
  }

  static std::string place(const Vector3<double>& center, std::size_t directions) {
    if (directions == 1) return toml_number(center[0]);
    std::string text;
    for (std::size_t a = 0; a < directions; ++a) text += (a == 0 ? "" : ", ") + toml_number(center[a]);
    return "[" + text + "]";
  }

  static std::string text_of(const InitialChange& change) {
    using enum InitialChange::Shape;
    if (change.shape == random) {
      return inline_table({{"random", toml_number(change.amplitude)}, {"seed", std::to_string(change.seed)}});
    }
    if (change.shape == mode) {
      return inline_table({{"mode", std::to_string(change.mode)},
                           {"k", toml_number(change.k)},
                           {"sigma", std::to_string(change.sigma)},
                           {"amplitude", toml_number(change.amplitude)},
                           {"wave", change.travelling ? "\"travelling\"" : "\"standing\""}});
    }
    if (change.shape == file) {
      std::vector<std::pair<const char*, std::string>> entries{{"file", toml_string(change.file)}};
      if (change.time) entries.emplace_back("time", toml_number(*change.time));
      return inline_table(entries);
    }
    const char* field = change.field == InitialChange::Field::M   ? "\"M\""
                        : change.field == InitialChange::Field::m ? "\"m\""
                                                                  : "\"theta\"";
    const std::string component = fmt::format("\"{}\"", "xyz"[change.component]);
    const std::string amplitude = toml_number(change.amplitude);
    if (change.shape == gaussian) {
      return inline_table({{"field", field},
                           {"component", component},
                           {"shape", "\"gaussian\""},
                           {"amplitude", amplitude},
                           {"center", place(change.center, change.directions)},
                           {"width", toml_number(change.width)}});
    }
    if (change.shape == cosine) {
      return inline_table({{"field", field},
                           {"component", component},
                           {"shape", "\"cosine\""},
                           {"amplitude", amplitude},
                           {"k", toml_number(change.k)}});
    }
    return inline_table(
        {{"field", field}, {"component", component}, {"shape", "\"uniform\""}, {"amplitude", amplitude}});
  }

  static std::string text_of(const physics::Drive& drive) {
    using physics::DriveTarget;
    using physics::WaveShape;
    std::string target = "field.H";
    if (drive.target == DriveTarget::left_current) target = "boundary.left.current";
    if (drive.target == DriveTarget::right_current) target = "boundary.right.current";
    if (drive.target == DriveTarget::left_potential) target = "boundary.left.potential";
    if (drive.target == DriveTarget::right_potential) target = "boundary.right.potential";
    if (drive.target == DriveTarget::face_current) target = joined_path({"boundary", drive.face, "current"});
    if (drive.target == DriveTarget::face_potential) target = joined_path({"boundary", drive.face, "potential"});
    if (drive.target == DriveTarget::anisotropy) target = joined_path({"materials", drive.material, "K"});
    std::vector<std::pair<const char*, std::string>> entries{{"target", toml_string(target)}};
    if (drive.target != DriveTarget::anisotropy)
      entries.emplace_back("component", fmt::format("\"{}\"", "xyz"[drive.component]));
    if (drive.target == DriveTarget::field && drive.k != 0) entries.emplace_back("k", toml_number(drive.k));
    const physics::Waveform& wave = drive.wave;
    const auto number = [&](const char* key, double value) { entries.emplace_back(key, toml_number(value)); };
    switch (wave.shape) {
      case WaveShape::sine:
      case WaveShape::chirp:
        entries.emplace_back("shape", wave.shape == WaveShape::sine ? "\"sine\"" : "\"chirp\"");
        number("amplitude", wave.amplitude);
        number("frequency", wave.frequency);
        if (wave.shape == WaveShape::chirp) number("end_frequency", wave.end_frequency);
        number("phase", wave.phase);
        break;
      case WaveShape::pulse:
        entries.emplace_back("shape", "\"pulse\"");
        number("amplitude", wave.amplitude);
        number("center", wave.center);
        number("width", wave.width);
        break;
      case WaveShape::ramp:
        entries.emplace_back("shape", "\"ramp\"");
        number("from", wave.from);
        number("to", wave.to);
        number("start", wave.start);
        number("end", wave.end);
        break;
      case WaveShape::table:
        entries.emplace_back("shape", "\"table\"");
        entries.emplace_back("times", range(wave.times, "list"));
        entries.emplace_back("values", range(wave.values, "list"));
        break;
    }
    return inline_table(entries);
  }

  void write_body(const TimeExperiment& time) {
    line("duration", toml_number(time.duration), "s");
    write_values("output", time.output, "s");
    write_values("snapshots", time.snapshots, "s");
    if (time.vtk) line("vtk", "true");
    if (!time.petsc.empty()) line("petsc", toml_string(time.petsc));
    line("method", toml_string(time.method));
    if (time.dt > 0) line("dt", toml_number(time.dt), "s");
    line("rtol", toml_number(time.rtol));
    line("atol",
         inline_table({{"M", toml_number(time.atol_M)},
                       {"m", toml_number(time.atol_m)},
                       {"theta", toml_number(time.atol_theta)}}),
         "A m-1, A m-1, rad");
    if (time.temperature) line("heat", inline_table({{"temperature", toml_number(*time.temperature)}}), "K");
    line("checkpoint", inline_table({{"every", toml_number(time.checkpoint_every)}}), "s");
    std::vector<std::string> tables;
    for (const InitialChange& change : time.initial) tables.push_back(text_of(change));
    write_tables("initial", tables);
    tables.clear();
    for (const physics::Drive& drive : time.drives) tables.push_back(text_of(drive));
    write_tables("drives", tables);
    tables.clear();
    for (const Vector3<double>& probe : time.probes) {
      std::vector<std::pair<const char*, std::string>> entries{{"x", toml_number(probe[0])}};
      if (dimensions_ > 1) entries.emplace_back("y", toml_number(probe[1]));
      if (dimensions_ > 2) entries.emplace_back("z", toml_number(probe[2]));
      tables.push_back(inline_table(entries));
    }
    write_tables("probes", tables);
    tables.clear();
    for (const LineCut& cut : time.cuts) {
      std::vector<std::pair<const char*, std::string>> entries{{"axis", toml_string(std::string(1, "xyz"[cut.axis]))}};
      for (std::size_t a = 0; a < dimensions_; ++a) {
        static constexpr std::array<const char*, 3> keys{"x", "y", "z"};
        if (a != cut.axis) entries.emplace_back(keys[a], toml_number(cut.place[a]));
      }
      tables.push_back(inline_table(entries));
    }
    write_tables("cuts", tables);
  }

  void write_body(const AtomsExperiment& atoms) {
    const physics::SpinModel& model = atoms.model;
    line("lattice", fmt::format("\"{}\"", physics::to_string(model.lattice)));
    line("constant", toml_number(model.constant), "m");
    line("size", fmt::format("[{}, {}, {}]", model.size[0], model.size[1], model.size[2]));
    line("open", model.open ? "true" : "false");
    line("concentration", toml_number(model.concentration));
    line("spin", toml_number(model.spin));
    line("gamma", toml_number(model.gamma), "rad s-1 T-1");
    line("coupling", inline_table(entries_of(model.coupling)));
    if (model.anisotropy.kind != physics::SpinAnisotropyKind::none)
      line("anisotropy", inline_table(entries_of(model.anisotropy)));
    line("samples", std::to_string(atoms.samples));
    line("minima", std::to_string(atoms.minima));
    line("spectrum", atoms.spectrum ? "true" : "false");
    line("seed", std::to_string(model.seed));
  }

  void write_experiment(const Experiment& experiment) {
    heading("[[experiments]]");
    line("name", toml_string(experiment.name));
    line("kind", fmt::format("\"{}\"", experiment.kind));
    std::visit([&](const auto& body) { write_body(body); }, experiment.body);
    if (experiment.sweep.empty()) return;
    text_ += "[experiments.sweep]\n";
    for (const SweepAxis& axis : experiment.sweep) {
      line(toml_string(axis.path), range(axis.values, axis.scale), axis.unit.c_str());
    }
  }

  std::string text_;
  std::size_t dimensions_ = 1;
};

}  // namespace

std::string to_toml(const Input& input, const std::string& header) {
  return TomlWriter(header).write(input);
}

}  // namespace vitrispin::io
