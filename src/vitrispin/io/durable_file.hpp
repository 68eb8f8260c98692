#pragma once

#include <filesystem>
#include <string_view>

namespace vitrispin::io {

/// Writes a file so that, whatever happens, either the old or the new contents are there: a temporary file beside it is
/// written, flushed to the disk, renamed over it, and the folder flushed. Throws ExternalError with the system's
/// reason.
void write_durably(const std::filesystem::path& file, std::string_view contents);

/// Flushes a folder's entries to the disk.
void flush_folder(const std::filesystem::path& folder);

/// Throws ExternalError for the system's last error: `call` names what was tried.
[[noreturn]] void throw_system_error(const std::string& call);

}  // namespace vitrispin::io
