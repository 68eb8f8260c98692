#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "vitrispin/io/input_sections.hpp"

namespace vitrispin::io {
namespace {

constexpr std::uintmax_t largest_file = 1u << 30;

}  // namespace

LabelFile read_label_file(const std::string& name, const std::string& input_file) {
  namespace fs = std::filesystem;
  LabelFile result;
  std::error_code error;
  const fs::path path = fs::absolute(fs::path(input_file).parent_path() / name, error).lexically_normal();
  result.path = path.string();
  const auto status = fs::status(path, error);
  if (!fs::is_regular_file(status)) {
    result.problem =
        fs::exists(status) ? "is not a file" : "cannot be read: there is no such file (" + result.path + ")";
    return result;
  }
  if (fs::file_size(path, error) > largest_file) {
    result.problem = "is larger than 1 GB";
    return result;
  }
  std::ifstream stream(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream) {
    result.problem = std::string("cannot be read: ") + std::strerror(errno);
    return result;
  }
  const char* at = text.data();
  const char* const end = at + text.size();
  while (true) {
    while (at != end && std::strchr(" \t\r\n,;", *at) != nullptr && *at != '\0') ++at;
    if (at == end) break;
    int label = 0;
    const auto [next, failure] = std::from_chars(at, end, label);
    if (failure != std::errc{}) {
      result.problem = "holds something else than whole numbers: number " + std::to_string(result.labels.size() + 1);
      return result;
    }
    result.labels.push_back(label);
    at = next;
  }
  return result;
}

}  // namespace vitrispin::io
