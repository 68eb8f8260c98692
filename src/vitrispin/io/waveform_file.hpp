#pragma once

#include <string>
#include <vector>

#include "vitrispin/core/errors.hpp"

namespace vitrispin::io {

/// A waveform as a file beside the input: CSV with a header, units in brackets, `time [ns],value [mT]`; SI without. Other columns, empty
/// lines and lines that begin with # are passed over.
struct WaveformFile {
  std::vector<double> times, values;  ///< in SI; times ascend
  std::vector<Fault> faults;          ///< with the places in the CSV file
  std::string problem;                ///< why there is nothing to read
};

/// `units` of the values, in one of which the header's must be measured, with what one of them is in SI.
struct ValueUnit {
  const char* unit;
  double in_si;
};
WaveformFile read_waveform_file(const std::string& name, const std::string& input_file,
                                const std::vector<ValueUnit>& units);

}  // namespace vitrispin::io
