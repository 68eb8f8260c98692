#pragma once

#include <string>
#include <utility>
#include <vector>

#include "vitrispin/io/record.hpp"

/// An experiment's NAME.nc: netCDF-4, everything the record holds, written so that reading it back gives the same
/// record.
///
/// Layout    one variable per quantity, named GROUP_NAME with what is not a letter, digit or underscore replaced by
/// `_`;
///           coordinate variables for dimensions with values, text coordinates for labels; a complex quantity has a
///           last dimension `reim` (real, imaginary); a flag is a byte with flag_values and flag_meanings
/// Attributes `units` and `long_name` on every variable; `group`, `name` and `dimension` keep the names that the
/// summary
///           uses; the file's own hold title, source, Conventions, warnings and the extras
namespace vitrispin::io {

/// The file's bytes. They are built in memory, so that a full disk is met by our own writing and not inside HDF5, whose
/// closing functions do not recover from it. `attributes` are added to the file's own; throws ExternalError.
std::vector<unsigned char> to_netcdf(const Record& record,
                                     const std::vector<std::pair<std::string, std::string>>& attributes);

/// Reads a file written by to_netcdf; throws InputError if it is not one, ExternalError if it cannot be read.
Record read_netcdf(const std::string& path);

}  // namespace vitrispin::io
