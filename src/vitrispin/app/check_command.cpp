#include <fmt/format.h>

#include "vitrispin/app/commands.hpp"
#include "vitrispin/app/experiments.hpp"
#include "vitrispin/app/initial_file.hpp"
#include "vitrispin/app/terminal.hpp"
#include "vitrispin/app/text_layout.hpp"
#include "vitrispin/app/version.hpp"
#include "vitrispin/io/input.hpp"
#include "vitrispin/io/number_text.hpp"
#include "vitrispin/io/parameters.hpp"

namespace vitrispin::app {
namespace {

std::string scales_text(const io::NamedMaterial& material, const Vector3<double>& H) {
  std::string text = fmt::format("# {}: {}{}\n", material.name, physics::to_string(material.material.kind),
                                 material.preset.empty() ? "" : ", from preset " + material.preset);
  if (!material.taken.empty()) {
    std::string keys;
    for (const std::string& key : material.taken) keys += (keys.empty() ? "" : ", ") + key;
    return text +
           fmt::format("#   {} are computed by experiment {}; scales follow from them\n#\n", keys, material.from);
  }
  for (const io::NamedNumber& scale : io::derived_scales(material.material, H)) {
    text += fmt::format("#   {}{}{}\n", padded(scale.symbol, 16), padded(io::engineering(scale.value, scale.unit), 24),
                        scale.meaning);
  }
  for (const std::string& hint : io::regime_hints(material.material, H)) text += "#   " + hint + '\n';
  return text + "#\n";
}

}  // namespace

int check_command(const std::string& file) {
  const io::Input input = io::read_input(file);
  check_starting_states(input);
  std::string text = io::to_toml(input, fmt::format("Resolved input of vitrispin {}, commit {}, {}.", version(),
                                                    source_commit(), build_description()));
  text += "\n# What follows from the materials:\n#\n";
  for (const io::NamedMaterial& material : input.materials) text += scales_text(material, input.stack.H);
  const std::size_t count = input.experiments.size();
  text += fmt::format("# {} is valid: {} experiment{}.\n", file, count, count == 1 ? "" : "s");
  print(text);
  for (const std::string& warning : input.warnings) show_warning(warning);
  return 0;
}

}  // namespace vitrispin::app
