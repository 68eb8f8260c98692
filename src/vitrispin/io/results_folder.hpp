#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// The results folder DIR: whole at every moment, whatever happens to the run.
namespace vitrispin::io {

/// Results are built in DIR.partial and exchanged with DIR in one step at the end. While it lives, the object holds
/// locks on both, so that a second run into DIR is refused. If it ends without `commit`, DIR is as it was and
/// DIR.partial stays.
class ResultsFolder {
public:
  enum class Start { fresh, restart };

  /// Throws InputError if DIR holds something that is not results of this program, if DIR.partial does, or if another
  /// run is writing there; ExternalError if the system refuses. `identity` is the resolved input: `Start::restart`
  /// keeps what DIR.partial has if it was made from the same.
  ResultsFolder(const std::filesystem::path& folder, Start start, const std::string& identity);
  ResultsFolder(const ResultsFolder&) = delete;
  ResultsFolder& operator=(const ResultsFolder&) = delete;
  ~ResultsFolder();

  const std::filesystem::path& final_path() const { return final_; }
  const std::filesystem::path& partial_path() const { return partial_; }
  bool continues_earlier_run() const { return continues_; }
  bool has(const std::string& name) const;

  void write(const std::string& name, std::string_view contents);  ///< durable; see write_durably
  std::string contents(const std::string& name) const;             ///< of a file of DIR.partial; empty if there is none
  void remove(const std::string& name);                            ///< from DIR.partial; no matter if it is not there
  void log(std::string_view line);  ///< appends to run.log; a full disk is reported by `commit`, not here

  /// Puts the new results in the place of DIR. Files of the user in the old DIR move along; the old results are
  /// removed.
  void commit();

private:
  void prepare_partial(Start start, const std::string& identity);
  void exchange();

  std::filesystem::path final_, partial_;
  int final_lock_ = -1, partial_lock_ = -1, log_ = -1;
  bool continues_ = false;
};

/// Behind the name of an experiment's file: its state while it runs.
inline constexpr const char* checkpoint_ending = ".checkpoint";

/// The file in which an experiment's arrays are kept: NAME.nc, with what a file name cannot hold replaced.
std::string netcdf_file_name(const std::string& experiment);

/// True if the folder has a summary.json that this program wrote.
bool is_results_folder(const std::filesystem::path& folder);

}  // namespace vitrispin::io
