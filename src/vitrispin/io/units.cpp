#include "vitrispin/io/units.hpp"

#include <fmt/format.h>
#include <udunits2.h>

#include <array>
#include <charconv>
#include <cmath>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/io/printable.hpp"

namespace vitrispin::io {
namespace {

struct UnitDeleter {
  void operator()(ut_unit* unit) const { ut_free(unit); }
};
using Unit = std::unique_ptr<ut_unit, UnitDeleter>;

struct ConverterDeleter {
  void operator()(cv_converter* converter) const { cv_free(converter); }
};
using Converter = std::unique_ptr<cv_converter, ConverterDeleter>;

constexpr std::size_t longest_unit = 80;
constexpr int deepest_parentheses = 8;

/// The UDUNITS-2 system with the additions of this program. UDUNITS is not thread-safe: `lock` guards every call.
class UnitSystem {
public:
  static UnitSystem& instance() {
    static UnitSystem system;
    return system;
  }

  Unit parse(const std::string& text) { return Unit(ut_parse(system_.get(), text.c_str(), UT_UTF8)); }
  std::mutex lock;

private:
  UnitSystem() {
    ut_set_error_message_handler(ut_ignore);
    system_.reset(ut_read_xml(nullptr));
    if (!system_) {
      throw ExternalError("UDUNITS-2", "ut_read_xml", static_cast<int>(ut_get_status()),
                          "the unit database cannot be read; on Debian it comes with the package libudunits2-data");
    }
    add("G", "1e-4 T");
    add("emu", "1e-3 A m2");
    add("uB", fmt::format("{} J T-1", constants::bohr_magneton));
    // The database holds rounded or older values of these.
    replace({"Oe", "oersted", "oersteds"}, fmt::format("{} A m-1", 250.0 / constants::pi));
    replace({"eV", "electronvolt", "electronvolts", "electron_volt", "electron_volts"},
            fmt::format("{} J", constants::elementary_charge));
  }

  void add(const char* symbol, const std::string& definition) {
    const Unit unit = parse(definition);
    ut_map_symbol_to_unit(symbol, UT_ASCII, unit.get());
  }

  void replace(const std::vector<const char*>& words, const std::string& definition) {
    const Unit unit = parse(definition);
    for (const char* word : words) {
      ut_unmap_name_to_unit(system_.get(), word, UT_ASCII);
      ut_unmap_symbol_to_unit(system_.get(), word, UT_ASCII);
      ut_map_name_to_unit(word, UT_ASCII, unit.get());
    }
  }

