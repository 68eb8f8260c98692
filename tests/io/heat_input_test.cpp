// What files say of heat: read, written and read again, and refused with places.
#include <gtest/gtest.h>

#include <algorithm>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/io/input.hpp"

namespace vitrispin::io {
namespace {

const std::string good = R"([materials.glass]
preset = "cumn-1pct"
C = "3e3 J m-3 K-1"
kappa = "3 W/m/K"
[materials.glass.table]
T = [2, 4, 10]
K = ["1000 erg cm-3", 90, 50]
tau_ML = [1e-9, inf, inf]
[materials.copper]
preset = "cu"
C = 800
[[layers]]
name = "injector"
material = "copper"
thickness = "40 nm"
cells = 20
[[layers]]
name = "film"
material = "glass"
thickness = "200 nm"
cells = 100
[interfaces]
"injector|film" = { conductance = "1e4 m/s", thermal_conductance = "1e8 W m-2 K-1" }
[boundary.left]
current = [0, 0, 1.0]
temperature = "4 K"
[boundary.right]
closed = true
temperature = 4.5
thermal_conductance = 2e5
[[experiments]]
name = "warm"
kind = "time"
duration = "4 ns"
heat = { temperature = "4 K" }
)";

std::string changed(const std::string& from, const std::string& to) {
  std::string text = good;
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::vector<Fault> faults_of(const std::string& text) {
  try {
    parse_input(text, "f.toml");
  } catch (const InputError& error) {
    return error.faults();
  }
  return {};
}

TEST(HeatInput, IsReadAndReadsBackFromWhatIsResolved) {
  const Input read = parse_input(good, "f.toml");
  for (const Input& input : {read, parse_input(to_toml(read, ""), "g.toml")}) {
    const auto& time = std::get<TimeExperiment>(input.experiments[0].body);
    EXPECT_EQ(time.temperature, 4.0);
    const physics::Layer& film = input.stack.layers[1];
    EXPECT_EQ(film.material.heat_capacity, 3e3);
    EXPECT_EQ(film.material.thermal_conductivity, 3.0);
    EXPECT_EQ(input.stack.layers[0].material.thermal_conductivity, 0.0);
    ASSERT_NE(film.table, nullptr);
    EXPECT_EQ(input.stack.layers[0].table, nullptr);
    EXPECT_DOUBLE_EQ(film.table->at(3).anisotropy, 95);
    EXPECT_EQ(film.table->at(3).damping, film.material.damping);  // what the table leaves out
    EXPECT_EQ(input.stack.interfaces[0].thermal_conductance, 1e8);
    EXPECT_EQ(input.stack.left.thermal_conductance, physics::perfect);
    EXPECT_EQ(input.stack.left.temperature, 4.0);
    EXPECT_EQ(input.stack.right.thermal_conductance, 2e5);
  }
}

TEST(HeatInput, SweepsReachBathsInterfacesAndWhatTheTableLeavesOut) {
  const Input read = parse_input(good, "f.toml");
  EXPECT_EQ(with_value(read, "boundary.right.temperature", 6).stack.right.temperature, 6);
  EXPECT_EQ(with_value(read, "interfaces.injector|film.thermal_conductance", 7).stack.interfaces[0].thermal_conductance,
            7);
  const Input damped = with_value(read, "materials.glass.alpha", 1e-6);
  EXPECT_EQ(damped.stack.layers[1].table->at(3).damping, 1e-6);
  EXPECT_THROW(with_value(parse_input(changed("temperature = 4.5\nthermal_conductance = 2e5\n", ""), "f.toml"),
                          "boundary.right.temperature", 6),
               InputError);
}

TEST(HeatInput, FaultsAreToldAtTheirPlaces) {
  struct Case {
    std::string text, message;
    int line;
  };
  const std::vector<Case> cases{
      {changed("T = [2, 4, 10]", "T = [2, 4, 3]"), "each above the one before", 6},
      {changed("T = [2, 4, 10]", "T = [2, 10]"), "K has 3 values, but T has 2", 7},
      {changed("K = [\"1000 erg cm-3\", 90, 50]", "chi_m = [1e-5, 1, 1e-5]"),
       "at T = 4 K: chi_m = 1 must be below chi_M", 7},
      {changed("K = [\"1000 erg cm-3\", 90, 50]\ntau_ML = [1e-9, inf, inf]\n", ""), "has no parameter beside T", 6},
      {changed("C = 800\n", ""), "C is missing in material copper", 9},
      {changed("C = 800\n", "C = 0\n"), "must be positive", 11},
      {changed("heat = { temperature = \"4 K\" }", "heat = { temperature = \"1 K\" }"),
       "outside the table of material glass, which goes from 2 to 10 K", 35},
      {changed("heat = { temperature = \"4 K\" }", "heat = { temperature = \"4 m\" }"), "K", 35},
      {changed("heat = { temperature = \"4 K\" }", "method = \"exact\"\nheat = { temperature = \"4 K\" }"),
       "heat has no meaning for method = \"exact\"", 36},
      {changed("temperature = 4.5\n", ""), "thermal_conductance belongs to a bath", 29},
  };
  for (const Case& one : cases) {
    const std::vector<Fault> faults = faults_of(one.text);
    const auto found = std::find_if(faults.begin(), faults.end(), [&](const Fault& fault) {
      return fault.message.find(one.message) != std::string::npos;
    });
    ASSERT_NE(found, faults.end()) << one.message << (faults.empty() ? "" : faults[0].message);
    EXPECT_EQ(found->line, one.line) << one.message;
  }
}

}  // namespace
}  // namespace vitrispin::io
