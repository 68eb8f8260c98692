#include "vitrispin/io/waveform_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>

#include "vitrispin/io/printable.hpp"
#include "vitrispin/io/schema.hpp"
#include "vitrispin/io/units.hpp"

namespace vitrispin::io {
namespace {

constexpr std::uintmax_t largest_file = 1u << 30;
constexpr std::size_t most_told = 20;  ///< faults of one file

/// What stands between two commas, and where.
struct Cell {
  std::string_view text;
  int column = 1;
};

std::vector<Cell> cells_of(std::string_view line) {
  std::vector<Cell> cells;
  std::size_t begin = 0;
  while (true) {
    const std::size_t comma = line.find(',', begin);
    std::size_t end = comma == std::string_view::npos ? line.size() : comma;
    std::size_t first = begin;
    while (first < end && (line[first] == ' ' || line[first] == '\t')) ++first;
    while (end > first && (line[end - 1] == ' ' || line[end - 1] == '\t')) --end;
    cells.push_back({line.substr(first, end - first), static_cast<int>(first) + 1});
    if (comma == std::string_view::npos) return cells;
    begin = comma + 1;
  }
}

/// A column that is used: where it stands, and SI = offset + factor * number.
struct Column {
  std::size_t index = 0;
  double offset = 0, factor = 1;
};

class WaveformReader {
public:
  WaveformReader(std::string path, const std::vector<ValueUnit>& units) : path_(std::move(path)), units_(units) {}

  WaveformFile read(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    while (!text.empty() && result_.faults.size() < most_told) {
      const std::size_t end = text.find('\n');
      std::string_view line = text.substr(0, end);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
      ++line_;
      if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
      const std::size_t first = line.find_first_not_of(" \t");
      if (first == std::string_view::npos || line[first] == '#') continue;
      if (!has_header_) {
        read_header(line);
        if (!result_.faults.empty()) return std::move(result_);
      } else {
        read_row(line);
      }
    }
    if (!has_header_) complain(1, "the file is empty: the first line must be a header, `time [ns],value [mT]`");
    if (result_.faults.empty() && result_.times.size() < 2) complain(1, "a waveform needs two times or more");
    return std::move(result_);
  }

private:
  void complain(int column, const std::string& message) {
    result_.faults.push_back({path_, std::max(line_, 1), column, {}, message});
  }

  void read_header(std::string_view line) {
    has_header_ = true;
    const std::vector<Cell> cells = cells_of(line);
    columns_ = cells.size();
    const std::optional<Column> time = find(cells, "time", {{"s", 1}}), value = find(cells, "value", units_);
    if (time) time_ = *time;
    if (value) value_ = *value;
  }

  /// The column `name [unit]`; complains if it is not there, there twice, or its unit is none of `units`.
  std::optional<Column> find(const std::vector<Cell>& cells, std::string_view name,
                             const std::vector<ValueUnit>& units) {
    const Cell* found = nullptr;
    Column column;
    std::string_view unit;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string_view text = cells[i].text;
      const std::size_t bracket = text.find('[');
      std::string_view title = text.substr(0, bracket);
      while (!title.empty() && title.back() == ' ') title.remove_suffix(1);
      if (title != name) continue;
      if (found != nullptr) {
        complain(cells[i].column, fmt::format("the column {} is there twice", name));
        return std::nullopt;
      }
      found = &cells[i];
      column.index = i;
      if (bracket == std::string_view::npos) continue;
      if (text.back() != ']') {
        complain(cells[i].column, fmt::format("the bracket of `{}` is not closed", printable(std::string(text))));
        return std::nullopt;
      }
      unit = text.substr(bracket + 1, text.size() - bracket - 2);
    }
    if (found == nullptr) {
      complain(1, fmt::format("there is no column {}: the header must name columns time and value, with units in "
                              "brackets, as in `time [ns],value [mT]`",
                              name));
      return std::nullopt;
    }
    if (unit.empty()) return column;
    std::string problem;
    for (const ValueUnit& allowed : units) {
      const Reading zero = read_quantity(fmt::format("0 {}", unit), allowed.unit);
      const Reading one = read_quantity(fmt::format("1 {}", unit), allowed.unit);
      if (one.problem.empty() && zero.problem.empty()) {
        column.offset = zero.value * allowed.in_si;
        column.factor = (one.value - zero.value) * allowed.in_si;
        return column;
      }
      if (problem.empty()) problem = one.problem;
    }
    complain(found->column, fmt::format("the unit of {} is wrong: {}", name, problem));
    return std::nullopt;
  }

  std::optional<double> number(const Cell& cell, const Column& column) {
    double value = 0;
    const char* const end = cell.text.data() + cell.text.size();
    const bool has_plus = cell.text.starts_with('+');
    const auto [stop, failure] = std::from_chars(cell.text.data() + (has_plus ? 1 : 0), end, value);
    const double in_si = column.offset + column.factor * value;
    if (cell.text.empty() || failure != std::errc{} || stop != end || !std::isfinite(in_si)) {
      complain(cell.column, fmt::format("`{}` is not a finite number", printable(std::string(cell.text))));
      return std::nullopt;
    }
    return in_si;
  }

  void read_row(std::string_view line) {
    const std::vector<Cell> cells = cells_of(line);
    if (cells.size() != columns_) {
      complain(1, fmt::format("the line has {} numbers, but the header has {} columns", cells.size(), columns_));
      return;
    }
    const auto time = number(cells[time_.index], time_), value = number(cells[value_.index], value_);
    if (!time || !value) return;
    if (!result_.times.empty() && *time <= result_.times.back()) {
      complain(cells[time_.index].column,
               fmt::format("time = {} s is not later than the {} s of the line before", *time, result_.times.back()));
      return;
    }
    if (result_.times.size() == most_points) {
      complain(1, fmt::format("a waveform may have {} times", most_points));
      return;
    }
    result_.times.push_back(*time);
    result_.values.push_back(*value);
  }

  std::string path_;
  const std::vector<ValueUnit>& units_;
  WaveformFile result_;
  bool has_header_ = false;
  std::size_t columns_ = 0;
  Column time_, value_;
  int line_ = 0;
};

}  // namespace

WaveformFile read_waveform_file(const std::string& name, const std::string& input_file,
                                const std::vector<ValueUnit>& units) {
  namespace fs = std::filesystem;
  WaveformFile result;
  std::error_code error;
  const fs::path path = (fs::path(input_file).parent_path() / name).lexically_normal();
  const auto status = fs::status(path, error);
  if (!fs::is_regular_file(status)) {
    result.problem =
        fs::exists(status) ? "is not a file" : "cannot be read: there is no such file (" + path.string() + ")";
    return result;
  }
  if (fs::file_size(path, error) > largest_file) {
    result.problem = "is larger than 1 GB";
    return result;
  }
  std::ifstream stream(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream) {
    result.problem = std::string("cannot be read: ") + std::strerror(errno);
    return result;
  }
  return WaveformReader(path.string(), units).read(text);
}

}  // namespace vitrispin::io
