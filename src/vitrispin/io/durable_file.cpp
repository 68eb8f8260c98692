#include "vitrispin/io/durable_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "vitrispin/core/errors.hpp"

namespace vitrispin::io {
namespace {

/// A file descriptor, closed at the end of its scope.
class Descriptor {
public:
  explicit Descriptor(int id) : id_(id) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(id_); }
  int id() const { return id_; }

private:
  int id_;
};

void write_all(int descriptor, std::string_view contents, const std::string& name) {
  while (!contents.empty()) {
    const ssize_t written = ::write(descriptor, contents.data(), contents.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      throw_system_error("write " + name);
    }
    contents.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

void throw_system_error(const std::string& call) {
  const int code = errno;
  throw ExternalError("operating system", call, code, std::strerror(code));
}

void flush_folder(const std::filesystem::path& folder) {
  const int id = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (id < 0) throw_system_error("open " + folder.string());
  const Descriptor descriptor(id);
  // Some network file systems cannot flush a folder; there the rename is as durable as they make it.
  if (fsync(id) != 0 && errno != EINVAL && errno != ENOTSUP) throw_system_error("fsync " + folder.string());
}

void write_durably(const std::filesystem::path& file, std::string_view contents) {
  const std::string temporary = file.string() + ".tmp";
  {
    const int id = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (id < 0) throw_system_error("open " + temporary);
    const Descriptor descriptor(id);
    write_all(id, contents, temporary);
    if (fsync(id) != 0) throw_system_error("fsync " + temporary);
  }
  if (rename(temporary.c_str(), file.c_str()) != 0) throw_system_error("rename " + temporary);
  flush_folder(file.has_parent_path() ? file.parent_path() : std::filesystem::path("."));
}

}  // namespace vitrispin::io
