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

constexpr std::size_t line_width = 79;

std::string paragraph(const std::string& text, std::size_t indent) {
  std::string lines;
  for (const std::string& line : wrapped(text, line_width - indent)) lines += std::string(indent, ' ') + line + '\n';
  return lines;
}

std::string list_text() {
  constexpr std::size_t title_start = 26;
  std::string text = "Material presets; `vitrispin materials NAME` shows the source of each number.\n\n";
  for (const std::string& name : io::preset_names()) {
    const io::Preset* preset = io::find_preset(name);
    text += "  " + padded(name, 11) + padded(physics::to_string(preset->specification.kind), 13) +
            paragraph(preset->title, title_start).substr(title_start);
  }
  return text;
}

std::string numbers_text(const io::Preset& preset) {
  constexpr std::size_t key_width = 17;
  constexpr std::size_t value_width = 22;
  std::string text = "  " + padded("key", key_width) + padded("value", value_width) + "standing, and source below\n";
  for (const io::PresetNumber& number : preset.numbers) {
    text += "  " + padded(number.key, key_width) + padded(io::engineering(number.value, number.unit), value_width) +
            number.provenance.standing + '\n';
    text += paragraph(number.provenance.source, 2 + key_width);
  }
  return text;
}

std::string preset_text(const io::Preset& preset) {
  std::string text = paragraph(
      fmt::format("{}: {} ({})", preset.name, preset.title, physics::to_string(preset.specification.kind)), 0);
  text += '\n' + paragraph(preset.summary, 0) + '\n' + numbers_text(preset);
  constexpr std::size_t scale_width = 17;
  constexpr std::size_t value_width = 22;
  constexpr std::size_t meaning_start = 2 + scale_width + value_width;
  const physics::MaterialBuild build = physics::build_material(preset.specification);
  if (build.violations.empty()) {
    text += "\nWhat follows, without a field:\n";
    for (const io::NamedNumber& scale : io::derived_scales(build.material, {})) {
      text += "  " + padded(scale.symbol, scale_width) + padded(io::engineering(scale.value, scale.unit), value_width) +
              paragraph(scale.meaning, meaning_start).substr(meaning_start);
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
