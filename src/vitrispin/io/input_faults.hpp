#pragma once

#include <map>
#include <string>
#include <vector>

#include "vitrispin/core/errors.hpp"
#include "vitrispin/io/toml_document.hpp"

namespace vitrispin::io {

/// A broken rule of the input as a whole, by path ("boundary.left.mixing"), before it is given a place in the file.
struct Problem {
  std::string path;
  std::string message;
};

/// Gathers the faults of a file, and remembers where each path stands.
class FaultList {
public:
  explicit FaultList(std::string file) : file_(std::move(file)) {}

  void remember(const std::string& path, const Place& place) { places_.emplace(path, place); }
  /// Where `path` stands: its own place, else that of the nearest table around it.
  Place place_of(std::string path) const;

  void add(const Place& place, const std::string& path, const std::string& message);
  /// One in another file, which this one names.
  void add(const Fault& fault);
  void add(const Problem& problem) { add(place_of(problem.path), problem.path, problem.message); }

  const std::string& file() const { return file_; }
  bool empty() const { return faults_.empty(); }
  /// More faults than a reader can use: the rest is only counted.
  bool full() const { return faults_.size() >= most_faults; }
  /// All faults in the order of the file.
  std::vector<Fault> sorted() const;

  static constexpr std::size_t most_faults = 1000;

private:
  std::string file_;
  std::vector<Fault> faults_;
  std::size_t untold_ = 0;
  std::map<std::string, Place> places_;
};

}  // namespace vitrispin::io
