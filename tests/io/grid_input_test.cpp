#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/io/input.hpp"

namespace vitrispin::io {
namespace {

using testing::HasSubstr;

/// Every key of two and three dimensions but those of labels.
const std::string good = R"([materials.glass]
preset = "ayig"
[materials.pt]
preset = "pt"
[[layers]]
name = "film"
material = "glass"
thickness = "40 nm"
cells = 20
[grid.y]
length = "600 nm"
cells = 120
periodic = true
ratio = 1.0
[grid.z]
length = "100 nm"
cells = 10
ratio = 2.5
[[regions]]
name = "strip"
material = "pt"
shape = "box"
x = ["-10 nm", "0 nm"]
y = ["100 nm", "150 nm"]
cells = 8
[[regions]]
name = "pillar"
material = "vacuum"
shape = "cylinder"
axis = "x"
center = ["300 nm", "50 nm"]
radius = "25 nm"
[interfaces]
"film|strip" = { conductance = "1e3 m/s" }
[boundary.top]
conductance = "5 m/s"
potential = ["1 A/m", "2 A/m", "3 A/m"]
[[boundary.patches]]
name = "source"
face = "left"
y = ["100 nm", "150 nm"]
current = ["0 A/s", "0 A/s", "1 A/s"]
[[experiments]]
kind = "time"
duration = "2 ns"
output = { from = 0, to = "2 ns", points = 5 }
snapshots = ["0 ns", "1 ns"]
vtk = true
petsc = "-ksp_monitor"
initial = { field = "m", shape = "gaussian", center = ["20 nm", "300 nm", "50 nm"], width = "20 nm", amplitude = "1 A/m" }
probes = [{ x = "-5 nm", y = "120 nm", z = "50 nm" }]
drives = [{ target = "boundary.source.current", shape = "sine", amplitude = "1 A/s", frequency = "1 GHz" }]
)";

std::vector<Fault> faults_of(const std::string& text) {
  try {
    parse_input(text, "g.toml");
  } catch (const InputError& error) {
    return error.faults();
  }
  return {};
}

std::string replaced(std::string text, const std::string& part, const std::string& by) {
  const std::size_t at = text.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  return text.replace(at, part.size(), by);
}

std::string messages(const std::string& text) {
  std::string all;
  for (const Fault& fault : faults_of(text)) all += fmt::format("{}:{}: {}\n", fault.line, fault.column, fault.message);
  return all;
}

std::pair<int, int> place_of(const std::string& text, std::size_t offset) {
  const auto begin = text.begin();
  const auto at = begin + static_cast<std::ptrdiff_t>(offset);
  const std::size_t line_begin = text.rfind('\n', offset - 1) + 1;
  return {static_cast<int>(std::count(begin, at, '\n')) + 1, static_cast<int>(offset - line_begin) + 1};
}

bool has_fault_at(const std::string& text, std::size_t offset, const std::string& said) {
  for (const Fault& fault : faults_of(text)) {
    if (std::pair(fault.line, fault.column) == place_of(text, offset) && fault.message.find(said) != std::string::npos)
      return true;
  }
  return false;
}

TEST(GridInput, HoldsWhatTheFileSays) {
  const Input input = parse_input(good, "g.toml");
  const physics::Geometry& geometry = input.geometry;
  EXPECT_EQ(geometry.dimensions(), 3u);
  EXPECT_EQ(geometry.y.length, 6e-7);
  EXPECT_TRUE(geometry.y.periodic);
  EXPECT_EQ(geometry.z.ratio, 2.5);
  ASSERT_EQ(geometry.regions.size(), 2u);
  EXPECT_EQ(geometry.regions[0].ranges[0].from, -1e-8);
  EXPECT_EQ(geometry.regions[0].cells, 8);
  EXPECT_EQ(geometry.regions[0].material.kind, physics::MaterialKind::metal);
  EXPECT_TRUE(geometry.regions[1].is_vacuum());
  EXPECT_EQ(geometry.regions[1].radius, 2.5e-8);
  ASSERT_EQ(geometry.interfaces.size(), 1u);
  EXPECT_EQ(geometry.interfaces[0].interface.conductance, 1000);
  EXPECT_EQ(geometry.faces[3].conductance, 5);  // front, back, bottom, top
  ASSERT_EQ(geometry.patches.size(), 1u);
  EXPECT_EQ(geometry.patches[0].boundary.current[2].real(), 1);
  const auto& time = std::get<TimeExperiment>(input.experiments[0].body);
  EXPECT_EQ(time.snapshots, (std::vector<double>{0, 1e-9}));
  EXPECT_EQ(time.initial[0].directions, 3u);
  EXPECT_EQ(time.probes[0][0], -5e-9);
  EXPECT_EQ(time.drives[0].face, "source");
}

TEST(GridInput, TheResolvedFileReadsBackToTheSame) {
  const std::string once = to_toml(parse_input(good, "g.toml"), "header");
  EXPECT_EQ(to_toml(parse_input(once, "g.toml"), "header"), once);
}

TEST(GridInput, EveryMisspelledKeyIsNamedWithItsPlaceAndTheRightOne) {
  const std::regex key(R"((^|\{ |, )(\w+) = )", std::regex::multiline);
  std::size_t count = 0;
  for (std::sregex_iterator at(good.begin(), good.end(), key), end; at != end; ++at) {
    std::string bad = good;
    const auto begin = static_cast<std::size_t>(at->position(2));
    bad.insert(begin + static_cast<std::size_t>(at->length(2)), "q");
    EXPECT_TRUE(has_fault_at(bad, begin, "did you mean")) << at->str() << '\n' << messages(bad);
    ++count;
  }
  EXPECT_EQ(count, 56u) << "a key is not recognised as such";
}

TEST(GridInput, EveryBadNumberIsNamedWithItsPlace) {
  const std::regex number(R"re("-?[\d.e]+ [^"]*"|[= ]\d[\d.e-]*(?=\n))re");
  std::size_t count = 0;
  for (std::sregex_iterator at(good.begin(), good.end(), number), end; at != end; ++at) {
    const bool bare = at->str().front() != '"';
    const auto begin = static_cast<std::size_t>(at->position()) + (bare ? 1 : 0);
    const auto length = static_cast<std::size_t>(at->length()) - (bare ? 1 : 0);
    for (const char* value : {"nan", "1e400", "inf", "\"oops\"", "\"1 kg\"", "true", "{}"}) {
      const bool may_be_infinite = good.substr(begin - 14, 14) == "conductance = ";
      if (may_be_infinite && std::string(value) == "inf") continue;
      std::string bad = good;
      bad.replace(begin, length, value);
      EXPECT_TRUE(has_fault_at(bad, begin, "")) << value << " for " << at->str() << '\n' << messages(bad);
    }
    ++count;
  }
  EXPECT_GE(count, 30u) << "a number is not recognised as such";
}

TEST(GridInput, RulesBetweenTheParts) {
  const struct {
    const char *part, *by, *said;
  } cases[] = {
      {"[grid.y]\nlength = \"600 nm\"\ncells = 120\nperiodic = true\nratio = 1.0\n", "", "[grid.z] needs [grid.y]"},
      {"material = \"vacuum\"", "material = \"gass\"", "did you mean glass?"},
      {"name = \"pillar\"", "name = \"film\"", "taken by another layer"},
      {"name = \"pillar\"", "name = \"strip\"", "taken by another region"},
      {"y = [\"100 nm\", \"150 nm\"]\ncells", "y = [\"150 nm\", \"100 nm\"]\ncells", "must ascend"},
      {"y = [\"100 nm\", \"150 nm\"]\ncells", "y = [\"100 nm\", \"100.1 nm\"]\ncells", "covers no cell"},
      {"y = [\"100 nm\", \"150 nm\"]\ncells", "y = [\"500 nm\", \"700 nm\"]\ncells", "outside of the box"},
      {"y = [\"100 nm\", \"150 nm\"]\ncells", "y = [1]\ncells", "a list of 2 numbers"},
      {"shape = \"box\"", "shape = \"cylinder\"", "axis is missing"},
      {"shape = \"box\"", "shape = \"labels\"", "file is missing"},
      {"shape = \"cylinder\"", "shape = \"box\"", "axis has no meaning"},
      {"radius = \"25 nm\"", "radius = \"1 pm\"", "no cell's centre"},
      {"\"film|strip\"", "\"film|stripe\"", "did you mean strip?"},
      {"\"film|strip\" = {", "\"strip|film\" = {}\n\"film|strip\" = {", "given twice"},
      {"{ conductance = \"1e3 m/s\" }", "{ mixing = 1e18 }", "belongs to one dimension"},
      {"[boundary.top]", "[boundary.back]", "y is periodic"},
      {"face = \"left\"", "face = \"front\"", "has no meaning"},
      {"face = \"left\"", "face = \"lefft\"", "did you mean left?"},
      {"y = [\"100 nm\", \"150 nm\"]\ncurrent", "x = [0, 1]\ncurrent", "which lies across x"},
      {"y = [\"100 nm\", \"150 nm\"]\ncurrent", "y = [\"100 nm\", \"101 nm\"]\ncurrent", "covers no cell"},
      {"boundary.source.current", "boundary.source.potential", "gives no conductance"},
      {"boundary.source.current", "boundary.sourse.current", "did you mean boundary.source.current?"},
      {", z = \"50 nm\" }]", " }]", "z is missing"},
      {"x = \"-5 nm\", y", "x = \"-15 nm\", y", "outside the box"},
      {"snapshots = [\"0 ns\", \"1 ns\"]", "snapshots = [0, \"1.1 ns\"]", "none of the output times"},
      {"thickness = \"40 nm\"\ncells = 20\n", "thickness = \"40 nm\"\n", "cells is missing"},
      {"cells = 120", "cells = 1e6", "whole number"},
      {"cells = 120\n", "cells = 1000000\n", "the grid would have"},
  };
  for (const auto& rule : cases) {
    std::string text = replaced(good, rule.part, rule.by);
    if (std::string(rule.said) == "the grid would have") text = replaced(text, "cells = 10\n", "cells = 1000000\n");
    EXPECT_THAT(messages(text), HasSubstr(rule.said)) << rule.by;
  }
}

TEST(GridInput, WhatBelongsToTwoDimensionsIsRefusedInOne) {
  const std::string line = R"([materials.glass]
preset = "ayig"
[[layers]]
name = "film"
material = "glass"
thickness = "40 nm"
cells = 20
[[experiments]]
kind = "time"
duration = "1 ns"
)";
  EXPECT_EQ(messages(line), "");
  EXPECT_THAT(messages(line + "vtk = true\n"), HasSubstr("vtk has no meaning in one dimension"));
  EXPECT_THAT(messages(line + "probes = [{ x = 0, y = 0 }]\n"), HasSubstr("the file has no [grid.y]"));
  EXPECT_THAT(messages(line + "[[regions]]\nname = \"a\"\nmaterial = \"glass\"\n"), HasSubstr("add [grid.y]"));
  EXPECT_THAT(messages(line + "[[boundary.patches]]\nface = \"left\"\n"), HasSubstr("add [grid.y]"));
  EXPECT_THAT(messages(line + "[boundary.front]\nclosed = true\n"), HasSubstr("the file has no [grid.y]"));
  EXPECT_THAT(messages(line + "initial = { field = \"m\", center = [0, 0], width = 1, amplitude = 1 }\n"),
              HasSubstr("center has 2 numbers, but the file has 1 dimension"));
}

TEST(GridInput, WarnsOfWhatMayNotBeMeant) {
  const auto warnings = [](const std::string& text) {
    std::string all;
    for (const std::string& warning : parse_input(text, "g.toml").warnings) all += warning + '\n';
    return all;
  };
  EXPECT_EQ(warnings(good), "");
  EXPECT_THAT(warnings(replaced(good, "\"150 nm\"]\ncells", "\"152 nm\"]\ncells")),
              HasSubstr("region strip does not end on faces of the grid: its ends are moved by up to 2 nm"));
  EXPECT_THAT(warnings(replaced(good, "\"150 nm\"]\ncurrent", "\"149 nm\"]\ncurrent")),
              HasSubstr("patch source does not end"));
  EXPECT_THAT(warnings(good + "[[regions]]\nname = \"cover\"\nmaterial = \"glass\"\n"),
              HasSubstr("region strip is hidden by cover"));
  EXPECT_THAT(warnings(good + "[[experiments]]\nkind = \"steady\"\n"), HasSubstr("it sees the layers along x alone"));
}

TEST(GridInput, ASweepReachesTheNewNumbers) {
  const Input input = parse_input(good, "g.toml");
  EXPECT_EQ(with_value(input, "grid.y.length", 3e-7).geometry.y.length, 3e-7);
  EXPECT_EQ(with_value(input, "interfaces.film|strip.conductance", 7).geometry.interfaces[0].interface.conductance, 7);
  EXPECT_EQ(with_value(input, "boundary.source.current.x", 2).geometry.patches[0].boundary.current[0].real(), 2);
  EXPECT_EQ(with_value(input, "boundary.top.conductance", 2).geometry.faces[3].conductance, 2);
  EXPECT_EQ(with_value(input, "materials.pt.D", 1).geometry.regions[0].material.diffusivity, 1);
  EXPECT_THROW(with_value(input, "grid.y.length", 1e-7), InputError);  // the strip is outside then
  EXPECT_THROW(with_value(input, "grid.y.cells", 7), InputError);
  EXPECT_THROW(with_value(input, "regions.strip.x", 7), InputError);
  EXPECT_THROW(with_value(input, "boundary.nothing.current.x", 7), InputError);
}

TEST(GridInput, LabelsComeFromAFileBesideTheInput) {
  const std::string folder = testing::TempDir();
  const std::string input_file = folder + "labels_input.toml";
  std::ofstream(folder + "labels.txt") << "0 1\n1, 1\n0;0 2 0\n";
  const std::string region =
      "[[regions]]\nname = \"grain\"\nmaterial = \"pt\"\nshape = \"labels\"\nfile = \"labels.txt\"\nsize = [2, 2, 2]\n";
  const Input input = parse_input(good + region, input_file);
  EXPECT_EQ(input.geometry.regions[2].labels, (std::vector<int>{0, 1, 1, 1, 0, 0, 2, 0}));
  EXPECT_EQ(input.geometry.regions[2].label, 1);
  // The resolved file stands elsewhere and still finds the labels.
  EXPECT_EQ(parse_input(to_toml(input, ""), "/elsewhere.toml").geometry.regions[2].labels.size(), 8u);
  const auto refused = [&](const std::string& part, const std::string& by, const std::string& said) {
    std::string shown;
    try {
      parse_input(good + replaced(region, part, by), input_file);
    } catch (const InputError& error) {
      for (const Fault& fault : error.faults()) shown += fault.text() + '\n';
    }
    EXPECT_THAT(shown, HasSubstr(said));
  };
  refused("[2, 2, 2]", "[2, 2, 3]", "size asks for 12 numbers, but labels.txt has 8");
  refused("[2, 2, 2]", "[2, 2]", "a list of 3 numbers");
  refused("labels.txt", "nothing.txt", "there is no such file");
  refused("labels.txt", ".", "is not a file");
  refused("labels.txt\"", "labels.txt\"\nlabel = 5", "no number of the file that a cell takes is 5");
  std::ofstream(folder + "labels.txt") << "0 1 a";
  refused("[2, 2, 2]", "[2, 2, 2]", "number 3");
}

}  // namespace
}  // namespace vitrispin::io
