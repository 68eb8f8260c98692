#include "vitrispin/io/results_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/io/durable_file.hpp"
#include "vitrispin/io/vtk.hpp"

namespace vitrispin::io {
namespace {

namespace fs = std::filesystem;

constexpr const char* identity_file = "input.toml";

std::string beginning(const fs::path& file, std::size_t length) {
  std::ifstream stream(file, std::ios::binary);
  std::string text(length, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(length));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
  return text;
}

/// Decides which files of a folder a run wrote; whatever else lies there belongs to the user. A finished folder names its
/// .nc and .pvd files at the beginning of the summary, and a .vtr file goes with its .pvd; without a summary, in DIR.partial, all of
/// these are ours.
class OwnFiles {
public:
  explicit OwnFiles(const fs::path& folder) : summary_(beginning(folder / "summary.json", 1 << 16)) {}

  bool contains(const fs::path& entry) const {
    std::string name = entry.filename().string();
    for (const char* own : {"summary.json", "report.html", identity_file, "run.log"}) {
      if (name == own || name == own + std::string(temporary)) return true;
    }
    if (entry.extension() == temporary) name.resize(name.size() - std::string(temporary).size());
    if (name.ends_with(checkpoint_ending)) name.resize(name.size() - std::string_view(checkpoint_ending).size());
    if (const std::string collection = collection_of_snapshot(name); !collection.empty()) name = collection;
    if (fs::path(name).extension() != ".nc" && fs::path(name).extension() != ".pvd") return false;
    return summary_.empty() || summary_.find('"' + name + '"') != std::string::npos;
  }

private:
  static constexpr const char* temporary = ".tmp";
  std::string summary_;
};

std::vector<fs::path> foreign_entries(const fs::path& folder) {
  const OwnFiles own(folder);
  std::vector<fs::path> foreign;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (!entry.is_regular_file() || !own.contains(entry.path())) foreign.push_back(entry.path());
  }
  return foreign;
}

/// The summary, which says what is ours, goes last: a removal cut short is taken up where it stopped.
void remove_ours(const fs::path& folder) {
  const OwnFiles own(folder);
  std::vector<fs::path> ours;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (own.contains(entry.path()) && entry.path().filename() != "summary.json") ours.push_back(entry.path());
  }
  for (const fs::path& file : ours) fs::remove(file);
  fs::remove(folder / "summary.json");
}

/// Opens a folder and locks it; the lock belongs to the folder itself, wherever it is renamed to. -1: it is not there.
int lock_folder(const fs::path& folder) {
  for (;;) {
    const int id = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (id < 0) {
      if (errno == ENOENT) return -1;
      throw_system_error("open " + folder.string());
    }
    if (flock(id, LOCK_EX | LOCK_NB) != 0) {
      const int code = errno;
      close(id);
      if (code == EWOULDBLOCK) {
        throw InputError(
            fmt::format("{} is being written by another run of vitrispin: wait for it, or choose another "
                        "folder with -o",
                        folder.string()));
      }
      if (code == ENOLCK || code == ENOTSUP || code == EINVAL) return -1;  // a file system without locks
      errno = code;
      throw_system_error("flock " + folder.string());
    }
    // Between open and flock the name may have gone to another folder.
    struct stat opened {
    }, named{};
    if (fstat(id, &opened) == 0 && stat(folder.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
        opened.st_dev == named.st_dev) {
      return id;
    }
    close(id);
  }
}

/// The folder's true place: a link is followed, so that what is exchanged is the folder and not the link.
fs::path resolved(const fs::path& folder) {
  fs::path path = fs::weakly_canonical(fs::absolute(folder));
  if (!path.has_filename()) path = path.parent_path();
  return path;
}

}  // namespace

std::string netcdf_file_name(const std::string& experiment) {
  std::string name = experiment;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '/' || c == '\0'; }, '_');
  if (!name.empty() && name.front() == '.') name.front() = '_';
  return name + ".nc";
}

bool is_results_folder(const fs::path& folder) {
  std::string start = beginning(folder / "summary.json", 200);
  start.erase(std::remove_if(start.begin(), start.end(),
                             [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }),
              start.end());
  return start.rfind(R"({"program":"vitrispin")", 0) == 0;
}

