#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>
#include <set>

#include "vitrispin/io/netcdf.hpp"
#include "vitrispin/io/netcdf_handle.hpp"

namespace vitrispin::io {
namespace {

namespace attribute = netcdf_attribute;

/// Letters, digits and underscores, not starting with a digit: what CF asks of names.
std::string plain_name(const std::string& name) {
  std::string plain;
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0) plain += '_';
  for (const char c : name) plain += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return plain;
}

class Writer {
public:
  Writer(int file, const Record& record) : file_(file), record_(record) {}

  void define_dimensions() {
    for (const Dimension& dimension : record_.dimensions) {
      const std::string name = unused(plain_name(dimension.name));
      int id = 0;
      check_netcdf(nc_def_dim(file_, name.c_str(), dimension.size, &id), "nc_def_dim " + name);
      dimensions_[dimension.name] = id;
      names_[dimension.name] = name;
    }
    for (const Quantity& quantity : record_.quantities) {
      if (std::holds_alternative<ComplexArray>(quantity.data)) {
        used_.insert("reim");
        check_netcdf(nc_def_dim(file_, "reim", 2, &reim_), "nc_def_dim reim");
        break;
      }
    }
  }

  void write_coordinates() {
    for (const Dimension& dimension : record_.dimensions) {
      const std::string& name = names_[dimension.name];
      const int ids[1] = {dimensions_[dimension.name]};
      const bool has_values = !dimension.values.empty();
      if (has_values) {
        const int variable = define(name, NC_DOUBLE, 1, ids, dimension.unit, dimension.long_name, "coordinate");
        text(variable, attribute::dimension, dimension.name);
        text(variable, attribute::scale, dimension.logarithmic ? "log" : "linear");
        if (dimension.sweep) text(variable, attribute::sweep, "yes");
        check_netcdf(nc_put_var_double(file_, variable, dimension.values.data()), "nc_put_var_double " + name);
      }
      if (!dimension.labels.empty()) {
        const std::string label = has_values ? unused(name + "_label") : name;
        const int variable = define(label, NC_STRING, 1, ids, "1", dimension.long_name, "label");
        text(variable, attribute::dimension, dimension.name);
        put_text(variable, label, dimension.labels);
      }
    }
    if (reim_ >= 0) {
      const int variable = define("reim", NC_STRING, 1, &reim_, "1", "Real and imaginary part", "reim");
      put_text(variable, "reim", {"re", "im"});
    }
  }

  void write(const Quantity& quantity) {
    ++position_;
    const std::string wanted = quantity.group.empty() ? quantity.name : quantity.group + "_" + quantity.name;
    const std::string name = unused(plain_name(wanted));
    std::vector<int> ids;
    for (const std::string& dimension : quantity.dimensions) ids.push_back(dimensions_.at(dimension));
    std::visit([&](const auto& array) { write_values(quantity, name, std::move(ids), array); }, quantity.data);
  }

  /// A text without dimensions beside the quantities.
  void write_text(const std::string& wanted, const char* role, const std::string& long_name, const std::string& value,
                  const std::string& name = {}) {
    const std::string free = unused(plain_name(wanted));
    const int variable = define(free, NC_STRING, 0, nullptr, "1", long_name, role);
    if (!name.empty()) text(variable, attribute::quantity_name, name);
    put_text(variable, free, {value});
  }

  void text(int variable, const char* name, const std::string& value) const {
    check_netcdf(nc_put_att_text(file_, variable, name, value.size(), value.c_str()),
                 std::string("nc_put_att_text ") + name);
  }

private:
  std::string unused(const std::string& name) {
    std::string free = name;
    while (!used_.insert(free).second) free += '_';
    return free;
  }

  int define(const std::string& name, nc_type type, int rank, const int* ids, const std::string& unit,
             const std::string& long_name, const char* role) const {
    int variable = 0;
    check_netcdf(nc_def_var(file_, name.c_str(), type, rank, ids, &variable), "nc_def_var " + name);
    text(variable, "units", unit.empty() ? "1" : unit);
    text(variable, "long_name", long_name.empty() ? name : long_name);
    text(variable, attribute::role, role);
    return variable;
  }

  int define(const Quantity& quantity, const std::string& name, nc_type type, const std::vector<int>& ids) const {
    const int variable =
        define(name, type, static_cast<int>(ids.size()), ids.data(), quantity.unit, quantity.long_name, "quantity");
    text(variable, attribute::quantity_name, quantity.name);
    check_netcdf(nc_put_att_int(file_, variable, attribute::position, NC_INT, 1, &position_), "nc_put_att_int");
    if (!quantity.group.empty()) text(variable, attribute::group, quantity.group);
    if (!quantity.reason.empty()) {
      text(variable, attribute::reason, quantity.reason);
    } else if (!is_finite(quantity)) {
      text(variable, attribute::reason, beyond_double);
    }
    text(variable, attribute::in_summary, quantity.in_summary ? "yes" : "no");
    return variable;
  }

