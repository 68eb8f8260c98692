#include "vitrispin/io/number_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <sstream>
#include <string_view>
#include <vector>

namespace vitrispin::io {
namespace {

constexpr std::array<const char*, 17> prefixes = {"y", "z", "a", "f", "p", "n", "µ", "m", "",
                                                  "k", "M", "G", "T", "P", "E", "Z", "Y"};
constexpr int prefix_offset = 8;  ///< of no prefix in the list

struct Factor {
  std::string symbol;
  int power = 1;
};

/// `J m-3` as (J, 1), (m, -3).
std::vector<Factor> factors_of(const std::string& unit) {
  std::vector<Factor> factors;
  std::istringstream words(unit);
  for (std::string word; words >> word;) {
    const std::size_t digits = word.find_first_of("-0123456789");
    if (digits == 0 || digits == std::string::npos) {
      factors.push_back({word, 1});
    } else {
      factors.push_back({word.substr(0, digits), std::atoi(word.c_str() + digits)});
    }
  }
  return factors;
}

std::string superscript(int power) {
  static constexpr std::array<const char*, 10> digits = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text;
  for (const char c : std::to_string(power)) text += c == '-' ? "⁻" : digits[static_cast<std::size_t>(c - '0')];
  return text;
}

std::string with_power(const Factor& factor, int power) {
  return power == 1 ? factor.symbol : factor.symbol + superscript(power);
}

std::string significant(double value, int digits) {
  return fmt::format("{:.{}g}", value, digits);
}

}  // namespace

bool takes_prefix(const std::string& unit) {
  const std::vector<Factor> factors = factors_of(unit);
  if (factors.empty() || factors.front().power != 1) return false;
  static constexpr std::array<std::string_view, 10> symbols = {"m", "s", "Hz", "A", "T", "J", "V", "K", "S", "W"};
  return std::find(symbols.begin(), symbols.end(), factors.front().symbol) != symbols.end();
}

std::string readable_unit(const std::string& unit) {
  if (unit.empty() || unit == "1") return {};
  std::string above;
  std::string below;
  int below_count = 0;
  for (const Factor& factor : factors_of(unit)) {
    std::string& side = factor.power > 0 ? above : below;
    if (!side.empty()) side += "·";
    side += with_power(factor, std::abs(factor.power));
    below_count += factor.power < 0 ? 1 : 0;
  }
  if (below_count == 0) return above;
  if (above.empty()) above.assign(1, '1');
  return below_count > 1 ? fmt::format("{}/({})", above, below) : fmt::format("{}/{}", above, below);
}

std::string engineering(double value, const std::string& unit, int digits) {
  const std::string shown = readable_unit(unit);
  const std::string space = shown.empty() ? "" : " ";
  if (std::isinf(value)) return value < 0 ? "−∞" : "∞";
  if (std::isnan(value)) return "undefined";
  if (value == 0) return "0" + space + shown;
  const double size = std::abs(value);
  if (takes_prefix(unit)) {
    // Rounded first, so that 999.96 becomes 1 k and not 1000.
    const double rounded = std::strtod(fmt::format("{:.{}e}", size, digits - 1).c_str(), nullptr);
    const int step = static_cast<int>(std::floor(std::floor(std::log10(rounded) + 1e-12) / 3));
    if (step >= -prefix_offset && step <= prefix_offset) {
      const double scaled = value / std::pow(10.0, 3 * step);
      const int index = step + prefix_offset;
      return significant(scaled, digits) + " " + prefixes[static_cast<std::size_t>(index)] + shown;
    }
  }
  if (size >= 1e-3 && size < 1e5) return significant(value, digits) + space + shown;
  const int power = static_cast<int>(std::floor(std::log10(size)));
  std::string text = fmt::format("{:.{}e}", value, digits - 1);
  const std::size_t e = text.find('e');
  std::string mantissa = text.substr(0, e);
  const int exponent = e == std::string::npos ? power : std::atoi(text.c_str() + e + 1);
  if (mantissa.find('.') != std::string::npos) {
    mantissa.erase(mantissa.find_last_not_of('0') + 1);
    if (mantissa.back() == '.') mantissa.pop_back();
  }
  return mantissa + " × 10" + superscript(exponent) + space + shown;
}

}  // namespace vitrispin::io
