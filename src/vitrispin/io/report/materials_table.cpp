#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "vitrispin/io/number_text.hpp"
#include "vitrispin/io/report/page.hpp"

namespace vitrispin::io {
namespace {

using Json = nlohmann::ordered_json;

double number_of(const Json& entry) {
  const auto found = entry.find("value");
  if (found != entry.end() && found->is_number()) return found->get<double>();
  return entry.value("value_reason", "") == "infinite" ? std::numeric_limits<double>::infinity()
                                                       : std::numeric_limits<double>::quiet_NaN();
}

std::string quantity_cell(const Json& entry) {
  return engineering(number_of(entry), entry.value("unit", "1"));
}

std::string face(const Json& boundary, const char* name) {
  std::string text = "closed";
  if (boundary.contains("current")) {
    text = "spin current injected";
  } else if (boundary.contains("conductance")) {
    const Json& conductance = boundary["conductance"];
    text = conductance.is_number() ? "contact, Y = " + engineering(conductance.get<double>(), "m s-1", 3)
                                   : "perfect contact";
    if (boundary.value("mixing", 0.0) > 0) text += ", g = " + engineering(boundary["mixing"].get<double>(), "m-2", 3);
  }
  if (boundary.contains("temperature"))
    text += "; bath at " + engineering(boundary["temperature"].get<double>(), "K", 3);
  const Json twist = boundary.value("twist", Json("free"));
  if (twist.is_array()) {
    text += "; twist driven";
  } else if (twist != "free") {
    text += "; texture clamped";
  }
  return fmt::format("<div class=\"face\">{}<br>{}</div>", name, escaped(text));
}

}  // namespace

std::string escaped(const std::string& text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '<': html += "&lt;"; break;
      case '>': html += "&gt;"; break;
      case '&': html += "&amp;"; break;
      case '"': html += "&quot;"; break;
      default: html += c;
    }
  }
  return html;
}

std::string with_subscripts(const std::string& text) {
  std::string html = escaped(text);
  for (std::size_t open = html.find("_{"); open != std::string::npos; open = html.find("_{", open)) {
    const std::size_t close = html.find('}', open);
    if (close == std::string::npos) break;
    html.replace(close, 1, "</sub>");
    html.replace(open, 2, "<sub>");
  }
  return html;
}

std::string symbol_html(const std::string& symbol) {
  std::string html;
  bool below = false;
  for (const char c : escaped(symbol)) {
    if (c == '_') {
      html += "<sub>";
      below = true;
    } else if (below && (c == ' ' || c == ',' || c == '/' || c == ')' || c == '|')) {
      html += "</sub>";
      html += c;
      below = false;
    } else {
      html += c;
    }
  }
  return below ? html + "</sub>" : html;
}

std::string materials_section(const Json& summary) {
  if (!summary.contains("materials")) return {};
  std::string html = "<section id=\"materials\">\n<h2>Materials</h2>\n";
  for (const auto& [name, material] : summary["materials"].items()) {
    const std::string preset = material.value("preset", "");
    html +=
        fmt::format("<h3>{}</h3>\n<p class=\"byline\">{}{}</p>\n", escaped(name), escaped(material.value("kind", "")),
                    preset.empty() ? "" : ", from preset <code>" + escaped(preset) + "</code>");
    html +=
        "<div "
        "class=\"table\"><table>\n<tr><th>Parameter</th><th></th><th>Value</th><th>Standing</th><th>Source</th></tr>\n";
    const Json parameters = material.value("parameters", Json::object());
    for (const auto& [key, entry] : parameters.items()) {
      const std::string standing = escaped(entry.value("standing", "input"));
      html += fmt::format(
          "<tr><td>{}</td><td>{}</td><td class=\"number\">{}</td><td><span class=\"standing {}\">{}</span></td>"
          "<td class=\"source\">{}</td></tr>\n",
          symbol_html(entry.value("symbol", key)), escaped(entry.value("meaning", "")), quantity_cell(entry), standing,
          standing, escaped(entry.value("source", "")));
    }
    html += "</table></div>\n";
    const Json scales = material.value("scales", Json::object());
    if (scales.empty()) continue;
    html += "<div class=\"table\"><table>\n<tr><th>What follows</th><th>Value</th><th></th></tr>\n";
    for (const auto& [key, entry] : scales.items()) {
      html += fmt::format("<tr><td>{}</td><td class=\"number\">{}</td><td class=\"source\">{}</td></tr>\n",
                          symbol_html(entry.value("symbol", key)), quantity_cell(entry),
                          symbol_html(entry.value("meaning", "")));
    }
    html += "</table></div>\n";
  }
  return html + "</section>\n";
}

std::string stack_section(const Json& summary) {
  if (!summary.contains("layers")) return {};
  std::string html = "<div class=\"stack\" id=\"stack\">\n";
  if (summary.contains("boundary")) html += face(summary["boundary"]["left"], "left");
  for (const auto& layer : summary["layers"]) {
    html += fmt::format("<div class=\"layer\"><b>{}</b><br>{}, {}</div>\n", escaped(layer.value("name", "")),
                        escaped(layer.value("material", "")), engineering(layer.value("thickness", 0.0), "m"));
  }
  if (summary.contains("boundary")) html += face(summary["boundary"]["right"], "right");
  return html + "</div>\n";
}

}  // namespace vitrispin::io
