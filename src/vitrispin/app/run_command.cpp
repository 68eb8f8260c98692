#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "vitrispin/app/atoms_constants.hpp"
#include "vitrispin/app/commands.hpp"
#include "vitrispin/app/experiments.hpp"
#include "vitrispin/app/initial_file.hpp"
#include "vitrispin/app/interruption.hpp"
#include "vitrispin/app/terminal.hpp"
#include "vitrispin/app/version.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/core/parallel.hpp"
#include "vitrispin/dynamics/grid/evolution.hpp"
#include "vitrispin/io/netcdf.hpp"
#include "vitrispin/io/report/report.hpp"
#include "vitrispin/io/results_folder.hpp"
#include "vitrispin/io/summary.hpp"
#include "vitrispin/io/vtk.hpp"

namespace vitrispin::app {
namespace {

namespace fs = std::filesystem;

std::string utc_now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

std::string_view as_text(const std::vector<unsigned char>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::size_t point_count(const io::Experiment& experiment) {
  std::size_t points = 1;
  for (const io::SweepAxis& axis : experiment.sweep) points *= axis.values.size();
  return points;
}

/// The other ranks wait until this one says which experiment all run together, or that there is no more.
class Lead {
public:
  explicit Lead(Ranks& ranks) : ranks_(ranks) {}
  Lead(const Lead&) = delete;
  Lead& operator=(const Lead&) = delete;
  ~Lead() {
    if (others_wait_) ranks_.told(no_more);
  }
  /// `work` on all ranks. If it fails, they do not come back.
  io::Record together(std::size_t experiment, const std::function<io::Record()>& work) {
    ranks_.told(static_cast<long>(experiment));
    others_wait_ = false;
    const Together together(ranks_);
    io::Record record = work();
    others_wait_ = true;
    return record;
  }
  int size() const { return ranks_.size(); }

  static constexpr long no_more = -1;

private:
  Ranks& ranks_;
  bool others_wait_ = true;
};

/// What the other ranks do.
int follow(const io::Input& input, Ranks& ranks) {
  const CheckpointStore store{[](std::string_view) {}, {}};
  for (;;) {
    const long experiment = ranks.told(0);
    if (experiment == Lead::no_more) return 0;
    const Together together(ranks);
    run_experiment(input, input.experiments[static_cast<std::size_t>(experiment)], 1, {}, &store);
  }
}

/// Several ranks share a grid, which method = "exact" cannot.
void check_exact_runs_alone(const io::Input& input, int ranks) {
  std::vector<Fault> faults;
  for (const io::Experiment& experiment : input.experiments) {
    const auto* time = std::get_if<io::TimeExperiment>(&experiment.body);
    if (ranks == 1 || time == nullptr || time->method != "exact" || !is_shared(input, experiment)) continue;
    faults.push_back({input.file, time->method_line, time->method_column, "method",
                      fmt::format("method = \"exact\" runs on one rank, since its waves span the whole box, but there "
                                  "are {}: start the program without mpirun, or choose another method",
                                  ranks)});
  }
  if (!faults.empty()) throw InputError(std::move(faults));
}

/// Constants that atoms give are known to the rank that computes them.
void check_atoms_run_alone(const io::Input& input, int ranks) {
  for (const io::NamedMaterial& material : input.materials) {
    const bool shared = std::any_of(input.experiments.begin(), input.experiments.end(),
                                    [&](const io::Experiment& experiment) { return is_shared(input, experiment); });
    if (ranks == 1 || material.taken.empty() || !shared) continue;
    throw InputError(
        fmt::format("material {} takes its constants from experiment {}, which one rank computes: start the "
                    "program without mpirun, or paste the material table of its results into the file",
                    material.name, material.from));
  }
}

/// One run into one folder; every failure leaves DIR as it was.
class Run {
public:
  Run(const io::Input& input, const std::string& folder, const RunOptions& options, Lead& lead)
      : input_(input),
        lead_(lead),
        identity_(io::to_toml(input, fmt::format("Resolved input of vitrispin {}, commit {}, {}.", version(),
                                                 source_commit(), build_description()))),
        folder_(folder, options.restart ? io::ResultsFolder::Start::restart : io::ResultsFolder::Start::fresh,
                identity_),
        display_(options.quiet, [this](const std::string& line) { folder_.log(line); }) {
    if (options.restart && !folder_.continues_earlier_run()) {
      display_.line("nothing to continue from the same input and program: starting afresh");
    }
  }

  std::string execute() {
    const auto started = std::chrono::steady_clock::now();
    folder_.log(fmt::format("{}  vitrispin {} ({}), {} threads, {} ranks, input {}", utc_now(), version(),
                            source_commit(), thread_count(), lead_.size(), input_.file));
    for (const std::string& warning : input_.warnings) warn(warning);
    results_.resize(input_.experiments.size());
    // Atoms come first: films may be made of them.
    for (const bool atoms : {true, false}) {
      for (std::size_t i = 0; i < input_.experiments.size(); ++i) {
        if ((input_.experiments[i].kind == "atoms") == atoms) finish(i);
      }
      if (atoms) put_in_constants();
    }
    std::string summary = write_results();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    folder_.log(fmt::format("{}  finished in {}", utc_now(), duration_text(seconds)));
    stop_if_interrupted();
    folder_.commit();
    return summary;
  }

  /// What is kept, for the message of a run that did not get to its end.
  std::string what_is_kept() const {
    std::string kept = fmt::format("{} of {} experiments finished; kept in {}", finished_, input_.experiments.size(),
                                   folder_.partial_path().string());
    if (fs::exists(folder_.final_path())) {
      kept += fmt::format("; the earlier results in {} are untouched", folder_.final_path().string());
    }
    return kept;
  }

  void log(const std::string& line) { folder_.log(line); }
  void line(const std::string& text) { display_.line(text); }
  fs::path final_path() const { return folder_.final_path(); }

private:
  void warn(const std::string& warning) {
    folder_.log("warning: " + warning);
    show_warning(warning);
  }

  void finish(std::size_t index) {
    const io::Experiment& experiment = input_.experiments[index];
    stop_if_interrupted();
    const std::string file = io::netcdf_file_name(experiment.name);
    if (folder_.continues_earlier_run() && folder_.has(file)) {
      results_[index] = {experiment.name, experiment.kind, io::read_netcdf((folder_.partial_path() / file).string())};
      ++finished_;
      display_.reused(experiment.name);
      return;
    }
    const auto* time = std::get_if<io::TimeExperiment>(&experiment.body);
    if (time != nullptr && time->vtk && !io::is_written_for_paraview(experiment)) {
      warn(experiment.name + ": vtk is not for sweeps: the snapshots of all points are in " + file + " alone");
    }
    display_.begin(experiment.name, experiment.kind, point_count(experiment));
    const std::string checkpoint = file + io::checkpoint_ending;
    const CheckpointStore store{[&](std::string_view bytes) { folder_.write(checkpoint, bytes); },
                                folder_.continues_earlier_run() ? folder_.contents(checkpoint) : std::string()};
    const auto run = [&] {
      return run_experiment(
          input_, experiment, thread_count(),
          [this](std::size_t done, std::size_t total, const std::string& note) { display_.update(done, total, note); },
          &store);
    };
    io::Record record = is_shared(input_, experiment) ? lead_.together(index, run) : run();
    add_errors(record, experiment, computed_,
               [&](const io::Input& input) { return run_experiment(input, experiment, thread_count(), {}, nullptr); });
    if (io::is_written_for_paraview(experiment)) write_for_paraview(file, record);
    // Last of its files: by it a restart knows that all are there. No time of day in here: the same input gives the same bits.
    folder_.write(file,
                  as_text(io::to_netcdf(record, {{"title", input_.title},
                                                 {"experiment", experiment.name},
                                                 {"kind", experiment.kind},
                                                 {"source", "vitrispin " + version() + ", " + source_commit()},
                                                 {"references", "https://doi.org/10.1103/PhysRevB.107.094438"}})));
    folder_.remove(checkpoint);
    display_.end();
    for (const std::string& warning : record.warnings) warn(experiment.name + ": " + warning);
    results_[index] = {experiment.name, experiment.kind, std::move(record)};
    ++finished_;
  }

  /// From here on the materials have what the atoms gave.
  void put_in_constants() {
    computed_ = with_computed_constants(input_, [this](const std::string& name) -> const io::Record& {
      const auto found = std::find_if(results_.begin(), results_.end(),
                                      [&](const io::ExperimentResult& result) { return result.name == name; });
      return found->record;
    });
    input_ = computed_.input;
  }

  void write_for_paraview(const std::string& file, const io::Record& record) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < record.size_of("snapshot"); ++i) {
      names.push_back(io::snapshot_name(file, i));
      folder_.write(names.back(), io::to_vtr(record, i));
    }
    folder_.write(io::collection_name(file), io::to_pvd(record, names));
  }

