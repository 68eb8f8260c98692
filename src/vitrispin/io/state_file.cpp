#include "vitrispin/io/state_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <mutex>

#include "vitrispin/io/netcdf_handle.hpp"

namespace vitrispin::io {
namespace {

/// One variable of an open file.
struct Variable {
  int id = -1;
  std::vector<std::string> dimensions;
  std::vector<std::size_t> shape;
};

/// Reads of an experiment's file what a state needs, and no more: snapshots may be many.
class StateReader {
public:
  StateReader(int file, const std::string& path) : file_(file), path_(path) {}

  StoredState read(std::optional<double> wanted) {
    const Variable m = find("m"), m_x = find("m_x");
    is_line_ = m.id >= 0;
    const Variable& whole = is_line_ ? m : m_x;
    const std::string clock = is_line_ ? "time" : "snapshot";
    if (whole.id < 0 || find("time").id < 0 || find(clock).id < 0) {
      throw InputError(path_ + " holds no state: it is not the result of a time experiment");
    }
    if (whole.dimensions.empty() || whole.dimensions.front() != clock || whole.shape.size() > 4) {
      throw InputError(path_ + " holds a sweep: a run starts from the result of one run");
    }
    read_centers(whole);
    const std::vector<double> outputs = numbers(find("time"));
    if (outputs.empty()) throw InputError(path_ + " holds no state: it has no output time");
    if (!wanted || is_same(*wanted, outputs.back(), outputs)) {
      state_.time = outputs.back();
      read_last();
    } else {
      const std::vector<double> times = numbers(find(clock));
      const auto at = std::find_if(times.begin(), times.end(), [&](double t) { return is_same(*wanted, t, times); });
      if (at == times.end()) {
        throw InputError(
            fmt::format("time = {} s is none of the {} times with whole fields in {}, which go from {} to {} s",
                        *wanted, times.size(), path_, times.empty() ? 0 : times.front(), outputs.back()));
      }
      state_.time = *at;
      read_full(static_cast<std::size_t>(at - times.begin()));
    }
    return std::move(state_);
  }

private:
  static bool is_same(double a, double b, const std::vector<double>& all) {
    return std::abs(a - b) <= 1e-9 * std::abs(all.back());
  }

  Variable find(const std::string& name) const {
    Variable variable;
    if (nc_inq_varid(file_, name.c_str(), &variable.id) != NC_NOERR) return {};
    int rank = 0;
    check(nc_inq_varndims(file_, variable.id, &rank));
    std::vector<int> ids(static_cast<std::size_t>(rank));
    check(nc_inq_vardimid(file_, variable.id, ids.data()));
    for (const int id : ids) {
      char text[NC_MAX_NAME + 1] = {};
      std::size_t size = 0;
      check(nc_inq_dim(file_, id, text, &size));
      variable.dimensions.emplace_back(text);
      variable.shape.push_back(size);
    }
    return variable;
  }

  void check(int status) const {
    if (status != NC_NOERR) throw InputError(fmt::format("{} cannot be read: {}", path_, nc_strerror(status)));
  }

  std::vector<double> numbers(const Variable& variable) const {
    std::size_t count = 1;
    for (const std::size_t size : variable.shape) count *= size;
    std::vector<double> values(count);
    if (count > 0) check(nc_get_var_double(file_, variable.id, values.data()));
    return values;
  }

  /// What belongs to one index of the first dimension.
  std::vector<double> numbers(const Variable& variable, std::size_t index) const {
    std::vector<std::size_t> start(variable.shape.size(), 0), count = variable.shape;
    if (count.empty() || index >= count.front()) throw InputError(path_ + " is damaged: a time has no fields");
    start.front() = index;
    count.front() = 1;
    std::size_t size = 1;
    for (const std::size_t length : count) size *= length;
    std::vector<double> values(size);
    if (size > 0) check(nc_get_vara_double(file_, variable.id, start.data(), count.data(), values.data()));
    return values;
  }

  Variable needed(const std::string& name) const {
    Variable variable = find(name);
    if (variable.id < 0) {
      throw InputError(
          fmt::format("{} holds no {}: it was written by a version that did not keep the state, or is "
                      "damaged",
                      path_, name));
    }
    return variable;
  }

