#include "vitrispin/io/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace vitrispin::io {
namespace {

std::size_t value_count(const Quantity& quantity) {
  return std::visit([](const auto& array) { return array.values.size(); }, quantity.data);
}

bool finite(double value) {
  return std::isfinite(value);
}
bool finite(const std::complex<double>& value) {
  return std::isfinite(value.real()) && std::isfinite(value.imag());
}
template <class Other>
bool finite(const Other&) {
  return true;
}

}  // namespace

bool is_finite(const Quantity& quantity) {
  return std::visit(
      [](const auto& array) {
        return std::all_of(array.values.begin(), array.values.end(), [](const auto& value) { return finite(value); });
      },
      quantity.data);
}

void Record::add_dimension(Dimension dimension) {
  const bool values_fit = dimension.values.empty() || dimension.values.size() == dimension.size;
  const bool labels_fit = dimension.labels.empty() || dimension.labels.size() == dimension.size;
  if (!values_fit || !labels_fit) {
    throw std::logic_error(fmt::format("dimension {} has {} values and {} labels for {} places", dimension.name,
                                       dimension.values.size(), dimension.labels.size(), dimension.size));
  }
  const auto known = std::find_if(dimensions.begin(), dimensions.end(),
                                  [&](const Dimension& other) { return other.name == dimension.name; });
  if (known == dimensions.end()) {
    dimensions.push_back(std::move(dimension));
  } else if (known->size != dimension.size) {
    throw std::logic_error(fmt::format("dimension {} has {} places, was added before with {}", dimension.name,
                                       dimension.size, known->size));
  }
}

void Record::add(Quantity quantity) {
  std::size_t expected = 1;
  for (const std::string& dimension : quantity.dimensions) expected *= size_of(dimension);
  if (value_count(quantity) != expected) {
    throw std::logic_error(fmt::format("quantity {} has {} values, its dimensions ask for {}", quantity.name,
                                       value_count(quantity), expected));
  }
  if (find(quantity.name, quantity.group) != nullptr) {
    throw std::logic_error(fmt::format("quantity {} was added before", quantity.name));
  }
  quantities.push_back(std::move(quantity));
}

const Quantity* Record::find(const std::string& name, const std::string& group) const {
  const auto found = std::find_if(quantities.begin(), quantities.end(), [&](const Quantity& quantity) {
    return quantity.name == name && quantity.group == group;
  });
  return found == quantities.end() ? nullptr : &*found;
}

std::size_t Record::size_of(const std::string& dimension) const {
  const auto found = std::find_if(dimensions.begin(), dimensions.end(),
                                  [&](const Dimension& known) { return known.name == dimension; });
  if (found == dimensions.end()) throw std::logic_error(fmt::format("no dimension {} in the record", dimension));
  return found->size;
}

}  // namespace vitrispin::io
