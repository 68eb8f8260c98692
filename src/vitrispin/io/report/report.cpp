#include "vitrispin/io/report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "vitrispin/io/report/assets.hpp"
#include "vitrispin/io/report/field_map.hpp"
#include "vitrispin/io/report/figures.hpp"
#include "vitrispin/io/report/page.hpp"

namespace vitrispin::io {
namespace {

using Json = nlohmann::ordered_json;

/// Figures of the whole page, in order; their boxes refer to them by number.
class FigureList {
public:
  std::string section(const std::string& id, const std::string& title, const std::vector<Figure>& figures,
                      const std::string& note, const std::vector<MapFigure>& maps = {}) {
    std::string html =
        fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n{}<div class=\"figures\">\n", id, escaped(title), note);
    for (const MapFigure& map : maps) {
      if (map.json.empty()) continue;
      html += fmt::format(
          "<figure class=\"wide\"><h3>{}</h3><div class=\"{}\" data-figure=\"{}\"></div><figcaption>{}</figcaption>"
          "</figure>\n",
          escaped(map.title), map.style, data_.size(), escaped(map.caption));
      data_.push_back(Json::parse(map.json));
    }
    for (const Figure& figure : figures) {
      html += fmt::format(
          "<figure><h3>{}</h3><div class=\"plot\" data-figure=\"{}\"></div><figcaption>{}</figcaption></figure>\n",
          with_subscripts(figure.title), data_.size(), with_subscripts(figure.caption));
      data_.push_back(to_json(figure));
    }
    return html + "</div>\n</section>\n";
  }

  /// "</" would end the script element early.
  std::string data() const {
    std::string text = data_.dump(-1, ' ', false, Json::error_handler_t::replace);
    for (std::size_t at = text.find("</"); at != std::string::npos; at = text.find("</", at + 3))
      text.insert(at + 1, "\\");
    return text;
  }

private:
  Json data_ = Json::array();
};

std::string anchor(std::size_t index) {
  return fmt::format("experiment-{}", index + 1);
}

std::string kind_note(const std::string& kind) {
  if (kind == "modes") return "Linear modes about equilibrium, Eqs. (51), (52).";
  if (kind == "response") return "Linear response to a field that varies in space and time.";
  if (kind == "perturbation")
    return "Weak-coupling formulas of the paper, Eqs. (53)–(71) as corrected, beside the exact modes.";
  if (kind == "steady") return "Steady state of the stack, exact in space.";
  if (kind == "harmonic") return "Response of the stack to a drive at one frequency, exact in space.";
  if (kind == "time") return "The nonlinear equations (22)–(24) in time, by finite volumes.";
  if (kind == "atoms")
    return "Classical spins on a lattice: metastable states and the constants that follow from them.";
  return {};
}

std::string list(const std::vector<std::string>& items) {
  std::string html = "<ul>\n";
  for (const std::string& item : items) html += "<li>" + item + "</li>\n";
  return html + "</ul>\n";
}

std::vector<std::string> all_warnings(const Json& summary, const std::vector<ExperimentResult>& results) {
  std::vector<std::string> warnings;
  if (summary.contains("warnings")) {
    for (const auto& warning : summary["warnings"]) warnings.push_back(escaped(warning.get<std::string>()));
  }
  for (const ExperimentResult& result : results) {
    for (const std::string& warning : result.record.warnings) {
      warnings.push_back("<b>" + escaped(result.name) + "</b>: " + escaped(warning));
    }
  }
  return warnings;
}

std::string value(const Json& summary, const char* key) {
  return escaped(summary.value(key, ""));
}

std::string provenance_section(const Json& summary) {
  std::string html = "<section id=\"provenance\">\n<h2>Provenance</h2>\n<div class=\"table\"><table>\n";
  const auto row = [&](const char* name, const std::string& text) {
    html += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", name, text);
  };
  row("Program", "vitrispin " + value(summary, "version"));
  row("Commit", "<code>" + value(summary, "commit") + "</code>");
  row("Build", value(summary, "build"));
  row("Input", "<code>" + value(summary, "input") + "</code>; resolved, with all defaults, in <code>input.toml</code>");
  row("Run", value(summary, "time"));
  row("Numbers",
      "<code>summary.json</code> to full precision; arrays with units in the <code>.nc</code> files (netCDF-4)");
  return html + "</table></div>\n</section>\n";
}

std::string citation_section(const Json& summary) {
  return fmt::format(
      "<section id=\"cite\">\n<h2>How to cite</h2>\n"
      "<p>Theory: C. Sun and W. M. Saslow, <i>Phys. Rev. B</i> <b>107</b>, 094438 (2023), DOI "
      "10.1103/PhysRevB.107.094438; equations as corrected in the program’s documentation "
      "(<code>docs/theory.md</code>).</p>\n"
      "<p>Program: vitrispin {}, commit {}.</p>\n</section>\n",
      value(summary, "version"), value(summary, "commit"));
}

std::string head(const Json& summary) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"generator\" content=\"vitrispin {}\">\n<title>{}</title>\n<style>\n{}\n{}</style>\n</head>\n",
      value(summary, "version"), value(summary, "title").empty() ? "vitrispin report" : value(summary, "title"),
      assets::uplot_style_sheet, assets::style_sheet);
}