  struct Deleter {
    void operator()(ut_system* system) const { ut_free_system(system); }
  };
  std::unique_ptr<ut_system, Deleter> system_;
};

/// Number at the start of `text`, with the rest; nothing if there is none or it is beyond double precision.
struct Number {
  std::optional<double> value;
  bool out_of_range = false;
  std::string_view rest;
};

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

Number leading_number(std::string_view text) {
  std::string_view body = text;
  double sign = 1;
  if (!body.empty() && (body.front() == '+' || body.front() == '-')) {
    sign = body.front() == '-' ? -1 : 1;
    body.remove_prefix(1);
  }
  if (body.starts_with("inf") && (body.size() == 3 || body[3] == ' ')) {
    return {sign * HUGE_VAL, false, trimmed(body.substr(3))};
  }
  if (body.empty() || (body.front() != '.' && (body.front() < '0' || body.front() > '9'))) return {};
  double value = 0;
  const auto [end, code] = std::from_chars(body.data(), body.data() + body.size(), value);
  const std::string_view rest = trimmed(body.substr(static_cast<std::size_t>(end - body.data())));
  if (code == std::errc::result_out_of_range) return {std::nullopt, true, rest};
  if (code != std::errc{}) return {};
  return {sign * value, false, rest};
}

/// True if UDUNITS may see the text: products and powers of units. Its dates, logarithms and offsets mean nothing here.
bool is_product_of_units(std::string_view text) {
  if (text.size() > longest_unit) return false;
  int depth = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || byte >= 0x80;
    if (!letter && std::string_view(" _*/.^-+()%'\"").find(c) == std::string_view::npos) return false;
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (depth < 0 || depth > deepest_parentheses) return false;
  }
  for (const char* word : {"since", "SINCE", "Since", "from", "after", "ref", "lg", "ln", "lb", "re "}) {
    if (text.find(word) != std::string_view::npos) return false;
  }
  return depth == 0;
}

/// `value` times the unit's factor; powers of ten are applied exactly rounded, so that "200 nm" is 2e-7 to the last bit.
double scaled(double value, double factor) {
  static constexpr std::array<double, 23> tens{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                               1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  constexpr double rounding = 1e-14;  // of UDUNITS' chain of multiplications
  for (const double ten : tens) {
    if (std::abs(factor / ten - 1) < rounding) return value * ten;
    if (std::abs(factor * ten - 1) < rounding) return value / ten;
  }
  return value * factor;
}

std::string definition_of(ut_unit* unit) {
  std::array<char, 128> text{};
  const int length = ut_format(unit, text.data(), text.size() - 1, UT_ASCII | UT_DEFINITION);
  return length > 0 ? std::string(text.data()) : std::string("1");
}

bool counts_angle(ut_unit* unit) {
  return definition_of(unit).find("rad") != std::string::npos;
}

std::string needed(const std::string& si_unit) {
  return si_unit == "1" ? std::string("a pure number is needed") : "a unit like " + si_unit + " is needed";
}

/// The remedy when the dimension is that of a sibling quantity.
std::string hint(const std::string& si_unit, UnitSystem& system, ut_unit* unit) {
  const auto like = [&](const char* other) {
    const Unit alternative = system.parse(other);
    return alternative && ut_are_convertible(unit, alternative.get()) != 0;
  };
  if (si_unit == "A m-1" && like("T")) return "; tesla and gauss measure B = mu0 H: in [field] give B instead of H";
  if (si_unit == "T" && like("A m-1")) return "; A/m and Oe measure H: in [field] give H instead of B";
  return {};
}

std::string angle_problem(AngleRule rule, const std::string& shown, bool has_angle) {
  if (rule == AngleRule::angular && !has_angle) {
    return fmt::format(
        "\"{}\" counts cycles, but an angular frequency in rad/s is needed: 1 Hz is 2 pi rad/s, so multiply "
        "by 2 pi = 6.2832 and write rad s-1",
        shown);
  }
  if (rule == AngleRule::cyclic && has_angle) {
    return fmt::format(
        "\"{}\" counts radians, but a frequency in Hz is needed: 1 Hz is 2 pi rad/s, so divide by "
        "2 pi = 6.2832 and write Hz",
        shown);
  }
  return {};
}

Reading convert(const Number& number, const std::string& unit_text, const std::string& shown,
                const std::string& si_unit, AngleRule rule) {
  UnitSystem& system = UnitSystem::instance();
  const std::lock_guard guard(system.lock);
  const Unit unit = is_product_of_units(unit_text) ? system.parse(unit_text) : Unit();
  if (!unit) {
    return {0, fmt::format("\"{}\": UDUNITS-2 knows no unit \"{}\"; {}", shown, printable(unit_text), needed(si_unit))};
  }
  const Unit target = system.parse(si_unit);
  if (!target || ut_are_convertible(unit.get(), target.get()) == 0 ||
      (rule == AngleRule::lenient && si_unit == "1" && counts_angle(unit.get()))) {
    return {0,
            fmt::format("\"{}\" has the unit {} (in SI: {}), of the wrong dimension: {}{}", shown, printable(unit_text),
                        definition_of(unit.get()), needed(si_unit), hint(si_unit, system, unit.get()))};
  }
  if (std::string problem = angle_problem(rule, shown, counts_angle(unit.get())); !problem.empty()) return {0, problem};
  const Converter converter(ut_get_converter(unit.get(), target.get()));
  if (!converter) return {0, fmt::format("\"{}\" cannot be converted to {}", shown, si_unit)};
  const double value = scaled(*number.value, cv_convert_double(converter.get(), 1.0));
  if (std::isfinite(*number.value) && (!std::isfinite(value) || (value == 0) != (*number.value == 0))) {
    return {0, fmt::format("\"{}\" in {} is beyond double precision", shown, si_unit)};
  }
  return {value, {}};
}

}  // namespace

Reading read_quantity(std::string_view text, const std::string& si_unit, AngleRule rule) {
  const std::string shown = printable(text);
  const Number number = leading_number(trimmed(text));
  if (number.out_of_range) return {0, fmt::format("\"{}\" is beyond double precision (about 1e-308 to 1e308)", shown)};
  if (!number.value) {
    return {0, fmt::format("\"{}\" is not a number with a unit, as in {}", shown,
                           si_unit == "1" ? "0.01 (without quotes)" : "\"1.5 " + si_unit + "\"")};
  }
  if (number.rest.empty()) {
    const char* remedy =
        si_unit == "1" ? "write the number without quotes" : "add one, or write a number in SI without quotes";
    return {0, fmt::format("\"{}\" has no unit: {} ({})", shown, remedy, needed(si_unit))};
  }
  return convert(number, std::string(number.rest), shown, si_unit, rule);
}

}  // namespace vitrispin::io
