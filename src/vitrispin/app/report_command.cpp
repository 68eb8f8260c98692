#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "vitrispin/app/commands.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/io/durable_file.hpp"
#include "vitrispin/io/netcdf.hpp"
#include "vitrispin/io/report/report.hpp"
#include "vitrispin/io/results_folder.hpp"

namespace vitrispin::app {

int report_command(const std::string& folder) {
  const std::filesystem::path path(folder);
  if (!io::is_results_folder(path)) {
    throw InputError(folder + ": no summary.json of vitrispin in this folder; `vitrispin run FILE.toml` makes one");
  }
  std::ifstream stream(path / "summary.json");
  const auto summary = nlohmann::ordered_json::parse(stream, nullptr, false);
  if (summary.is_discarded() || !summary.contains("experiments")) {
    throw InputError((path / "summary.json").string() + ": not whole; run the input again");
  }
  std::vector<io::ExperimentResult> results;
  for (const auto& [name, experiment] : summary["experiments"].items()) {
    const std::filesystem::path file = path / io::netcdf_file_name(name);
    results.push_back({name, experiment.value("kind", ""), io::read_netcdf(file.string())});
  }
  io::write_durably(path / "report.html", io::render_report(summary, results));
  return 0;
}

}  // namespace vitrispin::app