  /// Large arrays lose nothing and a good part of their bytes: those of equal significance side by side, then deflate at its fastest.
  /// A chunk is what one index of the first dimension holds, such as a snapshot, or several where that is little.
  void compress(int variable, const std::string& name, const std::vector<int>& ids, std::size_t values) const {
    constexpr std::size_t least = 1 << 16;
    if (ids.size() < 2 || values < least) return;
    std::vector<std::size_t> chunk;
    for (const int id : ids) {
      std::size_t length = 0;
      check_netcdf(nc_inq_dimlen(file_, id, &length), "nc_inq_dimlen");
      chunk.push_back(length);
    }
    const std::size_t first = chunk.front();
    constexpr std::size_t most = 1 << 22;  // HDF5 holds whole chunks in memory
    std::size_t size = 1;
    for (std::size_t a = chunk.size(); a-- > 1; size *= chunk[a]) {
      chunk[a] = std::clamp<std::size_t>(most / size, 1, chunk[a]);
    }
    chunk.front() = std::clamp<std::size_t>(least / size, 1, first);
    check_netcdf(nc_def_var_chunking(file_, variable, NC_CHUNKED, chunk.data()), "nc_def_var_chunking " + name);
    check_netcdf(nc_def_var_deflate(file_, variable, 1, 1, 1), "nc_def_var_deflate " + name);
  }

  void write_values(const Quantity& quantity, const std::string& name, const std::vector<int>& ids,
                    const RealArray& array) const {
    const int variable = define(quantity, name, NC_DOUBLE, ids);
    if (array.values.empty()) return;
    compress(variable, name, ids, array.values.size());
    check_netcdf(nc_put_var_double(file_, variable, array.values.data()), "nc_put_var_double " + name);
  }

  void write_values(const Quantity& quantity, const std::string& name, std::vector<int> ids,
                    const ComplexArray& array) const {
    ids.push_back(reim_);
    const int variable = define(quantity, name, NC_DOUBLE, ids);
    text(variable, attribute::complex_values, "last dimension: real, imaginary");
    if (array.values.empty()) return;
    // std::complex<double> is laid out as two doubles, real part first [complex.numbers].
    const auto* parts = reinterpret_cast<const double*>(array.values.data());
    check_netcdf(nc_put_var_double(file_, variable, parts), "nc_put_var_double " + name);
  }

  void write_values(const Quantity& quantity, const std::string& name, const std::vector<int>& ids,
                    const TextArray& array) const {
    put_text(define(quantity, name, NC_STRING, ids), name, array.values);
  }

  void write_values(const Quantity& quantity, const std::string& name, const std::vector<int>& ids,
                    const FlagArray& array) const {
    const int variable = define(quantity, name, NC_BYTE, ids);
    const signed char values[2] = {0, 1};
    check_netcdf(nc_put_att_schar(file_, variable, "flag_values", NC_BYTE, 2, values), "nc_put_att_schar");
    text(variable, "flag_meanings", "no yes");
    if (array.values.empty()) return;
    const std::vector<signed char> bytes(array.values.begin(), array.values.end());
    check_netcdf(nc_put_var_schar(file_, variable, bytes.data()), "nc_put_var_schar " + name);
  }

  void write_values(const Quantity& quantity, const std::string& name, const std::vector<int>& ids,
                    const IntegerArray& array) const {
    const int variable = define(quantity, name, NC_INT64, ids);
    if (array.values.empty()) return;
    const std::vector<long long> values(array.values.begin(), array.values.end());
    check_netcdf(nc_put_var_longlong(file_, variable, values.data()), "nc_put_var_longlong " + name);
  }

  void put_text(int variable, const std::string& name, const std::vector<std::string>& values) const {
    if (values.empty()) return;
    std::vector<const char*> pointers;
    pointers.reserve(values.size());
    for (const std::string& value : values) pointers.push_back(value.c_str());
    check_netcdf(nc_put_var_string(file_, variable, pointers.data()), "nc_put_var_string " + name);
  }

  int file_;
  const Record& record_;
  int reim_ = -1;
  int position_ = 0;
  std::map<std::string, int> dimensions_;
  std::map<std::string, std::string> names_;
  std::set<std::string> used_;
};

}  // namespace

std::vector<unsigned char> to_netcdf(const Record& record,
                                     const std::vector<std::pair<std::string, std::string>>& attributes) {
  int id = -1;
  check_netcdf(nc_create_mem("record.nc", NC_NETCDF4, 1 << 16, &id), "nc_create_mem");
  NetcdfHandle file(id);
  Writer writer(id, record);
  writer.text(NC_GLOBAL, "Conventions", "CF-1.10");
  for (const auto& [name, value] : attributes) writer.text(NC_GLOBAL, name.c_str(), value);
  writer.define_dimensions();
  writer.write_coordinates();
  // Of any length, so no attributes: HDF5 holds those to 64 kB.
  std::string warnings;
  for (const std::string& warning : record.warnings) warnings += warning + '\n';
  if (!warnings.empty()) writer.write_text(attribute::warnings, attribute::warnings, "Warnings, one a line", warnings);
  for (const auto& [name, value] : record.extras) {
    writer.write_text(attribute::extra_prefix + name, attribute::extra, name + ", as JSON", value, name);
  }
  for (const Quantity& quantity : record.quantities) {
    if (quantity.in_netcdf) writer.write(quantity);
  }
  NC_memio memory{};
  check_netcdf(nc_close_memio(file.release(), &memory), "nc_close_memio");
  const auto* bytes = static_cast<const unsigned char*>(memory.memory);
  std::vector<unsigned char> copy(bytes, bytes + memory.size);
  std::free(memory.memory);
  return copy;
}

}  // namespace vitrispin::io
