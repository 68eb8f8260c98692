#include <algorithm>
#include <map>
#include <sstream>

#include "vitrispin/io/netcdf.hpp"
#include "vitrispin/io/netcdf_handle.hpp"

namespace vitrispin::io {
namespace {

namespace attribute = netcdf_attribute;

/// What the library says of one variable.
struct Variable {
  int id = 0;
  nc_type type = NC_NAT;
  std::vector<int> dimensions;
};

class Reader {
public:
  explicit Reader(int file) : file_(file) {}

  Record read() {
    read_dimensions();
    int count = 0;
    check_netcdf(nc_inq_nvars(file_, &count), "nc_inq_nvars");
    // The library lists variables by name, not as they were written; quantities need the dimensions' own names.
    for (int id = 0; id < count; ++id) read_coordinate(describe(id));
    for (int id = 0; id < count; ++id) read_quantity(describe(id));
    for (auto& [position, quantity] : quantities_) record_.quantities.push_back(std::move(quantity));
    for (const int id : order_) record_.dimensions.push_back(std::move(dimensions_[id]));
    return std::move(record_);
  }

private:
  std::string text(int variable, const std::string& name) const {
    std::size_t length = 0;
    if (nc_inq_attlen(file_, variable, name.c_str(), &length) != NC_NOERR) return {};
    std::string value(length, '\0');
    check_netcdf(nc_get_att_text(file_, variable, name.c_str(), value.data()), "nc_get_att_text " + name);
    return value;
  }

  /// Warnings and extras: texts without dimensions.
  void read_text(const Variable& variable, const std::string& role) {
    const std::string value = texts(variable).at(0);
    if (role == attribute::extra) {
      record_.extras.emplace_back(text(variable.id, attribute::quantity_name), value);
      return;
    }
    std::istringstream lines(value);
    for (std::string line; std::getline(lines, line);) record_.warnings.push_back(line);
  }

  void read_dimensions() {
    int count = 0;
    check_netcdf(nc_inq_ndims(file_, &count), "nc_inq_ndims");
    for (int id = 0; id < count; ++id) {
      char name[NC_MAX_NAME + 1] = {};
      std::size_t size = 0;
      check_netcdf(nc_inq_dim(file_, id, name, &size), "nc_inq_dim");
      Dimension dimension;
      dimension.name = name;
      dimension.size = size;
      dimensions_[id] = std::move(dimension);
      if (std::string(name) != "reim") order_.push_back(id);
    }
  }

  Variable describe(int id) const {
    Variable variable;
    variable.id = id;
    int rank = 0;
    check_netcdf(nc_inq_varndims(file_, id, &rank), "nc_inq_varndims");
    variable.dimensions.resize(static_cast<std::size_t>(rank));
    check_netcdf(nc_inq_var(file_, id, nullptr, &variable.type, nullptr, variable.dimensions.data(), nullptr),
                 "nc_inq_var");
    return variable;
  }

  std::size_t value_count(const Variable& variable) const {
    std::size_t count = 1;
    for (const int id : variable.dimensions) count *= dimensions_.at(id).size;
    return count;
  }

  std::vector<double> numbers(const Variable& variable) const {
    std::vector<double> values(value_count(variable));
    if (!values.empty()) check_netcdf(nc_get_var_double(file_, variable.id, values.data()), "nc_get_var_double");
    return values;
  }

  std::vector<std::int64_t> integers(const Variable& variable) const {
    std::vector<long long> values(value_count(variable));
    if (!values.empty()) check_netcdf(nc_get_var_longlong(file_, variable.id, values.data()), "nc_get_var_longlong");
    return {values.begin(), values.end()};
  }

  std::vector<std::string> texts(const Variable& variable) const {
    std::vector<char*> pointers(value_count(variable));
    if (pointers.empty()) return {};
    check_netcdf(nc_get_var_string(file_, variable.id, pointers.data()), "nc_get_var_string");
    std::vector<std::string> values(pointers.begin(), pointers.end());
    check_netcdf(nc_free_string(pointers.size(), pointers.data()), "nc_free_string");
    return values;
  }

  void read_coordinate(const Variable& variable) {
    const std::string role = text(variable.id, attribute::role);
    if (role == attribute::warnings || role == attribute::extra) read_text(variable, role);
    if (role != "coordinate" && role != "label") return;
    Dimension& dimension = dimensions_.at(variable.dimensions.at(0));
    dimension.name = text(variable.id, attribute::dimension);
    dimension.long_name = text(variable.id, "long_name");
    if (role == "label") {
      dimension.labels = texts(variable);
      return;
    }
    dimension.values = numbers(variable);
    dimension.unit = text(variable.id, "units");
    dimension.logarithmic = text(variable.id, attribute::scale) == "log";
    dimension.sweep = text(variable.id, attribute::sweep) == "yes";
  }

  void read_quantity(const Variable& variable) {
    if (text(variable.id, attribute::role) != "quantity") return;
    Quantity quantity;
    quantity.name = text(variable.id, attribute::quantity_name);
    quantity.group = text(variable.id, attribute::group);
    quantity.unit = text(variable.id, "units");
    quantity.long_name = text(variable.id, "long_name");
    quantity.reason = text(variable.id, attribute::reason);
    quantity.in_summary = text(variable.id, attribute::in_summary) == "yes";
    const bool is_complex = !text(variable.id, attribute::complex_values).empty();
    for (const int id : variable.dimensions) quantity.dimensions.push_back(dimensions_.at(id).name);
    if (variable.type == NC_STRING) {
      quantity.data = TextArray{texts(variable)};
    } else if (variable.type == NC_BYTE) {
      FlagArray flags;
      for (const double value : numbers(variable)) flags.values.push_back(value != 0);
      quantity.data = std::move(flags);
    } else if (variable.type == NC_INT64) {
      quantity.data = IntegerArray{integers(variable)};
    } else if (is_complex) {
      quantity.dimensions.pop_back();
      const std::vector<double> parts = numbers(variable);
      ComplexArray array;
      for (std::size_t i = 0; i + 1 < parts.size(); i += 2) array.values.emplace_back(parts[i], parts[i + 1]);
      quantity.data = std::move(array);
    } else {
      quantity.data = RealArray{numbers(variable)};
    }
    int position = 0;
    check_netcdf(nc_get_att_int(file_, variable.id, attribute::position, &position), "nc_get_att_int position");
    quantities_.emplace(position, std::move(quantity));
  }

  int file_;
  Record record_;
  std::map<int, Dimension> dimensions_;
  std::map<int, Quantity> quantities_;
  std::vector<int> order_;
};

}  // namespace

Record read_netcdf(const std::string& path) {
  int id = -1;
  const int status = nc_open(path.c_str(), NC_NOWRITE, &id);
  if (status != NC_NOERR) {
    throw InputError(path + ": cannot be read as netCDF-4: " + nc_strerror(status));
  }
  const NetcdfHandle file(id);
  return Reader(id).read();
}

}  // namespace vitrispin::io
