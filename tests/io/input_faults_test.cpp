#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>
#include <vector>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/io/input.hpp"

// Every key misspelled in turn, every unit wrong in turn, every number replaced by what is none: each fault must stand at
// its line and column, with the remedy. The files below use every key of the format.
namespace vitrispin::io {
namespace {

using testing::HasSubstr;

const std::string film = R"(title = "film"
[materials.glass]
kind = "spin-glass"
gamma = 1.76085963023e11
chi_M = 5e-3
chi_m = 1e-3
tau_ML = 1e-9
tau_mL = "1 ns"
tau_Mm = 1e-10
D = "0.1 cm2 s-1"
rho_s = 1e-12
K = "0.4 erg cm-3"
alpha = 1e-5
M0 = [0, 0, "2 emu cm-3"]
[materials.metal]
preset = "pt"
spin_hall_angle = 0.05
conductivity = "3 MS/m"
[[layers]]
name = "film"
material = "glass"
thickness = "200 nm"
cells = 400
[[layers]]
name = "detector"
material = "metal"
thickness = 5e-9
[interfaces]
"film|detector" = { conductance = "1200 m/s", mixing = "1e18 m-2" }
[boundary.left]
current = [0, 0, [1.0, 0.5]]
twist = [0, "1e-6 J/m2", 0]
[boundary.right]
conductance = 3e2
potential = [0, 0, "0.5 A/m"]
[field]
H = [0, 0, "1 kOe"]
[[experiments]]
name = "dispersion"
kind = "modes"
material = "glass"
k = { from = 1e6, to = "1e9 rad/m", points = 20, scale = "log" }
sigma = [-1, 0, 1]
[[experiments]]
name = "waves"
kind = "modes"
material = "glass"
omega = ["1e9 rad/s", 2e9]
[[experiments]]
name = "answer"
kind = "response"
material = "glass"
k = [1e7]
omega = [1e9]
[[experiments]]
name = "weak"
kind = "perturbation"
material = "glass"
omega = [1e9]
[[experiments]]
name = "ac"
kind = "harmonic"
frequency = ["1 GHz", 2e9]
profile_points = 11
sweep = { "layers.film.thickness" = { from = "5 nm", to = 1e-6, points = 4, scale = "log" } }
)";

const std::string other = R"([materials.glass]
chi_M = 5e-3
xi = 0.3
tau_ML = inf
tau_mL = 1e-9
tau_mM = "3e-11 s"
D = 1e-5
rho_s = 1e-12
K = 0.0
alpha = 0.0
[[layers]]
name = "film"
material = "glass"
thickness = 2e-7
[boundary.left]
closed = true
[boundary.right]
conductance = 0.0
mixing = 1e18
[field]
B = [0, 0, "35 mT"]
[[experiments]]
kind = "steady"
profile_points = 5
)";

std::vector<Fault> faults_of(const std::string& text) {
  try {
    parse_input(text, "f.toml");
  } catch (const InputError& error) {
    return error.faults();
  }
  return {};
}

std::string repeated(const std::string& word, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += word;
  return text;
}

struct Place {
  int line = 1;
  int column = 1;
};

Place place_at(const std::string& text, std::size_t offset) {
  Place place;
  for (std::size_t i = 0; i < offset; ++i) {
    ++place.column;
    if (text[i] == '\n') place = {place.line + 1, 1};
  }
  return place;
}

const Fault* fault_at(const std::vector<Fault>& faults, const Place& place) {
  for (const Fault& fault : faults) {
    if (fault.line == place.line && fault.column == place.column) return &fault;
  }
  return nullptr;
}

std::string all(const std::vector<Fault>& faults) {
  std::string text;
  for (const Fault& fault : faults) text += fault.text() + '\n';
  return text;
}

struct Token {
  std::size_t offset;
  std::string text;
  std::string key;  ///< the key on its left
};

std::vector<Token> tokens(const std::string& text, const std::regex& pattern) {
  static const std::regex key_pattern(R"((\w+)(?= = ))");
  std::vector<Token> found;
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) {
    const auto offset = static_cast<std::size_t>(it->position(1));
    const std::size_t line = text.rfind('\n', offset) == std::string::npos ? 0 : text.rfind('\n', offset) + 1;
    const std::string before = text.substr(line, offset - line);
    std::string key;
    for (std::sregex_iterator k(before.begin(), before.end(), key_pattern), none; k != none; ++k) key = (*k)[1];
    found.push_back({offset, (*it)[1], key});
  }
  return found;
}

std::string replaced(const std::string& text, const Token& token, const std::string& by) {
  return text.substr(0, token.offset) + by + text.substr(token.offset + token.text.size());
}

const std::regex keys_pattern(R"((?:^|\{ |, |\n)(\w+)(?= = ))");
const std::regex numbers_pattern(R"((?:= |\[|, )(-?\d[\d.]*(?:e[-+]?\d+)?)(?=[,\] \n]))");
const std::regex units_pattern(R"REGEX((?:= |\[|, )("-?[\d.]+(?:e[-+]?\d+)? [^"]+"))REGEX");

