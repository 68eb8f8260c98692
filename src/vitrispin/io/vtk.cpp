#include "vitrispin/io/vtk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace vitrispin::io {
namespace {

constexpr unsigned char hidden_cell = 32;  ///< vtkDataSetAttributes::HIDDENCELL
constexpr double per_nanometre = 1e9, per_nanosecond = 1e9;
constexpr std::size_t digits = 5;

/// Appends arrays behind one another, each after its length in bytes.
class Appended {
public:
  template <class Value>
  std::string array(const std::string& name, const char* type, std::size_t components,
                    const std::vector<Value>& values) {
    std::string tag =
        fmt::format(R"(<DataArray type="{}" Name="{}" NumberOfComponents="{}" format="appended" offset="{}"/>)", type,
                    name, components, bytes_.size());
    const std::uint64_t length = values.size() * sizeof(Value);
    const std::size_t at = bytes_.size();
    bytes_.resize(at + sizeof length + length);
    std::memcpy(bytes_.data() + at, &length, sizeof length);
    if (length > 0) std::memcpy(bytes_.data() + at + sizeof length, values.data(), length);
    return tag + "\n";
  }
  const std::string& bytes() const { return bytes_; }

private:
  std::string bytes_;
};

const std::vector<double>& real_values(const Record& record, const std::string& name) {
  return std::get<RealArray>(record.find(name)->data).values;
}

const Dimension* find_dimension(const Record& record, const std::string& name) {
  const auto found = std::find_if(record.dimensions.begin(), record.dimensions.end(),
                                  [&](const Dimension& dimension) { return dimension.name == name; });
  return found == record.dimensions.end() ? nullptr : &*found;
}

std::vector<double> vectors(const Record& record, const std::string& field, std::size_t snapshot, std::size_t cells) {
  std::vector<double> all(3 * cells);
  for (std::size_t c = 0; c < 3; ++c) {
    const std::vector<double>& values = real_values(record, field + "_" + "xyz"[c]);
    for (std::size_t i = 0; i < cells; ++i) all[3 * i + c] = values[snapshot * cells + i];
  }
  return all;
}

}  // namespace

std::string to_vtr(const Record& record, std::size_t snapshot) {
  Appended appended;
  std::array<std::size_t, 3> count{};
  std::string coordinates;
  for (std::size_t a = 0; a < 3; ++a) {
    const std::string name(1, "xyz"[a]);
    const Dimension* faces = find_dimension(record, name + "_face");
    std::vector<double> places{0.0};
    if (faces != nullptr) {
      places = faces->values;
      for (double& place : places) place *= per_nanometre;
    }
    count[a] = places.size() - 1;
    coordinates += appended.array(name + " [nm]", "Float64", 1, places);
  }
  const auto& domains = std::get<IntegerArray>(record.find("domain")->data).values;
  const std::size_t cells = domains.size();
  std::string fields;
  for (const auto& [name, title] : {std::pair{"M", "M [A/m]"}, {"m", "m [A/m]"}, {"theta", "theta [rad]"}})
    fields += appended.array(title, "Float64", 3, vectors(record, name, snapshot, cells));
  for (const auto& [name, title] :
       {std::pair{"entropy_production", "entropy_production [W/m3]"}, {"temperature", "temperature [K]"}}) {
    if (record.find(name) == nullptr) continue;
    const auto begin = real_values(record, name).begin() + static_cast<std::ptrdiff_t>(snapshot * cells);
    fields +=
        appended.array(title, "Float64", 1, std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(cells)));
  }
  fields += appended.array("domain", "Int32", 1, std::vector<std::int32_t>(domains.begin(), domains.end()));
  std::vector<unsigned char> ghost;
  for (const std::int64_t domain : domains) ghost.push_back(domain < 0 ? hidden_cell : 0);
  fields += appended.array("vtkGhostType", "UInt8", 1, ghost);

  const std::string extent = fmt::format("0 {} 0 {} 0 {}", count[0], count[1], count[2]);
  std::string text = fmt::format(
      "<?xml version=\"1.0\"?>\n"
      "<VTKFile type=\"RectilinearGrid\" version=\"1.0\" byte_order=\"{}\" header_type=\"UInt64\">\n"
      "<!-- vitrispin: lengths in nm; t = {} s; domain -1 is vacuum; NaN: the field does not exist there -->\n"
      "<RectilinearGrid WholeExtent=\"{}\">\n<Piece Extent=\"{}\">\n<PointData/>\n<CellData Vectors=\"m [A/m]\">\n{}"
      "</CellData>\n<Coordinates>\n{}</Coordinates>\n</Piece>\n</RectilinearGrid>\n<AppendedData encoding=\"raw\">\n_",
      std::endian::native == std::endian::little ? "LittleEndian" : "BigEndian",
      find_dimension(record, "snapshot")->values.at(snapshot), extent, extent, fields, coordinates);
  return text + appended.bytes() + "\n</AppendedData>\n</VTKFile>\n";
}

namespace {

std::string in_attribute(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '&') {
      safe += "&amp;";
    } else if (c == '<') {
      safe += "&lt;";
    } else if (c == '"') {
      safe += "&quot;";
    } else {
      safe += c;
    }
  }
  return safe;
}

}  // namespace

std::string to_pvd(const Record& record, const std::vector<std::string>& files) {
  const Dimension& snapshot = *find_dimension(record, "snapshot");
  std::string text =
      "<?xml version=\"1.0\"?>\n<VTKFile type=\"Collection\" version=\"1.0\">\n<!-- times in ns -->\n<Collection>\n";
  for (std::size_t i = 0; i < files.size(); ++i) {
    text += fmt::format("<DataSet timestep=\"{}\" group=\"\" part=\"0\" file=\"{}\"/>\n",
                        snapshot.values.at(i) * per_nanosecond, in_attribute(files[i]));
  }
  return text + "</Collection>\n</VTKFile>\n";
}

std::string collection_name(const std::string& netcdf_file) {
  return netcdf_file.substr(0, netcdf_file.size() - std::string_view(".nc").size()) + ".pvd";
}

std::string snapshot_name(const std::string& netcdf_file, std::size_t snapshot) {
  return fmt::format("{}.{:0{}}.vtr", netcdf_file.substr(0, netcdf_file.size() - std::string_view(".nc").size()),
                     snapshot, digits);
}

std::string collection_of_snapshot(const std::string& file) {
  constexpr std::string_view ending = ".vtr";
  if (!file.ends_with(ending)) return {};
  const std::string stem = file.substr(0, file.size() - ending.size());
  const std::size_t dot = stem.rfind('.');
  if (dot == std::string::npos || stem.size() - dot - 1 < digits) return {};
  if (!std::all_of(stem.begin() + static_cast<std::ptrdiff_t>(dot) + 1, stem.end(),
                   [](unsigned char c) { return std::isdigit(c) != 0; }))
    return {};
  return stem.substr(0, dot) + ".pvd";
}

}  // namespace vitrispin::io
