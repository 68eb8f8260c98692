#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "vitrispin/io/record.hpp"

namespace vitrispin::io {
namespace {

using Json = nlohmann::ordered_json;

/// Coordinates that count or name helicities (-1, 0, 1) are written as integers.
bool all_integers(const Dimension& dimension) {
  if (!dimension.unit.empty() && dimension.unit != "1") return false;
  for (const double value : dimension.values) {
    if (!(std::abs(value) < 1e15) || value != std::trunc(value)) return false;
  }
  return true;
}

Json coordinate(const Dimension& dimension) {
  Json list = Json::array();
  if (!dimension.values.empty()) {
    const bool integers = !dimension.sweep && all_integers(dimension);
    for (const double value : dimension.values) {
      if (integers) {
        list.push_back(static_cast<long long>(value));
      } else {
        list.push_back(std::isfinite(value) ? Json(value) : Json(nullptr));
      }
    }
  } else {
    for (const std::string& label : dimension.labels) list.push_back(label);
  }
  return list;
}

/// Values of one quantity on their way into nested arrays; remembers whether any was not finite.
struct Nesting {
  std::vector<std::size_t> shape;
  bool any_null = false;

  Json leaf(double value) {
    if (std::isfinite(value)) return value;
    any_null = true;
    return nullptr;
  }
  Json leaf(const std::complex<double>& value) {
    if (std::isfinite(value.real()) && std::isfinite(value.imag())) return Json::array({value.real(), value.imag()});
    any_null = true;
    return nullptr;
  }
  Json leaf(const std::string& value) { return value; }
  Json leaf(char value) { return value != 0; }
  Json leaf(std::int64_t value) { return value; }

  template <class Value>
  Json nest(const std::vector<Value>& values, std::size_t level, std::size_t& next) {
    if (level == shape.size()) return leaf(values[next++]);
    Json list = Json::array();
    list.get_ref<Json::array_t&>().reserve(shape[level]);
    for (std::size_t i = 0; i < shape[level]; ++i) list.push_back(nest(values, level + 1, next));
    return list;
  }
};

/// The object at a group's path: `interface_current.left|right` has one dot, later dots belong to the name.
Json& object_of(Json& root, const std::string& group) {
  if (group.empty()) return root;
  const std::size_t dot = group.find('.');
  Json& outer = root[group.substr(0, dot)];
  if (outer.is_null()) outer = Json::object();
  if (dot == std::string::npos) return outer;
  Json& inner = outer[group.substr(dot + 1)];
  if (inner.is_null()) inner = Json::object();
  return inner;
}

void write_quantity(Json& root, const Record& record, const Quantity& quantity) {
  Nesting nesting;
  for (const std::string& dimension : quantity.dimensions) nesting.shape.push_back(record.size_of(dimension));
  std::size_t next = 0;
  Json value = std::visit([&](const auto& array) { return nesting.nest(array.values, 0, next); }, quantity.data);
  Json& object = object_of(root, quantity.group);
  object[quantity.name] = std::move(value);
  if (nesting.any_null) {
    object[quantity.name + "_reason"] = quantity.reason.empty() ? beyond_double : quantity.reason;
  }
}

}  // namespace

nlohmann::ordered_json to_json(const Record& record) {
  Json root = Json::object();
  for (const Dimension& dimension : record.dimensions) {
    if (dimension.sweep) root["sweep"][dimension.name] = coordinate(dimension);
  }
  // Texts without dimensions (the material's name) introduce the numbers.
  for (const Quantity& quantity : record.quantities) {
    const bool introduces = quantity.in_summary && quantity.dimensions.empty() && quantity.group.empty() &&
                            std::holds_alternative<TextArray>(quantity.data);
    if (introduces) write_quantity(root, record, quantity);
  }
  for (const Dimension& dimension : record.dimensions) {
    const bool used = std::any_of(record.quantities.begin(), record.quantities.end(), [&](const Quantity& quantity) {
      return quantity.in_summary && std::find(quantity.dimensions.begin(), quantity.dimensions.end(), dimension.name) !=
                                        quantity.dimensions.end();
    });
    if (used && !dimension.sweep && !(dimension.values.empty() && dimension.labels.empty())) {
      root[dimension.name] = coordinate(dimension);
    }
  }
  for (const Quantity& quantity : record.quantities) {
    if (quantity.in_summary) write_quantity(root, record, quantity);
  }
  for (const auto& [name, text] : record.extras) root[name] = Json::parse(text);
  if (!record.warnings.empty()) root["warnings"] = record.warnings;
  return root;
}

}  // namespace vitrispin::io
