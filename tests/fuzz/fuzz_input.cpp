#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/io/input.hpp"

// Whatever the bytes are, the reader either reads them or throws InputError with at least one fault; and what it has read
// comes back the same from the resolved TOML. Everything else (another exception, a sanitizer's report) is a finding.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    const vitrispin::io::Input input = vitrispin::io::parse_input(text, "fuzz.toml");
    const std::string resolved = vitrispin::io::to_toml(input, "");
    std::string again;
    try {
      again = vitrispin::io::to_toml(vitrispin::io::parse_input(resolved, "resolved.toml"), "");
    } catch (const vitrispin::InputError& error) {
      again = error.what();
    }
    if (again != resolved) {
      std::fprintf(stderr, "the resolved input does not read back:\n%s\n---\n%s\n", resolved.c_str(), again.c_str());
      std::abort();
    }
  } catch (const vitrispin::InputError& error) {
    if (error.faults().empty()) std::abort();
  }
  return 0;
}
