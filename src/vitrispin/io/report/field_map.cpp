#include "vitrispin/io/report/field_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>

#include "vitrispin/io/number_text.hpp"

namespace vitrispin::io {
namespace {

using Json = nlohmann::ordered_json;

/// Components smaller than this part of their field's largest are not drawn: in two dimensions they are rounding, in three they would
/// cost the others their resolution.
constexpr double smallest_part_2d = 1e-6, smallest_part_3d = 0.02;
constexpr std::size_t fewest_frames = 16;

struct Field {
  const char* name;  ///< in the record
  const char* text;
  const char* title;
  const char* unit;
  bool vector;
};
constexpr Field fields[] = {{"m", "Δm", "Spin accumulation, change", "A m-1", true},
                            {"M", "ΔM", "Magnetization, change", "A m-1", true},
                            {"theta", "θ", "Rotation of the texture", "rad", true},
                            {"entropy_production", "T R_{s}", "Dissipated power", "W m-3", false},
                            {"temperature", "ΔT", "Warming", "K", false}};

/// Cells of the grid merged in blocks, with the layer or region of each block's middle cell.
struct Blocks {
  std::vector<std::string> names;              ///< x, y, z
  std::vector<std::vector<double>> edges;      ///< of the blocks
  std::array<std::size_t, 3> cells{1, 1, 1};   ///< of the grid
  std::array<std::size_t, 3> merged{1, 1, 1};  ///< cells in a block, along each direction
  std::array<std::size_t, 3> count{1, 1, 1};
  std::vector<int> domain_of_cell, domain;  ///< -1: vacuum