TEST(FaultsOfInput, TheFilesOfThisTestAreValid) {
  EXPECT_EQ(all(faults_of(film)), "");
  EXPECT_EQ(all(faults_of(other)), "");
}

TEST(FaultsOfInput, EveryMisspelledKeyIsFoundAtItsPlaceAndTheRightOneSuggested) {
  for (const std::string& text : {film, other}) {
    for (const Token& token : tokens(text, keys_pattern)) {
      const std::string& key = token.text;
      std::set<std::string> wrong{key + key.back(), key + "x"};
      if (key.size() > 2) {
        std::string swapped = key;
        std::swap(swapped[0], swapped[1]);
        wrong.insert(swapped);
        wrong.insert(key.substr(0, 1) + "q" + key.substr(2));
      }
      wrong.erase(key);
      for (const std::string& word : wrong) {
        const std::string bad = replaced(text, token, word);
        const std::vector<Fault> faults = faults_of(bad);
        const Fault* fault = fault_at(faults, place_at(bad, token.offset));
        ASSERT_NE(fault, nullptr) << word << " for " << key << "\n" << all(faults);
        EXPECT_THAT(fault->message, HasSubstr("unknown key " + word)) << all(faults);
        EXPECT_THAT(fault->message, HasSubstr("did you mean " + key + "?")) << all(faults);
      }
    }
  }
}

TEST(FaultsOfInput, EveryNumberReplacedByWhatIsNoneIsFoundAtItsPlace) {
  const std::set<std::string> ranges{"k", "omega", "frequency"};
  int tried = 0;
  for (const std::string& text : {film, other}) {
    for (const Token& token : tokens(text, numbers_pattern)) {
      for (const std::string value : {"nan", "1e400", "-1e400", "true", "\"oops\"", "[1, 2, 3]", "{}", "1979-05-27"}) {
        if (value == "[1, 2, 3]" && ranges.contains(token.key)) continue;
        const std::string bad = replaced(text, token, value);
        const std::vector<Fault> faults = faults_of(bad);
        EXPECT_NE(fault_at(faults, place_at(bad, token.offset)), nullptr)
            << token.key << ": " << value << " for " << token.text << "\n"
            << all(faults);
        ++tried;
      }
    }
  }
  EXPECT_GT(tried, 200);
}

TEST(FaultsOfInput, MinusOneIsFoundWhereverItIsNotAllowed) {
  const std::set<std::string> any_sign{"k", "omega", "from",    "to",        "sigma", "M0",
                                       "H", "B",     "current", "potential", "twist", "spin_hall_angle"};
  for (const std::string& text : {film, other}) {
    for (const Token& token : tokens(text, numbers_pattern)) {
      if (any_sign.contains(token.key)) continue;
      const std::string bad = replaced(text, token, "-1");
      const std::vector<Fault> faults = faults_of(bad);
      const Fault* fault = fault_at(faults, place_at(bad, token.offset));
      ASSERT_NE(fault, nullptr) << token.key << "\n" << all(faults);
      EXPECT_THAT(fault->message, HasSubstr("= -1")) << all(faults);
    }
  }
}

TEST(FaultsOfInput, EveryWrongUnitIsFoundAtItsPlaceWithBothUnits) {
  for (const std::string& text : {film, other}) {
    for (const Token& token : tokens(text, units_pattern)) {
      const std::string bad = replaced(text, token, "\"3 kg\"");
      const std::vector<Fault> faults = faults_of(bad);
      const Fault* fault = fault_at(faults, place_at(bad, token.offset));
      ASSERT_NE(fault, nullptr) << token.text << "\n" << all(faults);
      EXPECT_THAT(fault->message, HasSubstr("\"3 kg\" has the unit kg"));
      EXPECT_THAT(fault->message, HasSubstr("a unit like "));
      const std::string unknown = replaced(text, token, "\"3 blorps\"");
      EXPECT_NE(fault_at(faults_of(unknown), place_at(unknown, token.offset)), nullptr) << token.text;
    }
  }
}

TEST(FaultsOfInput, ASusceptibilityRatioOfOneOrMoreIsFoundAtItsValueBesideOtherFaults) {
  std::string text = film;
  text.replace(text.find("chi_m = 1e-3"), 12, "chi_m = 0.02");
  text.replace(text.find("K = \"0.4 erg cm-3\""), 18, "K = \"0.4 erg\"");
  const std::vector<Fault> faults = faults_of(text);
  ASSERT_EQ(faults.size(), 2u) << all(faults);
  EXPECT_EQ(faults[0].text(),
            "f.toml:6:9: chi_m = 0.02 must be below chi_M = 0.005: the free energy has no minimum otherwise (xi < 1)");
  EXPECT_EQ(faults[1].line, 12);
}

