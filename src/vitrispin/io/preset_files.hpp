#pragma once

#include <string_view>
#include <vector>

namespace vitrispin::io {

struct PresetFile {
  std::string_view name;  ///< without `.toml`
  std::string_view text;
};

/// The files of materials/, in a source file that the build writes.
const std::vector<PresetFile>& preset_files();

}  // namespace vitrispin::io