  std::size_t size() const { return count[0] * count[1] * count[2]; }
};

const std::vector<double>& real_values(const Quantity& quantity) {
  return std::get<RealArray>(quantity.data).values;
}

double rounded(double value) {
  return std::strtod(fmt::format("{:.6g}", value).c_str(), nullptr);
}

Blocks cells_of(const Record& record) {
  Blocks blocks;
  for (std::size_t a = 0; a < 3; ++a) {
    const std::string name(1, "xyz"[a]);
    const Dimension* faces = find_dimension(record, name + "_face");
    if (faces == nullptr) break;
    blocks.names.push_back(name);
    blocks.edges.push_back(faces->values);
    blocks.cells[a] = blocks.count[a] = faces->size - 1;
  }
  for (const std::int64_t domain : std::get<IntegerArray>(record.find("domain")->data).values)
    blocks.domain_of_cell.push_back(static_cast<int>(domain));
  blocks.domain = blocks.domain_of_cell;
  return blocks;
}

template <class Do>
void for_each_block(const Blocks& blocks, const Do& work) {
  std::size_t block = 0;
  std::array<std::size_t, 3> at{};
  for (at[2] = 0; at[2] < blocks.count[2]; ++at[2]) {
    for (at[1] = 0; at[1] < blocks.count[1]; ++at[1]) {
      for (at[0] = 0; at[0] < blocks.count[0]; ++at[0], ++block) work(block, at);
    }
  }
}

std::size_t cell_index(const Blocks& blocks, std::size_t i, std::size_t j, std::size_t k) {
  return i + blocks.cells[0] * (j + blocks.cells[1] * k);
}

/// The direction with the most blocks gets larger ones, until no more than `most` are left.
void merge(Blocks& blocks, std::size_t most) {
  while (blocks.size() > most) {
    const auto a = static_cast<std::size_t>(
        std::distance(blocks.count.begin(), std::max_element(blocks.count.begin(), blocks.count.end())));
    if (blocks.count[a] == 1) break;
    ++blocks.merged[a];
    blocks.count[a] = (blocks.cells[a] + blocks.merged[a] - 1) / blocks.merged[a];
  }
  for (std::size_t a = 0; a < blocks.edges.size(); ++a) {
    std::vector<double> edges;
    for (std::size_t i = 0; i <= blocks.count[a]; ++i)
      edges.push_back(blocks.edges[a][std::min(i * blocks.merged[a], blocks.cells[a])]);
    blocks.edges[a] = std::move(edges);
  }
  blocks.domain.assign(blocks.size(), -1);
  for_each_block(blocks, [&](std::size_t block, const std::array<std::size_t, 3>& at) {
    std::array<std::size_t, 3> middle{};
    for (std::size_t a = 0; a < 3; ++a)
      middle[a] = std::min(at[a] * blocks.merged[a] + blocks.merged[a] / 2, blocks.cells[a] - 1);
    blocks.domain[block] = blocks.domain_of_cell[cell_index(blocks, middle[0], middle[1], middle[2])];
  });
}

/// Mean over those cells of the block that are of its layer or region.
double mean_of_block(const Blocks& blocks, const double* values, std::size_t block,
                     const std::array<std::size_t, 3>& at) {
  double sum = 0;
  std::size_t n = 0;
  std::array<std::size_t, 3> begin{}, end{};
  for (std::size_t a = 0; a < 3; ++a) {
    begin[a] = at[a] * blocks.merged[a];
    end[a] = std::min(begin[a] + blocks.merged[a], blocks.cells[a]);
  }
  for (std::size_t k = begin[2]; k < end[2]; ++k) {
    for (std::size_t j = begin[1]; j < end[1]; ++j) {
      for (std::size_t i = begin[0]; i < end[0]; ++i) {
        const std::size_t cell = cell_index(blocks, i, j, k);
        if (blocks.domain_of_cell[cell] != blocks.domain[block]) continue;
        sum += values[cell];
        ++n;
      }
    }
  }
  return sum / static_cast<double>(n);
}

std::string base64(const std::vector<unsigned char>& bytes) {
  static const char* const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    const unsigned word = bytes[i] << 16U | (left > 1 ? bytes[i + 1] << 8U : 0U) | (left > 2 ? bytes[i + 2] : 0U);
    text += letters[word >> 18U & 63U];
    text += letters[word >> 12U & 63U];
    text += left > 1 ? letters[word >> 6U & 63U] : '=';
    text += left > 2 ? letters[word & 63U] : '=';
  }
  return text;
}

/// 128 + 127 sign(v) sqrt(|v|/scale); 0: no number.
unsigned char as_byte(double value, double scale) {
  if (!std::isfinite(value)) return 0;
  if (!(scale > 0)) return 128;
  const double root = std::copysign(std::sqrt(std::min(std::abs(value) / scale, 1.0)), value);
  return static_cast<unsigned char>(128 + std::lround(127 * root));
}

double largest(const std::vector<double>& values) {
  double most = 0;
  for (const double value : values) {
    if (std::isfinite(value)) most = std::max(most, std::abs(value));
  }
  return most;
}

std::vector<std::array<double, 3>> probes_of(const Record& record) {
  std::vector<std::array<double, 3>> places;
  const Dimension* x = find_dimension(record, "probe");
  if (x == nullptr) return places;
  const Quantity* others[] = {record.find("probe_y"), record.find("probe_z")};
  for (std::size_t p = 0; p < x->size; ++p) {
    places.push_back({x->values[p], 0, 0});
    for (std::size_t a = 0; a < 2; ++a) {
      if (others[a] != nullptr) places.back()[a + 1] = real_values(*others[a])[p];
    }
  }
  return places;
}

/// Where sections go: through the smallest region, or else the middle.
std::array<double, 3> look_at(const Blocks& cells) {
  std::vector<std::size_t> sizes;
  for (const int domain : cells.domain_of_cell) {
    if (domain < 0) continue;
    if (static_cast<std::size_t>(domain) >= sizes.size()) sizes.resize(static_cast<std::size_t>(domain) + 1, 0);
    ++sizes[static_cast<std::size_t>(domain)];
  }
  std::size_t smallest = 0;
  for (std::size_t d = 0; d < sizes.size(); ++d) {
    if (sizes[d] > 0 && (sizes[smallest] == 0 || sizes[d] < sizes[smallest])) smallest = d;
  }
  std::array<double, 3> low{}, high{}, place{};
  low.fill(std::numeric_limits<double>::infinity());
  high.fill(-std::numeric_limits<double>::infinity());
  for_each_block(cells, [&](std::size_t cell, const std::array<std::size_t, 3>& at) {
    if (cells.domain[cell] != static_cast<int>(smallest)) return;
    for (std::size_t a = 0; a < cells.edges.size(); ++a) {
      low[a] = std::min(low[a], cells.edges[a][at[a]]);
      high[a] = std::max(high[a], cells.edges[a][at[a] + 1]);
    }
  });
  for (std::size_t a = 0; a < cells.edges.size(); ++a) place[a] = (low[a] + high[a]) / 2;
  return place;
}

Json extra(const Record& record, const std::string& name) {
  for (const auto& [key, text] : record.extras) {
    if (key == name) return Json::parse(text);
  }
  return Json::array();
}

Json grid_json(const Record& record, const Blocks& blocks, const std::array<double, 3>& look) {
  Json axes = Json::array();
  for (std::size_t a = 0; a < blocks.names.size(); ++a) {
    Json edges = Json::array();
    for (const double edge : blocks.edges[a]) edges.push_back(rounded(edge));
    axes.push_back({{"name", blocks.names[a]}, {"edges", std::move(edges)}});
  }
  std::vector<unsigned char> domain;
  for (const int one : blocks.domain) domain.push_back(one < 0 ? 255 : static_cast<unsigned char>(one));
  return {{"axes", std::move(axes)},
          {"domain", base64(domain)},
          {"domains", extra(record, "domains")},
          {"look", look},
          {"probes", probes_of(record)}};
}

/// Bytes of one component at the chosen snapshots, of the blocks of those domains that have it.
std::vector<unsigned char> bytes_of(const Blocks& blocks, const std::vector<double>& values,
                                    const std::vector<std::size_t>& frames, const std::vector<int>& domains,
                                    double scale) {
  std::vector<unsigned char> bytes;
  const std::size_t cells = blocks.domain_of_cell.size();
  for (const std::size_t frame : frames) {
    for_each_block(blocks, [&](std::size_t block, const std::array<std::size_t, 3>& at) {
      if (std::find(domains.begin(), domains.end(), blocks.domain[block]) == domains.end()) return;
      bytes.push_back(as_byte(mean_of_block(blocks, values.data() + frame * cells, block, at), scale));
    });
  }
  return bytes;
}

struct Drawn {
  const Field* field;
  std::size_t component;
  std::vector<double> values;
  double scale;
};

std::vector<Drawn> drawn_components(const Record& record, double smallest_part) {
  std::vector<Drawn> all;
  for (const Field& field : fields) {
    std::vector<Drawn> own;
    double most = 0;
    for (std::size_t c = 0; c < (field.vector ? 3U : 1U); ++c) {
      std::vector<double> values = deviations(record, field.name, c);
      const double scale = largest(values);
      most = std::max(most, scale);
      own.push_back({&field, c, std::move(values), scale});
    }
    for (Drawn& one : own) {
      if (one.scale > 0 && one.scale >= smallest_part * most) all.push_back(std::move(one));
    }
  }
  return all;
}

std::vector<int> domains_with_values(const Blocks& cells, const std::vector<double>& values) {
  std::vector<int> domains;
  for (std::size_t cell = 0; cell < cells.domain_of_cell.size(); ++cell) {
    const int domain = cells.domain_of_cell[cell];
    if (domain < 0 || !std::isfinite(values[cell])) continue;
    if (std::find(domains.begin(), domains.end(), domain) == domains.end()) domains.push_back(domain);
  }
  std::sort(domains.begin(), domains.end());
  return domains;
}

}  // namespace