TEST(FaultsOfInput, WhatIsMissingIsReportedAtTheTablesHeader) {
  std::string text = film;
  text.replace(text.find("rho_s = 1e-12\n"), 14, "");
  text.replace(text.find("material = \"glass\"\nthickness"), 19, "");
  const std::vector<Fault> faults = faults_of(text);
  ASSERT_EQ(faults.size(), 2u) << all(faults);
  EXPECT_EQ(faults[0].line, 2);
  EXPECT_EQ(faults[0].column, 1);
  EXPECT_THAT(faults[0].message, HasSubstr("rho_s is missing"));
  EXPECT_EQ(faults[1].line, 18);
  EXPECT_THAT(faults[1].message, HasSubstr("material is missing"));
}

TEST(FaultsOfInput, RulesBetweenKeysAreKept) {
  const auto expect = [](const std::string& from, const std::string& to, const std::string& message) {
    std::string text = film;
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    EXPECT_THAT(all(faults_of(text)), HasSubstr(message)) << to;
  };
  expect("[0, 0, [1.0, 0.5]]", "[0, 0, 1]\nmixing = 1e18", "mixing needs a contact");
  expect("conductance = 3e2", "conductance = 3e2\nmixing = 1e18", "which layer detector (a metal) does not have");
  expect("current = [0, 0, [1.0, 0.5]]", "conductance = 1.0\nmixing = 1e18", "twist is prescribed");
  expect("current = [0, 0, [1.0, 0.5]]", "closed = true\ncurrent = [0, 0, 1]", "closed = true contradicts current");
  expect("H = [0, 0, \"1 kOe\"]", "H = [1, 0, 0]", "is not parallel to");
  expect("H = [0, 0, \"1 kOe\"]", "H = [0, 0, 1]\nB = [0, 0, 1]", "give one of the two");
  expect("omega = [\"1e9 rad/s\", 2e9]", "omega = [\"1 GHz\"]", "2 pi");
  expect("frequency = [\"1 GHz\", 2e9]", "frequency = [\"1e9 rad/s\"]", "2 pi");
  expect("omega = [\"1e9 rad/s\", 2e9]", "omega = [1e9]\nk = [1]", "omega beside k");
  expect("omega = [\"1e9 rad/s\", 2e9]\n", "", "k or omega is missing");
  expect("name = \"waves\"", "name = \"ac\"", "names must be unique");
  expect("name = \"detector\"", "name = \"film\"", "names must be unique");
  expect("kind = \"perturbation\"", "kind = \"fit\"", "it knows \"modes\"");
  expect("material = \"metal\"", "material = \"metall\"", "did you mean metal?");
  expect("\"film|detector\"", "\"detector|film\"", "named from left to right");
  expect("preset = \"pt\"", "preset = \"tp\"", "did you mean");
  expect("points = 20", "points = 2000000000", "must be a whole number from 2 to 1000000");
  expect("\"layers.film.thickness\"", "\"layers.flim.thickness\"", "did you mean film?");
  expect("\"layers.film.thickness\"", "\"materials.glass.M0\"", "M0.x, M0.y or M0.z");
  expect("{ from = \"5 nm\", to = 1e-6, points = 4, scale = \"log\" }", "[-1]", "must be positive");
  expect("sigma = [-1, 0, 1]", "sigma = [2]", "a helicity is -1, 0 or 1");
  expect("kind = \"harmonic\"\nfrequency = [\"1 GHz\", 2e9]", "kind = \"steady\"",
         "only a harmonic experiment has phases");
}

TEST(FaultsOfInput, SomeTextsThatOnceMightHaveCrashed) {
  std::string dots = "a";
  for (int i = 0; i < 200000; ++i) dots += ".a";
  for (const std::string& text : {std::string(),
                                  std::string("\xFF\xFE"),
                                  std::string(1000, '['),
                                  "x = " + std::string(100000, '['),
                                  dots + " = 1",
                                  "[" + dots + "]",
                                  std::string("a = \""),
                                  std::string("\0\0", 2),
                                  std::string("experiments = 1"),
                                  std::string("[[experiments]]\nkind = 3"),
                                  std::string("materials = []\nlayers = {}\nboundary = 1\nfield = 2"),
                                  std::string("[[materials]]\n[[interfaces]]\n[experiments]"),
                                  std::string("[[layers]]\n[[layers]]\n[interfaces]\n\"|\" = 1"),
                                  std::string("a = 1\na = 2"),
                                  std::string("[field\n"),
                                  std::string("[field]\nH \uFB06= 1"),
                                  "k = [" + repeated("1e400,", 5000) + "]",
                                  "a = { " + repeated("b = { ", 300),
                                  std::string("a.\"\n"),
                                  std::string("[materials.\"\\u0000\"]"),
                                  std::string("[[experiments]]\nkind='modes'\nk='1e999999999 m-1'")}) {
    const std::vector<Fault> faults = faults_of(text);
    EXPECT_FALSE(faults.empty()) << text.substr(0, 60);
  }
}

}  // namespace
}  // namespace vitrispin::io
