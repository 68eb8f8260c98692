#pragma once

#include <netcdf.h>
#include <netcdf_mem.h>

#include <string>

#include "vitrispin/core/errors.hpp"

namespace vitrispin::io {

/// Throws ExternalError if a call of the netCDF library failed.
inline void check_netcdf(int status, const std::string& call) {
  if (status != NC_NOERR) throw ExternalError("netCDF", call, status, nc_strerror(status));
}

/// An open file that is abandoned unless `release` was called.
class NetcdfHandle {
public:
  explicit NetcdfHandle(int id) : id_(id) {}
  NetcdfHandle(const NetcdfHandle&) = delete;
  NetcdfHandle& operator=(const NetcdfHandle&) = delete;
  ~NetcdfHandle() {
    if (id_ >= 0) nc_close(id_);
  }
  int id() const { return id_; }
  int release() {
    const int id = id_;
    id_ = -1;
    return id;
  }

private:
  int id_;
};

/// Names of attributes by which a file is read back; see netcdf.hpp.
namespace netcdf_attribute {
inline constexpr const char* quantity_name = "name";
inline constexpr const char* position = "position";  ///< among the quantities of the record
inline constexpr const char* group = "group";
inline constexpr const char* dimension = "dimension";
inline constexpr const char* role = "role";  ///< "coordinate", "label" or "quantity"
inline constexpr const char* complex_values = "complex";
inline constexpr const char* reason = "missing_because";
inline constexpr const char* in_summary = "in_summary";
inline constexpr const char* scale = "scale";
inline constexpr const char* sweep = "sweep";
inline constexpr const char* extra_prefix = "extra_";
inline constexpr const char* extra = "extra";
inline constexpr const char* warnings = "warnings";
}  // namespace netcdf_attribute

}  // namespace vitrispin::io