  void read_centers(const Variable& field) {
    state_.cells = 1;
    for (std::size_t a = 0; a < 3; ++a) {
      const std::string name(1, "xyz"[a]);
      if (std::find(field.dimensions.begin(), field.dimensions.end(), name) == field.dimensions.end()) continue;
      state_.centers[a] = numbers(needed(name));
      state_.cells *= state_.centers[a].size();
    }
  }

  void expect(const std::vector<double>& values, std::size_t count, const std::string& name) const {
    if (values.size() == count) return;
    throw InputError(fmt::format("{} is damaged: {} has {} numbers, {} are needed", path_, name, values.size(), count));
  }

  /// Three components, which a line has in one variable, the fastest, and a grid in three.
  template <class Read>
  void components(const std::string& name, std::vector<double>* to, const Read& read) const {
    if (is_line_) {
      const std::vector<double> values = read(needed(name));
      expect(values, 3 * state_.cells, name);
      for (std::size_t c = 0; c < 3; ++c) {
        to[c].resize(state_.cells);
        for (std::size_t i = 0; i < state_.cells; ++i) to[c][i] = values[3 * i + c];
      }
      return;
    }
    for (std::size_t c = 0; c < 3; ++c) {
      const std::string component = name + "_" + "xyz"[c];
      to[c] = read(needed(component));
      expect(to[c], state_.cells, component);
    }
  }

  void read_full(std::size_t index) {
    const auto read = [&](const Variable& variable) { return numbers(variable, index); };
    components("M", &state_.fields[0], read);
    components("m", &state_.fields[3], read);
    components("theta", &state_.fields[6], read);
  }

  void read_last() {
    const auto read = [&](const Variable& variable) { return numbers(variable); };
    components(last_state::M, &state_.fields[0], read);
    components(last_state::m, &state_.fields[3], read);
    components(last_state::theta, &state_.fields[6], read);
    if (!is_line_) return read_equilibrium_of_domains();
    components(last_state::M_eq, &state_.equilibrium[0], read);
    components(last_state::m_eq, &state_.equilibrium[3], read);
    const Variable contact = find(last_state::contact_theta);
    if (contact.id >= 0) state_.contact_theta = numbers(contact);
  }

  /// A grid has them for each layer and region, and which of these each cell belongs to; -1 is vacuum.
  void read_equilibrium_of_domains() {
    const std::vector<double> domain = numbers(needed("domain"));
    const std::vector<double> M = numbers(needed("equilibrium_M")), m = numbers(needed("equilibrium_m"));
    expect(domain, state_.cells, "domain");
    expect(m, M.size(), "equilibrium_m");
    for (auto& values : state_.equilibrium) values.assign(state_.cells, std::nan(""));
    const std::size_t known = M.size() / 3;
    const auto domains = static_cast<double>(known);
    for (std::size_t i = 0; i < state_.cells; ++i) {
      if (!(domain[i] >= 0 && domain[i] < domains)) continue;
      const std::size_t first = 3 * static_cast<std::size_t>(domain[i]);
      for (std::size_t c = 0; c < 3; ++c) {
        state_.equilibrium[c][i] = M[first + c];
        state_.equilibrium[3 + c][i] = m[first + c];
      }
    }
  }

  int file_;
  const std::string& path_;
  bool is_line_ = true;
  StoredState state_;
};

}  // namespace

StoredState read_state(const std::string& path, std::optional<double> time) {
  static std::mutex one_at_a_time;  // the points of a sweep share the library, which is not made for threads
  const std::lock_guard<std::mutex> lock(one_at_a_time);
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::is_regular_file(status)) {
    throw InputError(std::filesystem::exists(status) ? path + " is not a file"
                                                     : path + " cannot be read: there is no such file");
  }
  int id = -1;
  const int opened = nc_open(path.c_str(), NC_NOWRITE, &id);
  if (opened != NC_NOERR) throw InputError(fmt::format("{} cannot be read as netCDF-4: {}", path, nc_strerror(opened)));
  const NetcdfHandle file(id);
  return StateReader(id, path).read(time);
}

}  // namespace vitrispin::io
