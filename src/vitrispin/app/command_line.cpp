#include "vitrispin/app/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <new>

#include "vitrispin/app/commands.hpp"
#include "vitrispin/app/interruption.hpp"
#include "vitrispin/app/terminal.hpp"
#include "vitrispin/app/version.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/core/ranks.hpp"
#include "vitrispin/dynamics/grid/evolution.hpp"

namespace vitrispin::app {
namespace {

constexpr int done = 0;
constexpr int bug = 1;
constexpr int bad_input = 2;
constexpr int no_convergence = 3;

struct Arguments {
  RunOptions run;
  std::string check_file, material, report_folder;
};

/// Defines the commands; what they fill in lies in `arguments`.
void define_commands(CLI::App& program, Arguments& arguments) {
  program.get_formatter()->column_width(22);  // lines of at most 80 characters; subcommands inherit it
  program.set_version_flag(
      "--version", fmt::format("vitrispin {} (commit {}; {})", version(), source_commit(), build_description()));
  program.require_subcommand(0, 1);

  CLI::App* run = program.add_subcommand("run", "Run every experiment of FILE; results and report in DIR");
  run->add_option("FILE", arguments.run.file, "input file (TOML)")->required();
  run->add_option("-o,--output", arguments.run.folder, "results folder (default: FILE's stem)")->option_text("DIR");
  run->add_flag("--json", arguments.run.json, "print summary.json to standard output");
  run->add_flag("--restart", arguments.run.restart, "keep what an interrupted run of the same input finished");
  run->add_flag("--quiet", arguments.run.quiet, "no progress; warnings and errors only");

  CLI::App* check = program.add_subcommand("check", "Validate FILE; show the resolved input and its scales");
  check->add_option("FILE", arguments.check_file, "input file (TOML)")->required();

  CLI::App* materials = program.add_subcommand("materials", "List the material presets, or show one with its sources");
  materials->add_option("NAME", arguments.material, "preset");

  CLI::App* report = program.add_subcommand("report", "Write DIR/report.html again from the results in DIR");
  report->add_option("DIR", arguments.report_folder, "results folder")->required();
}

int dispatch(const CLI::App& program, const Arguments& arguments) {
  if (program.got_subcommand("run")) return run_command(arguments.run);
  if (program.got_subcommand("check")) return check_command(arguments.check_file);
  if (program.got_subcommand("materials")) return materials_command(arguments.material);
  if (program.got_subcommand("report")) return report_command(arguments.report_folder);
  print(welcome_text());
  return done;
}

/// How the command that was called is to be called; which commands there are, if none was recognised.
std::string usage(const CLI::App& program) {
  const auto chosen = program.get_subcommands();
  if (chosen.empty()) return "usage: vitrispin run|check|materials|report ...; see `vitrispin --help`";
  const std::string help = chosen.front()->help("vitrispin");
  const std::size_t begin = help.find("Usage:");
  if (begin == std::string::npos) return {};
  return "u" + help.substr(begin + 1, help.find('\n', begin) - begin - 1) +
         fmt::format("; see `vitrispin {} --help`", chosen.front()->get_name());
}

int parse_and_dispatch(int argc, const char* const* argv) {
  Arguments arguments;
  CLI::App program("Spin transport and spin dynamics in spin glasses", "vitrispin");
  define_commands(program, arguments);
  try {
    program.parse(argc, argv);
  } catch (const CLI::CallForVersion& version_asked) {
    print(std::string(version_asked.what()) + '\n');
    return done;
  } catch (const CLI::CallForHelp&) {
    // The help of the subcommand that was asked about.
    const auto chosen = program.get_subcommands();
    print(chosen.empty() ? program.help() : chosen.front()->help("vitrispin"));
    return done;
  } catch (const CLI::ParseError& error) {
    const bool unknown = program.get_subcommands().empty() && argc > 1 && argv[1][0] != '-';
    const std::string fault = unknown ? fmt::format("there is no command {}", argv[1]) : error.what();
    show_error(fault + '\n' + usage(program));
    return bad_input;
  }
  return dispatch(program, arguments);
}

}  // namespace

int exit_status_of(const std::function<int()>& work) {
  try {
    return work();
  } catch (const InputError& error) {
    show_faults(error);
    return bad_input;
  } catch (const DomainError& error) {
    show_error(error.what());
    return bad_input;
  } catch (const ExternalError& error) {
    show_error(error.what());
    return bad_input;
  } catch (const ConvergenceError& error) {
    show_error(error.what());
    return no_convergence;
  } catch (const Interrupted& interruption) {
    return 128 + interruption.signal();
  } catch (const std::bad_alloc&) {
    show_error("not enough memory: ask for fewer points, or fewer profile points");
    return bad_input;
  } catch (const std::exception& error) {
    show_error(fmt::format("this is a bug in vitrispin {} ({}): {}", version(), source_commit(), error.what()));
    return bug;
  }
}

namespace {

/// The last thing that a rank does: all end with the same status. One that comes here alone, with a failure that the others do not
/// have and while they wait for it elsewhere, ends them.
int leave(int status) {
  Ranks* ranks = dynamics::grid::running_ranks();
  // Without MPI: launchers kill all ranks when one fails, and the first has something to say.
  if (ranks == nullptr) return launch().rank == 0 ? status : done;
  constexpr double patience = 10;  // seconds; ranks that stop for the same reason do so at the same message
  if (!ranks->all_arrive(patience)) {
    const std::string text = unhush();
    if (!text.empty()) show_error(fmt::format("rank {} alone failed: {}", ranks->rank(), text));
    ranks->abort(status == done ? bug : status);
  }
  status = static_cast<int>(ranks->largest({status})[0]);
  ranks->finish();
  return status;
}

}  // namespace

int command_line(int argc, const char* const* argv) {
  if (launch().rank > 0) hush();
  return leave(exit_status_of([&] { return parse_and_dispatch(argc, argv); }));
}

}  // namespace vitrispin::app
