#include "vitrispin/io/report/report.hpp"

#include <nlohmann/json.hpp>

namespace vitrispin::io {

std::string render_report(const nlohmann::ordered_json& summary, const std::vector<ExperimentResult>& results) {
  return summary.dump() + std::to_string(results.size());
}

}  // namespace vitrispin::io
