#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "vitrispin/io/summary.hpp"

namespace vitrispin::io {

/// report.html: one file without outside links, from the summary and the experiments' records.
std::string render_report(const nlohmann::ordered_json& summary, const std::vector<ExperimentResult>& results);

}  // namespace vitrispin::io