bool has_grid(const Record& record) {
  return record.find("domain") != nullptr && find_dimension(record, "snapshot") != nullptr &&
         find_dimension(record, "x_face") != nullptr && sweep_axes(record).empty();
}

std::vector<double> deviations(const Record& record, const std::string& field, std::size_t component) {
  const bool scalar = field == "entropy_production" || field == "temperature";
  const Quantity* quantity = record.find(scalar ? field : field + "_" + "xyz"[component]);
  const Quantity* domain = record.find("domain");
  if (quantity == nullptr || domain == nullptr) return {};
  std::vector<double> values = real_values(*quantity);
  if (const Quantity* start = record.find("start_temperature"); field == "temperature" && start != nullptr) {
    for (double& value : values) value -= real_values(*start)[0];
  }
  const Quantity* equilibrium = record.find("equilibrium_" + field);
  if (equilibrium == nullptr) return values;
  const auto& domains = std::get<IntegerArray>(domain->data).values;
  const auto& rest = real_values(*equilibrium);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::int64_t here = domains[i % domains.size()];
    if (here >= 0) values[i] -= rest[3 * static_cast<std::size_t>(here) + component];
  }
  // What is left of a large equilibrium is its rounding.
  const double noise = 1e-13 * largest(rest);
  for (double& value : values) {
    if (std::abs(value) < noise) value = 0;
  }
  return values;
}

std::string probe_place(const Record& record, std::size_t probe) {
  const Dimension* x = find_dimension(record, "probe");
  std::string text = "x = " + engineering(x->values.at(probe), "m", 3);
  for (const char* axis : {"y", "z"}) {
    const Quantity* place = record.find(std::string("probe_") + axis);
    if (place != nullptr) text += fmt::format(", {} = {}", axis, engineering(real_values(*place).at(probe), "m", 3));
  }
  return text;
}

