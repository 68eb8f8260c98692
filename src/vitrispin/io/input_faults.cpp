#include "vitrispin/io/input_faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace vitrispin::io {

Place FaultList::place_of(std::string path) const {
  while (true) {
    if (const auto found = places_.find(path); found != places_.end()) return found->second;
    const std::size_t dot = path.rfind('.');
    if (dot == std::string::npos) return {};
    path.resize(dot);
  }
}

void FaultList::add(const Place& place, const std::string& path, const std::string& message) {
  if (full()) {
    ++untold_;
    return;
  }
  const bool told = std::any_of(faults_.begin(), faults_.end(), [&](const Fault& fault) {
    return fault.line == place.line && fault.column == place.column && fault.message == message;
  });
  if (!told) faults_.push_back({file_, place.line, place.column, path, message});
}

void FaultList::add(const Fault& fault) {
  if (full())
    ++untold_;
  else
    faults_.push_back(fault);
}

std::vector<Fault> FaultList::sorted() const {
  std::vector<Fault> faults = faults_;
  const auto place = [this](const Fault& fault) {
    return std::tuple(fault.file != file_, fault.file, fault.line, fault.column);
  };
  std::stable_sort(faults.begin(), faults.end(), [&](const Fault& a, const Fault& b) { return place(a) < place(b); });
  if (untold_ > 0) faults.push_back({file_, 0, 0, {}, fmt::format("and {} more faults", untold_)});
  return faults;
}

}  // namespace vitrispin::io
