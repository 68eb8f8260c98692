#include "vitrispin/io/stacking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <stdexcept>

namespace vitrispin::io {
namespace {

/// The same at every point by nature: an echo of the input, as the material's name.
bool is_echo(const Quantity& quantity) {
  return quantity.dimensions.empty() && std::holds_alternative<TextArray>(quantity.data);
}

/// A warning without its numbers: what makes two warnings "the same".
std::string without_numbers(const std::string& text) {
  std::string kept;
  for (const char c : text) {
    if (std::string_view("0123456789.+-e").find(c) == std::string_view::npos) kept += c;
  }
  return kept;
}

std::string place(const std::vector<Dimension>& axes, std::size_t index) {
  std::string text;
  for (std::size_t a = axes.size(); a-- > 0;) {
    const std::size_t i = index % axes[a].size;
    index /= axes[a].size;
    const std::string unit = axes[a].unit == "1" || axes[a].unit.empty() ? "" : " " + axes[a].unit;
    text = fmt::format("{} = {:.6g}{}{}{}", axes[a].name, axes[a].values[i], unit, text.empty() ? "" : ", ", text);
  }
  return text;
}

std::vector<std::string> gather(const std::vector<Dimension>& axes,
                                const std::vector<std::vector<std::string>>& warnings) {
  struct Kind {
    std::string first;
    std::size_t index;
    std::size_t count;
  };
  std::vector<Kind> kinds;
  std::map<std::string, std::size_t> known;
  for (std::size_t index = 0; index < warnings.size(); ++index) {
    for (const std::string& warning : warnings[index]) {
      const auto [place_of, is_new] = known.emplace(without_numbers(warning), kinds.size());
      if (is_new) {
        kinds.push_back({warning, index, 1});
      } else {
        ++kinds[place_of->second].count;
      }
    }
  }
  std::vector<std::string> all;
  for (const Kind& kind : kinds) {
    std::string text = fmt::format("at {}: {}", place(axes, kind.index), kind.first);
    if (kind.count > 1) text += fmt::format(" (and at {} more of {} points)", kind.count - 1, warnings.size());
    all.push_back(std::move(text));
  }
  return all;
}

/// The texts of one extra at all points as nested JSON arrays in the axes' order.
std::string nest(const std::vector<Dimension>& axes, std::size_t level, const std::vector<std::string>& texts,
                 std::size_t& next) {
  if (level == axes.size()) return texts[next++];
  std::string list = "[";
  for (std::size_t i = 0; i < axes[level].size; ++i) {
    if (i != 0) list += ',';
    list += nest(axes, level + 1, texts, next);
  }
  return list + ']';
}

}  // namespace

Stacking::Stacking(std::vector<Dimension> axes, const Record& first) : axes_(std::move(axes)) {
  std::vector<std::string> leading;
  for (const Dimension& axis : axes_) {
    points_ *= axis.size;
    leading.push_back(axis.name);
  }
  result_.dimensions = first.dimensions;
  for (const Dimension& dimension : first.dimensions) coordinates_.emplace_back(dimension.values.size() * points_);
  result_.quantities.reserve(first.quantities.size());
  for (const Quantity& model : first.quantities) {
    Quantity quantity = model;
    if (!is_echo(model)) {
      quantity.dimensions.insert(quantity.dimensions.begin(), leading.begin(), leading.end());
      std::visit([&](auto& array) { array.values.assign(array.values.size() * points_, {}); }, quantity.data);
    }
    quantity.reason.clear();
    result_.quantities.push_back(std::move(quantity));
  }
  reasons_.resize(result_.quantities.size());
  for (const auto& [name, text] : first.extras) {
    result_.extras.emplace_back(name, "");
    extras_.emplace_back(points_, "null");
  }
  warnings_.resize(points_);
}

void Stacking::put(std::size_t index, Record&& point) {
  const auto differs = [](const std::string& what) {
    throw std::logic_error("the points of a sweep differ in shape: " + what);
  };
  if (point.dimensions.size() != result_.dimensions.size()) differs("number of dimensions");
  for (std::size_t i = 0; i < point.dimensions.size(); ++i) {
    const std::vector<double>& values = point.dimensions[i].values;
    if (point.dimensions[i].name != result_.dimensions[i].name || values.size() * points_ != coordinates_[i].size()) {
      differs("dimension " + point.dimensions[i].name);
    }
    std::copy(values.begin(), values.end(),
              coordinates_[i].begin() + static_cast<std::ptrdiff_t>(index * values.size()));
  }
  if (point.quantities.size() != result_.quantities.size()) differs("number of quantities");
  for (std::size_t i = 0; i < point.quantities.size(); ++i) {
    Quantity& from = point.quantities[i];
    Quantity& to = result_.quantities[i];
    if (from.name != to.name || from.group != to.group || from.data.index() != to.data.index()) {
      differs("quantity " + from.name);
    }
    add_reason(i, index, from);
    if (is_echo(from)) {
      if (index == 0) to.data = std::move(from.data);
      continue;
    }
    std::visit(
        [&](auto& source) {
          auto& target = std::get<std::decay_t<decltype(source)>>(to.data).values;
          const std::size_t size = source.values.size();
          if (size * points_ != target.size()) differs("quantity " + from.name);
          std::move(source.values.begin(), source.values.end(),
                    target.begin() + static_cast<std::ptrdiff_t>(index * size));
        },
        from.data);
  }
  for (auto& [name, text] : point.extras) {
    const auto known = std::find_if(result_.extras.begin(), result_.extras.end(),
                                    [&, &key = name](const auto& extra) { return extra.first == key; });
    if (known == result_.extras.end()) differs("extra " + name);
    extras_[static_cast<std::size_t>(known - result_.extras.begin())][index] = std::move(text);
  }
  warnings_[index] = std::move(point.warnings);
}

void Stacking::add_reason(std::size_t quantity, std::size_t index, const Quantity& from) {
  const bool needed = !is_finite(from);
  if (!needed && from.reason.empty()) return;
  const std::string text = from.reason.empty() ? std::string(beyond_double) : from.reason;
  const std::lock_guard<std::mutex> guard(reason_lock_);
  std::vector<Reason>& known = reasons_[quantity];
  const auto same = std::find_if(known.begin(), known.end(), [&](const Reason& reason) { return reason.text == text; });
  if (same == known.end()) {
    known.push_back({text, index, needed});
    return;
  }
  same->first = std::min(same->first, index);
  same->needed = same->needed || needed;
}

/// The reasons of the points that have a null, in the order of the points; if none has, the first point's.
std::string Stacking::reason_of(std::size_t quantity) const {
  std::vector<Reason> known = reasons_[quantity];
  std::sort(known.begin(), known.end(), [](const Reason& a, const Reason& b) { return a.first < b.first; });
  std::string all;
  for (const Reason& reason : known) {
    if (reason.needed) all += (all.empty() ? "" : "; or ") + reason.text;
  }
  return all.empty() && !known.empty() ? known.front().text : all;
}

Record Stacking::finish() {
  for (std::size_t i = 0; i < reasons_.size(); ++i) result_.quantities[i].reason = reason_of(i);
  std::vector<std::string> leading;
  for (const Dimension& axis : axes_) leading.push_back(axis.name);

  for (std::size_t i = 0; i < result_.dimensions.size(); ++i) {
    Dimension& dimension = result_.dimensions[i];
    const std::size_t size = dimension.values.size();
    bool same = true;
    for (std::size_t j = size; same && j < coordinates_[i].size(); ++j) {
      same = coordinates_[i][j] == coordinates_[i][j % size];
    }
    if (same) continue;
    const std::string renamed = dimension.name + "_point";
    for (Quantity& quantity : result_.quantities) {
      std::replace(quantity.dimensions.begin(), quantity.dimensions.end(), dimension.name, renamed);
    }
    Quantity coordinate{
        dimension.name, leading, RealArray{std::move(coordinates_[i])}, dimension.unit, dimension.long_name, {}, false,
        true,           {}};
    coordinate.dimensions.push_back(renamed);
    coordinate.in_summary = std::any_of(result_.quantities.begin(), result_.quantities.end(), [&](const Quantity& q) {
      return q.in_summary && std::find(q.dimensions.begin(), q.dimensions.end(), renamed) != q.dimensions.end();
    });
    result_.quantities.insert(result_.quantities.begin(), std::move(coordinate));
    dimension.name = renamed;
    dimension.values.clear();
  }
  for (std::size_t i = 0; i < extras_.size(); ++i) {
    std::size_t next = 0;
    result_.extras[i].second = nest(axes_, 0, extras_[i], next);
  }
  result_.warnings = gather(axes_, warnings_);
  result_.dimensions.insert(result_.dimensions.begin(), axes_.begin(), axes_.end());
  return std::move(result_);
}

Record stack(const std::vector<Dimension>& axes, std::vector<Record> points) {
  if (points.empty()) throw std::logic_error("a sweep without points");
  Stacking stacking(axes, points.front());
  for (std::size_t i = 0; i < points.size(); ++i) stacking.put(i, std::move(points[i]));
  return stacking.finish();
}

}  // namespace vitrispin::io
