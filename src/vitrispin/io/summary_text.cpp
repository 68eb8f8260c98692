#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "vitrispin/io/summary.hpp"

namespace vitrispin::io {
namespace {

using Json = nlohmann::ordered_json;

/// Shortest text that reads back to the same bits; always recognisable as a floating-point number.
void append_number(std::string& text, double value) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  const std::string_view digits(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  text += digits;
  if (digits.find_first_of(".e") == std::string_view::npos) text += ".0";
}

/// A row: scalars, or pairs [re, im].
bool is_row(const Json& array) {
  return std::all_of(array.begin(), array.end(), [](const Json& element) {
    if (element.is_primitive()) return true;
    return element.is_array() && element.size() <= 2 &&
           std::all_of(element.begin(), element.end(), [](const Json& part) { return part.is_number(); });
  });
}

class Layout {
public:
  std::string text;

  void append(const Json& value, std::size_t indent) {
    if (value.is_object() && !value.empty()) {
      append_object(value, indent);
    } else if (value.is_array() && !value.empty() && !is_row(value)) {
      append_list(value, indent);
    } else {
      append_flat(value);
    }
  }

private:
  void line(std::size_t indent) {
    text += '\n';
    text.append(2 * indent, ' ');
  }

  void append_object(const Json& value, std::size_t indent) {
    text += '{';
    bool first = true;
    for (const auto& [key, element] : value.items()) {
      if (!first) text += ',';
      first = false;
      line(indent + 1);
      append_flat(Json(key));
      text += ": ";
      append(element, indent + 1);
    }
    line(indent);
    text += '}';
  }

  void append_list(const Json& value, std::size_t indent) {
    text += '[';
    bool first = true;
    for (const Json& element : value) {
      if (!first) text += ',';
      first = false;
      line(indent + 1);
      append(element, indent + 1);
    }
    line(indent);
    text += ']';
  }

  void append_flat(const Json& value) {
    if (value.is_number_float()) {
      append_number(text, value.get<double>());
    } else if (value.is_array()) {
      text += '[';
      bool first = true;
      for (const Json& element : value) {
        if (!first) text += ", ";
        first = false;
        append_flat(element);
      }
      text += ']';
    } else {
      text += value.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
  }
};

}  // namespace

std::string to_text(const nlohmann::ordered_json& json) {
  Layout layout;
  layout.append(json, 0);
  return std::move(layout.text);
}

}  // namespace vitrispin::io
