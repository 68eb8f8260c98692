#include "vitrispin/io/input.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <stdexcept>

#include "vitrispin/io/input_sections.hpp"
#include "vitrispin/io/toml_limits.hpp"

namespace vitrispin::io {
namespace {

[[noreturn]] void cannot_read(const std::string& path, const std::string& why) {
  throw InputError({Fault{path, 0, 0, {}, "the input file cannot be read: " + why}});
}

/// The whole file. Only regular files and pipes are read, so that a directory or a device is a fault, not a hang.
std::string contents_of(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) cannot_read(path, "there is no such file");
  if (std::filesystem::is_directory(status)) cannot_read(path, "it is a directory");
  if (error) cannot_read(path, error.message());
  if (!std::filesystem::is_regular_file(status) && !std::filesystem::is_fifo(status)) {
    cannot_read(path, "it is neither a file nor a pipe");
  }
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  errno = 0;
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rb"));
  if (!file) cannot_read(path, std::strerror(errno));
  std::string text;
  std::string block(1u << 16, '\0');
  while (text.size() <= largest_text) {
    const std::size_t count = std::fread(block.data(), 1, block.size(), file.get());
    if (count == 0) break;
    text.append(block, 0, count);
  }
  if (std::ferror(file.get()) != 0) cannot_read(path, std::strerror(errno));
  return text;
}

}  // namespace

const NamedMaterial& Input::material(const std::string& name) const {
  for (const NamedMaterial& candidate : materials) {
    if (candidate.name == name) return candidate;
  }
  throw std::out_of_range("no material " + name);
}

Input parse_input(const std::string& text, const std::string& file_name) {
  const TomlNode root = parse_toml(text, file_name);
  FaultList faults(file_name);
  const TableReader check_keys(faults, root, "", schema::root());
  Input input;
  input.file = file_name;
  if (const TomlNode* title = root.find("title")) {
    if (title->kind == TomlNode::Kind::text)
      input.title = title->text;
    else
      faults.add(title->place, "title", "title must be a string in quotes, not " + title->description());
  }
  NamesInFile names;
  read_materials(root, faults, names, input);
  read_layers(root, faults, names, input);
  read_grid(root, faults, names, input);
  read_interfaces(root, faults, names, input);
  read_boundaries(root, faults, names, input);
  read_field(root, faults, input);
  read_experiments(root, faults, names, input);
  for (const Problem& problem : broken_stack_rules(input)) faults.add(problem);
  for (const Problem& problem : broken_experiment_rules(input)) faults.add(problem);
  // What an experiment is called is known once all are read, and without effect on sweeps.
  std::vector<Problem> names_not_found;
  check_atoms_names(input, names_not_found);
  for (const Problem& problem : names_not_found) faults.add(problem);
  if (faults.empty() && input.experiments.empty())
    faults.add({"experiments", "there are no [[experiments]]: nothing to compute"});
  if (faults.empty()) check_sweeps(faults, input);
  if (faults.empty()) {
    for (std::string& warning : geometry_warnings(input)) input.warnings.push_back(std::move(warning));
  }
  if (!faults.empty()) throw InputError(faults.sorted());
  return input;
}

Input read_input(const std::string& path) {
  return parse_input(contents_of(path), path);
}

}  // namespace vitrispin::io
