#include <cstdio>

#include "vitrispin/io/input_docs.hpp"

/// Writes docs/input.md to standard output.
int main() {
  return std::fputs(vitrispin::io::input_documentation().c_str(), stdout) < 0 ? 1 : 0;
}