MapFigure geometry_figure(const Record& record, const Json& patches) {
  Blocks cells = cells_of(record);
  const std::array<double, 3> look = look_at(cells);
  constexpr std::size_t most = 100000;
  merge(cells, most);
  Json data = grid_json(record, cells, look);
  data["map"] = "geometry";
  if (patches.is_array()) data["patches"] = patches;
  std::string caption = "Layers and regions with their materials; white: vacuum.";
  if (cells.names.size() == 3) caption += " Three sections through the smallest region.";
  const std::size_t probes = data["probes"].size();
  if (probes > 0) caption += " Dots: probes";
  for (std::size_t p = 0; p < probes; ++p)
    caption += fmt::format("{} {} at {}", p == 0 ? "," : ";", p + 1, probe_place(record, p));
  if (probes > 0) caption += ".";
  if (patches.is_array() && !patches.empty()) {
    caption += " Thick lines: patches of the outer faces,";
    for (std::size_t p = 0; p < patches.size(); ++p) caption += (p == 0 ? " " : ", ") + patches[p].value("name", "");
    caption += ".";
  }
  return {"Geometry", caption, "geometry", data.dump()};
}

MapFigure field_figure(const Record& record, std::size_t room) {
  Blocks blocks = cells_of(record);
  const Blocks cells = blocks;
  const bool three = cells.names.size() == 3;
  const std::vector<Drawn> drawn = drawn_components(record, three ? smallest_part_3d : smallest_part_2d);
  const Dimension& snapshot = *find_dimension(record, "snapshot");
  MapFigure figure{"Fields over time", {}, "field-map", {}};
  if (drawn.empty()) return figure;
  const std::size_t raw = room / 4 * 3 / drawn.size();
  merge(blocks, std::max<std::size_t>(raw / std::min(snapshot.size, fewest_frames), 1));
  const std::vector<std::size_t> frames =
      spread(snapshot.size, std::clamp<std::size_t>(raw / blocks.size(), 1, snapshot.size));
  Json data = grid_json(record, blocks, look_at(cells));
  data["map"] = "field";
  Json times = Json::array();
  for (const std::size_t frame : frames) times.push_back(rounded(snapshot.values[frame]));
  data["times"] = std::move(times);
  Json list = Json::array();
  std::vector<double> activity(frames.size(), 0.0);
  for (const Drawn& one : drawn) {
    if (list.empty() || list.back()["text"] != one.field->text) {
      list.push_back({{"text", one.field->text},
                      {"title", std::string(one.field->title) + " " + one.field->text},
                      {"unit", readable_unit(one.field->unit)},
                      {"prefix", takes_prefix(one.field->unit)},
                      {"diverging", one.field->vector},
                      {"domains", domains_with_values(cells, one.values)},
                      {"components", Json::array()}});
    }
    const std::vector<unsigned char> bytes =
        bytes_of(blocks, one.values, frames, list.back()["domains"].get<std::vector<int>>(), one.scale);
    if (list.size() == 1) {
      for (std::size_t i = 0; i < bytes.size(); ++i)
        activity[i / (bytes.size() / frames.size())] += bytes[i] == 0 ? 0 : std::abs(bytes[i] - 128);
    }
    list.back()["components"].push_back({{"name", one.field->vector ? std::string(1, "xyz"[one.component]) : ""},
                                         {"scale", rounded(one.scale)},
                                         {"data", base64(bytes)}});
  }
  data["fields"] = std::move(list);
  data["first"] = 0;
  data["first_frame"] = std::distance(activity.begin(), std::max_element(activity.begin(), activity.end()));
  figure.caption =
      "Deviations from equilibrium in the field at the start. Move the slider, or click on the map and use the arrow "
      "keys; Space "
      "plays. The colours stay the same over time. Grey: the field does not exist there.";
  if (frames.size() < snapshot.size)
    figure.caption += fmt::format(" {} of the {} snapshots are drawn.", frames.size(), snapshot.size);
  if (blocks.size() < cells.size())
    figure.caption += fmt::format(" Each cell drawn is the mean of {} × {}{} cells.", blocks.merged[0],
                                  blocks.merged[1], three ? fmt::format(" × {}", blocks.merged[2]) : "");
  figure.caption += " Values are shown to 8 bits; all of them to full precision are in the .nc file.";
  figure.json = data.dump();
  return figure;
}

}  // namespace vitrispin::io