  std::string write_results() {
    const nlohmann::ordered_json summary =
        io::summarize(input_, {version(), source_commit(), build_description(), utc_now()}, results_);
    std::string text = io::to_text(summary) + '\n';
    folder_.write("report.html", io::render_report(summary, results_));
    folder_.write("summary.json", text);
    return text;
  }

  io::Input input_;
  Lead& lead_;
  std::string identity_;
  io::ResultsFolder folder_;
  ProgressDisplay display_;
  std::vector<io::ExperimentResult> results_;  ///< in the order of the file
  std::size_t finished_ = 0;
  ComputedInput computed_;
};

}  // namespace

int run_command(const RunOptions& options) {
  Ranks& ranks = dynamics::grid::all_ranks();
  const io::Input input = io::read_input(options.file);
  check_starting_states(input);
  check_exact_runs_alone(input, ranks.size());
  check_atoms_run_alone(input, ranks.size());
  remember_signals();
  if (!ranks.first()) return follow(input, ranks);
  Lead lead(ranks);
  const std::string folder = options.folder.empty() ? fs::path(options.file).stem().string() : options.folder;
  Run run(input, folder, options, lead);
  std::string summary;
  try {
    summary = run.execute();
  } catch (const Interrupted&) {
    show_error("interrupted; " + run.what_is_kept());
    run.log("interrupted");
    throw;
  } catch (const std::exception& error) {
    run.log(std::string("failed: ") + error.what());
    show_error(fmt::format("the run did not finish; {}. With --restart it goes on from there.", run.what_is_kept()));
    throw;
  }
  run.line(fmt::format("Report: {}", (run.final_path() / "report.html").string()));
  if (options.json) print(summary);
  return 0;
}

}  // namespace vitrispin::app
