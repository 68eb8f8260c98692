#pragma once

#include <string>

/// The commands of the program, docs/getting-started.md. Each returns the exit status 0 or throws.
namespace vitrispin::app {

struct RunOptions {
  std::string file;
  std::string folder;    ///< -o; empty: the file's stem
  bool json = false;     ///< summary.json on standard output
  bool restart = false;  ///< keep the experiments that an interrupted run finished
  bool quiet = false;    ///< no progress
};

int run_command(const RunOptions& options);
int check_command(const std::string& file);
int materials_command(const std::string& name);  ///< empty: the list
int report_command(const std::string& folder);

/// What `vitrispin` alone shows.
std::string welcome_text();

/// Writes to standard output and makes sure that it arrived; throws ExternalError (a full disk, a closed pipe).
void print(const std::string& text);

}  // namespace vitrispin::app