/// The plotting library with its licence in full; its own first comment only names its home page.
std::string plotting_script() {
  std::string script = assets::uplot_script;
  if (script.rfind("/*", 0) == 0) script.erase(0, script.find("*/") + 2);
  return fmt::format("/* uPlot\n{}*/\n{}", assets::uplot_licence, script);
}

}  // namespace

std::string render_report(const Json& summary, const std::vector<ExperimentResult>& results) {
  FigureList figures;
  std::string sections;
  std::string links;
  const auto link = [&](const std::string& id, const std::string& text) {
    links += fmt::format("<a href=\"#{}\">{}</a>\n", id, escaped(text));
  };
  const std::vector<Figure> comparison = comparison_figures(results);
  if (!comparison.empty()) {
    link("comparison", "Regimes compared");
    sections += figures.section("comparison", "Regimes compared", comparison, {});
  }
  constexpr std::size_t map_room = 1800000;  ///< of the 3 MB that a report may have
  const auto grids = std::count_if(results.begin(), results.end(),
                                   [](const ExperimentResult& result) { return has_grid(result.record); });
  bool geometry_is_drawn = false;
  for (std::size_t i = 0; i < results.size(); ++i) {
    std::vector<MapFigure> maps;
    if (has_grid(results[i].record)) {
      if (!geometry_is_drawn)
        maps.push_back(geometry_figure(results[i].record, summary.value("patches", Json::array())));
      geometry_is_drawn = true;
      maps.push_back(field_figure(results[i].record, map_room / static_cast<std::size_t>(grids)));
    }
    if (results[i].kind == "atoms") maps.push_back(texture_figure(results[i].record));
    const std::vector<Figure> own = figures_of(results[i]);
    std::string note = "<p class=\"byline\">" + kind_note(results[i].kind) + "</p>\n";
    if (own.empty() && maps.empty())
      note += "<p>No curves to draw: the numbers are in <code>summary.json</code>.</p>\n";
    link(anchor(i), results[i].name);
    sections += figures.section(anchor(i), results[i].name, own, note, maps);
  }
  link("equations", "Equations");
  link("materials", "Materials");
  link("provenance", "Provenance");
  link("cite", "How to cite");

  const std::string title = value(summary, "title").empty() ? value(summary, "input") : value(summary, "title");
  std::string html = head(summary) + "<body>\n<header>\n<h1>" + title + "</h1>\n";
  html += fmt::format(
      "<p class=\"byline\">Model results of vitrispin {} from <code>{}</code>, {}</p>\n<nav>\n{}</nav>\n</header>\n",
      value(summary, "version"), value(summary, "input"), value(summary, "time"), links);
  html += "<main>\n<section class=\"answer\" id=\"answer\">\n" + list(answers(summary, results)) + "</section>\n";
  const std::vector<std::string> warnings = all_warnings(summary, results);
  if (!warnings.empty())
    html += "<section class=\"warnings\" id=\"warnings\">\n<b>Warnings</b>\n" + list(warnings) + "</section>\n";
  html += stack_section(summary);
  html +=
      "<p class=\"hint\">Drag over a plot to zoom, double-click to see all of it; move over it for values; click a "
      "name in the "
      "legend to hide or show its curve.</p>\n";
  html += sections + equations_section(summary, results) + materials_section(summary) + provenance_section(summary) +
          citation_section(summary) + "</main>\n";
  html += "<script type=\"application/json\" id=\"figure-data\">" + figures.data() + "</script>\n";
  html += fmt::format(
      "<script>{}</script>\n<script>{}</script>\n<script>{}</script>\n<script>{}</script>\n<script>{}</"
      "script>\n<script>{}</script>\n</"
      "body>\n</html>\n",
      plotting_script(), assets::heat_map_script, assets::field_map_script, assets::geometry_script,
      assets::texture_script, assets::script);
  return html;
}

}  // namespace vitrispin::io
