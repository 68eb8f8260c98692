#pragma once

#include <cmath>
#include <limits>

#include "vitrispin/io/record.hpp"

/// A record with one quantity of every sort, for the tests of files. `shift` makes sweep points differ.
inline vitrispin::io::Record sample_record(double shift = 0) {
  using namespace vitrispin::io;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  Record record;
  record.add_dimension({"k", 2, {1e6, 2.5e6}, {}, "rad m-1", "Wave number", true, false});
  record.add_dimension({"component", 3, {}, {"x", "y", "z"}, "", "Component", false, false});
  record.add_dimension({"sigma", 3, {-1, 0, 1}, {}, "1", "Helicity", false, false});
  record.add({"material", {}, TextArray{{"glass"}}, "1", "Material", "", true, true, ""});
  record.add(
      {"decay", {"k"}, RealArray{{1.0 / 3 + shift, nan}}, "m", "Decay length", "nothing relaxes", true, true, ""});
  record.add({"omega",
              {"sigma", "k"},
              ComplexArray{{{1, -2}, {3, -4}, {5, -6 - shift}, {0.1, 0}, {-1e-300, 7}, {1e300, 8}}},
              "rad s-1",
              "Angular frequency",
              "",
              true,
              true,
              ""});
  record.add({"label", {"k"}, TextArray{{"spin-wave", "diffusive"}}, "1", "Kind of mode", "", true, true, ""});
  record.add({"valid", {"k"}, FlagArray{{1, 0}}, "1", "Perturbation theory holds", "", true, true, ""});
  record.add({"branch", {"k"}, IntegerArray{{0, 9007199254740993}}, "1", "Number of the branch", "", true, true, ""});
  record.add({"current",
              {"component"},
              RealArray{{0, 0, 2 + shift}},
              "A s-1",
              "Current",
              "",
              true,
              true,
              "interface_current.a|b"});
  record.add({"profile", {"k"}, RealArray{{7, 8}}, "A m-1", "Profile", "", false, true, ""});
  record.extras.emplace_back("exceptional_points", R"([{"k": 1.5}])");
  return record;
}