ResultsFolder::ResultsFolder(const fs::path& folder, Start start, const std::string& identity) try
    : final_(resolved(folder)), partial_(final_.string() + ".partial") {
  const fs::file_status status = fs::status(final_);
  if (fs::exists(status)) {
    if (!fs::is_directory(status)) {
      throw InputError(fmt::format("{} is a file: choose a folder for the results with -o", final_.string()));
    }
    if (!fs::is_empty(final_) && !is_results_folder(final_)) {
      throw InputError(
          fmt::format("{} is not empty and holds no summary.json of vitrispin: it is left alone; choose "
                      "another folder with -o",
                      final_.string()));
    }
    final_lock_ = lock_folder(final_);
  }
  prepare_partial(start, identity);
  const std::string log = (partial_ / "run.log").string();
  log_ = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (log_ < 0) throw_system_error("open " + log);
  if (!continues_) write(identity_file, identity);
} catch (const fs::filesystem_error& error) {
  throw ExternalError("operating system", "access " + folder.string(), error.code().value(), error.code().message());
}

ResultsFolder::~ResultsFolder() {
  for (const int id : {log_, partial_lock_, final_lock_}) {
    if (id >= 0) close(id);
  }
}

void ResultsFolder::prepare_partial(Start start, const std::string& identity) {
  if (fs::exists(fs::symlink_status(partial_)) && !fs::is_directory(fs::symlink_status(partial_))) {
    throw InputError(
        fmt::format("{} is in the way: the results are built in a folder of that name", partial_.string()));
  }
  while (partial_lock_ < 0) {
    std::error_code code;
    fs::create_directories(partial_, code);
    if (code) throw ExternalError("operating system", "mkdir " + partial_.string(), code.value(), code.message());
    partial_lock_ = lock_folder(partial_);
    if (partial_lock_ < 0 && fs::exists(partial_)) break;  // a file system without locks
  }
  const std::vector<fs::path> foreign = foreign_entries(partial_);
  if (!foreign.empty()) {
    throw InputError(fmt::format("{} holds what vitrispin did not write ({}): move it away first", partial_.string(),
                                 foreign.front().filename().string()));
  }
  continues_ = start == Start::restart && beginning(partial_ / identity_file, identity.size() + 1) == identity;
  if (!continues_) remove_ours(partial_);
}

bool ResultsFolder::has(const std::string& name) const {
  return fs::exists(partial_ / name);
}

std::string ResultsFolder::contents(const std::string& name) const {
  std::ifstream file(partial_ / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void ResultsFolder::remove(const std::string& name) {
  std::error_code ignored;
  fs::remove(partial_ / name, ignored);
}

void ResultsFolder::write(const std::string& name, std::string_view contents) {
  write_durably(partial_ / name, contents);
}

void ResultsFolder::log(std::string_view line) {
  std::string text(line);
  text += '\n';
  const ssize_t written = ::write(log_, text.data(), text.size());
  static_cast<void>(written);  // the log is not worth failing for while results can be written; commit checks them
}

void ResultsFolder::exchange() {
  const char* from = partial_.c_str();
  const char* to = final_.c_str();
  const bool exists = fs::exists(final_);
  if (renameat2(AT_FDCWD, from, AT_FDCWD, to, exists ? RENAME_EXCHANGE : RENAME_NOREPLACE) == 0) return;
  if (errno != EINVAL && errno != ENOSYS) throw_system_error(fmt::format("renameat2 {} {}", from, to));
  // A file system that cannot exchange: the old results wait under another name for the instant between two renames.
  const std::string waiting = final_.string() + ".previous";
  if (exists && rename(to, waiting.c_str()) != 0) throw_system_error(fmt::format("rename {} {}", to, waiting));
  if (rename(from, to) != 0) {
    const int code = errno;
    if (exists && rename(waiting.c_str(), to) != 0) throw_system_error(fmt::format("rename {} {}", waiting, to));
    errno = code;
    throw_system_error(fmt::format("rename {} {}", from, to));
  }
  if (exists && rename(waiting.c_str(), from) != 0) throw_system_error(fmt::format("rename {} {}", waiting, from));
}

void ResultsFolder::commit() {
  if (fsync(log_) != 0) throw_system_error("fsync " + (partial_ / "run.log").string());
  flush_folder(partial_);
  const bool replaces = fs::exists(final_);
  // The old results must not become a "partial" that another run takes up while they are being removed: lock them, too.
  if (replaces && final_lock_ < 0) final_lock_ = lock_folder(final_);
  exchange();
  flush_folder(final_.parent_path());
  if (!replaces) return;
  try {
    for (const fs::path& entry : foreign_entries(partial_)) fs::rename(entry, final_ / entry.filename());
    remove_ours(partial_);
    fs::remove(partial_);
  } catch (const fs::filesystem_error&) {
    // The new results are in place; what is left of the old ones lies in DIR.partial and is cleared by the next run.
  }
}

}  // namespace vitrispin::io
