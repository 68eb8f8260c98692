#include <cerrno>
#include <cstdio>
#include <cstring>

#include "vitrispin/app/commands.hpp"
#include "vitrispin/app/terminal.hpp"
#include "vitrispin/app/version.hpp"
#include "vitrispin/core/errors.hpp"

namespace vitrispin::app {

std::string welcome_text() {
  return "vitrispin " + version() +
         ": spin transport and spin dynamics in spin glasses\n"
         "\n"
         "Describe a film and its contacts in a TOML file, run it, and open the report:\n"
         "dispersion relations, decay lengths, and the spin current through the film\n"
         "against thickness and frequency.\n"
         "\n"
         "  vitrispin run FILE.toml     run its experiments; report in a folder\n"
         "  vitrispin check FILE.toml   validate; show the resolved input and its scales\n"
         "  vitrispin materials [NAME]  material presets, each number with its source\n"
         "  vitrispin report DIR        write DIR/report.html again from the results\n"
         "\n"
         "To try: save this as film.toml and type `vitrispin run film.toml`.\n"
         "\n"
         "  [materials.glass]\n"
         "  preset = \"ayig\"\n"
         "\n"
         "  [[layers]]\n"
         "  name = \"film\"\n"
         "  material = \"glass\"\n"
         "  thickness = \"200 nm\"\n"
         "\n"
         "  [boundary.left]\n"
         "  current = [0, 0, 1.0]        # A/s of magnetization, injected at the left\n"
         "  [boundary.right]\n"
         "  conductance = inf            # a perfect spin sink\n"
         "\n"
         "  [[experiments]]\n"
         "  name = \"thickness\"\n"
         "  kind = \"steady\"\n"
         "  [experiments.sweep.\"layers.film.thickness\"]\n"
         "  from = \"5 nm\"\n"
         "  to = \"1 um\"\n"
         "  points = 40\n"
         "  scale = \"log\"\n"
         "\n"
         "`vitrispin --help` and `vitrispin run --help` list the options.\n";
}

void print(const std::string& text) {
  if (is_hushed()) return;
  errno = 0;
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (!written) throw ExternalError("operating system", "write to standard output", errno, std::strerror(errno));
}

}  // namespace vitrispin::app
