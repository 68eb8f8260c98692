#pragma once

#include <string>
#include <vector>

#include "vitrispin/io/input.hpp"

/// Materials that come with the program: the files materials/*.toml, embedded at build time.
namespace vitrispin::io {

struct PresetNumber {
  std::string key;  ///< chi_M, tau_ML, ...
  double value = 0;
  std::string unit;  ///< UDUNITS spelling of the SI unit; "1" for pure numbers
  Provenance provenance;
};

struct Preset {
  std::string name;
  std::string title;    ///< "Amorphous yttrium iron garnet, sputtered film"
  std::string summary;  ///< what it stands for, and what is contested
  physics::MaterialSpecification specification;
  std::vector<PresetNumber> numbers;  ///< in the order of the file
  std::vector<std::string> references;
};

/// In the order in which `vitrispin materials` lists them: glasses, metals, ferromagnets.
const std::vector<std::string>& preset_names();

/// nullptr if there is none of that name. Read once; later calls return the same object. Safe from any thread.
const Preset* find_preset(const std::string& name);

/// Reads the text of a preset file; throws InputError. `name` becomes the preset's.
Preset read_preset(const std::string& text, const std::string& file, const std::string& name);

}  // namespace vitrispin::io
