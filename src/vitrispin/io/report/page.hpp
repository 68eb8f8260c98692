#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "vitrispin/io/summary.hpp"

/// Sections of report.html as HTML.
namespace vitrispin::io {

/// Text with <, >, & and quotes escaped.
std::string escaped(const std::string& text);

/// Text of a figure or of a place in a sweep: escaped, with _{...} as a subscript.
std::string with_subscripts(const std::string& text);

/// A symbol as it is written in plain text, χ_M, with its subscript set as one.
std::string symbol_html(const std::string& symbol);

/// The answer in sentences, each HTML: decay lengths, transmission and its law, resonance, regime.
std::vector<std::string> answers(const nlohmann::ordered_json& summary, const std::vector<ExperimentResult>& results);

/// The equations that the experiments solve, with the values of the first spin glass put in.
std::string equations_section(const nlohmann::ordered_json& summary, const std::vector<ExperimentResult>& results);

/// Every number of every material with its unit, standing and source, and the scales that follow.
std::string materials_section(const nlohmann::ordered_json& summary);

/// The stack as a row of boxes: contacts, layers, field.
std::string stack_section(const nlohmann::ordered_json& summary);

}  // namespace vitrispin::io
