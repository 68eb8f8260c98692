#include "vitrispin/io/preset.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/io/preset_files.hpp"
#include "vitrispin/physics/characteristic.hpp"

namespace vitrispin::io {
namespace {

TEST(Presets, AllFilesAreListedAndAllListedAreThere) {
  EXPECT_EQ(preset_files().size(), preset_names().size());
  for (const std::string& name : preset_names()) EXPECT_NE(find_preset(name), nullptr) << name;
  EXPECT_EQ(find_preset("unobtainium"), nullptr);
}

TEST(Presets, EveryNumberHasUnitStandingAndSource) {
  for (const std::string& name : preset_names()) {
    const Preset& preset = *find_preset(name);
    EXPECT_TRUE(physics::build_material(preset.specification).violations.empty()) << name;
    EXPECT_GT(preset.summary.size(), 60u) << name;
    EXPECT_FALSE(preset.references.empty()) << name;
    for (const PresetNumber& number : preset.numbers) {
      EXPECT_FALSE(number.unit.empty()) << name << " " << number.key;
      EXPECT_FALSE(number.provenance.standing.empty()) << name << " " << number.key;
      EXPECT_GT(number.provenance.source.size(), 40u) << name << " " << number.key;  // a sentence, not a word
    }
  }
}

TEST(Presets, CopperManganeseResonatesWhereItsNumbersSay) {
  // Eq. (38); 4.3 GHz is derived in the preset's summary from the same numbers, to two digits.
  const auto material = physics::make_material(find_preset("cumn-1pct")->specification);
  EXPECT_NEAR(physics::anisotropy_frequency(material) / (2 * constants::pi), 4.3e9, 0.05e9);
}

TEST(Presets, MetalsHaveTheirMeasuredDiffusionLengths) {
  // lambda = sqrt(D tau); the files give D and tau to two digits.
  EXPECT_NEAR(physics::decay_length(physics::make_material(find_preset("pt")->specification), 0), 1.4e-9, 0.03e-9);
  EXPECT_NEAR(physics::decay_length(physics::make_material(find_preset("cu")->specification), 0), 200e-9, 5e-9);
  EXPECT_NEAR(physics::decay_length(physics::make_material(find_preset("py")->specification), 0), 5e-9, 0.1e-9);
}

TEST(Presets, ADamagedFileIsRefusedWithItsPlace) {
  const std::string text(preset_files().front().text);
  EXPECT_NO_THROW(read_preset(text, "p.toml", "p"));
  for (const auto& [from, to] : {std::pair<const char*, const char*>{"standing", "standig"},
                                 {"[numbers.D]", "[numbers.E]"},
                                 {"unit = \"s\"", "unit = \"m\""},
                                 {"value = 0.014", "value = -1"}}) {
    std::string damaged = text;
    const std::size_t at = damaged.find(from);
    if (at == std::string::npos) continue;
    damaged.replace(at, std::string(from).size(), to);
    EXPECT_THROW(read_preset(damaged, "p.toml", "p"), InputError) << to;
  }
}

}  // namespace
}  // namespace vitrispin::io
