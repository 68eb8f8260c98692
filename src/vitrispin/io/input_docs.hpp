#pragma once

#include <string>

namespace vitrispin::io {

/// docs/input.md, written from the tables that the reader uses (schema.hpp).
std::string input_documentation();

}  // namespace vitrispin::io
