#include <fmt/format.h>

#include "vitrispin/app/commands.hpp"
#include "vitrispin/app/text_layout.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/io/number_text.hpp"
#include "vitrispin/io/parameters.hpp"
#include "vitrispin/io/preset.hpp"
#include "vitrispin/physics/material_build.hpp"

namespace vitrispin::app {
namespace {

constexpr std::size_t line_width = 100;

std::string list_text() {
  std::string text = "Material presets; `vitrispin materials NAME` shows each number with its source and standing.\n\n";
  for (const std::string& name : io::preset_names()) {
    const io::Preset* preset = io::find_preset(name);
    text += fmt::format("  {}{}{}\n", padded(name, 14), padded(physics::to_string(preset->specification.kind), 14),
                        preset->title);
  }
  return text;
}

std::string paragraph(const std::string& text, std::size_t indent) {
  std::string lines;
  for (const std::string& line : wrapped(text, line_width - indent)) lines += std::string(indent, ' ') + line + '\n';
  return lines;
}

std::string numbers_text(const io::Preset& preset) {
  constexpr std::size_t key_width = 17;
  constexpr std::size_t value_width = 22;
  constexpr std::size_t standing_width = 11;
  constexpr std::size_t source_start = 2 + key_width + value_width + standing_width;
  std::string text =
      "  " + padded("key", key_width) + padded("value", value_width) + padded("standing", standing_width) + "source\n";
  for (const io::PresetNumber& number : preset.numbers) {
    text += "  " + padded(number.key, key_width) + padded(io::engineering(number.value, number.unit), value_width) +
            padded(number.provenance.standing, standing_width);
    bool first = true;
    for (const std::string& line : wrapped(number.provenance.source, line_width - source_start)) {
      if (!first) text += std::string(source_start, ' ');
      text += line + '\n';
      first = false;
    }
    if (first) text += '\n';
  }
  return text;
}

std::string preset_text(const io::Preset& preset) {
  std::string text =
      fmt::format("{}: {} ({})\n\n", preset.name, preset.title, physics::to_string(preset.specification.kind));
  text += paragraph(preset.summary, 0) + '\n' + numbers_text(preset);
  const physics::MaterialBuild build = physics::build_material(preset.specification);
  if (build.violations.empty()) {
    text += "\nWhat follows, without a field:\n";
    for (const io::NamedNumber& scale : io::derived_scales(build.material, {})) {
      text +=
          "  " + padded(scale.symbol, 17) + padded(io::engineering(scale.value, scale.unit), 22) + scale.meaning + '\n';
    }
  }
  if (!preset.references.empty()) text += "\nReferences:\n";
  for (const std::string& reference : preset.references) text += paragraph("- " + reference, 2);
  return text;
}

}  // namespace

int materials_command(const std::string& name) {
  if (name.empty()) {
    print(list_text());
    return 0;
  }
  const io::Preset* preset = io::find_preset(name);
  if (preset == nullptr) {
    std::string known;
    for (const std::string& other : io::preset_names()) known += (known.empty() ? "" : ", ") + other;
    throw InputError(fmt::format("there is no material preset {}; choose {}", name, known));
  }
  print(preset_text(*preset));
  return 0;
}

}  // namespace vitrispin::app
