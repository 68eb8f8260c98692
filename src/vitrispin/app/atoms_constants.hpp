#pragma once

#include <functional>
#include <string>
#include <vector>

#include "vitrispin/io/input.hpp"
#include "vitrispin/io/record.hpp"

/// Materials that take their constants from experiments on atoms, and the errors that films have by them.
namespace vitrispin::app {

/// An input with the computed constants put in, and the same with each sample of an experiment on atoms left out in turn.
struct ComputedInput {
  io::Input input;
  struct LeftOut {
    std::string experiment;              ///< on atoms
    std::vector<std::string> materials;  ///< that take from it
    std::vector<io::Input> inputs;       ///< one for each of its samples; empty: no error
    std::string problem{};               ///< why it is empty
  };
  std::vector<LeftOut> left_out;
};

/// `record_of` gives the results of an experiment on atoms.
/// Errors  InputError if a computed constant breaks a rule
ComputedInput with_computed_constants(const io::Input& input,
                                      const std::function<const io::Record&(const std::string&)>& record_of);

/// Beside each number of `record` its standard error, NAME_sem, from runs with one sample left out in turn:
/// sem^2 = (n - 1)/n sum (x_i - mean)^2. Experiments that use none of the materials, and those on grids, have none.
void add_errors(io::Record& record, const io::Experiment& experiment, const ComputedInput& computed,
                const std::function<io::Record(const io::Input&)>& run);

}  // namespace vitrispin::app
