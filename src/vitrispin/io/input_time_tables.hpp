#pragma once

#include <string>
#include <vector>

#include "vitrispin/io/input_sections.hpp"

/// What the tables inside a time experiment have in common.
namespace vitrispin::io {

/// 0, 1, 2 for the `component` x, y, z.
std::size_t component_of(TableReader& table);

/// The tables of a list at `key`, or one alone; complains about anything else.
std::vector<const TomlNode*> tables_in(TableReader& table, const char* key, const char* what);

/// Complains about keys of the shape that are missing, and about those of other shapes.
void check_keys(TableReader& table, const std::string& what, const std::vector<const char*>& needed,
                const std::vector<const char*>& optional, const std::vector<const char*>& always,
                const Section& section);

/// `initial`.
void read_initial(TableReader& table, TimeExperiment& time);

}  // namespace vitrispin::io
