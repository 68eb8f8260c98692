#pragma once

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace vitrispin::dynamics {

/// Bits of a state, written or read back by one and the same walk over it, so that the two cannot disagree: every class that has a
/// state worth keeping has `void exchange(Archive&)`.
class Archive {
public:
  Archive() = default;                                                      ///< writes
  explicit Archive(std::string_view bytes) : reads_(true), from_(bytes) {}  ///< reads

  bool reads() const { return reads_; }
  const std::string& bytes() const { return written_; }
  bool at_end() const { return from_.empty(); }

  template <class Value>
  requires std::is_arithmetic_v<Value>
  void value(Value& value) { transfer(&value, sizeof value); }

  template <class Allocator>
  void values(std::vector<double, Allocator>& values) {
    std::uint64_t size = values.size();
    value(size);
    if (reads_) {
      if (size > from_.size() / sizeof(double)) throw std::runtime_error("the checkpoint ends too early");
      values.resize(size);
    }
    transfer(values.data(), size * sizeof(double));
  }

private:
  void transfer(void* data, std::size_t size) {
    if (size == 0) return;
    if (!reads_) {
      written_.append(static_cast<const char*>(data), size);
      return;
    }
    if (size > from_.size()) throw std::runtime_error("the checkpoint ends too early");
    std::memcpy(data, from_.data(), size);
    from_.remove_prefix(size);
  }

  bool reads_ = false;
  std::string_view from_;
  std::string written_;
};

}  // namespace vitrispin::dynamics
